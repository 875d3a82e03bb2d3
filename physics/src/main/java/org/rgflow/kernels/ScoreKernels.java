package org.rgflow.kernels;

/**
 * What a score model of lattice fields needs beside its network: the ways between modes, fields and the network's
 * samples, the steps of its reverse diffusion, and the examples of its training. Fields and modes are laid out as
 * {@code [block][site][lane]} (see FieldLayout) with {@value #LANES} lanes; the network's samples as {@code
 * [replica][site]}, replica = block · lanes + lane. An element is one mode or site of one replica. Steps are taken in
 * double, from fields in float to fields in float.
 */
public final class ScoreKernels {
  /** Replicas of a block. */
  public static final int LANES = VectorFieldKernels.LANES;

  /** Numbers of a mode in the table of a path: G, ε, C₀ and the excess ⟨g²⟩. */
  public static final int PATH_ROWS = 4;

  /** Stages of a Runge–Kutta step. */
  public static final int STAGES = 4;

  /** The stage of {@link #rungeKuttaPlace} that ends a step. */
  public static final int END = STAGES;

  private static final int SYMMETRIES = 8;

  private ScoreKernels() {}

  /** A field to one of the {@code inputs} of the network, item = replica · sites + site. */
  public static void toSamples(int item, float[] x, float[] y, int sites, int inputs, int which) {
    int replica = item / sites;
    int site = item % sites;
    y[item * inputs + which] = x[(replica / LANES * sites + site) * LANES + replica % LANES];
  }

  /** {@link #toSamples} on the replicas {@code begin <= replica < end}. */
  public static void allToSamples(int begin, int end, float[] x, float[] y, int sites, int inputs, int which) {
    for (int replica = begin; replica < end; replica++) {
      int from = replica / LANES * sites * LANES + replica % LANES;
      int to = replica * sites * inputs + which;
      for (int site = 0; site < sites; site++) {
        y[to + site * inputs] = x[from + site * LANES];
      }
    }
  }

  /** The network's field to a field, item = replica · sites + site. */
  public static void fromSamples(int item, float[] x, float[] y, int sites) {
    int replica = item / sites;
    int site = item % sites;
    y[(replica / LANES * sites + site) * LANES + replica % LANES] = x[item];
  }

  /** {@link #fromSamples} on the replicas {@code begin <= replica < end}. */
  public static void allFromSamples(int begin, int end, float[] x, float[] y, int sites) {
    for (int replica = begin; replica < end; replica++) {
      int to = replica / LANES * sites * LANES + replica % LANES;
      int from = replica * sites;
      for (int site = 0; site < sites; site++) {
        y[to + site * LANES] = x[from + site];
      }
    }
  }

  /** y ← (first · x, second · x), one behind the other. */
  public static void mirror(int element, float[] x, float[] y, float first, float second, int length) {
    y[element] = first * x[element];
    y[length + element] = second * x[element];
  }

  /** y ← ½ (x + sign · x'), x' behind x: the odd or even part of a function at mirrored arguments. */
  public static void fold(int element, float[] x, float[] y, float sign, int length) {
    y[element] = 0.5f * (x[element] + sign * x[length + element]);
  }

  /** out ← x · y. */
  public static void product(int element, float[] out, float[] x, float[] y) {
    out[element] = x[element] * y[element];
  }

  /** out ← scale[mode] · x. */
  public static void scaled(int element, float[] out, float[] x, double[] scale, int sites) {
    out[element] = (float) (scale[element / LANES % sites] * x[element]);
  }

  /**
   * A step of the reverse diffusion on one replica, with the force f at its beginning: u' = decay u + drift f +
   * deviation ξ, and what it adds to the logarithm of the density, Σ (strength f ξ + ½ strength² f²).
   *
   * @param coefficients decay, drift, deviation and strength, [of them][mode]
   */
  public static void reverseStep(
      int replica, float[] u, float[] force, float[] noise, double[] logDensity, double[] coefficients, int sites) {
    int at = replica / LANES * sites * LANES + replica % LANES;
    double density = logDensity[replica];
    for (int k = 0; k < sites; k++) {
      double f = force[at + k * LANES];
      double xi = noise[at + k * LANES];
      double strength = coefficients[3 * sites + k];
      u[at + k * LANES] = (float) (coefficients[k] * u[at + k * LANES] + coefficients[sites + k] * f
          + coefficients[2 * sites + k] * xi);
      density += strength * f * xi + 0.5 * strength * strength * f * f;
    }
    logDensity[replica] = density;
  }

