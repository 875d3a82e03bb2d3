package org.rgflow.training.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.rgflow.bench.LaunchProfile;

/**
 * The speed of the image half. Ours and the peer run in turns, and a row states the median of the ratios of
 * neighbouring runs, with the least and the greatest, so that a machine that is slow for a while is slow for both.
 *
 * <p>GFLOP/s are 2 · multiply-accumulates of convolutions, linear layers and 1×1 projections in a second, three times
 * that in training, whatever route the arithmetic takes.
 */
public final class ImagesBench {
  /** The parts of the table. */
  public enum Part {
    INFERENCE("images/s of a forward pass", "rgflow", "PyTorch", "goal"),
    TRAINING("images/s of a training step", "rgflow", "PyTorch", "goal"),
    MATRIX("matrix products of the networks, GFLOP/s", "rgflow", "OpenBLAS", "goal"),
    CONVOLUTION("3x3 convolutions of the networks, GFLOP/s", "Winograd", "GEMM", ""),
    TABLE1("Table 1 of 2402.17090, sampler steps/s", "rgflow", "DDPM", "paper");

    private final String title;
    private final String value;
    private final String reference;
    private final String target;

    Part(String title, String value, String reference, String target) {
      this.title = title;
      this.value = value;
      this.reference = reference;
      this.target = target;
    }

    /** Name in lower case, as users write it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Heading of the part, with the unit of its values. */
    public String title() {
      return title;
    }

    /** Whose the values are. */
    public String value() {
      return value;
    }

    /** Whose the references are. */
    public String reference() {
      return reference;
    }

    /** What the ratios are held against: a goal, a published ratio, or nothing. */
    public String target() {
      return target;
    }
  }

  /** Of the paired runs; above 1 the value is the faster one. */
  public record Ratio(double median, double least, double greatest) {
    /** @param seconds of ours and of the other, round by round */
    static Ratio of(double[] ours, double[] others) {
      double[] ratios = new double[ours.length];
      Arrays.setAll(ratios, i -> others[i] / ours[i]);
      Arrays.sort(ratios);
      return new Ratio(Rounds.median(ratios), ratios[0], ratios[ratios.length - 1]);
    }
  }

  /**
   * One line of the table.
   *
   * @param id stable name
   * @param what for people
   * @param value in the part's unit, median of the rounds
   * @param reference the same of the peer; empty if it could not be measured
   * @param ratio of both
   * @param target what the ratio is held against
   * @param gigaflops GFLOP/s of {@code value}
   * @param note what else there is to say
   */
  public record Row(Part part, String id, String what, double value, OptionalDouble reference, Optional<Ratio> ratio,
      OptionalDouble target, double gigaflops, String note) {}

  /** Sees the table as it grows; may throw to end it. */
  public interface Monitor {
    void row(Row row);

    /** Where a network's time goes, the slowest launches first; {@code seconds} of all launches. */
    void profile(String what, double seconds, List<LaunchProfile.Line> slowest);

    /** Why something is missing; one line. */
    void note(String line);

    /** Called between runs. */
    void progress(String what, int done, int total);
  }

  /** How long it takes. */
  public enum Length {
    /** About three minutes on two processors: three rounds of each. */
    QUICK,
    /** Less than ten minutes on two processors. */
    FULL
  }

  private final Set<Part> parts;
  private final Length length;
  private final int threads;
  private final int profiled;
  private final Monitor monitor;

  /**
   * @param parts which are measured
   * @param threads of the networks, ours and the peer's; matrix products are also measured on one
   * @param profiled the monitor learns this many of the slowest kinds of launches of each network; 0 for none
   * @throws IllegalArgumentException if there is no part or no thread, or {@code profiled} is negative
   */
  public ImagesBench(Set<Part> parts, Length length, int threads, int profiled, Monitor monitor) {
    if (parts.isEmpty() || threads < 1) {
      throw new IllegalArgumentException("a benchmark needs at least one part of the table and one thread");
    }
    if (profiled < 0) {
      throw new IllegalArgumentException("a profile has no " + profiled + " lines");
    }
    this.profiled = profiled;
    this.parts = Set.copyOf(parts);
    this.length = length;
    this.threads = threads;
    this.monitor = monitor;
  }

  /**
   * Measures everything that was asked for.
   *
   * @throws IOException if the temporary folder of a peer cannot be written
   */
  public void run() throws IOException {
    Rounds rounds = new Rounds(length, monitor);
    List<Part> networks = List.of(Part.INFERENCE, Part.TRAINING);
    if (networks.stream().anyMatch(parts::contains)) {
      try (NetworkPeer peer = NetworkPeer.open(threads, monitor)) {
        for (Part part : networks) {
          if (parts.contains(part)) {
            new NetworkRows(part, threads, profiled, rounds, monitor).run(peer);
          }
        }
      }
    }
    if (parts.contains(Part.MATRIX)) {
      new MatrixRows(threads, rounds, monitor).run();
    }
    if (parts.contains(Part.CONVOLUTION)) {
      new ConvolutionRows(threads, rounds, monitor).run();
    }
    if (parts.contains(Part.TABLE1)) {
      new Table1Rows(threads, rounds, monitor).run();
    }
  }
}
