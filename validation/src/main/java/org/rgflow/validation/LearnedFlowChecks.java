package org.rgflow.validation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.rgflow.flow.Flow;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.learned.FlowGenerator;
import org.rgflow.learned.FlowLikelihood;
import org.rgflow.learned.FlowModel;
import org.rgflow.learned.IndependenceChain;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.Regulators;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.ImportanceWeights;
import org.rgflow.statistics.Observables;
import org.rgflow.statistics.TimeSeries;
import org.rgflow.transport.BuresWasserstein;
import org.rgflow.transport.SlicedWasserstein;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Figure;
import org.rgflow.validation.figure.Gallery;
import org.rgflow.validation.figure.Quantity;
import org.rgflow.validation.plot.Panels;

/**
 * What a trained continuous normalizing flow generates, against hybrid Monte Carlo: as it is, made exact, and at every
 * scale of Polchinski's flow, along which both ensembles are taken by the exact kernel.
 *
 * <p>The fields of the Markov chains are far apart, and the chains independent: errors of averages come from the
 * scatter of chains. The independence chain is made of the generated fields; each of these carries its own noise along
 * the flow, so that at every scale the same steps make a chain for the flowed theory.
 */
final class LearnedFlowChecks {
  /**
   * A trained flow and how much is generated.
   *
   * @param name of the bundled model
   * @param effectiveGoal least effective sample size that is accepted
   * @param generated fields
   * @param measurements fields of each Markov chain
   * @param stride trajectories between them
   * @param conditioned configurations of which the relative entropy is measured
   */
  record Case(String name, int side, double lambda, double effectiveGoal, int generated, int measurements, int stride,
      int conditioned) {
    String label() {
      return side + "x" + side;
    }

    Phi4Action action() {
      return Phi4Action.gerdes(-4, lambda);
    }

    String where() {
      return ", GERDES, " + label() + ", m² = −4, λ = " + lambda;
    }
  }

  private static final double MASS2 = 1;
  private static final int CHAINS = 256;
  private static final int BINS = 16;
  private static final int DIMENSIONS = 64;
  private static final int GROUPS = 8;
  private static final int GROUP_CHAINS = CHAINS / 2 / GROUPS;
  private static final int DIRECTIONS = 32;
  private static final double BARE = Double.POSITIVE_INFINITY;
  private static final double[] SCALES = {BARE, 2, 1, 0.5};
  private static final String GERDES = "Gerdes et al. 2207.00283";
  private static final String METROPOLIS = "independence Metropolis: Hastings 1970; Albergo, Kanwar & Shanahan, PRD "
      + "100, 034515";
  private static final String POLCHINSKI = "Polchinski 1984; Cotler & Rezchikov 2308.12355: the same kernel takes both "
      + "ensembles to the scale";

  private final MonteCarlo setting;
  private final Case what;
  private Ensembles ensembles;
  private List<AtScale> scales;
  private final List<Figure> entropies = new ArrayList<>();

  LearnedFlowChecks(MonteCarlo setting, Case what) {
    this.setting = setting;
    this.what = what;
  }

  /**
   * Both ensembles where the flow begins.
   *
   * @param batch number of fields that were generated at once
   * @param integrationError of ln w, root mean square
   */
  private record Ensembles(FlowModel model, FieldSample exact, FieldSample generated, double[] logWeights, int batch,
      double integrationError) {
    ImportanceWeights weights() {
      return new ImportanceWeights(logWeights);
    }
  }

  /** Both at one scale; the chain is that of the generated fields. */
  private record AtScale(double lambda, double[] edges, FieldStatistics exact, FieldStatistics generated,
      FieldStatistics chain, FieldSample exactFields, FieldSample generatedFields) {}

  void addTo(Suite suite) {
    String id = "learned." + what.label();
    suite.topic(new Topic(id, "A flow of " + what.side + "×" + what.side + " sites",
        "A continuous normalizing flow, trained by relative entropy on no configuration of the theory, carries "
            + "Gaussian fields to φ⁴ fields with known likelihoods. What it generates is compared with hybrid Monte "
            + "Carlo: raw, reweighted, and as an independence chain, which is exact. Then both ensembles are taken "
            + "along Polchinski’s flow by the exact kernel, and compared at every scale. The intermediate times of the "
            + "learned flow itself are no scales of the renormalization group: it is free to take any way from the "
            + "Gaussian to the theory.",
        List.of("\\dot{\\varphi} = v_t(\\varphi), \\quad \\ln q = \\ln q_0 - \\int_0^1\\nabla\\cdot v_t\\,dt, \\quad "
            + "w = \\frac{e^{-S}}{q}",
            "\\mathrm{ESS} = \\frac{\\langle w\\rangle_q^2}{\\langle w^2\\rangle_q} = \\frac{1}{1 + \\chi^2(p\\|q)}, "
                + "\\quad \\ln Z = \\ln\\langle w\\rangle_q = -\\ln\\left\\langle w^{-1}\\right\\rangle_p",
            "\\mathrm{KL}(P_t\\|Q_t) = -\\left\\langle\\ln\\rho_t\\right\\rangle_{P_t}, \\quad \\rho_t(\\varphi_t) = "
                + "E\\left[\\frac{Z}{w(\\varphi_0)}\\,|\\,\\varphi_t\\right]"),
        "Gerdes et al., SciPost Phys. 15, 238 (2023), 2207.00283; Cotler & Rezchikov 2308.12355"));
    suite.add(id + ".weights", this::weights);
    suite.add(id + ".observables", this::observables);
    suite.add(id + ".scales", this::everyScale);
    suite.add(id + ".relative-entropy", this::relativeEntropy);
    suite.figures(id + ".figures", this::figures);
  }

