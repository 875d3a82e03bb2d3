package org.rgflow.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.AccumulateGradient;
import org.rgflow.launch.AdamStep;
import org.rgflow.launch.AddEmbedding;
import org.rgflow.launch.AddLocalEnergy;
import org.rgflow.launch.AddScaled;
import org.rgflow.launch.AddToPositions;
import org.rgflow.launch.AxisTransform;
import org.rgflow.launch.BiasGradient;
import org.rgflow.launch.ChooseLabels;
import org.rgflow.launch.ClampValues;
import org.rgflow.launch.ClearGradient;
import org.rgflow.launch.ClipGradient;
import org.rgflow.launch.ClusterBonds;
import org.rgflow.launch.ClusterFlips;
import org.rgflow.launch.ColumnSums;
import org.rgflow.launch.CombineFour;
import org.rgflow.launch.CombineThree;
import org.rgflow.launch.Concatenate;
import org.rgflow.launch.Convolve;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.CountAccepted;
import org.rgflow.launch.CountOutside;
import org.rgflow.launch.CubicForce;
import org.rgflow.launch.Decide;
import org.rgflow.launch.DecideExchange;
import org.rgflow.launch.Dropout;
import org.rgflow.launch.EmbeddingGradient;
import org.rgflow.launch.Exchange;
import org.rgflow.launch.FlowCorrection;
import org.rgflow.launch.FlowDrift;
import org.rgflow.launch.GroupNorm;
import org.rgflow.launch.GroupNormGradient;
import org.rgflow.launch.GroupNormSums;
import org.rgflow.launch.GroupStatistics;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.ImageNormals;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.MaskedValues;
import org.rgflow.launch.MatrixProduct;
import org.rgflow.launch.MetropolisHits;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.ModeBlend;
import org.rgflow.launch.ModeScale;
import org.rgflow.launch.ModeUpdate;
import org.rgflow.launch.MovingAverage;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrbitPower;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.launch.Overrelaxation;
import org.rgflow.launch.PositionSums;
import org.rgflow.launch.QuarticFlow;
import org.rgflow.launch.RowSums;
import org.rgflow.launch.Select;
import org.rgflow.launch.Silu;
import org.rgflow.launch.SiluGradient;
import org.rgflow.launch.Softmax;
import org.rgflow.launch.SoftmaxGradient;
import org.rgflow.launch.SquareSums;
import org.rgflow.launch.TakeChannels;
import org.rgflow.launch.TimeEmbedding;
import org.rgflow.launch.Transpose;
import org.rgflow.launch.Upsample;
import org.rgflow.launch.UpsampleGradient;
import org.rgflow.launch.WeightGradient;
import org.rgflow.launch.WolffClusters;

/**
 * Every launch on the JVM and on TornadoVM's default device, from the same buffers. An OpenCL compiler
 * may contract a·b + c, so floats differ in their last bits; integers, decisions included, must not.
 */
class LaunchAgreementTest {
  /** Twenty roundings of numbers of order one. */
  private static final double TOLERANCE = 20 * 0x1p-24;

  private static Device tornado;
  private static Device jvm;

  @BeforeAll
  static void openDevices() {
    tornado = Devices.open("tornado");
    jvm = new JvmDevice(1);
  }

  @AfterAll
  static void closeDevices() {
    tornado.close();
    jvm.close();
  }

  /** Each supplier makes the same launch with fresh buffers at every call. */
  static Stream<Arguments> launches() {
    return Stream.of(shapes(4, 4, 1, 1), shapes(6, 5, 3, 1), shapes(5, 7, 16, 2), layers(2, 3, 3, 5),
        layers(3, 4, 2, 33)).flatMap(s -> s);
  }

  private static Arguments launch(String name, Supplier<Launch> launch) {
    return arguments(named(name, launch));
  }

