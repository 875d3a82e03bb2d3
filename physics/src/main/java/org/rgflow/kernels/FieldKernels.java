package org.rgflow.kernels;

/**
 * Lattice φ⁴ on fields laid out as {@code [block][y][x][lane]} (see FieldLayout), with the action
 * S = Σ_x [ −h Σ_μ φφ(x+μ) + u φ² + g φ⁴ ], whose force is ∂S/∂φ = −h Σ_{±μ} φ(x±μ) + φ (2u + 4g φ²).
 * An element is one site of one replica, a row all elements of one (block, y).
 *
 * <p>Site terms are floats; sums over sites accumulate in double. A row sum is taken in {@value
 * #PARTIAL_SUMS} interleaved partial sums (position in the row modulo {@value #PARTIAL_SUMS}) when the
 * lanes divide that number, so that it can be vectorised without changing a bit.
 */
public final class FieldKernels {
  /** Interleaved partial sums of a row. */
  public static final int PARTIAL_SUMS = 16;

  private FieldKernels() {}

  /** ∂S/∂φ at an element; scaled couplings give a scaled force. */
  public static float force(int element, float[] phi, float h, float u, float g, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int row = element / width;
    int j = element - row * width;
    int block = row / ly;
    int y = row - block * ly;
    int up = (y == ly - 1 ? block * ly : row + 1) * width + j;
    int down = (y == 0 ? block * ly + ly - 1 : row - 1) * width + j;
    int right = j >= width - lanes ? element - (width - lanes) : element + lanes;
    int left = j < lanes ? element + (width - lanes) : element - lanes;
    float f = phi[element];
    float neighbours = (phi[left] + phi[right]) + (phi[up] + phi[down]);
    return f * (2f * u + 4f * g * (f * f)) - h * neighbours;
  }

  /** p ← p − kick·∂S/∂φ, with {@code kick = stages[2 * stage]}. */
  public static void kick(
      int element, float[] phi, float[] p, float[] stages, int stage, float h, float u, float g, int lx, int ly,
      int lanes) {
    float kick = stages[2 * stage];
    p[element] = p[element] - force(element, phi, kick * h, kick * u, kick * g, lx, ly, lanes);
  }

  /**
   * One stage of a symplectic integrator: p ← p − kick·∂S/∂φ(φ), φ' ← φ + drift·p, with
   * {@code kick = stages[2 * stage]} and {@code drift = stages[2 * stage + 1]}; φ and φ' are different buffers.
   */
  public static void kickDrift(
      int element, float[] phi, float[] p, float[] moved, float[] stages, int stage,
      float h, float u, float g, int lx, int ly, int lanes) {
    float kick = stages[2 * stage];
    float momentum = p[element] - force(element, phi, kick * h, kick * u, kick * g, lx, ly, lanes);
    p[element] = momentum;
    moved[element] = phi[element] + stages[2 * stage + 1] * momentum;
  }

  /** φ' ← φ + scale[at]·x: a drift along a given direction. */
  public static void addScaled(int element, float[] phi, float[] x, float[] moved, float[] scale, int at) {
    moved[element] = phi[element] + scale[at] * x[element];
  }

  /** S plus ½p² of one element, each link counted once (right and up). */
  public static float hamiltonianTerm(
      int element, float[] phi, float[] p, float h, float u, float g, int lx, int ly, int lanes) {
    return actionTerm(element, phi, h, u, g, lx, ly, lanes) + 0.5f * (p[element] * p[element]);
  }

  static float actionTerm(int element, float[] phi, float h, float u, float g, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int row = element / width;
    int j = element - row * width;
    int block = row / ly;
    int y = row - block * ly;
    int up = (y == ly - 1 ? block * ly : row + 1) * width + j;
    int right = j >= width - lanes ? element - (width - lanes) : element + lanes;
    float f = phi[element];
    float f2 = f * f;
    return f2 * (u + g * f2) - h * (f * (phi[right] + phi[up]));
  }

