package org.rgflow.transport;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.SpecializedOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Optimal transport between centred Gaussians with arbitrary covariances A and B (symmetric, positive
 * semi-definite), at unit cost |x − y|²: the Bures–Wasserstein geometry (Dowson &amp; Landau 1982;
 * Olkin &amp; Pukelsheim 1982).
 *
 * <pre>
 *   W₂² = tr A + tr B − 2 tr (A^½ B A^½)^½
 *   T   = A^(−½) (A^½ B A^½)^½ A^(−½),   T A T = B
 * </pre>
 *
 * Means add |m_a − m_b|². A mobility M, the cost being |x − y|²/M per coordinate, is taken into account by transporting
 * in the variable M^(−½) x. Matrices are not changed. Cost: three symmetric eigenvalue decompositions.
 */
public final class BuresWasserstein {
  /** Relative asymmetry and relative negative eigenvalue that are taken for rounding. */
  private static final double ROUNDING = 1e-9;
  /** Relative change at which the barycentre is at rest. */
  private static final double FIXED_POINT = 1e-13;
  private static final int MAX_ITERATIONS = 1000;

  private BuresWasserstein() {}

  /**
   * W₂² (not W₂).
   *
   * @throws IllegalArgumentException if a matrix is not square, symmetric and positive semi-definite,
   *     or their sizes differ
   */
  public static double distanceSquared(DMatrixRMaj a, DMatrixRMaj b) {
    requireSameSize(a, b);
    DMatrixRMaj cross = crossRoot(squareRoot(a), b);
    return Math.max(0, CommonOps_DDRM.trace(a) + CommonOps_DDRM.trace(b) - 2 * CommonOps_DDRM.trace(cross));
  }

  /**
   * W₂² between N(m_a, A) and N(m_b, B): |m_a − m_b|² and the distance of the covariances.
   *
   * @throws IllegalArgumentException as for {@link #distanceSquared(DMatrixRMaj, DMatrixRMaj)}, and if a mean has
   *     another size
   */
  public static double distanceSquared(double[] meanA, DMatrixRMaj a, double[] meanB, DMatrixRMaj b) {
    requireSize("a mean", meanA.length, a);
    requireSize("a mean", meanB.length, b);
    double sum = distanceSquared(a, b);
    for (int i = 0; i < meanA.length; i++) {
      sum += (meanA[i] - meanB[i]) * (meanA[i] - meanB[i]);
    }
    return sum;
  }

  /**
   * W₂² at the cost Σ_i (x_i − y_i)²/M_i: that of M^(−½) A M^(−½) and M^(−½) B M^(−½). The general form, for modes that
   * are correlated, of {@link GaussianModes#wasserstein2Squared(GaussianModes, double[])}.
   *
   * @param mobility M of each coordinate, &gt; 0
   * @throws IllegalArgumentException as for {@link #distanceSquared(DMatrixRMaj, DMatrixRMaj)}, and if a mobility is
   *     not positive
   */
  public static double distanceSquared(DMatrixRMaj a, DMatrixRMaj b, double[] mobility) {
    requireSameSize(a, b);
    requireSize("the mobility", mobility.length, a);
    DMatrixRMaj scaledA = a.copy();
    DMatrixRMaj scaledB = b.copy();
    double[] factor = new double[mobility.length];
    for (int i = 0; i < factor.length; i++) {
      if (!(mobility[i] > 0) || Double.isInfinite(mobility[i])) {
        throw new IllegalArgumentException("mobility " + i + " must be > 0 and finite, not " + mobility[i]);
      }
      factor[i] = 1 / Math.sqrt(mobility[i]);
    }
    for (DMatrixRMaj matrix : new DMatrixRMaj[] {scaledA, scaledB}) {
      CommonOps_DDRM.multRows(factor, matrix);
      CommonOps_DDRM.multCols(matrix, factor);
    }
    return distanceSquared(scaledA, scaledB);
  }

  /**
   * McCann's interpolation (1997), the geodesic from N(0, A) to N(0, B): [(1−t) + tT] A [(1−t) + tT].
   *
   * @param t 0 at A, 1 at B
   * @throws IllegalArgumentException as for {@link #map}, and if t is not between 0 and 1
   */
  public static DMatrixRMaj geodesic(DMatrixRMaj a, DMatrixRMaj b, double t) {
    if (!(t >= 0 && t <= 1)) {
      throw new IllegalArgumentException("a geodesic runs from t = 0 to 1, not to " + t);
    }
    DMatrixRMaj step = map(a, b);
    CommonOps_DDRM.scale(t, step);
    for (int i = 0; i < a.numRows; i++) {
      step.add(i, i, 1 - t);
    }
    return sandwich(step, a);
  }

