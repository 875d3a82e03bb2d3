package org.rgflow.training.bench;

import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.rgflow.bench.LaunchProfile;
import org.rgflow.bench.Repetitions;
import org.rgflow.device.Device;
import org.rgflow.device.DeviceException;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.Decide;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.Normals;
import org.rgflow.launch.Select;
import org.rgflow.network.GradientMode;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;
import org.rgflow.network.UNetConfiguration;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.training.bench.ImagesBench.Monitor;
import org.rgflow.training.bench.ImagesBench.Part;

/**
 * How fast a device is: the φ⁴ trajectory beside the device's own copying, the networks beside PyTorch, and
 * which kernels take the time. Everything stays on the device; times include the launches.
 */
public final class DeviceBench {
  /** What is measured. */
  public enum Table {
    /** Nanoseconds of a leapfrog step for each site. */
    PHI4,
    /** Images per second of the presets. */
    NETWORKS,
    /** The slowest kernels. */
    KERNELS;

    /** As on the command line. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How much is measured. */
  public enum Effort {
    /** Fills a GPU: minutes there, hours on a processor. */
    FULL(List.of(64, 128, 256, 512, 1024, 2048), 1 << 22, 1 << 26, 1.0, Map.of("fddm-fashion-mnist", 128,
        "fddm-celeba64-p8", 32, "fddm-celeba64-p4", 16)),
    /** Shows that everything runs, in minutes on a processor. */
    QUICK(List.of(64, 128), 1 << 16, 1 << 20, 0.1, Map.of("fddm-fashion-mnist", 1));

    private final List<Integer> sides;
    private final int sites;
    private final int copied;
    private final double seconds;
    private final Map<String, Integer> batches;

    Effort(List<Integer> sides, int sites, int copied, double seconds, Map<String, Integer> batches) {
      this.sides = sides;
      this.sites = sites;
      this.copied = copied;
      this.seconds = seconds;
      this.batches = batches;
    }
  }

  /**
   * One lattice.
   *
   * @param nanoseconds of a leapfrog step for each site, the ends of the trajectory included
   * @param fraction of the copy bandwidth: 16 bytes (φ and p read, p and the new φ written) for each site and step
   */
  public record LatticeRow(int side, int replicas, double nanoseconds, double fraction) {}

  /**
   * One network.
   *
   * @param gigaflops two for each multiply-accumulate, three times as many in training
   * @param peer PyTorch's images per second on the same device's GPU
   */
  public record NetworkRow(String what, double images, double gigaflops, OptionalDouble peer) {}

  /**
   * One kernel in one shape.
   *
   * @param launches how often it comes
   * @param milliseconds of one launch
   * @param share of all kernels of the same program
   */
  public record KernelRow(String program, String kernel, int launches, double milliseconds, double share) {}

  /** Sees the tables as they grow. */
  public interface Listener {
    /** @param gigabytes read and written in a second by a copy */
    void bandwidth(double gigabytes);

    void lattice(LatticeRow row);

    void network(NetworkRow row);

    void kernel(KernelRow row);

    /** Why something is missing; one line. */
    void note(String line);

    /** What is being measured. */
    void progress(String what);
  }

  private static final int STEPS = 20;
  private static final int SLOWEST = 10;
  private static final int REPEATED = 10;

  private final Device device;
  private final Effort effort;
  private final Listener listener;

  public DeviceBench(Device device, Effort effort, Listener listener) {
    this.device = device;
    this.effort = effort;
    this.listener = listener;
  }