  private String id(String check) {
    return "learned." + what.label() + "." + check;
  }

  private RunningCovariance covariance() {
    return RunningCovariance.of(what.action(), MASS2, new Regulators.Exponential());
  }

  private Ensembles ensembles() throws IOException {
    if (ensembles == null) {
      FlowModel model = setting.subject().flowModel(what.name);
      int steps = 2 * model.configuration().shape().steps();
      int sites = what.side * what.side;
      float[] generated = new float[what.generated * sites];
      double[] logWeights = new double[what.generated];
      int size;
      try (FlowGenerator generator = new FlowGenerator(model, steps, setting.seed(), setting.device())) {
        size = generator.batch();
        for (int done = 0; done < what.generated; done += size) {
          FlowGenerator.Batch batch = setting.subject().generate(generator, done / size);
          int count = Math.min(size, what.generated - done);
          System.arraycopy(batch.fields(), 0, generated, done * sites, count * sites);
          System.arraycopy(batch.logWeights(), 0, logWeights, done, count);
        }
      }
      Lattice lattice = Lattice.square(what.side);
      ensembles = new Ensembles(model, exact(lattice), new FieldSample(lattice, 1, generated), logWeights, size,
          FlowGenerator.integrationError(model, steps, setting.seed(), setting.device()));
    }
    return ensembles;
  }

  /** Hybrid Monte Carlo. */
  private FieldSample exact(Lattice lattice) {
    FieldLayout layout = new FieldLayout(lattice, CHAINS);
    float[] fields = new float[what.measurements * CHAINS * lattice.sites()];
    try (Sampler sampler = setting.subject().sampler("hmc", what.action(), layout, new RandomStream(setting.seed() + 1),
        setting.device(), SamplerOptions.DEFAULTS)) {
      int[] at = {0};
      new Chain(sampler, setting.device()).thermalise(Math.max(300, 12 * what.stride))
          .forEach(what.measurements, what.stride, field -> {
            for (int r = 0; r < CHAINS; r++) {
              layout.gather(field, r, fields, at[0]++ * lattice.sites());
            }
          });
    }
    return new FieldSample(lattice, CHAINS, fields);
  }

  /** The fields of hybrid Monte Carlo. */
  FieldSample exactFields() throws IOException {
    return ensembles().exact;
  }

  /** ln Z = ln⟨w⟩. */
  Estimate logPartition() throws IOException {
    return ensembles().weights().logMean();
  }

  private List<AtScale> scales() throws IOException {
    if (scales == null) {
      Ensembles bare = ensembles();
      int[] visited = IndependenceChain.visited(bare.logWeights, bare.batch, setting.seed());
      List<AtScale> list = new ArrayList<>();
      FieldSample exact = bare.exact;
      FieldSample generated = bare.generated;
      double from = BARE;
      RandomStream exactNoise = new RandomStream(setting.seed() + 2);
      RandomStream learnedNoise = new RandomStream(setting.seed() + 3);
      for (double scale : SCALES) {
        if (scale < from) {
          exact = exact.flowed(setting, covariance(), from, scale, exactNoise);
          generated = generated.flowed(setting, covariance(), from, scale, learnedNoise);
        }
        from = scale;
        double[] edges = exact.edges(BINS);
        FieldStatistics learned = generated.statistics(setting, edges, DIMENSIONS);
        list.add(new AtScale(scale, edges, exact.statistics(setting, edges, DIMENSIONS), learned,
            learned.visiting(visited), exact.first(CHAINS), generated.first(CHAINS)));
      }
      scales = list;
    }
    return scales;
  }

  // ---- weights

