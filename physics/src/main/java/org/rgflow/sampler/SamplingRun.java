package org.rgflow.sampler;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rgflow.device.Device;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Measurement;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.TimeSeries;

/**
 * Thermalises a {@link Sampler}, measures, saves configurations and checkpoints, and continues a saved
 * run bit for bit.
 *
 * <p><b>Thermalisation.</b> First the sampler tunes itself. Then, unless a number of updates is given,
 * the chain runs in doubling blocks until the second half of all updates since the tuning (i) is at
 * least {@value #AUTOCORRELATIONS} integrated autocorrelation times of φ² and |m| long, all replicas
 * taken together for the estimate and each of them that long, and (ii) has the same mean of both
 * within four standard errors in its two halves. These updates are discarded. It gives up, see {@link #settled}, after
 * {@value #LONGER_THAN_RUN} times as many updates as the run has itself and at least {@value
 * #LONG_THERMALISATION}: a chain that moves more slowly than that shows nothing in its run either. A chain of
 * which no field changes in {@value #FROZEN_UPDATES} updates ends the run.
 *
 * <p><b>Checkpoints.</b> The ensemble is handed to the saver at most every {@link
 * #CHECKPOINT_SECONDS} seconds and never so often that saving takes more than a tenth of the time,
 * and once at the end. A run that ended early, by {@link RunMonitor} or a kill, continues from the last
 * checkpoint with {@link #resume} and gives exactly the ensemble of a run that was never stopped.
 */
public final class SamplingRun {
  /** Seconds between checkpoints. */
  public static final double CHECKPOINT_SECONDS = 20;

  static final int AUTOCORRELATIONS = 20;
  private static final int TUNING_ROUNDS = 40;
  private static final int UPDATES_PER_ROUND = 5;
  private static final int FIRST_BLOCK = 100;
  private static final int UPDATES_PER_CHECK = 20;
  private static final int STUCK_CHECKS = 10;
  private static final double HOPELESS_ACCEPTANCE = 1e-4;
  private static final int FROZEN_UPDATES = 200;
  private static final long LONGEST_THERMALISATION = 1 << 20;
  private static final long LONG_THERMALISATION = 10_000;
  private static final long LONGER_THAN_RUN = 8;

  /** Who chooses the sampler's step size or proposal width. */
  public enum StepSize {
    /** The sampler, during thermalisation. */
    TUNED,
    /** The user: it stays as it was when the sampler was made. */
    FIXED
  }

  /**
   * What to measure.
   *
   * @param measurements measurements of every replica
   * @param updatesPerMeasurement updates between two measurements, at least 1
   * @param saveEvery every how many-th measurement is saved as a configuration; 0 saves none
   * @param thermalisation updates to discard, or empty for the automatic rule
   * @param stepSize whether the sampler may tune itself during thermalisation
   */
  public record Settings(
      long measurements, int updatesPerMeasurement, int saveEvery, OptionalLong thermalisation, StepSize stepSize) {
    /** @throws IllegalArgumentException naming the impossible setting */
    public Settings {
      if (measurements < 1) {
        throw new IllegalArgumentException("the number of measurements must be at least 1, not " + measurements);
      }
      if (updatesPerMeasurement < 1) {
        throw new IllegalArgumentException(
            "the number of updates per measurement must be at least 1, not " + updatesPerMeasurement);
      }
      if (saveEvery < 0) {
        throw new IllegalArgumentException("every how many measurements a configuration is saved must be >= 0, not "
            + saveEvery);
      }
      if (thermalisation.isPresent() && thermalisation.getAsLong() < 0) {
        throw new IllegalArgumentException(
            "the number of thermalisation updates must be >= 0, not " + thermalisation.getAsLong());
      }
    }

    public static Settings of(long measurements) {
      return new Settings(measurements, 1, 1, OptionalLong.empty(), StepSize.TUNED);
    }
  }

  /** Keeps an unfinished or finished ensemble somewhere safe. */
  @FunctionalInterface
  public interface Saver {
    /** Saves nothing. */
    Saver NONE = ensemble -> {};

