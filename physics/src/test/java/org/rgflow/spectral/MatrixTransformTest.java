package org.rgflow.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;

class MatrixTransformTest extends ModeTransformContract {
  @Override
  ModeTransform create(FieldLayout layout) {
    return MatrixTransform.realFourier(layout);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 8, 20, 100, 2047})
  void basesAreOrthonormal(int n) {
    for (double[] basis : new double[][] {Bases.realFourier(n), Bases.dct2(n)}) {
      int step = Math.max(1, n / 20);
      for (int a = 0; a < n; a += step) {
        for (int b = 0; b <= a; b += step) {
          double product = 0;
          for (int x = 0; x < n; x++) {
            product += basis[a * n + x] * basis[b * n + x];
          }
          assertThat(product - (a == b ? 1 : 0)).isBetween(-1e-13, 1e-13);
        }
      }
    }
  }

  /** The DCT-II diagonalises the Laplacian with reflecting ends: eigenvalues 2 − 2 cos(πk/n). */
  @Test
  void cosineTransformDiagonalisesTheReflectingLaplacian() {
    int n = 12;
    double[] basis = Bases.dct2(n);
    for (int k = 0; k < n; k++) {
      for (int x = 0; x < n; x++) {
        double left = basis[k * n + Math.max(0, x - 1)];
        double right = basis[k * n + Math.min(n - 1, x + 1)];
        double here = basis[k * n + x];
        assertThat(2 * here - left - right - (2 - 2 * Math.cos(Math.PI * k / n)) * here).isBetween(-1e-14, 1e-14);
      }
    }
  }

  @Test
  void cosineTransformOfAConstantIsItsZeroMode() {
    FieldLayout layout = new FieldLayout(new Lattice(8, 6), 3);
    float[] field = new float[layout.size()];
    java.util.Arrays.fill(field, 2f);
    float[] modes = new float[layout.size()];
    run(1, MatrixTransform.dct2(layout).forward(field, modes));
    assertThat(modes[layout.index(1, 0)]).isCloseTo(2f * (float) Math.sqrt(48), org.assertj.core.data.Offset.offset(1e-5f));
    for (int k = 1; k < 48; k++) {
      assertThat(modes[layout.index(2, k)]).isBetween(-1e-5f, 1e-5f);
    }
  }

  @Test
  void refusesABasisOfTheWrongSize() {
    assertThatThrownBy(() -> new MatrixTransform(new FieldLayout(new Lattice(4, 3), 1), Bases.dct2(3), Bases.dct2(3)))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4x3");
  }
}