  private List<Check> weights() throws IOException {
    Ensembles bare = ensembles();
    ImportanceWeights weights = bare.weights();
    Phi4Action trained = bare.model.configuration().action();
    double effective = weights.effectiveFraction();
    Estimate logZ = weights.logMean();
    FieldSample some = bare.exact.first(what.conditioned);
    double[] logWeights = exactLogWeights(some, bare.model);
    Tally inverse = new Tally();
    Tally covered = new Tally();
    for (double log : logWeights) {
      double w = Math.exp(log - logZ.mean());
      inverse.add(1 / w);
      covered.add(w + 1 / w - 2);
    }
    double forwardError = inverse.error() / inverse.mean();
    Tally squares = new Tally();
    for (double log : bare.logWeights) {
      squares.add(Math.pow(Math.exp(log - logZ.mean()) - 1, 2));
    }
    String fields = String.format(Locale.ROOT, "%,d generated fields", what.generated);
    String given = String.format(Locale.ROOT, "%,d configurations of hybrid Monte Carlo, carried back to the Gaussian",
        what.conditioned);
    return List.of(
        Check.absolute(id("theory"), "λ for which the model " + what.name + " was trained" + what.where(), GERDES,
            what.lambda, trained.lambda(), 0),
        Check.absolute(id("effective-sample-size"), setting.seeded(String.format(Locale.ROOT,
            "effective sample size (Σw)²/(N Σw²) of %s, at least %.2f%s", fields, what.effectiveGoal, what.where())),
            GERDES, 1, effective, 1 - what.effectiveGoal),
        Check.absolute(id("integration"), setting.seeded("root mean square of the change of ln w when the Runge-Kutta "
            + "steps are doubled, " + fields + what.where()), "fourth order in the step", 0, bare.integrationError,
            0.02),
        Check.monteCarlo(id("log-z"), setting.seeded("ln Z = −ln⟨1/w⟩ over " + given + ", against ln⟨w⟩ over " + fields
            + what.where()), "both ways round: fields that a flow does not generate make them differ", logZ.mean(),
            logZ.mean() - Math.log(inverse.mean()), Math.hypot(logZ.error(), forwardError), Math.log(2)),
        Check.monteCarlo(id("coverage"), setting.seeded("1/ESS − 1 = ⟨w/Z + Z/w − 2⟩ over " + given
            + ", against ⟨(w/Z − 1)²⟩ over " + fields + what.where()), "χ²(p‖q) from either side, as ⟨Z/w⟩_p = 1",
            squares.mean(), covered.mean(), Math.hypot(squares.error(), covered.error())));
  }

  /** ln w = −S − ln q of given fields. */
  private double[] exactLogWeights(FieldSample sample, FlowModel model) {
    double[] actions = new double[sample.size()];
    Phi4Action action = what.action();
    int side = what.side;
    for (int x = 0; x < sample.values().length; x++) {
      int site = x % (side * side);
      int field = x - site;
      double phi = sample.values()[x];
      double right = phi - sample.values()[field + site / side * side + (site + 1) % side];
      double down = phi - sample.values()[field + (site + side) % (side * side)];
      actions[field / (side * side)] +=
          right * right + down * down + action.mass2() * phi * phi + action.lambda() * phi * phi * phi * phi;
    }
    try (FlowLikelihood likelihood =
        new FlowLikelihood(model, 2 * model.configuration().shape().steps(), setting.device())) {
      double[] logLikelihood = likelihood.logLikelihood(sample.values());
      double[] result = new double[actions.length];
      Arrays.setAll(result, i -> -actions[i] - logLikelihood[i]);
      return result;
    }
  }

  // ---- observables

  private List<Check> observables() throws IOException {
    AtScale bare = scales().getFirst();
    ImportanceWeights weights = ensembles().weights();
    Phi4Action action = what.action();
    Map<String, Estimate> exact = bare.exact.observables(action, new GammaMethod());
    Map<String, Estimate> chain = bare.chain.observables(action, new GammaMethod());
    Map<String, Estimate> weighted = bare.generated.observables(action, weights);
    String from = String.format(Locale.ROOT, " of %,d generated fields against %,d of hybrid Monte Carlo%s",
        what.generated, CHAINS * what.measurements, what.where());
    String[][] names = {{"phi2", "⟨φ²⟩"}, {"susceptibility", "χ"}, {"binder", "U4"}, {"correlationLength2nd", "ξ"}};
    List<Check> checks = new ArrayList<>();
    for (String[] name : names) {
      Estimate expected = exact.get(name[0]);
      double scale = name[0].equals("binder") ? 1 - expected.mean() : expected.mean();
      String key = name[0].equals("correlationLength2nd") ? "xi" : name[0];
      checks.add(Agreement.observable(id("chain." + key), setting.seeded(name[1] + " of the independence chain" + from),
          METROPOLIS, expected, chain.get(name[0]), scale));
      checks.add(Agreement.observable(id("weighted." + key), setting.seeded(name[1] + ", weighted," + from),
          "importance sampling: ⟨O⟩ = ⟨wO⟩_q/⟨w⟩_q", expected, weighted.get(name[0]), scale));
    }
    checks.add(Agreement.laws(id("chain.magnetisation"), setting.seeded("distribution of m in the independence chain"
        + from), METROPOLIS, bare.exact.series(Observables.M), bare.chain.series(Observables.M), 0.15));
    double distance = Math.sqrt(1 / weights.effectiveFraction() - 1);
    checks.add(Agreement.biased(id("raw.phi2"), "⟨φ²⟩", bare.exact.series(Observables.PHI2),
        bare.generated.series(Observables.PHI2), distance, setting.seeded(from)));
    checks.add(Agreement.biased(id("raw.m2"), "⟨m²⟩", bare.exact.series(Observables.M).map(x -> x * x),
        bare.generated.series(Observables.M).map(x -> x * x), distance, setting.seeded(from)));
    return checks;
  }

