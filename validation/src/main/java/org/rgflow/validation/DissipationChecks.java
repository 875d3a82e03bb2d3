package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import org.rgflow.transport.CellGrid;
import org.rgflow.transport.FokkerPlanck;
import org.rgflow.transport.LineTransport;
import org.rgflow.transport.MinimisingMovement;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * How relative entropies and the entropy change along the flow of interacting modes: derivatives of the densities from
 * the kernel, against dissipations with the rates and the mobility under test; by quadrature.
 */
final class DissipationChecks {
  private static final String GRADIENT_FLOW =
      "Cotler & Rezchikov 2202.11737: ∂_t P = ½ ∂(B P ∂ log(P/Q)), Q = N(0, C/2)";
  private static final String MONOTONE =
      "data-processing form of the RG monotone: d/dt KL(P_t‖N(0,C_t)) = −½ Σ B E_P|∂ log(P/γ_C)|²";
  private static final String EQUALITY = "energy-dissipation equality of a gradient flow (Ambrosio, Gigli & Savaré): "
      + "KL_0 − KL_T = ½∫(|Ṗ|² + |∇KL|²)dt for fixed Q";
  private static final double QUADRATURE = 1e-8;
  /** Quantiles by which a distance on the line is taken; the error is about their inverse. */
  private static final int QUANTILES = 100_000;
  private static final double LINE = 1e-4;

  private final MonteCarlo setting;
  private final Map<ModeTheory, List<Diagram>> drawn = new LinkedHashMap<>();

  DissipationChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("dissipation", "What is dissipated",
        "Relative entropy falls at the rate that the slope says, at fixed and at moving Q; that relative to the free "
            + "field falls all the way, that relative to the moving Q does not; entropy is balanced; and along the "
            + "gradient flow half of what is lost pays for the speed and half is the slope.",
        List.of("\\frac{d}{dt}\\,\\mathrm{KL}(P_t\\|Q_t) = "
            + "-\\frac{1}{2}\\,B\\,E_P\\left|\\partial\\ln\\frac{P}{Q}\\right|^2 + 2E_P[\\partial_t\\hat{S}] - "
                + "2E_Q[\\partial_t\\hat{S}]",
            "\\frac{d}{dt}\\,\\mathrm{KL}(P_t\\|\\gamma_t) = "
                + "-\\frac{1}{2}\\,B\\,E_P\\left|\\partial\\ln\\frac{P}{\\gamma}\\right|^2, \\quad \\gamma_t = "
                + "\\mathcal{N}(0, C_t)",
            "\\frac{dH}{dt} = \\frac{1}{2}\\,B\\,E_P\\left|\\partial\\ln P\\right|^2 - \\frac{B}{C}",
            "\\mathrm{KL}_0 - \\mathrm{KL}_T = \\frac{1}{2}\\int_0^T\\left(|\\dot{P}|^2 + "
                + "|\\nabla\\mathrm{KL}|^2\\right)dt"),
        "Cotler & Rezchikov 2202.11737; Ambrosio, Gigli & Savaré 2008"));
    for (ModeTheory theory : ModeTheory.POLCHINSKI) {
      suite.add("dissipation." + theory.label(), () -> identities(theory));
      suite.add("monotone." + theory.label(), () -> monotone(theory));
    }
    for (ModeTheory theory : ModeTheory.POLCHINSKI) {
      suite.add("energy-dissipation." + theory.label(), () -> energyDissipation(theory));
    }
    suite.figures("dissipation.figures", () -> drawn.values().stream().flatMap(List::stream).toList());
  }

  /** The laws along the kernel of the subject, each computed once. */
  private static final class Path {
    private final KernelQuadrature kernel;
    private final Map<Double, Law> laws = new TreeMap<>();

    Path(ModeTheory theory, Subject subject) {
      kernel = new KernelQuadrature(theory, subject);
    }

    Law at(double time) {
      return laws.computeIfAbsent(time, kernel::at);
    }

    double derivative(double time, ToDoubleBiFunction<Law, Double> of) {
      return Quadrature.derivative(t -> of.applyAsDouble(at(t), t), time, 0.02 * time);
    }
  }

  private static double[] covariances(ModeTheory theory, double time, double factor) {
    double[] c = new double[theory.modes()];
    Arrays.setAll(c, k -> factor * theory.covariance(k, time));
    return c;
  }

  private double[] mobilities(ModeTheory theory, double time) {
    return Arrays.stream(theory.noiseRates(setting.subject(), time)).map(setting.subject()::mobility).toArray();
  }

  private static double[] inverse(double[] values) {
    return Arrays.stream(values).map(v -> 1 / v).toArray();
  }

  /** −Σ M E|∂ ln(P/Q)|², ∂ ln Q = −(w b/B) φ. */
  private double towardsQ(ModeTheory theory, Law law, double time) {
    double[] drift = theory.driftRates(setting.subject(), time);
    double[] noise = theory.noiseRates(setting.subject(), time);
    double[] stiffness = new double[drift.length];
    Arrays.setAll(stiffness, k -> setting.subject().targetWeight() * drift[k] / noise[k]);
    return -law.fisherInformation(mobilities(theory, time), stiffness);
  }

  /** 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ] = Σ (V − C/2) B/C². */
  private static double movingTarget(ModeTheory theory, Law law, double time) {
    double sum = 0;
    for (int k = 0; k < theory.modes(); k++) {
      double c = theory.covariance(k, time);
      sum += (law.secondMoment(k) - 0.5 * c) * theory.noiseRate(k, time) / (c * c);
    }
    return sum;
  }

  private double towardsFree(ModeTheory theory, Law law, double time) {
    return -law.fisherInformation(mobilities(theory, time), inverse(covariances(theory, time, 1)));
  }

  private List<Check> identities(ModeTheory theory) {
    Path path = new Path(theory, setting.subject());
    double time = 0.6 * theory.end();
    Law law = path.at(time);
    double[] frozen = covariances(theory, time, 0.5);
    double[] mobility = mobilities(theory, time);
    String prefix = "dissipation." + theory.label();
    String where = ", τ = " + time + theory.where();
    List<Check> checks = new ArrayList<>();
    checks.add(Check.relative(prefix + ".frozen-q",
        "d/dt KL(P‖Q) at frozen Q equals −Σ M E_P|∂ log(P/Q)|², M = B/2" + where, GRADIENT_FLOW,
        towardsQ(theory, law, time), path.derivative(time, (p, t) -> p.relativeEntropy(frozen)), QUADRATURE));
    checks.add(Check.relative(prefix + ".moving-q",
        "d/dt KL(P_t‖Q_t) equals −Σ M E_P|∂ log(P/Q)|² + 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ]" + where, GRADIENT_FLOW,
        towardsQ(theory, law, time) + movingTarget(theory, law, time),
        path.derivative(time, (p, t) -> p.relativeEntropy(covariances(theory, t, 0.5))), QUADRATURE));
    checks.add(Check.relative(prefix + ".kl-free",
        "d/dt KL(P_t‖N(0,C_t)) equals −Σ M E_P|∂ log(P/γ)|²" + where, MONOTONE, towardsFree(theory, law, time),
        path.derivative(time, (p, t) -> p.relativeEntropy(covariances(theory, t, 1))), QUADRATURE));
    double drift = Arrays.stream(theory.driftRates(setting.subject(), time)).sum();
    checks.add(Check.relative(prefix + ".entropy", "dH/dt equals Σ[M E|∂ log P|² − B/C]" + where,
        "entropy balance of the Fokker-Planck equation",
        law.fisherInformation(mobility, new double[theory.modes()]) - drift,
        path.derivative(time, (p, t) -> p.entropy()), QUADRATURE));
    if (theory.modes() == 1) {
      checks.add(Check.relative(prefix + ".speed", "|Ṗ|² = lim W2²(P_{t−δ}, P_{t+δ})/(4δ²) at cost |v|²/M, from "
          + "quantile functions, equals Σ M E_P|∂ log(P/Q)|²" + where,
          GRADIENT_FLOW + ": the flow's speed is the slope",
          -towardsQ(theory, law, time), speed2(theory, time) / mobility[0], LINE));
    }
    return checks;
  }

  /** W₂²/(4δ²) at unit cost, extrapolated to δ = 0. */
  private double speed2(ModeTheory theory, double time) {
    KernelQuadrature kernel = new KernelQuadrature(theory, setting.subject());
    double[] level = new double[2];
    for (int l = 0; l < 2; l++) {
      double delta = 0.04 * time / (1 << l);
      double distance =
          LineTransport.distance(quantiles(theory, kernel, time - delta), quantiles(theory, kernel, time + delta), 2);
      level[l] = distance * distance / (4 * delta * delta);
    }
    return (4 * level[1] - level[0]) / 3;
  }

  /** The quantiles at the levels (i+½)/n. */
  private static double[] quantiles(ModeTheory theory, KernelQuadrature kernel, double time) {
    CellGrid fine = theory.grid(8000);
    double[] density = kernel.density(time, fine);
    double[] result = new double[QUANTILES];
    double before = 0;
    int next = 0;
    for (int k = 0; k < density.length; k++) {
      double mass = density[k] * fine.dx();
      while (next < QUANTILES && (next + 0.5) / QUANTILES <= before + mass) {
        result[next] = fine.x(k) + (((next + 0.5) / QUANTILES - before) / mass - 0.5) * fine.dx();
        next++;
      }
      before += mass;
    }
    // what is beyond the grid, if anything, stays at its end
    Arrays.fill(result, next, QUANTILES, theory.reachX());
    return result;
  }

  /** KL(P_t‖N(0,C_t)) falls all the way, by what is dissipated; KL(P_t‖Q_t) falls and rises again. */
  private List<Check> monotone(ModeTheory theory) {
    Path path = new Path(theory, setting.subject());
    int count = 41;
    double[] time = new double[count];
    double[] free = new double[count];
    double[] target = new double[count];
    double[] entropy = new double[count];
    double[] dissipated = new double[count];
    double[] slope = new double[count];
    double rises = 0;
    int lowest = 0;
    for (int i = 0; i < count; i++) {
      time[i] = theory.end() * 0.1 * Math.pow(32, i / (count - 1.0));
      Law law = path.at(time[i]);
      free[i] = law.relativeEntropy(covariances(theory, time[i], 1));
      target[i] = law.relativeEntropy(covariances(theory, time[i], 0.5));
      entropy[i] = law.entropy();
      dissipated[i] = -towardsFree(theory, law, time[i]);
      slope[i] = i == 0 ? Double.NaN : -(free[i] - free[i - 1]) / (time[i] - time[i - 1]);
      rises += i == 0 ? 0 : Math.max(0, free[i] - free[i - 1]);
      lowest = target[i] < target[lowest] ? i : lowest;
    }
    draw(theory, time, free, target, entropy, dissipated, slope);
    int last = count - 1;
    String prefix = "monotone." + theory.label();
    String range = String.format(Locale.ROOT, ", τ = %.4g to %.4g", time[0], time[last]) + theory.where();
    double turning = time[lowest];
    List<Check> checks = new ArrayList<>();
    checks.add(Check.absolute(prefix + ".kl-free-falls", "sum of all rises of KL(P_t‖N(0,C_t)) over 40 intervals"
        + range, MONOTONE, 0, rises, 1e-13));
    checks.add(Check.relative(prefix + ".kl-free-dissipated",
        "∫ Σ M E|∂ log(P/γ)|² dt equals the fall of KL(P_t‖N(0,C_t))" + range,
        EQUALITY.replace("for fixed Q", "in y = φ/√K, where N(0, C_0) is fixed"), free[0] - free[last],
        integral(path, time[0], time[last], (law, t) -> -towardsFree(theory, law, t)), QUADRATURE));
    ToDoubleBiFunction<Law, Double> change = (law, t) -> towardsQ(theory, law, t) + movingTarget(theory, law, t);
    String integrated = "moving Q: d/dt KL(P_t‖Q_t) = −Σ M E_P|∂ log(P/Q)|² + 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ], integrated";
    checks.add(Check.relative(prefix + ".kl-q", "change of KL(P_t‖Q_t)" + range, integrated,
        integral(path, time[0], time[last], change), target[last] - target[0], QUADRATURE));
    if (theory != ModeTheory.DOUBLE_WELL) {
      return checks; // V > C from the start, and V/C falls to 1: here KL(P_t‖Q_t) falls all the way
    }
    if (lowest == 0 || lowest == last) {
      checks.add(Check.failure(prefix + ".kl-q-not-monotone", "KL(P_t‖Q_t) has no minimum" + range));
      return checks;
    }
    String corrected = integrated + "; corrects the monotonicity claimed for KL(P_t‖Q_t)";
    checks.add(Check.relative(prefix + ".kl-q-falls",
        String.format(Locale.ROOT, "KL(P_t‖Q_t) falls at first: its change from τ = %.4g to %.4g%s", time[0], turning,
            theory.where()),
        corrected, integral(path, time[0], turning, change), target[lowest] - target[0], QUADRATURE));
    checks.add(Check.relative(prefix + ".kl-q-not-monotone",
        String.format(Locale.ROOT, "KL(P_t‖Q_t) rises again, so it is not monotone: its change from τ = %.4g to %.4g%s",
            turning, time[last], theory.where()),
        corrected, integral(path, turning, time[last], change), target[last] - target[lowest], QUADRATURE));
    return checks;
  }

  private static double integral(Path path, double from, double to, ToDoubleBiFunction<Law, Double> of) {
    // in ln τ: what happens is spread over decades of it
    return Quadrature.integral(s -> Math.exp(s) * of.applyAsDouble(path.at(Math.exp(s)), Math.exp(s)), Math.log(from),
        Math.log(to), 24);
  }

  private void draw(ModeTheory theory, double[] time, double[] free, double[] target, double[] entropy,
      double[] dissipated, double[] slope) {
    double[] middle = new double[time.length - 1];
    Arrays.setAll(middle, i -> 0.5 * (time[i] + time[i + 1]));
    String name = theory.label().replace('-', ' ');
    drawn.put(theory, List.of(
        new Diagram("monotone." + theory.label(), "Relative entropies and entropy: " + name,
            Quantity.logarithmic("τ = 1/Λ²"), Quantity.linear("nats"),
            List.of(Curve.line("KL(P‖N(0,C))", time, free), Curve.line("KL(P‖Q), Q = N(0,C/2)", time, target),
                Curve.line("entropy H(P)", time, entropy)),
            "Along Polchinski's flow" + theory.where() + ". KL(P‖N(0,C)) falls all the way, whatever the theory. "
                + "KL(P‖Q_t) need not, because Q moves: it tends to ½(1 − ln 2) per mode, from below in the double "
                + "well and from above where the fluctuations exceed the free ones from the start."),
        new Diagram("dissipation." + theory.label(), "Dissipation: " + name, Quantity.logarithmic("τ = 1/Λ²"),
            Quantity.logarithmic("−d KL(P‖N(0,C))/dτ"),
            List.of(Curve.line("½ Σ B E|∂ log(P/N(0,C))|²", time, dissipated),
                Curve.points("fall of KL(P‖N(0,C)) between neighbouring times", middle,
                    Arrays.copyOfRange(slope, 1, slope.length), null)),
            "The identity d/dτ KL(P‖N(0,C)) = −½ Σ B E|∂ log(P/N(0,C))|²" + theory.where() + ".")));
  }

  /**
   * A fixed Q, that of half the time: distances of minimising movements and slopes along them, extrapolated to h = 0.
   */
  List<Check> energyDissipation(ModeTheory theory) {
    CellGrid grid = theory.grid(theory.modes() == 1 ? 80 : 20);
    GridFlow flow = new GridFlow(theory, setting.subject());
    FokkerPlanck equation = flow.equation(grid, 0.5 * theory.end());
    double[] start = flow.start(grid);
    double drop = equation.relativeEntropy(start)
        - equation.relativeEntropy(setting.subject().fokkerPlanck(equation, start, theory.end()));
    int levels = 5;
    double[] speeds = new double[levels];
    double[] slopes = new double[levels];
    double[] both = new double[levels];
    double worst = Double.NEGATIVE_INFINITY;
    for (int l = 0; l < levels; l++) {
      int steps = 4 << l;
      double h = theory.end() / steps;
      double[] p = start;
      double before = equation.relativeEntropy(p);
      for (int i = 0; i < steps; i++) {
        MinimisingMovement.Step step = setting.subject().minimisingMovement(equation, p, h);
        p = step.density();
        speeds[l] += step.distanceSquared() / h;
        slopes[l] += h * equation.dissipation(p);
        worst = Math.max(worst, step.relativeEntropy() + step.distanceSquared() / (2 * h) - before);
        before = step.relativeEntropy();
      }
      both[l] = 0.5 * (speeds[l] + slopes[l]);
    }
    double[] error = Arrays.stream(speeds).map(s -> Math.abs(s - drop)).toArray();
    String prefix = "energy-dissipation." + theory.label();
    String where = ", Q and M fixed at τ = " + 0.5 * theory.end() + ", duration " + theory.end() + theory.where();
    return List.of(
        Convergence.tending(prefix + ".speed", "Σ W²/h over minimising movements, h → 0, which is ∫|Ṗ|²dt, equals the "
            + "fall of KL(P‖Q) under the Fokker-Planck equation" + where, EQUALITY, drop, speeds),
        Convergence.tending(prefix + ".slope", "∫ Σ M E|∂ log(P/Q)|² dt along the same, h → 0, equals it" + where,
            EQUALITY, drop, slopes),
        Convergence.tending(prefix + ".equality", "½∫(|Ṗ|² + |∇KL|²)dt equals it" + where, EQUALITY, drop, both),
        Convergence.order(prefix + ".order", "order in h at which Σ W²/h approaches it" + where, EQUALITY, 1, error),
        Check.absolute(prefix + ".inequality",
            "largest excess over all steps of KL(P'‖Q) + W²/(2h) over KL(P‖Q)" + where,
            "Jordan, Kinderlehrer & Otto 1998: staying is one of the choices", 0, Math.max(0, worst), 1e-13));
  }
}
