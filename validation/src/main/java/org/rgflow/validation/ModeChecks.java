package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.rgflow.lattice.Lattice;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeSchedule.Transition;
import org.rgflow.spectral.ModeSchedule.Variable;
import org.rgflow.spectral.Regulator;
import org.rgflow.spectral.Regulators;
import org.rgflow.transport.BuresWasserstein;
import org.rgflow.transport.GaussianModes;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * Identities of the flow of independent Gaussian modes, in closed form: the free field on a 20×20
 * lattice with C₀ = 1/(p̂²+1), started from mass² = ¼, through the library's schedules.
 *
 * <p>Time is τ = −μ, so that B = ∂C/∂μ and every rate is per unit of −μ; the identities hold in any
 * parametrisation.
 */
final class ModeChecks {
  private static final String POLCHINSKI =
      "Polchinski 1984; Cotler & Rezchikov 2202.11737: dφ = −(B/C)φ dt + √B dW, a = C_t/C_s, n = C_t(1 − C_t/C_s)";
  private static final String GRADIENT_FLOW =
      "Cotler & Rezchikov 2202.11737, gradient-flow form of Polchinski's equation: ∂_t P = ½ ∂(B P ∂ log(P/Q)), Q = "
          + "N(0, C/2)";
  private static final double CLOSED_FORM = 1e-12;
  private static final double DIFFERENCE = 1e-8;

  private final Subject subject;
  private final LatticeModes modes = new LatticeModes(Lattice.square(20));
  private final ModeSchedule schedule;
  private final GaussianModes start;
  /** Λ² of the derivative identities. */
  private final double scale = 1.5;

