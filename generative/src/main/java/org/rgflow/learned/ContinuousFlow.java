package org.rgflow.learned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rgflow.device.Device;
import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.kernels.VectorFieldVector;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.ClearGradient;
import org.rgflow.launch.ClearSums;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.FeatureMap;
import org.rgflow.launch.FeatureMapGradient;
import org.rgflow.launch.FlowPriorGradient;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.KernelAdjoint;
import org.rgflow.launch.KernelCombination;
import org.rgflow.launch.Kick;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.ModeQuotient;
import org.rgflow.launch.Normals;
import org.rgflow.launch.WeightedPair;
import org.rgflow.launch.WeightedSum;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.ModeTransform;

/**
 * A continuous normalizing flow on the lattice: Gaussian fields φ(0) are carried along
 *
 * <pre>
 *   φ̇_x = Σ_y Σ_f W_xyf(t) h_f(φ_y),    h_f(φ) = Σ_j A_fj sin(ω_j φ) + A_fn φ,    W_xyf(t) = Σ_d K_d(t) W_xydf
 *   ln q(φ(1)) = ln q₀(φ(0)) − ∫ Σ_x ∂φ̇_x/∂φ_x dt
 * </pre>
 *
 * <p>from t = 0 to 1 (M. Gerdes, P. de Haan, C. Rainone, R. Bondesan, M. C. N. Cheng, "Learning lattice quantum field
 * theories with equivariant continuous flows", SciPost Phys. 15, 238 (2023), arXiv 2207.00283). W has a value for each
 * orbit of distances, so that the velocity commutes with the symmetries of the lattice; it is odd in φ; and its
 * divergence is known in closed form. Here the convolutions are done in mode space, and the Gaussian is not white:
 * it has a variance of its own for each orbit of modes, which is learned, and starts as the free field's.
 *
 * <p>The flow is integrated by the classical Runge–Kutta method of fourth order with a fixed number of steps, the
 * divergence with it, in double. The gradient is that of the integrated flow, not of the exact one (the adjoint of
 * every Runge–Kutta step, in the opposite order), exact to rounding.
 *
 * <p>All memory is planned here. On the JVM the launches of a replica block follow each other without a barrier, so
 * that its features stay in the cache. On a device with a memory of its own, whoever runs them has {@link #weighed}
 * and whatever else the host reads brought back.
 */
final class ContinuousFlow {
  /** Which way fields are carried. */
  enum Direction {
    /** From the Gaussian at time 0 to time 1. */
    GENERATE,
    /** From time 1 to the Gaussian. */
    NORMALISE
  }

  private final FlowShape shape;
  private final FieldLayout layout;
  private final FlowParameters parameters;
  private final FlowTables tables;
  private final KernelOrbits orbits;
  private final FlowSums sums;
  private final ModeTransform transform;
  private final ModeTransform featureTransform;
  /** Whether transforms of features are taken by replica blocks. */
  private final boolean fused;
  private final int blocks;
  private final int width;
  private final int[] identity;
  private final float[] scratch;
  private final float[] features;
  private final float[] featureModes;
  private final float[] modes;
  private final float[][] slopes = new float[4][];
  private final float[][] stages;
  /** ∂L/∂φ at the beginnings of the steps, in turns. */
  private final float[][] adjoints;
  private final float[] given;
  private final float[] noise;
  private final float[] noisePart;
  private final double[] logJacobian;

