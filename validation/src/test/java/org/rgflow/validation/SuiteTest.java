package org.rgflow.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Gallery;
import org.rgflow.validation.figure.Quantity;
import org.rgflow.validation.plot.Panels;

class SuiteTest {
  private static Check good(String id) {
    return Check.absolute(id, "one is one", "arithmetic", 1, 1 + 1e-14, 1e-12);
  }

  @Test
  void anExceptionBecomesAFailedCheckAndTheOthersGoOn() {
    Suite suite = new Suite("s").add("first", () -> List.of(good("a")))
        .add("broken", () -> {
          throw new IllegalStateException("no such thing");
        })
        .add("last", () -> List.of(good("b")));
    SuiteReport report = suite.run(Suite.Progress.NONE);
    assertThat(report.checks()).extracting(Check::id).containsExactly("a", "broken", "b");
    assertThat(report.checks().get(1).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(report.checks().get(1).statement()).contains("no such thing");
    assertThat(report.passed()).isEqualTo(2);
    assertThat(report.failed()).isEqualTo(1);
  }

  @Test
  void aMeasurementWithoutChecksFails() {
    assertThat(new Suite("s").add("empty", List::of).run(Suite.Progress.NONE).failed()).isEqualTo(1);
  }

  @Test
  void progressIsReported() {
    List<String> told = new ArrayList<>();
    new Suite("s").add("one", () -> List.of(good("a"))).add("two", () -> List.of(good("b"))).run(new Suite.Progress() {
      @Override
      public void started(String suite, String measurement, int index, int total) {
        told.add(measurement + " " + index + "/" + total);
      }

      @Override
      public void finished(String suite, String measurement, List<Check> checks, double seconds) {
        told.add(measurement + " " + checks.size());
      }
    });
    assertThat(told).containsExactly("one 0/2", "one 1", "two 1/2", "two 1");
  }

  private static final Diagram DIAGRAM = new Diagram("d", "A line", Quantity.linear("x"),
      Quantity.logarithmic("y").in("1/a"),
      List.of(Curve.line("", new double[] {0, 1}, new double[] {1, Double.NaN})), "It falls.");

  @Test
  void figuresAreMadeOnRequestAfterTheMeasurementsAndBelongToTheirTopic() {
    List<String> order = new ArrayList<>();
    Topic topic = new Topic("t", "Title", "claim", List.of("x^2"), "source");
    Suite suite = new Suite("s").add("one", () -> List.of(good("a"))).topic(topic)
        .figures("drawing", () -> {
          order.add("figure");
          return List.of(DIAGRAM);
        })
        .add("two", () -> {
          order.add("measurement");
          return List.of(good("b"));
        });
    SuiteReport plain = suite.run(Suite.Progress.NONE);
    assertThat(order).containsExactly("measurement");
    assertThat(plain.parts().getFirst().figures()).isEmpty();
    SuiteReport report = suite.runWithFigures(Suite.Progress.NONE);
    assertThat(order).containsExactly("measurement", "measurement", "figure");
    assertThat(report.parts().getFirst().sections()).containsExactly(
        new SuiteReport.Section(Optional.empty(), List.of(good("a")), List.of()),
        new SuiteReport.Section(Optional.of(topic), List.of(good("b")), List.of(DIAGRAM)));
    assertThat(report.failed()).isZero();
  }

  @Test
  void aFigureThatCannotBeMadeIsAFailedCheck() {
    SuiteReport report = new Suite("s").add("one", () -> List.of(good("a"))).figures("drawing", () -> {
      throw new IllegalStateException("no ink");
    }).runWithFigures(Suite.Progress.NONE);
    assertThat(report.failed()).isEqualTo(1);
    assertThat(report.checks().getLast().statement()).contains("no ink");
  }

  @Test
  void figuresHaveExactlyTheseKeys() {
    JsonObject json = DIAGRAM.toJson();
    assertThat(json.keySet()).containsExactly("id", "kind", "title", "caption", "x", "y", "curves");
    assertThat(json.getAsJsonObject("y").keySet()).containsExactly("label", "unit", "scale", "low", "high");
    JsonObject curve = json.getAsJsonArray("curves").get(0).getAsJsonObject();
    assertThat(curve.keySet()).containsExactly("label", "mark", "x", "y", "error");
    assertThat(curve.getAsJsonArray("y").get(1).isJsonNull()).isTrue();
    JsonObject gallery = new Gallery("g", "Fields", List.of(new Gallery.Row("exact",
        List.of(new Panels.Field("Λ = 1", "", 2, new float[] {0.1f, 2, 3, 4})))), "").toJson();
    assertThat(gallery.keySet()).containsExactly("id", "kind", "title", "caption", "rows");
    JsonObject tile = gallery.getAsJsonArray("rows").get(0).getAsJsonObject()
        .getAsJsonArray("tiles").get(0).getAsJsonObject();
    assertThat(tile.keySet()).containsExactly("label", "detail", "width", "height", "values");
    assertThat(tile.getAsJsonArray("values").get(0).getAsDouble()).isEqualTo(0.1);
  }

  @Test
  void figuresThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> Curve.points("p", new double[2], new double[2], new double[1]))
        .hasMessageContaining("'p'");
    assertThatThrownBy(() -> Curve.steps("s", new double[2], new double[2])).hasMessageContaining("'s'");
    assertThatThrownBy(() -> Quantity.logarithmic("Λ").between(0, 1)).hasMessageContaining("Λ");
    assertThatThrownBy(() -> new Diagram("No Id", "", Quantity.linear(""), Quantity.linear(""), DIAGRAM.curves(), ""))
        .hasMessageContaining("'No Id'");
    assertThatThrownBy(() -> new Gallery.Row("empty", List.of())).hasMessageContaining("'empty'");
  }

  @Test
  void unknownMeasurementsAreNamed() {
    Suite suite = new Suite("s").add("one", () -> List.of(good("a")));
    assertThatThrownBy(() -> suite.run(List.of("onne"), Suite.Progress.NONE)).hasMessageContaining("'onne'");
  }

  @Test
  void jsonHasExactlyTheseKeys() {
    JsonObject json = SuiteReport.of(List.of(good("a"), Check.failure("b", "broken"))).toJson();
    assertThat(json.keySet()).containsExactly("checks", "passed", "failed");
    JsonObject first = json.getAsJsonArray("checks").get(0).getAsJsonObject();
    assertThat(first.keySet()).containsExactly(
        "id", "statement", "reference", "expected", "measured", "uncertainty", "tolerance", "verdict");
    assertThat(first.get("verdict").getAsString()).isEqualTo("PASS");
    assertThat(first.get("measured").getAsDouble()).isEqualTo(1 + 1e-14);
    assertThat(json.getAsJsonArray("checks").get(1).getAsJsonObject().get("measured").isJsonNull()).isTrue();
    assertThat(json.get("passed").getAsInt()).isEqualTo(1);
    assertThat(json.get("failed").getAsInt()).isEqualTo(1);
  }

  @Test
  void tableExplainsWhatFailed() {
    String table = SuiteReport.of(List.of(good("a"), Check.relative("b", "two is three", "arithmetic", 3, 2,
        1e-3))).toTable();
    assertThat(table).contains("PASS", "FAIL b: two is three", "1 passed, 1 failed");
  }

  @Test
  void monteCarloVerdicts() {
    assertThat(Check.monteCarlo("a", "s", "r", 1, 1.1, 0.03).verdict()).isEqualTo(Verdict.PASS);
    assertThat(Check.monteCarlo("a", "s", "r", 1, 1.13, 0.03).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(Check.monteCarlo("a", "s", "r", 1, 1.1, 0.1).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(Check.monteCarlo("a", "s", "r", 1, Double.NaN, 0.03).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(Check.monteCarlo("a", "s", "r", 1, 1, Double.NaN).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(Check.monteCarlo("a", "s", "r", 1, 1, 0).verdict()).isEqualTo(Verdict.FAIL);
    assertThat(SuiteReport.of(List.of(Check.monteCarlo("a", "s", "r", 1, 1.1, 0.1))).failed()).isEqualTo(1);
  }

  @Test
  void closedFormVerdictsRejectNaN() {
    assertThat(Check.absolute("a", "s", "r", 0, Double.NaN, 1e-12).passed()).isFalse();
    assertThat(Check.relative("a", "s", "r", -2, -2 * (1 + 1e-13), 1e-12).passed()).isTrue();
    assertThat(Check.relative("a", "s", "r", -2, 2, 1e-12).passed()).isFalse();
  }

  @Test
  void tableShowsSettingsAndAsManyDecimalsAsTheErrorBarAllows() {
    Suite suite = new Suite("s", "suite s: quick, seed 7")
        .add("a", () -> List.of(Check.monteCarlo("a", "s", "r", 0.123456, 0.1239, 0.00123)));
    assertThat(suite.run(Suite.Progress.NONE).toTable()).startsWith("suite s: quick, seed 7")
        .containsPattern("a +0\\.1235 +0\\.1239 +1\\.2e-03 +4\\.9e-03  PASS");
  }
}
