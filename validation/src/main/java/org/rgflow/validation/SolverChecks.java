package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ejml.data.DMatrixRMaj;
import org.rgflow.transport.BuresWasserstein;
import org.rgflow.transport.CellGrid;
import org.rgflow.transport.DynamicTransport;
import org.rgflow.transport.EntropicPlan;
import org.rgflow.transport.ExactTransport;
import org.rgflow.transport.Graph;
import org.rgflow.transport.GraphCurvature;
import org.rgflow.transport.GraphTransport;
import org.rgflow.transport.KnownTransport;
import org.rgflow.transport.LineTransport;
import org.rgflow.transport.Sinkhorn;
import org.rgflow.transport.TransportCheck;
import org.rgflow.transport.TransportPlan;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * The solvers of optimal transport: discrete, entropic, dynamic and graph transport, and curvature, against known
 * answers.
 */
final class SolverChecks {
  private static final double ROUNDING = 1e-12;
  /** Zachary's karate club: neighbours of higher number of vertices 0, 1, …. */
  private static final int[][] KARATE = {
    {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31}, {2, 3, 7, 13, 17, 19, 21, 30},
        {3, 7, 27, 28, 32, 8, 9, 13},
    {7, 12, 13}, {6, 10}, {6, 10, 16}, {16}, {}, {30, 32, 33}, {33}, {}, {}, {}, {33}, {32, 33}, {32, 33}, {}, {},
        {32, 33},
    {33}, {32, 33}, {}, {32, 33}, {25, 27, 29, 32, 33}, {25, 27, 31}, {31}, {29, 33}, {33}, {31, 33}, {32, 33},
        {32, 33},
    {32, 33}, {33}, {}
  };

  void addTo(Suite suite) {
    suite.topic(new Topic("discrete", "Discrete transport, exact and entropic",
        "A plan is optimal if and only if there are potentials that prove it; the exact solver returns both, and "
            + "the proof is checked. Entropic plans have closed forms for two points, and tend to the exact cost.",
        List.of("\\min_{P \\ge 0}\\sum_{ij} c_{ij}P_{ij} = \\max_{u_i + v_j \\le c_{ij}}\\sum_i a_i u_i + \\sum_j "
            + "b_j v_j",
            "\\mathrm{OT}_\\epsilon = \\min_P\\sum_{ij} c_{ij}P_{ij} + \\epsilon\\,\\mathrm{KL}(P\\|a\\otimes b)"),
        "Kantorovich duality; Cuturi 2013; Peyré & Cuturi, Computational Optimal Transport 1803.00567"));
    suite.add("transport.exact", this::exact);
    suite.add("transport.sinkhorn", this::sinkhorn);
    suite.figures("transport.sinkhorn.curve", this::entropicCost);
    suite.topic(new Topic("continuous", "Gaussians, the line, and the dynamic form",
        "Between Gaussians and on the line transport has closed forms; the dynamic problem of Benamou and Brenier "
            + "must give the same distance, and McCann’s interpolation on the way.",
        List.of("W_2^2 = |m_1 - m_2|^2 + \\tr\\,A + \\tr\\,B - 2\\,\\tr(A^{1/2}BA^{1/2})^{1/2}",
            "W_2^2 = \\min\\int_0^1\\int\\frac{|m|^2}{\\rho}\\,dx\\,dt, \\quad \\partial_t\\rho + \\nabla\\cdot m = 0"),
        "Dowson & Landau 1982; Olkin & Pukelsheim 1982; Benamou & Brenier 2000; McCann 1997"));
    suite.add("transport.line", this::line);
    suite.add("transport.dynamic", this::dynamic);
    suite.figures("transport.dynamic.densities", this::interpolation);
    suite.topic(new Topic("graphs", "Graphs: Maas’ metric and curvature",
        "On a reversible Markov chain the logarithmic mean makes the entropy’s steepest descent the chain’s own "
            + "equation: the discrete form of the statement about the flow. Distances between two points have a closed "
            + "form; curvatures of symmetric graphs are known.",
        List.of("\\theta(s, t) = \\frac{s - t}{\\ln s - \\ln t}, \\quad \\dot{\\rho}(x) = \\sum_y K(x, y)(\\rho(y) "
            + "- \\rho(x)), \\quad W(a, b) = \\frac{1}{\\sqrt{2p}}\\int_a^b\\sqrt{\\frac{\\artanh r}{r}}\\,dr",
            "\\kappa_\\alpha(x, y) = 1 - \\frac{W_1(m_x, m_y)}{d(x, y)}, \\quad \\kappa_{LLY} = \\lim_{\\alpha\\to "
                + "1}\\frac{\\kappa_\\alpha}{1 - \\alpha}"),
        "Maas 1102.5238; Ollivier 2009; Lin, Lu & Yau 2011"));
    suite.add("transport.maas", this::maas);
    suite.add("transport.curvature", this::curvature);
    suite.figures("transport.maas.distances", this::distances);
  }