  /**
   * Plans the memory of a flow.
   *
   * @param batch number of fields, a multiple of 16
   * @throws IllegalArgumentException if the batch is no multiple of 16, or does not fit
   */
  ContinuousFlow(FlowShape shape, int batch, Purpose purpose, Device device) {
    if (batch < VectorFieldKernels.LANES || batch % VectorFieldKernels.LANES != 0) {
      throw new IllegalArgumentException("a batch of " + batch + " fields: it must be a multiple of "
          + VectorFieldKernels.LANES);
    }
    if ((long) batch * shape.features() * shape.lattice().sites() > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException("a batch of " + batch + " fields of " + shape.lattice() + " with "
          + shape.features() + " features does not fit one array; choose a smaller one");
    }
    this.shape = shape;
    layout = new FieldLayout(shape.lattice(), batch, VectorFieldKernels.LANES);
    blocks = layout.blocks();
    width = shape.lattice().sites() * VectorFieldKernels.LANES;
    parameters = new FlowParameters(shape);
    orbits = new KernelOrbits(shape.lattice());
    tables = new FlowTables(shape, parameters, orbits);
    sums = new FlowSums(shape, orbits.count(), purpose == Purpose.TRAINING ? blocks : 0);
    fused = device.takesAnyLaunch();
    transform = FourierTransforms.of(layout, device);
    featureTransform = FourierTransforms.of(new FieldLayout(shape.lattice(), batch * shape.features(), VectorFieldKernels.LANES), device);
    identity = new int[Math.max(shape.features(), shape.frequencies() + 1)];
    Arrays.setAll(identity, i -> i);
    scratch = new float[blocks * VectorFieldVector.scratch(shape.features(), shape.frequencies())];
    features = new float[layout.size() * shape.features()];
    featureModes = new float[features.length];
    modes = new float[layout.size()];
    for (int i = 0; i < slopes.length; i++) {
      slopes[i] = new float[layout.size()];
    }
    stages = new float[purpose == Purpose.TRAINING ? 4 * shape.steps() + 1 : 5][layout.size()];
    adjoints = new float[2][purpose == Purpose.TRAINING ? layout.size() : 0];
    given = new float[adjoints[0].length];
    noise = new float[layout.size()];
    noisePart = new float[layout.size()];
    logJacobian = new double[batch];
  }

  FlowShape shape() {
    return shape;
  }

  FieldLayout layout() {
    return layout;
  }

  FlowParameters parameters() {
    return parameters;
  }

  /** The field at the start of the path, in {@link FieldLayout}. */
  float[] start() {
    return stages[0];
  }

  /** The field at the end of the path. */
  float[] end() {
    return stage(4 * shape.steps());
  }

  /** ln |∂φ(1)/∂φ(0)| of each field. */
  double[] logJacobian() {
    return logJacobian;
  }

  /** ∂L/∂φ at the end of the path, to be given before the adjoint launches. */
  float[] adjointAtEnd() {
    return adjoints[shape.steps() % 2];
  }

  /** ∂L/∂φ at the start of the path, to be found after them. */
  float[] adjointAtStart() {
    return adjoints[0];
  }

  /** White noise in mode space, from which the start was drawn. */
  float[] noise() {
    return noise;
  }

  /** What {@link FlowWeights} and {@link FlowLikelihood} read. */
  Object[] weighed() {
    return new Object[] {noise, tables.deviation, logJacobian};
  }

  private float[] stage(int i) {
    return stages[i % stages.length];
  }

  /** Parameters to the tables that all other launches read. */
  List<Launch> prepare() {
    return tables.prepare();
  }

  /** Draws the Gaussian fields. */
  List<Launch> draw(RandomStream stream) {
    List<Launch> launches = new ArrayList<>();
    launches.add(new Normals(noise, blocks, stream.buffer(), Streams.LEARNED_PRIOR));
    launches.add(new ModeAffine(noisePart, noise, tables.deviation, new float[tables.deviation.length],
        VectorFieldKernels.LANES, blocks));
    launches.addAll(transform.inverse(noisePart, start()));
    return launches;
  }

  /** ln q₀ of each field that was drawn. */
  void logPrior(double[] result) {
    double constant = 0;
    for (float deviation : tables.deviation) {
      constant -= Math.log(deviation) + 0.5 * Math.log(2 * Math.PI);
    }
    for (int replica = 0; replica < layout.replicas(); replica++) {
      double sum = 0;
      int at = layout.index(replica, 0);
      for (int mode = 0; mode < shape.lattice().sites(); mode++) {
        double x = noise[at + mode * VectorFieldKernels.LANES];
        sum += x * x;
      }
      result[replica] = constant - 0.5 * sum;
    }
  }

