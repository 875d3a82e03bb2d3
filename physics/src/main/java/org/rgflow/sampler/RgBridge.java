package org.rgflow.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.apache.commons.rng.UniformRandomProvider;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.AddLocalEnergy;
import org.rgflow.launch.CombineThree;
import org.rgflow.launch.CubicForce;
import org.rgflow.launch.Decide;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.Normals;
import org.rgflow.launch.RowSums;
import org.rgflow.launch.Select;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.statistics.ImportanceWeights;

/**
 * Samples e^(−S) and its partition function without a Markov chain that has to thermalise or to tunnel: fields are
 * drawn from white noise, taken backwards along the RG, and weighted with the work that this costs.
 *
 * <p><b>Path.</b> With the Hartree mass M² of the {@link GapEquation}, S = ½ φ C₀⁻¹ φ + g Σ_x :φ⁴: − 3 g V c₀², where
 * C₀ = 1/(h(p̂²+M²)), c₀ = (1/V) Σ_p C₀ and :φ⁴:_c = φ⁴ − 6cφ² + 3c². The proper-time regulator gives
 * C_τ(p) = C₀ e^(−τ(p̂²+M²)), with τ = 1/Λ² falling from ∞ to 0; the renormalised action of Polchinski's equation
 * is, to first order in g,
 *
 * <pre>  S_τ = ½ φ C_τ⁻¹ φ + g Σ_x :φ⁴:_(c_τ) + const,   c_τ = (1/V) Σ_p C_τ(p).</pre>
 *
 * In the variable ψ = C_τ^(−½) φ of each mode the Gaussian part is white at every τ, so that the path of densities
 * π_τ(ψ) ∝ e^(−½ψ² − U_τ), U_τ = g Σ :φ⁴:, leads from N(0, 1) at τ = ∞ to e^(−S) at τ = 0.
 *
 * <p><b>Weights.</b> From one τ to the next, ψ stays and log w −= U_τ'(ψ) − U_τ(ψ); then trajectories that leave π_τ'
 * invariant (C. Jarzynski, Phys. Rev. Lett. 78 (1997) 2690; R. Neal, physics/9803008). Whatever the number of levels
 * and trajectories, ⟨w⟩ = Z / (Z₀ e^(3gVc₀²)) with the free Z₀ = Π_p (2πC₀)^½, and weighted means are those of
 * e^(−S). That φ itself is rescaled from C_τ to C_τ' is the free part of the flow's drift: an escort whose Jacobian
 * cancels.
 *
 * <p><b>Trajectories.</b> Hybrid Monte Carlo in ψ, split into exact rotations of (ψ, p) and kicks by −∂U
 * (A. Beskos et al., Stoch. Proc. Appl. 121 (2011) 2201), a Metropolis decision at the end.
 *
 * <p><b>Levels.</b> {@link #adapt} finds them with a population of its own: each τ' is where the conditional effective
 * sample size ⟨w'⟩²/⟨w'²⟩ of the step's own weights falls to a given number (Y. Zhou, A. Johansen &amp; J. Aston,
 * 1303.3123), and tunes the step size of each level. Levels are then fixed, so that {@link #run} is free of bias.
 */
public final class RgBridge {
  /** Steps of a trajectory. */
  private static final int STEPS = 4;
  private static final double QUARTER_TURN = Math.PI / 2;
  private static final double TARGET_ACCEPTANCE = 0.85;
  /** To what part of a step its end is searched for. */
  private static final double PRECISION = 0.02;
  private static final int MAX_BISECTIONS = 60;
  private static final int MAX_LEVELS = 100_000;

  /**
   * A stop on the way.
   *
   * @param properTime τ = 1/Λ², 0 for the theory itself
   * @param stepSize angle of a rotation, at most π/8
   */
  public record Level(double properTime, double stepSize) {
    /** @throws IllegalArgumentException if τ is negative or infinite, or the step not within 0 … π/8 */
    public Level {
      if (!(properTime >= 0 && properTime < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a level's proper time must be at least 0 and finite, not " + properTime);
      }
      if (!(stepSize > 0 && stepSize <= QUARTER_TURN / STEPS)) {
        throw new IllegalArgumentException("a level's step must lie between 0 and π/8, not be " + stepSize);
      }
    }
  }

