package org.rgflow.validation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.flow.Flow;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.FlowMeasurement;
import org.rgflow.flow.FlowReport;
import org.rgflow.flow.FlowScheme;
import org.rgflow.flow.GradientFlow;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.flow.SeedAction;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.RunMonitor;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.SamplingRun;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.spectral.Regulators;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.TimeSeries;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Figure;
import org.rgflow.validation.figure.Gallery;
import org.rgflow.validation.figure.Quantity;
import org.rgflow.validation.plot.Panels;

/**
 * Flows of an interacting ensemble: GERDES, 8×8, m² = −4, λ = 6.008, near criticality, exponential regulator,
 * reference mass² 1. Every comparison is made configuration by configuration, so that the fluctuations of
 * the ensemble cancel and the error bar is that of the flow's noise.
 */
final class LatticeFlowChecks {
  private static final double MASS2 = 1;
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6.008);
  /** z of the GERDES field: its free covariance is z/(p̂²+M²). */
  private static final double FACTOR = 0.5;
  private static final String WHERE = ", GERDES, 8x8, m² = −4, λ = 6.008, reference mass² 1, exponential regulator";

  private final MonteCarlo setting;
  private final FieldLayout layout = new FieldLayout(Lattice.square(8), 64);
  private final LatticeModes modes = new LatticeModes(layout.lattice());
  private final RunningCovariance covariance = RunningCovariance.of(ACTION, MASS2, new Regulators.Exponential());

  LatticeFlowChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("lattice", "The flow of an interacting lattice field",
        "Near criticality, configuration by configuration: connected two- and four-point functions of modes below the "
            + "cutoff are preserved; expectation values after the flow are averages of the noise before it; and the "
            + "nonlinear flow of Wegner and Morris with a quartic seed action obeys Itô’s formula.",
        List.of("\\frac{G_t(p) - C_t(p)}{K_t(p)^2} = G_0(p) - C_0(p), \\quad "
                + "\\frac{\\langle\\varphi_{p_1}\\cdots\\varphi_{p_n}\\rangle_{c,t}}{\\prod_i K_t(p_i)} = "
                + "\\text{const}",
            "\\langle O\\rangle_{P_t} = \\left\\langle E_\\eta\\,O(K\\varphi + "
                + "\\sqrt{n}\\,\\eta)\\right\\rangle_{P_0}"),
        "Polchinski 1984; Cotler & Rezchikov 2202.11737; Carosso 1904.13057"));
    suite.add("lattice.invariants", this::invariants);
    suite.add("lattice.mcrg", this::mcrg);
    suite.add("lattice.wegner-morris", this::wegnerMorris);
    suite.figures("lattice.flow", this::flowFigures);
  }

  /** An ensemble of clusters at four correlation lengths, its flow, and what that preserves. */
  private List<Figure> flowFigures() throws IOException {
    int side = setting.choose(20, 64);
    Phi4Action action = Phi4Action.gerdes(-4, setting.effort() == Effort.QUICK ? 4.807 : 4.398);
    double[] scales = {4, 2, 1, 0.5};
    FieldLayout many = new FieldLayout(Lattice.square(side), 16);
    Ensemble ensemble;
    try (Sampler sampler = setting.subject().sampler("wolff", action, many, new RandomStream(setting.seed()),
        setting.device(),
        SamplerOptions.DEFAULTS)) {
      ensemble = new SamplingRun(sampler, setting.device(), SamplingRun.Settings.of(setting.choose(150, 200)),
          RunMonitor.SILENT, SamplingRun.Saver.NONE).run();
    }
    FlowScheme scheme = FlowScheme.polchinski(RunningCovariance.of(action, MASS2, new Regulators.Exponential()));
    FlowReport report = new FlowMeasurement(setting.device(), scheme, scales)
        .run(ensemble, setting.seed() + 1, FlowMeasurement.Keep.FIELDS);
    String where = setting.seeded(String.format(Locale.ROOT, "%d configurations of %d×%d sites by Wolff clusters, "
        + "GERDES, m² = −4, λ = %s, flowed with reference mass² 1 and the exponential regulator",
        ensemble.snapshots() * ensemble.replicas(), side, side, action.lambda()));
    List<Panels.Field> tiles = new ArrayList<>();
    tiles.add(tile(report.start(), ensemble, side));
    report.scales().forEach(s -> tiles.add(tile(s, s.fields().orElseThrow(), side)));
    List<Curve> propagators = new ArrayList<>();
    propagators.add(propagator(report.start()).hue(0));
    report.scales().forEach(s -> propagators.add(propagator(s).hue(propagators.size())));
    List<Curve> invariants = new ArrayList<>();
    List<Curve> pulls = new ArrayList<>();
    for (int hue = 1; hue <= scales.length; hue++) {
      FlowReport.Scale scale = report.scales().get(hue - 1);
      List<FlowReport.Invariant> known = scale.invariant().stream()
          .filter(i -> i.informative() && i.momentum2() > 0).toList();
      if (known.isEmpty()) {
        continue;
      }
      double[] momenta = known.stream().mapToDouble(FlowReport.Invariant::momentum2).toArray();
      String label = Panels.scaleLabel(scale.lambda());
      invariants.add(Curve.points(label, momenta, known.stream().mapToDouble(i -> i.value().mean()).toArray(),
          known.stream().mapToDouble(i -> i.value().error()).toArray()).hue(hue));
      pulls.add(Curve.points(label, momenta, known.stream().mapToDouble(FlowReport.Invariant::sigmas).toArray(),
          null).hue(hue));
      if (invariants.size() == 1) {
        invariants.addFirst(Curve.line("before the flow: G − C", momenta,
            known.stream().mapToDouble(i -> i.expected().mean()).toArray()).hue(0));
      }
    }
    Quantity momentum = Quantity.logarithmic("p̂²").in("1/a²");
    return List.of(
        new Gallery("lattice.configurations", "One configuration along the exact flow",
            List.of(new Gallery.Row("", tiles)), where + ". The cutoff falls from left to right: short waves "
                + "disappear, long ones stay."),
        new Diagram("lattice.propagators", "Propagators along the flow", momentum,
            Quantity.logarithmic("G(p)").between(1e-6, Double.NaN), propagators,
            where + ". Symbols with standard errors; below p̂² = Λ² the propagator is hardly touched, above it is cut "
                + "off."),
        new Diagram("lattice.invariants", "(G − C)/K² along the flow", momentum, Quantity.linear("(G − C)/K²"),
            invariants,
            where + ". Modes whose noise swamps the signal are left out. All symbols must lie on the line: the "
                + "physics below the cutoff is preserved."),
        new Diagram("lattice.invariant-deviations", "The same, as deviations in standard errors", momentum,
            Quantity.linear("(measured − expected) / error").between(-4.5, 4.5), pulls,
            where + ". Differences are formed configuration by configuration, so that common fluctuations cancel."));
  }

  private static Panels.Field tile(FlowReport.Scale scale, Ensemble fields, int side) {
    return new Panels.Field(Panels.scaleLabel(scale.lambda()),
        String.format(Locale.ROOT, "⟨φ²⟩ = %.4f", scale.observables().get("phi2").mean()), side,
            fields.configuration(0, 0));
  }

  private static Curve propagator(FlowReport.Scale scale) {
    List<FlowReport.Point> points = scale.propagator().stream().filter(p -> p.momentum2() > 0).toList();
    return Curve.points(Panels.scaleLabel(scale.lambda()),
        points.stream().mapToDouble(FlowReport.Point::momentum2).toArray(),
        points.stream().mapToDouble(p -> p.value().mean()).toArray(),
        points.stream().mapToDouble(p -> p.value().error()).toArray());
  }

  private static double cutoff(double p2, double lambda) {
    return Math.exp(-p2 / (lambda * lambda));
  }

  /** The variance C_0 K (1−K) of a flowed mode's noise. */
  private static double noise(double p2, double lambda) {
    double k = cutoff(p2, lambda);
    return FACTOR / (p2 + MASS2) * k * (1 - k);
  }

  /** Time series by name of quantity, one value per configuration and replica. */
  private final class Record {
    private final double[][] values;

    Record(int configurations) {
      values = new double[layout.replicas()][configurations];
    }

    TimeSeries series() {
      return TimeSeries.of(values);
    }
  }

  private Sampler ensemble() {
    Sampler sampler = setting.subject().sampler("hmc", ACTION, layout, new RandomStream(setting.seed()),
        setting.device(),
        SamplerOptions.DEFAULTS);
    new Chain(sampler, setting.device()).thermalise(300);
    return sampler;
  }

  private record Point(int orbit, double lambda) {}

  private List<Check> invariants() {
    int configurations = setting.choose(600, 6000);
    double[] scales = {2, 1};
    List<LatticeModes.Orbit> orbits = modes.orbits();
    // The three lowest non-zero orbits, and one at p̂² = 4 while K² is not yet small.
    int middle = 0;
    while (orbits.get(middle).momentum2() < 4 - 1e-9) {
      middle++;
    }
    List<Point> points = List.of(new Point(1, 2), new Point(2, 2), new Point(middle, 2), new Point(1, 1),
        new Point(2, 1));
    Record[] start = new Record[points.size()];
    Record[] change = new Record[points.size()];
    for (int i = 0; i < start.length; i++) {
      start[i] = new Record(configurations);
      change[i] = new Record(configurations);
    }
    // Products with the zero mode, of the lowest orbit at the last scale.
    Record zero = new Record(configurations);
    Record before = new Record(configurations);
    Record after = new Record(configurations);
    Record zeroBefore = new Record(configurations);
    Record zeroAfter = new Record(configurations);
    ModeTransform transform = FourierTransforms.of(layout, setting.device());
    try (Sampler sampler = ensemble();
        Modes analysis = new Modes(setting.device(), transform, setting.seed());
        Flow flow = setting.subject().polchinski(
            setting.device(), FourierTransforms.of(layout, setting.device()), covariance,
                new RandomStream(setting.seed() + 1))) {
      int[] at = {0};
      new Chain(sampler, setting.device()).forEach(configurations, 2, field -> {
        System.arraycopy(field, 0, flow.field(), 0, field.length);
        float[] bare = analysis.of(field).clone();
        double from = Double.POSITIVE_INFINITY;
        for (double lambda : scales) {
          flow.advance(from, lambda);
          from = lambda;
          float[] flowed = analysis.of(flow.field());
          for (int replica = 0; replica < layout.replicas(); replica++) {
            for (int i = 0; i < points.size(); i++) {
              Point point = points.get(i);
              if (point.lambda == lambda) {
                LatticeModes.Orbit orbit = orbits.get(point.orbit);
                double k = cutoff(orbit.momentum2(), lambda);
                double bareCovariance = FACTOR / (orbit.momentum2() + MASS2);
                double g0 = orbit.meanSquare(bare, layout, replica);
                double g = orbit.meanSquare(flowed, layout, replica);
                start[i].values[replica][at[0]] = g0 - bareCovariance;
                change[i].values[replica][at[0]] = (g - bareCovariance * k) / (k * k) - (g0 - bareCovariance);
              }
            }
            if (lambda == scales[1]) {
              double z = bare[layout.index(replica, 0)];
              double g0 = orbits.get(1).meanSquare(bare, layout, replica);
              double g = orbits.get(1).meanSquare(flowed, layout, replica);
              zero.values[replica][at[0]] = z * z;
              before.values[replica][at[0]] = g0;
              after.values[replica][at[0]] = g;
              zeroBefore.values[replica][at[0]] = z * z * g0;
              zeroAfter.values[replica][at[0]] = z * z * g;
            }
          }
        }
        at[0]++;
      });
    }
    GammaMethod errors = new GammaMethod();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      double p2 = orbits.get(points.get(i).orbit).momentum2();
      double lambda = points.get(i).lambda;
      Estimate base = errors.primary(start[i].series());
      Estimate difference = errors.primary(change[i].series());
      double k = cutoff(p2, lambda);
      checks.add(Check.monteCarlo(String.format(Locale.ROOT, "lattice.invariants.p2-%.2f.scale-%s", p2, (int) lambda),
          setting.seeded(String.format(Locale.ROOT,
              "(G_t − C_t)/K_t² at p̂² = %.4f, Λ = %s, against G_0 − C_0 of the same configurations%s", p2, lambda,
                  WHERE)),
          "Polchinski 1984; Cotler & Rezchikov 2202.11737: the physics below the cutoff is preserved", base.mean(),
          base.mean() + difference.mean(), difference.error(), 0.5 * noise(p2, lambda) / (k * k)));
    }
    double k2 = Math.pow(cutoff(orbits.get(1).momentum2(), scales[1]), 2);
    Estimate base = errors.derived(m -> m[2] - m[0] * m[1], zero.series(), before.series(), zeroBefore.series());
    Estimate difference = errors.derived(m -> (m[4] - m[0] * m[3]) / k2 - (m[2] - m[0] * m[1]), zero.series(),
        before.series(),
        zeroBefore.series(), after.series(), zeroAfter.series());
    checks.add(Check.monteCarlo("lattice.invariants.four-point",
        setting.seeded(String.format(Locale.ROOT, "connected ⟨φ_0² φ_p²⟩_c/(K_0² K_p²) at p̂² = %.4f, Λ = 1, against "
            + "that of the same configurations before the flow%s", orbits.get(1).momentum2(), WHERE)),
        "connected n-point functions scale by ΠK_t(p_i)", base.mean(), base.mean() + difference.mean(),
            difference.error()));
    return checks;
  }

  /** ⟨O⟩ over flowed fields against the average over the noise, done analytically, of bare fields. */
  private List<Check> mcrg() {
    int configurations = setting.choose(600, 6000);
    double lambda = 1.5;
    double siteNoise = 0;
    double gradientNoise = 0;
    for (int k = 0; k < modes.size(); k++) {
      siteNoise += noise(modes.energy(k), lambda) / modes.size();
      gradientNoise += modes.energy(k) * noise(modes.energy(k), lambda) / modes.size();
    }
    String[] names = {"phi2", "phi4", "gradient2"};
    Record[] conditional = new Record[3];
    Record[] difference = new Record[3];
    for (int o = 0; o < 3; o++) {
      conditional[o] = new Record(configurations);
      difference[o] = new Record(configurations);
    }
    Record mean2 = new Record(configurations);
    try (Sampler sampler = ensemble();
        Flow flow = setting.subject().polchinski(
            setting.device(), FourierTransforms.of(layout, setting.device()), covariance,
                new RandomStream(setting.seed() + 1));
        // E_η φ_t: under the exponential regulator K = e^(−p̂²/Λ²) is the gradient flow's factor
        GradientFlow smooth = new GradientFlow(setting.device(), FourierTransforms.of(layout, setting.device()));
        Measurement ofFlow = new Measurement(layout, flow.field(), setting.device());
        Measurement ofMean = new Measurement(layout, smooth.field(), setting.device())) {
      int[] at = {0};
      double n = siteNoise;
      double gradient = gradientNoise;
      new Chain(sampler, setting.device()).forEach(configurations, 2, field -> {
        System.arraycopy(field, 0, flow.field(), 0, field.length);
        System.arraycopy(field, 0, smooth.field(), 0, field.length);
        flow.advance(Double.POSITIVE_INFINITY, lambda);
        smooth.advance(Double.POSITIVE_INFINITY, lambda);
        ofFlow.measure();
        ofMean.measure();
        for (int replica = 0; replica < layout.replicas(); replica++) {
          double psi2 = ofMean.values().get("phi2")[replica];
          double psi4 = ofMean.values().get("phi4")[replica];
          double[] average = {psi2 + n, psi4 + 6 * psi2 * n + 3 * n * n, ofMean.values().get("gradient2")[replica]
              + gradient};
          for (int o = 0; o < 3; o++) {
            conditional[o].values[replica][at[0]] = average[o];
            difference[o].values[replica][at[0]] = ofFlow.values().get(names[o])[replica] - average[o];
          }
          mean2.values[replica][at[0]] = psi2;
        }
        at[0]++;
      });
    }
    GammaMethod errors = new GammaMethod();
    double psi2 = mean2.series().mean();
    double[] effect = {0.5 * siteNoise, 3 * psi2 * siteNoise + 2.25 * siteNoise * siteNoise, 0.5 * gradientNoise};
    String[] what = {"⟨φ²⟩", "⟨φ⁴⟩", "⟨Σ_μ(∂φ)²⟩"};
    List<Check> checks = new ArrayList<>();
    for (int o = 0; o < 3; o++) {
      Estimate expected = errors.primary(conditional[o].series());
      Estimate offset = errors.primary(difference[o].series());
      checks.add(Check.monteCarlo("lattice.mcrg." + names[o],
          setting.seeded(what[o] + " over P_t at Λ = " + lambda + " against ⟨E_η O(Kφ_0 + noise)⟩ over P_0" + WHERE),
          "Monte Carlo RG identity: ⟨O⟩_{P_t} = ⟨E_η O(φ_t)⟩_{P_0}", expected.mean(), expected.mean() + offset.mean(),
          offset.error(), effect[o]));
    }
    return checks;
  }

  /**
   * Itô's formula for the modes under a Wegner–Morris flow with V = λ Σφ⁴ in its seed action,
   * d(⟨c²⟩/C²) = (1 − 2⟨c ∂V/∂c⟩) d(1/C), integrated along the flow by the trapezoidal rule.
   */
  private List<Check> wegnerMorris() {
    int configurations = setting.choose(12, 250);
    int pieces = 96;
    double end = 1 / (1.5 * 1.5);
    SeedAction seed = new SeedAction.Quartic(ACTION.lambda());
    List<Check> checks = new ArrayList<>();
    for (FlowIntegrator integrator : List.of(FlowIntegrator.EXPONENTIAL, FlowIntegrator.STOCHASTIC_HEUN)) {
      Record predicted = new Record(configurations);
      Record difference = new Record(configurations);
      Record seedPart = new Record(configurations);
      ModeTransform transform = FourierTransforms.of(layout, setting.device());
      float[] field = new float[layout.size()];
      float[] force = new float[layout.size()];
      float[] c = new float[layout.size()];
      float[] f = new float[layout.size()];
      Program analysis = new Program("seed force").input(field)
          .addAll(transform.forward(field, c))
          .addAll(seed.force(layout, FACTOR, field, force))
          .addAll(transform.forward(force, f))
          .output(c, f);
      try (Sampler sampler = ensemble();
          Session session = setting.device().open(analysis);
          Flow flow = setting.subject().wegnerMorris(setting.device(), FourierTransforms.of(layout, setting.device()),
              covariance, seed,
              integrator, 2, new RandomStream(setting.seed() + 1))) {
        int[] at = {0};
        double[] integral = new double[layout.size()];
        double[] work = new double[layout.size()];
        double[] first = new double[layout.size()];
        double[] last = new double[layout.size()];
        new Chain(sampler, setting.device()).forEach(configurations, 4, bare -> {
          System.arraycopy(bare, 0, flow.field(), 0, bare.length);
          Arrays.fill(integral, 0);
          Arrays.fill(work, 0);
          for (int i = 0; i <= pieces; i++) {
            double time = end * i / pieces;
            double previous = end * (i - 1) / pieces;
            if (i > 0) {
              flow.advance(1 / Math.sqrt(previous), 1 / Math.sqrt(time));
            }
            System.arraycopy(flow.field(), 0, field, 0, field.length);
            session.run(analysis);
            for (int mode = 1; mode < modes.size(); mode++) {
              double p2 = modes.energy(mode);
              double inverse = (p2 + MASS2) / FACTOR * Math.exp(p2 * time);
              double step = i == 0 ? 0 : inverse - (p2 + MASS2) / FACTOR * Math.exp(p2 * previous);
              for (int replica = 0; replica < layout.replicas(); replica++) {
                int index = layout.index(replica, mode);
                double now = (double) c[index] * f[index];
                integral[index] += step;
                work[index] += step * (last[index] + now);
                last[index] = now;
                if (i == 0) {
                  first[index] = (double) c[index] * c[index] * inverse * inverse;
                  work[index] = 0;
                }
              }
            }
          }
          for (int replica = 0; replica < layout.replicas(); replica++) {
            double expected = 0;
            double seen = 0;
            double forced = 0;
            for (int mode = 1; mode < modes.size(); mode++) {
              int index = layout.index(replica, mode);
              double p2 = modes.energy(mode);
              double covariance = FACTOR / (p2 + MASS2) * Math.exp(-p2 * end);
              double square = covariance * covariance / modes.size();
              expected += square * (first[index] + integral[index] - work[index]);
              forced += square * work[index];
              seen += (double) c[index] * c[index] / modes.size();
            }
            predicted.values[replica][at[0]] = expected;
            difference.values[replica][at[0]] = seen - expected;
            seedPart.values[replica][at[0]] = forced;
          }
          at[0]++;
        });
      }
      GammaMethod errors = new GammaMethod();
      Estimate offset = errors.primary(difference.series());
      double expected = predicted.series().mean();
      double effect = 0.5 * Math.abs(seedPart.series().mean());
      checks.add(Check.monteCarlo("lattice.wegner-morris." + integrator.label(),
          setting.seeded("⟨φ²⟩ without the zero mode at Λ = 1.5 after a Wegner-Morris flow with V = λΣφ⁴ in the seed "
              + "action, against Itô's formula d(⟨c²⟩/C²) = (1 − 2⟨c ∂V/∂c⟩) d(1/C) along the flow, "
              + "" + integrator.label() + WHERE),
          "Wegner 1974, Morris 1995; Cotler & Rezchikov 2202.11737: dφ = −B δŜ/δφ dt + √B dη", expected,
          expected + offset.mean(), offset.error(), effect));
    }
    return checks;
  }
}
