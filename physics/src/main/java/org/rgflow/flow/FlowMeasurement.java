package org.rgflow.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.launch.OrbitPower;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.RunMonitor;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.Observables;
import org.rgflow.statistics.TimeSeries;

/**
 * Flows the configurations of an ensemble through descending scales and measures them at each: the
 * observables, the propagator, and what the flow must preserve.
 *
 * <p><b>Invariants.</b> If the modes obey a {@link ModeLaw} with factor a and noise variance n between
 * the bare field and Λ, then (G_Λ − n)/a² − s is the same at every scale; for Polchinski's flow, where
 * a = K and s = C_0, that is (G − C)/K², for the gradient flows (G − n)/a² = G_0. In the same way
 * κ₄/a(0)⁴ is preserved, κ₄ the fourth cumulant of the zero mode's amplitude √V m (connected n-point
 * functions scale with Πa(p_i)). Under the exponential regulator the zero mode does not move at all,
 * so U4 of the magnetisation is the same at all scales; under a Fermi regulator it does. Modes with a² below {@value
 * #GONE} are left out.
 *
 * <p>Every comparison is made configuration by configuration, (φ_Λ² − n)/a² − φ_0², whose mean and error
 * (Γ-method) do not contain the fluctuations that the two have in common.
 *
 * <p><b>Batches and noise.</b> Configuration c = snapshot · replicas + replica is flowed in batch
 * ⌊c/b⌋, side by side with others; b depends on the lattice alone ({@link #batch}), and the batch's
 * number makes the upper half of the step of the random stream. So configuration 17 under seed 3 always
 * comes out the same, whatever else is in the ensemble, and on any number of threads. An ensemble that
 * was kept by a flow and is flowed further with the same seed continues as if there had been no stop.
 * Time series keep the order of the chain, so that the errors contain its autocorrelation.
 *
 * <p><b>Memory.</b> One batch of fields at a time, unless fields are {@linkplain Keep#FIELDS kept};
 * about 8 bytes per configuration, scale and orbit for the series. At most {@value #POINTS} orbits are
 * measured, fewer (at least {@value #LEAST_POINTS}) for more than 10⁵ configurations: half of them the
 * lowest, the other half evenly spread.
 */
public final class FlowMeasurement {
  /** What becomes of the flowed fields. */
  public enum Keep {
    /** They are measured and forgotten. */
    MEASUREMENTS,
    /** They are returned as ensembles. */
    FIELDS
  }

  /** Largest number of orbits that are measured. */
  public static final int POINTS = 64;

  static final int LEAST_POINTS = 8;
  private static final long SERIES_VALUES = 1L << 26;
  /** Squared factors below which a mode's invariant is not reported. */
  static final double GONE = 1e-12;
  /** Relative error of a mode's squared amplitude from a few float transforms. */
  private static final double ROUNDING = 4e-6;
  /** Power that the rounding of a field of mean square 1 brings into every mode, a few times (2^(−24))². */
  private static final double ROUNDING_POWER = 1e-13;
  private static final String[] SERIES = {
    Observables.M, Observables.PHI2, Observables.PHI4, Observables.GRADIENT2, Observables.GKX, Observables.GKY
  };

  private final Device device;
  private final FlowScheme scheme;
  private final double[] scales;
  private final GammaMethod errors = new GammaMethod();

  /**
   * @param scales Λ, descending
   * @throws IllegalArgumentException if the scales are not positive, finite and descending
   */
  public FlowMeasurement(Device device, FlowScheme scheme, double... scales) {
    Scales.requireDescending(scales);
    this.device = device;
    this.scheme = scheme;
    this.scales = scales.clone();
  }

  /** Configurations that are flowed side by side: 256, fewer on lattices of more than 2¹⁴ sites. */
  public static int batch(Lattice lattice) {
    int sites = lattice.sites();
    int lanes = Math.clamp((1 << 24) / sites, 1, FieldLayout.MAX_LANES);
    return lanes < FieldLayout.MAX_LANES ? lanes : Math.clamp((1 << 22) / sites / lanes * lanes, lanes, 256);
  }

