package org.rgflow.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;

/**
 * The speed of the lattice half: the leapfrog loop and the exact Polchinski step against C peers that are built here
 * and run in turn with ours, two threads against one, whole updates of the samplers, and the bytes
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
   * @param ratio median of reference / value of each round: above 1 ours is faster
   * @param goal the ratio that the project holds itself to, if there is one
   * @param note why there is no reference, or what it is
   */
  public record Row(String id, String what, String unit, double value, OptionalDouble reference, OptionalDouble ratio,
      OptionalDouble goal, String note) {}

  /** Sees the table as it grows; may throw to end it. */
  public interface Monitor {
    /** One line more. */
    void row(Row row);

    /** Called between rounds. */
    void progress(String what, int done, int total);
  }

  private static final int ROUNDS = 41;
  /** Of tasks that take seconds. */
  private static final int LONG_ROUNDS = 3;
  /** Slices of a measurement's length, one of which every task gets in every round. */
  private static final int SLICES = 10;
  private static final int[][] LEAPFROG = {{6, 256}, {20, 256}, {64, 16}, {64, 1}, {512, 1}};
  private static final int[][] THREADS = {{6, 256}, {6, 2048}, {20, 256}, {64, 16}, {64, 64}, {512, 1}, {64, 1}};
  private static final double THREADS_GOAL = 1.7;
  /**
   * From so many sites of all replicas on. In a smaller field the rows around the cuts take as long to move from one
   * processor's cache to the other's as their arithmetic takes.
   */
  private static final int SITES_FOR_THREADS = 5000;
  private static final double[] LEAPFROG_GOALS = {2, 2, 1, 1, 1};

  private final double seconds;
  private final Monitor monitor;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param seconds length of one measurement
   * @param monitor sees every row as soon as it is known
   */
  public Phi4Bench(double seconds, Monitor monitor) {
    if (!(seconds > 0) || seconds > 60) {
      throw new IllegalArgumentException("a measurement takes between 0 and 60 seconds, not " + seconds);
    }
    this.seconds = seconds;
    this.monitor = monitor;
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

  private void add(String id, String what, String unit, double value) {
    add(new Row(id, what, unit, value, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), ""));
  }

  private void add(Row row) {
    rows.add(row);
    monitor.row(row);
  }

  /** Adds a row for the first task, ours, beside the second, its peer's, if that could be built. */
  private void compare(String id, String what, String unit, PairedTimings times, Peer.Built built, String peer,
      double goal) {
    boolean both = built.peer().isPresent();
    add(new Row(id, what, unit, times.median(0), both ? OptionalDouble.of(times.median(1)) : OptionalDouble.empty(),
        both ? OptionalDouble.of(times.ratio(1, 0)) : OptionalDouble.empty(), OptionalDouble.of(goal),
        both ? peer : built.reason()));
  }

  /** Ours, and its peer's if that could be built. */
  private static PairedTimings.Task[] tasks(PairedTimings.Task ours, PairedTimings.Task theirs, Peer.Built built) {
    return built.peer().isPresent() ? new PairedTimings.Task[] {ours, theirs} : new PairedTimings.Task[] {ours};
  }

  private void leapfrog() throws IOException {
    String source = "phi4_leapfrog.c";
    Peer.Built built = Peer.build(source);
    try (JvmDevice device = new JvmDevice(1)) {
      leapfrog(device, built, source);
    } finally {
      close(built);
    }
  }

  private void leapfrog(JvmDevice device, Peer.Built built, String source) throws IOException {
    List<LeapfrogBench> benches = new ArrayList<>();
    try {
      List<PairedTimings.Task[]> comparisons = new ArrayList<>();
      for (int[] size : LEAPFROG) {
        LeapfrogBench bench = new LeapfrogBench(device, Lattice.square(size[0]), size[1]);
        benches.add(bench);
        bench.nanosecondsPerSiteStep(seconds);
        String[] arguments = {Integer.toString(size[0]), Double.toString(LeapfrogBench.MASS2),
            Double.toString(LeapfrogBench.LAMBDA), Double.toString(slice())};
        comparisons.add(tasks(() -> bench.nanosecondsPerSiteStep(slice()),
            () -> built.peer().get().run(arguments).get("ns_per_site_step").getAsDouble(), built));
      }
      List<PairedTimings> times = PairedTimings.take(ROUNDS, comparisons, rounds("leapfrog, 1 thread"));
      for (int i = 0; i < LEAPFROG.length; i++) {
        Lattice lattice = Lattice.square(LEAPFROG[i][0]);
        int replicas = LEAPFROG[i][1];
        compare("leapfrog-" + lattice.lx() + "-r" + replicas, "leapfrog, " + fields(lattice, replicas) + ", 1 thread",
            "ns/site/step", times.get(i), built, source, LEAPFROG_GOALS[i]);
      }
    } finally {
      benches.forEach(LeapfrogBench::close);
    }
  }

  /** Tells the monitor how many rounds have passed. */
  private IntConsumer rounds(String what) {
    return round -> monitor.progress(what, round, ROUNDS);
  }

  /**
   * Two threads against one. Beside it stands what this machine's processors could give: two threads that each run
   * trajectories of their own and never wait. The time of a slice is that of its median trajectory: whenever a host
   * takes one processor away, both of the threads that wait for each other stand still, whatever the program.
   */
  private void threads() throws IOException {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return;
    }
    add("barrier", "2 threads wait for each other", "ns", LeapfrogBench.barrierNanoseconds(seconds));
    try (JvmDevice single = new JvmDevice(1); JvmDevice beside = new JvmDevice(1); JvmDevice pair = new JvmDevice(2)) {
      threads(single, beside, pair);
    }
  }

  private void threads(JvmDevice single, JvmDevice beside, JvmDevice pair) throws IOException {
    List<LeapfrogBench> benches = new ArrayList<>();
    try {
      List<PairedTimings.Task[]> comparisons = new ArrayList<>();
      double[] siteSteps = new double[THREADS.length];
      for (int i = 0; i < THREADS.length; i++) {
        Lattice lattice = Lattice.square(THREADS[i][0]);
        LeapfrogBench one = new LeapfrogBench(single, lattice, THREADS[i][1]);
        benches.add(one);
        LeapfrogBench other = new LeapfrogBench(beside, lattice, THREADS[i][1]);
        benches.add(other);
        LeapfrogBench two = new LeapfrogBench(pair, lattice, THREADS[i][1]);
        benches.add(two);
        one.nanosecondsPerSiteStep(seconds);
        two.nanosecondsPerSiteStep(seconds);
        siteSteps[i] = one.siteSteps();
        comparisons.add(new PairedTimings.Task[] {() -> two.typicalNanosecondsPerSiteStep(slice()),
            () -> one.typicalNanosecondsPerSiteStep(slice()), () -> apart(one, other) / 2});
      }
      List<PairedTimings> times = PairedTimings.take(ROUNDS, comparisons, rounds("leapfrog, 2 threads"));
      for (int i = 0; i < THREADS.length; i++) {
        Lattice lattice = Lattice.square(THREADS[i][0]);
        PairedTimings row = times.get(i);
        add(new Row("two-threads-" + lattice.lx() + "-r" + THREADS[i][1],
            "leapfrog, " + fields(lattice, THREADS[i][1]) + ", 2 threads", "ns/site/step", row.median(0),
            OptionalDouble.of(row.median(1)), OptionalDouble.of(row.ratio(1, 0)),
            lattice.sites() * THREADS[i][1] < SITES_FOR_THREADS ? OptionalDouble.empty()
                : OptionalDouble.of(THREADS_GOAL),
            String.format(Locale.ROOT, "one thread, %.3g us a trajectory; %.2f for two threads that never wait",
                1e-3 * row.median(1) * siteSteps[i], row.ratio(1, 2))));
      }
    } finally {
      benches.forEach(LeapfrogBench::close);
    }
  }

  /** Time of a site and step of two benches that run at the same time, each on a thread of its own: their mean. */
  private double apart(LeapfrogBench one, LeapfrogBench other) {
    CompletableFuture<Double> beside = new CompletableFuture<>();
    Thread.ofPlatform().daemon().start(() -> beside.complete(other.typicalNanosecondsPerSiteStep(slice())));
    double here = one.typicalNanosecondsPerSiteStep(slice());
    return 0.5 * (here + beside.join());
  }

  private static String fields(Lattice lattice, int replicas) {
    return lattice + ", " + replicas + (replicas == 1 ? " replica" : " replicas");
  }

  /** Seconds of one task in one round. */
  private double slice() {
    return seconds / SLICES;
  }

  private void polchinski() throws IOException {
    String source = "polchinski_fftw.c";
    Peer.Built built = Peer.build(source, new Peer.Library("-lfftw3f", "libfftw3-dev"));
    Lattice lattice = Lattice.square(20);
    List<PolchinskiStepBench.Result> ours = new ArrayList<>();
    try {
      PairedTimings times = PairedTimings.take(LONG_ROUNDS, tasks(() -> {
        ours.add(PolchinskiStepBench.run(lattice, 256, 1));
        return ours.getLast().nsPerSite();
      }, () -> built.peer().get().run("20", "256").get("step").getAsDouble(), built));
      compare("polchinski-20-r256", "exact Polchinski step, 20x20, 256 replicas, 1 thread", "ns/site", times, built,
          source, 1);
      add("normals", "normal numbers (Philox4x32-10, Box-Muller), 1 thread", "ns/number",
          median(ours.stream().mapToDouble(PolchinskiStepBench.Result::nsPerNormal).toArray()));
    } finally {
      close(built);
    }
  }

  private static void close(Peer.Built built) throws IOException {
    if (built.peer().isPresent()) {
      built.peer().get().close();
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
            median(samples) / layout.size());
        long before = beans.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10; i++) {
          sampler.update();
        }
        double bytes = (beans.getCurrentThreadAllocatedBytes() - before) / 10.0;
        add("allocation-" + name, name + " update, memory allocated", "bytes/update", bytes);
      }
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