  /**
   * What came out.
   *
   * @param layout of the fields
   * @param fields φ of each replica
   * @param weights of the replicas, whose mean is Z
   * @param acceptance mean acceptance of the trajectories
   */
  public record Result(FieldLayout layout, float[] fields, ImportanceWeights weights, double acceptance) {
    /**
     * Replicas of equal weight, drawn with probabilities proportional to the weights by systematic resampling.
     *
     * @return one field per replica, in the same layout
     */
    public float[] resampled(RandomStream stream) {
      UniformRandomProvider random = stream.provider(Streams.RESAMPLING);
      int[] chosen = weights.resample(layout.replicas(), random.nextDouble());
      float[] result = new float[fields.length];
      float[] one = new float[layout.lattice().sites()];
      for (int replica = 0; replica < chosen.length; replica++) {
        layout.gather(fields, chosen[replica], one, 0);
        layout.scatter(one, 0, result, replica);
      }
      return result;
    }
  }

  private final Device device;
  private final Phi4Action action;
  private final Lattice lattice;
  private final int trajectories;
  private final GapEquation gap;
  private final double[] energies;

  /**
   * @param trajectories trajectories at every level, at least 1
   * @throws IllegalArgumentException if there is no trajectory
   */
  public RgBridge(Device device, Phi4Action action, Lattice lattice, int trajectories) {
    if (trajectories < 1) {
      throw new IllegalArgumentException("a bridge needs at least one trajectory per level, not " + trajectories);
    }
    this.device = Objects.requireNonNull(device, "device");
    this.action = Objects.requireNonNull(action, "action");
    this.lattice = Objects.requireNonNull(lattice, "lattice");
    this.trajectories = trajectories;
    gap = GapEquation.solve(action, lattice);
    energies = new LatticeModes(lattice).energies();
  }

  /** M² of the reference propagator. */
  public double referenceMass2() {
    return gap.mass2();
  }

  /** ln Z₀ + 3gVc₀²: ln Z of the Gaussian theory that the path begins with, and of the constant in S. */
  public double referenceLogPartition() {
    double sum = 3 * action.quartic() * lattice.sites() * gap.phi2() * gap.phi2();
    for (double p2 : energies) {
      sum += 0.5 * Math.log(2 * Math.PI * covariance(p2, 0));
    }
    return sum;
  }

  private double covariance(double p2, double properTime) {
    double stiffness = p2 + gap.mass2();
    return Math.exp(-properTime * stiffness) / (action.hopping() * stiffness);
  }

  /**
   * Finds the levels.
   *
   * @param replicas size of the population that looks for them, at least 16
   * @param conditionalEss between 0 and 1: the nearer to 1, the more levels; ln w then has about (1 − conditionalEss)
   *     times the number of levels as its variance, if the trajectories decorrelate the levels
   * @param stream seed and position; must not be those of {@link #run}
   * @throws IllegalArgumentException if a number is out of range
   * @throws CancellationException if the monitor ends it
   */
  public List<Level> adapt(int replicas, double conditionalEss, RandomStream stream, RunMonitor monitor) {
    if (!(conditionalEss > 0 && conditionalEss < 1)) {
      throw new IllegalArgumentException(
          "the conditional effective sample size must lie between 0 and 1, not " + conditionalEss);
    }
    if (replicas < 16) {
      throw new IllegalArgumentException("adapting the levels needs at least 16 replicas, not " + replicas);
    }
    List<Level> levels = new ArrayList<>();
    try (Population population = new Population(new FieldLayout(lattice, replicas), stream)) {
      population.start();
      double last = Double.POSITIVE_INFINITY;
      double stepSize = QUARTER_TURN / STEPS;
      while (last > 0) {
        if (levels.size() == MAX_LEVELS) {
          throw new IllegalArgumentException(
              "more than " + MAX_LEVELS + " levels; ask for a smaller conditional effective sample size");
        }
        last = population.next(last, conditionalEss);
        population.moveTo(last);
        for (int i = 0; i < trajectories; i++) {
          double rate = population.trajectory(stepSize);
          stepSize = Math.min(QUARTER_TURN / STEPS, stepSize * Math.exp(0.5 * (rate - TARGET_ACCEPTANCE)));
        }
        levels.add(new Level(last, stepSize));
        if (!monitor.progress("finding levels", levels.size(), 0)) {
          throw new CancellationException();
        }
      }
    }
    return List.copyOf(levels);
  }