  /**
   * The barycentre Σ of centred Gaussians, the minimiser of Σ_k λ_k W₂²(Σ, A_k), which solves
   * Σ = Σ_k λ_k (Σ^½ A_k Σ^½)^½, by the fixed-point iteration Σ ← Σ^(−½) [Σ_k λ_k (Σ^½ A_k Σ^½)^½]² Σ^(−½)
   * (Álvarez-Esteban, del Barrio, Cuesta-Albertos &amp; Matrán 2016, theorem 4.2), from the mean of the A_k.
   *
   * @param covariances A_k, of which one at least is regular
   * @param weights λ_k ≥ 0, of any positive total
   * @throws IllegalArgumentException if a matrix is no covariance, all are singular, or the weights are not weights
   * @throws ArithmeticException if the iteration does not come to rest
   */
  public static DMatrixRMaj barycentre(DMatrixRMaj[] covariances, double[] weights) {
    if (covariances.length == 0 || covariances.length != weights.length) {
      throw new IllegalArgumentException(covariances.length + " covariances and " + weights.length + " weights");
    }
    double total = 0;
    for (double weight : weights) {
      if (!(weight >= 0) || Double.isInfinite(weight)) {
        throw new IllegalArgumentException("a weight must be finite and not negative, not " + weight);
      }
      total += weight;
    }
    int n = covariances[0].numRows;
    DMatrixRMaj centre = new DMatrixRMaj(n, n);
    for (int k = 0; k < weights.length; k++) {
      requireSameSize(covariances[0], covariances[k]);
      CommonOps_DDRM.add(1, centre, weights[k] / total, covariances[k], centre);
    }
    for (int iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
      DMatrixRMaj root = squareRoot(centre);
      DMatrixRMaj inverse = new DMatrixRMaj(n, n);
      if (!CommonOps_DDRM.invert(root, inverse) || MatrixFeatures_DDRM.hasUncountable(inverse)) {
        throw new IllegalArgumentException("the barycentre of singular covariances is not unique");
      }
      DMatrixRMaj mean = new DMatrixRMaj(n, n);
      for (int k = 0; k < weights.length; k++) {
        CommonOps_DDRM.add(1, mean, weights[k] / total, crossRoot(root, covariances[k]), mean);
      }
      DMatrixRMaj next = sandwich(inverse, product(mean, mean));
      CommonOps_DDRM.add(0.5, next, 0.5, CommonOps_DDRM.transpose(next, null), next);
      double change = SpecializedOps_DDRM.diffNormF(next, centre);
      centre = next;
      if (change <= FIXED_POINT * NormOps_DDRM.normF(centre)) {
        return centre;
      }
    }
    throw new ArithmeticException("the barycentre has not come to rest after " + MAX_ITERATIONS + " iterations");
  }

  /**
   * The optimal map x ↦ T x from N(0, A) to N(0, B).
   *
   * @throws IllegalArgumentException as for {@link #distanceSquared}, and if A is singular
   */
  public static DMatrixRMaj map(DMatrixRMaj a, DMatrixRMaj b) {
    requireSameSize(a, b);
    DMatrixRMaj root = squareRoot(a);
    DMatrixRMaj inverse = new DMatrixRMaj(a.numRows, a.numCols);
    if (!CommonOps_DDRM.invert(root, inverse) || MatrixFeatures_DDRM.hasUncountable(inverse)) {
      throw new IllegalArgumentException("the covariance to be transported is singular: there is no map");
    }
    return sandwich(inverse, crossRoot(root, b));
  }

  /** The symmetric positive semi-definite square root. */
  static DMatrixRMaj squareRoot(DMatrixRMaj matrix) {
    int n = matrix.numRows;
    double scale = NormOps_DDRM.normF(matrix);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        if (!(Math.abs(matrix.get(i, j) - matrix.get(j, i)) <= ROUNDING * scale)) {
          throw new IllegalArgumentException("a covariance must be symmetric: entries (" + i + ", " + j + ") differ");
        }
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
    if (!eigen.decompose(matrix.copy())) {
      throw new IllegalArgumentException("a covariance must be finite");
    }
    DMatrixRMaj vectors = new DMatrixRMaj(n, n);
    DMatrixRMaj scaled = new DMatrixRMaj(n, n);
    for (int k = 0; k < n; k++) {
      double value = eigen.getEigenvalue(k).getReal();
      if (!(value >= -ROUNDING * scale)) {
        throw new IllegalArgumentException("a covariance must be positive semi-definite: it has eigenvalue " + value);
      }
      double root = Math.sqrt(Math.max(0, value));
      DMatrixRMaj vector = eigen.getEigenVector(k);
      for (int i = 0; i < n; i++) {
        vectors.set(i, k, vector.get(i));
        scaled.set(i, k, root * vector.get(i));
      }
    }
    DMatrixRMaj result = new DMatrixRMaj(n, n);
    CommonOps_DDRM.multTransB(scaled, vectors, result);
    return result;
  }

  /** (R B R)^½, R = A^½. */
  private static DMatrixRMaj crossRoot(DMatrixRMaj root, DMatrixRMaj b) {
    squareRoot(b); // names B, not the product, if B is at fault
    DMatrixRMaj product = sandwich(root, b);
    DMatrixRMaj transposed = CommonOps_DDRM.transpose(product, null);
    CommonOps_DDRM.add(0.5, product, 0.5, transposed, product);
    return squareRoot(product);
  }

  private static DMatrixRMaj sandwich(DMatrixRMaj outer, DMatrixRMaj inner) {
    DMatrixRMaj half = new DMatrixRMaj(inner.numRows, inner.numCols);
    DMatrixRMaj result = new DMatrixRMaj(inner.numRows, inner.numCols);
    CommonOps_DDRM.mult(outer, inner, half);
    CommonOps_DDRM.mult(half, outer, result);
    return result;
  }

  private static DMatrixRMaj product(DMatrixRMaj a, DMatrixRMaj b) {
    return CommonOps_DDRM.mult(a, b, null);
  }

  private static void requireSize(String what, int size, DMatrixRMaj matrix) {
    if (size != matrix.numRows) {
      throw new IllegalArgumentException(
          what + " has " + size + " entries, its covariance " + matrix.numRows + "x" + matrix.numCols);
    }
  }

  private static void requireSameSize(DMatrixRMaj a, DMatrixRMaj b) {
    if (a.numRows != a.numCols || b.numRows != b.numCols || a.numRows != b.numRows) {
      throw new IllegalArgumentException("covariances must be square and of one size, not " + a.numRows + "x"
          + a.numCols + " and " + b.numRows + "x" + b.numCols);
    }
  }
}
