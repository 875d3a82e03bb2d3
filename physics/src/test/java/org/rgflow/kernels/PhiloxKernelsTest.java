package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.Normals;
import org.rgflow.random.RandomStream;

class PhiloxKernelsTest {
  /** The philox4x32-10 lines of Random123's kat_vectors: counter, key, expected words. */
  @ParameterizedTest
  @CsvSource({
    "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void knownAnswers(String counter, String key, String expected) {
    int[] c = hex(counter);
    int[] k = hex(key);
    int[] stream = {k[0], k[1], c[1], c[2]};
    int[] words = new int[4];
    for (int word = 0; word < 4; word++) {
      words[word] = PhiloxKernels.word(word, c[0], c[3], stream);
    }
    assertThat(words).isEqualTo(hex(expected));
    int[] together = new int[4];
    PhiloxKernels.words(c[0], c[3], stream, together);
    assertThat(together).isEqualTo(hex(expected));
  }

  private static int[] hex(String words) {
    return Arrays.stream(words.trim().split(" ")).mapToInt(w -> Integer.parseUnsignedInt(w, 16)).toArray();
  }

  /** Commons RNG is seeded with key and counter, and counts up the counter's first word before each block. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 0x123456789ABCDEFL})
  void equalsApacheCommonsRng(long seed) {
    int streamId = (int) (seed * 7);
    int[] stream = new RandomStream(seed, seed * 31).buffer();
    UniformRandomProvider peer =
        RandomSource.PHILOX_4X32.create(new int[] {stream[0], stream[1], 0, stream[2], stream[3], streamId});
    for (int q = 1; q <= 1000; q++) {
      for (int word = 0; word < 4; word++) {
        assertThat(PhiloxKernels.word(word, q, streamId, stream)).as("word %d of %d", word, q).isEqualTo(peer.nextInt());
      }
    }
  }

  @Test
  void radiusAndSineAgreeWithTheMathLibrary() {
    UniformRandomProvider random = RandomSource.SPLIT_MIX_64.create(4L);
    for (int i = 0; i < 200_000; i++) {
      int w = random.nextInt() >>> random.nextInt(32);
      if (i < 32) {
        w = 1 << i;
      }
      double u = ((w | 1) & 0xFFFFFFFFL) * 0x1p-32;
      // The logarithm sees the leading 24 bits of u: 2^-23 relative at most. Then three roundings of 2^-24.
      double log = Math.log(u);
      double bound = 4e-7 - 3 * 0x1p-24 * log;
      assertThat(-0.5 * Math.pow(PhiloxKernels.radius(w), 2) - log).isBetween(-bound, bound);
      double angle = 2 * Math.PI * w * 0x1p-32;
      assertThat(PhiloxKernels.sine(w, 0) - Math.sin(angle)).isBetween(-2e-7, 2e-7);
      assertThat(PhiloxKernels.sine(w, 1) - Math.cos(angle)).isBetween(-2e-7, 2e-7);
    }
    assertThat(PhiloxKernels.radius(0)).isBetween(6.65f, 6.67f);
    assertThat(PhiloxKernels.radius(-1)).isBetween(0f, 4e-4f);
  }

  /**
   * Moments, a 64-cell χ² test of the distribution, and correlations between the positions of a block,
   * neighbouring steps, streams and seeds. Each of the 106 statistics is asked to lie within 5σ, so
   * a correct generator fails with probability below 1e-4; the seed is fixed.
   */
  @Test
  void normalsAreNormalAndIndependent() {
    int n = 1 << 20;
    RandomStream stream = new RandomStream(20260101);
    float[] z = fill(n, 1, stream, 3);
    double[] moments = new double[7];
    int[] cells = new int[64];
    for (float value : z) {
      double power = 1;
      for (int k = 1; k <= 6; k++) {
        power *= value;
        moments[k] += power / n;
      }
      cells[(int) Math.min(63, Math.max(0, (value + 3.2) * 10))]++;
    }
    double root = Math.sqrt(n);
    // Variances of z, z², z³, z⁴, z⁶ under N(0, 1): 1, 2, 15, 96, 10170.
    assertThat(moments[1] * root).isBetween(-5.0, 5.0);
    assertThat((moments[2] - 1) * root / Math.sqrt(2)).isBetween(-5.0, 5.0);
    assertThat(moments[3] * root / Math.sqrt(15)).isBetween(-5.0, 5.0);
    assertThat((moments[4] - 3) * root / Math.sqrt(96)).isBetween(-5.0, 5.0);
    assertThat((moments[6] - 15) * root / Math.sqrt(10170)).isBetween(-5.0, 5.0);
    double chi2 = 0;
    for (int cell = 0; cell < 64; cell++) {
      double low = cell == 0 ? 0 : cumulative(cell / 10.0 - 3.2);
      double high = cell == 63 ? 1 : cumulative((cell + 1) / 10.0 - 3.2);
      double expected = n * (high - low);
      chi2 += (cells[cell] - expected) * (cells[cell] - expected) / expected;
    }
    assertThat((chi2 - 63) / Math.sqrt(2 * 63)).isBetween(-5.0, 5.0);
    for (int lag = 1; lag <= 96; lag++) {
      double sum = 0;
      for (int i = lag; i < n; i++) {
        sum += z[i] * (double) z[i - lag];
      }
      assertThat(sum / root).as("lag %d", lag).isBetween(-5.0, 5.0);
    }
    float[] otherStream = fill(n, 1, stream, 4);
    float[] otherSeed = fill(n, 1, new RandomStream(20260102), 3);
    stream.advance();
    float[] nextStep = fill(n, 1, stream, 3);
    for (float[] other : new float[][] {otherStream, otherSeed, nextStep}) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        sum += z[i] * (double) other[i];
        squares += (z[i] * (double) z[i] - 1) * (other[i] * (double) other[i] - 1);
      }
      assertThat(sum / root).isBetween(-5.0, 5.0);
      assertThat(squares / root / 2).isBetween(-5.0, 5.0);
    }
  }

  @Test
  void sameNumbersOnAnyNumberOfThreadsAndGroups() {
    RandomStream stream = new RandomStream(77, 5);
    float[] expected = new float[100_000];
    for (int q = 0; q < 25_008; q++) {
      PhiloxKernels.normals(q, expected, stream.buffer(), 2);
    }
    for (int threads = 1; threads <= 3; threads++) {
      for (int groups : new int[] {1, 10, 625}) {
        float[] z = new float[expected.length];
        Program program = new Program("normals").add(new Normals(z, groups, stream.buffer(), 2));
        try (JvmDevice device = new JvmDevice(threads); Session session = device.open(program)) {
          session.run(program);
        }
        assertThat(z).isEqualTo(expected);
      }
    }
  }

  private static float[] fill(int n, int threads, RandomStream stream, int streamId) {
    float[] z = new float[n];
    Program program = new Program("normals").add(new Normals(z, 1, stream.buffer(), streamId));
    try (JvmDevice device = new JvmDevice(threads); Session session = device.open(program)) {
      session.run(program);
    }
    return z;
  }

  /** Φ(x) by the series φ(x) Σ x^(2k+1)/(2k+1)!!. */
  private static double cumulative(double x) {
    double term = x;
    double sum = x;
    for (int k = 1; Math.abs(term) > 1e-17; k++) {
      term *= x * x / (2 * k + 1);
      sum += term;
    }
    return 0.5 + sum * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  }
}
