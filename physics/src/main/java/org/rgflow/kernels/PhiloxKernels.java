package org.rgflow.kernels;

/**
 * Philox4x32-10 (Salmon, Moraes, Dror &amp; Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11)
 * and normal variates from it by Box and Muller's transformation.
 *
 * <p>Counter q of a (seed, stream, step) gives four words w₀…w₃ and the four normals
 * z₀ = ρ(w₀) cos θ(w₁), z₁ = ρ(w₀) sin θ(w₁), z₂ = ρ(w₂) cos θ(w₃), z₃ = ρ(w₂) sin θ(w₃), where
 * ρ(w) = √(−2 ln((w|1)/2³²)) (so |z| ≤ 6.66) and θ(w) = 2πw/2³². Sixteen consecutive counters fill 64
 * consecutive normals, {@code normal[(q >> 4) * 64 + 16 * j + (q & 15)] = z_j}, so that vector lanes
 * write without shuffling.
 *
 * <p>Logarithm, sine and cosine are polynomials (Cephes logf, sinf, cosf; absolute error below 2e-7)
 * in plain float additions and multiplications: the scalar and the vector form agree to the last bit.
 */
public final class PhiloxKernels {
  static final int M0 = 0xD2511F53;
  static final int M1 = 0xCD9E8D57;
  static final int W0 = 0x9E3779B9;
  static final int W1 = 0xBB67AE85;
  private static final long MASK = 0xFFFFFFFFL;

  private PhiloxKernels() {}

  /** Upper 32 bits of the unsigned product of two words. */
  public static int multiplyHigh(int a, int b) {
    return (int) ((((a & MASK) * (b & MASK)) >> 32) & MASK);
  }

  /**
   * Word {@code word} (0…3) of Philox4x32-10 for a counter and a key.
   *
   * @param stream seed and position {key 0, key 1, counter 1, counter 2}
   */
  public static int word(int word, int counter0, int counter3, int[] stream) {
    return word(word, counter0, stream[2], stream[3], counter3, stream[0], stream[1]);
  }

