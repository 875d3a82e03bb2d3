package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.rgflow.data.DamagedPicture;
import org.rgflow.io.Json;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How results and progress are shown. */
final class OutputOptions {
  /** So many damaged pictures are named one by one. */
  private static final int NAMED = 5;

  /** The form of what goes to the standard output. */
  enum Format {
    TEXT,
    JSON
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      converter = Converters.FormatConverter.class,
      completionCandidates = Converters.Formats.class,
      description = "Form of the results on the standard output; json is one object and nothing else.")
  private Format format;

  @Option(names = {"-q", "--quiet"}, description = "No progress on the standard error.")
  private boolean quiet;

  boolean quiet() {
    return quiet;
  }

  boolean json() {
    return format == Format.JSON;
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }

  PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** One line of a text report; nothing in JSON. */
  void line(String text) {
    if (!json()) {
      out().println(text);
      out().flush();
    }
  }

  /** One formatted line of a text report; nothing in JSON. */
  void line(String format, Object... arguments) {
    line(String.format(java.util.Locale.ROOT, format, arguments));
  }

  /** One line on the standard error about results that are not to be trusted; quiet or not. */
  void warning(String text) {
    err().println("rgflow: warning: " + text);
  }

  /** One line on the standard error about what was asked for and makes no difference. */
  void note(String text) {
    if (!quiet) {
      err().println("rgflow: note: " + text);
    }
  }

  /** Names files of the data that were passed over, the first of them at least; quiet or not. */
  void damaged(Path data, List<DamagedPicture> damaged) {
    for (DamagedPicture picture : damaged.subList(0, Math.min(NAMED, damaged.size()))) {
      warning("passed over in " + data + ": " + picture);
    }
    if (damaged.size() > NAMED) {
      warning("passed over in " + data + ": " + (damaged.size() - NAMED) + " damaged pictures more");
    }
  }

  /** The result as one JSON object; nothing in text. */
  void object(JsonObject object) {
    if (json()) {
      out().println(Json.text(object));
      out().flush();
    }
  }

  /** Progress of a task of known length. */
  Progress progress(String task, String unit, long total) {
    return Progress.start(err(), quiet, task, unit, total);
  }
}