  // ---- every scale

  private String scaleId(double scale, String check) {
    return id((Double.isInfinite(scale) ? "bare" : String.format(Locale.ROOT, "scale-%.1f", scale)) + "." + check);
  }

  private static String at(double scale) {
    return Double.isInfinite(scale) ? " where the flow begins" : " at " + Panels.scaleLabel(scale);
  }

  private List<Check> everyScale() throws IOException {
    Phi4Action action = what.action();
    String ours = "the independence chain against hybrid Monte Carlo" + what.where();
    List<Check> checks = new ArrayList<>();
    for (AtScale scale : scales()) {
      double[] power = FieldStatistics.means(scale.exact.power());
      double[] louder = Arrays.stream(power).map(x -> 0.02 * x).toArray();
      checks.add(Agreement.means(scaleId(scale.lambda, "propagator"), setting.seeded("propagators" + at(scale.lambda)
          + ", all orbits of modes together, " + ours), POLCHINSKI, scale.exact.blocks(scale.exact.power()),
          scale.chain.blocks(scale.chain.power()), louder, "2 % in all"));
      // of the fractions, which add up to 1, all but the last
      double[][] exact = Arrays.copyOf(scale.exact.blocks(scale.exact.fractions()), BINS - 1);
      double[][] chain = Arrays.copyOf(scale.chain.blocks(scale.chain.fractions()), BINS - 1);
      checks.add(Agreement.means(scaleId(scale.lambda, "phi"), setting.seeded("distribution of |φ|" + at(scale.lambda)
          + ", all sites, in " + BINS + " intervals, " + ours), POLCHINSKI, exact, chain,
          stretched(scale.edges, FieldStatistics.means(scale.exact.fractions()), 0.05),
          "φ larger by 5 %"));
      if (!Double.isInfinite(scale.lambda)) {
        Estimate expected = scale.exact.observables(action, new GammaMethod()).get("correlationLength2nd");
        checks.add(Agreement.observable(scaleId(scale.lambda, "xi"), setting.seeded("ξ" + at(scale.lambda) + ", "
            + ours),
            POLCHINSKI, expected, scale.chain.observables(action, new GammaMethod()).get("correlationLength2nd"),
            expected.mean()));
      }
      Distances distances = distances(scale);
      checks.add(distance(scale, "frechet", "Fréchet distance of the first " + DIMENSIONS + " modes, as of Gaussians,",
          "Dowson & Landau 1982", distances.frechet));
      checks.add(distance(scale, "sliced-wasserstein", "sliced W₂² of the first " + DIMENSIONS + " modes, "
          + DIRECTIONS + " directions,", "Rabin, Peyré, Delon & Bernot 2011", distances.sliced));
    }
    return checks;
  }

  /**
   * What the fractions of |φ| would be more if all φ were larger by a factor 1 + stretch, but the last one's.
   *
   * @param edges between the intervals
   */
  static double[] stretched(double[] edges, double[] fraction, double stretch) {
    int bins = fraction.length;
    double[] below = new double[bins];
    for (int j = 0; j < bins - 1; j++) {
      double last = j == 0 ? 0 : edges[j - 1];
      // the density to the left of the edge; that to the right differs little
      below[j] = -stretch * edges[j] * fraction[j] / (edges[j] - last);
    }
    double[] shift = new double[bins - 1];
    Arrays.setAll(shift, j -> below[j] - (j == 0 ? 0 : below[j - 1]));
    return shift;
  }

  /**
   * Distances of groups of fields from one reference.
   *
   * @param frechet mean and error for groups of the exact ensemble, mean and error for generated ones
   * @param sliced likewise
   */
  private record Distances(double[] frechet, double[] sliced) {}