  private static Stream<Arguments> shapes(int lx, int ly, int lanes, int blocks) {
    int sites = lx * ly;
    int size = sites * lanes * blocks;
    int replicas = lanes * blocks;
    String shape = " " + lx + "x" + ly + ", " + lanes + " lanes, " + blocks + " blocks";
    Supplier<float[]> phi = () -> DevicePair.normal(1, size);
    Supplier<float[]> p = () -> DevicePair.normal(2, size);
    Supplier<int[]> stream = () -> new int[] {0x1234567, -77, 41, 3};
    float[] stages = {0.1f, 0.2f, 0.15f, 0.25f};
    return Stream.of(
        launch("normals" + shape, () -> new Normals(new float[size], 1, stream.get(), 5)),
        launch("kick" + shape, () -> new Kick(phi.get(), p.get(), stages, 1, 1f, 1.7f, 0.4f, lx, ly, lanes)),
        launch("kick and drift" + shape,
            () -> new KickDrift(phi.get(), p.get(), new float[size], stages, 1, 1f, 1.7f, 0.4f, lx, ly, lanes)),
        launch("add scaled" + shape,
            () -> new AddScaled(phi.get(), p.get(), new float[size], stages, 2, lx * lanes, blocks)),
        launch("hamiltonian" + shape,
            () -> new Hamiltonian(phi.get(), p.get(), new double[ly * blocks * 16], new double[ly * replicas], 1f,
                1.7f, 0.4f, lx, ly, lanes)),
        launch("decide" + shape,
            () -> new Decide(DevicePair.normalDouble(3, ly * replicas), DevicePair.normalDouble(4, ly * replicas),
                new int[replicas], new double[4 * replicas], stream.get(), 9, ly, lanes)),
        launch("decide on nonsense" + shape,
            () -> new Decide(DevicePair.normalDouble(3, ly * replicas), nonsense(ly * replicas), new int[replicas],
                new double[4 * replicas], stream.get(), 9, ly, lanes)),
        launch("select" + shape, () -> new Select(phi.get(), p.get(), bits(5, replicas), lx, ly, lanes)),
        launch("row sums" + shape, () -> new RowSums(phi.get(), new double[4 * ly * replicas], lx, ly, lanes)),
        launch("local energy" + shape,
            () -> new AddLocalEnergy(DevicePair.normalDouble(4, ly * replicas), DevicePair.normalDouble(5, 4 * ly * replicas),
                new double[] {-0.7, 1.3}, blocks)),
        launch("column sums" + shape, () -> new ColumnSums(phi.get(), new double[lx * replicas], lx, ly, lanes)),
        launch("Metropolis hits" + shape,
            () -> new MetropolisHits(phi.get(), new int[size], everyOther(lx, ly, lanes), lanes, sites * lanes, 1f,
                1.7f, 0.4f, new float[] {1.3f}, 5, stream.get(), 0x40)),
        launch("overrelaxation" + shape,
            () -> new Overrelaxation(phi.get(), everyOther(lx, ly, lanes), lanes, sites * lanes, 1f, 1.7f, 0.4f,
                new float[] {0.2f}, stream.get(), 0x50)),
        launch("axis transform" + shape,
            () -> new AxisTransform(phi.get(), new float[size], DevicePair.normal(6, ly * ly), ly, lx * lanes, blocks)),
        launch("mode update" + shape,
            () -> new ModeUpdate(phi.get(), DevicePair.normal(7, sites), DevicePair.normal(8, sites), p.get(), lanes)),
        launch("Ornstein-Uhlenbeck" + shape,
            () -> new OrnsteinUhlenbeck(phi.get(), DevicePair.normal(7, sites), DevicePair.normal(8, sites), lanes,
                stream.get(), 11)),
        launch("mode scale" + shape, () -> new ModeScale(phi.get(), DevicePair.normal(7, sites), sites, lanes)),
        launch("flow drift" + shape,
            () -> new FlowDrift(phi.get(), p.get(), DevicePair.normal(9, size), new float[size],
                DevicePair.normal(7, sites), DevicePair.normal(8, sites), sites, lanes)),
        launch("flow correction" + shape,
            () -> new FlowCorrection(phi.get(), p.get(), DevicePair.normal(9, size), DevicePair.normal(10, size),
                DevicePair.normal(7, sites), DevicePair.normal(8, sites), DevicePair.normal(11, sites), sites, lanes)),
        launch("cubic force" + shape,
            () -> new CubicForce(phi.get(), new float[size], 0.7f, lx * lanes, blocks)),
        launch("orbit power" + shape,
            () -> new OrbitPower(phi.get(), new int[] {0, 1, 4, sites}, permutation(sites), new double[3 * replicas],
                sites, lanes)),
        launch("cluster bonds" + shape,
            () -> new ClusterBonds(phi.get(), new int[size], 0.8f, stream.get(), 0x60, lx, ly, lanes)),
        launch("cluster flips" + shape,
            () -> new ClusterFlips(phi.get(), bonds(12, size), new int[size], lx, ly, lanes)),
        launch("Wolff clusters" + shape,
            () -> new WolffClusters(phi.get(), new int[size], new double[replicas], new int[] {3}, 0.8f,
                stream.get(), 0x70, 0x80, lx, ly, lanes)),
        launch("square sums" + shape, () -> new SquareSums(DevicePair.normal(18, 9000 + size), new double[3])),
        launch("clip gradient" + shape,
            () -> new ClipGradient(positive(19, size), new double[1], new float[1], rates())),
        launch("clip nonsense" + shape,
            () -> new ClipGradient(nonsense(size), new double[1], new float[1], rates())),
        launch("Adam" + shape,
            () -> new AdamStep(phi.get(), p.get(), DevicePair.normal(9, size), squared(10, size), rates(),
                new float[] {0.5f})),
        launch("Adam on nonsense" + shape,
            () -> new AdamStep(phi.get(), p.get(), DevicePair.normal(9, size), squared(10, size), rates(),
                new float[] {-1f})),
        launch("moving average" + shape,
            () -> new MovingAverage(phi.get(), p.get(), rates(), new float[] {1f})),
        launch("accumulate gradient" + shape, () -> new AccumulateGradient(phi.get(), p.get(), 0.25f)),
        launch("clear gradient" + shape, () -> new ClearGradient(phi.get())),
        launch("count accepted" + shape,
            () -> new CountAccepted(bonds(13, size), new double[ly * blocks], lx * lanes)),
        launch("count outside" + shape,
            () -> new CountOutside(outliers(size), new int[ly * blocks], 1f, lx * lanes, blocks)),
        launch("quartic flow" + shape,
            () -> new QuarticFlow(phi.get(), new float[] {0, 0, 0.9f, 0.3f}, 1, blocks)),
        launch("decide exchange" + shape,
            () -> new DecideExchange(DevicePair.normalDouble(15, 4 * ly * replicas),
                DevicePair.normalDouble(16, 4 * ly * replicas), new double[] {0.3, -0.2, 0.1}, new int[replicas],
                new double[replicas], stream.get(), 0x90, ly, lanes)),
        launch("exchange" + shape, () -> new Exchange(phi.get(), p.get(), bits(17, replicas), sites, lanes)),
        launch("mode affine" + shape,
            () -> new ModeAffine(new float[size], phi.get(), DevicePair.normal(7, sites), DevicePair.normal(8, sites),
                lanes, blocks)),
        launch("mode blend" + shape,
            () -> new ModeBlend(new float[size], phi.get(), p.get(), DevicePair.normal(7, sites * blocks),
                DevicePair.normal(8, sites * blocks), DevicePair.normal(9, sites * blocks), lanes, blocks)),
        launch("combine three" + shape,
            () -> new CombineThree(new float[size], phi.get(), p.get(), DevicePair.normal(9, size),
                DevicePair.normal(7, sites), DevicePair.normal(8, sites), DevicePair.normal(10, sites), lanes, blocks)),
        launch("combine four" + shape,
            () -> new CombineFour(new float[size], phi.get(), p.get(), DevicePair.normal(9, size),
                DevicePair.normal(10, size), DevicePair.normal(7, sites), DevicePair.normal(8, sites),
                DevicePair.normal(11, sites), DevicePair.normal(12, sites), lanes, blocks)),
        launch("clamp values" + shape, () -> new ClampValues(phi.get(), -0.5f, 0.7f, blocks)),
        launch("masked values" + shape,
            () -> new MaskedValues(phi.get(), p.get(), mask(18, size), blocks)),
        launch("choose labels" + shape,
            () -> new ChooseLabels(new int[] {3, -1, 0, -7}, new int[4], 10)),
        launch("copy values" + shape, () -> new CopyValues(phi.get(), new float[size], blocks)),
        launch("image normals" + shape,
            () -> new ImageNormals(new float[size], new int[replicas], stream.get(), 5)));
  }

