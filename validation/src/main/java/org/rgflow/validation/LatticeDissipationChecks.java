package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.flow.Flow;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.flow.SeedAction;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.spectral.Regulators;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.TimeSeries;

/**
 * Dissipation along the flow of φ⁴ theory on lattices, by Monte Carlo. The density of a lattice is known where the flow
 * begins, P_0 = e^(−S)/Z, and there
 *
 * <pre>  d/dt KL(P_t‖Q_t) = d/dt E[−S(φ_t) − ln Q_t(φ_t)],</pre>
 *
 * because E[∂_t ln P_t] = 0: the left side is a difference quotient along the flow under test, and only the right
 * side knows of gradients. Further down the scores are seen through averages over φ_0 and φ_t together,
 *
 * <pre>  E[f ∂ ln P_t] = −E[f(φ_t) ∂S(φ_0)]/a = −E[f(φ_t) (φ_t − aφ_0)]/n = −E[∂f],</pre>
 *
 * and squares of conditional averages through two independent draws of φ_0 given φ_t ({@link PosteriorChain}).
 */
final class LatticeDissipationChecks {
  private static final double MASS2 = 1;
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6.008);
  /** z of the GERDES field: its free covariance is z/(p̂²+M²). */
  private static final double FACTOR = 0.5;
  /** g of the seed action's V = g Σφ⁴. */
  private static final double SEED_COUPLING = 2;
  /** The shortest of three times of the difference quotients. */
  private static final double STEP = 0.002;
  private static final double LAMBDA = 1.5;
  private static final String WHERE = ", GERDES, 8x8, m² = −4, λ = 6.008, reference mass² 1, exponential regulator";
  private static final String ERG = "Cotler & Rezchikov 2202.11737: ∂_t P = ½ ∂(B P ∂ log(P/Q)), Q ∝ e^(−2Ŝ)";

  private final MonteCarlo setting;
  private final FieldLayout layout = new FieldLayout(Lattice.square(8), 64);
  private final LatticeModes modes = new LatticeModes(layout.lattice());
  private final RunningCovariance covariance = RunningCovariance.of(ACTION, MASS2, new Regulators.Exponential());

  LatticeDissipationChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("lattice", "Fields on a lattice",
        "For φ⁴ on a lattice no density can be written down below the cutoff, but averages can: the change of relative "
            + "entropies where the flow begins, the score further down as a conditional average, and on a lattice so "
            + "small that Z is known, all that is dissipated from the bare field to nothing.",
        List.of("\\frac{d}{dt}\\,\\mathrm{KL}(P_t\\|Q_t) = \\frac{d}{dt}\\left\\langle -S(\\varphi_t) - \\ln "
            + "Q_t(\\varphi_t)\\right\\rangle = -\\frac{1}{2}\\sum_p B_p\\left\\langle\\left(\\partial_p S + "
                + "\\partial_p\\ln Q\\right)^2\\right\\rangle + \\dots",
            "-\\left\\langle f\\,\\partial\\ln P_t\\right\\rangle = \\frac{1}{a}\\left\\langle "
                + "f(\\varphi_t)\\,\\partial S(\\varphi_0)\\right\\rangle = \\frac{1}{n}\\left\\langle "
                + "f(\\varphi_t)(\\varphi_t - a\\varphi_0)\\right\\rangle = \\left\\langle\\partial f\\right\\rangle",
            "\\int_0^\\infty\\frac{1}{2}\\sum_p B_p\\left\\langle E[\\partial_p "
                + "S_{\\mathrm{int}}(\\varphi_0)|\\varphi_t]^2\\right\\rangle dt = \\mathrm{KL}(P_0\\|\\gamma_0)"),
        "Cotler & Rezchikov 2202.11737; Schwinger–Dyson equations; Tweedie’s formula"));
    suite.add("lattice.dissipation", this::polchinski);
    suite.add("lattice.dissipation.wegner-morris", this::wegnerMorris);
    suite.add("lattice.score", this::score);
    suite.add("lattice.total-dissipation", this::total);
  }

  private Sampler ensemble(Phi4Action action, FieldLayout fields) {
    Sampler sampler = setting.subject().sampler("hmc", action, fields, new RandomStream(setting.seed()),
        setting.device(), SamplerOptions.DEFAULTS);
    new Chain(sampler, setting.device()).thermalise(300);
    return sampler;
  }

  /** Mode coefficients c of fields, and f, those of 4λφ³. */
  private final class Analysis implements AutoCloseable {
    private final FieldLayout fields;
    private final LatticeModes spectrum;
    private final Phi4Action action;
    private final float[] field;
    private final float[] c;
    private final float[] f;
    private final Program program;
    private final Session session;

    Analysis(FieldLayout fields, Phi4Action action) {
      this.fields = fields;
      this.action = action;
      spectrum = new LatticeModes(fields.lattice());
      field = new float[fields.size()];
      c = new float[field.length];
      f = new float[field.length];
      float[] force = new float[field.length];
      ModeTransform transform = FourierTransforms.of(fields, setting.device());
      program = new Program("action and force").input(field)
          .addAll(transform.forward(field, c))
          .addAll(new SeedAction.Quartic(action.lambda()).force(fields, FACTOR, field, force))
          .addAll(transform.forward(force, f))
          .output(c, f);
      session = setting.device().open(program);
    }

    void of(float[] source) {
      System.arraycopy(source, 0, field, 0, field.length);
      session.run(program);
    }

    double c(int replica, int mode) {
      return c[fields.index(replica, mode)];
    }

    double f(int replica, int mode) {
      return f[fields.index(replica, mode)];
    }

    /** λ Σφ⁴. */
    double quartic(int replica) {
      double sum = 0;
      for (int k = 0; k < spectrum.size(); k++) {
        sum += 0.25 * c(replica, k) * f(replica, k);
      }
      return sum;
    }

    double action(int replica) {
      double sum = quartic(replica);
      for (int k = 0; k < spectrum.size(); k++) {
        sum += (spectrum.energy(k) + action.mass2()) * c(replica, k) * c(replica, k);
      }
      return sum;
    }

    /** ∂S/∂c. */
    double force(int replica, int mode) {
      return 2 * (spectrum.energy(mode) + action.mass2()) * c(replica, mode) + f(replica, mode);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  /** A functional of a field at a time. */
  private interface Functional {
    double of(Analysis field, int replica, double time);
  }

  /**
   * A rate of change.
   *
   * @param functional O_t, of which d/dt E[O_t(φ_t)] is measured at t = 0
   * @param rate what it must be, over P_0
   */
  private record Identity(String name, String statement, String reference, Functional functional, Functional rate) {}

  /** Differences along a flow against averages where it begins, configuration by configuration. */
  private List<Check> compare(List<Identity> identities, Flow flow, int configurations) {
    double[][][] expected = new double[identities.size()][layout.replicas()][configurations];
    double[][][] difference = new double[identities.size()][layout.replicas()][configurations];
    try (Sampler sampler = ensemble(ACTION, layout); Analysis analysis = new Analysis(layout, ACTION)) {
      int[] at = {0};
      // (8 D(δ) − 6 D(2δ) + D(4δ))/3 is the derivative up to δ³
      double[] weight = {8.0 / 3, -2, 1.0 / 3};
      new Chain(sampler, setting.device()).forEach(configurations, 4, bare -> {
        analysis.of(bare);
        for (int i = 0; i < identities.size(); i++) {
          Identity identity = identities.get(i);
          for (int r = 0; r < layout.replicas(); r++) {
            expected[i][r][at[0]] = identity.rate.of(analysis, r, 0);
            difference[i][r][at[0]] = -identity.rate.of(analysis, r, 0);
            for (int level = 0; level < weight.length; level++) {
              difference[i][r][at[0]] -= weight[level] / (STEP * (1 << level)) * identity.functional.of(analysis, r, 0);
            }
          }
        }
        long position = flow.stream().step();
        for (int level = 0; level < weight.length; level++) {
          double time = STEP * (1 << level);
          // from φ_0 and −φ_0 with the same noise: what is odd in it drops out of the mean
          for (int sign = -1; sign <= 1; sign += 2) {
            for (int x = 0; x < bare.length; x++) {
              flow.field()[x] = sign * bare[x];
            }
            flow.stream().seek(position);
            flow.advance(Double.POSITIVE_INFINITY, 1 / Math.sqrt(time));
            analysis.of(flow.field());
            for (int i = 0; i < identities.size(); i++) {
              for (int r = 0; r < layout.replicas(); r++) {
                difference[i][r][at[0]] +=
                    0.5 * weight[level] / time * identities.get(i).functional.of(analysis, r, time);
              }
            }
          }
        }
        at[0]++;
      });
    }
    GammaMethod errors = new GammaMethod();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < identities.size(); i++) {
      Identity identity = identities.get(i);
      double mean = TimeSeries.of(expected[i]).mean();
      Estimate offset = errors.primary(TimeSeries.of(difference[i]));
      checks.add(Check.monteCarlo("lattice.dissipation." + identity.name, setting.seeded(identity.statement
          + ", where the flow begins, t = 1/Λ²; the left side by differences along the flow" + WHERE),
          identity.reference, mean, mean + offset.mean(), offset.error()));
    }
    return checks;
  }

  private double running(int mode, double time) {
    return FACTOR / (modes.energy(mode) + MASS2) * Math.exp(-modes.energy(mode) * time);
  }

  /** B = −∂C/∂(1/Λ²). */
  private double noiseRate(int mode, double time) {
    return modes.energy(mode) * running(mode, time);
  }

  /** Σ over all modes but the zero mode, which the exponential regulator leaves alone. */
  private double sum(IntToDoubleFunction term) {
    return IntStream.range(1, modes.size()).mapToDouble(term).sum();
  }

  private static double square(double x) {
    return x * x;
  }

  /** −Σ M (∂S + ∂ ln Q)² with ∂ ln Q = −stiffness · c / C. */
  private double slope(Analysis x, int r, double stiffness) {
    return -sum(k -> setting.subject().mobility(noiseRate(k, 0))
        * square(x.force(r, k) - stiffness * x.c(r, k) / running(k, 0)));
  }

  private List<Check> polchinski() {
    String monotone = "data-processing form of the RG monotone";
    double w = setting.subject().targetWeight();
    List<Identity> identities = List.of(
        new Identity("entropy", "dH/dt equals Σ[½ B E|∂S|² − B/C]", "entropy balance of the Fokker-Planck equation",
            (x, r, t) -> x.action(r), (x, r, t) -> -slope(x, r, 0) - sum(k -> noiseRate(k, 0) / running(k, 0))),
        new Identity("frozen-q", "d/dt KL(P‖Q) at frozen Q equals −½ Σ B E|∂S + ∂ ln Q|²", ERG,
            (x, r, t) -> -x.action(r) + sum(k -> square(x.c(r, k)) / running(k, 0)),
            (x, r, t) -> slope(x, r, w)),
        new Identity("moving-q", "d/dt KL(P_t‖Q_t) equals −½ Σ B E|∂S + ∂ ln Q|² + 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ]", ERG,
            (x, r, t) -> -x.action(r) + sum(k -> square(x.c(r, k)) / running(k, t) + 0.5 * Math.log(running(k, t))),
            (x, r, t) -> slope(x, r, w)
                + sum(k -> (square(x.c(r, k)) - 0.5 * running(k, 0)) * noiseRate(k, 0) / square(running(k, 0)))),
        new Identity("kl-free", "d/dt KL(P_t‖N(0,C_t)) equals −½ Σ B E|∂S_int|²", monotone,
            (x, r, t) -> -x.action(r)
                + sum(k -> 0.5 * square(x.c(r, k)) / running(k, t) + 0.5 * Math.log(running(k, t))),
            (x, r, t) -> slope(x, r, 1)));
    try (Flow flow = setting.subject().polchinski(setting.device(), FourierTransforms.of(layout, setting.device()),
        covariance, new RandomStream(setting.seed() + 1))) {
      return compare(identities, flow, setting.choose(60, 1000));
    }
  }

  private List<Check> wegnerMorris() {
    double ratio = SEED_COUPLING / ACTION.lambda();
    double w = setting.subject().targetWeight();
    Identity frozen = new Identity("wegner-morris", "d/dt KL(P‖Q) at frozen Q ∝ e^(−2Ŝ), Ŝ = ½φC⁻¹φ + " + SEED_COUPLING
        + " Σφ⁴, equals −½ Σ B E|∂S − 2∂Ŝ|² under the Wegner-Morris flow", "Wegner 1974, Morris 1995; " + ERG,
        (x, r, t) -> -x.action(r) + sum(k -> square(x.c(r, k)) / running(k, 0)) + 2 * ratio * x.quartic(r),
        (x, r, t) -> -sum(k -> setting.subject().mobility(noiseRate(k, 0))
            * square(x.force(r, k) - w * (x.c(r, k) / running(k, 0) + ratio * x.f(r, k)))));
    try (Flow flow = setting.subject().wegnerMorris(setting.device(), FourierTransforms.of(layout, setting.device()),
        covariance, new SeedAction.Quartic(SEED_COUPLING), FlowIntegrator.EXPONENTIAL, 1,
        new RandomStream(setting.seed() + 1))) {
      return compare(List.of(frozen), flow, setting.choose(60, 1000));
    }
  }

  /** −E[f ∂ ln P_t] in two ways, f = φ³, over the modes of small momentum. */
  private List<Check> score() {
    int configurations = setting.choose(150, 1500);
    int[] low = modes.orbits().stream().filter(o -> o.momentum2() > 0 && o.momentum2() < 2.5)
        .flatMapToInt(o -> Arrays.stream(o.modes())).toArray();
    double[][] mean = new double[layout.replicas()][configurations];
    double[][] byForce = new double[layout.replicas()][configurations];
    double[][] byNoise = new double[layout.replicas()][configurations];
    try (Sampler sampler = ensemble(ACTION, layout);
        Analysis bare = new Analysis(layout, ACTION);
        Analysis flowed = new Analysis(layout, ACTION);
        Flow flow = setting.subject().polchinski(setting.device(), FourierTransforms.of(layout, setting.device()),
            covariance,
            new RandomStream(setting.seed() + 1))) {
      int[] at = {0};
      double time = 1 / (LAMBDA * LAMBDA);
      new Chain(sampler, setting.device()).forEach(configurations, 4, field -> {
        bare.of(field);
        System.arraycopy(field, 0, flow.field(), 0, field.length);
        flow.advance(Double.POSITIVE_INFINITY, LAMBDA);
        flowed.of(flow.field());
        for (int r = 0; r < layout.replicas(); r++) {
          double square = 0;
          for (int k = 0; k < modes.size(); k++) {
            square += square(flowed.c(r, k)) / modes.size();
          }
          double force = 0;
          double noise = 0;
          for (int k : low) {
            double a = running(k, time) / running(k, 0);
            double n = running(k, time) * (1 - a);
            double cube = flowed.f(r, k) / (4 * ACTION.lambda());
            force += cube * bare.force(r, k) / a / low.length;
            noise += cube * (flowed.c(r, k) - a * bare.c(r, k)) / n / low.length;
          }
          mean[r][at[0]] = 3 * square;
          byForce[r][at[0]] = force - 3 * square;
          byNoise[r][at[0]] = noise - 3 * square;
        }
        at[0]++;
      });
    }
    double expected = TimeSeries.of(mean).mean();
    GammaMethod errors = new GammaMethod();
    Estimate force = errors.primary(TimeSeries.of(byForce));
    Estimate noise = errors.primary(TimeSeries.of(byNoise));
    String end = " for the modes of f = φ³ with 0 < p̂² < 2.5, Λ = " + LAMBDA + WHERE;
    return List.of(
        Check.monteCarlo("lattice.score.force", setting.seeded("E[f(φ_t) ∂S(φ_0)]/a equals E[∂f] = 3⟨φ_t²⟩" + end),
            "∂ ln P_t = −E[∂S(φ_0)|φ_t]/a; Schwinger-Dyson equation of P_t", expected, expected + force.mean(),
                force.error()),
        Check.monteCarlo("lattice.score.noise", setting.seeded("E[f(φ_t) (φ_t − aφ_0)]/n equals E[∂f] = 3⟨φ_t²⟩" + end),
            "Tweedie's formula: ∂ ln P_t = −(φ_t − a E[φ_0|φ_t])/n; Schwinger-Dyson equation of P_t", expected,
            expected + noise.mean(), noise.error()));
  }

  /**
   * KL(P_0‖N(0,C_0)) of the 3×3 lattice, from the exact ln Z, against all that is dissipated. With the proper-time
   * regulator B = zK, and in s = e^(−M²τ) the integral is ∫_0^1 z/(2M²) Σ (K/s) E[E[∂S_int(φ_0)|φ_τ]²] ds, K/s =
   * s^(p̂²/M²): the configurations have equidistant s.
   */
  private List<Check> total() {
    int configurations = setting.choose(120, 1000);
    Phi4Action action = ExactLatticeChecks.ACTION_3X3;
    FieldLayout fields = new FieldLayout(Lattice.square(3), 64);
    LatticeModes spectrum = new LatticeModes(fields.lattice());
    RunningCovariance proper = RunningCovariance.of(action, MASS2, new ProperTimeRegulator(MASS2));
    double[] integral = new double[fields.replicas()];
    PosteriorChain posterior = new PosteriorChain(fields.lattice(), action, setting.seed());
    try (Sampler sampler = ensemble(action, fields);
        Analysis bare = new Analysis(fields, action);
        Analysis flowed = new Analysis(fields, action);
        Flow flow = setting.subject().polchinski(setting.device(), FourierTransforms.of(fields, setting.device()),
            proper,
            new RandomStream(setting.seed() + 1))) {
      int[] at = {0};
      new Chain(sampler, setting.device()).forEach(configurations, 4, field -> {
        double s = (at[0]++ + 0.5) / configurations;
        double time = -Math.log(s) / MASS2;
        bare.of(field);
        System.arraycopy(field, 0, flow.field(), 0, field.length);
        flow.advance(Double.POSITIVE_INFINITY, 1 / Math.sqrt(time));
        flowed.of(flow.field());
        double[] start = new double[spectrum.size()];
        double[] later = new double[spectrum.size()];
        double[] precision = new double[spectrum.size()];
        double[] centre = new double[spectrum.size()];
        for (int r = 0; r < fields.replicas(); r++) {
          for (int k = 0; k < start.length; k++) {
            double a = Math.exp(-(spectrum.energy(k) + MASS2) * time);
            double n = FACTOR / (spectrum.energy(k) + MASS2) * a * (1 - a);
            start[k] = bare.c(r, k);
            later[k] = start[k];
            precision[k] = a * a / n;
            centre[k] = flowed.c(r, k) / a;
          }
          double[] before = posterior.force(start);
          double[] after = posterior.force(posterior.run(later, centre, precision));
          for (int k = 0; k < start.length; k++) {
            double free = 2 * (spectrum.energy(k) + MASS2);
            double weight = setting.subject().mobility(FACTOR) / MASS2 * Math.pow(s, spectrum.energy(k) / MASS2);
            integral[r] += weight * (before[k] - free * start[k]) * (after[k] - free * later[k]) / configurations;
          }
        }
      });
    }
    Tally tally = new Tally();
    Arrays.stream(integral).forEach(tally::add);
    TransferMatrix.Result exact = ExactLatticeChecks.GOLDEN_3X3;
    double interaction = spectrum.size() * ((action.mass2() - MASS2) * exact.phi2() + action.lambda() * exact.phi4());
    double free = 0;
    for (int k = 0; k < spectrum.size(); k++) {
      free += 0.5 * Math.log(2 * Math.PI * FACTOR / (spectrum.energy(k) + MASS2));
    }
    return List.of(Check.monteCarlo("lattice.total-dissipation", setting.seeded("∫_0^∞ ½ Σ B E[E[∂S_int(φ_0)|φ_t]²] "
        + "dt, all that is dissipated from the bare field to nothing, equals KL(P_0‖N(0,C_0)) = −ln(Z/Z_0) − ⟨S_int⟩, "
        + "GERDES, 3x3, m² = −4, λ = 6.975, reference mass² 1, proper-time "
        + "regulator"), "energy-dissipation equality; ln Z exact, by transfer matrix",
        free - exact.logZ() - interaction, tally.mean(), tally.error()));
  }
}