  /**
   * The reference are fields of half of the Markov chains; the exact groups are of the other half. Given the reference,
   * groups are independent, so that without any difference of the laws the means agree within their errors.
   */
  private Distances distances(AtScale scale) {
    int each = Math.min(64, what.measurements);
    int thin = what.measurements / each;
    double[][] reference = new double[CHAINS / 2 * each / 2][];
    for (int i = 0; i < reference.length; i++) {
      reference[i] = scale.exact.modes()[i / (CHAINS / 2) * 2 * thin * CHAINS + i % (CHAINS / 2)];
    }
    double[] centre = FieldStatistics.centre(reference);
    DMatrixRMaj covariance = FieldStatistics.covariance(reference, centre);
    Tally[] frechet = {new Tally(), new Tally()};
    Tally[] sliced = {new Tally(), new Tally()};
    for (int g = 0; g < GROUPS; g++) {
      double[][] exact = new double[GROUP_CHAINS * each][];
      double[][] generated = new double[exact.length][];
      for (int i = 0; i < exact.length; i++) {
        int chain = CHAINS / 2 + g * GROUP_CHAINS + i % GROUP_CHAINS;
        exact[i] = scale.exact.modes()[i / GROUP_CHAINS * thin * CHAINS + chain];
        generated[i] = scale.generated.modes()[g * exact.length + i];
      }
      double[][][] both = {exact, generated};
      for (int k = 0; k < 2; k++) {
        double[] mean = FieldStatistics.centre(both[k]);
        frechet[k].add(BuresWasserstein.distanceSquared(centre, covariance, mean,
            FieldStatistics.covariance(both[k], mean)));
        sliced[k].add(SlicedWasserstein.between(reference, both[k], DIRECTIONS, setting.seed()).squared());
      }
    }
    return new Distances(
        new double[] {frechet[0].mean(), frechet[0].error(), frechet[1].mean(), frechet[1].error()},
        new double[] {sliced[0].mean(), sliced[0].error(), sliced[1].mean(), sliced[1].error()});
  }

  /** Passes if generated fields are not farther away than twice what sampling alone does. */
  private Check distance(AtScale scale, String name, String whatDistance, String reference, double[] found) {
    int each = GROUP_CHAINS * Math.min(64, what.measurements);
    return Check.absolute(scaleId(scale.lambda, name), setting.seeded(String.format(Locale.ROOT,
        "%s%s, of %d fields as they are generated from an exact ensemble, %.3g ± %.1g, against that of as many exact "
            + "ones, %.3g ± %.1g, which is what sampling alone does: the excess, as a part of this, is less than 1%s",
        whatDistance, at(scale.lambda), each, found[2], found[3], found[0], found[1], what.where())), reference, 0,
        found[2] / found[0] - 1, 1);
  }

  // ---- relative entropy

  private static final double[] PATH = {2, 1.4, 1, 0.7, 0.5};
  private static final double[] SHORT_PATH = {2, 1, 0.5};
  /** φ_0 given φ_t: the one from which φ_t came, and independent ones. */
  private static final int DRAWS = 4;
  private static final int TRAJECTORIES = 12;

  /** x − 1 − ln x, whose mean over P is KL(P‖Q) if that of x = Q/P is 1. */
  private static double excess(double x) {
    return x - 1 - Math.log(x);
  }

  /**
   * What is known of ρ = Q_t/P_t at fields of P_t, from independent draws of Z/w whose average it is.
   *
   * @param draws Z/w, [draw][field]
   * @param actions S of the first and the last φ_0
   */
  private record Ratio(double[][] draws, double[][] actions) {
    /** Jackknife of the excess of the average: the bias is of second order in 1/draws. */
    double[] excess() {
      int count = draws.length;
      double[] result = new double[draws[0].length];
      for (int i = 0; i < result.length; i++) {
        double sum = 0;
        for (double[] draw : draws) {
          sum += draw[i];
        }
        if (count == 1) {
          result[i] = LearnedFlowChecks.excess(sum);
          continue;
        }
        result[i] = count * LearnedFlowChecks.excess(sum / count);
        for (double[] draw : draws) {
          result[i] -= (count - 1.0) / count * LearnedFlowChecks.excess((sum - draw[i]) / (count - 1));
        }
      }
      return result;
    }
  }

  private static double[] difference(double[] x, double[] y) {
    double[] result = new double[x.length];
    Arrays.setAll(result, i -> x[i] - y[i]);
    return result;
  }

  /** (x − 1)(y − 1). */
  private static double[] deviations(double[] x, double[] y) {
    double[] result = new double[x.length];
    Arrays.setAll(result, i -> (x[i] - 1) * (y[i] - 1));
    return result;
  }

  private static Tally tally(double[] values) {
    Tally tally = new Tally();
    Arrays.stream(values).forEach(tally::add);
    return tally;
  }