  /** ln N(u; 0, 1) of one replica. */
  public static void logNormal(int replica, float[] u, double[] logDensity, int sites) {
    int at = replica / LANES * sites * LANES + replica % LANES;
    double sum = 0;
    for (int k = 0; k < sites; k++) {
      double x = u[at + k * LANES];
      sum += x * x;
    }
    logDensity[replica] = -0.5 * sum - 0.5 * sites * Math.log(2 * Math.PI);
  }

  /**
   * Goes to the place of a stage: at stage 0 remembers where the step begins; at 1 to 3 goes from there along the slope
   * of the stage before; at {@value #END} to the end of the step.
   *
   * @param slopes [stage][element]
   * @param lengths of the way to each stage, and of the step
   * @param stage that is reached
   */
  public static void rungeKuttaPlace(
      int element, float[] u, float[] from, float[] slopes, double[] lengths, int[] stage, int size) {
    int s = stage[0];
    if (s == 0) {
      from[element] = u[element];
    } else if (s < END) {
      u[element] = (float) (from[element] + lengths[s] * slopes[(s - 1) * size + element]);
    } else {
      u[element] = (float) (from[element] + lengths[END] / 6 * (slopes[element] + 2.0 * slopes[size + element]
          + 2.0 * slopes[2 * size + element] + slopes[3 * size + element]));
    }
  }

  /**
   * The same of the logarithm of the density of one replica, from the divergences, which are cleared at stage 0.
   *
   * @param divergences [stage][replica]
   */
  public static void rungeKuttaDensity(
      int replica, double[] logDensity, double[] divergences, double[] lengths, int[] stage, int replicas) {
    int s = stage[0];
    if (s == 0) {
      for (int i = 0; i < STAGES; i++) {
        divergences[i * replicas + replica] = 0;
      }
    }
    if (s == END) {
      logDensity[replica] -= lengths[END] / 6 * (divergences[replica] + 2 * divergences[replicas + replica]
          + 2 * divergences[2 * replicas + replica] + divergences[3 * replicas + replica]);
    }
  }

  /** Slope of a stage: rate[mode] · f. */
  public static void rungeKuttaSlope(
      int element, float[] force, double[] rate, float[] slopes, int[] stage, int sites, int size) {
    slopes[stage[0] * size + element] = (float) (rate[element / LANES % sites] * force[element]);
  }

  /** The direction of one mode, {@code mode[0]}. */
  public static void selectMode(int element, float[] direction, int[] mode, int sites) {
    direction[element] = element / LANES % sites == mode[0] ? 1f : 0f;
  }

  /** ±1 by the highest bit of word e mod 4 of counter e / 4. */
  public static void randomSign(int element, float[] direction, int[] stream, int streamId) {
    direction[element] = PhiloxKernels.word(element & 3, element >> 2, streamId, stream) < 0 ? -1f : 1f;
  }

  /**
   * Adds Σ_k rate_k v_k ∂_v f_k to the divergence of one replica.
   *
   * @param divergences [stage][replica]
   */
  public static void addProjection(int replica, float[] direction, float[] derivative, double[] rate,
      double[] divergences, int[] stage, int sites, int replicas) {
    int at = replica / LANES * sites * LANES + replica % LANES;
    double sum = divergences[stage[0] * replicas + replica];
    for (int k = 0; k < sites; k++) {
      sum += rate[k] * direction[at + k * LANES] * derivative[at + k * LANES];
    }
    divergences[stage[0] * replicas + replica] = sum;
  }

