package org.rgflow.validation.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.rgflow.validation.Check;
import org.rgflow.validation.SuiteReport;
import org.rgflow.validation.Topic;
import org.rgflow.validation.Verdict;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Figure;
import org.rgflow.validation.figure.Gallery;

/** Lays out a {@link ValidationReport}. */
final class ReportPage {
  private static final String STYLE = "report.css";
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH);

  private final RunInformation run;
  private final SuiteReport outcome;
  private final List<Check> failed;
  private final Markup page = new Markup();
  /** Where each suite and section begins. */
  private final Map<Record, String> anchors = new IdentityHashMap<>();

  ReportPage(ValidationReport report) {
    run = report.run();
    outcome = report.outcome();
    failed = outcome.checks().stream().filter(c -> !c.passed()).toList();
  }

  String text() {
    nameAnchors();
    page.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en").line().open("head").line();
    page.empty("meta", "charset", "utf-8").line();
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    page.empty("meta", "name", "color-scheme", "content", "light dark").line();
    page.element("title", verdict() + " – rgflow validation").line().style(style()).close().line();
    page.open("body").line().open("main").line();
    writeHead();
    writeFailures();
    Introduction.write(page);
    writeContents();
    DeviationDiagram.of(outcome.checks()).ifPresent(d -> {
      page.open("section", "id", page.newId("deviations")).element("h2", "All error bars at once");
      page.open("div", "class", "figures");
      writeFigure(d, "");
      page.close().close().line();
    });
    outcome.parts().forEach(this::writeSuite);
    page.close().line();
    page.open("footer").open("p").text("All numbers, those of the figures included, are in ")
        .element("code", ValidationReport.DATA).text(" beside this page.").close().close().line();
    return "<!DOCTYPE html>\n" + page.close().line().close().line();
  }

  private void nameAnchors() {
    for (SuiteReport.Part part : outcome.parts()) {
      anchors.put(part, page.newId("suite-" + part.suite()));
      for (SuiteReport.Section section : part.sections()) {
        section.topic().ifPresent(t -> anchors.put(section, page.newId(part.suite() + "." + t.id())));
      }
    }
  }

  private static String style() {
    try (InputStream in = ReportPage.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IOException("the resource " + STYLE + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String verdict() {
    int all = outcome.checks().size();
    return failed.isEmpty() ? "✓ all " + all + " checks passed" : "✗ " + failed.size() + " of " + all + " checks did "
        + "not pass";
  }

  private void writeHead() {
    page.open("header").element("h1", "rgflow validation report");
    page.element("p", verdict(), "class", failed.isEmpty() ? "verdict pass" : "verdict fail").line();
    page.open("dl", "class", "run");
    entry("Command", run.command());
    entry("Version", run.version());
    entry("Device", run.device());
    entry("Platform", run.platform());
    entry("Date", DATE.format(run.start().atOffset(ZoneOffset.UTC)));
    entry("Duration", String.format(Locale.ROOT, "%.0f s", run.seconds()));
    for (SuiteReport.Part part : outcome.parts()) {
      if (!part.settings().isEmpty()) {
        entry("Settings", part.settings());
      }
    }
    page.close().close().line();
  }

  private void entry(String term, String description) {
    page.open("div").element("dt", term).element("dd", description).close();
  }

  private void writeFailures() {
    if (failed.isEmpty()) {
      return;
    }
    page.open("section", "class", "failures").element("h2", failed.size() == 1 ? "One check did not pass"
        : failed.size() + " checks did not pass").line();
    writeChecks(failed);
    page.close().line();
  }

  private void writeContents() {
    page.open("nav", "aria-label", "Contents").element("h2", "Contents").line().open("ol");
    for (SuiteReport.Part part : outcome.parts()) {
      page.open("li").element("a", part.title(), "href", "#" + anchors.get(part)).text(" ");
      page.element("span", count(part.checks()), "class", "count");
      List<SuiteReport.Section> titled = part.sections().stream().filter(s -> s.topic().isPresent()).toList();
      if (!titled.isEmpty()) {
        page.open("ul");
        for (SuiteReport.Section section : titled) {
          page.open("li").element("a", section.topic().orElseThrow().title(), "href",
              "#" + anchors.get(section)).text(" ");
          page.element("span", count(section.checks()), "class", "count").close();
        }
        page.close();
      }
      page.close().line();
    }
    page.close().close().line();
  }

  /** {@code ✓ 12} or {@code ✗ 1 of 12}. */
  private static String count(List<Check> checks) {
    long bad = checks.stream().filter(c -> !c.passed()).count();
    return checks.isEmpty() ? "" : bad == 0 ? "✓ " + checks.size() : "✗ " + bad + " of " + checks.size();
  }

  private void writeSuite(SuiteReport.Part part) {
    page.open("section", "class", "suite", "id", anchors.get(part)).line();
    page.open("h2").text(part.title() + " ").element("span", count(part.checks()), "class", "count").close().line();
    if (!part.about().isEmpty()) {
      page.open("p");
      Prose.write(part.about(), page);
      page.close().line();
    }
    page.element("p", String.format(Locale.ROOT, "Suite %s, %.0f s", part.suite(), part.seconds()), "class",
        "settings").line();
    for (SuiteReport.Section section : part.sections()) {
      section.topic().ifPresentOrElse(t -> page.open("section", "id", anchors.get(section)),
          () -> page.open("section"));
      page.line();
      section.topic().ifPresent(this::writeTopic);
      if (!section.figures().isEmpty()) {
        page.open("div", "class", "figures").line();
        section.figures().forEach(f -> writeFigure(f, part.suite()));
        page.close().line();
      }
      writeChecks(section.checks());
      page.close().line();
    }
    page.close().line();
  }

  private void writeTopic(Topic topic) {
    page.element("h3", topic.title()).line().open("p");
    Prose.write(topic.claim(), page);
    page.close().line();
    for (String formula : topic.formulas()) {
      MathFormula.write(formula, page);
    }
    if (!topic.source().isEmpty()) {
      page.open("p", "class", "source").text("Source: ");
      Prose.writeSource(topic.source(), page);
      page.close().line();
    }
  }

  private void writeFigure(Figure figure, String suite) {
    page.open("figure", "id", page.newId("figure." + suite + "." + figure.id()), "class",
        figure instanceof Gallery ? "gallery" : "diagram").line();
    page.open("h4");
    Prose.write(figure.title(), page);
    page.close().line();
    switch (figure) {
      case Diagram diagram -> DiagramDrawing.write(diagram, page);
      case Gallery gallery -> GalleryDrawing.write(gallery, page);
    }
    page.open("figcaption");
    Prose.write(figure.caption(), page);
    page.close().close().line();
  }

  /** A table of checks, those that did not pass first, with equal references under one heading. */
  private void writeChecks(List<Check> checks) {
    if (checks.isEmpty()) {
      return;
    }
    page.open("table", "class", "checks").line().open("thead").open("tr");
    for (String heading : List.of("Verdict", "Claim", "Expected", "Measured", "Deviation", "Tolerance")) {
      page.element("th", heading, "scope", "col");
    }
    page.close().close().line();
    for (boolean passed : new boolean[] {false, true}) {
      Map<String, List<Check>> byReference = checks.stream().filter(c -> c.passed() == passed)
          .collect(Collectors.groupingBy(Check::reference, LinkedHashMap::new, Collectors.toList()));
      byReference.forEach((reference, group) -> {
        page.open("tbody").line();
        if (!reference.isEmpty()) {
          page.open("tr", "class", "reference").open("th", "colspan", "6", "scope", "rowgroup");
          Prose.writeSource(reference, page);
          page.close().close().line();
        }
        group.forEach(this::writeCheck);
        page.close().line();
      });
    }
    page.close().line();
  }

  private void writeCheck(Check check) {
    page.open("tr", "class", check.verdict().name().toLowerCase(Locale.ROOT));
    page.open("td", "class", "sign").text(sign(check.verdict())).close();
    page.open("td").element("code", check.id(), "class", "id").open("span", "class", "statement");
    Prose.write(check.statement(), page);
    page.close().close();
    number("Expected", Numbers.value(check.expected(), check.uncertainty()));
    number("Measured", measured(check));
    page.open("td", "class", "number", "data-label", "Deviation");
    Deviation.of(check).ifPresent(d -> {
      page.element("span", d.text());
      page.open("span", "class", "scale", "aria-hidden", "true")
          .empty("span", "style", String.format(Locale.ROOT, "width:%.0f%%", 100 * Math.min(1, d.share()))).close();
    });
    page.close();
    number("Tolerance", check.uncertainty() > 0 ? Numbers.digits(check.tolerance() / check.uncertainty(),
        2) + "\u00A0σ = "
        + Numbers.rough(check.tolerance()) : Numbers.rough(check.tolerance()));
    page.close().line();
  }

  private static String measured(Check check) {
    if (check.uncertainty() > 0) {
      return Numbers.value(check.measured(), check.uncertainty()) + " ± " + Numbers.rough(check.uncertainty());
    }
    return check.expected() == 0 ? Numbers.rough(check.measured())
        : Numbers.tolerated(check.measured(), check.tolerance());
  }

  private void number(String label, String value) {
    page.element("td", value, "class", "number", "data-label", label);
  }

  private static String sign(Verdict verdict) {
    return switch (verdict) {
      case PASS -> "✓ pass";
      case FAIL -> "✗ FAIL";
      case INCONCLUSIVE -> "? inconclusive";
    };
  }
}
