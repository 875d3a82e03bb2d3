package org.rgflow.device;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;

/**
 * Runs programs on a fixed pool of JVM threads, the calling thread being one of them.
 *
 * <p>A launch's items are cut into static ranges; since every item's arithmetic is independent of the
 * cut and of the thread that runs it, results do not depend on the number of threads. Consecutive
 * launches with the same number of {@linkplain Launch#groups independent groups} form one phase: a
 * thread takes its groups through all of them, group by group, without a barrier in between. Consecutive
 * {@linkplain StencilLaunch launches that look at nearby rows} run several at a time on rows that are in the
 * cache, within a group; on groups that fit the first-level cache they are {@linkplain StencilLaunch#joined joined}
 * where they can be. With a single group, or too few to occupy the threads evenly, launches with work enough are cut
 * through all groups, and those that look at nearby rows run on slabs of the groups, with two barriers for several
 * launches.
 *
 * <p>All threads walk through the phases of a program side by side; who has finished a phase sees it in what the
 * others have written, and nobody hands out work. The ranges of a phase are claimed one by one, each thread beginning
 * with its own, which so stay in its cache, so that a thread which the operating system keeps waiting is not waited
 * for: the others take its ranges. Waiting threads spin for a while and then park.
 */
public final class JvmDevice implements Device {
  /**
   * Below this many operations, about 2 μs, a phase runs on one thread alone: the barrier, and moving what it reads and
   * writes between caches, would cost more.
   */
  private static final long SERIAL_OPERATIONS = 100_000;

  /**
   * Below this many operations a chain of stencil launches on one group runs on one thread alone: besides the barriers,
   * the rows around the cuts have to move from one processor's cache to the other's and back, which would take as long
   * as the arithmetic. Measured on two threads, a whole HMC update of a single field of 64 × 64 gains a fifth, one of
   * 48 × 48 a tenth, and one of 40 × 40 would lose as much.
   */
  private static final long SERIAL_CHAIN_OPERATIONS = 350_000;

  /** What it costs two threads to wait for each other: with {@link #SERIAL_OPERATIONS} that is what they save. */
  private static final long WAITING = SERIAL_OPERATIONS / 2;

  /** Waiting threads spin this often, then yield the processor {@link #YIELDS} times, then park. */
  private static final int SPINS = 2_000;

  private static final int YIELDS = 200;

  /** Every so many looks a waiting thread also looks for ranges that others have not begun, some microseconds. */
  private static final int LOOKS = 64;

  /** Ranges of a phase for each thread, where it can be cut that far. */
  private static final int PARTS_PER_THREAD = 2;

  /** Ranges may begin with this part of a launch's operations in all before each thread gets one range only. */
  private static final double SMALL_RANGE_COST = 1.0 / 32;

  /** Ranges of so many items are cut after multiples of {@link #VECTOR}. */
  private static final int MANY_ITEMS = 128;

  /** Elements of the widest vector. */
  private static final int VECTOR = 16;

  private static final int MAX_THREADS = 32;

  /** Distance between counters that different threads write: two cache lines, since processors fetch pairs. */
  private static final int STRIDE = 16;

  private final int threads;
  private final Thread[] workers;
  private final AtomicIntegerArray parked;
  private volatile boolean closed;
  private volatile Thread host;
  private volatile Throwable failure;

  /** What all threads work on, or did last. */
  private final AtomicReference<Job> job = new AtomicReference<>();

  /**
   * At {@link #STRIDE}, the number of the last phase of {@link #job}, negative while that changes; phases are numbered
   * through all runs.
   */
  private final AtomicLongArray published = new AtomicLongArray(2 * STRIDE);

  /** For each range, at {@link #slot}, the last phase in which it was claimed. */
  private final AtomicLongArray claimed;

  /** For each range, at {@link #slot}, the last phase in which it was finished. */
  private final AtomicLongArray finished;

