package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.AccumulateGradient;
import org.rgflow.launch.ClearGradient;

class AdamTest {
  private static final int STEPS = 60;
  /** Of a number near one: four roundings in each step. */
  private static final double TOLERANCE = STEPS * 4 * 0x1p-24;

  private static float[] normal(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  /** The algorithm of the papers, line by line, in double. */
  private static final class Reference {
    private final double[] w;
    private final double[] m;
    private final double[] v;
    private final double[] average;

    Reference(float[] start) {
      w = new double[start.length];
      for (int i = 0; i < w.length; i++) {
        w[i] = start[i];
      }
      m = new double[w.length];
      v = new double[w.length];
      average = w.clone();
    }

    void step(float[] gradient, int t, double rate, AdamOptions o) {
      double length = 0;
      for (float g : gradient) {
        length += (double) g * g;
      }
      length = Math.sqrt(length);
      double factor = length > o.maxNorm() ? o.maxNorm() / length : 1;
      for (int i = 0; i < w.length; i++) {
        double g = factor * gradient[i];
        m[i] = o.beta1() * m[i] + (1 - o.beta1()) * g;
        v[i] = o.beta2() * v[i] + (1 - o.beta2()) * g * g;
        double mHat = m[i] / (1 - Math.pow(o.beta1(), t));
        double vHat = v[i] / (1 - Math.pow(o.beta2(), t));
        w[i] = w[i] - rate * o.weightDecay() * w[i] - rate * mHat / (Math.sqrt(vHat) + o.epsilon());
        double d = Math.min(o.averageDecay(), (1.0 + t) / (10.0 + t));
        average[i] = d * average[i] + (1 - d) * w[i];
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0.9, 0.999, 0, 1", "0.9, 0.99, 0.01, Infinity", "0.5, 0.95, 0.1, 0.3", "0, 0, 0, 5"})
  void followsTheDoubleReference(double beta1, double beta2, double weightDecay, double maxNorm) {
    AdamOptions options = new AdamOptions(beta1, beta2, 1e-8, weightDecay, maxNorm, 0.97);
    int length = 9001;
    float[] w = normal(length, 1);
    float[] gradient = new float[length];
    Reference reference = new Reference(w);
    Adam adam = new Adam(w, gradient, options);
    Program program = new Program("step");
    adam.record(program);
    try (Device device = new JvmDevice(2); Session session = device.open(program)) {
      for (int t = 1; t <= STEPS; t++) {
        System.arraycopy(normal(length, 100 + t), 0, gradient, 0, length);
        double rate = 1e-2 / t;
        adam.prepare(t - 1, rate);
        session.run(program);
        reference.step(gradient, t, rate, options);
      }
    }
    for (int i = 0; i < length; i++) {
      assertThat((double) w[i]).isCloseTo(reference.w[i], within(TOLERANCE * (1 + Math.abs(reference.w[i]))));
      assertThat((double) adam.average()[i]).isCloseTo(reference.average[i], within(TOLERANCE * (1 + Math.abs(reference.w[i]))));
      assertThat((double) adam.firstMoment()[i]).isCloseTo(reference.m[i], within(TOLERANCE));
      assertThat((double) adam.secondMoment()[i]).isCloseTo(reference.v[i], within(TOLERANCE * (1 + reference.v[i])));
    }
  }

  /** With a constant gradient m̂ = g and v̂ = g² at every step: each step is −η sign(g), exactly known. */
  @Test
  void aConstantGradientMovesEveryParameterByTheLearningRate() {
    float[] w = {1f, 1f, 1f};
    float[] gradient = {0.5f, -20f, 1e-3f};
    Adam adam = new Adam(w, gradient, new AdamOptions(0.9, 0.999, 1e-12, 0, Double.POSITIVE_INFINITY, 0));
    Program program = new Program("step");
    adam.record(program);
    try (Device device = new JvmDevice(1); Session session = device.open(program)) {
      for (int t = 0; t < 100; t++) {
        adam.prepare(t, 0.01);
        session.run(program);
        assertThat((double) w[0]).isCloseTo(1 - 0.01 * (t + 1), within(2e-5));
        assertThat((double) w[1]).isCloseTo(1 + 0.01 * (t + 1), within(2e-5));
        assertThat((double) w[2]).isCloseTo(1 - 0.01 * (t + 1), within(2e-5));
        assertThat(adam.average()).isEqualTo(w);
      }
    }
    assertThat(adam.gradientNorm()).isCloseTo(Math.sqrt(0.25 + 400 + (double) 1e-3f * 1e-3f), within(1e-12));
  }

  @Test
  void findsTheMinimumOfAQuadratic() {
    int length = 5000;
    float[] w = new float[length];
    float[] gradient = new float[length];
    float[] minimum = normal(length, 3);
    LearningRate rate = new LearningRate(0.1, 20, 600);
    Adam adam = new Adam(w, gradient, new AdamOptions(0.9, 0.999, 1e-8, 0, 1, 0.9));
    Program program = new Program("step");
    adam.record(program);
    try (Device device = new JvmDevice(2); Session session = device.open(program)) {
      for (int t = 0; t < 600; t++) {
        for (int i = 0; i < length; i++) {
          gradient[i] = (1 + i % 50) * (w[i] - minimum[i]); // condition number 50
        }
        adam.prepare(t, rate.at(t));
        session.run(program);
      }
    }
    for (int i = 0; i < length; i++) {
      assertThat(Math.abs(w[i] - minimum[i])).isLessThan(1e-3f);
      assertThat(Math.abs(adam.average()[i] - minimum[i])).isLessThan(1e-2f);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aGradientThatIsNotFiniteChangesNothing(float bad) {
    float[] w = normal(6000, 1);
    float[] before = w.clone();
    float[] gradient = normal(6000, 2);
    gradient[4711] = bad;
    Adam adam = new Adam(w, gradient, AdamOptions.DEFAULTS);
    Program program = new Program("step");
    adam.record(program);
    try (Device device = new JvmDevice(2); Session session = device.open(program)) {
      adam.prepare(0, 0.1);
      session.run(program);
    }
    assertThat(Double.isFinite(adam.gradientNorm())).isFalse();
    assertThat(w).isEqualTo(before);
    assertThat(adam.average()).isEqualTo(before);
    assertThat(adam.firstMoment()).containsOnly(0f);
    assertThat(adam.secondMoment()).containsOnly(0f);
  }

  @Test
  void sameOnAnyNumberOfThreads() {
    float[][] results = new float[3][];
    for (int threads = 1; threads <= 3; threads++) {
      float[] w = normal(50_001, 1);
      float[] gradient = normal(50_001, 2);
      Adam adam = new Adam(w, gradient, AdamOptions.DEFAULTS);
      Program program = new Program("step");
      adam.record(program);
      try (Device device = new JvmDevice(threads); Session session = device.open(program)) {
        for (int t = 0; t < 5; t++) {
          adam.prepare(t, 0.1);
          session.run(program);
        }
      }
      results[threads - 1] = w;
    }
    assertThat(results[1]).isEqualTo(results[0]);
    assertThat(results[2]).isEqualTo(results[0]);
  }

  /** A gradient that is added up in four equal parts is the mean of the parts. */
  @Test
  void accumulatesGradients() {
    int length = 9001;
    float[] part = new float[length];
    float[] sum = normal(length, 8);
    Program clear = new Program("clear").add(new ClearGradient(sum, 1));
    Program add = new Program("add").add(new AccumulateGradient(part, sum, 0.25f));
    double[] mean = new double[length];
    try (Device device = new JvmDevice(2); Session session = device.open(clear, add)) {
      session.run(clear);
      assertThat(sum).containsOnly(0f);
      for (int k = 0; k < 4; k++) {
        System.arraycopy(normal(length, 20 + k), 0, part, 0, length);
        session.run(add);
        for (int i = 0; i < length; i++) {
          mean[i] += part[i] / 4.0;
        }
      }
    }
    for (int i = 0; i < length; i++) {
      assertThat((double) sum[i]).isCloseTo(mean[i], within(4 * 0x1p-23)); // four roundings of numbers below 4
    }
  }

  @Test
  void namesImpossibleOptions() {
    assertThatThrownBy(() -> new AdamOptions(1, 0.9, 1e-8, 0, 1, 0.9)).hasMessageContaining("beta1");
    assertThatThrownBy(() -> new AdamOptions(0.9, Double.NaN, 1e-8, 0, 1, 0.9)).hasMessageContaining("beta2");
    assertThatThrownBy(() -> new AdamOptions(0.9, 0.9, 0, 0, 1, 0.9)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new AdamOptions(0.9, 0.9, 1e-8, -1, 1, 0.9)).hasMessageContaining("weightDecay");
    assertThatThrownBy(() -> new AdamOptions(0.9, 0.9, 1e-8, 0, 0, 0.9)).hasMessageContaining("maxNorm");
    assertThatThrownBy(() -> new Adam(new float[2], new float[3], AdamOptions.DEFAULTS))
        .hasMessageContaining("2 parameters");
  }
}