  private List<Check> exact() {
    List<Check> checks = new ArrayList<>();
    KnownTransport two = KnownTransport.twoPoints();
    TransportPlan plan = ExactTransport.solve(two.problem());
    String symmetric = "by symmetry: mass ½ at each of two points stays where it is";
    checks.add(Check.absolute("transport.exact.two-points.cost", "least cost for a = b = (½, ½) and c = (0 1; 1 0)",
        symmetric, 0,
        plan.cost(), ROUNDING));
    checks.add(Check.absolute("transport.exact.two-points.plan", "mass that stays at the first point", symmetric, 0.5,
        plan.dense()[0][0], ROUNDING));
    record Case(String id, String what, KnownTransport known) {}
    for (Case c : List.of(
        new Case("permutation", "60 random points of a line to 60 others", KnownTransport.permutation(60, 2, 1)),
        new Case("convex-gradient", "80 points of the plane under the gradient of a convex function",
            KnownTransport.convexGradient(80, 2, 2)))) {
      TransportPlan found = ExactTransport.solve(c.known.problem());
      TransportCheck proof = TransportCheck.of(c.known.problem(), found);
      checks.add(Check.relative("transport.exact." + c.id + ".cost", "least cost: " + c.what,
          "known plan and potentials (Brenier 1991: gradients of convex functions are optimal)",
              c.known.solution().cost(),
          found.cost(), ROUNDING));
      checks.add(Check.absolute("transport.exact." + c.id + ".proof", "duality gap, violated constraints and "
          + "slackness of plan and potentials: " + c.what, "linear duality: all vanish if and only if the plan is "
          + "optimal", 0,
          Math.max(Math.max(proof.gap(), proof.slackness()), Math.max(proof.dualViolation(), proof.marginalError())),
              1e-11));
    }
    return checks;
  }

  private List<Check> sinkhorn() {
    KnownTransport two = KnownTransport.twoPoints();
    EntropicPlan plan = new Sinkhorn(1).solve(two.problem());
    double[][] p = plan.dense(two.problem());
    String reference = "closed form: P = ½(1, e⁻¹)/(1 + e⁻¹)";
    double stay = 0.5 / (1 + Math.exp(-1));
    return List.of(
        Check.absolute("transport.sinkhorn.stays", "mass that stays, two points, ε = 1 (0.36552929)", reference, stay,
            p[0][0], 1e-9),
        Check.absolute("transport.sinkhorn.moves", "mass that moves, two points, ε = 1 (0.13447071)", reference,
            0.5 - stay, p[0][1],
            1e-9),
        Check.absolute("transport.sinkhorn.cost", "Σ c P of the entropic plan, two points, ε = 1 (0.26894142137)",
            reference,
            1 / (1 + Math.E), plan.cost(), 1e-9));
  }

  private List<Diagram> entropicCost() {
    KnownTransport known = KnownTransport.convexGradient(80, 2, 2);
    double exact = known.solution().cost();
    double[] epsilons = new double[13];
    Arrays.setAll(epsilons, i -> exact * Math.pow(10, -2 + i * 0.25));
    double[] excess = Arrays.stream(epsilons).map(e -> new Sinkhorn(e, 1e-8,
        100_000).solve(known.problem()).cost() / exact - 1)
        .toArray();
    double[] relative = Arrays.stream(epsilons).map(e -> e / exact).toArray();
    return List.of(new Diagram("transport.sinkhorn", "Entropic transport tends to the exact cost",
        Quantity.logarithmic("ε / exact cost"),
        Quantity.logarithmic("Σ c P / exact cost − 1"), List.of(Curve.line("", relative, excess).hue(0),
            Curve.points("", relative, excess, null).hue(0)),
        "80 points of the plane under the gradient of a convex function, for which the exact cost is known."));
  }

  private List<Check> line() {
    DMatrixRMaj one = new DMatrixRMaj(new double[][] {{1}});
    double[] x = new double[501];
    Arrays.setAll(x, i -> Math.sin(7.3 * i));
    double[] y = Arrays.stream(x).map(v -> v + 10).toArray();
    LineTransport.Atoms centre = LineTransport.barycentre(new LineTransport.Atoms[] {
      new LineTransport.Atoms(new double[] {0}, new double[] {1}), new LineTransport.Atoms(new double[] {2},
          new double[] {1})},
        new double[] {0.5, 0.5});
    return List.of(
        Check.absolute("transport.line.gaussians", "W2 between N(0, 1) and N(10, 1)", "closed form: |m_1 − m_2|", 10,
            Math.sqrt(BuresWasserstein.distanceSquared(new double[] {0}, one, new double[] {10}, one)), ROUNDING),
        Check.absolute("transport.line.translation", "W2 between 501 points and the same moved by 10",
            "a translation is optimal at its own length", 10, LineTransport.distance(x, y, 2), ROUNDING),
        Check.absolute("transport.line.barycentre", "place of the barycentre of δ_0 and δ_2, all of whose mass is "
            + "in one point",
            "quantile functions are averaged", 1, centre.point().length == 1 ? centre.point()[0] : Double.NaN,
                ROUNDING));
  }

