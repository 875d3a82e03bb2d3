package org.rgflow.bench;

import java.util.Arrays;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.launch.ModeUpdate;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.spectral.Regulators;

/**
 * Time of one exact Polchinski step of many replicas: to modes, x ← a x + √n ξ, back to sites; with the noise
 * drawn in the step, and without (taken from a buffer filled before), as the FFTW peer
 * {@code benchmarks/polchinski_fftw.c} does it.
 */
public final class PolchinskiStepBench {
  /**
   * Times in nanoseconds per site and replica, medians of the runs.
   *
   * @param transform name of the Fourier transform used
   * @param nsPerSite the whole step
   * @param nsPerSiteTransforms the step with noise drawn beforehand
   * @param nsPerNormal drawing one normal into a buffer
   */
  public record Result(Lattice lattice, int replicas, int threads, String transform, double nsPerSite,
      double nsPerSiteTransforms, double nsPerNormal) {}

  private static final double SECONDS = 0.2;

  private PolchinskiStepBench() {}

  /** Times the transform that {@link FourierTransforms} chooses. */
  public static Result run(Lattice lattice, int replicas, int threads) {
    return run(FourierTransforms.of(new FieldLayout(lattice, replicas)), threads);
  }

  /** Times a given transform; takes about four seconds. */
  public static Result run(ModeTransform transform, int threads) {
    FieldLayout layout = transform.layout();
    LatticeModes modes = new LatticeModes(layout.lattice());
    double[] energies = modes.energies();
    double[] covariance = Arrays.stream(energies).map(e -> 1 / (e + 1)).toArray();
    ModeSchedule.Transition transition = new ModeSchedule(covariance, energies, new Regulators.Exponential())
        .transition(4, 3.9, ModeSchedule.Variable.FIELD);
    float[] decay = transition.decayFloats();
    float[] noise = transition.noiseFloats();
    float[] field = new float[layout.size()];
    float[] coefficients = new float[layout.size()];
    float[] xi = new float[layout.size()];
    RandomStream stream = new RandomStream(1);
    Program step = new Program("polchinski")
        .addAll(transform.forward(field, coefficients))
        .add(new OrnsteinUhlenbeck(coefficients, decay, noise, layout.lanes(), stream.buffer(), Streams.FLOW))
        .addAll(transform.inverse(coefficients, field))
        .input((Object) stream.buffer());
    Program given = new Program("polchinski-given-noise")
        .addAll(transform.forward(field, coefficients))
        .add(new ModeUpdate(coefficients, decay, noise, xi, layout.lanes()))
        .addAll(transform.inverse(coefficients, field));
    Program draw = new Program("normals")
        .add(new Normals(xi, layout.blocks(), stream.buffer(), Streams.FLOW))
        .input((Object) stream.buffer());
    try (JvmDevice device = new JvmDevice(threads); Session session = device.open(step, given, draw)) {
      for (Program program : new Program[] {draw, given, step}) {
        nanoseconds(session, program, stream, 0.5);
      }
      double normals = nanoseconds(session, draw, stream, SECONDS) / layout.size();
      double whole = nanoseconds(session, step, stream, SECONDS) / layout.size();
      double transforms = nanoseconds(session, given, stream, SECONDS) / layout.size();
      return new Result(layout.lattice(), layout.replicas(), threads, transform.getClass().getSimpleName(), whole,
          transforms, normals);
    }
  }

  /** Median time of one run. */
  private static double nanoseconds(Session session, Program program, RandomStream stream, double seconds) {
    double[] times = Repetitions.time(() -> {
      session.run(program);
      stream.advance();
    }, seconds);
    Arrays.sort(times);
    return times[times.length / 2];
  }
}
