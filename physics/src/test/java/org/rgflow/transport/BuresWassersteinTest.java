package org.rgflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.ejml.EjmlUnitTests;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.api.Test;

class BuresWassersteinTest {
  private final Random random = new Random(11);

  @Test
  void commutingCovariancesAgreeWithTheModes() {
    DMatrixRMaj u = RandomMatrices_DDRM.orthogonal(5, 5, random);
    double[] v1 = {1, 2, 0.3, 5, 0.01};
    double[] v2 = {2, 0.5, 0.3, 4, 3};
    double distance = BuresWasserstein.distanceSquared(rotate(u, v1), rotate(u, v2));
    assertThat(distance)
        .isCloseTo(new GaussianModes(v1).wasserstein2Squared(new GaussianModes(v2)), within(1e-12));
  }

  @Test
  void twoByTwoAgainstTheClosedForm() {
    // tr (A^½BA^½)^½ = √(tr(AB) + 2√(det A det B)) in two dimensions.
    DMatrixRMaj a = new DMatrixRMaj(new double[][] {{2, 0.7}, {0.7, 1}});
    DMatrixRMaj b = new DMatrixRMaj(new double[][] {{1, -0.4}, {-0.4, 3}});
    double trace = 2 * 1 + 2 * 0.7 * -0.4 + 1 * 3;
    double cross = Math.sqrt(trace + 2 * Math.sqrt((2 - 0.49) * (3 - 0.16)));
    assertThat(BuresWasserstein.distanceSquared(a, b)).isCloseTo(3 + 4 - 2 * cross, within(1e-13));
  }

  @Test
  void mapTransportsAndItsCostIsTheDistance() {
    int n = 6;
    DMatrixRMaj a = RandomMatrices_DDRM.symmetricPosDef(n, random);
    DMatrixRMaj b = RandomMatrices_DDRM.symmetricPosDef(n, random);
    DMatrixRMaj map = BuresWasserstein.map(a, b);
    DMatrixRMaj image = new DMatrixRMaj(n, n);
    DMatrixRMaj half = new DMatrixRMaj(n, n);
    CommonOps_DDRM.mult(map, a, half);
    CommonOps_DDRM.mult(half, map, image);
    EjmlUnitTests.assertEquals(b, image, 1e-10);
    // E|Tx − x|² = tr (T−1) A (T−1)
    DMatrixRMaj shift = map.copy();
    for (int i = 0; i < n; i++) {
      shift.add(i, i, -1);
    }
    CommonOps_DDRM.mult(shift, a, half);
    CommonOps_DDRM.mult(half, shift, image);
    assertThat(CommonOps_DDRM.trace(image)).isCloseTo(BuresWasserstein.distanceSquared(a, b), within(1e-10));
  }

  @Test
  void degenerateCovariancesHaveADistanceButNoMap() {
    DMatrixRMaj a = CommonOps_DDRM.diag(1, 0);
    DMatrixRMaj b = CommonOps_DDRM.diag(4, 9);
    assertThat(BuresWasserstein.distanceSquared(a, b)).isCloseTo(1 + 9, within(1e-14));
    assertThatThrownBy(() -> BuresWasserstein.map(a, b)).hasMessageContaining("singular");
  }

  @Test
  void refusesWhatIsNoCovariance() {
    DMatrixRMaj good = CommonOps_DDRM.identity(2);
    assertThatThrownBy(() -> BuresWasserstein.distanceSquared(good, CommonOps_DDRM.diag(1, -1)))
        .hasMessageContaining("semi-definite");
    assertThatThrownBy(
        () -> BuresWasserstein.distanceSquared(new DMatrixRMaj(new double[][] {{1, 0.5}, {0, 1}}), good))
        .hasMessageContaining("symmetric");
    assertThatThrownBy(() -> BuresWasserstein.distanceSquared(good, CommonOps_DDRM.identity(3)))
        .hasMessageContaining("one size");
  }

  /** N(0, 1) and N(10, 1): W₂ = 10. */
  @Test
  void meansAddTheirDistance() {
    DMatrixRMaj one = CommonOps_DDRM.identity(1);
    assertThat(BuresWasserstein.distanceSquared(new double[] {0}, one, new double[] {10}, one)).isCloseTo(100, within(1e-12));
  }

