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
final class LeapfrogBench implements AutoCloseable {
  static final double MASS2 = -4;
  static final double LAMBDA = 4.807;

  private static final int STEPS = 10;

  private final Program start;
  private final Program trajectory;
  private final Session session;
  private final double siteSteps;

  /**
   * @throws IllegalArgumentException if the fields do not fit into an array
   */
  LeapfrogBench(Device device, Lattice lattice, int replicas) {
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
    trajectory = new Program("leapfrog");
    float[] from = phi;
    for (int s = 0; s < STEPS; s++) {
      trajectory.add(
          new KickDrift(from, p, moved[s % 2], stages, s, h, u, g, lattice.lx(), lattice.ly(), layout.lanes()));
      from = moved[s % 2];
    }
    trajectory.add(new Kick(from, p, stages, STEPS, h, u, g, lattice.lx(), lattice.ly(), layout.lanes()));
    start = new Program("leapfrog start")
        .add(new CopyValues(phi.clone(), phi, layout.blocks()))
        .add(new Normals(p, layout.blocks(), new RandomStream(1).buffer(), Streams.MOMENTA));
    siteSteps = (double) layout.size() * (STEPS + 1);
    session = device.open(start, trajectory);
  }

  /** Sites times force evaluations of a trajectory of all replicas. */
  double siteSteps() {
    return siteSteps;
  }

  /** Runs trajectories for about {@code seconds}; returns the nanoseconds per site, replica and force evaluation. */
  double nanosecondsPerSiteStep(double seconds) {
    return Arrays.stream(trajectories(seconds)).average().orElseThrow() / siteSteps;
  }

  /** {@link #nanosecondsPerSiteStep} in the median trajectory, as if no processor were ever taken away. */
  double typicalNanosecondsPerSiteStep(double seconds) {
    double[] spent = trajectories(seconds);
    Arrays.sort(spent);
    return spent[spent.length / 2] / siteSteps;
  }

  /** Nanoseconds of each trajectory. */
  private double[] trajectories(double seconds) {
    long until = System.nanoTime() + (long) (1e9 * seconds);
    double[] spent = new double[1024];
    int count = 0;
    do {
      if (count == spent.length) {
        spent = Arrays.copyOf(spent, 2 * count);
      }
      session.run(start);
      long begin = System.nanoTime();
      session.run(trajectory);
      spent[count++] = System.nanoTime() - begin;
    } while (System.nanoTime() < until);
    return Arrays.copyOf(spent, count);
  }

  @Override
  public void close() {
    session.close();
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
