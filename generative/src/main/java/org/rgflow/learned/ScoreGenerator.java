package org.rgflow.learned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.IntPredicate;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.ScoreKernels;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.AddProjection;
import org.rgflow.launch.ClearSums;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.LogNormal;
import org.rgflow.launch.Normals;
import org.rgflow.launch.RandomSigns;
import org.rgflow.launch.ReverseStep;
import org.rgflow.launch.RungeKuttaDensity;
import org.rgflow.launch.RungeKuttaPlace;
import org.rgflow.launch.RungeKuttaSlope;
import org.rgflow.launch.ScaledModes;
import org.rgflow.launch.SelectMode;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * Generates fields with a {@link ScoreModel}: white noise u at s = 1 is carried back along the {@link ScorePath}. With
 * f the model's force and r_k(s) the correlation of a mode with the bare field, the score is −u + r f, and
 *
 * <pre>
 *   SDE (Anderson 1982):             u' = (r/r') u + r' v f + √v ξ,   v = 1 − r²/r'²,  from s to s' &lt; s
 *   ODE (Song et al., 2011.13456):   du_k = f_k dr_k,   d ln q(u) = −Σ_k ∂f_k/∂u_k dr_k.
 * </pre>
 *
 * <p>The Gaussian part of the flow is exact in both: with f = 0 a free theory is generated without error in any number
 * of steps. Steps of the ODE are of equal length in s; those of the SDE are those of {@link ScorePath#places} or given.
 *
 * <p><b>Weights.</b> Of the ODE, w = e^(−S)/q with the likelihood of the integrated flow, up to the error of the
 * Runge–Kutta steps. Of the SDE, the weight of the whole path: e^(−S) times the density of the noising steps, over that
 * of the steps taken (C. Jarzynski, PRL 78, 2690 (1997), escorted by the model's drift). Noising is stationary for
 * white noise, so that all but the drift cancels,
 *
 * <pre>  ln w = −S(φ) − ln N(φ; 0, G) − Σ_steps Σ_k (r' √v f ξ + ½ r'² v f²),   ⟨w⟩ = Z,</pre>
 *
 * <p>exactly so for any number of steps and any model. Its {@code logLikelihood} is −S − ln w, of the path and not of
 * the field.
 */
public final class ScoreGenerator implements FieldGenerator {
  private static final int LANES = VectorFieldKernels.LANES;
  private static final int BATCH_NUMBERS = 1 << 20;
  private static final int MAX_BATCH = 256;
  /** An exact likelihood takes long: smaller batches for the sake of progress. */
  private static final int MAX_EXACT_BATCH = 64;
  /** Fields by which levels are judged. */
  private static final int PILOTS = 64;

  private final ScoreModel model;
  private final ScoreSampling sampling;
  private final ScoreField score;
  private final ScorePath path;
  private final FieldLayout layout;
  private final int sites;
  private final RandomStream stream;
  private final RandomStream stepStream;
  private final float[] phi;
  private final double[] rows;
  private final Program start;
  private final Program force;
  /** A step of the SDE with the force at its beginning. */
  private final Program reverse;
  /** To the next place of a step of the ODE, or its end. */
  private final Program move;
  /** Slopes of the stage, and what all its derivatives need. */
  private final Program prepare;
  private final Program differentiate;
  private final Program finish;
  private final Session session;
  /** Of the state: ln q of u for the ODE, and for the SDE what the steps so far have added to it. */
  private final double[] logDensity;
  /** Decay, drift, deviation and strength of each mode in a step of the SDE. */
  private final double[] coefficients;
  /** dr/ds of each mode. */
  private final double[] rate;
  /** Of the ways to the stages of a step of the ODE, and of the step. */
  private final double[] lengths = new double[ScoreKernels.STAGES + 1];
  private final int[] stage = new int[1];
  /** The mode whose derivative is taken. */
  private final int[] mode = new int[1];
  /** Factor by which the whitened modes are those of the field. */
  private final double[] deviations;
  /** s after so many steps. */
  private final double[] places;

  /**
   * Fields at a place on the path.
   *
   * @param place s
   * @param scale Λ, infinite for the bare field
   * @param fields φ_Λ of Polchinski's flow, [field][y][x]
   * @param logLikelihood ln q(φ_Λ) of the ODE; NaN of the SDE, which knows it of the bare field's path alone
   */
  public record Stop(double place, double scale, float[] fields, double[] logLikelihood) {}

  /**
   * A batch and what it was on the way.
   *
   * @param stops the white noise and the stops, s falling from 1 to 0
   * @param end the bare fields, with weights
   */
  public record Trajectory(List<Stop> stops, Batch end) {}

  /** Plans the memory and opens a session. */
  public ScoreGenerator(ScoreModel model, ScoreSampling sampling, long seed, Device device) {
    this(model, sampling, null, batch(model, sampling), seed, device);
  }

  /**
   * Of the SDE, with steps of one's own.
   *
   * @param places s after 0, 1, … steps, falling from 1 to 0
   * @throws IllegalArgumentException if they do not, or are fewer than 2 steps
   */
  public ScoreGenerator(ScoreModel model, double[] places, long seed, Device device) {
    this(model, stochastic(places), places.clone(), batch(model, stochastic(places)), seed, device);
  }

  private ScoreGenerator(
      ScoreModel model, ScoreSampling sampling, double[] given, int batch, long seed, Device device) {
    this.model = model;
    this.sampling = sampling;
    score = new ScoreField(model.configuration(), model.statistics(), batch, Purpose.INFERENCE, device);
    System.arraycopy(model.parameters(), 0, score.network().parameters().values(), 0, model.parameters().length);
    path = score.path();
    layout = score.layout();
    Lattice lattice = layout.lattice();
    sites = lattice.sites();
    stream = new RandomStream(seed);
    stepStream = new RandomStream(seed);
    phi = new float[layout.size()];
    rows = new double[layout.replicas() * lattice.ly()];
    logDensity = new double[layout.replicas()];
    coefficients = new double[4 * sites];
    rate = new double[sites];
    deviations = new double[sites];
    places = given != null ? given : places(sampling, path);
    Phi4Action action = model.configuration().action();
    start = new Program("white noise").input(stream.buffer())
        .add(new Normals(score.whitened(), layout.blocks(), stream.buffer(), Streams.SCORE_START));
    force = score.placement("force").addAll(score.forward());
    reverse = new Program("step of the SDE").input(stepStream.buffer(), coefficients);
    move = new Program("place of the ODE").input(stage, lengths);
    prepare = new Program("slopes").input(stage, rate);
    differentiate = new Program("derivative").input(stage, rate, mode);
    switch (sampling.method()) {
      case SDE -> recordStochastic();
      case ODE -> recordRungeKutta();
    }
    float[] phiModes = new float[layout.size()];
    finish = new Program("fields").input(deviations).add(new ScaledModes(phiModes, score.whitened(), deviations))
        .addAll(score.transform().inverse(phiModes, phi))
        .add(new Hamiltonian(phi, new float[layout.size()], new double[layout.blocks() * lattice.ly() * LANES], rows,
            (float) action.hopping(), (float) action.quadratic(), (float) action.quartic(), lattice.lx(), lattice.ly(),
            LANES))
        .output(phi, rows, score.whitened(), logDensity);
    session = device.open(start, force, reverse, move, prepare, differentiate, finish);
  }

  private void recordStochastic() {
    start.add(new ClearSums(logDensity, layout.blocks()));
    float[] noise = new float[layout.size()];
    reverse.add(new Normals(noise, layout.blocks(), stepStream.buffer(), Streams.SCORE_STEPS))
        .add(new ReverseStep(score.whitened(), score.force(), noise, logDensity, coefficients));
  }

  private void recordRungeKutta() {
    start.add(new LogNormal(score.whitened(), logDensity, sites));
    float[] slopes = new float[ScoreKernels.STAGES * layout.size()];
    double[] divergences = new double[ScoreKernels.STAGES * layout.replicas()];
    move.add(new RungeKuttaPlace(score.whitened(), new float[layout.size()], slopes, lengths, stage))
        .add(new RungeKuttaDensity(logDensity, divergences, lengths, stage));
    prepare.add(new RungeKuttaSlope(score.force(), rate, slopes, stage)).addAll(score.prepareDerivatives());
    switch (sampling.likelihood()) {
      case EXACT -> differentiate.add(new SelectMode(score.direction(), mode, sites));
      case HUTCHINSON -> start.add(new RandomSigns(score.direction(), stream.buffer(), Streams.SCORE_PROBES));
    }
    differentiate.addAll(score.differentiate())
        .add(new AddProjection(score.direction(), score.derivative(), rate, divergences, stage));
  }

  private static ScoreSampling stochastic(double[] places) {
    ScoreSampling sampling =
        new ScoreSampling(ScoreSampling.Method.SDE, ScoreSampling.Likelihood.EXACT, places.length - 1);
    for (int i = 1; i < places.length; i++) {
      if (!(places[i] < places[i - 1])) {
        throw new IllegalArgumentException("place " + places[i] + " after " + places[i - 1] + ": places must fall");
      }
    }
    if (places[0] != 1 || places[places.length - 1] != 0) {
      throw new IllegalArgumentException(
          "places must fall from 1 to 0, not from " + places[0] + " to " + places[places.length - 1]);
    }
    return sampling;
  }

  private static double[] places(ScoreSampling sampling, ScorePath path) {
    if (sampling.method() == ScoreSampling.Method.SDE) {
      return path.places(sampling.steps());
    }
    double[] places = new double[sampling.steps() + 1];
    Arrays.setAll(places, done -> (double) (sampling.steps() - done) / sampling.steps());
    return places;
  }

  /** A function of the sizes alone, lest the numbers depend on how many are wanted. */
  private static int batch(ScoreModel model, ScoreSampling sampling) {
    int each = model.configuration().lattice().sites() * model.configuration().width();
    boolean exact = sampling.method() == ScoreSampling.Method.ODE
        && sampling.likelihood() == ScoreSampling.Likelihood.EXACT;
    int most = exact ? MAX_EXACT_BATCH : MAX_BATCH;
    return Math.max(LANES, Math.min(most, BATCH_NUMBERS / each / LANES * LANES));
  }

  /**
   * Root mean square difference of ln w between a number of steps and half of it, over 16 fields: an upper estimate of
   * the error of the integration. Zero for the SDE, whose weights have none.
   */
  public static double integrationError(ScoreModel model, ScoreSampling sampling, long seed, Device device) {
    if (sampling.method() == ScoreSampling.Method.SDE) {
      return 0;
    }
    ScoreSampling half =
        new ScoreSampling(sampling.method(), sampling.likelihood(), Math.max(2, sampling.steps() / 2));
    try (ScoreGenerator fine = new ScoreGenerator(model, sampling, null, LANES, seed, device);
        ScoreGenerator coarse = new ScoreGenerator(model, half, null, LANES, seed, device)) {
      double[] exact = fine.generate(0).logWeights();
      double[] rough = coarse.generate(0).logWeights();
      double sum = 0;
      for (int i = 0; i < exact.length; i++) {
        sum += (exact[i] - rough[i]) * (exact[i] - rough[i]);
      }
      return Math.sqrt(sum / exact.length);
    }
  }

  /**
   * What each step of the SDE adds to the variance of ln w because its force is that of its beginning, measured on
   * {@value #PILOTS} fields of batch number {@code index}:
   *
   * <pre>  V = ½ Σ_k (r'² − r²) ⟨(f'_k − f_k)²⟩.</pre>
   *
   * <p>Girsanov's weight of the exact path, of force f*, relative to one whose force is f at the beginning of the step
   * has the variance Σ_k ∫ dr² ⟨(f*_k(r) − f_k)²⟩. As a conditional expectation of something fixed, f* is a martingale:
   * what it gains within the step is uncorrelated with f* − f at its beginning, and its square grows like dr². So the
   * variance is that of the model's error, Σ_k ∫ dr² ⟨(f*_k − f_k)²⟩, whatever the steps, and V with f* in the place of
   * f. The model's force, which stands for it here, is smoother as a rule, and V too small. In a Gaussian theory
   * V = ½ Σ_k ((r'²−r²)/r · ∂f/∂u)² to first order: half the square of the covariance, in units of v, that
   * {@link ScorePath#places} says is neglected.
   *
   * @param places as in the constructor
   * @param progress hears the number of steps done, and says whether to go on
   * @throws CancellationException if not
   */
  static double[] stepVariances(
      ScoreModel model, double[] places, long index, long seed, Device device, IntPredicate progress) {
    try (ScoreGenerator generator =
        new ScoreGenerator(model, stochastic(places), places.clone(), PILOTS, seed, device)) {
      return generator.stepVariances(index, progress);
    }
  }

  private double[] stepVariances(long index, IntPredicate progress) {
    double[] variances = new double[sampling.steps()];
    float[] before = new float[layout.size()];
    begin(index);
    force(places[0]);
    session.download(score.force());
    for (int step = 0; step < variances.length; step++) {
      stochasticStep(places[step], places[step + 1], index * sampling.steps() + step);
      System.arraycopy(score.force(), 0, before, 0, before.length);
      force(places[step + 1]);
      session.download(score.force());
      for (int k = 0; k < sites; k++) {
        double sum = 0;
        for (int block = 0; block < layout.blocks(); block++) {
          int at = (block * sites + k) * LANES;
          for (int lane = 0; lane < LANES; lane++) {
            double moved = score.force()[at + lane] - before[at + lane];
            sum += moved * moved;
          }
        }
        double resolved = path.unresolved(k, places[step]) - path.unresolved(k, places[step + 1]);
        variances[step] += 0.5 * resolved * sum / batch();
      }
      if (!progress.test(step + 1)) {
        throw new CancellationException();
      }
    }
    return variances;
  }

  @Override
  public String name() {
    return "score-" + sampling.method().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Phi4Action theory() {
    return model.configuration().action();
  }

  @Override
  public FieldLayout layout() {
    return layout;
  }

  @Override
  public float[] field() {
    return phi;
  }

  @Override
  public int batch() {
    return layout.replicas();
  }

  @Override
  public Batch generate(long index) {
    return generate(index, 1).end();
  }

  /**
   * Generates batch number {@code index} and looks at it on the way. Weights of the SDE are those of whole paths: they
   * make averages over the fields at any stop those of the theory at that scale.
   *
   * @param stops see {@link #along}
   * @throws IllegalArgumentException if there are more stops than steps
   */
  public Trajectory generate(long index, int stops) {
    List<Stop> onTheWay = along(index, stops);
    double[] logLikelihood = new double[batch()];
    double[] action = new double[batch()];
    double[] logWeights = new double[batch()];
    int ly = layout.lattice().ly();
    for (int n = 0; n < batch(); n++) {
      for (int y = 0; y < ly; y++) {
        action[n] += rows[(n / LANES * ly + y) * LANES + n % LANES];
      }
      logLikelihood[n] = logDensity[n] - logVolume(0);
      if (sampling.method() == ScoreSampling.Method.SDE) {
        logLikelihood[n] += logNormal(n);
      }
      logWeights[n] = -action[n] - logLikelihood[n];
    }
    return new Trajectory(onTheWay, new Batch(onTheWay.getLast().fields(), logLikelihood, action, logWeights));
  }

  /**
   * As {@link #generate(long, int)}, without the weights.
   *
   * @param stops how often after the start, at the ends of the steps that are nearest to equal distances in s; the last
   *     is the bare field
   * @return the white noise and the stops, s falling from 1 to 0
   * @throws IllegalArgumentException if there are more stops than steps
   */
  public List<Stop> along(long index, int stops) {
    if (stops < 1 || stops > sampling.steps()) {
      throw new IllegalArgumentException(stops + " stops in " + sampling.steps() + " steps are not possible");
    }
    begin(index);
    List<Stop> result = new ArrayList<>();
    result.add(stop(1));
    int done = 0;
    for (int i = 1; i <= stops; i++) {
      int until = nearest(1 - (double) i / stops, done + 1, sampling.steps() - (stops - i));
      for (; done < until; done++) {
        switch (sampling.method()) {
          case SDE -> {
            force(places[done]);
            stochasticStep(places[done], places[done + 1], index * sampling.steps() + done);
          }
          case ODE -> rungeKuttaStep(places[done], places[done + 1]);
        }
      }
      result.add(stop(places[done]));
    }
    return result;
  }

  /** The number of steps, between the given ones, after which the place is nearest to s. */
  private int nearest(double s, int least, int most) {
    int best = least;
    for (int done = least + 1; done <= most; done++) {
      if (Math.abs(places[done] - s) < Math.abs(places[best] - s)) {
        best = done;
      }
    }
    return best;
  }

  private void begin(long index) {
    stream.seek(index);
    session.run(start);
  }

  /** ln N(u; 0, 1). */
  private double logNormal(int replica) {
    double sum = 0;
    int at = layout.index(replica, 0);
    for (int k = 0; k < sites; k++) {
      double u = score.whitened()[at + k * LANES];
      sum += u * u;
    }
    return -0.5 * sum - 0.5 * sites * Math.log(2 * Math.PI);
  }

  /** ln of the factor between the volumes of φ_Λ and of u. */
  private double logVolume(double s) {
    double sum = 0;
    for (int k = 0; k < sites; k++) {
      sum += Math.log(path.deviation(k, s));
    }
    return sum;
  }

  private Stop stop(double s) {
    Arrays.setAll(deviations, k -> path.deviation(k, s));
    session.run(finish);
    float[] fields = new float[batch() * sites];
    double[] logLikelihood = new double[batch()];
    double volume = logVolume(s);
    for (int n = 0; n < batch(); n++) {
      layout.gather(phi, n, fields, n * sites);
      logLikelihood[n] = sampling.method() == ScoreSampling.Method.ODE ? logDensity[n] - volume : Double.NaN;
    }
    return new Stop(s, path.scale(s), fields, logLikelihood);
  }

  /** f of the state, s being its place. */
  private void force(double s) {
    score.place(s);
    session.run(force);
  }

  /** With the force at the beginning of the step. */
  private void stochasticStep(double s, double next, long number) {
    for (int k = 0; k < sites; k++) {
      double r = path.correlation(k, s);
      double after = path.correlation(k, next);
      double decay = r / after;
      double variance = 1 - decay * decay;
      double deviation = Math.sqrt(variance);
      coefficients[k] = decay;
      coefficients[sites + k] = after * variance;
      coefficients[2 * sites + k] = deviation;
      coefficients[3 * sites + k] = after * deviation;
    }
    stepStream.seek(number);
    session.run(reverse);
  }

  private void rungeKuttaStep(double s, double next) {
    double h = next - s;
    lengths[1] = 0.5 * h;
    lengths[2] = 0.5 * h;
    lengths[3] = h;
    lengths[ScoreKernels.END] = h;
    for (int i = 0; i < ScoreKernels.STAGES; i++) {
      stage[0] = i;
      session.run(move);
      velocity(i == 0 ? s : i == 3 ? next : s + 0.5 * h);
    }
    stage[0] = ScoreKernels.END;
    session.run(move);
  }

  /** du/ds and its divergence. */
  private void velocity(double s) {
    force(s);
    for (int k = 0; k < sites; k++) {
      rate[k] = path.correlationRate(k, s);
    }
    session.run(prepare);
    switch (sampling.likelihood()) {
      case EXACT -> {
        for (int k = 0; k < sites; k++) {
          mode[0] = k;
          session.run(differentiate);
        }
      }
      case HUTCHINSON -> session.run(differentiate);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
