package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.Normals;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.sampler.Hmc;
import org.rgflow.sampler.HmcOptions;
import org.rgflow.sampler.Integrator;
import org.rgflow.sampler.ParallelTempering;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Start;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.Jackknife;
import org.rgflow.statistics.TimeSeries;

/** Samplers against closed forms (free field), exact sums (3×3), identities and published values. */
final class SamplerChecks {
  /** Samplers whose chain is exact. */
  private static final List<String> EXACT =
      List.of("hmc", "hmc-omelyan", "hmc-fourier", "hmc-omelyan-fourier", "metropolis", "wolff", "swendsen-wang",
          "mala");
  private static final String SCHWINGER_DYSON =
      "Schwinger-Dyson equation per site, GERDES: 2⟨Σ_μ(∂φ)² + m²φ²⟩ + 4λ⟨φ⁴⟩ = 1";
  private static final String GERDES = "Gerdes et al. 2207.00283, GERDES convention, m² = −4";

  private final MonteCarlo setting;

  SamplerChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addFreeTo(Suite suite) {
    suite.topic(new Topic("samplers", "Samplers of free fields",
        "Every sampler must give every mode of a free field its variance; Langevin dynamics by Euler’s scheme is "
            + "wrong by a known amount, which it must show.",
        List.of("\\langle|\\varphi_p|^2\\rangle = \\frac{1}{2(\\hat{p}^2 + m^2)}, \\quad \\text{Euler:}\\quad "
            + "\\frac{1}{k(1 - k\\epsilon/2)}, \\quad k = 2(\\hat{p}^2 + m^2)"),
        "stationary law of a linear stochastic equation"));
    for (String name : EXACT) {
      suite.add("sampler.free." + name, () -> free(name));
    }
    suite.add("sampler.free.langevin-exponential", () -> free("langevin-exponential"));
    suite.add("sampler.free.euler", this::euler);
  }

  void addInteractingTo(Suite suite) {
    suite.topic(new Topic("samplers", "Samplers against exact sums",
        "On 3×3 sites every sampler of the library is held against exact expectation values, and against the "
            + "Schwinger–Dyson equation, which holds on any lattice and is sharp where a factor of two hides.",
        List.of("2\\left\\langle\\sum_\\mu(\\partial_\\mu\\varphi)^2 + m^2\\varphi^2\\right\\rangle + "
            + "4\\lambda\\langle\\varphi^4\\rangle = 1 \\quad \\text{per site}"),
        "transfer matrix by quadrature; integration by parts"));
    for (String name : EXACT) {
      suite.add("sampler.3x3." + name, () -> exact(name));
    }
    suite.add("sampler.3x3.parallel-tempering", this::parallelTempering);
    suite.add("sampler.3x3.langevin", () -> extrapolated("langevin", 0.005, 1));
    suite.add("sampler.3x3.langevin-exponential", () -> extrapolated("langevin-exponential", 0.02, 2));
    suite.topic(new Topic("hmc", "Hybrid Monte Carlo",
        "Area preservation, reversibility and the order of both integrators.",
        List.of("\\langle e^{-\\Delta H}\\rangle = 1, \\quad \\Delta H \\propto \\epsilon^2"), "Creutz 1988"));
    suite.add("hmc.boltzmann", this::boltzmann);
    suite.add("hmc.reversible", this::reversible);
    suite.add("hmc.order", this::order);
    suite.topic(new Topic("published", "Published values near criticality",
        "Susceptibility, correlation length from effective masses and from the second moment, Binder cumulant and "
            + "⟨φ²⟩ on a line where the lattice is about four correlation lengths long.",
        List.of("\\chi = V\\langle m^2\\rangle, \\quad U_4 = 1 - \\frac{\\langle m^4\\rangle}{3\\langle "
            + "m^2\\rangle^2}, \\quad \\xi_{2} = \\frac{1}{2\\sin(\\pi/L)}\\sqrt{\\frac{\\chi}{G(k_{\\min})} - 1}"),
        "Gerdes et al. 2207.00283"));
    suite.add("golden.gerdes.6", () -> table(new Row(6, 6.975, "hmc", setting.choose(4000, 30000), 2,
        1.0622, .0011, 3.976, .003, 1.4828, .0011, .1920, .0006, .16136, .00003)));
    if (setting.effort() == Effort.FULL) {
      suite.add("golden.gerdes.8", () -> table(new Row(8, 6.008, "hmc", 30000, 2,
          1.8947, .0022, 3.969, .003, 1.9986, .0019, .2080, .0006, .18388, .00003)));
      suite.add("golden.gerdes.20", () -> table(new Row(20, 4.807, "wolff", 16000, 1,
          10.64, .04, 4.049, .009, 4.979, .013, .2401, .0014, .23716, .00006)));
      suite.add("golden.gerdes.64", () -> table(new Row(64, 4.398, "wolff", 6000, 1,
          87.4, 1.1, 4.16, .03, 15.9, .1, .249, .005, .27587, .00012)));
    }
  }