  /**
   * Flows and measures.
   *
   * @throws IllegalArgumentException if the ensemble is empty, not finite, already below the first
   *     scale, or was flowed by another scheme
   * @throws FlowInstabilityException if the integration went astray
   */
  public FlowReport run(Ensemble ensemble, long seed, Keep keep) {
    return run(ensemble, seed, keep, RunMonitor.SILENT);
  }

  /**
   * {@link #run(Ensemble, long, Keep)}, watched: progress counts configurations times scales.
   *
   * @throws CancellationException if the monitor ended the run; a flow is short compared with sampling and
   *     keeps nothing of an unfinished run
   */
  public FlowReport run(Ensemble ensemble, long seed, Keep keep, RunMonitor monitor) {
    try (Run run = new Run(ensemble, seed, keep, 1, monitor)) {
      return run.report();
    }
  }

  /**
   * Flows with steps h, h/2 (and h/4 …) along common Wiener paths, and extrapolates every primary
   * average to h = 0 by Richardson's rule, (2^p O_{h/2} − O_h)/(2^p − 1) with the integrator's weak order
   * p, from the finest two. With three levels the order is measured too. The kept fields are those of the
   * finest integration.
   *
   * @param levels number of step sizes, 2 to 8
   * @throws IllegalArgumentException as {@link #run}, and if the scheme has no steps
   */
  public FlowReport extrapolate(Ensemble ensemble, long seed, Keep keep, int levels) {
    return extrapolate(ensemble, seed, keep, levels, RunMonitor.SILENT);
  }

  /**
   * {@link #extrapolate(Ensemble, long, Keep, int)}, watched: progress counts configurations times scales
   * times step sizes.
   *
   * @throws CancellationException if the monitor ended the run
   */
  public FlowReport extrapolate(Ensemble ensemble, long seed, Keep keep, int levels, RunMonitor monitor) {
    if (levels < 2 || levels > 8) {
      throw new IllegalArgumentException("extrapolation needs 2 to 8 step sizes, not " + levels);
    }
    if (!(scheme instanceof FlowScheme.WegnerMorris)) {
      throw new IllegalArgumentException("only the wegner-morris scheme has a step size to extrapolate; the others"
          + " are exact");
    }
    try (Run run = new Run(ensemble, seed, keep, levels, monitor)) {
      return run.report();
    }
  }

  /** Values of one level at one scale: {@code [series or orbit][configuration]}. */
  private record Values(double[][] series, double[][] power) {
    Values(int points, int configurations) {
      this(new double[SERIES.length][configurations], new double[points][configurations]);
    }
  }

  private final class Run implements AutoCloseable {
    private final Ensemble ensemble;
    private final Keep keep;
    private final int configurations;
    private final int size;
    private final int levels;
    private final List<LatticeModes.Orbit> orbits;
    private final FieldLayout layout;
    private final List<Flow> flows = new ArrayList<>();
    private final List<Probe> probes = new ArrayList<>();
    private final Values start;
    /** {@code [level][scale]}. */
    private final Values[][] values;
    private final List<Ensemble> kept = new ArrayList<>();
    private final long seed;
    private final long firstStep;
    private final RunMonitor monitor;
    private long done;

