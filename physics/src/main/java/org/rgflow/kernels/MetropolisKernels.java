package org.rgflow.kernels;

/**
 * Local updates of the action S = Σ [ −h Σ_μ φφ₊ + u φ² + g φ⁴ ] on the sites of one colour, no two of
 * which are neighbours. A site sees its neighbours only through b = h Σ φ(x±μ), in the local action
 * V(φ) = −b φ + u φ² + g φ⁴.
 *
 * <p>Sites come as a table {@code neighbourhood[5][rows]}: the elements of a site and of its
 * neighbours at x+1, x−1, y+1 and y−1, counted from the first element of a block. A row stands for
 * {@code width} consecutive elements (replicas side by side), item {@code (block * rows + row) * width
 * + lane} for one of them.
 */
public final class MetropolisKernels {
  private MetropolisKernels() {}

  /**
   * Several Metropolis hits (Metropolis et al. 1953) on one element with the proposal φ' = φ + δ,
   * δ uniform in (−{@code range[0]}, {@code range[0]}): accepted if −ln r > ΔV =
   * δ [ (φ'+φ)(u + g(φ'²+φ²)) − b ].
   *
   * <p>Hit 2i uses words 0 and 1, hit 2i+1 words 2 and 3 of counter {@code item} in stream {@code
   * streamId + i}.
   *
   * @param accepted per item, increased by the number of accepted hits
   */
  public static void hits(int item, float[] field, int[] accepted, int[] neighbourhood, int width, int blockSize,
      float h, float u, float g, float[] range, int hits, int[] stream, int streamId) {
    int rows = neighbourhood.length / 5;
    int row = item / width;
    int block = row / rows;
    int k = row - block * rows;
    int base = block * blockSize + item - row * width;
    int at = base + neighbourhood[k];
    float b = h * ((field[base + neighbourhood[rows + k]] + field[base + neighbourhood[2 * rows + k]])
        + (field[base + neighbourhood[3 * rows + k]] + field[base + neighbourhood[4 * rows + k]]));
    float phi = field[at];
    int count = 0;
    for (int hit = 0; hit < hits; hit++) {
      int first = 2 * (hit & 1);
      int id = streamId + (hit >> 1);
      float delta = range[0] * ((float) (PhiloxKernels.word(first, item, id, stream) | 1) * 0x1p-31f);
      float next = phi + delta;
      float change = delta * ((next + phi) * (u + g * (next * next + phi * phi)) - b);
      if (-PhiloxKernels.logUniform(PhiloxKernels.word(first + 1, item, id, stream)) > change) {
        phi = next;
        count++;
      }
    }
    field[at] = phi;
    accepted[item] += count;
  }

  /**
   * Overrelaxation of one element: the reflection φ' = 2c − φ at the mean c = b/(2ũ) of the local
   * Gaussian of stiffness ũ > 0. The reflection is its own inverse and keeps the volume, and c depends
   * on the neighbours alone, so accepting it with probability min(1, e^(−ΔV)) satisfies detailed
   * balance for any ũ. With x = φ − c the even powers of x cancel in ΔV = V(c−x) − V(c+x), and
   *
   * <pre>  ΔV = −2x V'(c) − x³ V'''(c)/3 = −4 c x [ u − ũ + 2g (c² + x²) ],</pre>
   *
   * which is exact, and zero for a Gaussian action with ũ = u (the microcanonical reflection of Creutz
   * 1987 and Adler 1988).
   *
   * <p>Item i uses word ⌊i/16⌋ mod 4 of counter 16⌊i/64⌋ + i mod 16, as normals do.
   *
   * @param inverse {1/(2ũ)}
   */
  public static void reflect(int item, float[] field, int[] neighbourhood, int width, int blockSize, float h, float u,
      float g, float[] inverse, int[] stream, int streamId) {
    int rows = neighbourhood.length / 5;
    int row = item / width;
    int block = row / rows;
    int k = row - block * rows;
    int base = block * blockSize + item - row * width;
    int at = base + neighbourhood[k];
    float b = h * ((field[base + neighbourhood[rows + k]] + field[base + neighbourhood[2 * rows + k]])
        + (field[base + neighbourhood[3 * rows + k]] + field[base + neighbourhood[4 * rows + k]]));
    float c = b * inverse[0];
    float x = field[at] - c;
    float remainder = (u - 0.5f / inverse[0]) + 2f * g * (c * c + x * x);
    float change = -4f * c * x * remainder;
    int word = PhiloxKernels.word((item >> 4) & 3, (item >> 6) * 16 + (item & 15), streamId, stream);
    if (-PhiloxKernels.logUniform(word) > change) {
      field[at] = c - x;
    }
  }

  /** Moves the counts of a stretch of {@code length} (the last one may be shorter) to {@code counts[item]}. */
  public static void countAccepted(int item, int[] accepted, double[] counts, int length) {
    int sum = 0;
    int end = accepted.length - item * length < length ? accepted.length : (item + 1) * length;
    for (int i = item * length; i < end; i++) {
      sum += accepted[i];
      accepted[i] = 0;
    }
    counts[item] += sum;
  }
}
