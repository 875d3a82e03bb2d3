package org.rgflow.transport;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
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
 * A mobility M is taken into account by transporting in the variable M^(−½) x. Matrices are not
 * changed. Cost: three symmetric eigenvalue decompositions.
 */
public final class BuresWasserstein {
  /** Relative asymmetry and relative negative eigenvalue that are taken for rounding. */
  private static final double ROUNDING = 1e-9;

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

  private static void requireSameSize(DMatrixRMaj a, DMatrixRMaj b) {
    if (a.numRows != a.numCols || b.numRows != b.numCols || a.numRows != b.numRows) {
      throw new IllegalArgumentException("covariances must be square and of one size, not " + a.numRows + "x" + a.numCols
          + " and " + b.numRows + "x" + b.numCols);
    }
  }
}