  // N(0.6, 0.02) → N(1.3, 0.04) on [0, 2]
  private static final double[] MEANS = {0.6, 1.3};
  private static final double[] VARIANCES = {0.02, 0.04};
  private DynamicTransport.Path path;
  private final CellGrid grid = CellGrid.line(40, 0, 2);

  private DynamicTransport.Path path() {
    if (path == null) {
      path = new DynamicTransport(grid, 16, 1e-5, 5000).path(bump(0), bump(1));
    }
    return path;
  }

  private double[] bump(int end) {
    return grid.gibbs(grid.values((x, y) -> (x - MEANS[end]) * (x - MEANS[end]) / (2 * VARIANCES[end])));
  }

  private List<Check> dynamic() {
    double exact = Math.hypot(MEANS[1] - MEANS[0], Math.sqrt(VARIANCES[1]) - Math.sqrt(VARIANCES[0]));
    double[] middle = path().density()[8];
    double mean = 0.5 * (MEANS[0] + MEANS[1]);
    double deviation = 0.5 * (Math.sqrt(VARIANCES[0]) + Math.sqrt(VARIANCES[1]));
    String reference = "closed form for Gaussians; the tolerance is the error of 40 cells and 16 steps";
    return List.of(
        Check.relative("transport.dynamic.distance", "W2 between N(0.6, 0.02) and N(1.3, 0.04) by the dynamic problem",
            reference,
            exact, path().distance(), 1e-3),
        Check.absolute("transport.dynamic.midpoint-mean", "mean of the density half-way", reference, mean,
            grid.mean(middle, (x, y) -> x), 1e-3),
        Check.absolute("transport.dynamic.midpoint-deviation", "standard deviation of the density half-way, the "
            + "mean of those at the "
            + "ends", reference, deviation, Math.sqrt(grid.mean(middle, (x, y) -> (x - mean) * (x - mean))), 5e-3));
  }

  private List<Diagram> interpolation() {
    List<Curve> curves = new ArrayList<>();
    double[] x = new double[grid.nx()];
    Arrays.setAll(x, grid::x);
    for (int i = 0; i <= 4; i++) {
      double t = 0.25 * i;
      double mean = (1 - t) * MEANS[0] + t * MEANS[1];
      double deviation = (1 - t) * Math.sqrt(VARIANCES[0]) + t * Math.sqrt(VARIANCES[1]);
      curves.add(Curve.dashes("", x, Arrays.stream(x)
          .map(v -> Math.exp(-0.5 * Math.pow((v - mean) / deviation,
              2)) / (deviation * Math.sqrt(2 * Math.PI))).toArray()).hue(i));
      curves.add(Curve.points(String.format(Locale.ROOT, "t = %.2f", t), x, path().density()[4 * i], null).hue(i));
    }
    return List.of(new Diagram("transport.dynamic", "Dynamic transport between two Gaussians", Quantity.linear("x"),
        Quantity.linear("density").between(0, Double.NaN), curves,
        "Symbols: the solver’s densities. Dashed: McCann’s interpolation, Gaussians whose means and deviations move "
            + "linearly."));
  }

