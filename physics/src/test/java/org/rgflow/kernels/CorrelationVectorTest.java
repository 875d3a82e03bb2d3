package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrelationVectorTest {
  /** Bit for bit the sums in the order of the series. */
  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "3, 2", "16, 9", "17, 9", "40, 21", "64, 33", "64, 64"})
  void agreesWithTheDefinition(int n, int separations) {
    SplittableRandom random = new SplittableRandom(n);
    double[] x = new double[2 * n];
    for (int s = 0; s < n; s++) {
      x[s] = random.nextGaussian();
      x[s + n] = x[s];
    }
    double[] sums = new double[separations];
    CorrelationVector.correlate(x, n, sums, separations);
    for (int t = 0; t < separations; t++) {
      double expected = 0;
      for (int s = 0; s < n; s++) {
        expected += x[s] * x[(s + t) % n];
      }
      assertThat(sums[t]).isEqualTo(expected);
    }
  }
}
