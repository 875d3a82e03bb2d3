package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectorised lattice kernels agree with the naive bodies to the last bit, on every shape. */
class FieldVectorTest {
  private static final float H = 1.7f;
  private static final float U = -0.3f;
  private static final float G = 0.9f;

  @ParameterizedTest
  @CsvSource({
    "2, 2, 1, 1", "2, 3, 1, 16", "3, 2, 2, 16", "3, 3, 1, 5", "4, 6, 1, 2", "5, 7, 3, 16", "16, 4, 1, 1", "17, 3, 1, 1",
    "18, 5, 1, 1", "32, 7, 1, 1", "33, 9, 1, 1", "48, 6, 2, 1", "20, 20, 1, 4", "20, 20, 2, 16", "64, 8, 1, 1", "67, 4, 1, 3", "31, 5, 1, 8", "2, 5, 1, 13",
    "2, 2, 2, 8", "3, 4, 3, 8", "20, 7, 2, 8"
  })
  void agreesWithTheNaiveBodies(int lx, int ly, int blocks, int lanes) {
    SplittableRandom random = new SplittableRandom(lx * 1000 + ly * 100 + blocks * 10 + lanes);
    int size = blocks * ly * lx * lanes;
    int rows = blocks * ly;
    float[] phi = normals(random, size);
    float[] p = normals(random, size);
    float[] stages = {0.1f, 0.2f, 0.05f, 0.15f};

    float[] expectedP = p.clone();
    float[] expectedMoved = new float[size];
    for (int e = 0; e < size; e++) {
      FieldKernels.kickDrift(e, phi, expectedP, expectedMoved, stages, 1, H, U, G, lx, ly, lanes);
    }
    float[] actualP = p.clone();
    float[] moved = new float[size];
    int cut = rows / 3;
    FieldVector.kickDrift(0, cut, phi, actualP, moved, stages, 1, H, U, G, lx, ly, lanes);
    FieldVector.kickDrift(cut, rows, phi, actualP, moved, stages, 1, H, U, G, lx, ly, lanes);
    assertThat(actualP).isEqualTo(expectedP);
    assertThat(moved).isEqualTo(expectedMoved);

    expectedP = p.clone();
    for (int e = 0; e < size; e++) {
      FieldKernels.kick(e, phi, expectedP, stages, 0, H, U, G, lx, ly, lanes);
    }
    actualP = p.clone();
    FieldVector.kick(0, cut, phi, actualP, stages, 0, H, U, G, lx, ly, lanes);
    FieldVector.kick(cut, rows, phi, actualP, stages, 0, H, U, G, lx, ly, lanes);
    assertThat(actualP).isEqualTo(expectedP);

    for (int e = 0; e < size; e++) {
      FieldKernels.addScaled(e, phi, p, expectedMoved, stages, 3);
    }
    FieldVector.addScaled(0, size, phi, p, moved, stages, 3);
    assertThat(moved).isEqualTo(expectedMoved);

    double[] expectedSums = new double[rows * lanes];
    for (int item = 0; item < rows * lanes; item++) {
      FieldKernels.hamiltonian(item, phi, p, expectedSums, H, U, G, lx, ly, lanes);
    }
    double[] sums = new double[rows * lanes];
    double[] partial = new double[rows * FieldKernels.PARTIAL_SUMS];
    FieldVector.hamiltonian(0, cut, phi, p, partial, sums, H, U, G, lx, ly, lanes);
    FieldVector.hamiltonian(cut, rows, phi, p, partial, sums, H, U, G, lx, ly, lanes);
    assertThat(sums).isEqualTo(expectedSums);

    double[] expectedRows = new double[4 * rows * lanes];
    for (int item = 0; item < rows * lanes; item++) {
      FieldKernels.rowSums(item, phi, expectedRows, lx, ly, lanes);
    }
    double[] rowSums = new double[expectedRows.length];
    FieldVector.rowSums(0, cut, phi, rowSums, lx, ly, lanes);
    FieldVector.rowSums(cut, rows, phi, rowSums, lx, ly, lanes);
    assertThat(rowSums).isEqualTo(expectedRows);

    double[] expectedColumns = new double[blocks * lx * lanes];
    for (int item = 0; item < expectedColumns.length; item++) {
      FieldKernels.columnSums(item, phi, expectedColumns, lx, ly, lanes);
    }
    double[] columnSums = new double[expectedColumns.length];
    int columnCut = expectedColumns.length / 3;
    FieldVector.columnSums(0, columnCut, phi, columnSums, lx, ly, lanes);
    FieldVector.columnSums(columnCut, expectedColumns.length, phi, columnSums, lx, ly, lanes);
    assertThat(columnSums).isEqualTo(expectedColumns);
  }

  /** −∂S/∂φ of the kick is the finite difference of the energy, in a field of a single replica among several. */
  @ParameterizedTest
  @CsvSource({"2, 2, 1", "3, 5, 2", "8, 4, 16", "7, 7, 3"})
  void forceIsTheGradientOfTheEnergy(int lx, int ly, int lanes) {
    SplittableRandom random = new SplittableRandom(lx + 31 * ly + 17 * lanes);
    int size = lx * ly * lanes;
    float[] phi = normals(random, size);
    float[] p = new float[size];
    for (int e = 0; e < size; e++) {
      float saved = phi[e];
      double step = 1.0 / 64;
      double[] energy = new double[2];
      for (int side = 0; side < 2; side++) {
        phi[e] = (float) (saved + (side == 0 ? step : -step));
        double[] sums = new double[ly * lanes];
        for (int item = 0; item < sums.length; item++) {
          FieldKernels.hamiltonian(item, phi, p, sums, H, U, G, lx, ly, lanes);
          energy[side] += sums[item];
        }
      }
      phi[e] = saved;
      double numerical = (energy[0] - energy[1]) / (2 * step);
      // The third derivative 24gφ gives the central difference the error 4gφ·step², removed here; the rest is rounding.
      double corrected = numerical - 4 * G * saved * step * step;
      assertThat((double) FieldKernels.force(e, phi, H, U, G, lx, ly, lanes)).isCloseTo(corrected, within(size));
    }
  }

  private static org.assertj.core.data.Offset<Double> within(int size) {
    return org.assertj.core.api.Assertions.within(2e-5 * Math.sqrt(size) + 2e-4);
  }

  private static float[] normals(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