    void save(Ensemble ensemble) throws IOException;
  }

  private final Sampler sampler;
  private final Device device;
  private final Settings settings;
  private final RunMonitor monitor;
  private final Saver saver;
  private boolean settled = true;
  private boolean stopped;
  private int updatesSinceCheck;
  private int stuckChecks;
  private double[] correlators = new double[0];
  private int correlatorValues;
  private int correlatorExtent;

  public SamplingRun(Sampler sampler, Device device, Settings settings, RunMonitor monitor, Saver saver) {
    this.sampler = Objects.requireNonNull(sampler, "sampler");
    this.device = Objects.requireNonNull(device, "device");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.monitor = Objects.requireNonNull(monitor, "monitor");
    this.saver = Objects.requireNonNull(saver, "saver");
  }

  /**
   * Thermalises and measures.
   *
   * @return the ensemble, shorter than asked for if the monitor ended the run
   * @throws IOException if the saver fails
   * @throws SamplerInstabilityException if the sampler's step size is unstable
   */
  public Ensemble run() throws IOException {
    FieldLayout layout = sampler.layout();
    requireMemory(layout);
    Ensemble ensemble = new Ensemble(sampler.action(), layout);
    ensemble.setSampler(sampler.name());
    ensemble.setSaveEvery(Math.max(1, settings.saveEvery()));
    try (Measurement measurement = new Measurement(layout, sampler.field(), device)) {
      long discarded = tuneUp();
      if (!stopped) {
        discarded += settle(measurement);
      }
      ensemble.setThermalisation(discarded);
      sampler.resetAcceptance();
      return measure(ensemble, measurement);
    }
  }

  /**
   * Continues a saved run up to the number of measurements of the settings.
   *
   * @throws IllegalArgumentException if the ensemble was sampled with another action, lattice, number of
   *     replicas, sampler or seed, or holds no state
   * @throws IOException if the saver fails
   */
  public Ensemble resume(Ensemble ensemble) throws IOException {
    requireSame("action", ensemble.action(), sampler.action());
    requireSame("lattice", ensemble.lattice(), sampler.layout().lattice());
    requireSame("number of replicas", ensemble.replicas(), sampler.layout().replicas());
    requireSame("sampler", ensemble.sampler(), sampler.name());
    requireSame("seed", ensemble.seed(), sampler.stream().seed());
    if (!ensemble.hasState()) {
      throw new IllegalArgumentException("the ensemble to resume holds no state of its chains (it was flowed or"
          + " edited)");
    }
    requireMemory(sampler.layout());
    ensemble.restoreState(sampler.field(), sampler.layout());
    sampler.stream().seek(ensemble.step());
    sampler.restoreTuning(ensemble.tuning());
    sampler.resetAcceptance();
    try (Measurement measurement = new Measurement(sampler.layout(), sampler.field(), device)) {
      return measure(ensemble, measurement);
    }
  }

  private static void requireSame(String what, Object saved, Object asked) {
    if (!saved.equals(asked)) {
      throw new IllegalArgumentException(
          "cannot resume: the saved run has the " + what + " " + saved + ", this one asks for " + asked);
    }
  }

  private void requireMemory(FieldLayout layout) {
    long snapshots = settings.saveEvery() == 0 ? 0 : settings.measurements() / settings.saveEvery();
    Ensemble.requireMemory(layout, snapshots, settings.measurements(), 6);
  }

  /** Whether the automatic thermalisation saw both means settle; false if it gave up. */
  public boolean settled() {
    return settled;
  }

  /** Whether the monitor ended the run early. */
  public boolean stopped() {
    return stopped;
  }

  /**
   * Time-slice correlators measured by this run, {@code [measurement][replica][separation]}; see {@link Measurement}.
   */
  public double[] correlators() {
    return Arrays.copyOf(correlators, correlatorValues);
  }

  /** Extent T of the correlators. */
  public int correlatorExtent() {
    return correlatorExtent;
  }