  /**
   * Takes a population along the levels.
   *
   * @param replicas number of fields, at least 2
   * @param levels with falling τ, the last one 0
   * @throws IllegalArgumentException if there are fewer replicas, or the levels do not fall to 0
   * @throws CancellationException if the monitor ends it
   */
  public Result run(int replicas, List<Level> levels, RandomStream stream, RunMonitor monitor) {
    if (replicas < 2) {
      throw new IllegalArgumentException("a bridge needs at least 2 replicas, not " + replicas);
    }
    double last = Double.POSITIVE_INFINITY;
    for (Level level : levels) {
      if (level.properTime() >= last) {
        throw new IllegalArgumentException(
            "level " + level.properTime() + " after " + last + ": proper times must fall to 0");
      }
      last = level.properTime();
    }
    if (last != 0) {
      throw new IllegalArgumentException("the last level must have proper time 0, not " + last);
    }
    FieldLayout layout = new FieldLayout(lattice, replicas);
    try (Population population = new Population(layout, stream)) {
      population.start();
      double accepted = 0;
      int done = 0;
      for (Level level : levels) {
        population.moveTo(level.properTime());
        for (int i = 0; i < trajectories; i++) {
          accepted += population.trajectory(level.stepSize());
        }
        if (!monitor.progress("bridging", ++done, levels.size())) {
          throw new CancellationException();
        }
      }
      double[] logWeights = population.logWeights.clone();
      double reference = referenceLogPartition();
      for (int r = 0; r < logWeights.length; r++) {
        logWeights[r] += reference;
      }
      return new Result(layout, population.fields(), new ImportanceWeights(logWeights),
          accepted / ((double) levels.size() * trajectories));
    }
  }

  /** Replicas at one level. */
  private final class Population implements AutoCloseable {
    private final FieldLayout layout;
    private final RandomStream stream;
    private final int modes = energies.length;

    private final float[] psi;
    private final float[] phi;
    private final double[] sums;
    private final double[] before;
    private final int[] accepted;

    // Coefficients of the modes: √C, and those of (ψ, p, f) in the first, a middle and the last kick and rotation.
    private final float[] root = new float[modes];
    private final float[][] first = new float[6][modes];
    private final float[][] middle = new float[6][modes];
    private final float[][] last = new float[3][modes];
    private final double[] potential = {0, action.quartic()};

    private final double[] logWeights;
    private double properTime = Double.POSITIVE_INFINITY;
    private double variance;

    private final Program beginning;
    private final Program evaluation;
    private final Program trajectory;
    private final Session session;

    Population(FieldLayout layout, RandomStream stream) {
      this.layout = layout;
      this.stream = stream;
      int size = layout.size();
      int rows = layout.blocks() * lattice.ly();
      psi = new float[size];
      phi = new float[size];
      sums = new double[4 * rows * layout.lanes()];
      before = new double[rows * layout.lanes()];
      accepted = new int[layout.paddedReplicas()];
      logWeights = new double[layout.replicas()];
      ModeTransform transform = FourierTransforms.of(layout, device);
      float[] scaled = new float[size];
      beginning = new Program("white noise").input(stream.buffer())
          .add(new Normals(psi, layout.blocks(), stream.buffer(), Streams.START));
      evaluation = evaluate(new Program("potential").input(root), transform, psi, scaled).output(sums, phi);
      trajectory = record(transform, scaled);
      session = device.open(beginning, evaluation, trajectory);
    }