  private List<Check> maas() {
    GraphTransport two = new GraphTransport(new double[][] {{0, 0.7}, {0.7, 0}});
    double exact = GraphTransport.twoPointDistance(0.7, -0.3, 0.8);
    double coarse = two.geodesic(new double[] {1.3, 0.7}, new double[] {0.2, 1.8}, 16).distance();
    double fine = two.geodesic(new double[] {1.3, 0.7}, new double[] {0.2, 1.8}, 32).distance();
    GraphTransport chain = chain(6);
    double[] density = new double[6];
    double mass = 0;
    for (int i = 0; i < density.length; i++) {
      density[i] = 1 + 0.8 * Math.sin(1 + 2 * i);
      mass += chain.stationary()[i] * density[i];
    }
    double[] derivative = new double[density.length];
    for (int i = 0; i < density.length; i++) {
      density[i] /= mass;
      derivative[i] = 1 + Math.log(density[i]);
    }
    double[] descent = chain.steepestDescent(density, derivative);
    double[] own = chain.generator(density);
    double worst = 0;
    for (int i = 0; i < own.length; i++) {
      worst = Math.max(worst, Math.abs(descent[i] - own[i]));
    }
    return List.of(
        Check.absolute("transport.maas.half", "W between densities 1 ∓ r with r = 0 and ½, p = ½", "Maas 1102.5238, "
            + "integral evaluated independently", 0.507557332506, GraphTransport.twoPointDistance(0.5, 0, 0.5), 1e-12),
        Check.absolute("transport.maas.whole", "W from one point to the other, r = −1 to 1, p = ½", "Maas 1102.5238, "
            + "integral evaluated independently", 2.204345218, GraphTransport.twoPointDistance(0.5, -1, 1), 1e-9),
        Check.relative("transport.maas.geodesic", "W from r = −0.3 to 0.8, p = 0.7, by geodesics of 16 and 32 "
            + "steps, extrapolated at second order", "the closed form of two "
            + "points", exact, (4 * fine - coarse) / 3, 1e-6),
        Check.absolute("transport.maas.gradient-flow", "largest difference between the entropy’s steepest descent "
            + "and the chain’s own equation, a reversible chain of 6 states", "Maas 1102.5238, theorem 1.2: the heat "
            + "flow is the gradient flow of the entropy", 0, worst, ROUNDING));
  }

  /** A reversible chain on a complete graph. */
  private static GraphTransport chain(int n) {
    double[][] rates = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (i != j) {
          rates[i][j] = (1 + 0.5 * Math.cos(i * j + i + j)) / (1 + 0.3 * i);
        }
      }
    }
    return new GraphTransport(rates);
  }

  private List<Diagram> distances() {
    double[] r = new double[41];
    Arrays.setAll(r, i -> i / 40.0);
    double[] few = new double[11];
    Arrays.setAll(few, i -> 0.099 * i);
    GraphTransport two = new GraphTransport(new double[][] {{0, 0.5}, {0.5, 0}});
    return List.of(new Diagram("transport.maas", "Maas’ distance on two points", Quantity.linear("r"),
        Quantity.linear("W(0, r)"),
        List.of(Curve.line("closed form", r, Arrays.stream(r).map(v -> GraphTransport.twoPointDistance(0.5, 0,
            v)).toArray()),
            Curve.points("geodesic of 32 steps", few,
                Arrays.stream(few).map(v -> two.geodesic(new double[] {1, 1}, new double[] {1 - v, 1 + v},
                    32).distance()).toArray(),
                null),
            Curve.dashes("|r|, the flat distance", r, r)),
        "Two points, p = ½, densities 1 ∓ r. Near r = 1 one point empties, and the metric becomes steep: θ tends to "
            + "zero."));
  }

  private List<Check> curvature() {
    List<Check> checks = new ArrayList<>();
    record Case(String id, String what, Graph graph, double expected) {}
    String known = "Lin, Lu & Yau 2011: complete graphs n/(n−1), hypercubes 2/n, long cycles 0; the torus of length 5 "
        + "has 5-cycles, longer ones are flat";
    for (Case c : List.of(
        new Case("k3", "triangle", Graph.complete(3), 1.5), new Case("k4", "complete graph of 4", Graph.complete(4),
            4.0 / 3),
        new Case("c4", "cycle of 4", Graph.cycle(4), 1), new Case("c5", "cycle of 5", Graph.cycle(5), 0.5),
        new Case("c6", "cycle of 6", Graph.cycle(6), 0), new Case("cube", "cube", Graph.hypercube(3), 2.0 / 3),
        new Case("torus5", "torus 5×5", Graph.torus(5), 0.25), new Case("torus6", "torus 6×6", Graph.torus(6), 0))) {
      checks.add(Check.absolute("transport.curvature." + c.id, "Lin–Lu–Yau curvature of an edge: " + c.what, known,
          c.expected,
          new GraphCurvature(c.graph).linLuYau(0, 1), ROUNDING));
    }
    int count = Arrays.stream(KARATE).mapToInt(row -> row.length).sum();
    int[][] edges = new int[count][];
    for (int x = 0; x < KARATE.length; x++) {
      for (int y : KARATE[x]) {
        edges[--count] = new int[] {x, y};
      }
    }
    GraphCurvature club = new GraphCurvature(new Graph(KARATE.length, edges));
    double[] published = {0.111111, -0.143750, 0.041667, -0.114583, -0.281250};
    for (int k = 0; k < published.length; k++) {
      checks.add(Check.absolute("transport.curvature.karate-" + (k + 1), "Ollivier curvature, idleness ½, of the "
          + "edge (0, " + (k + 1)
          + ") of Zachary’s karate club", "example of the package GraphRicciCurvature (Ni, Lin, Gao & Gu), to six "
          + "decimals",
          published[k], club.ollivier(0, k + 1, 0.5), 5e-7));
    }
    return checks;
  }
}
