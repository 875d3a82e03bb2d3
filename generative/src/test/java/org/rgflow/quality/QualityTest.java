package org.rgflow.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QualityTest {
  private static float[] normals(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  private static FeatureMoments moments(float[] features, int dimension) {
    FeatureMoments moments = new FeatureMoments(dimension);
    moments.add(features, features.length / dimension);
    return moments;
  }

  /**
   * Two-pass mean and covariance in double, at a mean of 1000 that a one-pass sum about zero would not survive in
   * float.
   */
  @ParameterizedTest
  @CsvSource({"2,1", "3,5", "17,4", "100,9"})
  void streamedMomentsAreTheTwoPassOnes(int n, int dimension) {
    float[] x = normals(n * dimension, 1);
    for (int i = 0; i < x.length; i++) {
      x[i] += 1000;
    }
    FeatureMoments moments = moments(x, dimension);
    FeatureMoments half = moments(Arrays.copyOf(x, n / 2 * dimension), dimension);
    half.merge(moments(Arrays.copyOfRange(x, n / 2 * dimension, x.length), dimension));
    double[] mean = new double[dimension];
    for (int i = 0; i < x.length; i++) {
      mean[i % dimension] += (double) x[i] / n;
    }
    assertThat(moments.mean()).containsExactly(mean, within(1e-10));
    assertThat(half.mean()).containsExactly(mean, within(1e-10));
    assertThat(half.count()).isEqualTo(n);
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        double expected = 0;
        for (int v = 0; v < n; v++) {
          expected += (x[v * dimension + i] - mean[i]) * (x[v * dimension + j] - mean[j]) / (n - 1);
        }
        assertThat(moments.covariance().get(i, j)).isCloseTo(expected, within(1e-10));
        assertThat(half.covariance().get(i, j)).isCloseTo(expected, within(1e-10));
      }
    }
  }

  @Test
  void momentsGoOnAfterACovarianceIsRead() {
    float[] x = normals(7 * 3, 2);
    FeatureMoments moments = new FeatureMoments(3);
    moments.add(x, 2);
    moments.covariance();
    moments.add(Arrays.copyOfRange(x, 6, 21), 5);
    assertThat(moments.covariance().data).containsExactly(moments(x, 3).covariance().data, within(1e-14));
    assertThatThrownBy(() -> moments.add(new float[] {1, Float.NaN, 2}, 1))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("feature 1");
  }

  /** Commuting covariances: Σ (m₁−m₂)² + (σ₁−σ₂)² in the common eigenbasis, here rotated. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 12})
  void frechetDistanceOfCommutingCovariances(int n) {
    DMatrixRMaj rotation = RandomMatrices_DDRM.orthogonal(n, n, new Random(4));
    DMatrixRMaj a = new DMatrixRMaj(n, n);
    DMatrixRMaj b = new DMatrixRMaj(n, n);
    double expected = 0;
    double[] meanA = new double[n];
    double[] meanB = new double[n];
    for (int i = 0; i < n; i++) {
      a.set(i, i, (i + 1) * (i + 1.0));
      b.set(i, i, i == 1 ? 0 : 4.0); // B of lower rank
      meanB[i] = 0.5;
      expected += 0.25 + Math.pow(i + 1 - (i == 1 ? 0 : 2), 2);
    }
    DMatrixRMaj first = rotated(a, rotation);
    DMatrixRMaj second = rotated(b, rotation);
    assertThat(FrechetDistance.squared(meanA, first, meanB, second)).isCloseTo(expected, within(1e-9 * expected));
    assertThat(FrechetDistance.squared(meanB, second, meanA, first)).isCloseTo(expected, within(1e-9 * expected));
    assertThat(FrechetDistance.squared(meanA, first, meanA, first)).isCloseTo(0, within(1e-9 * n * n * n));
  }

  private static DMatrixRMaj rotated(DMatrixRMaj matrix, DMatrixRMaj rotation) {
    DMatrixRMaj half = CommonOps_DDRM.mult(rotation, matrix, null);
    return CommonOps_DDRM.multTransB(half, rotation, null);
  }

  /** Two by two, not commuting: tr √M = √(tr M + 2 √det M) for M = A B. */
  @Test
  void frechetDistanceOfTwoByTwoMatrices() {
    DMatrixRMaj a = new DMatrixRMaj(new double[][] {{2, 0.7}, {0.7, 1}});
    DMatrixRMaj b = new DMatrixRMaj(new double[][] {{0.5, -0.3}, {-0.3, 3}});
    double traceAb = 2 * 0.5 + 2 * 0.7 * -0.3 + 3;
    double detAb = (2 - 0.49) * (1.5 - 0.09);
    double expected = 3 + 3.5 - 2 * Math.sqrt(traceAb + 2 * Math.sqrt(detAb));
    assertThat(FrechetDistance.squared(new double[2], a, new double[2], b)).isCloseTo(expected, within(1e-12));
  }

  /** 5 vectors in 20 dimensions: covariances of rank 4, whose product has complex roots in other programs. */
  @Test
  void frechetDistanceIsStableForFewVectors() {
    FeatureMoments a = moments(normals(5 * 20, 5), 20);
    FeatureMoments b = moments(normals(5 * 20, 6), 20);
    double distance = FrechetDistance.squared(a, b);
    assertThat(distance).isEqualTo(FrechetDistance.squared(b, a), within(1e-8)).isPositive();
    assertThat(FrechetDistance.squared(a, a)).isCloseTo(0, within(1e-6));
    FeatureMoments single = moments(new float[40], 20);
    double trace = 0;
    for (int i = 0; i < 20; i++) {
      trace += a.covariance().get(i, i) + a.mean()[i] * a.mean()[i];
    }
    assertThat(FrechetDistance.squared(single, a)).as("from a point").isCloseTo(trace, within(1e-9));
  }

  @Test
  void momentsOfModesSeeMeansVariancesAndCorrelations() {
    int n = 400;
    float[] x = normals(n * 6, 7);
    float[] shifted = new float[x.length];
    float[] correlated = x.clone();
    for (int i = 0; i < x.length; i++) {
      shifted[i] = 2 * x[i] + (i % 6 == 0 ? 3 : 0);
    }
    for (int i = 0; i < n; i++) { // channel 1 = channel 0 at all three positions: same variances, other correlations
      System.arraycopy(x, i * 6, correlated, i * 6 + 3, 3);
    }
    ModeMoments a = new ModeMoments(2, 3);
    a.add(x, n);
    ModeMoments b = new ModeMoments(2, 3);
    b.add(shifted, n);
    double expected = 0;
    for (int k = 0; k < 6; k++) {
      double m = a.mean()[k];
      double s = Math.sqrt(a.variance()[k]);
      expected += Math.pow(m + (k == 0 ? 3 : 0), 2) + s * s;
    }
    assertThat(a.coefficientDistance(b)).isCloseTo(expected, within(1e-4));
    assertThat(a.coefficientDistance(a)).isZero();
    ModeMoments c = new ModeMoments(2, 3);
    c.add(correlated, n);
    assertThat(c.coefficientDistance(a)).isLessThan(0.1);
    assertThat(c.patchDistance(a)).as("3 (2 + 2 − 2 √2 √(1+…)) of perfectly correlated against independent")
        .isCloseTo(3 * (4 - 2 * Math.sqrt(2)), within(0.5));
    assertThat(a.channelDeviation()).containsExactly(new double[] {1, 1}, within(0.1));
    assertThatThrownBy(() -> a.patchDistance(new ModeMoments(3, 2))).isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * White noise of variance 4, and a plane wave. 200 images of 12×20: each of 7 bins within 5 standard errors, a false
   * alarm once in 2·10⁵ seeds.
   */
  @Test
  void spectraOfNoiseAndOfAWave() {
    PowerSpectrum noise = new PowerSpectrum(12, 20);
    float[] x = normals(200 * 240, 8);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 2;
    }
    for (int i = 0; i < 200; i++) {
      noise.add(x, 240 * i);
    }
    assertThat(noise.bins()).isEqualTo(7);
    for (int k = 0; k < 7; k++) {
      assertThat(noise.power(k)).isCloseTo(4, within(5 * noise.error(k)));
      assertThat(noise.error(k)).isCloseTo(4 * Math.sqrt(2.0 / 200 / noise.modes(k)), within(0.6 * noise.error(k)));
    }
    PowerSpectrum wave = new PowerSpectrum(12, 20);
    float[] plane = new float[240];
    for (int i = 0; i < 240; i++) {
      plane[i] = (float) (3 * Math.cos(2 * Math.PI * 4 * (i / 20) / 12));
    }
    wave.add(plane, 0);
    for (int k = 0; k < 7; k++) {
      double expected = k == 4 ? 2 * Math.pow(1.5 * 240, 2) / 240 / wave.modes(4) : 0;
      assertThat(wave.power(k)).isCloseTo(expected, within(1e-4));
    }
    assertThat(noise.logDistance(noise)).isZero();
    PowerSpectrum louder = new PowerSpectrum(12, 20);
    for (int i = 0; i < x.length; i++) {
      x[i] *= Math.sqrt(Math.E);
    }
    for (int i = 0; i < 200; i++) {
      louder.add(x, 240 * i);
    }
    assertThat(louder.logDistance(noise)).isCloseTo(1, within(1e-5));
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,1", "9,7,3,2", "50,23,17,5", "600,5,784,4"})
  void neighboursAreThoseOfTheFullSort(int count, int queries, int dimension, int k) {
    float[] vectors = normals(count * dimension, 9);
    float[] query = normals(queries * dimension, 10);
    NearestNeighbours.Result found = new NearestNeighbours(vectors, dimension).search(query, Math.min(k, count));
    int kept = Math.min(k, count);
    for (int q = 0; q < queries; q++) {
      double[] distance = new double[count];
      for (int r = 0; r < count; r++) {
        for (int i = 0; i < dimension; i++) {
          distance[r] += Math.pow(query[q * dimension + i] - vectors[r * dimension + i], 2);
        }
        distance[r] = Math.sqrt(distance[r]);
      }
      double[] sorted = distance.clone();
      Arrays.sort(sorted);
      for (int j = 0; j < kept; j++) {
        assertThat(found.distance()[q * kept + j]).isCloseTo(sorted[j], within(1e-5 * sorted[j]));
        assertThat(distance[found.index()[q * kept + j]]).isCloseTo(sorted[j], within(1e-5 * sorted[j]));
      }
    }
  }

  @Test
  void radiiLeaveOutTheVectorItself() {
    float[] line = {0, 1, 3, 7, 15};
    NearestNeighbours neighbours = new NearestNeighbours(line, 1);
    assertThat(neighbours.radii(1)).containsExactly(1, 1, 2, 4, 8);
    assertThat(neighbours.radii(2)).containsExactly(3, 2, 3, 6, 12);
    assertThat(neighbours.search(line, 1).index()).containsExactly(0, 1, 2, 3, 4);
    assertThatThrownBy(() -> neighbours.radii(5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void precisionAndRecallOnALine() {
    float[] real = {0, 1, 2, 3, 10, 11, 12, 13};
    float[] oneMode = {0.1f, 1.1f, 2.1f, 2.9f};
    PrecisionRecall dropped = PrecisionRecall.of(real, oneMode, 1, 1);
    assertThat(dropped.precision()).isEqualTo(1);
    assertThat(dropped.recall()).as("one of two modes").isEqualTo(0.5);
    PrecisionRecall outside = PrecisionRecall.of(real, new float[] {5.2f, 6, 7, 100}, 1, 1);
    assertThat(outside.precision()).isZero();
    PrecisionRecall same = PrecisionRecall.of(real, real, 1, 3);
    assertThat(same).isEqualTo(new PrecisionRecall(1, 1));
  }

  @Test
  void referenceStatisticsAreComputedOnce(@TempDir Path directory) throws IOException {
    ReferenceCache cache = new ReferenceCache(directory.resolve("cache"));
    float[] x = normals(60, 11);
    String key = ReferenceCache.key("patch 2", x);
    assertThat(key).isEqualTo(ReferenceCache.key("patch 2", x.clone())).hasSize(64)
        .isNotEqualTo(ReferenceCache.key("patch 4", x))
        .isNotEqualTo(ReferenceCache.key("patch 2", Arrays.copyOf(x, 30), Arrays.copyOfRange(x, 30, 60)));
    AtomicInteger computed = new AtomicInteger();
    ReferenceCache.Computation<ModeMoments> computation = () -> {
      computed.incrementAndGet();
      ModeMoments moments = new ModeMoments(2, 3);
      moments.add(x, 10);
      return moments;
    };
    ModeMoments first = cache.modes(key, computation);
    ModeMoments second = cache.modes(key, computation);
    assertThat(computed).hasValue(1);
    assertThat(second.variance()).isEqualTo(first.variance());
    assertThat(second.mean()).isEqualTo(first.mean());
    assertThat(second.patchDistance(first)).isCloseTo(0, within(1e-9));
    assertThat(second.images()).isEqualTo(10);

    Path file = directory.resolve("cache").resolve(key + ".npz");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(cache.modes(key, computation).mean()).isEqualTo(first.mean());
    assertThat(computed).as("a damaged file").hasValue(2);
    assertThat(cache.modes(key, computation).mean()).isEqualTo(first.mean());
    assertThat(computed).hasValue(2);

    FeatureMoments features = moments(x, 6);
    FeatureMoments kept = cache.features("features", () -> features);
    assertThat(cache.features("features", () -> {
      throw new IOException("not again");
    }).covariance().data).containsExactly(kept.covariance().data, within(1e-15));
    assertThatThrownBy(() -> cache.features("other", () -> {
      throw new IOException("no images");
    })).isInstanceOf(IOException.class).hasMessage("no images");
  }

  /** Test images as the generated ones stand at the floor; blurred ones far above it. */
  @Test
  void aPerfectModelStandsAtTheFloor() {
    SpectralQuality.Set training = set(normals(64 * 300, 12));
    SpectralQuality.Set test = set(normals(64 * 100, 13));
    float[] flat = normals(64 * 100, 14);
    for (int i = 0; i < flat.length; i++) {
      flat[i] *= i / 16 % 4 == 0 ? 1 : 0.2f;
    }
    SpectralQuality perfect = SpectralQuality.of(test, training, test);
    assertThat(perfect.coefficients().value()).isEqualTo(perfect.coefficients().floor());
    SpectralQuality poor = SpectralQuality.of(set(flat), training, test);
    assertThat(poor.coefficients().value()).isGreaterThan(5 * poor.coefficients().floor());
    assertThat(poor.patches().value()).isGreaterThan(5 * poor.patches().floor());
    assertThat(poor.spectrum().value()).isGreaterThan(5 * poor.spectrum().floor());
  }

  private static SpectralQuality.Set set(float[] images) {
    ModeMoments moments = new ModeMoments(4, 16);
    moments.add(images, images.length / 64);
    PowerSpectrum spectrum = new PowerSpectrum(8, 8);
    for (int i = 0; i < images.length; i += 64) {
      spectrum.add(images, i);
    }
    return new SpectralQuality.Set(moments, spectrum);
  }
}