  /** Word {@code word} (0…3) of Philox4x32-10 for the counter (counter0 … counter3) and the key (key0, key1). */
  public static int word(int word, int counter0, int counter1, int counter2, int counter3, int key0, int key1) {
    int c0 = counter0;
    int c1 = counter1;
    int c2 = counter2;
    int c3 = counter3;
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < 10; round++) {
      int high0 = multiplyHigh(M0, c0);
      int high1 = multiplyHigh(M1, c2);
      int low0 = M0 * c0;
      int low1 = M1 * c2;
      c0 = high1 ^ c1 ^ k0;
      c2 = high0 ^ c3 ^ k1;
      c1 = low1;
      c3 = low0;
      k0 += W0;
      k1 += W1;
    }
    int odd = (word & 1) * -1;
    int low = (c1 & odd) | (c0 & ~odd);
    int high = (c3 & odd) | (c2 & ~odd);
    int upper = ((word >> 1) & 1) * -1;
    return (high & upper) | (low & ~upper);
  }

  /** All four words of {@link #word(int, int, int, int[])} at once. */
  public static void words(int counter0, int counter3, int[] stream, int[] words) {
    int c0 = counter0;
    int c1 = stream[2];
    int c2 = stream[3];
    int c3 = counter3;
    int k0 = stream[0];
    int k1 = stream[1];
    for (int round = 0; round < 10; round++) {
      int high0 = multiplyHigh(M0, c0);
      int high1 = multiplyHigh(M1, c2);
      int low0 = M0 * c0;
      int low1 = M1 * c2;
      c0 = high1 ^ c1 ^ k0;
      c2 = high0 ^ c3 ^ k1;
      c1 = low1;
      c3 = low0;
      k0 += W0;
      k1 += W1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
  }

  /** A uniform number in (0, 1) from a word: (w + ½)/2³². */
  public static double uniform(int word) {
    return ((word & MASK) + 0.5) * 0x1p-32;
  }

  /** ρ(w) = √(−2 ln((w|1)/2³²)). */
  public static float radius(int word) {
    return (float) Math.sqrt(-2f * logUniform(word));
  }

  /**
   * ln((w|1)/2³²), the logarithm of a uniform number in (0, 1): a decision of probability e^(−x) is
   * {@code -logUniform(w) > x}, which needs no exponential.
   */
  public static float logUniform(int word) {
    int w = word | 1;
    int shift;
    int zeros = 0;
    shift = ((((w >> 16) & 0xFFFF) - 1) >> 31) & 1;
    w = w << (16 * shift);
    zeros += 16 * shift;
    shift = ((((w >> 24) & 0xFF) - 1) >> 31) & 1;
    w = w << (8 * shift);
    zeros += 8 * shift;
    shift = ((((w >> 28) & 0xF) - 1) >> 31) & 1;
    w = w << (4 * shift);
    zeros += 4 * shift;
    shift = ((((w >> 30) & 0x3) - 1) >> 31) & 1;
    w = w << (2 * shift);
    zeros += 2 * shift;
    shift = ((((w >> 31) & 0x1) - 1) >> 31) & 1;
    w = w << shift;
    zeros += shift;
    int mantissa = (w >> 8) & 0xFFFFFF;
    int small = ((mantissa - 11863283) >> 31) & 1; // below √½
    float e = -(float) (zeros + small);
    float x = (float) mantissa * (0x1p-24f * (float) (1 + small)) - 1f;
    float z = x * x;
    float p = 7.0376836292E-2f;
    p = p * x - 1.1514610310E-1f;
    p = p * x + 1.1676998740E-1f;
    p = p * x - 1.2420140846E-1f;
    p = p * x + 1.4249322787E-1f;
    p = p * x - 1.6668057665E-1f;
    p = p * x + 2.0000714765E-1f;
    p = p * x - 2.4999993993E-1f;
    p = p * x + 3.3333331174E-1f;
    float y = x * z * p;
    y = y - 2.12194440e-4f * e;
    y = y - 0.5f * z;
    return x + y + 0.693359375f * e;
  }

  /** sin(2πw/2³²), quarter = 0, or cos(2πw/2³²), quarter = 1. */
  public static float sine(int word, int quarter) {
    int quadrant = ((word + 0x20000000) >> 30) & 3;
    float x = (float) (word - (quadrant << 30)) * 1.4629180792671596e-9f;
    float z = x * x;
    float s = -1.9515295891E-4f;
    s = s * z + 8.3321608736E-3f;
    s = s * z - 1.6666654611E-1f;
    s = s * z * x + x;
    float c = 2.443315711809948E-5f;
    c = c * z - 1.388731625493765E-3f;
    c = c * z + 4.166664568298827E-2f;
    c = c * z * z - 0.5f * z + 1f;
    int turned = quadrant + quarter;
    int odd = turned & 1;
    float sign = (float) (1 - (turned & 2));
    return sign * ((float) odd * c + (float) (1 - odd) * s);
  }

  /** The normal at one position of a buffer: what {@link #normals} writes there. */
  public static float normal(int position, int[] stream, int streamId) {
    int q = (position >> 6) * 16 + (position & 15);
    int pair = (position >> 5) & 1;
    int cosine = 1 - ((position >> 4) & 1);
    return radius(word(2 * pair, q, streamId, stream)) * sine(word(2 * pair + 1, q, streamId, stream), cosine);
  }

  /**
   * The normal of one element of a batch {@code [image][size]}: {@link #normal} at the element's position in
   * its image, with the number of the image in the place of the upper 32 bits of the step.
   */
  public static void imageNormal(int item, float[] normal, int[] images, int size, int[] stream, int streamId) {
    int image = item / size;
    int position = item - image * size;
    int q = (position >> 6) * 16 + (position & 15);
    int pair = (position >> 5) & 1;
    int cosine = 1 - ((position >> 4) & 1);
    int radius = word(2 * pair, q, stream[2], images[image], streamId, stream[0], stream[1]);
    int angle = word(2 * pair + 1, q, stream[2], images[image], streamId, stream[0], stream[1]);
    normal[item] = radius(radius) * sine(angle, cosine);
  }

  /** The four normals of counter {@code q}; see the class comment. */
  public static void normals(int q, float[] normal, int[] stream, int streamId) {
    int base = (q >> 4) * 64 + (q & 15);
    for (int pair = 0; pair < 2; pair++) {
      int at = base + 32 * pair;
      float rho = radius(word(2 * pair, q, streamId, stream));
      int angle = word(2 * pair + 1, q, streamId, stream);
      if (at < normal.length) {
        normal[at] = rho * sine(angle, 1);
      }
      if (at + 16 < normal.length) {
        normal[at + 16] = rho * sine(angle, 0);
      }
    }
  }
}