    Run(Ensemble ensemble, long seed, Keep keep, int levels, RunMonitor monitor) {
      this.monitor = monitor;
      this.ensemble = ensemble;
      this.seed = seed;
      this.keep = keep;
      this.levels = levels;
      this.configurations = Math.multiplyExact(ensemble.snapshots(), ensemble.replicas());
      if (configurations == 0) {
        throw new IllegalArgumentException("the ensemble holds no configurations to flow; sample with --out");
      }
      if (scales[0] >= ensemble.scale()) {
        throw new IllegalArgumentException(String.format(Locale.ROOT,
            "the ensemble has been flowed to scale %s already; the scales must be lower, not %s", ensemble.scale(),
            scales[0]));
      }
      Lattice lattice = ensemble.lattice();
      int lanes = Math.min(batch(lattice), FieldLayout.MAX_LANES);
      this.size = batch(lattice);
      this.layout = new FieldLayout(lattice, Math.min(size, (configurations + lanes - 1) / lanes * lanes));
      this.orbits = select(new LatticeModes(lattice).orbits(), configurations);
      this.start = new Values(orbits.size(), configurations);
      this.values = new Values[levels][scales.length];
      for (Values[] level : values) {
        Arrays.setAll(level, s -> new Values(orbits.size(), configurations));
      }
      boolean continued = !ensemble.scheme().isEmpty() && ensemble.seed() == seed;
      this.firstStep = continued ? ensemble.step() : 0;
      ModeTransform transform = FourierTransforms.of(layout, device);
      for (int level = 0; level < levels; level++) {
        RandomStream stream = new RandomStream(seed);
        Flow flow = scheme instanceof FlowScheme.WegnerMorris steps
            ? steps.open(device, transform, stream, level, levels)
            : scheme.open(device, transform, stream);
        flows.add(flow);
        probes.add(new Probe(transform, flow.field()));
      }
      if (!ensemble.scheme().isEmpty() && !ensemble.scheme().equals(flows.getFirst().name())) {
        close();
        throw new IllegalArgumentException("the ensemble was flowed by " + ensemble.scheme() + " and cannot go on with "
            + flows.getFirst().name() + "; start from the ensemble that was sampled");
      }
      if (keep == Keep.FIELDS) {
        Ensemble.requireMemory(ensemble.layout(), (long) ensemble.snapshots() * scales.length,
            (long) ensemble.snapshots() * scales.length, SERIES.length);
        for (double scale : scales) {
          Ensemble flowed = new Ensemble(ensemble.action(), ensemble.layout());
          flowed.setSampler(ensemble.sampler());
          flowed.setThermalisation(ensemble.thermalisation());
          flowed.setFlow(flows.getFirst().name(), scale);
          flowed.provenance().putAll(ensemble.provenance());
          for (int t = 0; t < ensemble.snapshots(); t++) {
            flowed.append(new float[ensemble.replicas() * lattice.sites()]);
          }
          kept.add(flowed);
        }
      }
    }

    FlowReport report() {
      advanced(0);
      for (int batch = 0; batch * (long) size < configurations; batch++) {
        flow(batch);
      }
      List<FlowReport.Scale> reported = new ArrayList<>();
      for (int s = 0; s < scales.length; s++) {
        reported.add(evaluate(s));
      }
      return new FlowReport(flows.getFirst().name(), evaluateStart(), List.copyOf(reported));
    }

    private void advanced(int count) {
      done += count;
      if (!monitor.progress("flowing", done, (long) configurations * scales.length * levels)) {
        throw new CancellationException("the flow was stopped");
      }
    }

    private void flow(int batch) {
      int first = batch * size;
      int count = Math.min(size, configurations - first);
      for (int level = 0; level < levels; level++) {
        Flow flow = flows.get(level);
        load(first, count, flow.field());
        if (level == 0) {
          probes.get(level).measure(start, first, count);
          requireFinite(first, count);
        }
        flow.stream().seek(((long) batch << 32) + firstStep);
        double from = ensemble.scale();
        for (int s = 0; s < scales.length; s++) {
          flow.advance(from, scales[s]);
          probes.get(level).measure(values[level][s], first, count);
          if (keep == Keep.FIELDS && level == levels - 1) {
            store(s, first, count, flow);
          }
          from = scales[s];
          advanced(count);
        }
      }
    }

    private void load(int first, int count, float[] field) {
      int sites = layout.lattice().sites();
      for (int i = 0; i < count; i++) {
        int c = first + i;
        layout.scatter(ensemble.snapshot(c / ensemble.replicas()), c % ensemble.replicas() * sites, field, i);
      }
      for (int i = count; i < layout.replicas(); i++) {
        for (int site = 0; site < sites; site++) {
          field[layout.index(i, site)] = 0;
        }
      }
    }

    private void store(int s, int first, int count, Flow flow) {
      int sites = layout.lattice().sites();
      for (int i = 0; i < count; i++) {
        int c = first + i;
        layout.gather(flow.field(), i, kept.get(s).snapshot(c / ensemble.replicas()), c % ensemble.replicas() * sites);
      }
      kept.get(s).setRandomPosition(seed, flow.stream().step() & 0xFFFFFFFFL);
    }