  private Sampler sampler(String name, Phi4Action action, FieldLayout layout, SamplerOptions options) {
    return setting.subject().sampler(name, action, layout, new RandomStream(setting.seed()), setting.device(), options);
  }

  // ---- free field

  private final Phi4Action freeAction = Phi4Action.gerdes(0.6, 0);

  private List<Check> free(String name) {
    Estimate ratio = meanOverModes(name, SamplerOptions.DEFAULTS, setting.choose(400, 4000),
        p2 -> 1 / (2 * (p2 + 0.6)));
    return List.of(Check.monteCarlo("sampler.free." + name,
        setting.seeded("mean over the modes of ⟨|φ_p|²⟩ · 2(p̂²+m²), free field, GERDES, 8x8, m² = 0.6, sampler "
            + name),
        "free propagator 1/(2(p̂²+m²))", 1, ratio.mean(), ratio.error()));
  }

  /** Variance of a mode as a function of p̂². */
  private interface Variance {
    double of(double momentum2);
  }

  /** The average over the modes of c²/V. */
  private Estimate meanOverModes(String name, SamplerOptions options, int measurements, Variance variance) {
    FieldLayout layout = new FieldLayout(Lattice.square(8), 32);
    LatticeModes modes = new LatticeModes(layout.lattice());
    double[] expected = new double[modes.size()];
    Arrays.setAll(expected, k -> variance.of(modes.energy(k)));
    double[][] series = new double[layout.replicas()][measurements];
    ModeTransform transform = FourierTransforms.of(layout, setting.device());
    int[] at = {0};
    try (Sampler sampler = sampler(name, freeAction, layout, options);
        Modes analysis = new Modes(setting.device(), transform, setting.seed())) {
      new Chain(sampler, setting.device()).thermalise(200).forEach(measurements, 1, field -> {
        float[] c = analysis.of(field);
        for (int replica = 0; replica < layout.replicas(); replica++) {
          double sum = 0;
          for (int k = 0; k < expected.length; k++) {
            double x = c[layout.index(replica, k)];
            sum += x * x / expected[k];
          }
          series[replica][at[0]] = sum / expected.length;
        }
        at[0]++;
      });
    }
    return new GammaMethod().primary(TimeSeries.of(series));
  }

  private List<Check> euler() {
    double step = 0.04;
    LatticeModes modes = new LatticeModes(Lattice.square(8));
    Estimate ratio = meanOverModes("langevin", SamplerOptions.DEFAULTS.withStepSize(step).withSteps(8),
        setting.choose(1000, 8000), p2 -> 1 / (2 * (p2 + 0.6)));
    IntToDoubleFunction mean = factor -> Arrays.stream(modes.energies())
        .map(p2 -> 1 / (1 - (p2 + 0.6) * step * factor / 2)).average().orElseThrow();
    double expected = mean.applyAsDouble(2); // kε/2 = (p̂²+m²)ε
    double effect = expected - mean.applyAsDouble(1);
    return List.of(Check.monteCarlo("sampler.free.euler",
        setting.seeded("mean over the modes of k⟨|φ_p|²⟩, k = 2(p̂²+m²), under Langevin dynamics with Euler steps ε = "
            + step
            + ", free field, GERDES, 8x8, m² = 0.6 (exact dynamics would give 1)"),
        "Euler-Maruyama of an Ornstein-Uhlenbeck process: stationary variance 1/(k(1 − kε/2))", expected, ratio.mean(),
        ratio.error(), effect));
  }

  // ---- 3×3 against exact sums

  private LinkedHashMap<String, Estimate> threeByThree(String name, SamplerOptions options, int measurements) {
    FieldLayout layout = new FieldLayout(Lattice.square(3), 128);
    return threeByThree(sampler(name, ExactLatticeChecks.ACTION_3X3, layout, options), measurements);
  }

  private LinkedHashMap<String, Estimate> threeByThree(Sampler sampler, int measurements) {
    try (sampler) {
      return new Chain(sampler, setting.device()).thermalise(120).measure(measurements, 1).observables();
    }
  }

