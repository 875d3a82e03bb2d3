package org.rgflow.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A named, ordered list of measurements, each of which yields one or more checks. Running a suite
 * never throws on account of a check: a measurement that fails with an exception becomes a failed
 * check that carries its message, and the others go on.
 */
public final class Suite {
  /** One measurement; may yield several checks when they share an expensive computation. */
  @FunctionalInterface
  public interface Measurement {
    /** @throws Exception anything; it becomes a failed check */
    List<Check> run() throws Exception;
  }

  /** Told before and after each measurement. */
  public interface Progress {
    /** Nothing is reported. */
    Progress NONE = new Progress() {};

    /** @param index 0 … total−1 */
    default void started(String suite, String measurement, int index, int total) {}

    default void finished(String suite, String measurement, List<Check> checks, double seconds) {}
  }

  private record Entry(String name, Measurement measurement) {}

  private final String name;
  private final String settings;
  private final List<Entry> entries = new ArrayList<>();

  public Suite(String name) {
    this(name, "suite " + name);
  }

  /** @param settings a line for the report: effort, seed, whatever is needed to repeat the run */
  public Suite(String name, String settings) {
    this.name = Objects.requireNonNull(name, "name");
    this.settings = Objects.requireNonNull(settings, "settings");
  }

  public String name() {
    return name;
  }

  /** Appends a measurement. */
  public Suite add(String measurement, Measurement source) {
    entries.add(new Entry(Objects.requireNonNull(measurement), Objects.requireNonNull(source)));
    return this;
  }

  /** The names of the measurements, in order. */
  public List<String> measurements() {
    return entries.stream().map(Entry::name).toList();
  }

  /** Runs everything. */
  public SuiteReport run(Progress progress) {
    return run(measurements(), progress);
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
    List<Entry> chosen = entries.stream().filter(e -> names.contains(e.name)).toList();
    List<Check> all = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      Entry entry = chosen.get(i);
      progress.started(name, entry.name, i, chosen.size());
      long start = System.nanoTime();
      List<Check> checks;
      try {
        checks = List.copyOf(entry.measurement.run());
        if (checks.isEmpty()) {
          checks = List.of(Check.failure(entry.name, "the measurement yielded no check"));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        checks = List.of(Check.failure(entry.name, "interrupted"));
      } catch (Exception e) {
        checks = List.of(Check.failure(entry.name, e.getClass().getSimpleName() + ": " + e.getMessage()));
      }
      all.addAll(checks);
      progress.finished(name, entry.name, checks, (System.nanoTime() - start) * 1e-9);
      if (Thread.currentThread().isInterrupted()) {
        break;
      }
    }
    return new SuiteReport(all, List.of(settings));
  }
}
