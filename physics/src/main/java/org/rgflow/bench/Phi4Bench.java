package org.rgflow.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;

/**
 * The speed of the lattice half: the leapfrog loop and the exact Polchinski step against C peers built
 * and run in the same minutes, two threads against one, whole updates of the samplers, and the bytes
 * that an update allocates.
 */
public final class Phi4Bench {
  /**
   * One line of the table.
   *
   * @param id stable name
   * @param what for people
   * @param unit of {@code value} and {@code reference}
   * @param value ours
   * @param reference the peer's, or one thread's; empty if it could not be measured
   * @param ratio reference / value: above 1 ours is faster
   * @param goal the ratio that the project holds itself to, if there is one
   * @param note why there is no reference, or what it is
   */
  public record Row(String id, String what, String unit, double value, OptionalDouble reference, OptionalDouble ratio,
      OptionalDouble goal, String note) {}

  private static final int ROUNDS = 3;
  private static final int[][] LEAPFROG = {{6, 256}, {20, 256}, {64, 16}, {64, 1}, {512, 1}};
  /** Blocks of replicas for each thread, one block for both, and single fields. */
  private static final int[][] THREADS = {{6, 256}, {20, 256}, {64, 64}, {64, 16}, {64, 1}, {512, 1}};
  private static final double THREADS_GOAL = 1.7;
  private static final double[] LEAPFROG_GOALS = {2, 2, 1, 1, 1};

  private final double seconds;
  private final Consumer<Row> listener;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param seconds length of one measurement
   * @param listener sees every row as soon as it is known
   */
  public Phi4Bench(double seconds, Consumer<Row> listener) {
    if (!(seconds > 0) || seconds > 60) {
      throw new IllegalArgumentException("a measurement takes between 0 and 60 seconds, not " + seconds);
    }
    this.seconds = seconds;
    this.listener = listener;
  }

  /**
   * Measures everything.
   *
   * @throws IOException if a peer was built but fails
   */
  public List<Row> run() throws IOException {
    leapfrog();
    threads();
    polchinski();
    updates();
    return List.copyOf(rows);
  }

  private void add(String id, String what, String unit, double value, OptionalDouble reference, OptionalDouble goal,
      String note) {
    OptionalDouble ratio = reference.isPresent()
        ? OptionalDouble.of(reference.getAsDouble() / value) : OptionalDouble.empty();
    Row row = new Row(id, what, unit, value, reference, ratio, goal, note);
    rows.add(row);
    listener.accept(row);
  }

  private void leapfrog() throws IOException {
    Peer.Built built = Peer.build("phi4_leapfrog.c");
    try (JvmDevice device = new JvmDevice(1)) {
      for (int i = 0; i < LEAPFROG.length; i++) {
        Lattice lattice = Lattice.square(LEAPFROG[i][0]);
        int replicas = LEAPFROG[i][1];
        double[] ours = new double[ROUNDS];
        double[] peers = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
          ours[round] = LeapfrogBench.run(device, lattice, replicas, seconds).nanosecondsPerSiteStep();
          if (built.peer().isPresent()) {
            peers[round] = built.peer().get().run(
                Integer.toString(lattice.lx()), Double.toString(LeapfrogBench.MASS2),
                Double.toString(LeapfrogBench.LAMBDA), Double.toString(seconds))
                .get("ns_per_site_step").getAsDouble();
          }
        }
        OptionalDouble peer = built.peer().isPresent() ? OptionalDouble.of(median(peers)) : OptionalDouble.empty();
        add("leapfrog-" + lattice.lx() + "-r" + replicas,
            "leapfrog, " + lattice + ", " + replicas + (replicas == 1 ? " replica" : " replicas") + ", 1 thread",
            "ns/site/step", median(ours), peer, OptionalDouble.of(LEAPFROG_GOALS[i]),
            built.peer().isPresent() ? "phi4_leapfrog.c" : built.reason());
      }
    } finally {
      if (built.peer().isPresent()) {
        built.peer().get().close();
      }
    }
  }

  private void threads() {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return;
    }
    add("barrier", "2 threads wait for each other", "ns", LeapfrogBench.barrierNanoseconds(seconds),
        OptionalDouble.empty(), OptionalDouble.empty(), "");
    for (int[] size : THREADS) {
      Lattice lattice = Lattice.square(size[0]);
      double[][] times = new double[2][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        for (int threads = 1; threads <= 2; threads++) {
          try (JvmDevice device = new JvmDevice(threads)) {
            times[threads - 1][round] = LeapfrogBench.run(device, lattice, size[1], seconds).nanosecondsPerSiteStep();
          }
        }
      }
      add("two-threads-" + size[0] + "-r" + size[1],
          "leapfrog, " + lattice + ", " + size[1] + (size[1] == 1 ? " replica" : " replicas") + ", 2 threads",
          "ns/site/step", median(times[1]), OptionalDouble.of(median(times[0])), OptionalDouble.of(THREADS_GOAL),
          String.format(Locale.ROOT, "one thread, %.3g us a trajectory",
              1e-3 * median(times[0]) * LeapfrogBench.siteSteps(lattice, size[1])));
    }
  }

  private void polchinski() throws IOException {
    Peer.Built built = Peer.build("polchinski_fftw.c", new Peer.Library("-lfftw3f", "libfftw3-dev"));
    try {
      Lattice lattice = Lattice.square(20);
      double[] ours = new double[ROUNDS];
      double[] peers = new double[ROUNDS];
      double[] normals = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        PolchinskiStepBench.Result result = PolchinskiStepBench.run(lattice, 256, 1);
        ours[round] = result.nsPerSite();
        normals[round] = result.nsPerNormal();
        if (built.peer().isPresent()) {
          peers[round] = built.peer().get().run("20", "256").get("step").getAsDouble();
        }
      }
      add("polchinski-20-r256", "exact Polchinski step, 20x20, 256 replicas, 1 thread", "ns/site", median(ours),
          built.peer().isPresent() ? OptionalDouble.of(median(peers)) : OptionalDouble.empty(), OptionalDouble.of(1),
          built.peer().isPresent() ? "polchinski_fftw.c" : built.reason());
      add("normals", "normal numbers (Philox4x32-10, Box-Muller), 1 thread", "ns/number", median(normals),
          OptionalDouble.empty(), OptionalDouble.empty(), "");
    } finally {
      if (built.peer().isPresent()) {
        built.peer().get().close();
      }
    }
  }

  private void updates() {
    FieldLayout layout = new FieldLayout(Lattice.square(20), 256);
    ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String name : Samplers.names()) {
      try (JvmDevice device = new JvmDevice(1);
          Sampler sampler = Samplers.create(
              name, Phi4Action.gerdes(-4, 4.807), layout, new RandomStream(1), device, SamplerOptions.DEFAULTS)) {
        double[] samples = Repetitions.time(sampler::update, seconds);
        add("update-" + name, name + " update, 20x20, 256 replicas, 1 thread", "ns/site",
            median(samples) / layout.size(), OptionalDouble.empty(), OptionalDouble.empty(), "");
        long before = beans.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10; i++) {
          sampler.update();
        }
        double bytes = (beans.getCurrentThreadAllocatedBytes() - before) / 10.0;
        add("allocation-" + name, name + " update, memory allocated", "bytes/update", bytes, OptionalDouble.empty(),
            OptionalDouble.empty(), "");
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
