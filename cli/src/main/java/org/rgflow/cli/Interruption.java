package org.rgflow.cli;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/**
 * Ctrl-C and termination requests. A long command asks {@link #requested} between updates, saves what it
 * has and stops with {@link #stop}. A command that does not get to asking within the grace period is
 * ended from outside; files are only ever replaced whole, so that loses nothing that was written before.
 */
final class Interruption {
  private static final Duration GRACE = Duration.ofMillis(800);
  private static final AtomicInteger SIGNALS = new AtomicInteger();
  private static volatile boolean acknowledged;

  /** The run was stopped on the user's request; the message says what was kept. */
  static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Interrupted(String message) {
      super(message);
    }
  }

  private Interruption() {}

  /** Catches SIGINT and SIGTERM from now on. */
  static void listen() {
    for (String name : new String[] {"INT", "TERM"}) {
      Signal.handle(new Signal(name), signal -> arrived());
    }
  }

  private static void arrived() {
    if (SIGNALS.incrementAndGet() > 1) {
      System.err.println("rgflow: interrupted twice; stopped at once");
      Runtime.getRuntime().halt(Main.ERROR);
    }
    Thread.ofPlatform().daemon().name("rgflow-interruption").start(() -> {
      try {
        Thread.sleep(GRACE);
      } catch (InterruptedException e) {
        return;
      }
      if (!acknowledged) {
        System.err.println("rgflow: interrupted; files written before are intact");
        System.exit(Main.ERROR);
      }
    });
  }

  /** Whether the user asked to stop. Whoever asks and is told so stops soon, and is left the time to save. */
  static boolean requested() {
    boolean requested = SIGNALS.get() > 0;
    acknowledged |= requested;
    return requested;
  }

  /** What a command throws after it has stopped in good order. */
  static Interrupted stop(String kept) {
    return new Interrupted("interrupted; " + kept);
  }
}