  /**
   * Measures.
   *
   * @throws IOException if a peer computes something else than we do
   */
  public void run(Set<Table> tables) throws IOException {
    if (tables.contains(Table.PHI4)) {
      double bandwidth = bandwidth();
      listener.bandwidth(bandwidth);
      for (int side : effort.sides) {
        listener.progress("phi4, " + side + "x" + side);
        FieldLayout layout = new FieldLayout(Lattice.square(side), replicas(side));
        Program trajectory = trajectory(layout);
        try (Session session = device.open(trajectory)) {
          double nanoseconds = seconds(() -> session.run(trajectory)) * 1e9 / layout.size() / STEPS;
          listener.lattice(new LatticeRow(side, layout.replicas(), nanoseconds, 16 / nanoseconds / bandwidth));
        }
      }
    }
    if (tables.contains(Table.NETWORKS)) {
      networks();
    }
    if (tables.contains(Table.KERNELS)) {
      int side = effort.sides.getLast() / 2;
      kernels("phi4 " + side + "x" + side, List.of(trajectory(new FieldLayout(Lattice.square(side), replicas(side)))));
      Map.Entry<String, Integer> preset = presets().getFirst();
      UNet network = new UNet(UNetConfiguration.preset(preset.getKey()), preset.getValue(), 0, 1, Purpose.TRAINING);
      NetworkRows.fill(network.input());
      kernels("training " + preset.getKey(),
          List.of(network.forward(Purpose.TRAINING), network.backward(GradientMode.OVERWRITE)));
    }
  }

  private int replicas(int side) {
    return Math.max(1, effort.sites / (side * side));
  }

  private List<Map.Entry<String, Integer>> presets() {
    return NetworkRows.PRESETS.stream().map(NetworkRows.Preset::name).filter(effort.batches::containsKey)
        .map(name -> Map.entry(name, effort.batches.get(name))).toList();
  }

  /** The median of whole runs. */
  private double seconds(Runnable task) {
    return Rounds.median(Repetitions.time(task, effort.seconds)) * 1e-9;
  }

  private double bandwidth() {
    listener.progress("copying");
    float[] from = new float[effort.copied];
    float[] to = new float[effort.copied];
    Program copy = new Program("copy");
    for (int i = 0; i < REPEATED; i++) {
      copy.add(i % 2 == 0 ? new CopyValues(from, to, 1) : new CopyValues(to, from, 1));
    }
    try (Session session = device.open(copy)) {
      return REPEATED * 2.0 * Float.BYTES * effort.copied / seconds(() -> session.run(copy)) * 1e-9;
    }
  }

  /** A leapfrog trajectory of {@value #STEPS} steps with its energies and its decision; nothing comes to the host. */
  private static Program trajectory(FieldLayout layout) {
    Phi4Action action = Phi4Action.canonical(-1.2, 0.5);
    float h = (float) action.hopping();
    float u = (float) action.quadratic();
    float g = (float) action.quartic();
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    int lanes = layout.lanes();
    int rows = layout.blocks() * ly;
    float[] field = new float[layout.size()];
    NetworkRows.fill(field);
    float[] momenta = new float[field.length];
    float[][] moved = {new float[field.length], new float[field.length]};
    double[] partial = new double[rows * FieldKernels.PARTIAL_SUMS];
    double[] before = new double[rows * lanes];
    double[] after = new double[rows * lanes];
    int[] accepted = new int[layout.paddedReplicas()];
    double[] tally = new double[4 * accepted.length];
    float[] stages = new float[2 * STEPS + 1];
    float size = 0.02f;
    for (int s = 0; s <= STEPS; s++) {
      stages[2 * s] = s == 0 || s == STEPS ? size / 2 : size;
      if (s < STEPS) {
        stages[2 * s + 1] = size;
      }
    }
    RandomStream stream = new RandomStream(1);
    Program program = new Program("phi4 trajectory")
        .add(new Normals(momenta, layout.blocks(), stream.buffer(), Streams.MOMENTA))
        .add(new Hamiltonian(field, momenta, partial, before, h, u, g, lx, ly, lanes));
    float[] from = field;
    for (int s = 0; s < STEPS; s++) {
      program.add(new KickDrift(from, momenta, moved[s % 2], stages, s, h, u, g, lx, ly, lanes));
      from = moved[s % 2];
    }
    return program.add(new Kick(from, momenta, stages, STEPS, h, u, g, lx, ly, lanes))
        .add(new Hamiltonian(from, momenta, partial, after, h, u, g, lx, ly, lanes))
        .add(new Decide(before, after, accepted, tally, stream.buffer(), Streams.ACCEPT, ly, lanes))
        .add(new Select(field, from, accepted, lx, ly, lanes));
  }

