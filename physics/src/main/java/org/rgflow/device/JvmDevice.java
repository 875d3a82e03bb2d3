package org.rgflow.device;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
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
 * cache, within a group or, if there is only one, on slabs of it, with two barriers for several launches.
 *
 * <p>The ranges of a phase are claimed one by one, each thread beginning with its own, so that a
 * thread which the operating system keeps waiting is not waited for: the others take its ranges.
 * Between phases the threads spin for a while and then park.
 */
public final class JvmDevice implements Device {
  /** Below this many operations a phase runs on the calling thread alone: waking a worker costs more. */
  private static final long SERIAL_OPERATIONS = 30_000;

  /** Waiting threads spin this often, then yield the processor {@link #YIELDS} times, then park. */
  private static final int SPINS = 2_000;

  private static final int YIELDS = 200;

  /** Two ranges for each thread, as far as the 32 bits of {@link #claims} go. */
  private static final int PARTS_PER_THREAD = 2;

  private static final int MAX_THREADS = 32;

  private final int threads;
  private final Thread[] workers;
  private final AtomicIntegerArray parked;
  private volatile boolean closed;

  /** The phase that {@link #claims} is about; written before its number appears there. */
  private Phase phase;

  /** Number of the current phase in the upper half, a bit for each range that is taken in the lower. */
  private final AtomicLong claims = new AtomicLong();

  private final AtomicInteger finished = new AtomicInteger();
  private volatile Throwable failure;
  private volatile Thread host;

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

    /** Runs range {@code part} of {@code parts}. */
    void run(int part, int parts);
  }

  private record Items(Launch launch) implements Phase {
    @Override
    public long operations() {
      return (long) launch.items() * launch.cost();
    }

    @Override
    public void run(int part, int parts) {
      int items = launch.items();
      int begin = (int) ((long) items * part / parts);
      int end = (int) ((long) items * (part + 1) / parts);
      if (begin < end) {
        launch.run(begin, end);
      }
    }
  }

  /** Steps that a thread may take with one group at a time without waiting for the others. */
  private record Groups(IntConsumer[] steps, int groups, long operations) implements Phase {
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

  /** Half a pass of a chain over its only group. */
  private record Slabs(StencilChain chain, int pass, StencilChain.Half half) implements Phase {
    @Override
    public long operations() {
      return chain.operations(pass, half);
    }

    @Override
    public void run(int part, int parts) {
      int last = (int) ((long) chain.slabs() * (part + 1) / parts);
      for (int slab = (int) ((long) chain.slabs() * part / parts); slab < last; slab++) {
        chain.run(0, pass, half, slab);
      }
    }
  }

  private Phase[] phases(Program program) {
    List<Phase> phases = new ArrayList<>();
    List<Launch> launches = program.launches();
    int end;
    for (int i = 0; i < launches.size(); i = end) {
      int groups = launches.get(i).groups();
      end = i + 1;
      while (end < launches.size() && launches.get(end).groups() == groups) {
        end++;
      }
      if (groups > 1) {
        phases.add(groupByGroup(launches.subList(i, end), groups));
      } else {
        addWhole(launches.subList(i, end), phases);
      }
    }
    return phases.toArray(Phase[]::new);
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
        steps.add(group -> launch.run(group * size, (group + 1) * size));
        end = i + 1;
      }
    }
    long operations = launches.stream().mapToLong(l -> (long) l.items() * l.cost()).sum();
    return new Groups(steps.toArray(IntConsumer[]::new), groups, operations);
  }

  private void addWhole(List<Launch> launches, List<Phase> phases) {
    int end;
    for (int i = 0; i < launches.size(); i = end) {
      List<StencilLaunch> stencils = stencils(launches, i);
      StencilChain chain = stencils.isEmpty() ? null : StencilChain.fitting(stencils, threads == 1 ? 1 : parts());
      if (chain != null && chain.depth() > 1) {
        for (int pass = 0; pass < chain.passes(); pass++) {
          phases.add(new Slabs(chain, pass, StencilChain.Half.INSIDE));
          phases.add(new Slabs(chain, pass, StencilChain.Half.AROUND));
        }
        end = i + stencils.size();
      } else {
        phases.add(new Items(launches.get(i)));
        end = i + 1;
      }
    }
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

  private void execute(Phase next) {
    if (threads == 1 || next.operations() < SERIAL_OPERATIONS) {
      next.run(0, 1);
      return;
    }
    int parts = parts();
    phase = next;
    host = Thread.currentThread();
    finished.set(0);
    claims.set(((claims.get() >>> 32) + 1) << 32);
    for (int w = 1; w < threads; w++) {
      if (parked.get(w) != 0) {
        LockSupport.unpark(workers[w - 1]);
      }
    }
    takePart(0);
    int attempts = 0;
    while (finished.get() < parts) {
      if (!relax(++attempts)) {
        LockSupport.parkNanos(this, 50_000);
      }
    }
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

  private int parts() {
    return Math.min(PARTS_PER_THREAD * threads, MAX_THREADS);
  }

  /**
   * Claims and runs ranges of the current phase until none is left. A claim succeeds only while its
   * phase is current, and the host leaves a phase only when every claimed range is finished.
   */
  private void takePart(int thread) {
    int parts = parts();
    while (true) {
      long seen = claims.get();
      Phase current = phase;
      int taken = (int) seen;
      int part = -1;
      for (int i = 0; i < parts && part < 0; i++) {
        int candidate = (parts / threads * thread + i) % parts;
        if ((taken >> candidate & 1) == 0) {
          part = candidate;
        }
      }
      if (part < 0) {
        return;
      }
      if (!claims.compareAndSet(seen, seen | 1L << part)) {
        continue;
      }
      try {
        current.run(part, parts);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      if (finished.incrementAndGet() == parts && thread != 0) {
        LockSupport.unpark(host);
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
      int attempts = 0;
      while (claims.get() >>> 32 == done && !closed) {
        if (!relax(++attempts)) {
          parked.set(thread, 1);
          if (claims.get() >>> 32 == done && !closed) {
            LockSupport.park(this);
          }
          parked.set(thread, 0);
          attempts = 0;
        }
      }
      done = claims.get() >>> 32;
      takePart(thread);
    }
  }

  private final class JvmSession implements Session {
    private final IdentityHashMap<Program, Phase[]> ready = new IdentityHashMap<>();

    JvmSession(Program... programs) {
      for (Program program : programs) {
        ready.put(program, phases(program));
      }
    }

    @Override
    public void run(Program program) {
      Phase[] phases = ready.get(program);
      if (phases == null) {
        throw new IllegalArgumentException("program " + program.name() + " was not opened in this session");
      }
      for (Phase next : phases) {
        execute(next);
      }
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
      phase = null; // it would keep the arrays of the last launches
    }
  }
}
