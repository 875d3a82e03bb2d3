package org.rgflow.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.rgflow.validation.figure.Figure;

/**
 * A named, ordered list of measurements, each of which yields one or more checks, and of figures for a report.
 * Running a suite never throws on account of a check: a measurement that fails with an exception becomes a
 * failed check that carries its message, and the others go on.
 *
 * <p>{@link #topic} groups what is added after it under a heading with claim, formulas and source. Figures are made
 * only by {@link #runWithFigures}, after all measurements, so that they can show what those have left; a check must
 * not depend on one.
 */
public final class Suite {
  /** One measurement; may yield several checks when they share an expensive computation. */
  @FunctionalInterface
  public interface Measurement {
    /** @throws Exception anything; it becomes a failed check */
    List<Check> run() throws Exception;
  }

  /** Makes figures that belong together. */
  @FunctionalInterface
  public interface FigureSource {
    /** @throws Exception anything; it becomes a failed check */
    List<? extends Figure> draw() throws Exception;
  }

  /** Told before and after each measurement, and each source of figures. */
  public interface Progress {
    /** Nothing is reported. */
    Progress NONE = new Progress() {};

    /** @param index 0 … total−1 */
    default void started(String suite, String measurement, int index, int total) {}

    default void finished(String suite, String measurement, List<Check> checks, double seconds) {}
  }

  private record Entry(String name, Measurement measurement) {}

  private record Drawing(String name, FigureSource source) {}

  /** What was added between two calls of {@link #topic}. */
  private record Group(Optional<Topic> topic, List<Entry> entries, List<Drawing> drawings) {
    static Group of(Topic topic) {
      return new Group(Optional.ofNullable(topic), new ArrayList<>(), new ArrayList<>());
    }
  }

  private final String name;
  private final String settings;
  private final List<Group> groups = new ArrayList<>(List.of(Group.of(null)));
  private String title;
  private String about = "";

  public Suite(String name) {
    this(name, "suite " + name);
  }

  /** @param settings a line for the report: effort, seed, whatever is needed to repeat the run */
  public Suite(String name, String settings) {
    this.name = Objects.requireNonNull(name, "name");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.title = name;
  }

  public String name() {
    return name;
  }

  /** The heading of a report, and a few sentences on what the suite shows; without them it is headed by its name. */
  public Suite describe(String heading, String sentences) {
    title = Objects.requireNonNull(heading);
    about = Objects.requireNonNull(sentences);
    return this;
  }

  /** Begins a group: what is added from here on belongs to this topic. */
  public Suite topic(Topic topic) {
    groups.add(Group.of(Objects.requireNonNull(topic)));
    return this;
  }

  /** Appends a measurement. */
  public Suite add(String measurement, Measurement source) {
    groups.getLast().entries.add(new Entry(Objects.requireNonNull(measurement), Objects.requireNonNull(source)));
    return this;
  }

  /** Appends figures, made only for a report and after the measurements. */
  public Suite figures(String drawing, FigureSource source) {
    groups.getLast().drawings.add(new Drawing(Objects.requireNonNull(drawing), Objects.requireNonNull(source)));
    return this;
  }

  /** The names of the measurements, in order. */
  public List<String> measurements() {
    return groups.stream().flatMap(g -> g.entries.stream()).map(Entry::name).toList();
  }

  /** The topics, in order. */
  public List<Topic> topics() {
    return groups.stream().flatMap(g -> g.topic.stream()).toList();
  }

  /** The names of the sources of figures, in order. */
  public List<String> drawings() {
    return groups.stream().flatMap(g -> g.drawings.stream()).map(Drawing::name).toList();
  }

  /** Runs all measurements. */
  public SuiteReport run(Progress progress) {
    return run(measurements(), List.of(), progress);
  }

  /** Runs all measurements, and then makes the figures. */
  public SuiteReport runWithFigures(Progress progress) {
    return run(measurements(), drawings(), progress);
  }

  /**
   * Runs the named measurements, in the suite's order.
   *
   * @throws IllegalArgumentException if a name is unknown
   */
  public SuiteReport run(List<String> names, Progress progress) {
    for (String wanted : names) {
      if (!measurements().contains(wanted)) {
        throw new IllegalArgumentException(
            "suite " + name + " has no measurement '" + wanted + "'; known: " + String.join(", ", measurements()));
      }
    }
    return run(names, List.of(), progress);
  }

  private SuiteReport run(List<String> names, List<String> drawings, Progress progress) {
    long start = System.nanoTime();
    Run run = new Run(progress, names.size() + drawings.size());
    List<List<Check>> checks = new ArrayList<>();
    List<List<Figure>> figures = new ArrayList<>();
    for (Group group : groups) {
      List<Check> made = new ArrayList<>();
      group.entries.stream().filter(e -> names.contains(e.name)).forEach(e -> made.addAll(run.measure(e)));
      checks.add(made);
    }
    for (int i = 0; i < groups.size(); i++) {
      List<Figure> drawn = new ArrayList<>();
      for (Drawing drawing : groups.get(i).drawings) {
        if (drawings.contains(drawing.name)) {
          checks.get(i).addAll(run.draw(drawing, drawn));
        }
      }
      figures.add(drawn);
    }
    List<SuiteReport.Section> sections = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      if (!checks.get(i).isEmpty() || !figures.get(i).isEmpty()) {
        sections.add(new SuiteReport.Section(groups.get(i).topic, checks.get(i), figures.get(i)));
      }
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new SuiteReport(List.of(new SuiteReport.Part(name, title, about, settings, seconds, sections)));
  }

  /** One run: counts what was done, and stops at an interrupt. */
  private final class Run {
    private final Progress progress;
    private final int total;
    private int index;

    Run(Progress progress, int total) {
      this.progress = progress;
      this.total = total;
    }

    List<Check> measure(Entry entry) {
      return timed(entry.name, () -> {
        List<Check> checks = List.copyOf(entry.measurement.run());
        return checks.isEmpty() ? List.of(Check.failure(entry.name, "the measurement yielded no check")) : checks;
      });
    }

    /** Adds the figures; the result is empty unless they could not be made. */
    List<Check> draw(Drawing drawing, List<Figure> to) {
      return timed(drawing.name, () -> {
        to.addAll(drawing.source.draw());
        return List.of();
      });
    }

    private List<Check> timed(String task, Measurement source) {
      if (Thread.currentThread().isInterrupted()) {
        return List.of();
      }
      progress.started(name, task, index++, total);
      long start = System.nanoTime();
      List<Check> checks;
      try {
        checks = source.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        checks = List.of(Check.failure(task, "interrupted"));
      } catch (Exception e) {
        checks = List.of(Check.failure(task, e.getClass().getSimpleName() + ": " + e.getMessage()));
      }
      progress.finished(name, task, checks, (System.nanoTime() - start) * 1e-9);
      return checks;
    }
  }
}
