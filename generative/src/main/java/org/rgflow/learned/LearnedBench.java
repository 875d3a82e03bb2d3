package org.rgflow.learned;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.rgflow.bench.Repetitions;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.TimeSeries;

/**
 * The speed of learned flows and scores: steps of training and generated fields in sites per second, and what counts in
 * the end, independent fields per second. A chain that gives R fields in a time T with the integrated autocorrelation
 * time τ of m² gives R/(2τT) independent ones, as far as χ is concerned; for the independence chain of a model this
 * counts its rejections. Thermalisation and training are left out, and the training's time stands beside.
 */
public final class LearnedBench {
  /** A part of the table. */
  public enum Part {
    /** Steps of training. */
    TRAINING("training"),
    /** Generated fields. */
    GENERATOR("generator"),
    /** Independent fields, against Markov chains. */
    SAMPLING("sampling");

    private final String label;

    Part(String label) {
      this.label = label;
    }

    /** Its name on the command line. */
    public String label() {
      return label;
    }
  }

  /** How long it may take. */
  public enum Length {
    /** Two lattices, short measurements: less than a minute on two cores. */
    QUICK,
    /** A flow of 6×6 sites is trained besides: about two minutes. */
    FULL
  }

  /** A flow with its name for the table. */
  public record Named(String name, FlowModel model) {}

  /** A score with its name for the table. */
  public record NamedScore(String name, ScoreModel model) {}

  /**
   * One line of the table.
   *
   * @param id stable name
   * @param what for people
   * @param unit of {@code value}
   * @param value median over repetitions
   * @param tauInt integrated autocorrelation time of m² in fields of the chain; only of {@link Part#SAMPLING}
   * @param ratio value over that of hybrid Monte Carlo at the same lattice; only of {@link Part#SAMPLING}
   * @param note training time and the like
   */
  public record Row(Part part, String id, String what, String unit, double value, OptionalDouble tauInt,
      OptionalDouble ratio, String note) {}

  private static final double MASS2 = -4;
  private static final int BATCH = 256;
  private static final int REPLICAS = 256;
  /** Hybrid Monte Carlo first: the others' ratios are to it. */
  private static final List<String> CHAINS = List.of("hmc", "wolff", "swendsen-wang");
  /** A training short enough for a benchmark, of a flow of 6×6 sites. */
  private static final int SHORT_TRAINING = 200;
  /** Configurations that the steps of a score's training draw from. */
  private static final int EXAMPLES = 1024;

  private final Set<Part> parts;
  private final Length length;
  private final int threads;
  private final Consumer<Row> listener;
  /** Independent fields per second of hybrid Monte Carlo, by theory and lattice. */
  private final Map<String, Double> hybridMonteCarlo = new HashMap<>();

  /** @param listener sees every row as soon as it is known */
  public LearnedBench(Set<Part> parts, Length length, int threads, Consumer<Row> listener) {
    this.parts = Set.copyOf(parts);
    this.length = length;
    this.threads = threads;
    this.listener = listener;
  }

  /**
   * Measures everything.
   *
   * @param flows that are there already
   * @param scores likewise
   * @throws IOException if the memory is too small
   */
  public void run(List<Named> flows, List<NamedScore> scores) throws IOException {
    List<Named> models = new ArrayList<>();
    try (Device device = new JvmDevice(threads)) {
      if (length == Length.FULL && parts.contains(Part.SAMPLING)) {
        models.add(trained(device));
      }
      models.addAll(flows);
      if (parts.contains(Part.TRAINING)) {
        for (Named named : models) {
          training(named, device);
        }
        for (NamedScore named : scores) {
          training(named, device);
        }
      }
      if (parts.contains(Part.GENERATOR)) {
        for (Named named : models) {
          generator(named, device);
        }
        for (NamedScore named : scores) {
          generator(named, device);
        }
      }
      if (parts.contains(Part.SAMPLING)) {
        for (Named named : models) {
          sampling(named, device);
        }
        for (NamedScore named : scores) {
          sampling(named, device);
        }
      }
    }
  }

  private double seconds() {
    return length == Length.QUICK ? 0.7 : 1.5;
  }