  private boolean goOn(String stage, long done, long total) {
    if (!monitor.progress(stage, done, total)) {
      stopped = true;
    }
    return !stopped;
  }

  private void measure(Measurement measurement) {
    sampler.field();
    measurement.measure();
  }

  private void update() {
    sampler.update();
    updatesSinceCheck++;
    if (updatesSinceCheck == UPDATES_PER_CHECK) {
      // Acceptance is NaN for samplers that never reject.
      boolean stuck = sampler.acceptance() < HOPELESS_ACCEPTANCE;
      stuckChecks = stuck ? stuckChecks + 1 : 0;
      updatesSinceCheck = 0;
      if (stuckChecks == STUCK_CHECKS) {
        throw new SamplerInstabilityException(String.format(Locale.ROOT,
            "%s accepted next to none of its last %d proposals: the step size is unstable or far too large (%s); use"
                + " a smaller one (if it was tuned: a smaller mass or coupling)",
            sampler.name(), (long) UPDATES_PER_CHECK * STUCK_CHECKS * sampler.layout().replicas(), tuning()));
      }
    }
  }

  private long tuneUp() {
    boolean given = settings.thermalisation().isPresent();
    long budget = given ? settings.thermalisation().getAsLong() : (long) TUNING_ROUNDS * UPDATES_PER_ROUND;
    // A given number of updates is split: at most half of it tunes, the rest only thermalises.
    long rounds = given ? Math.min(TUNING_ROUNDS, budget / (2 * UPDATES_PER_ROUND)) : TUNING_ROUNDS;
    long done = 0;
    for (long round = 0; round < rounds && goOn("tuning", done, rounds * UPDATES_PER_ROUND); round++) {
      for (int i = 0; i < UPDATES_PER_ROUND; i++) {
        update();
        done++;
      }
      if (settings.stepSize() == StepSize.TUNED) {
        sampler.tune();
      }
    }
    return done;
  }

  private long settle(Measurement measurement) {
    if (settings.thermalisation().isPresent()) {
      long rounds = settings.thermalisation().getAsLong() / (2 * UPDATES_PER_ROUND);
      long used = Math.min(TUNING_ROUNDS, rounds) * UPDATES_PER_ROUND;
      long rest = settings.thermalisation().getAsLong() - used;
      long done = 0;
      while (done < rest && goOn("thermalising", done, rest)) {
        update();
        done++;
      }
      return done;
    }
    int replicas = sampler.layout().replicas();
    List<double[]> phi2 = new ArrayList<>();
    List<double[]> absM = new ArrayList<>();
    long target = FIRST_BLOCK;
    long longest = longestThermalisation();
    while (true) {
      while (phi2.size() < target) {
        if (!goOn("thermalising", phi2.size(), target)) {
          return phi2.size();
        }
        update();
        measure(measurement);
        phi2.add(measurement.values().get("phi2").clone());
        absM.add(Arrays.stream(measurement.values().get("m")).map(Math::abs).toArray());
      }
      if (isFrozen(phi2, replicas)) {
        requireMoving(phi2.size() - phi2.size() / 2);
      } else if (hasSettled(phi2, replicas) && hasSettled(absM, replicas)) {
        return target;
      }
      if (target >= longest) {
        settled = false;
        return target;
      }
      target = Math.min(longest, 2 * target);
    }
  }

  private long longestThermalisation() {
    double run = (double) settings.measurements() * settings.updatesPerMeasurement();
    return Math.clamp((long) (LONGER_THAN_RUN * run), LONG_THERMALISATION, LONGEST_THERMALISATION);
  }

  /**
   * Whether no replica changed at all in the second half of a series: nothing is accepted, or every step rounds to
   * zero.
   */
  private static boolean isFrozen(List<double[]> series, int replicas) {
    double[] reference = series.getLast();
    for (double[] values : series.subList(series.size() / 2, series.size())) {
      if (!Arrays.equals(values, 0, replicas, reference, 0, replicas)) {
        return false;
      }
    }
    return true;
  }