  private List<Check> relativeEntropy() throws IOException {
    Ensembles bare = ensembles();
    double logZ = bare.weights().logMean().mean();
    FieldSample start = bare.exact.first(what.conditioned);
    double[] path = setting.effort() == Effort.QUICK ? SHORT_PATH : PATH;
    double[] bareRatio = Arrays.stream(exactLogWeights(start, bare.model)).map(log -> Math.exp(logZ - log)).toArray();
    List<Ratio> ratios = new ArrayList<>(List.of(new Ratio(new double[][] {bareRatio}, new double[0][])));
    for (int s = 0; s < path.length; s++) {
      ratios.add(ratio(start, bareRatio, path[s], s, logZ));
    }
    Tally generated = new Tally();
    for (double log : bare.logWeights) {
      double w = Math.exp(log - logZ);
      generated.add(w * excess(1 / w));
    }
    String about = String.format(Locale.ROOT, " over %,d configurations of hybrid Monte Carlo%s", what.conditioned,
        what.where());
    List<Check> checks = new ArrayList<>();
    Tally first = tally(ratios.getFirst().excess());
    checks.add(Check.monteCarlo(id("relative-entropy.bare"), setting.seeded("KL(P_0‖Q_0) = ⟨ρ − 1 − ln ρ⟩, ρ = Z/w,"
        + about + ", against ⟨(w/Z) ln(w/Z)⟩ over generated fields"), "two samples of one number", generated.mean(),
        first.mean(), Math.hypot(generated.error(), first.error())));
    double[] kl = new double[ratios.size()];
    double[] error = new double[ratios.size()];
    for (int s = 0; s < ratios.size(); s++) {
      Tally tally = tally(ratios.get(s).excess());
      kl[s] = tally.mean();
      error[s] = tally.error();
    }
    double rise = 0;
    for (int s = 1; s < kl.length; s++) {
      Tally step = tally(difference(ratios.get(s).excess(), ratios.get(s - 1).excess()));
      rise = Math.max(rise, step.mean() / step.error());
    }
    Tally whole = tally(difference(ratios.getFirst().excess(), ratios.getLast().excess()));
    Verdict verdict = Verdict.FAIL;
    if (rise <= Check.SIGMAS) {
      verdict = whole.mean() >= Check.POWER * whole.error() ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }
    checks.add(new Check(id("relative-entropy.monotone"), setting.seeded(String.format(Locale.ROOT,
        "KL(P_t‖Q_t) of both ensembles under the same kernel falls all the way, from %.4g to %.4g at Λ = %s: largest "
            + "rise between two of %d scales in standard errors of the differences%s", kl[0], kl[kl.length - 1],
        path[path.length - 1], kl.length, about)), "data processing: a common Markov kernel cannot raise a relative "
        + "entropy", 0, rise, 0, Check.SIGMAS, verdict));
    double[][] actions = ratios.get(1).actions;
    Tally moved = tally(difference(actions[1], actions[0]));
    checks.add(Check.monteCarlo(id("relative-entropy.posterior"), setting.seeded(String.format(Locale.ROOT,
        "⟨S⟩ over φ_0 drawn anew given φ_t at Λ = %s, after %d trajectories, against that over the φ_0 from which φ_t "
            + "came%s", path[0], TRAJECTORIES * (DRAWS - 1), about)),
        "both are draws from P_0", tally(actions[0]).mean(), tally(actions[0]).mean() + moved.mean(), moved.error(),
        0.5 * Math.sqrt(what.conditioned) * tally(actions[0]).error()));
    double[][] last = ratios.getLast().draws;
    double[] far = deviations(last[0], last[DRAWS - 1]);
    Tally near = tally(difference(deviations(last[0], last[1]), far));
    double own = tally(deviations(last[0], last[0])).mean();
    checks.add(Check.monteCarlo(id("relative-entropy.independence"), setting.seeded(String.format(Locale.ROOT,
        "⟨(Z/w − 1)(Z/w' − 1)⟩ of φ_0 and φ_0' given one φ_t at Λ = %s, %d trajectories apart, against %d; of one φ_0 "
            + "with itself it is %.4f%s", path[path.length - 1], TRAJECTORIES, TRAJECTORIES * (DRAWS - 1), own, about)),
        "independent draws, once the chain has forgotten its start; then it is χ²(Q_t‖P_t)", tally(far).mean(),
        tally(far).mean() + near.mean(), near.error(), own - tally(far).mean()));
    entropies.add(entropyFigure(path, kl, error));
    return checks;
  }

