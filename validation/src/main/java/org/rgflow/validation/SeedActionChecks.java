package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.SeedAction;
import org.rgflow.transport.CellGrid;
import org.rgflow.transport.FokkerPlanck;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * The Wegner–Morris flow of one mode with a quartic part in its seed action, Ŝ = φ²/(2C) + vφ⁴: the Fokker–Planck
 * equation, minimising movements and Langevin particles, and the dissipation of KL(P_t‖Q_t), Q ∝ e^(−2Ŝ). There is no
 * kernel to compare with; the reference is the Fokker–Planck equation on fine grids.
 */
final class SeedActionChecks {
  private static final String WEGNER_MORRIS = "Wegner 1974, Morris 1995; Cotler & Rezchikov 2202.11737: dφ = −B δŜ/δφ "
      + "dt + √B dη, ∂_t P = ½ ∂(B P ∂ log(P/Q)), Q ∝ e^(−2Ŝ)";
  private static final ModeTheory THEORY = ModeTheory.SEEDED;
  /** V = g/(4z²) Σφ⁴, z the factor of C. */
  private static final SeedAction SEED =
      new SeedAction.Quartic(4 * Math.pow(ModeTheory.COVARIANCE.factor(), 2) * THEORY.seedQuartic());
  /** Cells and steps of the coarsest level; each further one halves both. */
  private static final int CELLS = 50;
  private static final int STEPS = 4;
  private static final int LEVELS = 5;

  private final MonteCarlo setting;
  private final GridFlow flow;
  private final DensityChecks density;
  private final DissipationChecks dissipation;
  /** Of the density, what {@link #density()} has left for the figure. */
  private final List<Curve> shown = new ArrayList<>();
  private final List<Diagram> drawn = new ArrayList<>();