  /** The launches of networks, in shapes of one size and another. */
  private static Stream<Arguments> layers(int samples, int side, int in, int out) {
    int positions = side * side;
    int rows = samples * positions;
    int groups = 32;
    int channels = 32 * in;
    int wide = rows * channels;
    String shape = " " + samples + " samples, " + side + "x" + side + ", " + in + " to " + out + " channels";
    Supplier<int[]> stream = () -> new int[] {0x1234567, -77, 41, 3};
    Supplier<int[]> labels = () -> new Random(18).ints(samples, 0, 3).toArray();
    int[] source = new Random(19).ints(9 * positions, -1, positions).toArray();
    int[] product = {side, out, in, 0, in, 1, side * in, 0, out, 1, in * out, 0, out, side * out};
    Supplier<float[]> x = () -> DevicePair.normal(21, wide);
    Supplier<float[]> d = () -> DevicePair.normal(22, wide);
    Supplier<float[]> weights = () -> DevicePair.normal(23, 9 * in * out + out + 2 * channels);
    Supplier<float[]> statistics = () -> DevicePair.normal(24, 2 * samples * groups);
    return Stream.of(
        launch("convolve" + shape, () -> new Convolve(DevicePair.normal(25, rows * in), weights.get(),
            new float[rows * out], source, 0f, positions, positions, in, out, 0, 9 * in * out, 0)),
        launch("convolve, weights transposed" + shape, () -> new Convolve(DevicePair.normal(25, rows * in),
            weights.get(), DevicePair.normal(26, rows * out), source, 0.5f, positions, positions, in, out, 0, -1, 1)),
        launch("weight gradient" + shape, () -> new WeightGradient(DevicePair.normal(25, rows * in),
            DevicePair.normal(26, rows * out), weights.get(), source, 0.5f, samples, positions, positions, in, out, 3)),
        launch("matrix product" + shape, () -> new MatrixProduct(DevicePair.normal(27, samples * side * in),
            DevicePair.normal(28, samples * in * out), DevicePair.normal(29, samples * side * out), 0.7f, 0.5f, product,
            samples)),
        launch("group statistics" + shape,
            () -> new GroupStatistics(x.get(), new float[2 * samples * groups], positions, channels, groups)),
        launch("group norm" + shape, () -> new GroupNorm(x.get(), statistics.get(), weights.get(), new float[wide],
            positions, channels, groups, 0, 1)),
        launch("group norm sums" + shape, () -> new GroupNormSums(x.get(), statistics.get(), weights.get(), d.get(),
            new float[2 * samples * channels], positions, channels, groups, 0, 1)),
        launch("group norm gradient" + shape, () -> new GroupNormGradient(x.get(), statistics.get(), weights.get(),
            d.get(), DevicePair.normal(30, 2 * samples * channels), DevicePair.normal(31, wide), 0.5f, positions,
            channels, groups, 0, 1)),
        launch("softmax" + shape, () -> new Softmax(x.get(), channels)),
        launch("softmax gradient" + shape, () -> new SoftmaxGradient(x.get(), d.get(), channels)),
        launch("SiLU" + shape, () -> new Silu(x.get(), new float[wide])),
        launch("SiLU gradient" + shape, () -> new SiluGradient(x.get(), d.get(), DevicePair.normal(31, wide), 0.5f)),
        launch("time embedding" + shape, () -> new TimeEmbedding(DevicePair.normal(32, samples),
            new float[samples * channels], channels)),
        launch("add embedding" + shape, () -> new AddEmbedding(labels.get(), weights.get(),
            DevicePair.normal(33, samples * 2 * in), 2 * in, 1)),
        launch("embedding gradient" + shape, () -> new EmbeddingGradient(labels.get(),
            DevicePair.normal(33, samples * 2 * in), weights.get(), 0.5f, 2 * in, 1, 3)),
        launch("add to positions" + shape, () -> new AddToPositions(x.get(),
            DevicePair.normal(34, samples * channels), positions, channels)),
        launch("position sums" + shape,
            () -> new PositionSums(x.get(), new float[samples * channels], positions, channels)),
        launch("bias gradient" + shape, () -> new BiasGradient(x.get(), weights.get(), 0.5f, rows, channels, 2)),
        launch("concatenate" + shape, () -> new Concatenate(DevicePair.normal(35, rows * in),
            DevicePair.normal(36, rows * out), new float[rows * (in + out)], in, out)),
        launch("take channels" + shape, () -> new TakeChannels(DevicePair.normal(35, rows * (in + out)),
            DevicePair.normal(36, rows * out), 0.5f, in + out, in, out)),
        launch("dropout" + shape, () -> new Dropout(x.get(), 1 << 21, stream.get(), 0x9001)),
        launch("upsample" + shape, () -> new Upsample(x.get(), new float[4 * wide], side, channels)),
        launch("upsample gradient" + shape, () -> new UpsampleGradient(DevicePair.normal(37, 4 * wide), x.get(), 0.5f,
            side, channels)),
        launch("transpose" + shape, () -> new Transpose(x.get(), new float[wide], positions, channels)));
  }

