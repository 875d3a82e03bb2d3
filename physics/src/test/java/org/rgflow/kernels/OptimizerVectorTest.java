package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerVectorTest {
  private static float[] normal(int length, SplittableRandom random) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static float[] rates(SplittableRandom random) {
    float[] rates = new float[OptimizerKernels.RATES];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = random.nextFloat();
    }
    return rates;
  }

  @RepeatedTest(40)
  void equalsTheScalarBodiesBitForBit(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
    int length = random.nextInt(1, 20_000);
    float[] rates = rates(random);
    float[] clip = {repetition.getCurrentRepetition() % 5 == 0 ? -1f : random.nextFloat()};
    float[] gradient = normal(length, random);
    float[][] expected = {normal(length, random), normal(length, random), normal(length, random), normal(length, random)};
    for (int i = 0; i < length; i++) {
      expected[2][i] *= expected[2][i];
    }
    float[][] actual = {expected[0].clone(), expected[1].clone(), expected[2].clone(), expected[3].clone()};
    for (int e = 0; e < length; e++) {
      OptimizerKernels.adam(e, expected[0], gradient, expected[1], expected[2], rates, clip);
      OptimizerKernels.average(e, expected[0], expected[3], rates, clip);
      OptimizerKernels.accumulate(e, gradient, expected[1], 0.3f);
    }
    for (int begin = 0; begin < length; ) {
      int end = Math.min(length, begin + random.nextInt(1, 3000));
      OptimizerVector.adam(begin, end, actual[0], gradient, actual[1], actual[2], rates, clip);
      OptimizerVector.average(begin, end, actual[0], actual[3], rates, clip);
      OptimizerVector.accumulate(begin, end, gradient, actual[1], 0.3f);
      begin = end;
    }
    assertThat(actual).isDeepEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 4095, 4096, 4097, 12_288, 13_001})
  void squaresEqualTheScalarBodyBitForBit(int length) {
    float[] gradient = normal(length, new SplittableRandom(length));
    int chunks = (length + OptimizerKernels.CHUNK - 1) / OptimizerKernels.CHUNK;
    double[] expected = new double[chunks];
    double[] actual = new double[chunks];
    double total = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
      OptimizerKernels.squares(chunk, gradient, expected);
      total += expected[chunk];
    }
    OptimizerVector.squares(0, chunks, gradient, actual);
    assertThat(actual).isEqualTo(expected);
    double plain = 0;
    for (float g : gradient) {
      plain += (double) g * g;
    }
    assertThat(total).isBetween(plain * (1 - 1e-13), plain * (1 + 1e-13));
  }

  @Test
  void clipsLongGradientsAloneAndMarksThoseThatAreNotFinite() {
    float[] rates = new float[OptimizerKernels.RATES];
    rates[OptimizerKernels.MAX_NORM] = 2f;
    double[] norm = new double[1];
    float[] clip = new float[1];
    OptimizerKernels.clip(0, new double[] {9, 16}, norm, clip, rates);
    assertThat(norm[0]).isEqualTo(5);
    assertThat(clip[0]).isEqualTo(0.4f);
    OptimizerKernels.clip(0, new double[] {1, 2}, norm, clip, rates);
    assertThat(clip[0]).isEqualTo(1f);
    OptimizerKernels.clip(0, new double[] {0}, norm, clip, rates);
    assertThat(clip[0]).isEqualTo(1f);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      OptimizerKernels.clip(0, new double[] {1, bad}, norm, clip, rates);
      assertThat(clip[0]).isEqualTo(-1f);
    }
    rates[OptimizerKernels.MAX_NORM] = Float.POSITIVE_INFINITY;
    OptimizerKernels.clip(0, new double[] {1e60}, norm, clip, rates);
    assertThat(clip[0]).isEqualTo(1f);
  }

  @Test
  void allocatesNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int length = 5 * OptimizerKernels.CHUNK + 7;
    float[] w = new float[length];
    float[] g = new float[length];
    float[] m = new float[length];
    float[] v = new float[length];
    float[] rates = rates(new SplittableRandom(1));
    float[] clip = {1f};
    double[] partial = new double[6];
    long least = Long.MAX_VALUE;
    long begin = System.nanoTime();
    while (least > 0 && System.nanoTime() - begin < 20_000_000_000L) {
      long before = bean.getCurrentThreadAllocatedBytes();
      for (int repeat = 0; repeat < 50; repeat++) {
        OptimizerVector.squares(0, 6, g, partial);
        OptimizerVector.adam(0, length, w, g, m, v, rates, clip);
        OptimizerVector.average(0, length, w, m, rates, clip);
        OptimizerVector.accumulate(0, length, w, g, 0.5f);
      }
      least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
  }
}