  private static Named trained(Device device) {
    FlowConfiguration configuration =
        FlowConfiguration.of(Phi4Action.gerdes(MASS2, 6.975), FlowShape.of(Lattice.square(6)), SHORT_TRAINING, 1);
    long begin = System.nanoTime();
    FlowModel model = FlowTrainer.train(configuration, device);
    return new Named(
        String.format(Locale.ROOT, "trained in %.0f s", 1e-9 * (System.nanoTime() - begin)), model);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static Lattice lattice(Named named) {
    return named.model.configuration().shape().lattice();
  }

  private static Lattice lattice(NamedScore named) {
    return named.model.configuration().lattice();
  }

  private void training(Named named, Device device) {
    FlowConfiguration own = named.model.configuration();
    FlowConfiguration configuration = new FlowConfiguration(own.action(), own.shape(), own.priorMass2(), BATCH,
        Long.MAX_VALUE, own.learningRate(), own.decaySteps(), 0, own.seed());
    try (FlowStep training = new FlowStep(configuration, device)) {
      training("training-" + lattice(named), "step of training, " + lattice(named) + ", batch " + BATCH + ", "
          + own.shape().steps() + " Runge-Kutta steps", lattice(named), step -> training.run(step, null));
    }
  }

  private void training(NamedScore named, Device device) throws IOException {
    ScoreConfiguration own = named.model.configuration();
    ScoreConfiguration configuration = new ScoreConfiguration(own.action(), own.side(), own.width(), own.blocks(),
        BATCH, Long.MAX_VALUE, own.learningRate(), own.seed());
    ScoreExamples examples = new ScoreExamples(ensemble(own, device), device);
    try (ScoreStep training = new ScoreStep(configuration, examples.statistics(), examples, device)) {
      training("training-score-" + lattice(named), "step of training a score, " + lattice(named) + ", batch " + BATCH
          + ", " + own.blocks() + " blocks of " + own.width(), lattice(named), training::run);
    }
  }

  private static Ensemble ensemble(ScoreConfiguration configuration, Device device) {
    FieldLayout layout = new FieldLayout(configuration.lattice(), EXAMPLES);
    Ensemble ensemble = new Ensemble(configuration.action(), layout);
    try (Sampler sampler = Samplers.create(
        CHAINS.getFirst(), configuration.action(), layout, new RandomStream(1), device, SamplerOptions.DEFAULTS)) {
      thermalise(sampler, configuration.lattice());
      ensemble.append(sampler.field().clone());
    }
    return ensemble;
  }

  private void training(String id, String what, Lattice lattice, LongConsumer step) {
    long[] number = {0};
    double nanoseconds = median(Repetitions.time(() -> step.accept(number[0]++), seconds()));
    listener.accept(new Row(Part.TRAINING, id, what, "sites/s", 1e9 * BATCH * lattice.sites() / nanoseconds,
        OptionalDouble.empty(), OptionalDouble.empty(),
        String.format(Locale.ROOT, "%.3g ms per step", 1e-6 * nanoseconds)));
  }

  private void generator(Named named, Device device) {
    int steps = 2 * named.model.configuration().shape().steps();
    try (FlowGenerator generator = new FlowGenerator(named.model, steps, 1, device)) {
      generator("generator-" + lattice(named), "fields with likelihoods, " + lattice(named) + ", " + steps
          + " Runge-Kutta steps", generator);
    }
  }

  private void generator(NamedScore named, Device device) {
    ScoreSampling sampling = ScoreSampling.of(ScoreSampling.Method.SDE);
    try (ScoreGenerator generator = new ScoreGenerator(named.model, sampling, 1, device)) {
      generator("generator-score-" + lattice(named), "fields with weights, " + lattice(named) + ", " + sampling.steps()
          + " steps of the reverse SDE", generator);
    }
  }

  private void generator(String id, String what, FieldGenerator generator) {
    double nanoseconds = nanosecondsPerBatch(generator);
    listener.accept(new Row(Part.GENERATOR, id, what, "sites/s",
        1e9 * generator.batch() * generator.layout().lattice().sites() / nanoseconds, OptionalDouble.empty(),
        OptionalDouble.empty(), String.format(Locale.ROOT, "%.3g fields/s", 1e9 * generator.batch() / nanoseconds)));
  }

  private double nanosecondsPerBatch(FieldGenerator generator) {
    long[] index = {0};
    return median(Repetitions.time(() -> generator.generate(index[0]++), seconds()));
  }

  private void sampling(Named named, Device device) {
    Phi4Action action = named.model.configuration().action();
    double hmc = hybridMonteCarlo(action, lattice(named), device);
    for (String other : CHAINS.subList(1, CHAINS.size())) {
      chain(other, action, lattice(named), device, hmc);
    }
    int steps = 2 * named.model.configuration().shape().steps();
    double nanoseconds;
    try (FlowGenerator generator = new FlowGenerator(named.model, steps, 1, device)) {
      nanoseconds = nanosecondsPerBatch(generator) / generator.batch();
    }
    long fields = length == Length.QUICK ? 4096 : 16_384;
    sampling("learned", "learned flow, " + named.name, nanoseconds, hmc, IndependenceChain.run(named.model, steps, 1,
        fields, IndependenceChain.Keep.MEASUREMENTS, device, done -> true));
  }

  private void sampling(NamedScore named, Device device) {
    double hmc = hybridMonteCarlo(named.model.configuration().action(), lattice(named), device);
    ScoreSampling sampling = ScoreSampling.of(ScoreSampling.Method.SDE);
    double nanoseconds;
    try (ScoreGenerator generator = new ScoreGenerator(named.model, sampling, 1, device)) {
      nanoseconds = nanosecondsPerBatch(generator) / generator.batch();
    }
    long fields = length == Length.QUICK ? 1024 : 4096;
    sampling("score", "reverse SDE, " + named.name, nanoseconds, hmc, IndependenceChain.run(named.model, sampling,
        IndependenceChain.Decision.METROPOLIS, 1, fields, IndependenceChain.Keep.MEASUREMENTS, device, done -> true));
  }

  private double hybridMonteCarlo(Phi4Action action, Lattice lattice, Device device) {
    String key = action + ", " + lattice;
    if (!hybridMonteCarlo.containsKey(key)) {
      hybridMonteCarlo.put(key, chain(CHAINS.getFirst(), action, lattice, device, 0));
    }
    return hybridMonteCarlo.get(key);
  }

  /** @param nanoseconds per field */
  private void sampling(String id, String what, double nanoseconds, double hmc, IndependenceChain.Result result) {
    double tau = new GammaMethod().primary(TimeSeries.of(Arrays.stream(result.ensemble().series("m"))
        .map(m -> m * m).toArray())).tauInt();
    report(result.ensemble().lattice(), id, what, 1e9 / nanoseconds / (2 * tau), tau, hmc,
        String.format(Locale.ROOT, "effective sample size %.1f %%, acceptance %.2f",
            100 * result.weights().effectiveFraction(), result.ensemble().acceptance()));
  }

  private void report(Lattice lattice, String id, String what, double value, double tau, double hmc, String note) {
    listener.accept(new Row(Part.SAMPLING, "sampling-" + lattice + "-" + id, lattice + ", " + what,
        "independent fields/s", value, OptionalDouble.of(tau),
        hmc > 0 ? OptionalDouble.of(value / hmc) : OptionalDouble.empty(), note));
  }

  private static void thermalise(Sampler sampler, Lattice lattice) {
    int updates = 20 * Math.max(lattice.lx(), lattice.ly());
    for (int i = 0; i < updates; i++) {
      sampler.update();
      if (i % 5 == 4 && i < updates / 2) {
        sampler.tune();
      }
    }
  }

  /** Independent fields per second of a Markov chain. */
  private double chain(String name, Phi4Action action, Lattice lattice, Device device, double hmc) {
    FieldLayout layout = new FieldLayout(lattice, REPLICAS);
    try (Sampler sampler =
            Samplers.create(name, action, layout, new RandomStream(1), device, SamplerOptions.DEFAULTS);
        Measurement measurement = new Measurement(layout, sampler.field(), device)) {
      thermalise(sampler, lattice);
      int updates = 20 * Math.max(lattice.lx(), lattice.ly());
      double[][] m2 = new double[REPLICAS][updates];
      for (int i = 0; i < updates; i++) {
        sampler.update();
        sampler.field();
        measurement.measure();
        double[] m = measurement.values().get("m");
        for (int r = 0; r < REPLICAS; r++) {
          m2[r][i] = m[r] * m[r];
        }
      }
      Estimate estimate = new GammaMethod().primary(TimeSeries.of(m2));
      double nanoseconds = median(Repetitions.time(sampler::update, seconds()));
      double value = 1e9 * REPLICAS / nanoseconds / (2 * estimate.tauInt());
      report(lattice, name, name, value, estimate.tauInt(), hmc,
          String.format(Locale.ROOT, "%.3g updates/s of %d replicas", 1e9 / nanoseconds, REPLICAS));
      return value;
    }
  }
}
