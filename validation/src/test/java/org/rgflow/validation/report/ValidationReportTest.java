package org.rgflow.validation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.io.Json;
import org.rgflow.validation.Check;
import org.rgflow.validation.Effort;
import org.rgflow.validation.Suite;
import org.rgflow.validation.SuiteReport;
import org.rgflow.validation.Suites;
import org.rgflow.validation.Topic;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Gallery;
import org.rgflow.validation.figure.Quantity;
import org.rgflow.validation.plot.Panels;
import org.w3c.dom.Element;

class ValidationReportTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir
  private Path folder;

  static RunInformation run(String command) {
    return new RunInformation("0.1", command, "JVM", "Java 25", START, 12.3);
  }

  static Check good(String id) {
    return Check.absolute(id, "C_t = C_0 K", "arithmetic 2202.11737", 1, 1 + 1e-14, 1e-12);
  }

  static Check bad(String id) {
    return Check.relative(id, "two is three", "arithmetic", 3, 2, 1e-3);
  }

  /** Every kind of figure, a topic, and checks of every verdict. */
  static SuiteReport everything(String text) {
    Diagram diagram = new Diagram("curves", text, Quantity.linear(text).in(text), Quantity.logarithmic("y"),
        List.of(Curve.line(text, new double[] {0, 1, 2, 3}, new double[] {1, 10, Double.NaN, 100}),
            Curve.dashes("", new double[] {0, 3}, new double[] {2, 2}),
            Curve.points("points", new double[] {1, 2}, new double[] {5, -1}, new double[] {6, 1}),
            Curve.steps("steps", new double[] {0, 1, 2}, new double[] {3, 0})), text);
    Gallery gallery = new Gallery("fields", text, List.of(
        new Gallery.Row(text, List.of(new Panels.Field(text, text, 3, new float[] {-1, 0, 1, 0.5f, Float.NaN, 2}),
            new Panels.Picture("picture", "", new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB))))), text);
    return new Suite(text, text).describe(text, text)
        .add("first", () -> List.of(good(text), bad("b"), Check.monteCarlo("c", text, text, 1, 1.1, 0.1)))
        .topic(new Topic("topic", text, text, List.of("\\frac{a}{b} \\text{<b>}"), text))
        .add("second", () -> List.of(Check.monteCarlo("d", text, text, 1, 1.02, 0.01), Check.failure("e", text)))
        .figures("figures", () -> List.of(diagram, gallery)).runWithFigures(Suite.Progress.NONE);
  }

  static Stream<String> texts() {
    return Stream.of("plain", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "]]><!--",
        "&lt;&amp;",
        "a\u0000b\u000bc\uFFFE\uD800", "</style></title></svg>", "javascript:alert(1)", "<math><mi>", "φ_t ⟨x⟩ e^(−x) "
            + "C_<b>");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void whateverIsWrittenThePageIsWellFormedAndRunsNothing(String text) throws IOException {
    SuiteReport outcome = everything(text);
    assertThat(outcome.parts().getFirst().figures()).hasSize(2);
    Page page = Page.parse(new ValidationReport(run(text), outcome).toHtml());
    page.requireSelfContained();
    assertThat(page.elements("img")).hasSize(3);
    assertThat(page.elements("figure")).hasSize(2);
    assertThat(page.texts("figcaption")).allSatisfy(t -> assertThat(t).isEqualTo(shown(text)));
    assertThat(page.texts("dd")).contains(readable(text));
    assertThat(page.texts("code")).contains(readable(text));
  }

  /** What XML cannot hold is replaced. */
  private static String readable(String text) {
    return text.replaceAll("[\\x00\\x0b\\uFFFE\\x{D800}]", "\uFFFD");
  }

  /** Scripts are elements. */
  private static String shown(String text) {
    return readable(text).replace("φ_t", "φt").replace("e^(−x)", "e−x");
  }

  @Test
  void whatDidNotPassComesFirstAndIsCounted() throws IOException {
    Page page = Page.parse(new ValidationReport(run("rgflow validate"), everything("plain")).toHtml());
    assertThat(page.texts("title").getFirst()).startsWith("✗ 3 of 5 checks did not pass");
    assertThat(page.texts("h2").getFirst()).isEqualTo("3 checks did not pass");
    List<String> signs = page.ofClass("sign").stream().map(Element::getTextContent).toList();
    assertThat(signs).containsExactly("✗ FAIL", "? inconclusive", "✗ FAIL", "✗ FAIL", "? inconclusive", "✓ pass",
        "✗ FAIL", "✓ pass");
    assertThat(page.ofClass("count").stream().map(Element::getTextContent)).contains("✗ 3 of 5", "✗ 1 of 2");
  }

  @Test
  void expectedMeasuredUncertaintyToleranceAndDeviationAreThere() throws IOException {
    SuiteReport outcome = SuiteReport.of(List.of(Check.monteCarlo("m", "s", "r", 0.5, 0.5321, 0.0123), good("g")));
    Page page = Page.parse(new ValidationReport(run("x"), outcome).toHtml());
    assertThat(page.texts("title").getFirst()).startsWith("✓ all 2 checks passed");
    assertThat(page.ofClass("failures")).isEmpty();
    assertThat(page.ofClass("number").stream().map(e -> e.getTextContent().replace('\u00A0', ' '))).containsExactly(
        "0.500", "0.532 ± 0.012", "+2.6 σ", "4 σ = 0.049", "1", "1", "1 %", "1 × 10⁻¹²");
    assertThat(page.elements("a").stream().map(e -> e.getAttribute("href")))
        .contains("https://arxiv.org/abs/2202.11737");
  }

  @Test
  void theDistributionOfDeviationsNeedsEnoughChecks() {
    List<Check> many = IntStream.range(0, 40).mapToObj(i -> Check.monteCarlo("m" + i, "s", "r", 1,
        1 + 0.01 * (i % 5 - 2), 0.01)).toList();
    assertThat(DeviationDiagram.of(many.subList(0, 10))).isEmpty();
    Diagram diagram = DeviationDiagram.of(many).orElseThrow();
    double[] density = diagram.curves().getFirst().y();
    assertThat(IntStream.range(0, density.length).mapToDouble(i -> 0.5 * density[i]).sum()).isCloseTo(1, within(1e-12));
    assertThat(diagram.caption()).contains("mean is 0 ", "mean square 2.");
  }

  @Test
  void bothFilesAreWrittenAndTheDataHaveExactlyTheseKeys() throws IOException {
    Path directory = folder.resolve("report");
    Path page = new ValidationReport(run("rgflow validate"), everything("plain")).write(directory);
    assertThat(page).isEqualTo(directory.resolve("report.html"));
    JsonObject json = Json.parseObject(Files.readString(directory.resolve("report.json")));
    assertThat(json.keySet()).containsExactly(
        "version", "command", "device", "platform", "start", "seconds", "passed", "failed", "suites");
    assertThat(json.get("start").getAsString()).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(json.get("failed").getAsInt()).isEqualTo(3);
    JsonObject suite = json.getAsJsonArray("suites").get(0).getAsJsonObject();
    assertThat(suite.keySet()).containsExactly(
        "suite", "title", "about", "settings", "seconds", "passed", "failed", "sections");
    JsonObject plain = suite.getAsJsonArray("sections").get(0).getAsJsonObject();
    JsonObject section = suite.getAsJsonArray("sections").get(1).getAsJsonObject();
    assertThat(plain.get("topic").isJsonNull()).isTrue();
    assertThat(section.keySet()).containsExactly("topic", "checks", "figures");
    assertThat(section.getAsJsonObject("topic").keySet()).containsExactly("id", "title", "claim", "formulas", "source");
    assertThat(section.getAsJsonArray("checks").get(0).getAsJsonObject().keySet()).containsExactly(
        "id", "statement", "reference", "expected", "measured", "uncertainty", "tolerance", "verdict");
    assertThat(section.getAsJsonArray("figures")).hasSize(2);
    assertThatThrownBy(() -> new ValidationReport(run(""), SuiteReport.empty()).write(folder.resolve("no/such/place")))
        .isInstanceOf(IOException.class);
  }

  /** Formulas are read only when a page is made; a mistake in one must not wait for that. */
  @Test
  void everyFormulaOfEverySuiteIsUnderstood() {
    try (JvmDevice device = new JvmDevice(1)) {
      for (String name : Suites.names()) {
        Suite suite = Suites.of(name, Effort.QUICK, device);
        assertThat(suite.topics()).as(name).isNotEmpty().extracting(Topic::id).doesNotHaveDuplicates();
        assertThat(suite.drawings()).as(name).doesNotHaveDuplicates();
        for (Topic topic : suite.topics()) {
          topic.formulas().forEach(f -> MathFormula.write(f, new Markup()));
          assertThat(topic.claim()).isNotBlank();
        }
      }
    }
  }
}
