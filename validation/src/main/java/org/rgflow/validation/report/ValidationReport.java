package org.rgflow.validation.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.rgflow.io.AtomicFile;
import org.rgflow.io.Json;
import org.rgflow.validation.Check;
import org.rgflow.validation.SuiteReport;
import org.rgflow.validation.Topic;

/**
 * The outcome of suites as two files: one page for people, which needs nothing beside itself, and the same data for
 * scripts.
 *
 * @param run how it came about
 * @param outcome claims, checks and figures
 */
public record ValidationReport(RunInformation run, SuiteReport outcome) {
  /** The page. */
  public static final String PAGE = "report.html";
  /** The data. */
  public static final String DATA = "report.json";

  public ValidationReport {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(outcome, "outcome");
  }

  /**
   * Writes {@value #PAGE} and {@value #DATA} into a directory, which is created if only its last level is missing;
   * earlier ones are replaced.
   *
   * @return the page
   * @throws IOException if one of them cannot be written
   */
  public Path write(Path directory) throws IOException {
    Json.write(directory.resolve(DATA), toJson());
    Path page = directory.resolve(PAGE);
    AtomicFile.writeText(page, toHtml());
    return page;
  }

  /** One page of HTML that is XML as well, with style, formulas (MathML), diagrams (SVG) and pictures inside. */
  public String toHtml() {
    return new ReportPage(this).text();
  }

  /**
   * {@code {"version","command","device","platform","start","seconds","passed","failed","suites":[{"suite","title",
   * "about","settings","seconds","passed","failed","sections":[{"topic","checks","figures"}]}]}}; {@code topic} is null
   * or {@code {"id","title","claim","formulas","source"}} with the formulas in TeX. The keys are a contract with
   * scripts.
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("version", run.version());
    json.addProperty("command", run.command());
    json.addProperty("device", run.device());
    json.addProperty("platform", run.platform());
    json.addProperty("start", run.start().toString());
    json.add("seconds", Json.number(run.seconds()));
    json.addProperty("passed", outcome.passed());
    json.addProperty("failed", outcome.failed());
    JsonArray suites = new JsonArray();
    outcome.parts().forEach(p -> suites.add(suite(p)));
    json.add("suites", suites);
    return json;
  }

  private static JsonObject suite(SuiteReport.Part part) {
    JsonObject json = new JsonObject();
    json.addProperty("suite", part.suite());
    json.addProperty("title", part.title());
    json.addProperty("about", part.about());
    json.addProperty("settings", part.settings());
    json.add("seconds", Json.number(part.seconds()));
    List<Check> checks = part.checks();
    long passed = checks.stream().filter(Check::passed).count();
    json.addProperty("passed", passed);
    json.addProperty("failed", checks.size() - passed);
    JsonArray sections = new JsonArray();
    part.sections().forEach(s -> sections.add(section(s)));
    json.add("sections", sections);
    return json;
  }

  private static JsonObject section(SuiteReport.Section section) {
    JsonObject json = new JsonObject();
    json.add("topic", section.topic().map(ValidationReport::topic).orElse(JsonNull.INSTANCE));
    JsonArray checks = new JsonArray();
    section.checks().forEach(c -> checks.add(c.toJson()));
    json.add("checks", checks);
    JsonArray figures = new JsonArray();
    section.figures().forEach(f -> figures.add(f.toJson()));
    json.add("figures", figures);
    return json;
  }

  private static JsonElement topic(Topic topic) {
    JsonObject json = new JsonObject();
    json.addProperty("id", topic.id());
    json.addProperty("title", topic.title());
    json.addProperty("claim", topic.claim());
    JsonArray formulas = new JsonArray();
    topic.formulas().forEach(formulas::add);
    json.add("formulas", formulas);
    json.addProperty("source", topic.source());
    return json;
  }
}