    private void requireFinite(int first, int count) {
      for (int c = first; c < first + count; c++) {
        if (!Double.isFinite(start.series[1][c])) {
          throw new IllegalArgumentException("snapshot " + c / ensemble.replicas() + ", replica "
              + c % ensemble.replicas() + " of the ensemble holds values that are not finite");
        }
      }
    }

    // ---- evaluation

    private TimeSeries series(double[] ofConfigurations) {
      return TimeSeries.interleaved(ofConfigurations, ensemble.replicas());
    }

    private FlowReport.Scale evaluateStart() {
      Map<String, Estimate> observables = observables(start);
      if (!ensemble.scheme().isEmpty()) {
        removeActionObservables(observables);
      }
      return new FlowReport.Scale(ensemble.scale(), Collections.unmodifiableMap(observables), propagator(start.power),
          List.of(), Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
    }

    private FlowReport.Scale evaluate(int s) {
      Values finest = values[levels - 1][s];
      Map<String, Estimate> observables;
      Map<String, Estimate> stepError = Map.of();
      Optional<Estimate> order = Optional.empty();
      double[][] power = finest.power;
      if (levels == 1) {
        observables = observables(finest);
        removeActionObservables(observables);
      } else {
        Values coarser = values[levels - 2][s];
        double weight = 1.0 / ((1 << ((FlowScheme.WegnerMorris) scheme).integrator().order()) - 1);
        observables = extrapolated(finest, coarser, 1 + weight, -weight);
        stepError = Collections.unmodifiableMap(extrapolatedError(finest, coarser, weight));
        power = new double[orbits.size()][];
        Arrays.setAll(power, o -> combine(finest.power[o], 1 + weight, coarser.power[o], -weight));
        if (levels > 2) {
          order = Optional.of(errors.derived(
              mean -> Math.log(Math.abs((mean[0] - mean[1]) / (mean[1] - mean[2]))) / Math.log(2),
              series(values[levels - 3][s].series[1]), series(coarser.series[1]), series(finest.series[1])));
        }
      }
      Optional<Ensemble> fields = keep == Keep.FIELDS ? Optional.of(kept.get(s)) : Optional.empty();
      fields.ifPresent(e -> {
        for (int i = 0; i < SERIES.length; i++) {
          e.record(SERIES[i], finest.series[i]);
        }
      });
      Optional<ModeLaw> law = flows.getFirst().law();
      return new FlowReport.Scale(scales[s], Collections.unmodifiableMap(observables), propagator(power),
          law.isPresent() ? invariants(law.get(), scales[s], power, observables.get("phi2").mean()) : List.of(),
          law.isPresent() && levels == 1 ? zeroModeCumulant(law.get(), scales[s], finest) : Optional.empty(),
          stepError, order, fields);
    }

    private Map<String, Estimate> observables(Values at) {
      Map<String, double[]> byName = new LinkedHashMap<>();
      for (int i = 0; i < SERIES.length; i++) {
        byName.put(SERIES[i], at.series[i]);
      }
      return Observables.evaluate(byName, ensemble.replicas(), ensemble.lattice(), ensemble.action());
    }

    private static void removeActionObservables(Map<String, Estimate> observables) {
      observables.remove("schwingerDyson");
      observables.remove("actionDensity");
    }

    /** An observable as a function of averages over configurations of functions of the series. */
    private record Definition(String name, ToDoubleFunction<double[]> function, double[][] primaries) {}

    private List<Definition> definitions(Values at) {
      Lattice lattice = ensemble.lattice();
      double[] m2 = map(at.series[0], m -> m * m);
      double[] gx = at.series[4];
      double[] gy = at.series[5];
      double[] g = lattice.lx() == lattice.ly() ? combine(gx, 0.5, gy, 0.5) : lattice.lx() > lattice.ly() ? gx : gy;
      return List.of(
          new Definition("phi2", x -> x[0], new double[][] {at.series[1]}),
          new Definition("phi4", x -> x[0], new double[][] {at.series[2]}),
          new Definition("absMagnetization", x -> x[0], new double[][] {map(at.series[0], Math::abs)}),
          new Definition("magnetization", x -> x[0], new double[][] {at.series[0]}),
          new Definition("susceptibility", x -> lattice.sites() * x[0], new double[][] {m2}),
          new Definition("binder", Observables::binder, new double[][] {m2, map(at.series[0], m -> m * m * m * m)}),
          new Definition("correlationLength2nd", Observables.correlationLength(lattice), new double[][] {m2, g}));
    }

    private Map<String, Estimate> extrapolated(Values fine, Values coarse, double a, double b) {
      Map<String, Estimate> result = new LinkedHashMap<>();
      List<Definition> ofFine = definitions(fine);
      List<Definition> ofCoarse = definitions(coarse);
      for (int d = 0; d < ofFine.size(); d++) {
        double[][] x = ofFine.get(d).primaries;
        double[][] y = ofCoarse.get(d).primaries;
        TimeSeries[] primaries = new TimeSeries[x.length];
        Arrays.setAll(primaries, i -> series(combine(x[i], a, y[i], b)));
        result.put(ofFine.get(d).name, errors.derived(ofFine.get(d).function, primaries));
      }
      return result;
    }

    /** O_fine − O_extrapolated, with the error of the difference. */
    private Map<String, Estimate> extrapolatedError(Values fine, Values coarse, double weight) {
      Map<String, Estimate> result = new LinkedHashMap<>();
      List<Definition> ofFine = definitions(fine);
      List<Definition> ofCoarse = definitions(coarse);
      for (int d = 0; d < ofFine.size(); d++) {
        double[][] x = ofFine.get(d).primaries;
        double[][] y = ofCoarse.get(d).primaries;
        ToDoubleFunction<double[]> f = ofFine.get(d).function;
        int n = x.length;
        TimeSeries[] primaries = new TimeSeries[2 * n];
        Arrays.setAll(primaries, i -> series(i < n ? x[i] : y[i - n]));
        result.put(ofFine.get(d).name, errors.derived(mean -> {
          double[] finer = Arrays.copyOf(mean, n);
          double[] limit = new double[n];
          Arrays.setAll(limit, i -> (1 + weight) * mean[i] - weight * mean[n + i]);
          return f.applyAsDouble(finer) - f.applyAsDouble(limit);
        }, primaries));
      }
      return result;
    }

    private List<FlowReport.Point> propagator(double[][] power) {
      List<FlowReport.Point> points = new ArrayList<>();
      for (int o = 0; o < orbits.size(); o++) {
        LatticeModes.Orbit orbit = orbits.get(o);
        points.add(new FlowReport.Point(orbit.fx(), orbit.fy(), orbit.momentum2(), errors.primary(series(power[o]))));
      }
      return List.copyOf(points);
    }

    private List<FlowReport.Invariant> invariants(ModeLaw law, double scale, double[][] power, double meanSquare) {
      double[] p2 = orbits.stream().mapToDouble(LatticeModes.Orbit::momentum2).toArray();
      ModeSchedule.Transition before = law.transition(p2, Double.POSITIVE_INFINITY, ensemble.scale());
      ModeSchedule.Transition after = law.transition(p2, Double.POSITIVE_INFINITY, scale);
      List<FlowReport.Invariant> result = new ArrayList<>();
      for (int o = 0; o < p2.length; o++) {
        double a = after.decay()[o] * after.decay()[o];
        double a0 = before.decay()[o] * before.decay()[o];
        if (a < GONE) {
          continue;
        }
        double n = after.noise()[o] * after.noise()[o];
        double n0 = before.noise()[o] * before.noise()[o];
        double s = law.subtraction(p2[o]);
        double[] now = map(power[o], x -> (x - n) / a - s);
        double[] then = map(start.power[o], x -> (x - n0) / a0 - s);
        double size = series(start.power[o]).mean() / a0;
        Estimate difference = errors.primary(series(combine(now, 1, then, -1)));
        double rounding = (ROUNDING * series(power[o]).mean() + ROUNDING_POWER * meanSquare) / a + ROUNDING * size;
        result.add(new FlowReport.Invariant(p2[o], errors.primary(series(now)), errors.primary(series(then)),
            difference, rounding, Math.hypot(difference.error(), rounding) <= size));
      }
      return List.copyOf(result);
    }

    private Optional<FlowReport.Invariant> zeroModeCumulant(ModeLaw law, double scale, Values at) {
      double[] zero = {0};
      double a = Math.pow(law.transition(zero, Double.POSITIVE_INFINITY, scale).decay()[0], 4);
      double a0 = Math.pow(law.transition(zero, Double.POSITIVE_INFINITY, ensemble.scale()).decay()[0], 4);
      if (a < GONE) {
        return Optional.empty();
      }
      double volume = (double) ensemble.lattice().sites() * ensemble.lattice().sites();
      double[] m0 = start.series[0];
      double[] m = at.series[0];
      TimeSeries[] primaries = {
        series(map(m, x -> x * x)), series(map(m, x -> x * x * x * x)),
        series(map(m0, x -> x * x)), series(map(m0, x -> x * x * x * x))
      };
      ToDoubleFunction<double[]> now = x -> volume * (x[1] - 3 * x[0] * x[0]) / a;
      ToDoubleFunction<double[]> then = x -> volume * (x[3] - 3 * x[2] * x[2]) / a0;
      Estimate difference = errors.derived(x -> now.applyAsDouble(x) - then.applyAsDouble(x), primaries);
      double fourth = volume * primaries[3].mean() / a0;
      return Optional.of(new FlowReport.Invariant(0, errors.derived(now, primaries), errors.derived(then, primaries),
          difference, ROUNDING * (volume * primaries[1].mean() / a + fourth), difference.error() <= fourth));
    }

    @Override
    public void close() {
      probes.forEach(Probe::close);
      flows.forEach(Flow::close);
    }

    /** Measures the field of a flow. */
    private final class Probe implements AutoCloseable {
      private final Measurement measurement;
      private final double[] power;
      private final Program program;
      private final Session session;

      Probe(ModeTransform transform, float[] field) {
        float[] modes = new float[layout.size()];
        int[] begin = new int[orbits.size() + 1];
        for (int o = 0; o < orbits.size(); o++) {
          begin[o + 1] = begin[o] + orbits.get(o).modes().length;
        }
        int[] members = orbits.stream().flatMapToInt(o -> Arrays.stream(o.modes())).toArray();
        power = new double[layout.blocks() * orbits.size() * layout.lanes()];
        measurement = new Measurement(layout, field, device);
        program = new Program("propagator")
            .input(field)
            .addAll(transform.forward(field, modes))
            .add(new OrbitPower(modes, begin, members, power, layout.lattice().sites(), layout.lanes()))
            .output(power);
        session = device.open(program);
      }

      void measure(Values into, int first, int count) {
        measurement.measure();
        for (int i = 0; i < SERIES.length; i++) {
          System.arraycopy(measurement.values().get(SERIES[i]), 0, into.series[i], first, count);
        }
        session.run(program);
        int lanes = layout.lanes();
        for (int o = 0; o < orbits.size(); o++) {
          for (int i = 0; i < count; i++) {
            into.power[o][first + i] = power[(i / lanes * orbits.size() + o) * lanes + i % lanes];
          }
        }
      }

      @Override
      public void close() {
        measurement.close();
        session.close();
      }
    }
  }

  private List<LatticeModes.Orbit> select(List<LatticeModes.Orbit> all, int configurations) {
    long affordable = SERIES_VALUES / (configurations * (scales.length + 1L));
    int points = (int) Math.clamp(affordable, LEAST_POINTS, POINTS);
    if (all.size() <= points) {
      return all;
    }
    List<LatticeModes.Orbit> chosen = new ArrayList<>(all.subList(0, points / 2));
    int rest = points - chosen.size();
    for (int i = 1; i <= rest; i++) {
      chosen.add(all.get(points / 2 - 1 + (int) ((long) (all.size() - points / 2) * i / rest)));
    }
    return chosen;
  }

  private static double[] map(double[] values, DoubleUnaryOperator f) {
    return Arrays.stream(values).map(f).toArray();
  }

  private static double[] combine(double[] x, double a, double[] y, double b) {
    double[] result = new double[x.length];
    Arrays.setAll(result, i -> a * x[i] + b * y[i]);
    return result;
  }
}
