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
