package org.rgflow.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rgflow.device.JvmDevice;
import org.rgflow.sampler.Samplers;

class CompletenessTest {
  private static final JvmDevice DEVICE = new JvmDevice();

  @Test
  void everySamplerIsHeldAgainstExactSums() {
    List<String> measurements = Phi4Suite.of(Effort.QUICK, DEVICE).measurements();
    assertThat(Samplers.names()).allSatisfy(name -> assertThat(measurements).contains("sampler.3x3." + name));
  }

  @Test
  void measurementsHaveDifferentNames() {
    assertThat(Suites.names().stream().flatMap(n -> Suites.of(n, Effort.FULL, DEVICE).measurements().stream()))
        .hasSizeGreaterThan(60).doesNotHaveDuplicates();
  }

  @Test
  void theFullSuiteContainsTheLargeLattices() {
    assertThat(Phi4Suite.of(Effort.FULL, DEVICE).measurements())
        .contains("golden.gerdes.6", "golden.gerdes.8", "golden.gerdes.20", "golden.gerdes.64");
    assertThat(Phi4Suite.of(Effort.QUICK, DEVICE).measurements())
        .contains("golden.gerdes.6").doesNotContain("golden.gerdes.64");
  }

  /** All of the quick suites; the seeds are fixed, so this is not a matter of luck. */
  @Test
  @Tag("heavy")
  void theQuickSuitesPassAndEveryCheckHasItsOwnName() {
    SuiteReport report = SuiteReport.empty();
    for (String name : Suites.names()) {
      report = report.and(Suites.of(name, Effort.QUICK, DEVICE).runWithFigures(Suite.Progress.NONE));
    }
    assertThat(report.failed()).as(report.toTable()).isZero();
    assertThat(report.checks()).extracting(Check::id).doesNotHaveDuplicates();
    assertThat(report.checks()).allSatisfy(c -> assertThat(c.reference()).isNotBlank());
  }
}
