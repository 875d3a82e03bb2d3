package org.rgflow.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> NAMES =
      List.of("hmc", "hmc-omelyan", "metropolis", "wolff", "swendsen-wang", "langevin", "langevin-exponential", "mala");

  @ParameterizedTest
  @CsvSource({"kitten, sitting, 3", "'', abc, 3", "abc, '', 3", "same, same, 0", "flaw, lawn, 2"})
  void distanceIsLevenshteins(String a, String b, int expected) {
    assertThat(NearestName.distance(a, b)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"hcm, hmc", "HMC, hmc", "metropolys, metropolis", "wolf, wolff", "swendsenwang, swendsen-wang",
      "swendsen, swendsen-wang", "lagnevin, langevin", "mela, mala"})
  void findsTheNameThatWasMeant(String written, String expected) {
    assertThat(NearestName.of(written, NAMES)).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({"xyzzy", "gibbs", "''"})
  void suggestsNothingForSomethingElse(String written) {
    assertThat(NearestName.of(written, NAMES)).isEmpty();
  }

  @Test
  void messageNamesWhatIsKnown() {
    assertThat(NearestName.message("sampler", "hcm", List.of("hmc", "wolff")))
        .isEqualTo("unknown sampler 'hcm'; did you mean 'hmc'? (known: hmc, wolff)");
    assertThat(NearestName.message("sampler", "xyzzy", List.of("hmc", "wolff")))
        .isEqualTo("unknown sampler 'xyzzy' (known: hmc, wolff)");
  }
}