  private List<Check> exact(String name) {
    return exact(name, threeByThree(name, SamplerOptions.DEFAULTS, setting.choose(600, 6000)));
  }

  /** HMC on a ladder of three couplings; the target is the strongest. */
  private List<Check> parallelTempering() {
    FieldLayout layout = new FieldLayout(Lattice.square(3), 128);
    List<Sampler> rungs = new ArrayList<>();
    for (double lambda : new double[] {ExactLatticeChecks.ACTION_3X3.lambda(), 5.5, 4.5}) {
      rungs.add(setting.subject().sampler("hmc", Phi4Action.gerdes(-4, lambda), layout,
          new RandomStream(setting.seed() + rungs.size()), setting.device(), SamplerOptions.DEFAULTS));
    }
    return exact("parallel-tempering",
        threeByThree(new ParallelTempering(rungs, setting.device()), setting.choose(600, 6000)));
  }

  private List<Check> exact(String name, LinkedHashMap<String, Estimate> seen) {
    List<Check> checks = new ArrayList<>();
    EXACT_3X3.forEach((key, value) -> checks.add(Check.monteCarlo("sampler.3x3." + name + "." + key,
        setting.seeded(key + ", GERDES, 3x3, m² = −4, λ = 6.975, sampler " + name), "exact, transfer matrix "
            + "(golden.3x3)",
        value, seen.get(key).mean(), seen.get(key).error())));
    checks.add(schwingerDyson("sampler.3x3." + name, "sampler " + name + ", GERDES, 3x3, m² = −4, λ = 6.975",
        seen.get("schwingerDyson").mean(), seen.get("schwingerDyson").error()));
    return checks;
  }

  private static final Map<String, Double> EXACT_3X3 = new LinkedHashMap<>();

  static {
    EXACT_3X3.put("phi2", ExactLatticeChecks.GOLDEN_3X3.phi2());
    EXACT_3X3.put("phi4", ExactLatticeChecks.GOLDEN_3X3.phi4());
    EXACT_3X3.put("susceptibility", ExactLatticeChecks.GOLDEN_3X3.susceptibility());
    EXACT_3X3.put("binder", ExactLatticeChecks.GOLDEN_3X3.binder());
  }

  private Check schwingerDyson(String id, String where, double measured, double error) {
    return Check.monteCarlo(id + ".schwinger-dyson",
        setting.seeded("2⟨Σ_μ(∂φ)² + m²φ²⟩ + 4λ⟨φ⁴⟩ per site, " + where), SCHWINGER_DYSON, 1, measured, error);
  }

  /** Langevin schemes with a step-size error of order ε^p, at ε and ε/2, extrapolated to 0. */
  private List<Check> extrapolated(String name, double step, int order) {
    int measurements = setting.choose(800, 8000);
    int steps = (int) Math.ceil(0.32 / step);
    LinkedHashMap<String, Estimate> coarse =
        threeByThree(name, SamplerOptions.DEFAULTS.withStepSize(step).withSteps(steps), measurements);
    LinkedHashMap<String, Estimate> fine =
        threeByThree(name, SamplerOptions.DEFAULTS.withStepSize(0.5 * step).withSteps(2 * steps), measurements);
    double weight = 1.0 / ((1 << order) - 1);
    Map<String, Double> expected = new LinkedHashMap<>(EXACT_3X3);
    expected.put("schwingerDyson", 1.0);
    List<Check> checks = new ArrayList<>();
    expected.forEach((key, value) -> {
      double mean = (1 + weight) * fine.get(key).mean() - weight * coarse.get(key).mean();
      double error = Math.hypot((1 + weight) * fine.get(key).error(), weight * coarse.get(key).error());
      String where = "sampler " + name + " with steps ε = " + step + " and ε/2 extrapolated to 0 at order " + order
          + ", GERDES, 3x3, m² = −4, λ = 6.975";
      checks.add(key.equals("schwingerDyson") ? schwingerDyson("sampler.3x3." + name, where, mean, error)
          : Check.monteCarlo("sampler.3x3." + name + "." + key, setting.seeded(key + ", " + where),
              "exact, transfer matrix (golden.3x3)", value, mean, error));
    });
    return checks;
  }

  // ---- the integrators of HMC

  private final Phi4Action hmcAction = Phi4Action.gerdes(-4, 6.008);

  /** A thermalised field of 8×8. */
  private float[] equilibrium(FieldLayout layout) {
    RandomStream stream = new RandomStream(setting.seed());
    float[] field = Start.HOT.field(hmcAction, layout, stream);
    try (Hmc hmc = setting.subject().hmc(hmcAction, layout, field, stream, setting.device(),
        HmcOptions.standard(Integrator.LEAPFROG, hmcAction.hopping()))) {
      for (int i = 0; i < 300; i++) {
        hmc.update();
      }
      return hmc.field().clone();
    }
  }