  /** Carries the fields from the start to the end of the path; sets {@link #logJacobian}. */
  List<Launch> carry(Direction direction) {
    List<Launch> launches = new ArrayList<>();
    launches.add(new ClearSums(logJacobian, blocks));
    float h = step(direction);
    float weight = Math.abs(h);
    for (int i = 0; i < shape.steps(); i++) {
      float[] x = stage(4 * i);
      velocity(launches, x, slopes[0], time(direction, i, 0), weight / 6);
      launches.add(new WeightedPair(stage(4 * i + 1), x, slopes[0], 1, h / 2, width));
      velocity(launches, stage(4 * i + 1), slopes[1], time(direction, i, 1), weight / 3);
      launches.add(new WeightedPair(stage(4 * i + 2), x, slopes[1], 1, h / 2, width));
      velocity(launches, stage(4 * i + 2), slopes[2], time(direction, i, 1), weight / 3);
      launches.add(new WeightedPair(stage(4 * i + 3), x, slopes[2], 1, h, width));
      velocity(launches, stage(4 * i + 3), slopes[3], time(direction, i, 2), weight / 6);
      launches.add(new WeightedSum(stage(4 * i + 4), x, slopes[0], slopes[1], slopes[2], slopes[3], 1, h / 6, h / 3,
          h / 3, h / 6, width));
    }
    return launches;
  }

  private float step(Direction direction) {
    return (direction == Direction.GENERATE ? 1f : -1f) / shape.steps();
  }

  /** Number of the time that is {@code halves} half steps into step i. */
  private int time(Direction direction, int i, int halves) {
    int t = 2 * i + halves;
    return direction == Direction.GENERATE ? t : 2 * shape.steps() - t;
  }

  private void velocity(List<Launch> launches, float[] x, float[] slope, int time, float weight) {
    launches.add(new FeatureMap(x, features, logJacobian, tables.frequencies, tables.mixing, tables.diagonal, time,
        weight, scratch, identity, shape.lattice().sites(), shape.features(), shape.frequencies()));
    byBlock(launches, featureTransform.forward(features, featureModes));
    launches.add(new KernelCombination(featureModes, modes, tables.kernel, time, orbits.orbitOf(), orbits.count(),
        shape.lattice().sites(), shape.features()));
    launches.addAll(transform.inverse(modes, slope));
  }

  private void byBlock(List<Launch> launches, List<Launch> several) {
    several.forEach(launch -> launches.add(fused ? new ByBlock(launch, blocks) : launch));
  }

  /**
   * The adjoint of {@link #carry}: from {@link #adjointAtEnd} to {@link #adjointAtStart}, and the gradient of the
   * parameters but the prior's.
   *
   * @param delta ∂L/∂{@link #logJacobian}, the same for all fields
   */
  List<Launch> adjoint(Direction direction, double delta) {
    List<Launch> launches = new ArrayList<>();
    launches.addAll(sums.clear());
    float h = step(direction);
    float weight = (float) (delta * Math.abs(h));
    float[] sixth = {h / 6};
    float[] nothing = {0};
    for (int i = shape.steps() - 1; i >= 0; i--) {
      float[] adjoint = adjoints[(i + 1) % 2];
      launches.add(new ModeAffine(given, adjoint, sixth, nothing, VectorFieldKernels.LANES, blocks));
      back(launches, stage(4 * i + 3), slopes[3], time(direction, i, 2), weight / 6);
      launches.add(new WeightedPair(given, adjoint, slopes[3], h / 3, h, width));
      back(launches, stage(4 * i + 2), slopes[2], time(direction, i, 1), weight / 3);
      launches.add(new WeightedPair(given, adjoint, slopes[2], h / 3, h / 2, width));
      back(launches, stage(4 * i + 1), slopes[1], time(direction, i, 1), weight / 3);
      launches.add(new WeightedPair(given, adjoint, slopes[1], h / 6, h / 2, width));
      back(launches, stage(4 * i), slopes[0], time(direction, i, 0), weight / 6);
      launches.add(new WeightedSum(
          adjoints[i % 2], adjoint, slopes[0], slopes[1], slopes[2], slopes[3], 1, 1, 1, 1, 1, width));
    }
    launches.addAll(tables.gradient(sums));
    return launches;
  }