  SeedActionChecks(MonteCarlo setting, DensityChecks density, DissipationChecks dissipation) {
    this.setting = setting;
    this.density = density;
    this.dissipation = dissipation;
    flow = new GridFlow(THEORY, setting.subject());
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("wegner-morris", "A quartic seed action",
        "With another seed action the flow is still the gradient flow of the relative entropy to its own Q: three "
            + "methods give one density, and the dissipation is what the slope says.",
        List.of("\\hat{S} = \\frac{\\varphi^2}{2C} + v\\varphi^4, \\quad d\\varphi = "
            + "-B\\,\\frac{\\partial\\hat{S}}{\\partial\\varphi}\\,dt + \\sqrt{B}\\,d\\eta",
            "\\partial_t P = \\frac{1}{2}\\,\\partial\\left(B P\\,\\partial\\ln\\frac{P}{Q}\\right), \\quad Q \\propto "
                + "e^{-2\\hat{S}}"),
        "Wegner 1974; Morris 1995; Cotler & Rezchikov 2202.11737"));
    suite.add("density.wegner-morris", this::density);
    suite.add("density.wegner-morris.particles", this::particles);
    suite.add("density.wegner-morris.orders", this::orders);
    suite.add("dissipation.wegner-morris", this::movingTarget);
    suite.add("energy-dissipation.wegner-morris", () -> dissipation.energyDissipation(THEORY));
    suite.figures("density.wegner-morris.figures", () -> List.copyOf(drawn));
  }

  private List<Check> density() {
    CellGrid[] grid = new CellGrid[LEVELS];
    double[][] level = new double[LEVELS][];
    for (int l = 0; l < LEVELS; l++) {
      grid[l] = THEORY.grid(CELLS << l);
      level[l] = flow.fokkerPlanck(grid[l], THEORY.end(), STEPS << l);
    }
    double[] change = new double[LEVELS - 1];
    Arrays.setAll(change, l -> Convergence.distance(grid[l], level[l], Convergence.coarsen(grid[l + 1], level[l + 1])));
    List<Check> checks = new ArrayList<>();
    checks.add(Convergence.order("density.wegner-morris.fokker-planck.order", "order at which the Fokker-Planck scheme "
        + "converges when cells and steps are halved, ∫|ΔP| between levels" + THEORY.where(), WEGNER_MORRIS, 2,
        change));
    shown.add(DensityChecks.thinned("minimising movements", density.minimisingMovement(THEORY, checks), 0));
    return checks;
  }

  /** The density by the library's scheme, on a grid so fine that a χ² does not see its error. */
  private static double[] reference(CellGrid grid) {
    return new GridFlow(THEORY, Subject.LIBRARY).fokkerPlanck(grid, THEORY.end(), STEPS << LEVELS - 1);
  }

  private List<Check> particles() {
    int count = setting.choose(DensityChecks.QUICK_PARTICLES, DensityChecks.PARTICLES);
    Particles particles = new Particles(setting, THEORY, count);
    float[][] end = particles.flow((device, transform, stream) -> setting.subject().wegnerMorris(device, transform,
        ModeTheory.COVARIANCE, SEED, FlowIntegrator.EXPONENTIAL, 40, stream), THEORY.end(), setting.seed() + 1,
        Particles.Side.AS_DRAWN);
    CellGrid fine = THEORY.grid(CELLS << LEVELS - 1);
    double[] right = reference(fine);
    CellGrid bins = DensityChecks.bins(THEORY, 60);
    Histogram histogram = Histogram.of(bins, fine, right);
    // half of the seed action's quartic part
    ModeTheory half = new ModeTheory(THEORY.label(), 1, THEORY.quadratic(), THEORY.quartic(),
        0.5 * THEORY.seedQuartic(), THEORY.end(), THEORY.reachX(), THEORY.reachY());
    Histogram wrong =
        Histogram.of(bins, fine, new GridFlow(half, Subject.LIBRARY).fokkerPlanck(fine, THEORY.end(), 16));
    int freedom = histogram.degreesOfFreedom(count);
    String what = String.format(Locale.ROOT, " of %,d Langevin particles, exponential integrator, against the "
        + "Fokker-Planck equation", count);
    List<Check> checks = new ArrayList<>();
    checks.add(Check.monteCarlo("density.wegner-morris.particles.chi-squared",
        setting.seeded("χ² of the histogram" + what + "; its number of degrees of freedom is expected"
            + THEORY.where()),
        WEGNER_MORRIS, freedom, histogram.chiSquared(end), Math.sqrt(2 * freedom),
        histogram.noncentrality(wrong, count)));
    for (int power = 2; power <= 4; power += 2) {
      int p = power;
      double expected = extrapolated(p);
      double[] moment = DensityChecks.moment(end, power);
      checks.add(Check.monteCarlo("density.wegner-morris.particles.phi" + power,
          setting.seeded("⟨φ^" + power + "⟩" + what + THEORY.where()), WEGNER_MORRIS, expected, moment[0], moment[1]));
    }
    List<Curve> curves = new ArrayList<>(List.of(histogram.curve("Langevin particles", end),
        Curve.dashes("start, τ = 0", DensityChecks.abscissae(fine), flow.start(fine)),
        Curve.line("Fokker-Planck", DensityChecks.abscissae(fine), right)));
    curves.addAll(shown);
    drawn.add(new Diagram("density.wegner-morris", "A quartic seed action, three ways",
        Quantity.linear("φ").between(-3, 3), Quantity.linear("P(φ)"), curves,
        "The density at τ = " + THEORY.end() + THEORY.where() + "."));
    return checks;
  }

  /**
   * A second order is hidden by the noise of few particles, and the exponential integrator's, whose errors are four
   * times smaller still, by that of many.
   */
  private List<Check> orders() {
    Particles particles = new Particles(setting, THEORY, setting.choose(200_000, 1_000_000));
    Check euler = order(particles, FlowIntegrator.EULER_MARUYAMA, 6);
    return setting.effort() == Effort.QUICK ? List.of(euler)
        : List.of(euler, order(particles, FlowIntegrator.STOCHASTIC_HEUN, 4));
  }

  /**
   * The weak order from the changes of ⟨φ²⟩ when steps are halved three times, along common Wiener paths, from φ_0 and
   * −φ_0, in whose mean all that is odd in the noise drops out.
   */
  private Check order(Particles particles, FlowIntegrator integrator, int coarsest) {
    int levels = 4;
    double[] last = null;
    double[][] change = new double[levels - 1][];
    for (int l = 0; l < levels; l++) {
      int steps = coarsest << l;
      int refinement = 1 << levels - 1 - l;
      double[] square = new double[particles.count()];
      for (Particles.Side side : Particles.Side.values()) {
        Particles.Maker maker = (device, transform, stream) -> setting.subject().coupledWegnerMorris(
            device, transform, ModeTheory.COVARIANCE, SEED, integrator, steps, refinement, stream);
        float[][] end = particles.flow(maker, THEORY.end(), setting.seed() + 2, side);
        Arrays.setAll(square, i -> square[i] + 0.5 * end[0][i] * end[0][i]);
      }
      if (l > 0) {
        double[] before = last;
        change[l - 1] = new double[square.length];
        Arrays.setAll(change[l - 1], i -> square[i] - before[i]);
      }
      last = square;
    }
    String statement = "weak order of " + integrator.label() + " steps, from the changes of ⟨φ²⟩ when " + coarsest
        + " of them are halved three times, on common Wiener paths" + THEORY.where();
    return Convergence.weakOrder("density.wegner-morris.particles.order." + integrator.label(),
        setting.seeded(statement), integrator.order(), change);
  }

  /** ⟨φ^n⟩ at the end, cells and steps extrapolated. */
  private static double extrapolated(int power) {
    double[][] level = new double[LEVELS][];
    for (int l = 0; l < LEVELS; l++) {
      CellGrid grid = THEORY.grid(CELLS << l);
      double[] p = new GridFlow(THEORY, Subject.LIBRARY).fokkerPlanck(grid, THEORY.end(), STEPS << l);
      level[l] = new double[] {grid.mean(p, (x, y) -> Math.pow(x, power))};
    }
    return Convergence.limit(level, 2, 2).value()[0];
  }

  /** d/dt KL(P_t‖Q_t) along the scheme. */
  private List<Check> movingTarget() {
    CellGrid grid = THEORY.grid(200);
    double time = 0.6 * THEORY.end();
    double step = 0.02 * time;
    int substeps = 16;
    double[] p = flow.fokkerPlanck(grid, time - 4 * step, 64);
    double[] entropy = new double[9];
    double[] here = p;
    for (int i = 0; i < entropy.length; i++) {
      double from = time + (i - 4) * step;
      entropy[i] = flow.equation(grid, from).relativeEntropy(p);
      here = i == 4 ? p : here;
      double h = step / substeps;
      for (int k = 0; k < substeps; k++) {
        p = setting.subject().fokkerPlanck(flow.equation(grid, from + (k + 0.5) * h), p, h);
      }
    }
    double measured = Quadrature.derivative(t -> entropy[4 + (int) Math.round((t - time) / step)], time, step);
    FokkerPlanck equation = flow.equation(grid, time);
    double c = THEORY.covariance(0, time);
    double moving = (grid.mean(here, (x, y) -> x * x) - grid.mean(equation.stationary(), (x, y) -> x * x))
        * THEORY.noiseRate(0, time) / (c * c);
    return List.of(Check.relative("dissipation.wegner-morris.moving-q", "d/dt KL(P_t‖Q_t) along the scheme equals "
        + "−dissipation + 2 E_P[∂_t Ŝ] − 2 E_Q[∂_t Ŝ], τ = " + time + THEORY.where(), WEGNER_MORRIS,
        -equation.dissipation(here) + moving, measured, 1e-6));
  }
}
