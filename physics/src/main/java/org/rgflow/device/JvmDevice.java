package org.rgflow.device;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import jdk.incubator.vector.FloatVector;

/**
 * Runs programs on a fixed pool of JVM threads, the calling thread being one of them.
 *
 * <p>A launch's items are cut into static ranges; since every item's arithmetic is independent of the
 * cut and of the thread that runs it, results do not depend on the number of threads. Consecutive
 * launches with the same number of {@linkplain Launch#groups independent groups} form one phase: a
 * thread takes its groups through all of them, group by group, without a barrier in between.
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

  /** Launches that a thread may run one group at a time without waiting for the others. */
  private record Phase(Launch[] launches, int groups, long operations) {
    void run(int part, int parts) {
      if (groups == 1) {
        Launch launch = launches[0];
        int items = launch.items();
        int begin = (int) ((long) items * part / parts);
        int end = (int) ((long) items * (part + 1) / parts);
        if (begin < end) {
          launch.run(begin, end);
        }
        return;
      }
      int last = (int) ((long) groups * (part + 1) / parts);
      for (int group = (int) ((long) groups * part / parts); group < last; group++) {
        for (Launch launch : launches) {
          int size = launch.items() / groups;
          launch.run(group * size, (group + 1) * size);
        }
      }
    }
  }

  private static Phase[] phases(Program program) {
    List<Phase> phases = new ArrayList<>();
    List<Launch> open = new ArrayList<>();
    for (Launch launch : program.launches()) {
      if (!open.isEmpty() && (launch.groups() == 1 || launch.groups() != open.getFirst().groups())) {
        phases.add(phase(open));
        open.clear();
      }
      open.add(launch);
      if (launch.groups() == 1) {
        phases.add(phase(open));
        open.clear();
      }
    }
    if (!open.isEmpty()) {
      phases.add(phase(open));
    }
    return phases.toArray(Phase[]::new);
  }

  private static Phase phase(List<Launch> launches) {
    long operations = launches.stream().mapToLong(l -> (long) l.items() * l.cost()).sum();
    return new Phase(launches.toArray(Launch[]::new), launches.getFirst().groups(), operations);
  }

  private void execute(Phase next) {
    if (threads == 1 || next.operations < SERIAL_OPERATIONS) {
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