    private Program evaluate(Program program, ModeTransform transform, float[] white, float[] scaled) {
      return field(program, transform, white, scaled)
          .add(new RowSums(phi, sums, lattice.lx(), lattice.ly(), layout.lanes()));
    }

    private Program field(Program program, ModeTransform transform, float[] white, float[] scaled) {
      return program.add(new ModeAffine(scaled, white, root, new float[modes], layout.lanes(), layout.blocks()))
          .addAll(transform.inverse(scaled, phi));
    }

    private Program record(ModeTransform transform, float[] scaled) {
      int lx = lattice.lx();
      int ly = lattice.ly();
      int lanes = layout.lanes();
      int blocks = layout.blocks();
      int size = layout.size();
      float[][] white = {psi, new float[size], new float[size]};
      float[][] momentum = {new float[size], new float[size]};
      float[] force = new float[size];
      float[] forceModes = new float[size];
      double[] partial = new double[blocks * ly * FieldKernels.PARTIAL_SUMS];
      double[] after = new double[before.length];
      Program program = new Program("bridge trajectory").input(root, stream.buffer(), potential).output(accepted);
      for (float[][] coefficients : List.of(first, middle, last)) {
        program.input((Object[]) coefficients);
      }
      program.add(new Normals(momentum[0], blocks, stream.buffer(), Streams.MOMENTA));
      energy(evaluate(program, transform, psi, scaled), psi, momentum[0], partial, before);
      float[] from = psi;
      for (int s = 0; s < STEPS; s++) {
        float[][] c = s == 0 ? first : middle;
        float[] to = white[1 + s % 2];
        float[] p = momentum[s % 2];
        if (s > 0) {
          field(program, transform, from, scaled);
        }
        program.add(new CubicForce(phi, force, (float) (4 * action.quartic()), lx * lanes, blocks))
            .addAll(transform.forward(force, forceModes))
            .add(new CombineThree(to, from, p, forceModes, c[0], c[1], c[2], lanes, blocks))
            .add(new CombineThree(momentum[(s + 1) % 2], from, p, forceModes, c[3], c[4], c[5], lanes, blocks));
        from = to;
      }
      float[] p = momentum[STEPS % 2];
      float[] end = momentum[(STEPS + 1) % 2];
      evaluate(program, transform, from, scaled)
          .add(new CubicForce(phi, force, (float) (4 * action.quartic()), lx * lanes, blocks))
          .addAll(transform.forward(force, forceModes))
          .add(new CombineThree(end, from, p, forceModes, last[0], last[1], last[2], lanes, blocks));
      energy(program, from, end, partial, after);
      return program
          .add(new Decide(before, after, accepted, new double[4 * accepted.length], stream.buffer(), Streams.ACCEPT, ly,
              lanes))
          .add(new Select(psi, from, accepted, lx, ly, lanes));
    }

    /** ½ψ² + ½p² + U of the field whose sums are at hand, U without its constant. */
    private void energy(Program program, float[] white, float[] p, double[] partial, double[] result) {
      program.add(new Hamiltonian(white, p, partial, result, 0, 0.5f, 0, lattice.lx(), lattice.ly(), layout.lanes()))
          .add(new AddLocalEnergy(result, sums, potential, layout.blocks()));
    }

    /** White noise: τ = ∞, where U is 0. */
    void start() {
      session.run(beginning);
      stream.advance();
    }

    /** U of every replica at another τ, the same ψ. */
    private double[] potential(double time) {
      double c = setLevel(time);
      double g = action.quartic();
      session.run(evaluation);
      double[] result = new double[layout.replicas()];
      for (int r = 0; r < result.length; r++) {
        double phi2 = 0;
        double phi4 = 0;
        for (int y = 0; y < lattice.ly(); y++) {
          int at = 4 * ((r / layout.lanes() * lattice.ly() + y) * layout.lanes() + r % layout.lanes());
          phi2 += sums[at + 1];
          phi4 += sums[at + 2];
        }
        result[r] = g * (phi4 - 6 * c * phi2 + 3 * c * c * lattice.sites());
      }
      return result;
    }

