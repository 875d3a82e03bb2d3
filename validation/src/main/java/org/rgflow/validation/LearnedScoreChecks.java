package org.rgflow.validation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.learned.IndependenceChain;
import org.rgflow.learned.ScoreGenerator;
import org.rgflow.learned.ScoreModel;
import org.rgflow.learned.ScorePath;
import org.rgflow.learned.ScoreSampling;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.ImportanceWeights;
import org.rgflow.statistics.Observables;
import org.rgflow.statistics.TimeSeries;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Figure;
import org.rgflow.validation.figure.Gallery;
import org.rgflow.validation.figure.Quantity;
import org.rgflow.validation.plot.Panels;

/**
 * What a trained score generates by going back along Polchinski's flow, against hybrid Monte Carlo that is taken to the
 * same scales by the exact kernel: as it is, and with the weights of the paths, which are exact at every scale.
 */
final class LearnedScoreChecks {
  /**
   * A trained score and how much is generated.
   *
   * @param name of the bundled model
   * @param steps of the reverse stochastic equation
   * @param effectiveGoal least effective sample size that is accepted
   * @param generated fields
   * @param given fields of hybrid Monte Carlo
   * @param precision to which χ and 1 − U4 must be known; ⟨φ²⟩ to a fifth of it
   * @param change of all propagators, and of φ, that must be seen
   * @param likelihoods fields of the probability flow, which take long; 0 leaves it out
   */
  record Case(String name, int side, double lambda, int steps, double effectiveGoal, int generated, int given,
      double precision, double change, int likelihoods) {
    Phi4Action action() {
      return Phi4Action.gerdes(-4, lambda);
    }

    String where() {
      return ", GERDES, " + side + "x" + side + ", m² = −4, λ = " + lambda;
    }
  }

  /** Intervals of |φ|. */
  private static final int BINS = 8;
  /** Stretches of the path from noise to the bare field at whose ends it is looked at. */
  private static final int STOPS = 5;
  private static final int RUNGE_KUTTA_STEPS = 8;
  /** Modes that are smaller than the zero mode by this factor are left to the rounding of that one. */
  private static final double SMALLEST = 1e-3;
  /** Least effective sample size of the probability flow. */
  private static final double FLOW_GOAL = 0.75;
  private static final double BARE = Double.POSITIVE_INFINITY;
  private static final String JARZYNSKI = "Jarzynski, PRL 78, 2690; Vaikuntanathan & Jarzynski, PRL 100, 190601: the "
      + "density of the noising steps over that of the steps taken";
  private static final String ANDERSON = "Anderson 1982; Polchinski 1984: the same kernel takes the exact ensemble to "
      + "the scale";
  private static final String SONG = "Song et al. 2011.13456, eq. 39: likelihood of the probability flow";

  private final MonteCarlo setting;
  private final Case what;
  private final LearnedFlowChecks flow;
  private Generated generated;
  private List<AtScale> scales;

  /** @param flow of the same theory, for its ln Z and its fields of hybrid Monte Carlo */
  LearnedScoreChecks(MonteCarlo setting, Case what, LearnedFlowChecks flow) {
    this.setting = setting;
    this.what = what;
    this.flow = flow;
  }

  /**
   * What the reverse stochastic equation has generated.
   *
   * @param places s of each stop, falling from 1 to that of the bare field
   * @param fields at each stop
   */
  private record Generated(ScoreModel model, double[] places, FieldSample[] fields, double[] logWeights, int batch) {
    ImportanceWeights weights() {
      return new ImportanceWeights(logWeights);
    }

    /** χ(p‖q) of paths, which is at least that of the fields at any of their scales. */
    double distance() {
      return Math.sqrt(1 / weights().effectiveFraction() - 1);
    }
  }