  /**
   * The energy S + ½Σp² of a row, one sum per lane: {@code sums[row * lanes + lane]}. The item is
   * {@code row * lanes + lane}.
   */
  public static void hamiltonian(
      int item, float[] phi, float[] p, double[] sums, float h, float u, float g, int lx, int ly, int lanes) {
    int row = item / lanes;
    int lane = item - row * lanes;
    int width = lx * lanes;
    if (PARTIAL_SUMS % lanes == 0) {
      double total = 0;
      for (int first = lane; first < PARTIAL_SUMS; first += lanes) {
        double sum = 0;
        for (int j = first; j < width; j += PARTIAL_SUMS) {
          sum += hamiltonianTerm(row * width + j, phi, p, h, u, g, lx, ly, lanes);
        }
        total += sum;
      }
      sums[item] = total;
    } else {
      double sum = 0;
      for (int j = lane; j < width; j += lanes) {
        sum += hamiltonianTerm(row * width + j, phi, p, h, u, g, lx, ly, lanes);
      }
      sums[item] = sum;
    }
  }

  /**
   * Metropolis' decision for one replica (item = block·lanes + lane): ΔH is the difference of the row
   * sums; accepted[item] = 1 if u &lt; e^(−ΔH). {@code tally[4 * item …]} accumulates min(1, e^(−ΔH)),
   * e^(−ΔH), the number accepted, and the number of proposals whose energy was not finite; the latter
   * are rejected and enter no other sum.
   */
  public static void decide(
      int item, double[] before, double[] after, int[] accepted, double[] tally, int[] stream, int streamId, int ly,
      int lanes) {
    int block = item / lanes;
    int lane = item - block * lanes;
    double delta = 0;
    for (int y = 0; y < ly; y++) {
      int at = (block * ly + y) * lanes + lane;
      delta += after[at] - before[at];
    }
    double u = PhiloxKernels.uniform(PhiloxKernels.word(0, item, streamId, stream));
    int finite = delta - delta == 0 ? 1 : 0;
    double weight = finite == 1 ? Math.exp(-delta) : 0;
    int accept = u < weight ? 1 : 0;
    accepted[item] = accept;
    tally[4 * item] += weight < 1 ? weight : 1;
    tally[4 * item + 1] += weight;
    tally[4 * item + 2] += accept;
    tally[4 * item + 3] += 1 - finite;
  }

  /** φ ← proposal where the element's replica accepted it. */
  public static void select(int element, float[] phi, float[] proposal, int[] accepted, int sites, int lanes) {
    int block = element / (sites * lanes);
    if (accepted[block * lanes + element % lanes] == 1) {
      phi[element] = proposal[element];
    }
  }

  /**
   * Sums over a row for the observables, per lane (item, and partial sums, as in {@link #hamiltonian}):
   * {@code sums[4 * item …]} = Σφ, Σφ², Σφ⁴, Σ_x Σ_μ (φ(x+μ)−φ)².
   */
  public static void rowSums(int item, float[] phi, double[] sums, int lx, int ly, int lanes) {
    int row = item / lanes;
    int lane = item - row * lanes;
    int width = lx * lanes;
    int block = row / ly;
    int y = row - block * ly;
    int above = (y == ly - 1 ? block * ly : row + 1) * width;
    int step = PARTIAL_SUMS % lanes == 0 ? PARTIAL_SUMS : lanes;
    double total1 = 0;
    double total2 = 0;
    double total4 = 0;
    double totalGradient = 0;
    for (int first = lane; first < step; first += lanes) {
      double s1 = 0;
      double s2 = 0;
      double s4 = 0;
      double gradient = 0;
      for (int j = first; j < width; j += step) {
        double f = phi[row * width + j];
        double dx = phi[row * width + (j >= width - lanes ? j - (width - lanes) : j + lanes)] - f;
        double dy = phi[above + j] - f;
        double f2 = f * f;
        s1 += f;
        s2 += f2;
        s4 += f2 * f2;
        gradient += dx * dx + dy * dy;
      }
      total1 += s1;
      total2 += s2;
      total4 += s4;
      totalGradient += gradient;
    }
    sums[4 * item] = total1;
    sums[4 * item + 1] = total2;
    sums[4 * item + 2] = total4;
    sums[4 * item + 3] = totalGradient;
  }

  /** Sums over y: {@code sums[item] = Σ_y φ} for item = (block·lx + x)·lanes + lane. */
  public static void columnSums(int item, float[] phi, double[] sums, int lx, int ly, int lanes) {
    int width = lx * lanes;
    int block = item / width;
    int j = item - block * width;
    double sum = 0;
    for (int y = 0; y < ly; y++) {
      sum += phi[(block * ly + y) * width + j];
    }
    sums[item] = sum;
  }
}
