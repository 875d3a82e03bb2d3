package org.rgflow.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutocovarianceTest {
  /** Every lag, direct or through the Fourier transform, is the sum of its products: uneven replicas, odd lengths, one value. */
  @ParameterizedTest
  @CsvSource({"1, 0", "7, 1", "127, 300", "1023, 1025", "1024, 2048", "2049, 1", "5000, 3077"})
  void everyLagIsTheSumOfItsProducts(int first, int second) {
    SplittableRandom random = new SplittableRandom(first);
    double[][] x = {random.doubles(first, -1, 1).toArray(), random.doubles(second, -1, 1).toArray()};
    Autocovariance gamma = new Autocovariance(x);
    int longest = Math.max(first, second);
    for (int t = 0; t <= longest; t++) {
      double sum = 0;
      int count = 0;
      for (double[] replica : x) {
        int lag = t;
        sum += IntStream.range(0, Math.max(replica.length - t, 0)).mapToDouble(i -> replica[i] * replica[i + lag]).sum();
        count += Math.max(replica.length - t, 0);
      }
      assertThat(gamma.at(t)).as("lag " + t).isCloseTo(count == 0 ? 0 : sum / count, within(1e-12));
    }
    assertThat(gamma.at(0)).as("back at the start").isCloseTo(new Autocovariance(x).at(0), within(1e-12));
  }
}