  /**
   * Both ensembles at a scale.
   *
   * @param bands number of bands of modes, in the order of p̂², that are not small
   * @param exactField one of the fields, for the picture
   */
  private record AtScale(double lambda, int bands, double[] edges, FieldStatistics exact, FieldStatistics generated,
      float[] exactField, float[] generatedField) {
    double[][] exactPower() {
      return Arrays.copyOf(exact.blocks(exact.power()), bands);
    }

    double[][] power(FieldStatistics statistics) {
      return Arrays.copyOf(statistics.power(), bands);
    }
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("learned.score-" + what.side + "x" + what.side,
        "A score of " + what.side + "×" + what.side + " sites",
        "A network has learned the score of an ensemble along Polchinski’s flow, and goes back along it from noise. "
            + "Its intermediate fields are those of the renormalization group: they are compared with an exact "
            + "ensemble that the exact kernel takes to the same scales. The stochastic equation knows the weights of "
            + "its paths, which make all of its scales exact, and give ln Z; the probability flow knows the density of "
            + "its fields.",
        List.of("u' = \\frac{r}{r'}\\,u + r' v f(u) + \\sqrt{v}\\,\\xi, \\quad v = 1 - \\frac{r^2}{r'^2}",
            "\\ln w = -S - \\ln N(\\varphi; 0, G) - D, \\quad D = \\sum\\left(r'\\sqrt{v}\\,f\\xi + "
                + "\\frac{1}{2}r'^2 v f^2\\right), \\quad \\langle w\\rangle = Z, \\quad "
                + "\\langle O(\\varphi_\\Lambda)\\rangle = "
                + "\\frac{\\langle w\\,O(\\varphi_\\Lambda)\\rangle}{\\langle w\\rangle}",
            "du = f\\,dr, \\quad d\\ln q = -\\nabla\\cdot f\\,dr"),
        "Anderson 1982; Jarzynski, PRL 78, 2690; Song et al. 2011.13456; Cotler & Rezchikov 2308.12355"));
    suite.add(id("weights"), this::weights);
    suite.add(id("observables"), this::observables);
    suite.add(id("scales"), this::everyScale);
    if (what.likelihoods > 0) {
      suite.add(id("probability-flow"), this::probabilityFlow);
    }
    suite.figures(id("figures"), () -> List.of(configurations(), propagators()));
  }

  private String id(String check) {
    return "learned.score-" + what.side + "x" + what.side + "." + check;
  }

  private Generated generated() throws IOException {
    if (generated == null) {
      ScoreModel model = setting.subject().scoreModel(what.name);
      ScoreSampling sampling =
          new ScoreSampling(ScoreSampling.Method.SDE, ScoreSampling.Likelihood.EXACT, what.steps);
      int sites = what.side * what.side;
      float[][] fields = new float[STOPS + 1][what.generated * sites];
      double[] place = new double[STOPS + 1];
      double[] logWeights = new double[what.generated];
      int size;
      try (ScoreGenerator generator =
          new ScoreGenerator(model, sampling, setting.seed() + 5, setting.device())) {
        size = generator.batch();
        for (int done = 0; done < what.generated; done += size) {
          ScoreGenerator.Trajectory found = setting.subject().generate(generator, done / size, STOPS);
          int count = Math.min(size, what.generated - done);
          for (int i = 0; i <= STOPS; i++) {
            ScoreGenerator.Stop stop = found.stops().get(i);
            place[i] = stop.place();
            System.arraycopy(stop.fields(), 0, fields[i], done * sites, count * sites);
          }
          System.arraycopy(found.end().logWeights(), 0, logWeights, done, count);
        }
      }
      Lattice lattice = Lattice.square(what.side);
      generated = new Generated(model, place,
          Arrays.stream(fields).map(f -> new FieldSample(lattice, 1, f)).toArray(FieldSample[]::new), logWeights, size);
    }
    return generated;
  }

  /** From noise to the bare field. */
  private List<AtScale> scales() throws IOException {
    if (scales == null) {
      Generated found = generated();
      ScorePath path = found.model.path();
      double mass2 = path.referenceMass2();
      List<LatticeModes.Shell> all = FieldSample.bands(Lattice.square(what.side));
      RunningCovariance covariance =
          RunningCovariance.of(what.action(), mass2, new ProperTimeRegulator(mass2));
      FieldSample bare = flow.exactFields().first(what.given);
      List<AtScale> list = new ArrayList<>();
      for (int i = 0; i <= STOPS; i++) {
        double place = found.places[i];
        double scale = path.scale(place);
        int bands = (int) all.stream().filter(band -> Arrays.stream(band.modes())
            .allMatch(k -> path.deviation(k, place) > SMALLEST * path.deviation(0, place))).count();
        FieldSample exact = scale == BARE ? bare
            : bare.flowed(setting, covariance, BARE, scale, new RandomStream(setting.seed() + 40 + i));
        double[] edges = exact.edges(BINS);
        list.add(new AtScale(scale, bands, edges, exact.statistics(setting, edges, 1),
            found.fields[i].statistics(setting, edges, 1), exact.first(1).values(),
            found.fields[i].first(1).values()));
      }
      scales = list;
    }
    return scales;
  }

  private String made() {
    return String.format(Locale.ROOT, "%,d fields of the reverse stochastic equation in %d steps", what.generated,
        what.steps);
  }

  // ---- weights

  private List<Check> weights() throws IOException {
    Generated found = generated();
    Estimate expected = flow.logPartition();
    Estimate logZ = found.weights().logMean();
    return List.of(
        Check.absolute(id("theory"), "λ of the theory of model " + what.name + what.where(), "its configuration",
            what.lambda, found.model.configuration().action().lambda(), 0),
        Check.absolute(id("effective-sample-size"), setting.seeded(String.format(Locale.ROOT,
            "effective sample size (Σw)²/(N Σw²) of %s, at least %.2f%s", made(), what.effectiveGoal, what.where())),
            JARZYNSKI, 1, found.weights().effectiveFraction(), 1 - what.effectiveGoal),
        Check.monteCarlo(id("log-z"), setting.seeded("ln Z = ln⟨w⟩ over " + made() + ", w being the weight of the whole "
            + "path, against that of a normalizing flow" + what.where()), JARZYNSKI, expected.mean(), logZ.mean(),
            Math.hypot(expected.error(), logZ.error()), Math.log(2)));
  }

  // ---- observables

  private List<Check> observables() throws IOException {
    Generated found = generated();
    AtScale bare = scales().getLast();
    Phi4Action action = what.action();
    FieldStatistics visited =
        bare.generated.visiting(IndependenceChain.visited(found.logWeights, found.batch, setting.seed() + 5));
    Map<String, Estimate> exact = bare.exact.observables(action, new GammaMethod());
    Map<String, Estimate> weighted = bare.generated.observables(action, found.weights());
    Map<String, Estimate> chain = visited.observables(action, new GammaMethod());
    String from = String.format(Locale.ROOT, " of %s against %,d of hybrid Monte Carlo%s", made(), what.given,
        what.where());
    List<Check> checks = new ArrayList<>();
    for (String[] name : new String[][] {{"phi2", "⟨φ²⟩"}, {"susceptibility", "χ"}, {"binder", "U4"}}) {
      Estimate expected = exact.get(name[0]);
      double scale = name[0].equals("binder") ? 1 - expected.mean() : expected.mean();
      double precision = name[0].equals("phi2") ? what.precision / 5 : what.precision;
      checks.add(Agreement.observable(id("weighted." + name[0]), setting.seeded(name[1] + ", weighted," + from),
          JARZYNSKI, expected, weighted.get(name[0]), scale, precision));
      checks.add(Agreement.observable(id("chain." + name[0]), setting.seeded(name[1] + " of the independence chain"
          + from), "independence Metropolis on paths: Hastings 1970", expected, chain.get(name[0]), scale,
          precision));
    }
    checks.add(Agreement.biased(id("raw.phi2"), "⟨φ²⟩", bare.exact.series(Observables.PHI2),
        bare.generated.series(Observables.PHI2), found.distance(), setting.seeded(from)));
    checks.add(Agreement.biased(id("raw.m2"), "⟨m²⟩", bare.exact.series(Observables.M).map(x -> x * x),
        bare.generated.series(Observables.M).map(x -> x * x), found.distance(), setting.seeded(from)));
    return checks;
  }

  // ---- every scale

  private static String label(AtScale scale) {
    return scale.lambda == BARE ? " of the bare field" : String.format(Locale.ROOT, " at Λ = %.3g", scale.lambda);
  }

  private List<Check> everyScale() throws IOException {
    Generated found = generated();
    String ours = ", " + made() + " against hybrid Monte Carlo under the exact kernel" + what.where();
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i <= STOPS; i++) {
      AtScale scale = scales().get(i);
      String prefix = scale.lambda == BARE ? "bare" : "stop-" + i;
      FieldStatistics weighted = scale.generated.weighted(found.logWeights);
      double[][] exactPower = scale.exactPower();
      double[] shift = Arrays.stream(FieldStatistics.means(exactPower)).map(x -> what.change * x).toArray();
      checks.add(Agreement.means(id(prefix + ".propagator"), setting.seeded("weighted propagators" + label(scale)
          + ", " + scale.bands + " orbits of modes together" + ours), ANDERSON, exactPower,
          weighted.blocks(scale.power(weighted)), shift,
          String.format(Locale.ROOT, "%.0f %% in all", 100 * what.change)));
      // of the fractions, which add up to 1, all but the last
      double[][] exactLaw = Arrays.copyOf(scale.exact.blocks(scale.exact.fractions()), BINS - 1);
      checks.add(Agreement.means(id(prefix + ".phi"), setting.seeded("weighted distribution of |φ|" + label(scale)
          + ", all sites, in " + BINS + " intervals" + ours), ANDERSON, exactLaw,
          Arrays.copyOf(weighted.blocks(weighted.fractions()), BINS - 1), LearnedFlowChecks.stretched(scale.edges,
              FieldStatistics.means(scale.exact.fractions()), what.change),
          String.format(Locale.ROOT, "φ larger by %.0f %%", 100 * what.change)));
      checks.add(raw(id(prefix + ".raw-propagator"), "propagators" + label(scale) + ", mode by mode", exactPower,
          scale.power(scale.generated), found.distance(), ours));
      checks.add(raw(id(prefix + ".raw-phi"), "fractions of sites with |φ| in " + BINS + " intervals" + label(scale),
          scale.exact.blocks(scale.exact.fractions()), scale.generated.fractions(), found.distance(), ours));
    }
    return checks;
  }

  /**
   * Means of fields as they are generated, which cannot be farther off than the weights allow.
   *
   * @param exact [component][block]
   * @param values [component][field]
   */
  private Check raw(String id, String name, double[][] exact, double[][] values, double distance, String from) {
    double largest = 0;
    for (int c = 0; c < exact.length; c++) {
      double deviation = Math.sqrt(values[c].length) * tally(values[c]).error();
      double difference = Math.abs(tally(values[c]).mean() - tally(exact[c]).mean());
      double error = Math.hypot(tally(values[c]).error(), tally(exact[c]).error());
      largest = Math.max(largest, (difference - Check.SIGMAS * error) / deviation);
    }
    return Check.absolute(id, setting.seeded(String.format(Locale.ROOT, "%s, as they are generated: the largest "
        + "difference, less four of its standard errors, in standard deviations of the fields, is no more than "
        + "(1/ESS − 1)^½ = %.3f%s", name, distance, from)),
        "|⟨O⟩_q − ⟨O⟩_p| ≤ χ(p‖q) σ_q(O), by Cauchy and Schwarz; χ of fields is at most that of their paths", 0,
        largest, distance);
  }

  private static Tally tally(double[] values) {
    Tally tally = new Tally();
    for (double value : values) {
      tally.add(value);
    }
    return tally;
  }

  // ---- probability flow

  private List<Check> probabilityFlow() throws IOException {
    ScoreModel model = generated().model;
    ScoreSampling sampling =
        new ScoreSampling(ScoreSampling.Method.ODE, ScoreSampling.Likelihood.EXACT, RUNGE_KUTTA_STEPS);
    double[] logWeights = new double[what.likelihoods];
    try (ScoreGenerator generator = new ScoreGenerator(model, sampling, setting.seed() + 6, setting.device())) {
      for (int done = 0; done < what.likelihoods; done += generator.batch()) {
        double[] some = setting.subject().generate(generator, done / generator.batch(), 1).end().logWeights();
        System.arraycopy(some, 0, logWeights, done, Math.min(some.length, what.likelihoods - done));
      }
    }
    ImportanceWeights weights = new ImportanceWeights(logWeights);
    Estimate expected = flow.logPartition();
    Estimate logZ = weights.logMean();
    String from = String.format(Locale.ROOT, "%,d fields of the probability flow in %d Runge-Kutta steps",
        what.likelihoods, RUNGE_KUTTA_STEPS);
    return List.of(
        Check.monteCarlo(id("probability-flow.log-z"), setting.seeded("ln Z = ln⟨e^(−S)/q⟩ over " + from
            + ", with the exact divergence, against that of a normalizing flow" + what.where()), SONG, expected.mean(),
            logZ.mean(), Math.hypot(expected.error(), logZ.error()), Math.log(2)),
        Check.absolute(id("probability-flow.effective-sample-size"), setting.seeded(String.format(Locale.ROOT,
            "effective sample size of %s, at least %.2f%s", from, FLOW_GOAL, what.where())), SONG, 1,
            weights.effectiveFraction(), 1 - FLOW_GOAL));
  }

  // ---- figures

  private Figure configurations() throws IOException {
    List<Gallery.Row> rows = new ArrayList<>();
    for (boolean learned : new boolean[] {true, false}) {
      List<Panels.Field> tiles = new ArrayList<>();
      for (AtScale scale : scales()) {
        FieldStatistics statistics = learned ? scale.generated : scale.exact;
        tiles.add(new Panels.Field(Panels.scaleLabel(scale.lambda),
            String.format(Locale.ROOT, "⟨φ²⟩ = %.4f", statistics.series(Observables.PHI2).mean()), what.side,
            learned ? scale.generatedField : scale.exactField));
      }
      rows.add(new Gallery.Row(learned ? "back from noise, by the score" : "hybrid Monte Carlo, under the exact kernel",
          tiles));
    }
    return new Gallery(id("configurations"), "The way back: a field on it, and one of the theory at the same scales",
        rows, setting.seeded(made() + String.format(Locale.ROOT, " and %,d of hybrid Monte Carlo", what.given)
            + what.where()) + ". Above one field as it is generated, below one of the theory, which the kernel takes "
            + "to each scale with noise of its own; and the averages of all as they are.");
  }

  private Figure propagators() throws IOException {
    double[] momentum2 = FieldSample.bands(Lattice.square(what.side)).stream()
        .mapToDouble(LatticeModes.Shell::momentum2).toArray();
    int first = 1; // on a logarithmic axis the zero mode has no place
    List<Curve> curves = new ArrayList<>();
    for (int hue = 0; hue <= STOPS; hue++) {
      AtScale scale = scales().get(hue);
      if (scale.bands <= first) {
        continue;
      }
      double[][] exact = scale.exactPower();
      double[] quotient = new double[scale.bands - first];
      double[] error = new double[quotient.length];
      for (int i = 0; i < quotient.length; i++) {
        Tally ours = tally(scale.generated.power()[first + i]);
        Tally theirs = tally(exact[first + i]);
        quotient[i] = ours.mean() / theirs.mean();
        error[i] = quotient[i] * Math.hypot(ours.error() / ours.mean(), theirs.error() / theirs.mean());
      }
      curves.add(Curve.points(Panels.scaleLabel(scale.lambda),
          Arrays.copyOfRange(momentum2, first, scale.bands), quotient, error).hue(hue));
    }
    return new Diagram(id("propagator-ratios"), "Propagators on the way back, divided by the exact ones",
        Quantity.logarithmic("p̂²").in("1/a²"), Quantity.linear("G learned / G exact"), curves,
        setting.seeded(made() + ", as they are generated, and " + String.format(Locale.ROOT, "%,d", what.given)
            + " of hybrid Monte Carlo under the exact kernel" + what.where()) + ". With standard errors of the "
            + "quotient; modes a thousand times smaller than the zero mode are left out.");
  }
}