  /** {@link #given} at a stage, the adjoint of the velocity there, to the adjoint of the stage's field. */
  private void back(List<Launch> launches, float[] x, float[] result, int time, float delta) {
    int sites = shape.lattice().sites();
    launches.add(new FeatureMap(x, features, logJacobian, tables.frequencies, tables.mixing, tables.diagonal, time, 0,
        scratch, identity, sites, shape.features(), shape.frequencies()));
    byBlock(launches, featureTransform.forward(features, featureModes));
    launches.addAll(transform.forward(given, modes));
    launches.add(new KernelAdjoint(featureModes, modes, tables.kernel, sums.kernel, time, shape.times(),
        orbits.modes(), orbits.start(), scratch, sites, shape.features(), shape.frequencies()));
    byBlock(launches, featureTransform.inverse(featureModes, features));
    launches.add(new FeatureMapGradient(x, features, result, tables.frequencies, tables.mixingTransposed,
        tables.diagonal, time, shape.times(), delta, sums.mixing, sums.frequencies, sums.diagonal, scratch, identity,
        sites, shape.features(), shape.frequencies()));
  }

  /**
   * Sets {@link #adjointAtEnd} to {@code factor} ∂S/∂φ, and {@code rows} to the action of each row
   * of sites, [block][y][lane].
   */
  List<Launch> action(Phi4Action action, double factor, double[] rows) {
    Lattice lattice = shape.lattice();
    int lanes = VectorFieldKernels.LANES;
    float[] rest = new float[layout.size()];
    List<Launch> launches = new ArrayList<>();
    launches.add(new Hamiltonian(end(), rest, new double[layout.blocks() * lattice.ly() * lanes], rows,
        (float) action.hopping(), (float) action.quadratic(), (float) action.quartic(), lattice.lx(), lattice.ly(),
        lanes));
    if (factor != 0) {
      launches.add(new ClearGradient(adjointAtEnd(), blocks));
      launches.add(new Kick(end(), adjointAtEnd(), new float[] {(float) -factor, 0}, 0, (float) action.hopping(),
          (float) action.quadratic(), (float) action.quartic(), lattice.lx(), lattice.ly(), lanes));
    }
    return launches;
  }

  /**
   * The gradient of the prior's parameters, from {@link #adjointAtStart}, for a loss that is the mean over the fields
   * of something plus ln q₀.
   */
  List<Launch> priorGradient() {
    List<Launch> launches = new ArrayList<>(transform.forward(adjointAtStart(), modes));
    launches.add(priorGradient(modes, 1, 1));
    return launches;
  }

  private Launch priorGradient(float[] x, int sign, int count) {
    return new FlowPriorGradient(x, noisePart, parameters.gradient(), orbits.modes(), orbits.start(), parameters.prior,
        sign, count, shape.lattice().sites());
  }

  /** After fields were carried back to the Gaussian: their white noise into {@link #noise}. */
  List<Launch> whiten() {
    List<Launch> launches = new ArrayList<>(transform.forward(end(), modes));
    launches.add(new ModeQuotient(noise, modes, tables.deviation, 1, VectorFieldKernels.LANES, blocks));
    return launches;
  }

  /** After {@link #whiten}: {@code factor} ∂(−ln q₀)/∂φ into {@link #adjointAtEnd}. */
  List<Launch> priorForce(double factor) {
    List<Launch> launches = new ArrayList<>();
    launches.add(
        new ModeQuotient(noisePart, noise, tables.deviation, (float) factor, VectorFieldKernels.LANES, blocks));
    launches.addAll(transform.inverse(noisePart, adjointAtEnd()));
    return launches;
  }

  /** The gradient of the prior's parameters for the mean over the fields of −ln q₀. */
  List<Launch> whiteningGradient() {
    return List.of(new CopyValues(noise, noisePart, blocks), priorGradient(noise, -1, layout.replicas()));
  }
}