  ModeChecks(Subject subject) {
    this.subject = subject;
    this.schedule = new ModeSchedule(perMode(k -> 1 / (modes.energy(k) + 1)), modes.energies(),
        new Regulators.Exponential());
    this.start = new GaussianModes(perMode(k -> 1 / (modes.energy(k) + 0.25)));
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("steps", "Finite steps of the flow",
        "A step from scale s to u is the step from s to t followed by the one from t to u, for every regulator and in "
            + "both variables; the step solves the Langevin equation; and the full propagator G obeys a law that makes "
            + "the physics below the cutoff visible: (G − C)/K² does not change.",
        List.of("a_{su} = a_{tu}\\,a_{st}, \\quad n_{su} = n_{tu} + a_{tu}^2\\,n_{st}",
            "d\\varphi = -\\frac{B}{C}\\,\\varphi\\,dt + \\sqrt{B}\\,dW, \\quad B = -\\partial_t C, \\quad "
                + "\\frac{da}{dt} = -\\frac{B}{C}\\,a, \\quad \\frac{dn}{dt} = -\\frac{2B}{C}\\,n + B",
            "\\frac{G_t - C_t}{K_t^2} = G_0 - C_0"),
        "Polchinski 1984; Cotler & Rezchikov 2202.11737"));
    suite.add("chapman-kolmogorov", this::chapmanKolmogorov);
    suite.add("generator", this::generator);
    suite.add("invariant", this::invariant);
    suite.topic(new Topic("relative-entropy", "Relative entropy along the flow",
        "The flow is steepest descent of KL(P‖Q) as long as Q is held fixed. Polchinski’s Q moves with the cutoff, "
            + "and KL(P_t‖Q_t) is not monotone; KL(P_t‖N(0,C_t)) is, by the data-processing inequality. Rates are "
            + "taken from the Langevin equation, and once more as derivatives through the finite step.",
        List.of("\\frac{d}{dt}\\,\\mathrm{KL}(P\\|Q) = -\\frac{1}{2}\\sum_p B\\,E_P\\left|\\partial\\ln\\frac{P}{Q}"
                + "\\right|^2 \\quad (Q\\text{ frozen})",
            "\\frac{d}{dt}\\,\\mathrm{KL}(P_t\\|\\gamma_t) = -\\frac{1}{2}\\sum_p B\\,E_P\\left|\\partial\\ln\\frac{P}"
                + "{\\gamma}\\right|^2 \\le 0, \\quad \\gamma_t = \\mathcal{N}(0, C_t)",
            "\\frac{dH}{dt} = \\sum_p\\left[\\frac{1}{2}\\,B\\,E|\\partial\\ln P|^2 - \\frac{B}{C}\\right]"),
        "Cotler & Rezchikov 2202.11737; that KL(P_t‖Q_t) is not monotone corrects the literature"));
    suite.add("frozen-q", this::frozenTarget);
    suite.add("moving-q", this::movingTarget);
    suite.add("kl-q-not-monotone", this::notMonotone);
    suite.add("kl-free-monotone", this::monotone);
    suite.add("entropy", this::entropy);
    suite.figures("relative-entropy.curves", this::relativeEntropyCurves);
    suite.topic(new Topic("reversal", "The conditional mean and the score",
        "What a denoiser must learn is known here: the conditional mean of the bare field given the flowed one, and "
            + "the score that runs the flow backwards.",
        List.of("E[\\varphi_0 | \\varphi_t] = \\varphi_t - (C_0 - C_t)\\,\\partial S_{\\mathrm{int},t}(\\varphi_t), "
            + "\\quad \\partial\\ln P_t(\\varphi_t) = -\\frac{\\varphi_t - a\\,E[\\varphi_0 | \\varphi_t]}{n}"),
        "Tweedie’s formula; Polchinski 1984; Cotler & Rezchikov 2308.12355"));
    suite.add("tweedie", this::tweedie);
    suite.topic(new Topic("wasserstein", "Wasserstein geometry of the flow",
        "Distances between Gaussians by modes and by covariance matrices agree; along the flow in y = φ/√K, where the "
            + "target is fixed, the metric speed and the slope of the entropy are equal and add up to its fall; and "
            + "minimising movements converge to the flow at first order in their step.",
        List.of("W_2^2 = \\sum_p\\frac{(\\sqrt{V_1} - \\sqrt{V_2})^2}{M}, \\quad M = \\frac{B}{2}",
            "\\mathrm{KL}_0 - \\mathrm{KL}_T = \\frac{1}{2}\\int_0^T\\left(|\\dot{P}|^2 + "
                + "|\\nabla\\mathrm{KL}|^2\\right)dt",
            "P_{k+1} = \\text{argmin}_P\\;\\mathrm{KL}(P\\|Q) + \\frac{W_2^2(P, P_k)}{2h}"),
        "Olkin & Pukelsheim 1982; Ambrosio, Gigli & Savaré, Gradient Flows (2008); Jordan, Kinderlehrer & Otto 1998"));
    suite.add("wasserstein", this::wasserstein);
    suite.add("energy-dissipation", this::energyDissipation);
    suite.add("minimising-movement", this::minimisingMovement);
    suite.topic(new Topic("golden-20x20", "Numbers to compare with",
        "The free field on 20×20 sites, computed independently and to twelve digits, for whoever repeats this "
            + "elsewhere.", List.of(),
        ""));
    suite.add("golden-free-20x20", this::golden);
    suite.topic(new Topic("image-diffusion", "The diffusion of image models is the same step",
        "Under the Fermi regulator, with C_0 = 1 and in y = φ/√K, the step of the flow is the forward process of the "
            + "frequency-domain image model, number by number, and so is each step of its Markov chain.",
        List.of("x_t = \\sqrt{\\bar{α}_t}\\,x_0 + \\sqrt{1 - \\bar{α}_t}\\,z, \\quad \\bar{α}_t = "
            + "\\frac{1}{e^{(\\varepsilon - \\mu_t)/T} + 1}, \\quad \\varepsilon = -\\cos\\pi k_1 - \\cos\\pi k_2"),
        "Sheshmani et al. 2402.17090"));
    suite.add("image-diffusion", this::imageDiffusion);
  }

  /** Both relative entropies over Λ², for a start that is wider than the free field and one that is narrower. */
  private List<Diagram> relativeEntropyCurves() {
    double[] scales = new double[81];
    Arrays.setAll(scales, i -> 100 * Math.pow(1e-3, i / 80.0));
    List<Curve> monotone = new ArrayList<>();
    List<Curve> moving = new ArrayList<>();
    for (double mass2 : new double[] {0.25, 4}) {
      GaussianModes bare = new GaussianModes(perMode(k -> 1 / (modes.energy(k) + mass2)));
      DoubleFunction<GaussianModes> at =
          mu -> bare.push(subject.transition(schedule, Double.POSITIVE_INFINITY, mu, Variable.FIELD));
      String label = "start with mass² " + mass2;
      monotone.add(Curve.line(label, scales,
          Arrays.stream(scales).map(mu -> at.apply(mu).relativeEntropy(free(mu))).toArray()));
      moving.add(Curve.line(label, scales,
          Arrays.stream(scales).map(mu -> at.apply(mu).relativeEntropy(target(mu))).toArray()));
    }
    String field = "Free field on 20×20 sites, reference mass² 1, exponential regulator; the flow goes from right to "
        + "left. ";
    return List.of(
        new Diagram("free.kl-gamma", "KL(P_t‖N(0,C_t)) falls", Quantity.logarithmic("Λ²").in("1/a²"),
            Quantity.logarithmic("KL"), monotone, field + "Both starts lose information about what they were."),
        new Diagram("free.kl-q", "KL(P_t‖Q_t) with Polchinski’s moving Q need not",
            Quantity.logarithmic("Λ²").in("1/a²"),
            Quantity.linear("KL"), moving, field + "Q = N(0,C/2) has half the variance of the free field to which P "
                + "tends: KL tends to ½(1 − ln 2) per mode that moves, from above or from below. A test that asserts "
                + "monotonicity here is wrong."));
  }

  private double[] perMode(IntToDoubleFunction f) {
    double[] values = new double[modes.size()];
    Arrays.setAll(values, f);
    return values;
  }

  /** P at a scale, from μ = ∞. */
  private GaussianModes law(double mu) {
    return start.push(subject.transition(schedule, Double.POSITIVE_INFINITY, mu, Variable.FIELD));
  }

  /** N(0, C_μ). */
  private GaussianModes free(double mu) {
    return new GaussianModes(perMode(k -> schedule.covariance(k, mu)));
  }

  /** Q = N(0, C_μ/2). */
  private GaussianModes target(double mu) {
    return new GaussianModes(perMode(k -> 0.5 * schedule.covariance(k, mu)));
  }

  /** The mobility B/2. */
  private double[] mobility(double mu) {
    return perMode(k -> 0.5 * schedule.noiseRate(k, mu));
  }

  /** dV/dτ = −2bV + B under the Langevin equation. */
  private double[] variancesChange(GaussianModes p, double mu) {
    return perMode(
        k -> -2 * subject.driftRate(schedule, k, mu) * p.variance(k) + subject.noiseRate(schedule, k, mu));
  }

  /** d/dτ at the standard scale, τ = −μ. */
  private double timeDerivative(DoubleUnaryOperator ofScale) {
    return -Quadrature.derivative(ofScale, scale, 0.02 * scale);
  }

  private record Case(String label, Regulator regulator, double[] energies, double[] scales) {}

  private List<Case> cases() {
    double[] lattice = modes.energies();
    double[] image = imageEnergies(8);
    double[] momenta = {9.5, 5, 2, 0.7};
    return List.of(
        new Case("exponential", new Regulators.Exponential(), lattice, momenta),
        new Case("power", new Regulators.Power(2), lattice, momenta),
        new Case("litim", new Regulators.Litim(), lattice, momenta),
        new Case("sharp", new Regulators.Sharp(), lattice, momenta),
        new Case("fermi", new Regulators.Fermi(0.5), image, new double[] {4, 1.5, -0.5, -4}));
  }

  /** ε = −cos πk₁ − cos πk₂, k = i/(d−1), of the image model. */
  static double[] imageEnergies(int patch) {
    double[] energies = new double[patch * patch];
    for (int i = 0; i < energies.length; i++) {
      energies[i] = -Math.cos(Math.PI * (i % patch) / (patch - 1)) - Math.cos(Math.PI * (i / patch) / (patch - 1));
    }
    return energies;
  }

  private List<Check> chapmanKolmogorov() {
    List<Check> checks = new ArrayList<>();
    for (Case c : cases()) {
      double[] covariance = new double[c.energies.length];
      Arrays.setAll(covariance, k -> 1 / (3 + c.energies[k]));
      ModeSchedule flow = new ModeSchedule(covariance, c.energies, c.regulator);
      for (Variable variable : Variable.values()) {
        double worst = 0;
        for (int i = -1; i < c.scales.length - 2; i++) {
          double s = i < 0 ? Double.POSITIVE_INFINITY : c.scales[i];
          Transition first = subject.transition(flow, s, c.scales[i + 1], variable);
          Transition second = subject.transition(flow, c.scales[i + 1], c.scales[i + 2], variable);
          Transition whole = subject.transition(flow, s, c.scales[i + 2], variable);
          for (int k = 0; k < covariance.length; k++) {
            double a = second.decay()[k] * first.decay()[k];
            double n = square(second.noise()[k]) + square(second.decay()[k] * first.noise()[k]);
            worst = Math.max(worst, Math.abs(whole.decay()[k] - a));
            worst = Math.max(worst, Math.abs(square(whole.noise()[k]) - n) / covariance[k]);
          }
        }
        String which = variable == Variable.FIELD ? "field" : "variance-preserving";
        checks.add(Check.absolute("chapman-kolmogorov." + c.label + "." + which,
            "largest violation of a_su = a_tu a_st and n_su = n_tu + a_tu² n_st (n in units of C0) over all modes, "
                + c.label + " regulator, " + which + " variable",
            POLCHINSKI, 0, worst, CLOSED_FORM));
      }
    }
    return checks;
  }

  /** The finite step solves da/dτ = −b a, dn/dτ = −2b n + B of the Langevin equation. */
  private List<Check> generator() {
    List<Check> checks = new ArrayList<>();
    for (Case c : cases()) {
      if (c.regulator instanceof Regulators.Sharp) {
        continue; // B is a δ function
      }
      double[] covariance = new double[c.energies.length];
      Arrays.setAll(covariance, k -> 1 / (3 + c.energies[k]));
      ModeSchedule flow = new ModeSchedule(covariance, c.energies, c.regulator);
      double mu = c.regulator instanceof Regulators.Litim ? 9 : c.regulator instanceof Regulators.Fermi ? 0.3 : 1.5;
      double step = 0.005 * mu;
      double from = mu * 1.1;
      Transition here = subject.transition(flow, from, mu, Variable.FIELD);
      double worst = 0;
      for (int k = 0; k < covariance.length; k++) {
        int mode = k;
        double drift = subject.driftRate(flow, k, mu);
        double noise = subject.noiseRate(flow, k, mu);
        double decaySlope =
            -Quadrature.derivative(m -> subject.transition(flow, from, m, Variable.FIELD).decay()[mode], mu, step);
        double noiseSlope =
            -Quadrature.derivative(m -> square(subject.transition(flow, from, m, Variable.FIELD).noise()[mode]), mu,
                step);
        worst = Math.max(worst, Math.abs(decaySlope + drift * here.decay()[k]));
        worst = Math.max(worst, Math.abs(noiseSlope + 2 * drift * square(here.noise()[k]) - noise) / covariance[k]);
      }
      checks.add(Check.absolute("generator." + c.label,
          "largest violation of da/dt = −(B/C) a and dn/dt = −2(B/C) n + B (n in units of C0): the finite step solves "
              + "the Langevin equation, " + c.label + " regulator, Λ² = " + mu,
          POLCHINSKI, 0, worst, DIFFERENCE));
    }
    return checks;
  }

  private List<Check> invariant() {
    double worst = 0;
    for (double mu : new double[] {16, 8, 4, 2, 1}) {
      GaussianModes p = law(mu);
      for (int k = 0; k < modes.size(); k++) {
        double cutoff = schedule.cutoff(k, mu);
        double now = (p.variance(k) - schedule.covariance(k, mu)) / (cutoff * cutoff);
        double before = start.variance(k) - schedule.referenceCovariance(k);
        // In units of G₀, and of what rounding leaves of a difference of two numbers K, divided by K².
        worst = Math.max(worst, Math.abs(now - before) / start.variance(k) * cutoff);
      }
    }
    return List.of(Check.absolute("invariant.free",
        "largest change of K (G_t − C_t)/(K_t² G_0) along the flow, Λ² = 16 … 1: physics below the cutoff is preserved",
        POLCHINSKI, 0, worst, CLOSED_FORM));
  }

  private List<Check> frozenTarget() {
    GaussianModes p = law(scale);
    GaussianModes q = target(scale);
    double expected = -p.relativeFisherInformation(q, mobility(scale));
    double[] change = variancesChange(p, scale);
    double closed = 0;
    for (int k = 0; k < modes.size(); k++) {
      closed += 0.5 * (1 / q.variance(k) - 1 / p.variance(k)) * change[k];
    }
    double difference = timeDerivative(mu -> law(mu).relativeEntropy(q));
    String statement = "d/dt KL(P‖Q) at frozen Q equals −½ Σ_p B E_P|∂ log(P/Q)|², Λ² = " + scale;
    return List.of(
        Check.relative("frozen-q.closed-form", statement, GRADIENT_FLOW, expected, closed, CLOSED_FORM),
        Check.relative("frozen-q.finite-step", statement + ", derivative through the finite step", GRADIENT_FLOW,
            expected,
            difference, DIFFERENCE));
  }

  private List<Check> movingTarget() {
    GaussianModes p = law(scale);
    GaussianModes q = target(scale);
    double expected = -p.relativeFisherInformation(q, mobility(scale));
    double[] change = variancesChange(p, scale);
    double closed = 0;
    for (int k = 0; k < modes.size(); k++) {
      double c = schedule.covariance(k, scale);
      double b = schedule.noiseRate(k, scale);
      // ∂_t Ŝ = ½ φ² B/C²: 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ]
      expected += (p.variance(k) - q.variance(k)) * b / (c * c);
      double v = p.variance(k);
      closed += 0.5 * (1 / q.variance(k) - 1 / v) * change[k];
      closed += 0.5 * (1 / q.variance(k) - v / (q.variance(k) * q.variance(k))) * (-0.5 * b);
    }
    double difference = timeDerivative(mu -> law(mu).relativeEntropy(target(mu)));
    String statement =
        "d/dt KL(P_t‖Q_t) equals −½ Σ_p B E_P|∂ log(P/Q)|² + 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ], Λ² = " + scale;
    return List.of(
        Check.relative("moving-q.closed-form", statement, GRADIENT_FLOW, expected, closed, CLOSED_FORM),
        Check.relative("moving-q.finite-step", statement + ", derivative through the finite step", GRADIENT_FLOW,
            expected,
            difference, DIFFERENCE));
  }

  private List<Check> notMonotone() {
    // One mode that starts narrow: r = V/C rises through ½, where KL(P‖Q) has its minimum, towards 1.
    ModeSchedule one = new ModeSchedule(new double[] {1}, new double[] {1}, new Regulators.Exponential());
    DoubleFunction<GaussianModes> p = mu ->
        new GaussianModes(0.1).push(subject.transition(one, Double.POSITIVE_INFINITY, mu, Variable.FIELD));
    DoubleUnaryOperator divergence = mu ->
        p.apply(mu).relativeEntropy(new GaussianModes(0.5 * one.covariance(0, mu)));
    DoubleUnaryOperator ratio = mu -> 1 - 0.9 * one.cutoff(0, mu); // ṙ = (B/C)(1 − r) from r = 0.1
    DoubleUnaryOperator formula = mu -> {
      double r = ratio.applyAsDouble(mu);
      return 0.5 * (2 * r - 1 - Math.log(2 * r));
    };
    double turning = 1 / Math.log(0.9 / 0.5); // r = ½
    double late = 0.2;
    String reference = "½Σ(2r−1−ln 2r) with r = V/C, ṙ = (B/C)(1−r): corrects the monotonicity claimed for "
        + "KL(P_t‖Q_t) with Polchinski's moving Q";
    double worst = 0;
    for (double mu : new double[] {50, 8, 3, turning, 1, 0.5, late}) {
      worst = Math.max(worst, Math.abs(divergence.applyAsDouble(mu) - formula.applyAsDouble(mu)));
    }
    double fall = divergence.applyAsDouble(turning) - divergence.applyAsDouble(50);
    double rise = divergence.applyAsDouble(late) - divergence.applyAsDouble(turning);
    return List.of(
        Check.absolute("kl-q-not-monotone.formula", "largest deviation of KL(P_t‖Q_t) of one mode from ½(2r−1−ln 2r)",
            reference,
            0, worst, CLOSED_FORM),
        Check.relative("kl-q-not-monotone.falls", "KL(P_t‖Q_t) falls while r < ½: its change from Λ² = 50 to r = ½",
            reference,
            formula.applyAsDouble(turning) - formula.applyAsDouble(50), fall, CLOSED_FORM),
        Check.relative("kl-q-not-monotone.rises", "KL(P_t‖Q_t) rises again while r > ½, so it is not monotone: its "
            + "change from r = ½ to Λ² = " + late, reference, formula.applyAsDouble(late), rise, CLOSED_FORM));
  }

  private List<Check> monotone() {
    GaussianModes p = law(scale);
    double expected = -p.relativeFisherInformation(free(scale), mobility(scale));
    double[] change = variancesChange(p, scale);
    double closed = 0;
    for (int k = 0; k < modes.size(); k++) {
      double c = schedule.covariance(k, scale);
      double v = p.variance(k);
      closed += 0.5 * (1 / c - 1 / v) * change[k] + 0.5 * (1 / c - v / (c * c)) * -schedule.noiseRate(k, scale);
    }
    double difference = timeDerivative(mu -> law(mu).relativeEntropy(free(mu)));
    double rises = 0;
    double before = Double.POSITIVE_INFINITY;
    for (double mu = 64; mu > 0.2; mu /= 1.1) {
      double now = law(mu).relativeEntropy(free(mu));
      rises += Math.max(0, now - before);
      before = now;
    }
    String reference = "data-processing form of the RG monotone: d/dt KL(P_t‖N(0,C_t)) = −½ Σ B E_P|∂ log(P/γ_C)|²";
    String statement = "d/dt KL(P_t‖N(0,C_t)) equals −½ Σ_p B E_P|∂ log(P/γ)|², Λ² = " + scale;
    return List.of(
        Check.relative("kl-free-monotone.closed-form", statement, reference, expected, closed, CLOSED_FORM),
        Check.relative("kl-free-monotone.finite-step", statement + ", derivative through the finite step", reference,
            expected,
            difference, DIFFERENCE),
        Check.absolute("kl-free-monotone.falls", "sum of all rises of KL(P_t‖N(0,C_t)) from Λ² = 64 to 0.2 in steps "
            + "of 1.1",
            reference, 0, rises, 1e-13));
  }

  private List<Check> entropy() {
    GaussianModes p = law(scale);
    double[] change = variancesChange(p, scale);
    double expected = p.fisherInformation(mobility(scale));
    double closed = 0;
    for (int k = 0; k < modes.size(); k++) {
      expected -= schedule.noiseRate(k, scale) / schedule.covariance(k, scale);
      closed += 0.5 * change[k] / p.variance(k);
    }
    double difference = timeDerivative(mu -> law(mu).entropy());
    String reference = "entropy balance of the Fokker-Planck equation ∂_t P = ½ B ∂²P + B ∂(C⁻¹ φ P)";
    String statement = "dH/dt equals Σ_p [½ B E|∂ log P|² − B/C], Λ² = " + scale;
    return List.of(
        Check.relative("entropy.closed-form", statement, reference, expected, closed, CLOSED_FORM),
        Check.relative("entropy.finite-step", statement + ", derivative through the finite step", reference, expected,
            difference, DIFFERENCE));
  }

  /** E[φ₀|φ_t] = (a V₀/V_t) φ_t by regression; Tweedie through S_int,t'' = 1/V_t − 1/C_t. */
  private List<Check> tweedie() {
    Transition step = subject.transition(schedule, Double.POSITIVE_INFINITY, scale, Variable.FIELD);
    GaussianModes p = start.push(step);
    double worst = 0;
    double worstScore = 0;
    for (int k = 0; k < modes.size(); k++) {
      double c = schedule.covariance(k, scale);
      double c0 = schedule.referenceCovariance(k);
      double regression = step.decay()[k] * start.variance(k) / p.variance(k);
      // e^(−S_int,t) = N(0, C₀−C_t) ∗ e^(−S_int,0) with S_int,0 = ½ w φ²: S_int,t'' = w/(1 + w(C₀−C_t))
      double w = 1 / start.variance(k) - 1 / c0;
      double force = w / (1 + w * (c0 - c));
      worst = Math.max(worst, Math.abs(regression - (1 - (c0 - c) * force)));
      double n = square(step.noise()[k]);
      if (n > 0) {
        double score = -(1 - step.decay()[k] * regression) / n;
        worstScore = Math.max(worstScore, Math.abs(score * p.variance(k) + 1));
      }
    }
    return List.of(
        Check.absolute("tweedie.mean", "largest deviation of the regression E[φ_0|φ_t]/φ_t from 1 − (C_0−C_t) "
            + "S_int,t'', Λ² = "
            + scale, "Tweedie's formula; Polchinski 1984: e^(−S_int,t) = N(0, C_0−C_t) ∗ e^(−S_int,0)", 0, worst,
                CLOSED_FORM),
        Check.absolute("tweedie.score", "largest relative deviation of −(φ_t − a E[φ_0|φ_t])/n from the score "
            + "−φ_t/V_t, Λ² = "
            + scale, "Tweedie's formula", 0, worstScore, CLOSED_FORM));
  }

  /** The distance by modes equals that of the covariance matrices in position space. */
  private List<Check> wasserstein() {
    Lattice small = new Lattice(4, 3);
    LatticeModes few = new LatticeModes(small);
    double[] covariance = new double[few.size()];
    double[] first = new double[few.size()];
    for (int k = 0; k < covariance.length; k++) {
      covariance[k] = 1 / (few.energy(k) + 1);
      first[k] = 1 / (few.energy(k) + 0.25);
    }
    ModeSchedule flow = new ModeSchedule(covariance, few.energies(), new Regulators.Exponential());
    GaussianModes p0 = new GaussianModes(first);
    GaussianModes p = p0.push(subject.transition(flow, Double.POSITIVE_INFINITY, 1, Variable.FIELD));
    double byModes = p0.wasserstein2Squared(p);
    double[] free = new double[few.size()];
    double closed = 0;
    for (int k = 0; k < free.length; k++) {
      double cutoff = Math.exp(-few.energy(k));
      free[k] = cutoff * cutoff * first[k] + covariance[k] * cutoff * (1 - cutoff);
      closed += square(Math.sqrt(free[k]) - Math.sqrt(first[k]));
    }
    double bySites = BuresWasserstein.distanceSquared(siteCovariance(few, first), siteCovariance(few, free));
    return List.of(
        Check.relative("wasserstein.modes", "W2² between a free field and its flow to Λ = 1 (4x3 lattice, unit cost) "
            + "is Σ_p (√V_1 − √V_2)²", "Gaussian optimal transport with commuting covariances", closed, byModes,
                CLOSED_FORM),
        Check.relative("wasserstein.bures", "the same distance from the covariance matrices over the sites",
            "Bures-Wasserstein "
            + "distance (Olkin & Pukelsheim 1982): tr A + tr B − 2 tr (A^½BA^½)^½", closed, bySites, 1e-11));
  }

  private static DMatrixRMaj siteCovariance(LatticeModes modes, double[] variance) {
    int lx = modes.lattice().lx();
    int sites = modes.size();
    DMatrixRMaj matrix = new DMatrixRMaj(sites, sites);
    for (int a = 0; a < sites; a++) {
      for (int b = 0; b < sites; b++) {
        double sum = 0;
        for (int k = 0; k < sites; k++) {
          double x = 2 * Math.PI * modes.frequencyX(k) * (a % lx - b % lx) / lx;
          double y = 2 * Math.PI * modes.frequencyY(k) * (a / lx - b / lx) / modes.lattice().ly();
          // The real modes of a frequency pair sum to cos x cos y over their multiplicity.
          sum += variance[k] * Math.cos(x) * Math.cos(y);
        }
        matrix.set(a, b, sum / sites);
      }
    }
    return matrix;
  }

  /**
   * In the variable y = φ/√K the flow is the gradient flow of KL(·‖N(0, C₀)) with mobility M = ½ C₀ B/C: a fixed
   * Q. Its speed is measured by the Wasserstein distance between neighbouring times.
   */
  private List<Check> energyDissipation() {
    double high = 6;
    double low = 0.8;
    GaussianModes fixed = new GaussianModes(perMode(schedule::referenceCovariance));
    DoubleFunction<GaussianModes> y = mu ->
        start.push(subject.transition(schedule, Double.POSITIVE_INFINITY, mu, Variable.VARIANCE_PRESERVING));
    double drop = y.apply(high).relativeEntropy(fixed) - y.apply(low).relativeEntropy(fixed);
    DoubleFunction<double[]> mobilityAt = mu -> perMode(
        k -> 0.5 * schedule.referenceCovariance(k) * schedule.noiseRate(k, mu) / schedule.covariance(k, mu));
    DoubleUnaryOperator slope2 = mu -> y.apply(mu).relativeFisherInformation(fixed, mobilityAt.apply(mu));
    DoubleUnaryOperator speed2 = mu -> metricSpeed2(y, mobilityAt.apply(mu), mu);
    double slopes = Quadrature.integral(slope2, low, high, 40);
    double speeds = Quadrature.integral(speed2, low, high, 40);
    String reference = "energy-dissipation equality of a gradient flow (Ambrosio, Gigli & Savaré): KL_0 − KL_T = "
        + "½∫(|Ṗ|² + |∇KL|²)dt for fixed Q = N(0, C_0), the flow in y = φ/√K";
    return List.of(
        Check.relative("energy-dissipation.slope", "∫|∇KL|²dt from Λ² = 6 to 0.8 equals KL_0 − KL_T", reference, drop,
            slopes,
            DIFFERENCE),
        Check.relative("energy-dissipation.speed", "∫|Ṗ|²dt, the Wasserstein speed with the inverse mobility as cost, "
            + "equals KL_0 − KL_T", reference, drop, speeds, DIFFERENCE),
        Check.relative("energy-dissipation.equality", "½∫(|Ṗ|² + |∇KL|²)dt equals KL_0 − KL_T", reference, drop,
            0.5 * (slopes + speeds), DIFFERENCE));
  }

  /** (W₂(P_{t−δ}, P_{t+δ})/2δ)², extrapolated to δ → 0 in three levels. */
  private static double metricSpeed2(DoubleFunction<GaussianModes> path, double[] mobility, double mu) {
    double[] level = new double[4];
    for (int i = 0; i < level.length; i++) {
      double delta = 0.02 * mu / (1 << i);
      level[i] = path.apply(mu - delta).wasserstein2Squared(path.apply(mu + delta), mobility) / (4 * delta * delta);
    }
    for (int order = 1; order < level.length; order++) {
      double factor = Math.pow(4, order);
      for (int i = level.length - 1; i >= order; i--) {
        level[i] = (factor * level[i] - level[i - 1]) / (factor - 1);
      }
    }
    return level[level.length - 1];
  }

  /** The Polchinski step in y against minimising movements of KL(·‖N(0, C₀)). */
  private List<Check> minimisingMovement() {
    GaussianModes fixed = new GaussianModes(perMode(schedule::referenceCovariance));
    double high = 3;
    double low = 2;
    GaussianModes from =
        start.push(subject.transition(schedule, Double.POSITIVE_INFINITY, high, Variable.VARIANCE_PRESERVING));
    GaussianModes exact = from.push(subject.transition(schedule, high, low, Variable.VARIANCE_PRESERVING));
    double[] error = new double[3];
    for (int level = 0; level < error.length; level++) {
      int steps = 200 << level;
      double h = (high - low) / steps;
      GaussianModes law = from;
      for (int i = 0; i < steps; i++) {
        double mu = high - (i + 0.5) * h;
        law = law.minimisingMovement(fixed, perMode(
            k -> 0.5 * schedule.referenceCovariance(k) * schedule.noiseRate(k, mu) / schedule.covariance(k, mu)), h);
      }
      error[level] = Math.sqrt(law.wasserstein2Squared(exact));
    }
    double extrapolated = 2 * error[1] / error[2] - error[0] / error[1];
    return List.of(Check.absolute("minimising-movement.order",
        "ratio of the errors of minimising movements with steps h and h/2 (h → 0): first order, Λ² = 3 … 2",
        "Jordan, Kinderlehrer & Otto 1998; closed form for Gaussians", 2, extrapolated, 1e-3));
  }

  private List<Check> golden() {
    GaussianModes p = law(1);
    String reference = "exact sum over the modes of the 20x20 lattice, derived and evaluated independently";
    String setting = ", free field, reference mass² 1, start mass² 0.25, exponential regulator, Λ = 1";
    return List.of(
        Check.absolute("golden.free-20x20.kl-gamma", "KL(P‖N(0,C))" + setting, reference, 4.971755037898,
            p.relativeEntropy(free(1)), 1e-12),
        Check.absolute("golden.free-20x20.kl-q", "KL(P‖Q), Q = N(0,C/2)" + setting, reference, 83.670423507093,
            p.relativeEntropy(target(1)), 1e-12),
        Check.absolute("golden.free-20x20.w2", "W2²(P,P_0) at unit cost, from Λ_0 = ∞" + setting, reference,
            66.269238325507,
            p.wasserstein2Squared(start), 1e-12));
  }

  /** A Polchinski step in y = φ/√K with C₀ = 1 and the Fermi regulator is the image model's forward process. */
  private List<Check> imageDiffusion() {
    double[] energies = imageEnergies(8);
    double[] unit = new double[energies.length];
    Arrays.fill(unit, 1);
    double temperature = 0.5;
    ModeSchedule flow = new ModeSchedule(unit, energies, new Regulators.Fermi(temperature));
    double worstForward = 0;
    double worstField = 0;
    double worstStep = 0;
    int steps = 1000;
    double[] previous = null;
    for (int t = 0; t < steps; t += 37) {
      double mu = 4 - 8.0 * t / (steps - 1);
      Transition vp = subject.transition(flow, Double.POSITIVE_INFINITY, mu, Variable.VARIANCE_PRESERVING);
      Transition field = subject.transition(flow, Double.POSITIVE_INFINITY, mu, Variable.FIELD);
      double[] alphaBar = new double[energies.length];
      Transition step = previous == null
          ? null : subject.transition(flow, mu + 8.0 * 37 / (steps - 1), mu, Variable.VARIANCE_PRESERVING);
      for (int k = 0; k < energies.length; k++) {
        alphaBar[k] = 1 / (Math.exp((energies[k] - mu) / temperature) + 1);
        worstForward = Math.max(worstForward, Math.abs(vp.decay()[k] - Math.sqrt(alphaBar[k])));
        worstForward = Math.max(worstForward, Math.abs(vp.noise()[k] - Math.sqrt(1 - alphaBar[k])));
        double root = Math.sqrt(alphaBar[k]);
        worstField = Math.max(worstField, Math.abs(field.decay()[k] / root - vp.decay()[k]));
        worstField = Math.max(worstField, Math.abs(field.noise()[k] / root - vp.noise()[k]));
        if (step != null) {
          // one step of the Markov chain: α_t = ᾱ_t/ᾱ_s, β_t = 1 − α_t
          double alpha = alphaBar[k] / previous[k];
          worstStep = Math.max(worstStep, Math.abs(step.decay()[k] - Math.sqrt(alpha)));
          worstStep = Math.max(worstStep, Math.abs(square(step.noise()[k]) - (1 - alpha)));
        }
      }
      previous = alphaBar;
    }
    String reference = "Sheshmani et al. 2402.17090: x_t = √ᾱ x_0 + √(1−ᾱ) z, ᾱ = 1/(e^((ε−μ)/T)+1), ε = −cos πk1 − "
        + "cos πk2 (a sum, as in the corrected eq. 30)";
    return List.of(
        Check.absolute("image-diffusion.forward", "largest difference between the Polchinski step of y = φ/√K (C_0 = "
            + "1, Fermi regulator, 8x8 modes, 28 times) and √ᾱ, √(1−ᾱ) of the image model", reference, 0, worstForward,
                CLOSED_FORM),
        Check.absolute("image-diffusion.rescaled-field", "largest difference between the Polchinski step of φ divided "
            + "by √K and the variance-preserving step", reference, 0, worstField, CLOSED_FORM),
        Check.absolute("image-diffusion.chain", "largest difference between the step from time s to t and √α, β = 1 − "
            + "α of the discrete diffusion, α = ᾱ_t/ᾱ_s", reference, 0, worstStep, CLOSED_FORM));
  }

  private static double square(double x) {
    return x * x;
  }
}