  private void networks() throws IOException {
    Monitor monitor = new Monitor() {
      @Override
      public void row(ImagesBench.Row row) {
        throw new IllegalStateException("a peer has no rows");
      }

      @Override
      public void profile(String what, double seconds, List<LaunchProfile.Line> lines) {
        throw new IllegalStateException("a peer has no launches");
      }

      @Override
      public void note(String line) {
        listener.note(line);
      }

      @Override
      public void progress(String what, int done, int total) {
        listener.progress(what);
      }
    };
    try (NetworkPeer peer = NetworkPeer.openOnCuda(monitor)) {
      for (Part part : List.of(Part.INFERENCE, Part.TRAINING)) {
        for (Map.Entry<String, Integer> preset : presets()) {
          network(part, preset.getKey(), preset.getValue(), peer);
        }
      }
    }
  }

  private void network(Part part, String name, int batch, NetworkPeer peer) throws IOException {
    String what = part.label() + ", " + name + ", batch " + batch;
    listener.progress(what);
    UNetConfiguration configuration = UNetConfiguration.preset(name);
    Purpose purpose = part == Part.TRAINING ? Purpose.TRAINING : Purpose.INFERENCE;
    UNet network = new UNet(configuration, batch, 0, 1, purpose);
    NetworkRows.fill(network.input());
    double images;
    try (NetworkRows.Task task = NetworkRows.task(part, network, device)) {
      images = batch / seconds(task::run);
    } catch (DeviceException e) {
      listener.note(what + ": " + e.getMessage());
      return;
    }
    Optional<Rounds.Timed> theirs = peer.of(configuration, part, batch);
    OptionalDouble reference = theirs.isPresent()
        ? OptionalDouble.of(batch / theirs.get().seconds(effort.seconds)) : OptionalDouble.empty();
    double operations = 2.0 * configuration.multiplyAccumulates() * (part == Part.TRAINING ? 3 : 1);
    listener.network(new NetworkRow(what, images, 1e-9 * operations * images, reference));
  }

  /** Launches that differ in nothing but their buffers. */
  private record Kind(String text) {
    static Kind of(Launch launch) {
      StringBuilder text = new StringBuilder(launch.getClass().getSimpleName());
      for (RecordComponent component : launch.getClass().getRecordComponents()) {
        try {
          Object value = component.getAccessor().invoke(launch);
          if (!component.getName().endsWith("Offset") && !component.getName().equals("offset")) {
            text.append(' ').append(component.getName()).append('=')
                .append(value.getClass().isArray() ? "[" + Array.getLength(value) + "]" : value);
          }
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("cannot read " + component.getName() + " of " + launch.getClass(), e);
        }
      }
      return new Kind(text.toString());
    }
  }

  /** Times one launch of each kind, repeated within a program so that the launching itself hardly counts. */
  private void kernels(String title, List<Program> programs) {
    Map<Kind, Launch> kinds = new LinkedHashMap<>();
    Map<Kind, Integer> launches = new HashMap<>();
    for (Program program : programs) {
      for (Launch launch : program.launches()) {
        Kind kind = Kind.of(launch);
        kinds.putIfAbsent(kind, launch);
        launches.merge(kind, 1, Integer::sum);
      }
    }
    List<KernelRow> rows = new ArrayList<>();
    for (Map.Entry<Kind, Launch> kind : kinds.entrySet()) {
      listener.progress("kernels of " + title + ", " + (rows.size() + 1) + " of " + kinds.size());
      Program repeated = new Program(kind.getKey().text());
      for (int i = 0; i < REPEATED; i++) {
        repeated.add(kind.getValue());
      }
      try (Session session = device.open(repeated)) {
        double milliseconds = 1e3 * seconds(() -> session.run(repeated)) / REPEATED;
        rows.add(new KernelRow(title, kind.getKey().text(), launches.get(kind.getKey()), milliseconds, 0));
      }
    }
    double total = rows.stream().mapToDouble(row -> row.launches() * row.milliseconds()).sum();
    rows.stream().sorted(Comparator.comparingDouble(row -> -row.launches() * row.milliseconds())).limit(SLOWEST)
        .map(row -> new KernelRow(title, row.kernel(), row.launches(), row.milliseconds(),
            row.launches() * row.milliseconds() / total))
        .forEach(listener::kernel);
  }
}