  /** One thread per processor. */
  public JvmDevice() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param threads number of threads including the caller's; more than {@value #MAX_THREADS} are not used
   * @throws IllegalArgumentException if {@code threads < 1}
   */
  public JvmDevice(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a device needs at least one thread, not " + threads);
    }
    this.threads = Math.min(threads, MAX_THREADS);
    this.workers = new Thread[this.threads - 1];
    this.parked = new AtomicIntegerArray(this.threads);
    this.claimed = new AtomicLongArray((this.threads + 1) * STRIDE);
    this.finished = new AtomicLongArray((this.threads + 1) * STRIDE);
    for (int w = 0; w < workers.length; w++) {
      int index = w + 1;
      workers[w] = Thread.ofPlatform().daemon().name("rgflow-" + index).start(() -> work(index));
    }
  }

  @Override
  public String name() {
    return "jvm";
  }

  public int threads() {
    return threads;
  }

  @Override
  public String description() {
    return "JVM " + Runtime.version().feature() + ", " + threads + (threads == 1 ? " thread, " : " threads, ")
        + FloatVector.SPECIES_PREFERRED.vectorBitSize() + "-bit vectors";
  }

  @Override
  public boolean takesAnyLaunch() {
    return true;
  }

  @Override
  public Session open(Program... programs) {
    return new JvmSession(programs);
  }

  @Override
  public void close() {
    closed = true;
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  /** What all threads finish before any goes on: ranges of one launch, or groups or slabs of several. */
  private interface Phase {
    /** Rough number of operations. */
    long operations();

    /** How many equal pieces there are of it. */
    int pieces();

    /** Number of ranges of pieces for so many threads, at most {@link #PARTS_PER_THREAD} for each. */
    default int parts(int threads) {
      return Math.min(pieces(), PARTS_PER_THREAD * threads);
    }

    /** Runs range {@code part} of {@code parts}. */
    void run(int part, int parts);
  }

  private record Items(Launch launch) implements Phase {
    /** Where a range begins: of many items after whole vectors, so that none is left over but at the end. */
    private int cut(int part, int parts) {
      int items = launch.items();
      int at = (int) ((long) items * part / parts);
      return part < parts && items / parts >= MANY_ITEMS ? at & -VECTOR : at;
    }

    @Override
    public long operations() {
      return (long) launch.items() * launch.cost();
    }

    @Override
    public int pieces() {
      return launch.items();
    }

    @Override
    public int parts(int threads) {
      boolean costly = (double) launch.rangeCost() * PARTS_PER_THREAD * threads > SMALL_RANGE_COST * operations();
      return Math.min(launch.items(), costly ? threads : PARTS_PER_THREAD * threads);
    }

    @Override
    public void run(int part, int parts) {
      launch.run(cut(part, parts), cut(part + 1, parts));
    }
  }

  /** Steps that a thread may take with one group at a time without waiting for the others. */
  private record Groups(IntConsumer[] steps, int groups, long operations) implements Phase {
    @Override
    public int pieces() {
      return groups;
    }

    @Override
    public void run(int part, int parts) {
      int last = (int) ((long) groups * (part + 1) / parts);
      for (int group = (int) ((long) groups * part / parts); group < last; group++) {
        for (IntConsumer step : steps) {
          step.accept(group);
        }
      }
    }
  }

  /** A part of a pass of a chain over the slabs of its groups. */
  private record Slabs(StencilChain chain, int groups, int pass, StencilChain.Part rows) implements Phase {
    @Override
    public long operations() {
      return groups * chain.operations(pass, rows);
    }

    @Override
    public int pieces() {
      return groups * chain.slabs();
    }

    @Override
    public void run(int part, int parts) {
      int last = (int) ((long) pieces() * (part + 1) / parts);
      for (int piece = (int) ((long) pieces() * part / parts); piece < last; piece++) {
        chain.run(piece / chain.slabs(), pass, rows, piece % chain.slabs());
      }
    }
  }

  /** Phases that are not worth several threads, one after the other. */
  private record Serial(Phase[] phases, long operations) implements Phase {
    @Override
    public int pieces() {
      return 1;
    }

    @Override
    public void run(int part, int parts) {
      for (Phase phase : phases) {
        int all = phase.parts(1);
        for (int i = 0; i < all; i++) {
          phase.run(i, all);
        }
      }
    }
  }

  /** The phases of a program. */
  private static final class Job {
    final Phase[] phases;
    final int[] parts;
    /** Whether there is anything for a second thread. */
    final boolean parallel;

    Job(List<Phase> phases, int threads) {
      this.phases = phases.toArray(Phase[]::new);
      this.parts = phases.stream().mapToInt(phase -> phase.parts(threads)).toArray();
      this.parallel = phases.stream().anyMatch(phase -> phase.parts(threads) > 1);
    }
  }

  private Job job(Program program) {
    List<Phase> phases = new ArrayList<>();
    List<Launch> launches = program.launches();
    int end;
    for (int i = 0; i < launches.size(); i = end) {
      int groups = launches.get(i).groups();
      end = i + 1;
      while (end < launches.size() && launches.get(end).groups() == groups) {
        end++;
      }
      phases.addAll(phases(launches.subList(i, end), groups));
    }
    return new Job(threads == 1 ? List.of(serial(phases)) : joinSerial(phases), threads);
  }

  /**
   * Launches with equal numbers of groups: group by group, without waiting in between, or, if there are too few groups
   * for the threads, all groups together, whichever takes less time by a rough count.
   */
  private List<Phase> phases(List<Launch> launches, int groups) {
    List<Phase> groupwise = groups == 1 ? List.of() : List.of(groupByGroup(launches, groups));
    if (groups > 1 && groups % threads == 0) {
      return groupwise;
    }
    List<Phase> together = joinSerial(together(launches));
    return groups > 1 && time(groupwise) <= time(together) ? groupwise : together;
  }

  /** The operations of the thread that has most of them, and {@link #WAITING} for every phase of several threads. */
  private double time(List<Phase> phases) {
    return phases.stream().mapToDouble(phase -> {
      int pieces = phase.pieces();
      return (double) phase.operations() * Math.ceilDiv(pieces, threads) / pieces + (pieces == 1 ? 0 : WAITING);
    }).sum();
  }

  /** Neighbours that are too small for several threads become one phase. */
  private static List<Phase> joinSerial(List<Phase> phases) {
    List<Phase> joined = new ArrayList<>();
    int end;
    for (int i = 0; i < phases.size(); i = end) {
      end = i;
      while (end < phases.size() && phases.get(end).operations() < SERIAL_OPERATIONS) {
        end++;
      }
      if (end > i) {
        joined.add(serial(phases.subList(i, end)));
      } else {
        joined.add(phases.get(i));
        end++;
      }
    }
    return joined;
  }

  private static Phase serial(List<Phase> phases) {
    return new Serial(phases.toArray(Phase[]::new), operations(phases));
  }

  private static long operations(List<Phase> phases) {
    return phases.stream().mapToLong(Phase::operations).sum();
  }

  private static Phase groupByGroup(List<Launch> launches, int groups) {
    List<IntConsumer> steps = new ArrayList<>();
    int end;
    for (int i = 0; i < launches.size(); i = end) {
      List<StencilLaunch> stencils = stencils(launches, i);
      StencilChain chain = stencils.isEmpty() ? null : StencilChain.fitting(stencils, 1);
      if (chain != null && chain.depth() > 1) {
        steps.add(chain::run);
        end = i + stencils.size();
      } else {
        Launch launch = launches.get(i);
        int size = launch.items() / groups;
        Optional<StencilLaunch.Joined> joined = joined(stencils);
        steps.add(joined.<IntConsumer>map(several -> group -> several.run(group * size, (group + 1) * size))
            .orElse(group -> launch.run(group * size, (group + 1) * size)));
        end = i + joined.map(StencilLaunch.Joined::count).orElse(1);
      }
    }
    long operations = launches.stream().mapToLong(l -> (long) l.items() * l.cost()).sum();
    return new Groups(steps.toArray(IntConsumer[]::new), groups, operations);
  }

  private static Optional<StencilLaunch.Joined> joined(List<StencilLaunch> stencils) {
    return stencils.isEmpty() || !StencilChain.small(stencils) ? Optional.empty() : stencils.getFirst().joined(stencils);
  }

  private List<Phase> together(List<Launch> launches) {
    List<Phase> phases = new ArrayList<>();
    int end;
    for (int i = 0; i < launches.size(); i = end) {
      List<StencilLaunch> stencils = stencils(launches, i);
      if (stencils.isEmpty()) {
        phases.add(new Items(launches.get(i)));
        end = i + 1;
      } else {
        addStencils(stencils, phases);
        end = i + stencils.size();
      }
    }
    return phases;
  }

  private void addStencils(List<StencilLaunch> stencils, List<Phase> phases) {
    int groups = stencils.getFirst().groups();
    List<Phase> launches = new ArrayList<>();
    stencils.forEach(launch -> launches.add(new Items(launch)));
    boolean alone = threads == 1 || operations(launches) < SERIAL_CHAIN_OPERATIONS;
    StencilChain chain = StencilChain.fitting(stencils, alone ? 1 : slabs(groups));
    if (chain.depth() == 1) {
      phases.addAll(alone ? List.of(serial(launches)) : launches);
      return;
    }
    List<Phase> slabs = new ArrayList<>();
    for (int pass = 0; pass < chain.passes(); pass++) {
      slabs.add(new Slabs(chain, groups, pass, StencilChain.Part.FIRST));
      slabs.add(new Slabs(chain, groups, pass, StencilChain.Part.REST));
    }
    phases.addAll(alone ? List.of(serial(slabs)) : slabs);
  }

  /** As few slabs of each group as keep the threads busy nine tenths of the time. */
  private int slabs(int groups) {
    int slabs = Math.ceilDiv(threads, groups);
    while (10 * groups * slabs < 9 * threads * Math.ceilDiv(groups * slabs, threads)) {
      slabs++;
    }
    return slabs;
  }

  /** The stencil launches from {@code begin} on that work on the same rows, as far as they follow each other. */
  private static List<StencilLaunch> stencils(List<Launch> launches, int begin) {
    int items = launches.get(begin).items();
    List<StencilLaunch> stencils = new ArrayList<>();
    for (int i = begin; i < launches.size() && launches.get(i) instanceof StencilLaunch stencil
        && stencil.items() == items; i++) {
      stencils.add(stencil);
    }
    return stencils;
  }

  private void execute(Job next) {
    if (!next.parallel) {
      for (Phase phase : next.phases) {
        phase.run(0, 1);
      }
      return;
    }
    if (host != Thread.currentThread()) {
      host = Thread.currentThread(); // written only when it changes: all threads read what lies around it
    }
    long last = published.getPlain(STRIDE);
    long first = last + 1;
    if (job.getPlain() != next) {
      published.setOpaque(STRIDE, -last);
      job.setRelease(next);
    }
    // Claimed before anybody else can: a claim among others waits until they all have seen what was published.
    boolean begins = next.parts[0] >= threads;
    if (begins) {
      claimed.setOpaque(slot(0), first);
    }
    published.setRelease(STRIDE, last + next.phases.length);
    unpark();
    if (begins) {
      perform(next.phases[0], 0, next.parts[0], slot(0), first);
    }
    follow(next, first, 0);
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      switch (thrown) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(thrown);
      }
    }
  }

  /**
   * Takes a thread through all phases of a run. A thread that comes late finds every range of the phases behind the
   * others claimed, since claims bear the numbers of phases, which only grow.
   */
  private void follow(Job current, long first, int thread) {
    for (int i = 0; i < current.phases.length; i++) {
      Phase phase = current.phases[i];
      int parts = current.parts[i];
      long number = first + i;
      take(phase, parts, number, thread);
      wake();
      int attempts = 0;
      while (!complete(parts, number)) {
        if (++attempts % LOOKS == 0) {
          for (int other = 0; other < threads; other++) {
            take(phase, parts, number, other);
          }
          wake();
        }
        if (!relax(attempts)) {
          parked.set(thread, 1);
          VarHandle.fullFence();
          if (!complete(parts, number)) {
            LockSupport.park(this);
          }
          parked.set(thread, 0);
        }
      }
    }
  }

  /** Runs the ranges of a phase that are a thread's own, unless another has claimed them. */
  private void take(Phase phase, int parts, long number, int owner) {
    int begin = parts * owner / threads;
    int end = parts * (owner + 1) / threads;
    for (int part = begin; part < end; part++) {
      int slot = slot(owner) + part - begin;
      long seen = claimed.get(slot);
      if (seen < number && claimed.compareAndSet(slot, seen, number)) {
        perform(phase, part, parts, slot, number);
      }
    }
  }

  /** Runs a range that this thread has claimed. */
  private void perform(Phase phase, int part, int parts, int slot, long number) {
    if (failure == null) {
      try {
        phase.run(part, parts);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }
    finished.setRelease(slot, number);
  }

  private boolean complete(int parts, long number) {
    for (int owner = 0; owner < threads; owner++) {
      int own = parts * (owner + 1) / threads - parts * owner / threads;
      for (int slot = slot(owner); slot < slot(owner) + own; slot++) {
        if (finished.getAcquire(slot) < number) {
          return false;
        }
      }
    }
    return true;
  }

  /** Where a thread's ranges begin in {@link #claimed} and {@link #finished}: not beside what others write or read. */
  private static int slot(int thread) {
    return (thread + 1) * STRIDE;
  }

  /** Wakes the threads that might wait for what this one has written. */
  private void wake() {
    VarHandle.fullFence(); // either this thread sees that another parks, or that one sees what this one has written
    unpark();
  }

  private void unpark() {
    for (int t = 0; t < threads; t++) {
      if (parked.get(t) != 0) {
        LockSupport.unpark(t == 0 ? host : workers[t - 1]);
      }
    }
  }

  /** Whether a waiting thread should look again at once, after {@code attempts} looks in vain. */
  private static boolean relax(int attempts) {
    if (attempts < SPINS) {
      Thread.onSpinWait();
      return true;
    }
    if (attempts < SPINS + YIELDS) {
      Thread.yield();
      return true;
    }
    return false;
  }

  private void work(int thread) {
    long done = 0;
    while (!closed) {
      long seen;
      int attempts = 0;
      while (idle(seen = published.getAcquire(STRIDE), done) && !closed) {
        if (!relax(++attempts)) {
          parked.set(thread, 1);
          VarHandle.fullFence();
          if (idle(published.getAcquire(STRIDE), done) && !closed) {
            LockSupport.park(this);
          }
          parked.set(thread, 0);
          attempts = 0;
        }
      }
      Job next = job.getAcquire();
      if (next == null) {
        done = seen; // it was over before this thread came
      } else if (published.getAcquire(STRIDE) == seen) { // otherwise the job may be that of the run after
        follow(next, seen - next.phases.length + 1, thread);
        done = seen;
      }
    }
  }

  private static boolean idle(long seen, long done) {
    return seen == done || seen < 0;
  }

  private final class JvmSession implements Session {
    private final IdentityHashMap<Program, Job> ready = new IdentityHashMap<>();

    JvmSession(Program... programs) {
      for (Program program : programs) {
        ready.put(program, job(program));
      }
    }

    @Override
    public void run(Program program) {
      Job next = ready.get(program);
      if (next == null) {
        throw new IllegalArgumentException("program " + program.name() + " was not opened in this session");
      }
      execute(next);
    }

    @Override
    public void upload(Object array) {
      // The host's arrays are the device's.
    }

    @Override
    public void download(Object array) {
      // The host's arrays are the device's.
    }

    @Override
    public void close() {
      ready.clear();
      job.set(null); // it would keep the arrays of the last launches
    }
  }
}