  /** At a scale, {@code number} of those below the bare one. */
  private Ratio ratio(FieldSample start, double[] bareRatio, double scale, int number, double logZ) throws IOException {
    int sites = what.side * what.side;
    int count = start.size();
    FieldLayout layout = new FieldLayout(start.lattice(), count);
    LatticeModes modes = new LatticeModes(start.lattice());
    float[] buffer = new float[layout.size()];
    for (int i = 0; i < count; i++) {
      layout.scatter(start.values(), i * sites, buffer, i);
    }
    double[][] draws = new double[DRAWS][];
    draws[0] = bareRatio;
    FlowModel model = ensembles().model;
    try (Modes analysis = new Modes(setting.device(), FourierTransforms.of(layout, setting.device()), 0);
        Flow flow = setting.subject().polchinski(setting.device(), FourierTransforms.of(layout, setting.device()),
            covariance(), new RandomStream(setting.seed() + 4 + number));
        PosteriorFields posterior = new PosteriorFields(setting.device(), layout, what.action(),
            new RandomStream(setting.seed() + 20 + number));
        FlowLikelihood likelihood = new FlowLikelihood(model, 2 * model.configuration().shape().steps(),
            setting.device())) {
      System.arraycopy(analysis.of(buffer), 0, posterior.coefficients(), 0, buffer.length);
      double[][] ends = {Arrays.copyOf(posterior.actions(), count), null};
      System.arraycopy(buffer, 0, flow.field(), 0, buffer.length);
      flow.advance(BARE, scale);
      posterior.condition(analysis.of(flow.field()), covariance().schedule(modes.energies())
          .transition(BARE, scale * scale, ModeSchedule.Variable.FIELD));
      float[] fields = new float[count * sites];
      for (int j = 1; j < DRAWS; j++) {
        posterior.run(TRAJECTORIES);
        double[] actions = posterior.actions();
        ends[1] = Arrays.copyOf(actions, count);
        for (int i = 0; i < count; i++) {
          layout.gather(posterior.fields(), i, fields, i * sites);
        }
        double[] log = likelihood.logLikelihood(fields);
        draws[j] = new double[count];
        for (int i = 0; i < count; i++) {
          draws[j][i] = Math.exp(log[i] + actions[i] + logZ);
        }
      }
      return new Ratio(draws, ends);
    }
  }

  // ---- figures

  private List<Figure> figures() throws IOException {
    List<Figure> figures = new ArrayList<>(List.of(configurations()));
    figures.addAll(propagators());
    figures.add(magnetisation(scales().getFirst()));
    figures.add(distanceFigure());
    figures.addAll(entropies);
    return figures;
  }

  private String made() {
    return setting.seeded(String.format(Locale.ROOT, "%,d generated fields and %,d of hybrid Monte Carlo%s; flowed "
        + "with reference mass² 1 and the exponential "
        + "regulator", what.generated, CHAINS * what.measurements, what.where()));
  }

  private Figure configurations() throws IOException {
    List<Gallery.Row> rows = new ArrayList<>();
    for (boolean learned : new boolean[] {false, true}) {
      List<Panels.Field> tiles = new ArrayList<>();
      for (AtScale scale : scales()) {
        FieldSample fields = learned ? scale.generatedFields : scale.exactFields;
        FieldStatistics statistics = learned ? scale.generated : scale.exact;
        tiles.add(new Panels.Field(Panels.scaleLabel(scale.lambda), String.format(Locale.ROOT, "⟨φ²⟩ = %.4f",
            statistics.series(Observables.PHI2).mean()), what.side,
            Arrays.copyOf(fields.values(), what.side * what.side)));
      }
      rows.add(new Gallery.Row(learned ? "generated by the learned flow" : "hybrid Monte Carlo", tiles));
    }
    return new Gallery(id("configurations"), "Along the exact flow: a configuration of the theory, and a learned one",
        rows, made() + ". One field of each ensemble, and the average of all as they are.");
  }