  private List<Check> boltzmann() {
    FieldLayout layout = new FieldLayout(Lattice.square(8), 64);
    List<Check> checks = new ArrayList<>();
    for (Integrator integrator : Integrator.values()) {
      // Large steps, so that ΔH is of order one.
      HmcOptions options = HmcOptions.standard(integrator, hmcAction.hopping())
          .withSteps(integrator == Integrator.LEAPFROG ? 8 : 5);
      int updates = setting.choose(1500, 20000);
      double[][] weight = new double[layout.replicas()][updates];
      double mean = 0;
      try (Hmc hmc = setting.subject().hmc(hmcAction, layout, equilibrium(layout), new RandomStream(setting.seed() + 1),
          setting.device(), options)) {
        for (int i = 0; i < updates; i++) {
          hmc.update();
          for (int replica = 0; replica < layout.replicas(); replica++) {
            double change = hmc.lastEnergyChange(replica);
            weight[replica][i] = Math.exp(-change);
            mean += change / ((double) updates * layout.replicas());
          }
        }
      }
      Estimate estimate = new GammaMethod().primary(TimeSeries.of(weight));
      // Were ΔH off by a factor of 2, e^(−2ΔH) would average to about 1 + 2⟨ΔH⟩, e^(−ΔH/2) to 1 − ½⟨ΔH⟩ (cumulants).
      checks.add(Check.monteCarlo("hmc.boltzmann." + integrator.label(),
          setting.seeded(String.format(Locale.ROOT,
              "⟨e^(−ΔH)⟩ with ⟨ΔH⟩ = %.3f, %s with %d steps, GERDES, 8x8, m² = −4, λ = 6.008", mean, integrator.label(),
              options.steps())),
          "Creutz 1988: area preservation and reversibility give ⟨e^(−ΔH)⟩ = 1", 1, estimate.mean(), estimate.error(),
          0.25 * mean));
    }
    return checks;
  }

  /** Molecular dynamics there, momenta reversed, and back. */
  private List<Check> reversible() {
    FieldLayout layout = new FieldLayout(Lattice.square(8), 16);
    float[] start = equilibrium(layout);
    List<Check> checks = new ArrayList<>();
    for (Integrator integrator : Integrator.values()) {
      int steps = 12;
      int stages = integrator.stagesPerStep() * steps;
      float[] schedule = new float[2 * stages + 1];
      setting.subject().stages(integrator, 0.08, steps, schedule);
      float[] phi = start.clone();
      float[] momenta = new float[phi.length];
      float[] moved = new float[phi.length];
      RandomStream stream = new RandomStream(setting.seed());
      float h = (float) hmcAction.hopping();
      float u = (float) hmcAction.quadratic();
      float g = (float) hmcAction.quartic();
      int side = layout.lattice().lx();
      int lanes = layout.lanes();
      Program refresh = new Program("momenta").input(stream.buffer()).output(momenta)
          .add(new Normals(momenta, layout.blocks(), stream.buffer(), Streams.MOMENTA));
      Program trajectory = new Program("trajectory").input(phi, momenta, schedule);
      float[] from = phi;
      float[] to = moved;
      for (int s = 0; s < stages; s++) {
        trajectory.add(new KickDrift(from, momenta, to, schedule, s, h, u, g, side, side, lanes));
        float[] swap = from;
        from = to;
        to = swap;
      }
      trajectory.add(new Kick(from, momenta, schedule, stages, h, u, g, side, side, lanes)).output(from, momenta);
      double moveSquare = 0;
      double worst = 0;
      try (Session session = setting.device().open(refresh, trajectory)) {
        session.run(refresh);
        session.run(trajectory);
        for (int i = 0; i < phi.length; i++) {
          moveSquare += (from[i] - start[i]) * (double) (from[i] - start[i]);
          momenta[i] = -momenta[i];
        }
        System.arraycopy(from.clone(), 0, phi, 0, phi.length);
        session.run(trajectory);
        for (int i = 0; i < phi.length; i++) {
          worst = Math.max(worst, Math.abs(from[i] - start[i]));
        }
      }
      checks.add(Check.absolute("hmc.reversible." + integrator.label(),
          setting.seeded(String.format(Locale.ROOT, "largest |φ − φ_0| after a trajectory, reversal of the momenta "
              + "and a second one, %s, 12 steps of 0.08, 8x8 (float; one way the fields move by %.3f rms)",
                  integrator.label(),
              Math.sqrt(moveSquare / phi.length))),
          "reversibility of symmetric splittings (Duane et al. 1987; Omelyan et al. 2003)", 0, worst, 2e-5));
    }
    return checks;
  }

