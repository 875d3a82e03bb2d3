package org.rgflow.training.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.rgflow.bench.LaunchProfile;
import org.rgflow.bench.LaunchProfile.Line;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.network.GradientMode;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;
import org.rgflow.network.UNetConfiguration;
import org.rgflow.training.Adam;
import org.rgflow.training.AdamOptions;
import org.rgflow.training.bench.ImagesBench.Monitor;
import org.rgflow.training.bench.ImagesBench.Part;
import org.rgflow.training.bench.ImagesBench.Ratio;
import org.rgflow.training.bench.ImagesBench.Row;

/** Images per second of the presets, forward or in training. */
final class NetworkRows {
  /** A preset and the batch that it is measured at. */
  record Preset(String name, int batch) {
    UNetConfiguration network() {
      return UNetConfiguration.preset(name);
    }
  }

  static final List<Preset> PRESETS = List.of(
      new Preset("fddm-fashion-mnist", 32), new Preset("fddm-celeba64-p8", 8), new Preset("fddm-celeba64-p4", 4));
  private static final double GOAL = 1.3;
  private static final int PROFILE_ROUNDS = 5;

  private final Part part;
  private final int threads;
  private final int profiled;
  private final Rounds rounds;
  private final Monitor monitor;

  NetworkRows(Part part, int threads, int profiled, Rounds rounds, Monitor monitor) {
    this.part = part;
    this.threads = threads;
    this.profiled = profiled;
    this.rounds = rounds;
    this.monitor = monitor;
  }

  void run(NetworkPeer peer) throws IOException {
    for (Preset preset : PRESETS) {
      String what = preset.name() + ", batch " + preset.batch();
      monitor.progress(part.label() + ", " + what, 0, 1);
      UNetConfiguration configuration = preset.network();
      UNet network =
          new UNet(configuration, preset.batch(), 0, 1, part == Part.TRAINING ? Purpose.TRAINING : Purpose.INFERENCE);
      fill(network.input());
      Optional<Rounds.Timed> theirs = peer.of(configuration, part, preset.batch());
      try (JvmDevice device = new JvmDevice(threads);
          Task task = task(part, network, device)) {
        List<Rounds.Timed> things = new ArrayList<>(List.of(rounds.ours(task::run)));
        theirs.ifPresent(things::add);
        double[][] seconds = rounds.ofNetworks(part.label() + ", " + what, things.toArray(Rounds.Timed[]::new));
        double images = preset.batch() / Rounds.median(seconds[0]);
        double operations = 2.0 * configuration.multiplyAccumulates() * (part == Part.TRAINING ? 3 : 1);
        monitor.row(new Row(part, part.label() + "-" + preset.name(), what, images,
            theirs.isPresent() ? OptionalDouble.of(preset.batch() / Rounds.median(seconds[1])) : OptionalDouble.empty(),
            theirs.map(t -> Ratio.of(seconds[0], seconds[1])), OptionalDouble.of(GOAL), 1e-9 * operations * images,
            ""));
        if (profiled > 0) {
          List<Line> lines = LaunchProfile.measure(device, PROFILE_ROUNDS, Shapes::label, task.programs());
          monitor.profile(part.label() + ", " + what, lines.stream().mapToDouble(Line::seconds).sum(),
              lines.stream().limit(profiled).toList());
        }
      }
    }
  }

  /** A training step or a forward pass. */
  static Task task(Part part, UNet network, Device device) {
    return part == Part.TRAINING ? new TrainingStep(network, device) : new ForwardPass(network, device);
  }

  /** Numbers of the size of the data, no two alike in a row. */
  static void fill(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.7 * i);
    }
  }

  /** A pass or a step that can be repeated. */
  interface Task extends AutoCloseable {
    void run();

    /** What a run consists of, in order. */
    List<Program> programs();

    @Override
    void close();
  }

  private static final class ForwardPass implements Task {
    private final Program forward;
    private final Session session;

    ForwardPass(UNet network, Device device) {
      forward = network.forward(Purpose.INFERENCE);
      session = device.open(forward);
    }

    @Override
    public void run() {
      session.run(forward);
    }

    @Override
    public List<Program> programs() {
      return List.of(forward);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  /** Forward with dropout, squared error, backward, clipping, Adam, moving average. */
  private static final class TrainingStep implements Task {
    private final UNet network;
    private final Adam adam;
    private final float[] target;
    private final Program forward;
    private final Program backward;
    private final Program update = new Program("update");
    private final Session session;
    private long done;

    TrainingStep(UNet network, Device device) {
      this.network = network;
      adam = new Adam(network.parameters().values(), network.parameters().gradient(), AdamOptions.DEFAULTS);
      target = new float[network.output().length];
      fill(target);
      forward = network.forward(Purpose.TRAINING);
      backward = network.backward(GradientMode.OVERWRITE);
      adam.record(update);
      session = device.open(forward, backward, update);
    }

    @Override
    public void run() {
      network.dropoutStream().seek(done);
      session.run(forward);
      float[] output = network.output();
      float[] gradient = network.outputGradient();
      for (int i = 0; i < output.length; i++) {
        gradient[i] = (output[i] - target[i]) * (2f / output.length);
      }
      session.run(backward);
      adam.prepare(done++, 2e-4);
      session.run(update);
    }

    @Override
    public List<Program> programs() {
      return List.of(forward, backward, update);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
