package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.Interaction1D;
import org.rgflow.flow.OneModeFlow;
import org.rgflow.flow.SeedAction;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeSchedule.Transition;
import org.rgflow.transport.CellGrid;
import org.rgflow.validation.Particles.Side;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * One density, four ways: the exact kernel by quadrature, the Fokker–Planck equation on a grid, minimising movements
 * on a grid, and Langevin particles; with the order at which each approaches the first.
 */
final class DensityChecks {
  private static final String ERG = "Polchinski 1984; Cotler & Rezchikov 2202.11737: ∂_t P = ½ ∂(B P ∂ log(P/Q)), Q ∝ "
      + "e^(−2Ŝ)";
  private static final String JKO = "Jordan, Kinderlehrer & Otto 1998: the minimiser of KL(·‖Q) + W²/(2h), at cost "
      + "|v|²/M, M = B/2";
  private static final double EXACT = 1e-10;
  private static final int LEVELS = 4;
  private static final int PLANE_CELLS = 24;
  static final int PARTICLES = 1_000_000;
  static final int QUICK_PARTICLES = 200_000;

  /** The kernel with half the variance of its noise: what a χ² must be able to tell from the right one. */
  private static final Subject HALF_THE_NOISE = new Subject() {
    @Override
    public Transition transition(ModeSchedule schedule, double from, double to, ModeSchedule.Variable variable) {
      Transition right = schedule.transition(from, to, variable);
      return new Transition(right.decay(), Arrays.stream(right.noise()).map(n -> Math.sqrt(0.5) * n).toArray());
    }
  };

  private final MonteCarlo setting;
  /** Marginal densities of mode 1. */
  private final Map<ModeTheory, List<Curve>> shown = new LinkedHashMap<>();
  private final Map<String, double[]> errors = new LinkedHashMap<>();

  DensityChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("density", "One density, four ways",
        "The density of one or two interacting modes at a lower scale comes out the same by the exact kernel, by the "
            + "Fokker–Planck equation on a grid, by minimising movements, each the best compromise between relative "
            + "entropy and transport, and by a million Langevin particles; each approaches it at the order that its "
            + "theory says.",
        List.of("P_t(\\varphi) = \\int \\mathcal{N}(\\varphi;\\, a\\varphi_0, n)\\,P_0(\\varphi_0)\\,d\\varphi_0, "
            + "\\quad a = \\frac{C_t}{C_0}, \\quad n = C_t\\left(1 - \\frac{C_t}{C_0}\\right)",
            "\\partial_t P = \\partial\\left(M P\\,\\partial\\ln\\frac{P}{Q}\\right), \\quad M = \\frac{B}{2}, \\quad "
                + "Q = \\mathcal{N}\\left(0, \\frac{C_t}{2}\\right)",
            "\\mathrm{KL}(P'\\|Q) + \\frac{W^2(P, P')}{2h} \\to \\text{min}",
            "d\\varphi = -\\frac{B}{C}\\,\\varphi\\,dt + \\sqrt{B}\\,dW"),
        "Polchinski 1984; Cotler & Rezchikov 2202.11737; Jordan, Kinderlehrer & Otto 1998; Scharfetter & Gummel 1969"));
    for (ModeTheory theory : ModeTheory.POLCHINSKI) {
      suite.add("density." + theory.label(), () -> grids(theory));
      suite.add("density." + theory.label() + ".particles", () -> particles(theory));
    }
    suite.figures("density.figures", this::figures);
  }

  private List<Check> grids(ModeTheory theory) {
    KernelQuadrature exact = new KernelQuadrature(theory, Subject.LIBRARY);
    List<Check> checks = new ArrayList<>(theory.modes() == 1 ? kernelOfOneMode(theory) : kernelOfTwoModes(theory));
    Gridded fokkerPlanck = fokkerPlanck(theory, exact, checks);
    Gridded movement = minimisingMovement(theory, checks);
    Law start = exact.start();
    Law end = exact.at(theory.end());
    shown(theory).addAll(List.of(
        Curve.dashes("start, τ = 0", abscissae(start.grid()), marginal(start.grid(), start.density())),
        Curve.line("kernel, by quadrature", abscissae(end.grid()), marginal(end.grid(), end.density())),
        thinned("Fokker-Planck", fokkerPlanck, 0),
        thinned("minimising movements", movement, 1)));
    return checks;
  }

  private List<Curve> shown(ModeTheory theory) {
    return shown.computeIfAbsent(theory, t -> new ArrayList<>());
  }

  /** The kernel of the subject, against the action of the exact flow, which is another integral. */
  private List<Check> kernelOfOneMode(ModeTheory theory) {
    Law law = new KernelQuadrature(theory, setting.subject()).at(theory.end());
    OneModeFlow.Density other = new OneModeFlow(1, new Interaction1D(theory.quadratic(), theory.quartic()))
        .at(theory.covariance(0, theory.end()));
    double worst = 0;
    double worstScore = 0;
    for (int i = 0; i < law.density().length; i += 4) {
      double phi = law.grid().x(i);
      double expected = Math.exp(other.logDensity(phi));
      worst = Math.max(worst, Math.abs(law.density()[i] - expected));
      worstScore = Math.max(worstScore, Math.abs(law.density()[i] * (law.score()[0][i] - other.score(phi))));
    }
    String reference = "Polchinski 1984: P_t ∝ exp(−φ²/(2C_t) − S_t), e^(−S_t) = N(0, C_0−C_t) ∗ e^(−S_int,0)";
    String prefix = "density." + theory.label() + ".kernel";
    return List.of(
        Check.absolute(prefix, "largest difference between the density by the kernel φ_t = aφ_0 + √n ξ and by the "
            + "effective action, K = e^(−0.7)" + theory.where(), reference, 0, worst, EXACT),
        Check.absolute(prefix + ".score", "largest difference of ∂P between the two" + theory.where(), reference, 0,
            worstScore, EXACT));
  }

  /** What the flow preserves: (G − C)/K² of each mode, and the connected ⟨φ₁²φ₂²⟩/(K₁²K₂²). */
  private List<Check> kernelOfTwoModes(ModeTheory theory) {
    KernelQuadrature kernel = new KernelQuadrature(theory, setting.subject());
    Law start = kernel.start();
    Law end = kernel.at(theory.end());
    double[] cutoff = new double[2];
    List<Check> checks = new ArrayList<>();
    for (int k = 0; k < 2; k++) {
      double before = theory.covariance(k, 0);
      double after = theory.covariance(k, theory.end());
      cutoff[k] = after / before;
      checks.add(Check.relative("density." + theory.label() + ".kernel.propagator-" + (k + 1),
          "(G − C)/K² of mode " + (k + 1) + " at the end against G_0 − C_0" + theory.where(),
          "Polchinski 1984; Cotler & Rezchikov 2202.11737: physics below the cutoff is preserved",
          start.secondMoment(k) - before, (end.secondMoment(k) - after) / (cutoff[k] * cutoff[k]), EXACT));
    }
    checks.add(Check.relative("density." + theory.label() + ".kernel.four-point",
        "connected ⟨φ₁²φ₂²⟩/(K_1²K_2²) at the end against the start" + theory.where(),
        "connected n-point functions scale by ΠK_t(p_i)", connected(start),
        connected(end) / Math.pow(cutoff[0] * cutoff[1], 2), EXACT));
    return checks;
  }

  private static double connected(Law law) {
    return law.mean((x, y) -> x * x * y * y) - law.secondMoment(0) * law.secondMoment(1);
  }

  /** A density on a grid. */
  record Gridded(CellGrid grid, double[] density) {}

  private Gridded fokkerPlanck(ModeTheory theory, KernelQuadrature exact, List<Check> checks) {
    GridFlow flow = new GridFlow(theory, setting.subject());
    double end = theory.end();
    CellGrid[] grid = new CellGrid[LEVELS];
    double[][] deviation = new double[LEVELS][];
    double[] error = new double[LEVELS];
    Gridded finest = null;
    for (int l = 0; l < LEVELS; l++) {
      grid[l] = theory.grid((theory.modes() == 1 ? 50 : PLANE_CELLS) << l);
      double[] here = flow.fokkerPlanck(grid[l], end, 4 << l);
      double[] right = exact.density(end, grid[l]);
      double[] difference = new double[right.length];
      Arrays.setAll(difference, i -> here[i] - right[i]);
      error[l] = Convergence.distance(grid[l], here, right);
      for (int finer = l; finer > 0; finer--) {
        difference = Convergence.coarsen(grid[finer], difference);
      }
      deviation[l] = difference;
      finest = new Gridded(grid[l], here);
    }
    // In time alone, on one grid.
    CellGrid one = movementGrid(theory);
    double[][] inTime = new double[LEVELS + 1][];
    Arrays.setAll(inTime, l -> flow.fokkerPlanck(one, end, 2 << l));
    Convergence.Limit limit = Convergence.limit(deviation, 2, 2);
    String prefix = "density." + theory.label() + ".fokker-planck";
    checks.add(Convergence.order(prefix + ".order", "order at which the Fokker-Planck scheme (Scharfetter & Gummel; M "
        + "and Q taken at the middle of a step) approaches the kernel when cells and steps are halved, ∫|ΔP|"
        + theory.where(), ERG, 2, error));
    checks.add(Convergence.order(prefix + ".order-in-time", "the same in the steps alone, on one grid"
        + theory.where(), ERG, 2, Convergence.changes(one, inTime)));
    checks.add(Convergence.vanishing(prefix + ".limit", "∫|P − P_kernel| of the scheme extrapolated in cells and steps"
        + theory.where(), ERG, grid[0], limit));
    errors.put(theory.label() + ": Fokker-Planck, cells and steps", error);
    return finest;
  }

  private CellGrid movementGrid(ModeTheory theory) {
    return theory.grid(theory.modes() == 1 ? 80 : setting.choose(20, 28));
  }

  /** For any seed action. */
  Gridded minimisingMovement(ModeTheory theory, List<Check> checks) {
    GridFlow flow = new GridFlow(theory, setting.subject());
    CellGrid grid = movementGrid(theory);
    double[][] density = new double[LEVELS + 1][];
    double[][] equation = new double[LEVELS][];
    for (int l = 0; l < density.length; l++) {
      density[l] = flow.minimisingMovements(grid, theory.end(), 4 << l);
    }
    Arrays.setAll(equation, l -> flow.fokkerPlanck(grid, theory.end(), 8 << l));
    double[] limit = Convergence.limit(equation, 2, 2).value();
    double[][] deviation = new double[density.length][];
    double[] error = new double[density.length];
    for (int l = 0; l < density.length; l++) {
      double[] here = density[l];
      deviation[l] = new double[here.length];
      Arrays.setAll(deviation[l], i -> here[i] - limit[i]);
      error[l] = Convergence.distance(grid, here, limit);
    }
    String prefix = "density." + theory.label() + ".minimising-movement";
    checks.add(Convergence.order(prefix + ".order", "order in h at which minimising movements of KL(·‖Q_t) approach "
        + "the Fokker-Planck equation on the same grid, ∫|ΔP|" + theory.where(), JKO, 1, error));
    checks.add(Convergence.vanishing(prefix + ".limit", "∫|P − P_FP| of minimising movements extrapolated to h = 0, "
        + "P_FP the Fokker-Planck equation on the same grid" + theory.where(), JKO, grid,
        Convergence.limit(deviation, 1, 1)));
    errors.put(theory.label() + ": minimising movements, steps", error);
    return new Gridded(grid, density[LEVELS]);
  }

  private List<Check> particles(ModeTheory theory) {
    KernelQuadrature exact = new KernelQuadrature(theory, Subject.LIBRARY);
    List<Check> checks = new ArrayList<>();
    int count = setting.choose(QUICK_PARTICLES, PARTICLES);
    Particles particles = new Particles(setting, theory, count);
    double end = theory.end();
    float[][] polchinski = particles.flow((device, transform, stream) ->
        setting.subject().polchinski(device, transform, ModeTheory.COVARIANCE, stream), end, setting.seed() + 1,
        Side.AS_DRAWN);
    CellGrid bins = bins(theory, theory.modes() == 1 ? 60 : 20);
    Histogram histogram = Histogram.of(bins, fine -> exact.density(end, fine));
    Histogram wrong = Histogram.of(bins, fine -> new KernelQuadrature(theory, HALF_THE_NOISE).density(end, fine));
    String prefix = "density." + theory.label() + ".particles";
    String what = String.format(Locale.ROOT, " of %,d Langevin particles after one step of Polchinski's flow", count);
    int freedom = histogram.degreesOfFreedom(count);
    checks.add(Check.monteCarlo(prefix + ".chi-squared", setting.seeded("χ² of the histogram" + what + " against the "
        + "kernel's density; its number of degrees of freedom is expected" + theory.where()), ERG, freedom,
        histogram.chiSquared(polchinski), Math.sqrt(2 * freedom), histogram.noncentrality(wrong, count)));
    Law law = exact.at(end);
    for (int power = 2; power <= 4; power += 2) {
      int p = power;
      double expected = law.mean((x, y) -> Math.pow(x, p) + (theory.modes() == 1 ? 0 : Math.pow(y, p)));
      double[] moment = moment(polchinski, power);
      checks.add(Check.monteCarlo(prefix + ".phi" + power, setting.seeded("Σ⟨φ^" + power + "⟩ over the modes" + what
          + ", against the kernel" + theory.where()), ERG, expected, moment[0], moment[1]));
    }
    checks.add(numberOrder(theory, histogram, polchinski));
    if (theory != ModeTheory.BROKEN) { // the steps are linear: their error is that of the other mode alone
      checks.add(eulerOrder(theory, particles, exact));
    }
    shown(theory).addFirst(histogram.curve("Langevin particles", polchinski));
    return checks;
  }

  /** Bins over what the particles reach. */
  static CellGrid bins(ModeTheory theory, int bins) {
    CellGrid whole = theory.grid(bins);
    return theory.modes() == 1 ? CellGrid.line(bins, -0.6 * theory.reachX(), 0.6 * theory.reachX())
        : CellGrid.plane(bins, 0.7 * whole.x0(), -0.7 * whole.x0(), bins, 0.6 * whole.y0(), -0.6 * whole.y0());
  }

  /** Mean and standard error of Σ φ^n over the modes. */
  static double[] moment(float[][] particles, int power) {
    Tally tally = new Tally();
    for (int i = 0; i < particles[0].length; i++) {
      double sum = 0;
      for (float[] mode : particles) {
        double square = (double) mode[i] * mode[i];
        sum += power == 2 ? square : square * square;
      }
      tally.add(sum);
    }
    return new double[] {tally.mean(), tally.error()};
  }

  /** √Σ(n_i/N − p_i)² falls like N^(−½). */
  private Check numberOrder(ModeTheory theory, Histogram histogram, float[][] particles) {
    int count = particles[0].length;
    int few = 1024;
    int many = 16;
    // of different particles, so that the two are independent
    Tally small = blocks(histogram, particles, 0, count / 2, few);
    Tally large = blocks(histogram, particles, count / 2, count, many);
    double order = 0.5 * Math.log(small.mean() / large.mean()) / Math.log((double) few / many);
    double relative = Math.hypot(small.error() / small.mean(), large.error() / large.mean());
    return Check.monteCarlo("density." + theory.label() + ".particles.number-order",
        setting.seeded(String.format(Locale.ROOT, "exponent −p of the root mean square deviation of the histogram of N "
            + "particles, N = %,d to %,d%s", count / 2 / few, count / 2 / many, theory.where())),
        "independent particles: N^(−½)", 0.5, order, 0.5 * relative / Math.log((double) few / many));
  }

  private static Tally blocks(Histogram histogram, float[][] particles, int first, int last, int blocks) {
    Tally tally = new Tally();
    int length = (last - first) / blocks;
    for (int b = 0; b < blocks; b++) {
      tally.add(histogram.meanSquare(particles, first + b * length, first + (b + 1) * length));
    }
    return tally;
  }

  /**
   * Euler–Maruyama steps with the free seed action: errors of Σ⟨φ²⟩ from φ_0 and −φ_0 under the same noise, in whose
   * mean all that is odd in it drops out, with Σ K²φ_0², whose mean is known, as control variate.
   */
  private Check eulerOrder(ModeTheory theory, Particles particles, KernelQuadrature exact) {
    Law start = exact.start();
    Law law = exact.at(theory.end());
    double[] cutoff = new double[theory.modes()];
    double expected = 0;
    for (int k = 0; k < cutoff.length; k++) {
      cutoff[k] = theory.covariance(k, theory.end()) / theory.covariance(k, 0);
      expected += law.secondMoment(k) - cutoff[k] * cutoff[k] * start.secondMoment(k);
    }
    double[][] error = new double[3][particles.count()];
    for (int l = 0; l < error.length; l++) {
      int steps = 2 << l;
      Particles.Maker maker = (device, transform, stream) -> setting.subject().wegnerMorris(device, transform,
          ModeTheory.COVARIANCE, SeedAction.FREE, FlowIntegrator.EULER_MARUYAMA, steps, stream);
      float[][] one = particles.flow(maker, theory.end(), setting.seed() + 2 + steps, Side.AS_DRAWN);
      float[][] other = particles.flow(maker, theory.end(), setting.seed() + 2 + steps, Side.REFLECTED);
      for (int i = 0; i < particles.count(); i++) {
        double sum = -expected;
        for (int k = 0; k < cutoff.length; k++) {
          sum += 0.5 * ((double) one[k][i] * one[k][i] + (double) other[k][i] * other[k][i]);
          sum -= Math.pow(cutoff[k] * particles.start(k, i), 2);
        }
        error[l][i] = sum;
      }
    }
    return Convergence.weakOrder("density." + theory.label() + ".particles.euler-order", setting.seeded("weak order of "
        + "Euler-Maruyama steps for the Langevin equation dφ = −(B/C)φ dt + √B dW, from Σ⟨φ²⟩ after 2, 4 and 8 steps"
        + theory.where()), FlowIntegrator.EULER_MARUYAMA.order(), error);
  }

  // ---- figures

  static double[] abscissae(CellGrid grid) {
    double[] x = new double[grid.nx()];
    Arrays.setAll(x, grid::x);
    return x;
  }

  static double[] marginal(CellGrid grid, double[] density) {
    double[] sum = new double[grid.nx()];
    for (int k = 0; k < density.length; k++) {
      sum[k % grid.nx()] += density[k] * (grid.ny() == 1 ? 1 : grid.dy());
    }
    return sum;
  }

  /** About 24 of the cells in the middle of the grid, as symbols; methods are drawn between each other's. */
  static Curve thinned(String label, Gridded density, int shift) {
    double[] x = abscissae(density.grid);
    double[] y = marginal(density.grid, density.density);
    int stride = Math.max(1, Math.round(x.length * 0.6f / 24));
    int first = (int) (0.2 * x.length) + shift * stride / 2;
    int count = (int) (0.6 * x.length) / stride;
    double[] someX = new double[count];
    double[] someY = new double[count];
    for (int i = 0; i < count; i++) {
      someX[i] = x[first + i * stride];
      someY[i] = y[first + i * stride];
    }
    return Curve.points(label, someX, someY, null);
  }

  private List<Diagram> figures() {
    List<Diagram> figures = new ArrayList<>();
    shown.forEach((theory, curves) -> figures.add(new Diagram("density." + theory.label(),
        "One density, four ways: " + theory.label().replace('-', ' '),
        Quantity.linear(theory.modes() == 1 ? "φ" : "φ₁").between(-0.6 * theory.reachX(), 0.6 * theory.reachX()),
        Quantity.linear(theory.modes() == 1 ? "P(φ)" : "P(φ₁)"), curves,
        "The density at τ = " + theory.end() + theory.where() + ". Fokker-Planck on its finest grid, minimising "
            + "movements with the smallest step on a coarse grid.")));
    if (!errors.isEmpty()) {
      List<Curve> curves = new ArrayList<>();
      errors.forEach((label, error) -> {
        double[] step = new double[error.length];
        Arrays.setAll(step, l -> Math.pow(0.5, l));
        curves.add(Curve.line(label, step, error));
      });
      figures.add(new Diagram("density.convergence", "Orders of convergence", Quantity.logarithmic("step, relative to "
          + "the coarsest"), Quantity.logarithmic("∫|ΔP|"), curves,
          "Distance of the densities from the kernel (Fokker-Planck, second order) and from the Fokker-Planck equation "
              + "on the same grid (minimising movements, first order)."));
    }
    return figures;
  }
}
