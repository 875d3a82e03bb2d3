package org.rgflow.launch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.kernels.VectorFieldVector;

/** Launches of every kind on random buffers in all sorts of shapes, for what must hold on every device. */
public final class LaunchSamples {
  /**
   * A launch to try.
   *
   * @param depth number of terms of the float sums in it, 1 if there is none
   * @param launch makes the same launch with fresh buffers at every call
   */
  public record Sample(String name, int depth, Supplier<Launch> launch) {
    /**
     * Relative to 1 + |expected|: twenty roundings of numbers of order one, and as many for the terms of a sum,
     * which add up as in a random walk. Compilers contract a·b + c, and devices add in other orders.
     */
    public double tolerance() {
      return 20 * Math.sqrt(depth) * 0x1p-24;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Launches of several kinds in the same shape. */
  public record Family(String shape, List<Sample> samples) {
    @Override
    public String toString() {
      return shape;
    }
  }

  private LaunchSamples() {}

  /** Every kind of launch in a tiny shape and in one that random numbers make. */
  public static Stream<Family> few() {
    Random random = new Random(17);
    int lanes = 2 + random.nextInt(14);
    return Stream.of(
        lattice(2, 2, 1, 1),
        lattice(2 + random.nextInt(90), 2 + random.nextInt(90), lanes, 1 + random.nextInt(3)),
        layers(1, 1, 1, 1, 1),
        layers(1 + random.nextInt(4), 1 + random.nextInt(9), 1 + random.nextInt(80), 1 + random.nextInt(140),
            1 + random.nextInt(3)),
        scores(1, 1),
        scores(1 + random.nextInt(3), 2 + random.nextInt(60)),
        learned(1, 1, 1, 1, 1),
        learned(1 + random.nextInt(3), 2 + random.nextInt(60), 1 + random.nextInt(40), 1 + random.nextInt(30),
            1 + random.nextInt(6)));
  }

  /** The few, and odd and large shapes, in which groups of work items have more than one thing to share. */
  public static Stream<Family> all() {
    return Stream.concat(few(),
        Stream.of(lattice(5, 7, 16, 2), lattice(9, 6, 8, 3), lattice(31, 130, 1, 1), layers(2, 3, 3, 5, 3), layers(2, 17, 20, 70, 9),
            learned(2, 25, 16, 24, 5), learned(1, 13, 17, 5, 2)));
  }

  private static Sample sample(String name, Supplier<Launch> launch) {
    return new Sample(name, 1, launch);
  }

  private static Sample sample(String name, int depth, Supplier<Launch> launch) {
    return new Sample(name, depth, launch);
  }

  /** The launches on a lattice. */
  public static Family lattice(int lx, int ly, int lanes, int blocks) {
    int sites = lx * ly;
    int size = sites * lanes * blocks;
    int replicas = lanes * blocks;
    String shape = lx + "x" + ly + ", " + lanes + " lanes, " + blocks + " blocks";
    Supplier<float[]> phi = () -> Buffers.normal(1, size);
    Supplier<float[]> p = () -> Buffers.normal(2, size);
    Supplier<int[]> stream = () -> new int[] {0x1234567, -77, 41, 3};
    float[] stages = {0.1f, 0.2f, 0.15f, 0.25f};
    return new Family(shape, List.of(
        sample("normals, " + shape, () -> new Normals(new float[size], 1, stream.get(), 5)),
        sample("kick, " + shape, () -> new Kick(phi.get(), p.get(), stages, 1, 1f, 1.7f, 0.4f, lx, ly, lanes)),
        sample("kick and drift, " + shape,
            () -> new KickDrift(phi.get(), p.get(), new float[size], stages, 1, 1f, 1.7f, 0.4f, lx, ly, lanes)),
        sample("add scaled, " + shape,
            () -> new AddScaled(phi.get(), p.get(), new float[size], stages, 2, lx * lanes, blocks)),
        sample("hamiltonian, " + shape,
            () -> new Hamiltonian(phi.get(), p.get(), new double[ly * blocks * 16], new double[ly * replicas], 1f,
                1.7f, 0.4f, lx, ly, lanes)),
        sample("decide, " + shape,
            () -> new Decide(Buffers.normalDouble(3, ly * replicas), Buffers.normalDouble(4, ly * replicas),
                new int[replicas], new double[4 * replicas], stream.get(), 9, ly, lanes)),
        sample("decide on nonsense, " + shape,
            () -> new Decide(Buffers.normalDouble(3, ly * replicas), nonsense(ly * replicas), new int[replicas],
                new double[4 * replicas], stream.get(), 9, ly, lanes)),
        sample("select, " + shape, () -> new Select(phi.get(), p.get(), bits(5, replicas), lx, ly, lanes)),
        sample("row sums, " + shape, () -> new RowSums(phi.get(), new double[4 * ly * replicas], lx, ly, lanes)),
        sample("local energy, " + shape,
            () -> new AddLocalEnergy(Buffers.normalDouble(4, ly * replicas),
                Buffers.normalDouble(5, 4 * ly * replicas), new double[] {-0.7, 1.3}, blocks)),
        sample("column sums, " + shape, () -> new ColumnSums(phi.get(), new double[lx * replicas], lx, ly, lanes)),
        sample("Metropolis hits, " + shape,
            () -> new MetropolisHits(phi.get(), new int[size], everyOther(lx, ly, lanes), lanes, sites * lanes, 1f,
                1.7f, 0.4f, new float[] {1.3f}, 5, stream.get(), 0x40)),
        sample("overrelaxation, " + shape,
            () -> new Overrelaxation(phi.get(), everyOther(lx, ly, lanes), lanes, sites * lanes, 1f, 1.7f, 0.4f,
                new float[] {0.2f}, stream.get(), 0x50)),
        sample("axis transform, " + shape, ly,
            () -> new AxisTransform(phi.get(), new float[size], Buffers.normal(6, ly * ly), ly, lx * lanes, blocks)),
        sample("axis transform of rows, " + shape, lx,
            () -> new AxisTransform(phi.get(), new float[size], Buffers.normal(6, lx * lx), lx, lanes, blocks)),
        sample("mode update, " + shape,
            () -> new ModeUpdate(phi.get(), Buffers.normal(7, sites), Buffers.normal(8, sites), p.get(), lanes)),
        sample("Ornstein-Uhlenbeck, " + shape,
            () -> new OrnsteinUhlenbeck(phi.get(), Buffers.normal(7, sites), Buffers.normal(8, sites), lanes,
                stream.get(), 11)),
        sample("mode scale, " + shape, () -> new ModeScale(phi.get(), Buffers.normal(7, sites), sites, lanes)),
        sample("flow drift, " + shape,
            () -> new FlowDrift(phi.get(), p.get(), Buffers.normal(9, size), new float[size],
                Buffers.normal(7, sites), Buffers.normal(8, sites), sites, lanes)),
        sample("flow correction, " + shape,
            () -> new FlowCorrection(phi.get(), p.get(), Buffers.normal(9, size), Buffers.normal(10, size),
                Buffers.normal(7, sites), Buffers.normal(8, sites), Buffers.normal(11, sites), sites, lanes)),
        sample("cubic force, " + shape,
            () -> new CubicForce(phi.get(), new float[size], 0.7f, lx * lanes, blocks)),
        sample("orbit power, " + shape,
            () -> new OrbitPower(phi.get(), new int[] {0, 1, sites / 2, sites}, permutation(sites),
                new double[3 * replicas], sites, lanes)),
        sample("cluster bonds, " + shape,
            () -> new ClusterBonds(phi.get(), new int[size], 0.8f, stream.get(), 0x60, lx, ly, lanes)),
        sample("cluster flips, " + shape,
            () -> new ClusterFlips(phi.get(), bonds(12, size), new int[size], lx, ly, lanes)),
        sample("Wolff clusters, " + shape,
            () -> new WolffClusters(phi.get(), new int[size], new double[replicas], new int[] {3}, 0.8f,
                stream.get(), 0x70, 0x80, lx, ly, lanes)),
        sample("square sums, " + shape,
            () -> new SquareSums(Buffers.normal(18, 9000 + size), new double[(9000 + size + 4095) / 4096])),
        sample("clip gradient, " + shape,
            () -> new ClipGradient(positive(19, size), new double[1], new float[1], rates())),
        sample("clip nonsense, " + shape,
            () -> new ClipGradient(nonsense(size), new double[1], new float[1], rates())),
        sample("Adam, " + shape,
            () -> new AdamStep(phi.get(), p.get(), Buffers.normal(9, size), squared(10, size), rates(),
                new float[] {0.5f})),
        sample("Adam on nonsense, " + shape,
            () -> new AdamStep(phi.get(), p.get(), Buffers.normal(9, size), squared(10, size), rates(),
                new float[] {-1f})),
        sample("moving average, " + shape,
            () -> new MovingAverage(phi.get(), p.get(), rates(), new float[] {1f})),
        sample("accumulate gradient, " + shape, () -> new AccumulateGradient(phi.get(), p.get(), 0.25f)),
        sample("clear gradient, " + shape, () -> new ClearGradient(phi.get(), blocks)),
        sample("count accepted, " + shape,
            () -> new CountAccepted(bonds(13, size), new double[ly * blocks], lx * lanes)),
        sample("count outside, " + shape,
            () -> new CountOutside(outliers(size), new int[ly * blocks], 1f, lx * lanes, blocks)),
        sample("quartic flow, " + shape,
            () -> new QuarticFlow(phi.get(), new float[] {0, 0, 0.9f, 0.3f}, 1, blocks)),
        sample("decide exchange, " + shape,
            () -> new DecideExchange(Buffers.normalDouble(15, 4 * ly * replicas),
                Buffers.normalDouble(16, 4 * ly * replicas), new double[] {0.3, -0.2, 0.1}, new int[replicas],
                new double[replicas], stream.get(), 0x90, ly, lanes)),
        sample("exchange, " + shape, () -> new Exchange(phi.get(), p.get(), bits(17, replicas), sites, lanes)),
        sample("mode affine, " + shape,
            () -> new ModeAffine(new float[size], phi.get(), Buffers.normal(7, sites), Buffers.normal(8, sites),
                lanes, blocks)),
        sample("mode blend, " + shape,
            () -> new ModeBlend(new float[size], phi.get(), p.get(), Buffers.normal(7, sites * blocks),
                Buffers.normal(8, sites * blocks), Buffers.normal(9, sites * blocks), lanes, blocks)),
        sample("combine three, " + shape,
            () -> new CombineThree(new float[size], phi.get(), p.get(), Buffers.normal(9, size),
                Buffers.normal(7, sites), Buffers.normal(8, sites), Buffers.normal(10, sites), lanes, blocks)),
        sample("combine four, " + shape,
            () -> new CombineFour(new float[size], phi.get(), p.get(), Buffers.normal(9, size),
                Buffers.normal(10, size), Buffers.normal(7, sites), Buffers.normal(8, sites),
                Buffers.normal(11, sites), Buffers.normal(12, sites), lanes, blocks)),
        sample("clamp values, " + shape, () -> new ClampValues(phi.get(), -0.5f, 0.7f, blocks)),
        sample("masked values, " + shape,
            () -> new MaskedValues(phi.get(), p.get(), mask(18, size), blocks)),
        sample("choose labels, " + shape,
            () -> new ChooseLabels(new int[] {3, -1, 0, -7}, new int[4], 10)),
        sample("copy values, " + shape, () -> new CopyValues(phi.get(), new float[size], blocks)),
        sample("image normals, " + shape,
            () -> new ImageNormals(new float[size], new int[replicas], stream.get(), 5))));
  }

  /** The launches of networks. Norms have {@code 32 * width} channels in 32 groups. */
  public static Family layers(int samples, int side, int in, int out, int width) {
    int positions = side * side;
    int rows = samples * positions;
    int groups = 32;
    int channels = 32 * width;
    int wide = rows * channels;
    String shape = samples + " samples, " + side + "x" + side + ", " + in + " to " + out + " channels";
    Supplier<int[]> stream = () -> new int[] {0x1234567, -77, 41, 3};
    Supplier<int[]> labels = () -> new Random(18).ints(samples, 0, 3).toArray();
    int[] source = new Random(19).ints(9 * positions, -1, positions).toArray();
    int[] product = {side, out, in, 0, in, 1, side * in, 0, out, 1, in * out, 0, out, side * out};
    int[] transposed = {side, out, in, 0, 1, side, side * in, 0, 1, in, in * out, 0, out, side * out};
    Supplier<float[]> x = () -> Buffers.normal(21, wide);
    Supplier<float[]> d = () -> Buffers.normal(22, wide);
    Supplier<float[]> weights = () -> Buffers.normal(23, 9 * in * out + out + 2 * channels);
    Supplier<float[]> statistics = () -> Buffers.normal(24, 2 * samples * groups);
    return new Family(shape, List.of(
        sample("convolve, " + shape, 9 * in, () -> new Convolve(Buffers.normal(25, rows * in), weights.get(),
            new float[rows * out], source, 0f, positions, positions, in, out, 0, 9 * in * out, 0)),
        sample("convolve, weights transposed, " + shape, 9 * in, () -> new Convolve(Buffers.normal(25, rows * in),
            weights.get(), Buffers.normal(26, rows * out), source, 0.5f, positions, positions, in, out, 0, -1, 1)),
        sample("weight gradient, " + shape, rows, () -> new WeightGradient(Buffers.normal(25, rows * in),
            Buffers.normal(26, rows * out), weights.get(), source, 0.5f, samples, positions, positions, in, out, 3)),
        sample("matrix product, " + shape, in, () -> new MatrixProduct(Buffers.normal(27, samples * side * in),
            Buffers.normal(28, samples * in * out), Buffers.normal(29, samples * side * out), 0.7f, 0.5f, product,
            samples)),
        sample("matrix product of transposed factors, " + shape, in,
            () -> new MatrixProduct(Buffers.normal(27, samples * side * in), Buffers.normal(28, samples * in * out),
                Buffers.normal(29, samples * side * out), 0.7f, 0f, transposed, samples)),
        sample("group statistics, " + shape,
            () -> new GroupStatistics(x.get(), new float[2 * samples * groups], positions, channels, groups)),
        sample("group norm, " + shape, () -> new GroupNorm(x.get(), statistics.get(), weights.get(), new float[wide],
            positions, channels, groups, 0, 1)),
        sample("group norm sums, " + shape, positions, () -> new GroupNormSums(x.get(), statistics.get(),
            weights.get(), d.get(), new float[2 * samples * channels], positions, channels, groups, 0, 1)),
        sample("group norm gradient, " + shape, () -> new GroupNormGradient(x.get(), statistics.get(), weights.get(),
            d.get(), Buffers.normal(30, 2 * samples * channels), Buffers.normal(31, wide), 0.5f, positions,
            channels, groups, 0, 1)),
        sample("softmax, " + shape, () -> new Softmax(x.get(), channels)),
        sample("softmax gradient, " + shape, () -> new SoftmaxGradient(x.get(), d.get(), channels)),
        sample("SiLU, " + shape, () -> new Silu(x.get(), new float[wide])),
        sample("SiLU gradient, " + shape, () -> new SiluGradient(x.get(), d.get(), Buffers.normal(31, wide), 0.5f)),
        sample("time embedding, " + shape, () -> new TimeEmbedding(Buffers.normal(32, samples),
            new float[samples * channels], channels)),
        sample("add embedding, " + shape, () -> new AddEmbedding(labels.get(), weights.get(),
            Buffers.normal(33, samples * 2 * in), 2 * in, 1)),
        sample("embedding gradient, " + shape, () -> new EmbeddingGradient(labels.get(),
            Buffers.normal(33, samples * 2 * in), weights.get(), 0.5f, 2 * in, 1, 3)),
        sample("add to positions, " + shape, () -> new AddToPositions(x.get(),
            Buffers.normal(34, samples * channels), positions, channels)),
        sample("position sums, " + shape,
            () -> new PositionSums(x.get(), new float[samples * channels], positions, channels)),
        sample("bias gradient, " + shape, () -> new BiasGradient(x.get(), weights.get(), 0.5f, rows, channels, 2)),
        sample("concatenate, " + shape, () -> new Concatenate(Buffers.normal(35, rows * in),
            Buffers.normal(36, rows * out), new float[rows * (in + out)], in, out)),
        sample("take channels, " + shape, () -> new TakeChannels(Buffers.normal(35, rows * (in + out)),
            Buffers.normal(36, rows * out), 0.5f, in + out, in, out)),
        sample("dropout, " + shape, () -> new Dropout(x.get(), 1 << 21, stream.get(), 0x9001)),
        sample("upsample, " + shape, () -> new Upsample(x.get(), new float[4 * wide], side, channels)),
        sample("upsample gradient, " + shape, () -> new UpsampleGradient(Buffers.normal(37, 4 * wide), x.get(), 0.5f,
            side, channels)),
        sample("transpose, " + shape, () -> new Transpose(x.get(), new float[wide], positions, channels))));
  }

  /** The launches of learned flows, with D = {@code channels} and two more functions of time. */
  public static Family learned(int blocks, int sites, int features, int n, int channels) {
    int lanes = VectorFieldKernels.LANES;
    int size = blocks * sites * lanes;
    int orbits = 1 + sites / 3;
    int times = 3;
    int timeFeatures = channels + 2;
    int prior = n + features * (n + 1) + channels * timeFeatures + orbits * channels * features;
    int rows = n + 1;
    int[] orbitOf = IntStream.range(0, sites).map(mode -> mode * 5 % sites % orbits).toArray();
    int[] orbitModes = IntStream.range(0, sites).boxed().sorted((a, b) -> orbitOf[a] - orbitOf[b])
        .mapToInt(Integer::intValue).toArray();
    int[] orbitStart = new int[orbits + 1];
    for (int mode = 0; mode < sites; mode++) {
      for (int orbit = orbitOf[mode]; orbit < orbits; orbit++) {
        orbitStart[orbit + 1]++;
      }
    }
    int[] identity = IntStream.range(0, Math.max(features, rows)).toArray();
    int scratch = blocks * VectorFieldVector.scratch(features, n);
    String shape = blocks + " blocks of " + sites + " sites, " + features + " features of " + n + " sines";
    Supplier<float[]> phi = () -> Buffers.normal(41, size);
    Supplier<float[]> h = () -> Buffers.normal(42, size * features);
    Supplier<float[]> frequencies = () -> Buffers.normal(43, n);
    Supplier<float[]> mixing = () -> Buffers.normal(44, features * rows);
    Supplier<float[]> diagonal = () -> Buffers.normal(45, times * rows);
    Supplier<float[]> kernel = () -> Buffers.normal(46, times * orbits * features);
    Supplier<float[]> parameters = () -> Buffers.normal(47, prior + orbits);
    Supplier<double[]> timeFunctions = () -> Buffers.normalDouble(48, times * timeFeatures);
    Supplier<double[]> gain = () -> Buffers.normalDouble(49, orbits);
    Supplier<double[]> eigenvalues = () -> Buffers.normalDouble(50, orbits * orbits);
    Supplier<float[]> timeKernel = () -> Buffers.normal(51, times * channels);
    Supplier<float[]> diagonalSums = () -> Buffers.normal(52, blocks * times * rows * lanes);
    return new Family(shape, List.of(
        sample("clear sums, " + shape, () -> new ClearSums(Buffers.normalDouble(40, 5000), 5)),
        sample("mode quotient, " + shape, () -> new ModeQuotient(new float[size], phi.get(),
            positiveFloats(53, sites), 0.3f, lanes, blocks)),
        sample("weighted pair, " + shape,
            () -> new WeightedPair(new float[size], phi.get(), Buffers.normal(54, size), 0.7f, -1.3f, size / blocks)),
        sample("weighted sum, " + shape,
            () -> new WeightedSum(new float[size], phi.get(), Buffers.normal(54, size), Buffers.normal(55, size),
                Buffers.normal(56, size), Buffers.normal(57, size), 1f, 0.1f, 0.2f, -0.3f, 0.4f, size / blocks)),
        sample("feature map and divergence, " + shape, n * sites,
            () -> new FeatureMap(phi.get(), h.get(), Buffers.normalDouble(58, blocks * lanes), frequencies.get(),
                mixing.get(), diagonal.get(), 1, 0.3f, new float[scratch], identity, sites, features, n)),
        sample("feature map, " + shape, n,
            () -> new FeatureMap(phi.get(), h.get(), Buffers.normalDouble(58, blocks * lanes), frequencies.get(),
                mixing.get(), diagonal.get(), 1, 0, new float[scratch], identity, sites, features, n)),
        sample("feature map gradient, " + shape, features * n * sites,
            () -> new FeatureMapGradient(phi.get(), h.get(), new float[size], frequencies.get(), mixing.get(),
                diagonal.get(), 2, times, -0.7f, Buffers.normal(59, blocks * features * rows * lanes),
                Buffers.normal(60, blocks * n * lanes), diagonalSums.get(), new float[scratch], identity, sites,
                features, n)),
        sample("kernel combination, " + shape, features,
            () -> new KernelCombination(h.get(), new float[size], kernel.get(), 1, orbitOf, orbits, sites, features)),
        sample("kernel adjoint, " + shape, sites * lanes,
            () -> new KernelAdjoint(h.get(), phi.get(), kernel.get(),
                Buffers.normalDouble(61, blocks * times * orbits * features), 1, times, orbitModes, orbitStart,
                new float[scratch], sites, features, n)),
        sample("flow constants, " + shape,
            () -> new FlowConstants(parameters.get(), new float[n], new float[features * rows],
                new float[features * rows], new float[sites], orbitOf, prior, features, n)),
        sample("flow tables, " + shape, channels * orbits * features,
            () -> new FlowTimeTables(parameters.get(), timeFunctions.get(), gain.get(), eigenvalues.get(), mixing.get(),
                timeKernel.get(), kernel.get(), kernel.get(), diagonal.get(), features, n, channels, timeFeatures,
                orbits)),
        sample("gradients of flow tables, " + shape,
            () -> new FlowTimeGradients(parameters.get(), diagonalSums.get(),
                Buffers.normalDouble(61, blocks * times * orbits * features), mixing.get(), eigenvalues.get(),
                gain.get(), new double[times * rows], new double[times * orbits * features],
                new double[times * orbits * features], new double[times * channels], features, n, channels,
                timeFeatures, orbits)),
        sample("gradients of flow parameters, " + shape,
            () -> new FlowParameterGradients(parameters.get(), Buffers.normal(60, blocks * n * lanes),
                Buffers.normal(59, blocks * features * rows * lanes), timeFunctions.get(), timeKernel.get(),
                kernel.get(), Buffers.normalDouble(62, times * rows),
                Buffers.normalDouble(63, times * orbits * features), Buffers.normalDouble(64, times * channels),
                features, n, channels, timeFeatures, orbits)),
        sample("gradient of a flow's Gaussian, " + shape,
            () -> new FlowPriorGradient(phi.get(), Buffers.normal(54, size), parameters.get(), orbitModes, orbitStart,
                prior, -1, 3, sites))));
  }

  /** The launches of score models. */
  public static Family scores(int blocks, int sites) {
    int lanes = ScoreKernels.LANES;
    int replicas = blocks * lanes;
    int size = replicas * sites;
    int examples = 5;
    String shape = blocks + " blocks of " + sites + " modes";
    Supplier<float[]> x = () -> Buffers.normal(71, size);
    Supplier<float[]> y = () -> Buffers.normal(72, size);
    Supplier<double[]> rate = () -> Buffers.normalDouble(73, sites);
    Supplier<double[]> density = () -> Buffers.normalDouble(74, replicas);
    Supplier<double[]> divergences = () -> Buffers.normalDouble(75, ScoreKernels.STAGES * replicas);
    Supplier<float[]> slopes = () -> Buffers.normal(76, ScoreKernels.STAGES * size);
    Supplier<int[]> stream = () -> new int[] {0x1234567, -77, 41, 3};
    double[] lengths = {0, 0.05, 0.05, 0.1, 0.1};
    int[] chosen = new Random(77).ints(2L * replicas, 0, examples).toArray();
    double[] places = IntStream.range(0, replicas).mapToDouble(i -> (i + 0.3) / replicas).toArray();
    int[] sources = IntStream.range(0, 8 * sites).map(i -> (i % 3 == 0 ? -1 : 1) * (1 + i * 7 % sites)).toArray();
    List<Sample> samples = new ArrayList<>(List.of(
        sample("spread modes, " + shape,
            () -> new SpreadModes(new float[size], Buffers.normal(78, sites), lanes, blocks)),
        sample("mode product, " + shape,
            () -> new ModeProduct(new float[size], x.get(), y.get(), Buffers.normal(78, sites), lanes, blocks)),
        sample("to samples, " + shape, () -> new ToSamples(x.get(), new float[2 * size], sites, 2, 1)),
        sample("from samples, " + shape, () -> new FromSamples(x.get(), new float[size], sites)),
        sample("mirror, " + shape, () -> new Mirror(x.get(), new float[2 * size], 0.5f, -0.5f)),
        sample("fold, " + shape, () -> new Fold(Buffers.normal(79, 2 * size), new float[size], -1f)),
        sample("product, " + shape, () -> new Product(new float[size], x.get(), y.get())),
        sample("scaled modes, " + shape, () -> new ScaledModes(new float[size], x.get(), rate.get())),
        sample("reverse step, " + shape,
            () -> new ReverseStep(x.get(), y.get(), Buffers.normal(80, size), density.get(),
                Buffers.normalDouble(81, 4 * sites))),
        sample("ln of a normal density, " + shape, () -> new LogNormal(x.get(), density.get(), sites)),
        sample("slope of a stage, " + shape,
            () -> new RungeKuttaSlope(x.get(), rate.get(), slopes.get(), new int[] {2})),
        sample("direction of a mode, " + shape, () -> new SelectMode(x.get(), new int[] {sites / 2}, sites)),
        sample("random signs, " + shape, () -> new RandomSigns(x.get(), stream.get(), 6)),
        sample("projection, " + shape,
            () -> new AddProjection(x.get(), y.get(), rate.get(), divergences.get(), new int[] {3})),
        sample("places on the path, " + shape,
            () -> new DrawPlaces(new int[2 * replicas], new double[replicas], new float[replicas], stream.get(), 7,
                1000, 10f)),
        sample("examples on the path, " + shape,
            () -> new DrawExamples(x.get(), new float[size], new float[size], new float[size], new float[size],
                new float[size], new float[size], chosen, places, Buffers.normal(82, examples * sites),
                Buffers.normal(83, examples * sites), sources, path(sites), sites)),
        sample("loss of a score, " + shape,
            () -> new ScoreLoss(x.get(), y.get(), Buffers.normal(84, size), new float[size], new double[replicas],
                0.3f, sites))));
    for (int stage = 0; stage <= ScoreKernels.END; stage++) {
      int[] at = {stage};
      samples.add(sample("place of stage " + stage + ", " + shape,
          () -> new RungeKuttaPlace(x.get(), y.get(), slopes.get(), lengths, at)));
      samples.add(sample("density at stage " + stage + ", " + shape,
          () -> new RungeKuttaDensity(density.get(), divergences.get(), lengths, at)));
    }
    return new Family(shape, List.copyOf(samples));
  }

  /** G, ε, C₀ and η of modes of ever higher energy, and the two numbers of the path. */
  private static double[] path(int sites) {
    double[] path = new double[ScoreKernels.PATH_ROWS * sites + 2];
    for (int k = 0; k < sites; k++) {
      double energy = 0.3 + 8.0 * k / sites;
      path[k] = 1.2 / (energy + 0.2);
      path[sites + k] = energy;
      path[2 * sites + k] = 1 / energy;
      path[3 * sites + k] = 0.1 + 0.01 * k;
    }
    path[ScoreKernels.PATH_ROWS * sites] = 0.06;
    path[ScoreKernels.PATH_ROWS * sites + 1] = 5.5;
    return path;
  }

  private static float[] positiveFloats(long seed, int length) {
    float[] x = squared(seed, length);
    for (int i = 0; i < length; i++) {
      x[i] += 0.5f;
    }
    return x;
  }

  private static float[] rates() {
    return new float[] {1e-2f, 0.9f, 0.1f, 0.999f, 1e-3f, 2.5f, 13f, 1e-8f, 0.999f, 0.01f, 1f};
  }

  private static float[] squared(long seed, int length) {
    float[] x = Buffers.normal(seed, length);
    for (int i = 0; i < length; i++) {
      x[i] *= x[i];
    }
    return x;
  }

  private static double[] positive(long seed, int length) {
    return new Random(seed).doubles(length).toArray();
  }

  private static int[] bits(long seed, int length) {
    return new Random(seed).ints(length, 0, 2).toArray();
  }

  private static float[] mask(long seed, int length) {
    int[] bits = bits(seed, length);
    float[] mask = new float[length];
    for (int i = 0; i < length; i++) {
      mask[i] = bits[i];
    }
    return mask;
  }

  private static int[] permutation(int length) {
    List<Integer> members = new ArrayList<>(IntStream.range(0, length).boxed().toList());
    Collections.shuffle(members, new Random(20));
    return members.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] bonds(long seed, int length) {
    return new Random(seed).ints(length, 0, 8).toArray();
  }

  private static float[] outliers(int length) {
    float[] x = Buffers.normal(14, length);
    x[0] = Float.NaN;
    x[length / 2] = Float.NEGATIVE_INFINITY;
    return x;
  }

  private static double[] nonsense(int length) {
    double[] x = Buffers.normalDouble(4, length);
    x[0] = Double.NaN;
    x[length - 1] = Double.POSITIVE_INFINITY;
    return x;
  }

  /** Sites no two of which are neighbours, whatever the parity of the extents. */
  private static int[] everyOther(int lx, int ly, int lanes) {
    int rows = (lx / 2) * (ly / 2);
    int[] table = new int[5 * rows];
    for (int k = 0; k < rows; k++) {
      int x = 2 * (k % (lx / 2));
      int y = 2 * (k / (lx / 2));
      int[] at = {y * lx + x, y * lx + (x + 1) % lx, y * lx + (x + lx - 1) % lx, (y + 1) % ly * lx + x,
          (y + ly - 1) % ly * lx + x};
      for (int j = 0; j < 5; j++) {
        table[j * rows + k] = at[j] * lanes;
      }
    }
    return table;
  }
}