  @Test
  void mobilityIsAChangeOfUnits() {
    DMatrixRMaj a = RandomMatrices_DDRM.symmetricPosDef(3, random);
    DMatrixRMaj b = RandomMatrices_DDRM.symmetricPosDef(3, random);
    assertThat(BuresWasserstein.distanceSquared(a, b, new double[] {4, 4, 4}))
        .isCloseTo(BuresWasserstein.distanceSquared(a, b) / 4, within(1e-12));
    double[] v = {1, 4};
    double[] w = {9, 2};
    double[] mobility = {0.5, 3};
    assertThat(BuresWasserstein.distanceSquared(CommonOps_DDRM.diag(v), CommonOps_DDRM.diag(w), mobility))
        .isCloseTo(new GaussianModes(v).wasserstein2Squared(new GaussianModes(w), mobility), within(1e-13));
    assertThatThrownBy(() -> BuresWasserstein.distanceSquared(a, b, new double[] {1, 0, 1})).hasMessageContaining("mobility 1");
  }

  @Test
  void geodesicsAreRunThroughAtConstantSpeed() {
    DMatrixRMaj a = RandomMatrices_DDRM.symmetricPosDef(4, random);
    DMatrixRMaj b = RandomMatrices_DDRM.symmetricPosDef(4, random);
    double distance = Math.sqrt(BuresWasserstein.distanceSquared(a, b));
    DMatrixRMaj early = BuresWasserstein.geodesic(a, b, 0.3);
    DMatrixRMaj late = BuresWasserstein.geodesic(a, b, 0.9);
    assertThat(Math.sqrt(BuresWasserstein.distanceSquared(early, late))).isCloseTo(0.6 * distance, within(1e-6));
    EjmlUnitTests.assertEquals(a, BuresWasserstein.geodesic(a, b, 0), 1e-12);
    EjmlUnitTests.assertEquals(b, BuresWasserstein.geodesic(a, b, 1), 1e-10);
  }

  @Test
  void barycentres() {
    // commuting: the standard deviations are averaged
    DMatrixRMaj u = RandomMatrices_DDRM.orthogonal(3, 3, random);
    DMatrixRMaj commuting = BuresWasserstein.barycentre(
        new DMatrixRMaj[] {rotate(u, new double[] {1, 4, 9}), rotate(u, new double[] {4, 1, 0.25})}, new double[] {3, 1});
    EjmlUnitTests.assertEquals(rotate(u, new double[] {1.25 * 1.25, 1.75 * 1.75, 2.375 * 2.375}), commuting, 1e-10);
    // two: the middle of the geodesic
    DMatrixRMaj a = RandomMatrices_DDRM.symmetricPosDef(4, random);
    DMatrixRMaj b = RandomMatrices_DDRM.symmetricPosDef(4, random);
    EjmlUnitTests.assertEquals(BuresWasserstein.geodesic(a, b, 0.5),
        BuresWasserstein.barycentre(new DMatrixRMaj[] {a, b}, new double[] {1, 1}), 1e-9);
    // three: the maps to the A_k average to the identity, and nothing nearby is better
    DMatrixRMaj c = RandomMatrices_DDRM.symmetricPosDef(4, random);
    double[] weights = {0.5, 0.2, 0.3};
    DMatrixRMaj centre = BuresWasserstein.barycentre(new DMatrixRMaj[] {a, b, c}, weights);
    DMatrixRMaj mean = new DMatrixRMaj(4, 4);
    CommonOps_DDRM.addEquals(mean, 0.5, BuresWasserstein.map(centre, a));
    CommonOps_DDRM.addEquals(mean, 0.2, BuresWasserstein.map(centre, b));
    CommonOps_DDRM.addEquals(mean, 0.3, BuresWasserstein.map(centre, c));
    EjmlUnitTests.assertEquals(CommonOps_DDRM.identity(4), mean, 1e-9);
    assertThatThrownBy(() -> BuresWasserstein.barycentre(new DMatrixRMaj[] {a}, weights)).hasMessageContaining("3 weights");
    assertThatThrownBy(() -> BuresWasserstein.barycentre(new DMatrixRMaj[] {CommonOps_DDRM.diag(1, 0)}, new double[] {1}))
        .hasMessageContaining("not unique");
  }

  private static DMatrixRMaj rotate(DMatrixRMaj u, double[] eigenvalues) {
    int n = eigenvalues.length;
    DMatrixRMaj half = new DMatrixRMaj(n, n);
    DMatrixRMaj result = new DMatrixRMaj(n, n);
    CommonOps_DDRM.mult(u, CommonOps_DDRM.diag(eigenvalues), half);
    CommonOps_DDRM.multTransB(half, u, result);
    CommonOps_DDRM.add(0.5, result, 0.5, CommonOps_DDRM.transpose(result, null), half);
    return half;
  }
}
