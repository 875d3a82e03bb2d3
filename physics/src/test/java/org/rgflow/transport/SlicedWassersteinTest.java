package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SlicedWassersteinTest {
  private static double[][] normal(int points, int dimension, double scale, long seed) {
    Random random = new Random(seed);
    double[][] x = new double[points][dimension];
    for (double[] point : x) {
      for (int d = 0; d < dimension; d++) {
        point[d] = scale * random.nextGaussian();
      }
    }
    return x;
  }

  /** A translation by m: E(θ·m)² = |m|²/d; false alarm at 4σ: 6e-5, fixed seeds. */
  @Test
  void translationsCountTheirShareOfTheDimensions() {
    double[][] x = normal(40, 4, 1, 1);
    double[][] y = new double[40][];
    for (int i = 0; i < 40; i++) {
      y[39 - i] = x[i].clone();
      y[39 - i][0] += 3;
      y[39 - i][2] -= 1;
    }
    SlicedWasserstein distance = SlicedWasserstein.between(x, y, 2000, 7);
    assertThat(distance.squared()).isCloseTo(10.0 / 4, within(4 * distance.error()));
    assertThat(distance.error()).isLessThan(0.06).isGreaterThan(0.02);
  }

  /** In one dimension there is one direction, up to its sign. */
  @Test
  void oneDimensionIsTheLine() {
    double[][] x = normal(30, 1, 1, 2);
    double[][] y = normal(21, 1, 2, 3);
    double[] from = new double[30];
    double[] to = new double[21];
    for (int i = 0; i < 30; i++) {
      from[i] = x[i][0];
    }
    for (int j = 0; j < 21; j++) {
      to[j] = y[j][0];
    }
    SlicedWasserstein distance = SlicedWasserstein.between(x, y, 3, 1);
    assertThat(distance.squared()).isCloseTo(Math.pow(LineTransport.distance(from, to, 2), 2), within(1e-13));
    assertThat(distance.error()).isCloseTo(0, within(1e-13));
  }

  /** Scaling a sample by s: every projection scales, so SW₂² = (s − 1)² E|x|²/d. */
  @Test
  void scalingIsExactUpToTheDirections() {
    double[][] x = normal(100, 3, 1, 4);
    double[][] y = new double[100][3];
    double square = 0;
    for (int i = 0; i < 100; i++) {
      for (int d = 0; d < 3; d++) {
        y[i][d] = 1.7 * x[i][d];
        square += x[i][d] * x[i][d] / 100;
      }
    }
    SlicedWasserstein distance = SlicedWasserstein.between(x, y, 1000, 5);
    assertThat(distance.squared()).isCloseTo(0.49 * square / 3, within(4 * distance.error()));
  }

  @Test
  void refusesWhatIsNoSample() {
    assertThatThrownBy(() -> SlicedWasserstein.between(new double[0][], new double[1][1], 5, 1)).hasMessageContaining("no points");
    assertThatThrownBy(() -> SlicedWasserstein.between(new double[1][2], new double[1][1], 5, 1)).hasMessageContaining("coordinates");
    assertThatThrownBy(() -> SlicedWasserstein.between(new double[1][1], new double[1][1], 1, 1)).hasMessageContaining("directions");
  }
}
