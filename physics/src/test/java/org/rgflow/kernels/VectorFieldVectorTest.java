package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vector variants against the naive bodies, which they match to rounding: they use fused multiply-add. */
class VectorFieldVectorTest {
  private static final int LANES = VectorFieldKernels.LANES;
  private static final float ROUNDING = 3e-5f;

  private final Random random = new Random(7);

  private float[] normals(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double[] laneSums(float[] values) {
    double[] sums = new double[values.length / LANES];
    for (int i = 0; i < values.length; i++) {
      sums[i / LANES] += values[i];
    }
    return sums;
  }

  @Test
  void sineAndCosineAreThoseOfTheLibrary() {
    for (int i = -40_000; i <= 40_000; i++) {
      float x = i * 1e-3f;
      assertThat(VectorFieldKernels.sine(x)).isCloseTo((float) Math.sin(x), within(2.5e-7f));
      assertThat(VectorFieldKernels.cosine(x)).isCloseTo((float) Math.cos(x), within(2.5e-7f));
    }
  }

  @ParameterizedTest(name = "{0} blocks of {1} sites, {2} features of {3} sines")
  @CsvSource({"1,1,1,1", "2,4,3,5", "3,9,7,4", "2,25,16,24", "1,13,20,49", "2,36,5,9"})
  void featuresAndDivergence(int blocks, int sites, int features, int n) {
    float[] phi = normals(blocks * sites * LANES);
    float[] frequencies = normals(n);
    float[] mixing = normals(features * (n + 1));
    float[] diagonal = normals(3 * (n + 1));
    float[] expected = new float[phi.length * features];
    double[] logExpected = new double[blocks * LANES];
    int chunks = (features + VectorFieldKernels.CHUNK - 1) / VectorFieldKernels.CHUNK;
    for (int item = 0; item < phi.length * chunks; item++) {
      VectorFieldKernels.features(item, phi, expected, frequencies, mixing, sites, features, n);
    }
    for (int r = 0; r < logExpected.length; r++) {
      VectorFieldKernels.divergence(r, phi, logExpected, frequencies, diagonal, 1, 0.3f, sites, n);
    }
    float[] scratch = new float[blocks * VectorFieldVector.scratch(features, n)];
    int[] identity = IntStream.range(0, Math.max(features, n + 1)).toArray();
    for (float weight : new float[] {0.3f, 0}) {
      float[] h = new float[expected.length];
      double[] log = new double[logExpected.length];
      VectorFieldVector.features(0, blocks, phi, h, log, frequencies, mixing, diagonal, 1, weight, scratch, identity,
          sites, features, n);
      assertThat(h).containsExactly(expected, within(ROUNDING));
      for (int r = 0; r < log.length; r++) {
        assertThat(log[r]).isCloseTo(weight == 0 ? 0 : logExpected[r], within((double) ROUNDING * sites));
      }
    }
  }

  @ParameterizedTest(name = "{0} blocks of {1} sites, {2} features of {3} sines")
  @CsvSource({"1,1,1,1", "2,4,3,5", "3,9,7,4", "2,25,16,24", "1,13,20,49", "2,36,5,9"})
  void gradients(int blocks, int sites, int features, int n) {
    int times = 3;
    int time = 2;
    float delta = -0.7f;
    float[] phi = normals(blocks * sites * LANES);
    float[] g = normals(phi.length * features);
    float[] frequencies = normals(n);
    float[] mixing = normals(features * (n + 1));
    float[] diagonal = normals(times * (n + 1));
    float[] transposed = new float[mixing.length];
    for (int i = 0; i < mixing.length; i++) {
      transposed[i % (n + 1) * features + i / (n + 1)] = mixing[i];
    }
    float[] result = new float[phi.length];
    float[] mixingSums = normals(blocks * features * (n + 1) * LANES);
    float[] frequencySums = normals(blocks * n * LANES);
    float[] diagonalSums = normals(blocks * times * (n + 1) * LANES);
    float[] resultExpected = new float[phi.length];
    float[] mixingExpected = mixingSums.clone();
    float[] frequencyExpected = frequencySums.clone();
    float[] diagonalExpected = diagonalSums.clone();
    for (int e = 0; e < phi.length; e++) {
      VectorFieldKernels.fieldGradient(
          e, phi, g, resultExpected, frequencies, transposed, diagonal, time, delta, sites, features, n);
    }
    for (int i = 0; i < blocks * (n + 1) * LANES; i++) {
      VectorFieldKernels.parameterGradients(i, phi, g, mixingExpected, frequencyExpected, diagonalExpected, frequencies,
          transposed, diagonal, time, times, delta, sites, features, n);
    }
    VectorFieldVector.gradients(0, blocks, phi, g, result, frequencies, transposed, diagonal, time, times, delta,
        mixingSums, frequencySums, diagonalSums, new float[blocks * VectorFieldVector.scratch(features, n)],
        IntStream.range(0, Math.max(features, n + 1)).toArray(), sites, features, n);
    assertThat(result).containsExactly(resultExpected, within(ROUNDING * features * n));
    double tolerance = ROUNDING * sites * features;
    assertThat(laneSums(mixingSums)).containsExactly(laneSums(mixingExpected), within(tolerance));
    assertThat(laneSums(frequencySums)).containsExactly(laneSums(frequencyExpected), within(tolerance));
    assertThat(laneSums(diagonalSums)).containsExactly(laneSums(diagonalExpected), within(tolerance));
  }

  @ParameterizedTest(name = "{0} blocks of {1} modes in {2} orbits, {3} features")
  @CsvSource({"1,1,1,1", "2,7,3,5", "3,16,4,16", "2,9,9,3"})
  void kernelAndItsAdjoint(int blocks, int sites, int orbits, int features) {
    int times = 2;
    int time = 1;
    int[] orbitOf = IntStream.range(0, sites).map(mode -> mode * 5 % sites % orbits).toArray();
    int[] orbitModes = IntStream.range(0, sites).boxed().sorted((a, b) -> orbitOf[a] - orbitOf[b])
        .mapToInt(Integer::intValue).toArray();
    int[] orbitStart = new int[orbits + 1];
    for (int o = 0; o < orbits; o++) {
      int orbit = o;
      orbitStart[o + 1] = orbitStart[o] + (int) Arrays.stream(orbitOf).filter(other -> other == orbit).count();
    }
    float[] modes = normals(blocks * sites * LANES * features);
    float[] kernel = normals(times * orbits * features);
    float[] velocity = new float[blocks * sites * LANES];
    float[] velocityExpected = new float[velocity.length];
    for (int e = 0; e < velocity.length; e++) {
      VectorFieldKernels.combine(e, modes, velocityExpected, kernel, time, orbitOf, orbits, sites, features);
    }
    VectorFieldVector.combine(0, blocks, modes, velocity, kernel, time, orbitOf, orbits, sites, features);
    assertThat(velocity).containsExactly(velocityExpected, within(ROUNDING));

    float[] adjoint = normals(velocity.length);
    double[] gradient = new double[blocks * times * orbits * features];
    double[] gradientExpected = gradient.clone();
    float[] spreadExpected = modes.clone();
    for (int i = 0; i < blocks * orbits * features; i++) {
      VectorFieldKernels.kernelAdjoint(i, spreadExpected, adjoint, kernel, gradientExpected, time, times, orbitModes,
          orbitStart, orbits, sites, features);
    }
    VectorFieldVector.kernelAdjoint(0, blocks, modes, adjoint, kernel, gradient, time, times, orbitModes, orbitStart,
        new float[blocks * VectorFieldVector.scratch(features, 1)], sites, features, 1);
    assertThat(modes).containsExactly(spreadExpected);
    assertThat(gradient).containsExactly(gradientExpected, within((double) ROUNDING * sites));
  }

  @Test
  void sums() {
    int length = 5 * LANES;
    float[][] x = IntStream.range(0, 5).mapToObj(i -> normals(length)).toArray(float[][]::new);
    float[] expected = new float[length];
    float[] out = new float[length];
    for (int e = 0; e < length; e++) {
      VectorFieldKernels.weightedSum(e, expected, x[0], x[1], x[2], x[3], x[4], 1f, 0.1f, 0.2f, -0.3f, 0.4f);
    }
    VectorFieldVector.weightedSum(0, length, out, x[0], x[1], x[2], x[3], x[4], 1f, 0.1f, 0.2f, -0.3f, 0.4f);
    assertThat(out).containsExactly(expected);
    for (int e = 0; e < length; e++) {
      VectorFieldKernels.weightedPair(e, expected, x[0], x[1], 0.7f, -1.3f);
    }
    VectorFieldVector.weightedPair(0, length, out, x[0], x[1], 0.7f, -1.3f);
    assertThat(out).containsExactly(expected);
  }
}
