package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.rgflow.flow.Interaction1D;
import org.rgflow.flow.OneModeFlow;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeSchedule.Transition;
import org.rgflow.spectral.ModeSchedule.Variable;
import org.rgflow.spectral.Regulators;
import org.rgflow.transport.QuantileFlow;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * Identities of the flow of one interacting mode, by quadrature: C₀ = 1, S_int,0 = −0.9 φ² + φ⁴/4, a
 * double well, K = e^(−1/μ). The densities come from {@link OneModeFlow}, the steps and rates from the subject
 * under test.
 */
final class OneModeChecks {
  private static final String ERG = "Polchinski 1984; Cotler & Rezchikov 2202.11737";
  private static final double QUADRATURE = 1e-8;

  private final Subject subject;
  private final OneModeFlow flow = new OneModeFlow(1, new Interaction1D(-0.9, 0.25));
  private final ModeSchedule schedule =
      new ModeSchedule(new double[] {1}, new double[] {1}, new Regulators.Exponential());
  private final double scale = 1 / 0.7;
  private final String setting = ", C_0 = 1, S_int,0 = −0.9φ² + φ⁴/4, K = e^(−0.7)";

  OneModeChecks(Subject subject) {
    this.subject = subject;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("one-mode", "One mode in a double well",
        "A single mode with a quartic interaction is followed by quadrature: the density at one scale, taken through "
            + "the finite step, is the density at the next; it solves the Fokker–Planck equation; its interaction "
            + "solves Polchinski’s equation; and its connected functions do not change.",
        List.of("e^{-S_{\\mathrm{int},t}} = \\mathcal{N}(0, C_0 - C_t) \\ast e^{-S_{\\mathrm{int},0}}, \\quad "
            + "S_{\\mathrm{int},0} = -0.9\\,\\varphi^2 + \\frac{\\varphi^4}{4}",
            "\\frac{\\partial S_{\\mathrm{int}}}{\\partial C} = \\frac{1}{2}\\left(S_{\\mathrm{int}}'^2 - "
                + "S_{\\mathrm{int}}''\\right), \\quad \\partial_t P = \\frac{1}{2}\\,B\\,\\partial^2 P + "
                + "\\frac{B}{C}\\,\\partial(\\varphi P)",
            "\\frac{G_t - C_t}{K_t^2} = \\text{const}, \\quad \\frac{\\kappa_{4,t}}{K_t^4} = \\text{const}"),
        "Polchinski 1984; Cotler & Rezchikov 2202.11737"));
    suite.add("golden-one-mode", this::golden);
    suite.add("one-mode.invariants", this::invariants);
    suite.add("one-mode.transition", this::transition);
    suite.add("one-mode.fokker-planck", this::fokkerPlanck);
    suite.add("one-mode.polchinski", this::polchinski);
    suite.figures("one-mode.curves", this::flowCurves);
    suite.topic(new Topic("one-mode-entropy", "Entropy, dissipation and reversal of the double well",
        "The identities of the Gaussian case hold for a density with two maxima: dissipation at fixed and at moving "
            + "Q, the monotone, the balance of entropy, the energy-dissipation equality, the conditional mean, and "
            + "minimising movements.",
        List.of("\\frac{d}{dt}\\,\\mathrm{KL}(P_t\\|Q_t) = "
            + "-\\frac{1}{2}\\,B\\,E_P\\left|\\partial\\ln\\frac{P}{Q}\\right|^2 + "
                + "2E_P[\\partial_t\\hat{S}] - 2E_Q[\\partial_t\\hat{S}]",
            "\\mathrm{KL}_0 - \\mathrm{KL}_T = "
                + "\\int_0^T\\frac{1}{2}\\,B\\,E\\left|\\partial\\ln\\frac{P}{\\gamma}\\right|^2 dt"),
        "Cotler & Rezchikov 2202.11737; Ambrosio, Gigli & Savaré 2008; Jordan, Kinderlehrer & Otto 1998"));
    suite.add("one-mode.entropies", this::entropies);
    suite.add("one-mode.energy-dissipation", this::energyDissipation);
    suite.add("one-mode.tweedie", this::tweedie);
    suite.add("one-mode.minimising-movement", this::minimisingMovement);
    suite.figures("one-mode.entropy-curves", this::entropyCurves);
  }

  private static final String WELL = "One mode, C_0 = 1, S_int,0 = −0.9φ² + φ⁴/4, by quadrature. ";

  /** The interaction and the density at several stages of the flow. */
  private List<Diagram> flowCurves() {
    double[] phi = new double[161];
    Arrays.setAll(phi, i -> -2.4 + 0.03 * i);
    List<Curve> actions = new ArrayList<>();
    List<Curve> densities = new ArrayList<>();
    List<Curve> invariants = new ArrayList<>();
    double[] stages = {1, 0.8, 0.6, 0.4, 0.2};
    for (double cutoff : stages) {
      OneModeFlow.Density p = flow.at(cutoff);
      double shift = p.effectiveAction(0);
      actions.add(Curve.line("K = " + cutoff, phi,
          Arrays.stream(phi).map(x -> p.effectiveAction(x) - shift).toArray()));
      densities.add(Curve.line("K = " + cutoff, phi, Arrays.stream(phi).map(x -> Math.exp(p.logDensity(x))).toArray()));
    }
    double[] cutoffs = new double[60];
    Arrays.setAll(cutoffs, i -> 1 - 0.016 * i);
    List<OneModeFlow.Density> path = Arrays.stream(cutoffs).mapToObj(flow::at).toList();
    invariants.add(Curve.line("(G − C)/K²", cutoffs,
        path.stream().mapToDouble(OneModeFlow.Density::propagatorInvariant).toArray()));
    invariants.add(Curve.line("κ₄/K⁴", cutoffs,
        path.stream().mapToDouble(OneModeFlow.Density::fourthCumulantInvariant).toArray()));
    invariants.add(Curve.dashes("G, which is not preserved", cutoffs,
        path.stream().mapToDouble(OneModeFlow.Density::variance).toArray()));
    return List.of(
        new Diagram("one-mode.action", "The interaction flows", Quantity.linear("φ"),
            Quantity.linear("S(φ) − S(0), interaction part").between(-1, 2.5), actions,
            WELL + "Fluctuations above the cutoff are integrated out: the double well of the interaction fills up."),
        new Diagram("one-mode.density", "The density flows", Quantity.linear("φ"),
            Quantity.linear("P(φ)").between(0, Double.NaN),
            densities, WELL + "Two maxima merge and the density contracts with C = C_0 K."),
        new Diagram("one-mode.invariants", "What the flow preserves", Quantity.linear("K"), Quantity.linear("value"),
            invariants,
            WELL + "The flow goes from right to left. Connected functions divided by their factors K stay what they "
                + "were at K = 1."));
  }

  /** Relative entropies along the flow, and their rates of change by differences and by the dissipation formula. */
  private List<Diagram> entropyCurves() {
    double[] times = new double[41];
    Arrays.setAll(times, i -> 0.02 + 0.05 * i);
    // K = e^(−1/μ) = e^(−t): per unit of t the rates are those per unit of −μ times μ²
    List<OneModeFlow.Density> path = Arrays.stream(times).mapToObj(t -> flow.at(Math.exp(-t))).toList();
    double[] toFree = path.stream().mapToDouble(p -> p.relativeEntropy(p.covariance())).toArray();
    double[] toTarget = path.stream().mapToDouble(p -> p.relativeEntropy(0.5 * p.covariance())).toArray();
    double[] dissipation = new double[times.length];
    double[] difference = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      double mu = 1 / times[i];
      OneModeFlow.Density p = path.get(i);
      dissipation[i] = 0.5 * subject.noiseRate(schedule, 0, mu) * p.relativeFisherInformation(p.covariance()) * mu * mu;
      difference[i] = i % 2 == 1 ? Double.NaN : -Quadrature.derivative(t -> {
        OneModeFlow.Density q = flow.at(Math.exp(-t));
        return q.relativeEntropy(q.covariance());
      }, times[i], 0.002);
    }
    Quantity time = Quantity.linear("t = −ln K");
    return List.of(
        new Diagram("one-mode.kl", "Relative entropy along the flow", time, Quantity.logarithmic("KL"),
            List.of(Curve.line("KL(P‖N(0, C))", times, toFree), Curve.dashes("KL(P‖Q), Q = N(0, C/2) moving", times,
                toTarget)),
            WELL + "The first falls without end. The second does not: it tends to ½(1 − ln 2) = 0.153 while P tends "
                + "to the free field."),
        new Diagram("one-mode.dissipation", "Dissipation of KL(P‖N(0, C))", time, Quantity.logarithmic("−d KL/dt"),
            List.of(Curve.line("½ B E|∂ ln(P/γ)|²", times, dissipation),
                Curve.points("difference quotient of KL", times, difference, null)),
            WELL + "The fall of the relative entropy is its Fisher information times half the noise strength, all "
                + "along the flow."));
  }

  private OneModeFlow.Density at(double mu) {
    return flow.at(schedule.cutoff(0, mu));
  }

  private double timeDerivative(DoubleUnaryOperator ofScale) {
    return -Quadrature.derivative(ofScale, scale, 0.02 * scale);
  }

  private List<Check> golden() {
    OneModeFlow.Density p = at(scale);
    OneModeFlow.Density q = flow.at(Math.exp(-0.6));
    String reference = "one-dimensional integrals, derived and evaluated independently";
    String later = ", C_0 = 1, S_int,0 = −0.9φ² + φ⁴/4, K = e^(−0.6)";
    return List.of(
        Check.absolute("golden.one-mode.variance", "Var(φ_t)" + setting, reference, 0.484561671180, p.variance(),
            1e-12),
        Check.absolute("golden.one-mode.propagator", "(G−C)/K²" + setting, reference, -0.0487582345662,
            p.propagatorInvariant(), 1e-12),
        Check.absolute("golden.one-mode.fourth-cumulant", "κ4/K⁴" + setting, reference, -0.95358927657,
            p.fourthCumulantInvariant(), 1e-11),
        Check.absolute("golden.one-mode.kl-gamma", "KL(P‖N(0,C))" + later, reference, 0.002929247686,
            q.relativeEntropy(q.covariance()), 1e-12),
        Check.absolute("golden.one-mode.kl-q", "KL(P‖Q), Q = N(0,C/2)" + later, reference, 0.142976114164,
            q.relativeEntropy(0.5 * q.covariance()), 1e-12));
  }

  private List<Check> invariants() {
    double propagator = 0;
    double fourth = 0;
    OneModeFlow.Density start = flow.at(1);
    for (double cutoff : new double[] {0.9, 0.6, 0.3, 0.1}) {
      OneModeFlow.Density p = flow.at(cutoff);
      propagator = Math.max(propagator, Math.abs(p.propagatorInvariant() - start.propagatorInvariant()));
      fourth = Math.max(fourth, Math.abs(p.fourthCumulantInvariant() - start.fourthCumulantInvariant()));
    }
    return List.of(
        Check.absolute("one-mode.invariants.propagator", "largest change of (G−C)/K² from K = 1 to 0.1", ERG
            + ": connected functions of modes below the cutoff are preserved", 0, propagator, QUADRATURE),
        Check.absolute("one-mode.invariants.fourth-cumulant", "largest change of κ4/K⁴ from K = 1 to 0.1", ERG
            + ": connected n-point functions scale by ΠK_t(p_i)", 0, fourth, QUADRATURE));
  }

  /** The finite step takes the exact density at one scale to that at a lower one. */
  private List<Check> transition() {
    double from = 3;
    OneModeFlow.Density before = at(from);
    OneModeFlow.Density after = at(scale);
    Transition step = subject.transition(schedule, from, scale, Variable.FIELD);
    double a = step.decay()[0];
    double sd = step.noise()[0];
    double worst = 0;
    for (double phi = -1.6; phi <= 1.6; phi += 0.2) {
      double sum = 0;
      double h = 0.02;
      for (double x = -6; x <= 6; x += h) {
        double z = (phi - a * x) / sd;
        sum += Math.exp(before.logDensity(x) - 0.5 * z * z);
      }
      double density = sum * h / (sd * Math.sqrt(2 * Math.PI));
      worst = Math.max(worst, Math.abs(density - Math.exp(after.logDensity(phi))));
    }
    double start = flow.at(1).variance();
    Transition whole = subject.transition(schedule, Double.POSITIVE_INFINITY, scale, Variable.FIELD);
    double variance = whole.decay()[0] * whole.decay()[0] * start + whole.noise()[0] * whole.noise()[0];
    return List.of(
        Check.absolute("one-mode.transition.density", "largest difference between the density at K = e^(−1/3) taken "
            + "through the finite step to K = e^(−0.7) and the density there, −1.6 ≤ φ ≤ 1.6", ERG + ": a = C_t/C_s, n "
            + "= C_t(1 − C_t/C_s)",
            0, worst, QUADRATURE),
        Check.absolute("one-mode.transition.variance", "Var(φ_t) = a² Var(φ_0) + n" + setting,
            "golden number of the one-mode flow", 0.484561671180, variance, 1e-12));
  }

  /** ∂_t P = ½ B P'' + b (φP)' with the rates of the Langevin equation. */
  private List<Check> fokkerPlanck() {
    double b = subject.driftRate(schedule, 0, scale);
    double noise = subject.noiseRate(schedule, 0, scale);
    OneModeFlow.Density p = at(scale);
    double worst = 0;
    for (double phi : new double[] {-1.4, -0.5, 0, 0.3, 0.8, 1.5}) {
      double slope = p.score(phi);
      double curvature = -1 / p.covariance() - p.effectiveCurvature(phi);
      double right = 0.5 * noise * (curvature + slope * slope) + b * (1 + phi * slope);
      double left = timeDerivative(mu -> at(mu).logDensity(phi));
      worst = Math.max(worst, Math.abs(left - right));
    }
    return List.of(Check.absolute("one-mode.fokker-planck", "largest residual of ∂_t ln P = [½ B ∂²P + b ∂(φP)]/P "
        + "with the drift −bφ and noise √B of the Langevin equation" + setting, ERG + ": ∂_t P = ½ B ∂²P + B ∂(C⁻¹ φ "
        + "P)", 0, worst,
            QUADRATURE));
  }

  private List<Check> polchinski() {
    double worst = 0;
    for (double cutoff : new double[] {0.85, Math.exp(-0.7), 0.25}) {
      for (double phi : new double[] {0, 0.4, 1.1, 2}) {
        worst = Math.max(worst, Math.abs(flow.polchinskiResidual(phi, cutoff)));
      }
    }
    return List.of(Check.absolute("one-mode.polchinski", "largest residual of Polchinski's equation ∂S/∂C = ½(S'² − "
        + "S'')",
        "Polchinski 1984: Λ∂_Λ S_int = ½ (Λ∂_Λ C)(S_int'² − S_int'')", 0, worst, QUADRATURE));
  }

  private List<Check> entropies() {
    OneModeFlow.Density p = at(scale);
    double c = p.covariance();
    double noise = subject.noiseRate(schedule, 0, scale);
    double drift = subject.driftRate(schedule, 0, scale);
    double b = schedule.noiseRate(0, scale);
    List<Check> checks = new ArrayList<>();
    checks.add(Check.relative("one-mode.frozen-q", "d/dt KL(P‖Q) at frozen Q equals −½ B E_P|∂ log(P/Q)|²" + setting,
        "Cotler & Rezchikov 2202.11737: relative entropy decreases along the gradient flow",
        -0.5 * noise * p.relativeFisherInformation(0.5 * c), timeDerivative(mu -> at(mu).relativeEntropy(0.5 * c)),
            QUADRATURE));
    // 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ] = (V − C/2) B/C²
    checks.add(Check.relative("one-mode.moving-q",
        "d/dt KL(P_t‖Q_t) equals −½ B E_P|∂ log(P/Q)|² + 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ]" + setting,
        "as frozen-q, with the term of the moving Q that a monotone would lack",
        -0.5 * noise * p.relativeFisherInformation(0.5 * c) + (p.variance() - 0.5 * c) * b / (c * c),
        timeDerivative(mu -> at(mu).relativeEntropy(0.5 * at(mu).covariance())), QUADRATURE));
    checks.add(Check.relative("one-mode.kl-free-monotone",
        "d/dt KL(P_t‖N(0,C_t)) equals −½ B E_P|∂ log(P/γ)|²" + setting, "true RG monotone: data processing",
        -0.5 * noise * p.relativeFisherInformation(c),
            timeDerivative(mu -> at(mu).relativeEntropy(at(mu).covariance())),
        QUADRATURE));
    double rises = 0;
    double before = Double.POSITIVE_INFINITY;
    for (double cutoff = 0.98; cutoff > 0.05; cutoff *= 0.93) {
      double now = flow.at(cutoff).relativeEntropy(cutoff);
      rises += Math.max(0, now - before);
      before = now;
    }
    checks.add(Check.absolute("one-mode.kl-free-monotone.falls", "sum of all rises of KL(P_t‖N(0,C_t)) from K = 0.98 "
        + "to 0.05",
        "true RG monotone: data processing", 0, rises, 1e-13));
    checks.add(Check.relative("one-mode.entropy", "dH/dt equals ½ B E|∂ log P|² − b" + setting,
        "entropy balance of the Fokker-Planck equation", 0.5 * noise * p.fisherInformation() - drift,
        timeDerivative(mu -> at(mu).entropy()), QUADRATURE));
    return checks;
  }

  /** In y = φ/√K the reference N(0, C₀) is fixed: ∫ M E|∂ log(P/γ)|² dt is the fall of KL(P_t‖N(0,C_t)). */
  private List<Check> energyDissipation() {
    double high = 5;
    double low = 0.9;
    double drop = at(high).relativeEntropy(at(high).covariance()) - at(low).relativeEntropy(at(low).covariance());
    double dissipated = Quadrature.integral(
        mu -> 0.5 * subject.noiseRate(schedule, 0, mu) * at(mu).relativeFisherInformation(at(mu).covariance()), low,
            high, 32);
    return List.of(Check.relative("one-mode.energy-dissipation",
        "∫ ½ B E|∂ log(P/γ)|² dt from K = e^(−0.2) to e^(−1/0.9) equals the fall of KL(P_t‖N(0,C_t))",
        "energy-dissipation equality (Ambrosio, Gigli & Savaré) in y = φ/√K, where γ = N(0, C_0) is fixed", drop,
            dissipated,
        QUADRATURE));
  }

  private List<Check> tweedie() {
    OneModeFlow.Density p = at(scale);
    Transition step = subject.transition(schedule, Double.POSITIVE_INFINITY, scale, Variable.FIELD);
    double n = step.noise()[0] * step.noise()[0];
    double worstMean = 0;
    double worstScore = 0;
    for (double phi = -1.8; phi <= 1.8; phi += 0.3) {
      double mean = p.posteriorMean(phi);
      worstMean = Math.max(worstMean, Math.abs(mean - (phi - (1 - p.covariance()) * p.effectiveForce(phi))));
      worstScore = Math.max(worstScore, Math.abs(p.score(phi) + (phi - step.decay()[0] * mean) / n));
    }
    return List.of(
        Check.absolute("one-mode.tweedie.mean", "largest deviation of E[φ_0|φ_t] (integrated) from φ_t − (C_0−C_t) "
            + "S_int,t'"
            + setting, "Tweedie's formula; Polchinski 1984", 0, worstMean, QUADRATURE),
        Check.absolute("one-mode.tweedie.score", "largest deviation of the score from −(φ_t − a E[φ_0|φ_t])/n"
            + setting,
            "Tweedie's formula", 0, worstScore, QUADRATURE));
  }

  /**
   * In y = φ/√K the flow is the gradient flow of KL(·‖N(0, C₀)); minimising movements of the double-well density
   * from K = 1 to K = e^(−0.7), in equal steps of ln K, for which the mobility is ½.
   */
  private List<Check> minimisingMovement() {
    int particles = 400;
    double[] second = new double[4];
    for (int level = 0; level < second.length; level++) {
      second[level] = movedSecondMoment(particles, 20 << level);
    }
    double coarse = (second[1] - second[0]) / (second[2] - second[1]);
    double fine = (second[2] - second[1]) / (second[3] - second[2]);
    double few = 2 * second[3] - second[2];
    double many = 2 * movedSecondMoment(2 * particles, 160) - movedSecondMoment(2 * particles, 80);
    double exact = at(scale).variance() / schedule.cutoff(0, scale) - flow.at(1).variance();
    String reference = "Jordan, Kinderlehrer & Otto 1998; optimal transport on the line by quantile functions";
    return List.of(
        Check.absolute("one-mode.minimising-movement.order", "ratio of the changes of ⟨y²⟩ when the step of the "
            + "minimising movements of KL(·‖N(0,C_0)) is halved, extrapolated: first "
            + "order" + setting, reference, 2, 2 * fine - coarse,
                5e-3),
        Check.relative("one-mode.minimising-movement.limit", "change of ⟨y²⟩, y = φ/√K, from K = 1 by minimising "
            + "movements of 400 and 800 quantiles, extrapolated in the step and the number of "
            + "quantiles" + setting, reference, exact,
            2 * many - few, 2e-3));
  }

  /** Change of ⟨y²⟩ from K = 1 to e^(−0.7) in equal steps. */
  private double movedSecondMoment(int particles, int steps) {
    QuantileFlow movement = new QuantileFlow(quantiles(particles), y -> 0.5 * y * y, y -> y, y -> 1, 0.5);
    double start = movement.moment(2);
    for (int i = 0; i < steps; i++) {
      movement.step(0.7 / steps);
    }
    return movement.moment(2) - start;
  }

  /** The quantiles of the density at K = 1 at the levels (i+½)/n. */
  private double[] quantiles(int n) {
    OneModeFlow.Density density = flow.at(1);
    double[] result = new double[n];
    double step = 1e-3;
    double reach = 6;
    double cumulative = 0;
    double last = 0;
    int next = 0;
    for (double x = -reach; next < n && x < reach; x += step) {
      double now = Math.exp(density.logDensity(x + step));
      double more = 0.5 * step * (last + now);
      while (next < n && cumulative + more >= (next + 0.5) / n) {
        result[next] = x + step * ((next + 0.5) / n - cumulative) / more;
        next++;
      }
      cumulative += more;
      last = now;
    }
    return result;
  }
}