  private void requireMoving(long updates) {
    if (updates >= FROZEN_UPDATES) {
      throw new SamplerInstabilityException(String.format(Locale.ROOT,
          "%s did not change any field in its last %d updates (%s): its step size is far too small or too large",
          sampler.name(), updates, tuning()));
    }
  }

  private static boolean isCount(double value) {
    return value == Math.rint(value) && value < 1e6;
  }

  /** For messages: {@code stepSize 0.1399, steps 7}. */
  private String tuning() {
    return new TreeMap<>(sampler.tuning()).entrySet().stream()
        .map(e -> String.format(Locale.ROOT, isCount(e.getValue()) ? "%s %.0f" : "%s %.4g", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** The rule of the class comment on the second half of a series. */
  private static boolean hasSettled(List<double[]> series, int replicas) {
    int from = series.size() / 2;
    int quarter = (series.size() - from) / 2;
    Estimate whole = estimate(series, from, series.size(), replicas);
    Estimate first = estimate(series, from, from + quarter, replicas);
    Estimate second = estimate(series, from + quarter, series.size(), replicas);
    double difference = Math.abs(first.mean() - second.mean());
    return series.size() - from >= AUTOCORRELATIONS * whole.tauInt()
        && difference <= 4 * Math.hypot(first.error(), second.error());
  }

  private static Estimate estimate(List<double[]> series, int from, int to, int replicas) {
    double[] values = new double[(to - from) * replicas];
    for (int t = from; t < to; t++) {
      System.arraycopy(series.get(t), 0, values, (t - from) * replicas, replicas);
    }
    return new GammaMethod().primary(TimeSeries.interleaved(values, replicas));
  }

  private Ensemble measure(Ensemble ensemble, Measurement measurement) throws IOException {
    correlatorExtent = measurement.extent();
    long begin = System.nanoTime();
    long lastSave = begin;
    double savingSeconds = 0;
    long done = ensemble.measurements();
    while (done < settings.measurements() && goOn("measuring", done, settings.measurements())) {
      for (int i = 0; i < settings.updatesPerMeasurement(); i++) {
        update();
      }
      // Measurement by measurement, so that the sum does not depend on where a run was interrupted.
      ensemble.addAcceptance(sampler.acceptance(), settings.updatesPerMeasurement());
      sampler.resetAcceptance();
      measure(measurement);
      requireFinite(measurement);
      measurement.recordTo(ensemble);
      keepCorrelator(measurement);
      if (settings.saveEvery() > 0 && (done + 1) % settings.saveEvery() == 0) {
        ensemble.append(sampler.field(), sampler.layout());
      }
      done++;
      long now = System.nanoTime();
      double elapsed = 1e-9 * (now - begin);
      if (1e-9 * (now - lastSave) > CHECKPOINT_SECONDS && savingSeconds < 0.1 * elapsed) {
        checkpoint(ensemble);
        lastSave = System.nanoTime();
        savingSeconds += 1e-9 * (lastSave - now);
      }
    }
    monitor.progress("measuring", done, settings.measurements());
    if (done > 0) {
      checkpoint(ensemble);
    }
    return ensemble;
  }

  private void requireFinite(Measurement measurement) {
    for (double value : measurement.values().get("phi4")) {
      if (!Double.isFinite(value)) {
        throw new SamplerInstabilityException(
            sampler.name() + ": the field is no longer finite; use a smaller step size (" + tuning() + ")");
      }
    }
  }

  private void keepCorrelator(Measurement measurement) {
    double[] more = measurement.correlator();
    if (correlatorValues + more.length > correlators.length) {
      correlators = Arrays.copyOf(correlators, Math.max(2 * correlators.length, correlatorValues + 64 * more.length));
    }
    System.arraycopy(more, 0, correlators, correlatorValues, more.length);
    correlatorValues += more.length;
  }

  private void checkpoint(Ensemble ensemble) throws IOException {
    ensemble.saveState(sampler.field(), sampler.layout());
    ensemble.setRandomPosition(sampler.stream().seed(), sampler.stream().step());
    ensemble.setTuning(sampler.tuning());
    saver.save(ensemble);
  }
}