    /** Sets √C and returns c. */
    private double setLevel(double time) {
      double sum = 0;
      for (int k = 0; k < modes; k++) {
        double c = covariance(energies[k], time);
        root[k] = (float) Math.sqrt(c);
        sum += c;
      }
      return sum / modes;
    }

    /** The smallest τ' in [0, τ) whose step has the wanted conditional effective sample size. */
    double next(double from, double conditionalEss) {
      double[] old = potential(from);
      if (ess(old, potential(0)) >= conditionalEss) {
        return 0;
      }
      double high = from;
      if (Double.isInfinite(from)) {
        high = 1 / gap.mass2();
        while (ess(old, potential(high)) < conditionalEss) {
          high *= 2;
        }
      }
      double start = high;
      double low = 0;
      for (int i = 0;
          i < MAX_BISECTIONS && high - low > PRECISION * (Double.isInfinite(from) ? high : start - high); i++) {
        double middle = 0.5 * (low + high);
        if (ess(old, potential(middle)) < conditionalEss) {
          low = middle;
        } else {
          high = middle;
        }
      }
      if (high == from) {
        throw new IllegalArgumentException(
            "an effective sample size of " + conditionalEss + " cannot be kept in any step; ask for a smaller one");
      }
      return high;
    }

    private double ess(double[] old, double[] potential) {
      double least = Double.POSITIVE_INFINITY;
      for (int r = 0; r < old.length; r++) {
        least = Math.min(least, potential[r] - old[r]);
      }
      double sum = 0;
      double squares = 0;
      for (int r = 0; r < old.length; r++) {
        double w = Math.exp(least - (potential[r] - old[r]));
        sum += w;
        squares += w * w;
      }
      return sum * sum / (old.length * squares);
    }

    /** Goes to a lower τ and pays for it. */
    void moveTo(double time) {
      double[] old = potential(properTime);
      double[] now = potential(time);
      for (int r = 0; r < logWeights.length; r++) {
        logWeights[r] -= now[r] - old[r];
      }
      properTime = time;
      variance = setLevel(time);
      potential[0] = -6 * action.quartic() * variance;
    }

    /** One trajectory of every replica at the present τ; returns the mean acceptance. */
    double trajectory(double angle) {
      coefficients(angle);
      session.run(trajectory);
      stream.advance();
      int count = 0;
      for (int r = 0; r < layout.replicas(); r++) {
        count += accepted[r];
      }
      return (double) count / layout.replicas();
    }

    /** Kick p ← p − ε(√C f − 12 g c C ψ), half of it first and last, and rotation by ε. */
    private void coefficients(double angle) {
      double cos = Math.cos(angle);
      double sin = Math.sin(angle);
      for (int k = 0; k < modes; k++) {
        double c = covariance(energies[k], properTime);
        double linear = angle * 12 * action.quartic() * variance * c;
        double force = -angle * Math.sqrt(c);
        kickAndRotate(first, k, cos, sin, 0.5 * linear, 0.5 * force);
        kickAndRotate(middle, k, cos, sin, linear, force);
        last[0][k] = (float) (0.5 * linear);
        last[1][k] = 1;
        last[2][k] = (float) (0.5 * force);
      }
    }

    private static void kickAndRotate(
        float[][] coefficients, int k, double cos, double sin, double linear, double force) {
      coefficients[0][k] = (float) (cos + sin * linear);
      coefficients[1][k] = (float) sin;
      coefficients[2][k] = (float) (sin * force);
      coefficients[3][k] = (float) (cos * linear - sin);
      coefficients[4][k] = (float) cos;
      coefficients[5][k] = (float) (cos * force);
    }

    /** φ of every replica at the present τ. */
    float[] fields() {
      setLevel(properTime);
      session.run(evaluation);
      return phi.clone();
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
