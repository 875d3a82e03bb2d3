package org.rgflow.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import sun.misc.Signal;

/**
 * Ctrl-C and termination requests. A long command asks {@link #requested} between updates, saves what it
 * has and stops with {@link #stop}. A command that does not get to asking within the grace period, or
 * twice the longest time that it has let pass between two questions, is ended from outside, unless it has asked
 * to {@link #waitForQuestions}; files are only ever replaced whole, so that loses nothing that was written before.
 */
final class Interruption {
  private static final Duration GRACE = Duration.ofMillis(800);
  /** Signals as close as this are one: timeout(1) and job managers signal a process and then its whole group. */
  private static final Duration TOGETHER = Duration.ofMillis(300);
  private static long firstArrival;
  private static volatile long lastQuestion;
  private static volatile long longestSilence;
  private static volatile boolean arrived;
  private static volatile boolean acknowledged;
  private static volatile boolean waiting;
  private static final Supplier<String> NOTHING_TO_SHOW = () -> "files written before are intact";
  private static volatile Supplier<String> lastWords = NOTHING_TO_SHOW;

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

  private static synchronized void arrived() {
    long now = System.nanoTime();
    if (arrived) {
      if (now - firstArrival > TOGETHER.toNanos()) {
        System.err.println("rgflow: interrupted twice; stopped at once");
        Runtime.getRuntime().halt(Main.ERROR);
      }
      return;
    }
    firstArrival = now;
    arrived = true;
    Thread.ofPlatform().daemon().name("rgflow-interruption").start(() -> {
      try {
        Thread.sleep(Math.max(GRACE.toMillis(), Duration.ofNanos(2 * longestSilence).toMillis()));
      } catch (InterruptedException e) {
        return;
      }
      if (!acknowledged && waiting) {
        System.err.println("rgflow: stopping as soon as this step is done; interrupt again to stop at once");
      } else if (!acknowledged) {
        System.err.println("rgflow: interrupted; " + lastWords.get());
        System.exit(Main.ERROR);
      }
    });
  }

  /** From now on one interrupt waits for the next question, however long that takes: there is much to be saved. */
  static void waitForQuestions() {
    waiting = true;
  }

  /**
   * A command that does not ask shows its results up to there when it is ended, and says so.
   *
   * @param show runs on another thread, while the command goes on; returns what the user is told
   */
  static void beforeTheEnd(Supplier<String> show) {
    lastWords = show;
  }

  /** All is shown, or written. */
  static void nothingToShow() {
    lastWords = NOTHING_TO_SHOW;
  }

  /** Whether the user asked to stop. Whoever asks and is told so stops soon, and is left the time to save. */
  static boolean requested() {
    long now = System.nanoTime();
    if (lastQuestion != 0) {
      longestSilence = Math.max(longestSilence, now - lastQuestion);
    }
    lastQuestion = now;
    acknowledged |= arrived;
    return arrived;
  }

  /**
   * What to tell the user of a command that ended by itself, if it was because of an interrupt. The command's results
   * up to there are shown.
   */
  static Optional<String> lastWords() {
    acknowledged |= arrived;
    return arrived ? Optional.of("interrupted; " + lastWords.get()) : Optional.empty();
  }

  /** What a command throws after it has stopped in good order. */
  static Interrupted stop(String kept) {
    return new Interrupted("interrupted; " + kept);
  }
}
