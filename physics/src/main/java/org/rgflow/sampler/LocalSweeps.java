package org.rgflow.sampler;

import java.util.Arrays;
import java.util.Map;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.CountAccepted;
import org.rgflow.launch.MetropolisHits;
import org.rgflow.launch.Overrelaxation;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.Streams;

/**
 * Sweeps of local updates over all sites, colour by colour: Metropolis hits and overrelaxation, with
 * the range of the proposals and the stiffness ũ of the reflections as adapted parameters.
 */
final class LocalSweeps {
  static final String RANGE = "range";
  static final String STIFFNESS = "stiffness";
  private static final int COUNTED_TOGETHER = 4096;
  private static final double TARGET_ACCEPTANCE = 0.5;
  private static final int MAX_OVERRELAXATION = 500;
  private static final int OVERRELAXATION_STREAMS = 0x800;

  private final Phi4Action action;
  private final FieldLayout layout;
  private final float[] field;
  private final int[] stream;
  private final int[][] accepted;
  private final double[][] counts;
  private final Program counting;
  private final int[][] neighbourhoods;
  private final float[] range = new float[1];
  private final float[] inverse = new float[1];
  private double stiffness;
  private int metropolisStreams;
  private int overrelaxationStreams;
  private long hitsPerUpdate;
  private long updates;
  private long updatesAtTune;
  private double acceptedAtTune;

  LocalSweeps(Phi4Action action, FieldLayout layout, float[] field, int[] stream) {
    this.action = action;
    this.layout = layout;
    this.field = field;
    this.stream = stream;
    Checkerboard checkerboard = new Checkerboard(layout.lattice());
    neighbourhoods = new int[checkerboard.colours()][];
    accepted = new int[checkerboard.colours()][];
    counts = new double[checkerboard.colours()][];
    counting = new Program("count accepted");
    for (int colour = 0; colour < neighbourhoods.length; colour++) {
      neighbourhoods[colour] = checkerboard.neighbourhood(layout, colour);
      accepted[colour] = new int[layout.blocks() * (neighbourhoods[colour].length / 5) * Checkerboard.width(layout)];
      counts[colour] = new double[Math.ceilDiv(accepted[colour].length, COUNTED_TOGETHER)];
      counting.input(counts[colour]).add(new CountAccepted(accepted[colour], counts[colour], COUNTED_TOGETHER))
          .output(counts[colour]);
    }
    // The variance 1/(2ũ) of a single site, self-consistent to first order: ũ = u + 6g/(2ũ).
    double u = action.quadratic();
    double alone = 0.5 * (u + Math.sqrt(u * u + 12 * action.quartic()));
    setStiffness(Math.max(alone, 1e-3 * action.hopping()));
    range[0] = (float) (1.5 / Math.sqrt(2 * stiffness));
  }

  /**
   * Appends a sweep of Metropolis hits and sweeps of overrelaxation.
   *
   * @throws IllegalArgumentException if there are fewer than 0 or more than 500 of the latter
   */
  void record(Program program, int hits, int overrelaxation) {
    if (overrelaxation < 0 || overrelaxation > MAX_OVERRELAXATION) {
      throw new IllegalArgumentException(
          overrelaxation + " overrelaxation sweeps: must be between 0 and " + MAX_OVERRELAXATION);
    }
    recordMetropolis(program, hits);
    for (int sweep = 0; sweep < overrelaxation; sweep++) {
      recordOverrelaxation(program);
    }
  }

  private void recordMetropolis(Program program, int hits) {
    for (int colour = 0; colour < neighbourhoods.length; colour++) {
      program.add(new MetropolisHits(field, accepted[colour], neighbourhoods[colour], Checkerboard.width(layout),
          blockSize(), (float) action.hopping(), (float) action.quadratic(), (float) action.quartic(), range, hits,
          stream, Streams.METROPOLIS + metropolisStreams));
      metropolisStreams += (hits + 1) / 2;
    }
    hitsPerUpdate += (long) hits * field.length;
    program.input(range);
  }

  private void recordOverrelaxation(Program program) {
    for (int[] neighbourhood : neighbourhoods) {
      program.add(new Overrelaxation(field, neighbourhood, Checkerboard.width(layout), blockSize(),
          (float) action.hopping(), (float) action.quadratic(), (float) action.quartic(), inverse, stream,
          Streams.METROPOLIS + OVERRELAXATION_STREAMS + overrelaxationStreams));
      overrelaxationStreams++;
    }
    program.input(inverse);
  }

  private int blockSize() {
    return layout.lattice().sites() * layout.lanes();
  }

  /** The program that must be opened along with the one that holds the sweeps. */
  Program counting() {
    return counting;
  }

  /** Counts an update whose program holds the recorded sweeps. */
  void countUpdate() {
    updates++;
  }

  double acceptance(Session session) {
    return updates == 0 ? Double.NaN : accepted(session) / ((double) hitsPerUpdate * updates);
  }

  void resetAcceptance(Session session) {
    session.run(counting);
    for (double[] some : counts) {
      Arrays.fill(some, 0);
    }
    updates = 0;
    updatesAtTune = 0;
    acceptedAtTune = 0;
  }

  private double accepted(Session session) {
    session.run(counting);
    double sum = 0;
    for (double[] some : counts) {
      for (double count : some) {
        sum += count;
      }
    }
    return sum;
  }

  /**
   * Scales the proposals so that half of them are accepted, and sets the reflections' mean to the best
   * linear prediction of a site from its neighbours: c = b ⟨φb⟩/⟨b²⟩, so ũ = ⟨b²⟩/(2⟨φb⟩).
   */
  void tune(Session session) {
    if (updates == updatesAtTune) {
      return;
    }
    double total = accepted(session);
    double rate = (total - acceptedAtTune) / ((double) hitsPerUpdate * (updates - updatesAtTune));
    range[0] *= (float) Math.clamp(rate / TARGET_ACCEPTANCE, 0.5, 2);
    acceptedAtTune = total;
    updatesAtTune = updates;
    if (action.quartic() > 0) {
      session.download(field);
      double h = action.hopping();
      double fieldTilt = 0;
      double tiltTilt = 0;
      for (int[] table : neighbourhoods) {
        int rows = table.length / 5;
        for (int base = 0; base < field.length; base += blockSize()) {
          for (int row = 0; row < rows; row++) {
            for (int lane = base; lane < base + Checkerboard.width(layout); lane++) {
              double b = h * (field[lane + table[rows + row]] + field[lane + table[2 * rows + row]]
                  + field[lane + table[3 * rows + row]] + field[lane + table[4 * rows + row]]);
              fieldTilt += field[lane + table[row]] * b;
              tiltTilt += b * b;
            }
          }
        }
      }
      if (fieldTilt > 0) {
        setStiffness(tiltTilt / (2 * fieldTilt));
      }
    }
  }

  private void setStiffness(double value) {
    stiffness = value;
    inverse[0] = (float) (0.5 / value);
  }

  Map<String, Double> tuning() {
    return Map.of(RANGE, (double) range[0], STIFFNESS, stiffness);
  }

  void restoreTuning(Map<String, Double> tuning) {
    double width = Tuning.positive(tuning, RANGE);
    setStiffness(Tuning.positive(tuning, STIFFNESS));
    range[0] = (float) width;
  }
}
