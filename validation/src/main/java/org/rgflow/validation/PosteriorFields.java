package org.rgflow.validation;

import java.util.Arrays;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.Normals;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;

/**
 * Draws of φ_0 given φ_t for many fields side by side: what {@link PosteriorChain} does for one on a tiny lattice.
 * Hybrid Monte Carlo in mode space for e^(−S(φ) − ½ Σ κ_k (c_k − y_k)²), κ = a²/n and y = φ_t/a, with a mass for every
 * mode; modes without noise stay as they are. Started from the φ_0 from which φ_t came, it is in equilibrium from the
 * beginning, and its end is an independent draw once it has forgotten its start.
 */
final class PosteriorFields implements AutoCloseable {
  private static final int STEPS = 5;
  private static final double STEP = 0.3;
  /** Of the order of 12 λ⟨φ²⟩ + 2m²: only the efficiency depends on it. */
  private static final double STIFFNESS = 4;
  private static final int MOMENTA = Streams.VALIDATION + 1;
  private static final int DECISIONS = Streams.VALIDATION + 2;

  private final FieldLayout layout;
  private final Phi4Action action;
  private final double[] momentum2;
  /** Mode and replica of each element of a buffer. */
  private final int[] mode;
  private final int[] replica;
  private final RandomStream stream;
  private final float[] c;
  private final float[] phi;
  private final float[] cube;
  private final float[] force;
  private final float[] momentum;
  private final float[] old;
  private final float[] target;
  /** κ of each mode, and the inverse root of its mass, 0 for modes that stay. */
  private final double[] precision;
  private final double[] lightness;
  private final Program field;
  private final Program cubic;
  private final Program draw;
  private final Session session;

  /** @param action GERDES */
  PosteriorFields(Device device, FieldLayout layout, Phi4Action action, RandomStream stream) {
    this.layout = layout;
    this.action = action;
    this.stream = stream;
    momentum2 = new LatticeModes(layout.lattice()).energies();
    c = new float[layout.size()];
    mode = new int[c.length];
    replica = new int[c.length];
    for (int r = 0; r < layout.paddedReplicas(); r++) {
      for (int k = 0; k < momentum2.length; k++) {
        mode[layout.index(r, k)] = k;
        replica[layout.index(r, k)] = r;
      }
    }
    phi = new float[c.length];
    cube = new float[c.length];
    force = new float[c.length];
    momentum = new float[c.length];
    old = new float[c.length];
    target = new float[c.length];
    precision = new double[momentum2.length];
    lightness = new double[momentum2.length];
    ModeTransform transform = FourierTransforms.of(layout, device);
    field = new Program("field").input(c).addAll(transform.inverse(c, phi)).output(phi);
    cubic = new Program("cubic force").input(cube).addAll(transform.forward(cube, force)).output(force);
    draw = new Program("momenta").input(stream.buffer())
        .add(new Normals(momentum, layout.blocks(), stream.buffer(), MOMENTA)).output(momentum);
    session = device.open(field, cubic, draw);
  }

  /**
   * Chooses what is given.
   *
   * @param flowed mode coefficients of φ_t
   * @param transition from φ_0 to φ_t
   */
  void condition(float[] flowed, ModeSchedule.Transition transition) {
    for (int k = 0; k < precision.length; k++) {
      double a = transition.decay()[k];
      double root = transition.noise()[k];
      precision[k] = root == 0 ? 0 : a * a / (root * root);
      lightness[k] = root == 0 ? 0 : 1 / Math.sqrt(precision[k] + 2 * momentum2[k] + STIFFNESS);
    }
    for (int i = 0; i < target.length; i++) {
      target[i] = (float) (flowed[i] / transition.decay()[mode[i]]);
    }
  }

  /** Mode coefficients of φ_0, to be given before {@link #run}, which replaces them. */
  float[] coefficients() {
    return c;
  }

  /** The fields of the coefficients after {@link #run}. */
  float[] fields() {
    return phi;
  }

  /** S of each field. */
  double[] actions() {
    session.run(field);
    double[] sum = new double[layout.paddedReplicas()];
    for (int i = 0; i < c.length; i++) {
      double square = (double) phi[i] * phi[i];
      sum[replica[i]] += (momentum2[mode[i]] + action.mass2()) * c[i] * c[i] + action.lambda() * square * square;
    }
    return sum;
  }

  /** S and what is given, as an energy of each field. */
  private double[] energies() {
    double[] sum = actions();
    for (int i = 0; i < c.length; i++) {
      double x = c[i] - target[i];
      sum[replica[i]] += 0.5 * precision[mode[i]] * x * x;
    }
    return sum;
  }

  private void addKinetic(double[] energy) {
    for (int i = 0; i < momentum.length; i++) {
      energy[replica[i]] += 0.5 * momentum[i] * momentum[i];
    }
  }

  /** Moves the coefficients by trajectories. */
  void run(int count) {
    double[] energy = energies();
    for (int t = 0; t < count; t++) {
      stream.advance();
      session.run(draw);
      System.arraycopy(c, 0, old, 0, c.length);
      double[] begin = energy.clone();
      addKinetic(begin);
      session.run(field); // it is still that of what was rejected
      kick(0.5 * STEP);
      for (int s = 0; s < STEPS; s++) {
        for (int i = 0; i < c.length; i++) {
          c[i] += (float) (STEP * lightness[mode[i]]) * momentum[i];
        }
        session.run(field);
        kick(s < STEPS - 1 ? STEP : 0.5 * STEP);
      }
      double[] proposed = energies();
      double[] end = proposed.clone();
      addKinetic(end);
      boolean[] rejected = new boolean[end.length];
      for (int r = 0; r < end.length; r++) {
        double u = PhiloxKernels.uniform(PhiloxKernels.word(0, r, DECISIONS, stream.buffer()));
        rejected[r] = !(u < Math.exp(begin[r] - end[r]));
        if (!rejected[r]) {
          energy[r] = proposed[r];
        }
      }
      for (int i = 0; i < c.length; i++) {
        if (rejected[replica[i]]) {
          c[i] = old[i];
        }
      }
    }
    session.run(field);
  }

  private void kick(double step) {
    float coupling = (float) (4 * action.lambda());
    for (int i = 0; i < phi.length; i++) {
      cube[i] = coupling * phi[i] * phi[i] * phi[i];
    }
    session.run(cubic);
    double[] quadratic = new double[momentum2.length];
    Arrays.setAll(quadratic, k -> 2 * (momentum2[k] + action.mass2()) + precision[k]);
    for (int i = 0; i < momentum.length; i++) {
      int k = mode[i];
      double slope = force[i] + quadratic[k] * c[i] - precision[k] * target[i];
      momentum[i] -= (float) (step * lightness[k] * slope);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