  /**
   * Draws the example, the symmetry and the place on the path of one replica of a batch. One uniform number serves the
   * whole batch, and places are at equal distances: all scales are seen in every step.
   *
   * @param chosen example and symmetry, [replica][2]
   * @param places s of each replica
   * @param times s in units of the network's time
   * @param count number of examples
   */
  public static void drawPlace(int replica, int[] chosen, double[] places, float[] times, int[] stream, int streamId,
      int count, float unit) {
    chosen[2 * replica] = PhiloxKernels.multiplyHigh(PhiloxKernels.word(0, replica, streamId, stream), count);
    chosen[2 * replica + 1] = PhiloxKernels.word(1, replica, streamId, stream) & (SYMMETRIES - 1);
    double u = PhiloxKernels.uniform(PhiloxKernels.word(2, 0, streamId, stream));
    double s = (replica + u) / places.length;
    places[replica] = s;
    times[replica] = (float) (unit * s);
  }

  /** e^x − 1 for x ≤ 0 or not large, to rounding. */
  private static double exponentialLessOne(double x) {
    double e = Math.exp(x);
    double result = e - 1;
    if (x > -1 & x < 1) {
      // What rounding has done to e, it has done to its logarithm (W. Kahan).
      result = e == 1 ? x : result * x / Math.log(e);
    }
    return result;
  }

  /**
   * One mode of an example on the path: u = r x₀ + √(1−r²) ξ, and an estimate of the force there without bias: both
   * the bare force g and the denoiser's x₀ − r ξ/√(1−r²), combined in inverse proportion to the noise that each has,
   * η(1−r²) and 1/(1−r²).
   *
   * @param whitened u
   * @param correlation r
   * @param expected the estimate
   * @param bare x₀
   * @param weight −d(r²)/ds
   * @param unresolved 1 − r²
   * @param field modes of the examples, [example][mode]
   * @param force ∂S/∂φ of these
   * @param sources ±(1 + the mode that a symmetry takes to a mode), [symmetry][mode]
   * @param path G, ε, C₀, η of each mode, [{@value #PATH_ROWS}][mode], and τ(s) = path[last−1] (e^(path[last] s) − 1)
   */
  public static void drawExample(int element, float[] noise, float[] whitened, float[] correlation, float[] expected,
      float[] bare, float[] weight, float[] unresolved, int[] chosen, double[] places, float[] field, float[] force,
      int[] sources, double[] path, int sites) {
    int k = element / LANES % sites;
    int replica = element / (LANES * sites) * LANES + element % LANES;
    double s = places[replica];
    double g0 = path[k];
    double energy = path[sites + k];
    double covariance = path[2 * sites + k];
    double onset = path[PATH_ROWS * sites];
    double span = path[PATH_ROWS * sites + 1];
    double logK = -energy * (onset * exponentialLessOne(span * s));
    double lessOne = exponentialLessOne(logK);
    double variance = Math.exp(logK) * g0 - covariance * lessOne;
    double r = Math.exp(0.5 * logK) * Math.sqrt(g0 / variance);
    double rate = 0.5 * r * covariance / variance * (-energy * onset * span * Math.exp(span * s));
    double lost = -covariance * lessOne / variance;
    int source = sources[chosen[2 * replica + 1] * sites + k];
    double sign = source < 0 ? -1.0 : 1.0;
    int from = chosen[2 * replica] * sites + (source < 0 ? -source : source) - 1;
    double root = Math.sqrt(g0);
    double x = sign * field[from] / root;
    double g = x - root * sign * force[from];
    double strength = path[3 * sites + k] * lost * lost;
    double denoised = x - r * noise[element] / Math.sqrt(lost);
    whitened[element] = (float) (r * x + Math.sqrt(lost) * noise[element]);
    correlation[element] = (float) r;
    expected[element] = (float) ((g + strength * denoised) / (1 + strength));
    bare[element] = (float) x;
    weight[element] = (float) (-2 * r * rate);
    unresolved[element] = (float) lost;
  }

  /** The loss of one replica, ½ Σ weight f (f − 2 expected), and scale times its gradient with respect to f. */
  public static void loss(int replica, float[] force, float[] expected, float[] weight, float[] gradient,
      double[] losses, float scale, int sites) {
    int at = replica / LANES * sites * LANES + replica % LANES;
    double sum = 0;
    for (int k = 0; k < sites; k++) {
      int i = at + k * LANES;
      sum += 0.5 * weight[i] * force[i] * (force[i] - 2 * expected[i]);
      gradient[i] = scale * weight[i] * (force[i] - expected[i]);
    }
    losses[replica] = sum;
  }
}
