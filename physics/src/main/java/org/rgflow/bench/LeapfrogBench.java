package org.rgflow.bench;

import java.util.Arrays;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.sampler.Integrator;

/**
 * Time of the leapfrog integration of φ⁴, the inner loop of HMC. Every trajectory starts, as in HMC, from a field that
 * is copied and momenta that are new; that is not timed, nor are energies and decisions.
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

  private LeapfrogBench() {}

  private static final int SAMPLES = 20;

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
    int steps = 10;
    float[] phi = new float[layout.size()];
    float[] p = new float[layout.size()];
    float[][] moved = {new float[layout.size()], new float[layout.size()]};
    for (int i = 0; i < phi.length; i++) {
      phi[i] = (float) Math.sin(i * 0.7);
      p[i] = (float) Math.cos(i * 1.3);
    }
    float[] stages = new float[2 * steps + 1];
    Integrator.LEAPFROG.stages(0.05, steps, stages);
    float h = (float) action.hopping();
    float u = (float) action.quadratic();
    float g = (float) action.quartic();
    Program program = new Program("leapfrog");
    float[] from = phi;
    for (int s = 0; s < steps; s++) {
      program.add(new KickDrift(from, p, moved[s % 2], stages, s, h, u, g, lattice.lx(), lattice.ly(), layout.lanes()));
      from = moved[s % 2];
    }
    program.add(new Kick(from, p, stages, steps, h, u, g, lattice.lx(), lattice.ly(), layout.lanes()));
    double work = (double) layout.lattice().sites() * layout.paddedReplicas() * (steps + 1);
    float[] field = phi.clone();
    float[] momenta = p.clone();
    try (Session session = device.open(program)) {
      double[] samples = new double[SAMPLES];
      for (int i = -SAMPLES; i < SAMPLES; i++) {
        long until = System.nanoTime() + (long) (1e9 * seconds / SAMPLES);
        long spent = 0;
        long trajectories = 0;
        do {
          System.arraycopy(field, 0, phi, 0, phi.length);
          System.arraycopy(momenta, 0, p, 0, p.length);
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
}