  private static float[] rates() {
    return new float[] {1e-2f, 0.9f, 0.1f, 0.999f, 1e-3f, 2.5f, 13f, 1e-8f, 0.999f, 0.01f, 1f};
  }

  private static float[] squared(long seed, int length) {
    float[] x = DevicePair.normal(seed, length);
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
    int[] members = new int[length];
    for (int i = 0; i < length; i++) {
      members[i] = (11 * i + 3) % length; // 11 shares no factor with the lengths here
    }
    return members;
  }

  private static int[] bonds(long seed, int length) {
    return new Random(seed).ints(length, 0, 8).toArray();
  }

  private static float[] outliers(int length) {
    float[] x = DevicePair.normal(14, length);
    x[0] = Float.NaN;
    x[length / 2] = Float.NEGATIVE_INFINITY;
    return x;
  }

  private static double[] nonsense(int length) {
    double[] x = DevicePair.normalDouble(4, length);
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

  @ParameterizedTest
  @MethodSource("launches")
  void agreesWithTheJvm(Supplier<Launch> launch) throws ReflectiveOperationException {
    Launch expected = launch.get();
    Launch actual = launch.get();
    List<Object> expectedArrays = DevicePair.arrays(expected);
    List<Object> actualArrays = DevicePair.arrays(actual);
    run(jvm, expected, expectedArrays);
    run(tornado, actual, actualArrays);
    for (int i = 0; i < expectedArrays.size(); i++) {
      // The scratch of the JVM's vector variant is no result.
      if (!(expected instanceof Hamiltonian h && expectedArrays.get(i) == h.partial())) {
        DevicePair.assertAgree("array " + i, actualArrays.get(i), expectedArrays.get(i), TOLERANCE);
      }
    }
  }

  private static void run(Device device, Launch launch, List<Object> arrays) {
    Program program = new Program("agreement").add(launch).output(arrays.toArray());
    try (Session session = device.open(program)) {
      session.run(program);
      session.run(program);
    }
  }

  @Test
  void everyLaunchHasAKernelAndATest() throws IOException, URISyntaxException {
    Path classes = Path.of(Normals.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> launches;
    try (Stream<Path> files = Files.list(classes.resolve("org/rgflow/launch"))) {
      launches = files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".class") && !f.contains("$"))
          .map(f -> f.substring(0, f.length() - 6))
          .filter(LaunchAgreementTest::isLaunch)
          .collect(Collectors.toCollection(TreeSet::new));
    }
    Set<String> tested = launches().map(arguments -> ((Named<?>) arguments.get()[0]).getPayload())
        .map(supplier -> ((Supplier<?>) supplier).get().getClass().getSimpleName())
        .collect(Collectors.toCollection(TreeSet::new));
    Set<String> supported = TornadoTasks.supported().stream().map(Class::getSimpleName)
        .collect(Collectors.toCollection(TreeSet::new));
    assertThat(supported).isEqualTo(launches);
    assertThat(tested).isEqualTo(launches);
  }

  private static boolean isLaunch(String name) {
    try {
      return Launch.class.isAssignableFrom(Class.forName("org.rgflow.launch." + name));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
