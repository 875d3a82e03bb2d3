package org.rgflow.bench;

import java.util.Arrays;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.Normals;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.sampler.Integrator;

/**
 * Time of the leapfrog integration of φ⁴, the inner loop of HMC. Every trajectory starts, as in HMC, from a field that
 * is copied and momenta that are new, both written by the device, so that they lie in the caches of the threads that
 * need them; that is not timed, nor are energies and decisions.
 */
public final class LeapfrogBench {
  /**
   * A timing.
   *
   * @param nanosecondsPerSiteStep median over the repetitions, per site, replica and force evaluation
   * @param minimum the fastest repetition
   */
  public record Timing(Lattice lattice, int replicas, double nanosecondsPerSiteStep, double minimum) {}

  static final double MASS2 = -4;
  static final double LAMBDA = 4.807;

  private static final int SAMPLES = 20;
  private static final int STEPS = 10;

  private LeapfrogBench() {}

  /** Sites times force evaluations of a trajectory of all replicas. */
  static double siteSteps(Lattice lattice, int replicas) {
    return (double) new FieldLayout(lattice, replicas).size() * (STEPS + 1);
  }

  /**
   * Runs trajectories of ten steps for about {@code seconds} after a warm-up of the same length.
   *
   * @throws IllegalArgumentException if {@code seconds} is not positive
   */
  public static Timing run(Device device, Lattice lattice, int replicas, double seconds) {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("a benchmark needs a positive time, not " + seconds);
    }
    FieldLayout layout = new FieldLayout(lattice, replicas);
    Phi4Action action = Phi4Action.gerdes(MASS2, LAMBDA);
    float[] phi = new float[layout.size()];
    float[] p = new float[layout.size()];
    float[][] moved = {new float[layout.size()], new float[layout.size()]};
    for (int i = 0; i < phi.length; i++) {
      phi[i] = (float) Math.sin(i * 0.7);
    }
    float[] stages = new float[2 * STEPS + 1];
    Integrator.LEAPFROG.stages(0.05, STEPS, stages);
    float h = (float) action.hopping();
    float u = (float) action.quadratic();
    float g = (float) action.quartic();
    Program program = new Program("leapfrog");
    float[] from = phi;
    for (int s = 0; s < STEPS; s++) {
      program.add(new KickDrift(from, p, moved[s % 2], stages, s, h, u, g, lattice.lx(), lattice.ly(), layout.lanes()));
      from = moved[s % 2];
    }
    program.add(new Kick(from, p, stages, STEPS, h, u, g, lattice.lx(), lattice.ly(), layout.lanes()));
    double work = siteSteps(lattice, replicas);
    Program reset = new Program("leapfrog start")
        .add(new CopyValues(phi.clone(), phi, layout.blocks()))
        .add(new Normals(p, layout.blocks(), new RandomStream(1).buffer(), Streams.MOMENTA));
    try (Session session = device.open(reset, program)) {
      double[] samples = new double[SAMPLES];
      for (int i = -SAMPLES; i < SAMPLES; i++) {
        long until = System.nanoTime() + (long) (1e9 * seconds / SAMPLES);
        long spent = 0;
        long trajectories = 0;
        do {
          session.run(reset);
          long begin = System.nanoTime();
          session.run(program);
          spent += System.nanoTime() - begin;
          trajectories++;
        } while (System.nanoTime() < until);
        samples[Math.max(0, i)] = spent / (work * trajectories);
      }
      Arrays.sort(samples);
      return new Timing(lattice, replicas, samples[SAMPLES / 2], samples[0]);
    }
  }

  /** A launch of nothing that counts as worth all threads. */
  private record Nothing(int threads) implements Launch {
    @Override
    public int items() {
      return threads;
    }

    @Override
    public int cost() {
      return Integer.MAX_VALUE / threads;
    }

    @Override
    public void run(int begin, int end) {}
  }

  /** What it takes two threads to wait for each other. */
  static double barrierNanoseconds(double seconds) {
    int barriers = 100;
    Program program = new Program("barriers");
    for (int i = 0; i < barriers; i++) {
      program.add(new Nothing(2));
    }
    try (JvmDevice device = new JvmDevice(2); Session session = device.open(program)) {
      double[] times = Repetitions.time(() -> session.run(program), seconds);
      Arrays.sort(times);
      return times[times.length / 2] / barriers;
    }
  }
}