  private List<Figure> propagators() throws IOException {
    double[] momentum2 = FieldSample.bands(Lattice.square(what.side)).stream()
        .mapToDouble(LatticeModes.Shell::momentum2).toArray();
    int first = 1; // on a logarithmic axis the zero mode has no place
    double[] x = Arrays.copyOfRange(momentum2, first, momentum2.length);
    List<Curve> curves = new ArrayList<>();
    List<Curve> quotients = new ArrayList<>();
    int hue = 0;
    for (AtScale scale : scales()) {
      double[] exact = FieldStatistics.means(scale.exact.power());
      double[] raw = FieldStatistics.means(scale.generated.power());
      double[][] exactBlocks = scale.exact.blocks(scale.exact.power());
      double[][] rawBlocks = scale.generated.blocks(scale.generated.power());
      double[] error = new double[x.length];
      double[] quotient = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        double own = tally(rawBlocks[first + i]).error() / raw[first + i];
        error[i] = Math.hypot(own, tally(exactBlocks[first + i]).error() / exact[first + i]);
        quotient[i] = raw[first + i] / exact[first + i];
      }
      String label = Panels.scaleLabel(scale.lambda);
      curves.add(Curve.line(label, x, Arrays.copyOfRange(exact, first, exact.length)).hue(hue));
      curves.add(Curve.points("", x, Arrays.copyOfRange(raw, first, raw.length), null).hue(hue));
      quotients.add(Curve.points(label, x, quotient, error).hue(hue));
      hue++;
    }
    Quantity axis = Quantity.logarithmic("p̂²").in("1/a²");
    return List.of(
        new Diagram(id("propagators"), "Propagators at every scale", axis,
            Quantity.logarithmic("G(p)").between(1e-6, Double.NaN), curves, made()
                + ". Lines: hybrid Monte Carlo; symbols: generated fields as they are, not yet made exact."),
        new Diagram(id("propagator-ratios"), "The same, divided", axis, Quantity.linear("G learned / G exact"),
            quotients, made() + ". Generated fields as they are; with standard errors of the quotient. Far above the "
                + "cutoff only the common noise is left."));
  }

  private Figure magnetisation(AtScale bare) {
    TimeSeries exact = bare.exact.series(Observables.M);
    double reach = 4.2 * Math.sqrt(exact.map(x -> x * x).mean());
    int bins = 42;
    double[] edges = new double[bins + 1];
    Arrays.setAll(edges, i -> reach * (2.0 * i / bins - 1));
    double[] centres = new double[bins];
    Arrays.setAll(centres, i -> 0.5 * (edges[i] + edges[i + 1]));
    double[][] density = new double[2][bins];
    double[] error = new double[bins];
    int k = 0;
    for (FieldStatistics statistics : List.of(bare.exact, bare.chain)) {
      TimeSeries m = statistics.series(Observables.M);
      for (int i = 0; i < bins; i++) {
        double low = edges[i];
        double high = edges[i + 1];
        Estimate part = new GammaMethod().primary(m.map(x -> x >= low && x < high ? 1 : 0));
        density[k][i] = part.mean() / (high - low);
        error[i] = part.error() / (high - low);
      }
      k++;
    }
    return new Diagram(id("magnetisation"), "The magnetisation", Quantity.linear("m"), Quantity.linear("P(m)"),
        List.of(Curve.steps("hybrid Monte Carlo", edges, density[0]),
            Curve.points("independence chain", centres, density[1], error)), made() + ". No scale of the flow changes "
                + "it: the regulators leave the zero mode alone.");
  }

  private Figure distanceFigure() throws IOException {
    List<double[]> frechet = new ArrayList<>();
    List<double[]> sliced = new ArrayList<>();
    for (AtScale scale : scales()) {
      Distances distances = distances(scale);
      frechet.add(distances.frechet);
      sliced.add(distances.sliced);
    }
    List<Curve> curves = new ArrayList<>();
    double[] x = new double[SCALES.length];
    Arrays.setAll(x, i -> Double.isInfinite(SCALES[i]) ? 4 : SCALES[i]);
    int hue = 0;
    for (List<double[]> distances : List.of(frechet, sliced)) {
      String name = hue == 0 ? "Fréchet" : "sliced W₂²";
      double[][] rows = new double[4][x.length];
      for (int i = 0; i < x.length; i++) {
        for (int row = 0; row < 4; row++) {
          rows[row][i] = distances.get(i)[row];
        }
      }
      curves.add(Curve.line(name + ", exact ensembles", x, rows[0]).hue(hue));
      curves.add(Curve.points(name + ", generated", x, rows[2], rows[3]).hue(hue));
      hue++;
    }
    return new Diagram(id("distances"), "Distances from the exact ensemble", Quantity.logarithmic("Λ"),
        Quantity.logarithmic("squared distance"), curves, made() + String.format(Locale.ROOT, ". Groups of %d fields, "
            + "as they are generated, from a reference of hybrid Monte Carlo; lines are the floor, the distance of as "
            + "many exact ones. Λ = ∞ is drawn at 4.", GROUP_CHAINS * Math.min(64, what.measurements)));
  }

  private Figure entropyFigure(double[] path, double[] kl, double[] error) {
    double[] x = new double[kl.length];
    Arrays.setAll(x, i -> i == 0 ? 0 : 1 / (path[i - 1] * path[i - 1]));
    return new Diagram(id("relative-entropy"), "Relative entropy along the flow", Quantity.linear("1/Λ²"),
        Quantity.linear("KL(Pₜ‖Qₜ)").between(0, Double.NaN), List.of(Curve.points("exact against learned", x, kl,
            error)), setting.seeded(String.format(Locale.ROOT, "P_t and Q_t are the theory and the learned density "
            + "after the same kernel; averages over %,d configurations, the ratio of the densities from %d draws "
            + "of φ_0 given φ_t%s", what.conditioned, DRAWS, what.where()))
            + ". What one forgets about the bare field can no longer tell the two apart.");
  }
}