  /** √⟨ΔH²⟩ at three step sizes, from the same start and momenta. */
  private List<Check> order() {
    FieldLayout layout = new FieldLayout(Lattice.square(8), setting.choose(1024, 8192));
    float[] start = equilibrium(layout);
    List<Check> checks = new ArrayList<>();
    for (Integrator integrator : Integrator.values()) {
      int first = integrator == Integrator.LEAPFROG ? 32 : 16;
      double[][] square = new double[3][layout.replicas()];
      for (int level = 0; level < 3; level++) {
        HmcOptions options = HmcOptions.standard(integrator,
            hmcAction.hopping()).withJitter(0).withSteps(first << level);
        try (Hmc hmc = setting.subject().hmc(hmcAction, layout, start.clone(), new RandomStream(setting.seed() + 2),
            setting.device(), options)) {
          hmc.update();
          for (int replica = 0; replica < layout.replicas(); replica++) {
            square[level][replica] = Math.pow(hmc.lastEnergyChange(replica), 2);
          }
        }
      }
      TimeSeries[] series = {TimeSeries.of(square[0]), TimeSeries.of(square[1]), TimeSeries.of(square[2])};
      // Local orders between ε and ε/2, ε/2 and ε/4; their own error falls by 4.
      Estimate order = new Jackknife(64).derived(m -> {
        double coarse = 0.25 * 2 * Math.log(m[0] / m[1]) / Math.log(2);
        double fine = 0.25 * 2 * Math.log(m[1] / m[2]) / Math.log(2);
        return (4 * fine - coarse) / 3;
      }, series);
      checks.add(Check.monteCarlo("hmc.order." + integrator.label(),
          setting.seeded("order of √⟨ΔH²⟩ in ε from " + first + ", " + 2 * first + " and " + 4 * first + " steps per "
              + "trajectory, "
              + integrator.label() + ", 8x8"),
          "ΔH ∝ ε² for second-order splittings at fixed trajectory length", 2, order.mean(), order.error(), 1));
    }
    return checks;
  }

  // ---- published values

  private record Row(
      int side, double lambda, String sampler, int measurements, int stride, double chi, double chiError, double ratio,
      double ratioError, double xi, double xiError, double binder, double binderError, double phi2, double phi2Error) {}

  private List<Check> table(Row row) {
    FieldLayout layout = new FieldLayout(Lattice.square(row.side), row.side < 64 ? 64 : 32);
    Phi4Action action = Phi4Action.gerdes(-4, row.lambda);
    try (Sampler sampler = sampler(row.sampler, action, layout, SamplerOptions.DEFAULTS)) {
      Chain chain = new Chain(sampler, setting.device())
          .thermalise(300)
          .measure(row.measurements, row.stride);
      Map<String, Estimate> seen = chain.observables();
      Estimate ratio = chain.extentOverCorrelationLength();
      String id = "golden.gerdes." + row.side;
      return List.of(
          compare(id + ".susceptibility", "χ", row, row.chi, row.chiError, seen.get("susceptibility")),
          compare(id + ".extent-over-xi", "L/ξ, 1/ξ the mean over t of arccosh((G₊+G₋)/2G)", row, row.ratio,
              row.ratioError,
              ratio),
          compare(id + ".xi-2nd", "second-moment correlation length", row, row.xi, row.xiError,
              seen.get("correlationLength2nd")),
          compare(id + ".binder", "U4", row, row.binder, row.binderError, seen.get("binder")),
          compare(id + ".phi2", "⟨φ²⟩", row, row.phi2, row.phi2Error, seen.get("phi2")),
          schwingerDyson(id, "L = " + row.side + ", λ = " + row.lambda + ", sampler " + row.sampler,
              seen.get("schwingerDyson").mean(), seen.get("schwingerDyson").error()));
    }
  }

  private Check compare(String id, String what, Row row, double published, double publishedError, Estimate seen) {
    return Check.monteCarlo(id,
        setting.seeded(String.format(Locale.ROOT,
            "%s, L = %d, λ = %s, sampler %s: ours ± %.2g, published ± %.2g", what, row.side, row.lambda, row.sampler,
                seen.error(),
            publishedError)),
        GERDES, published, seen.mean(), Math.hypot(seen.error(), publishedError));
  }
}
