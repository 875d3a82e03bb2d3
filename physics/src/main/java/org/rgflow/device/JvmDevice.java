package org.rgflow.device;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.incubator.vector.FloatVector;

/**
 * Runs programs on a fixed pool of JVM threads, the calling thread being one of them.
 *
 * <p>A launch's items are cut into one static range per thread; since every item's arithmetic is
 * independent of the cut, results do not depend on the number of threads. Consecutive launches with
 * the same number of {@linkplain Launch#groups independent groups} form one phase: each thread takes
 * its groups through all of them, group by group, without a barrier in between. Between phases the
 * threads meet at a barrier on which they first spin and then park.
 */
public final class JvmDevice implements Device {
  /** Below this many operations a launch runs on the calling thread alone: waking a worker costs more. */
  private static final long SERIAL_OPERATIONS = 30_000;

  /** Waiting threads spin this often, then yield the processor {@link #YIELDS} times, then park. */
  private static final int SPINS = 2_000;

  private static final int YIELDS = 200;

  private final int threads;
  private final Thread[] workers;
  /** Phase tickets: a worker runs {@link #phase} when {@code ticket} has moved past the one it did last. */
  private volatile int ticket;
  private volatile boolean closed;
  private Phase phase;
  private final AtomicInteger pending = new AtomicInteger();
  private volatile Throwable failure;
  private volatile Thread host;

  /** One thread per processor. */
  public JvmDevice() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param threads number of threads including the caller's
   * @throws IllegalArgumentException if {@code threads < 1}
   */
  public JvmDevice(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a device needs at least one thread, not " + threads);
    }
    this.threads = threads;
    this.workers = new Thread[threads - 1];
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
    ticket++;
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
    phase = next;
    host = Thread.currentThread();
    pending.set(workers.length);
    ticket++; // publishes the phase to spinning workers
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
    Throwable own = null;
    try {
      next.run(0, threads);
    } catch (RuntimeException | Error e) {
      own = e;
    }
    int spins = 0;
    while (pending.get() > 0) {
      if (!relax(++spins)) {
        LockSupport.parkNanos(this, 50_000);
      }
    }
    Throwable thrown = own != null ? own : failure;
    if (thrown != null) {
      failure = null;
      switch (thrown) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(thrown);
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

  private void work(int part) {
    int done = 0;
    while (true) {
      int spins = 0;
      while (ticket == done) {
        if (!relax(++spins)) {
          LockSupport.park(this);
        }
      }
      done = ticket;
      if (closed) {
        return;
      }
      try {
        phase.run(part, threads);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      if (pending.decrementAndGet() == 0) {
        LockSupport.unpark(host);
      }
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
    }
  }
}
