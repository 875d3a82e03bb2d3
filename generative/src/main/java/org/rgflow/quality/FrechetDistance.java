package org.rgflow.quality;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The squared Fréchet distance of two Gaussians (Dowson &amp; Landau 1982), which of features is the Fréchet distance
 * that ranks image models (Heusel et al., 1706.08500):
 *
 * <pre>  d² = |m₁ − m₂|² + tr Σ₁ + tr Σ₂ − 2 tr (Σ₁^½ Σ₂ Σ₁^½)^½.</pre>
 *
 * The last trace is the sum of the square roots of the eigenvalues of Λ^½ Vᵀ Σ₂ V Λ^½, Σ₁ = V Λ Vᵀ: symmetric
 * eigenvalue problems only, restricted to the range of Σ₁, so that covariances of fewer vectors than components do no
 * harm (the product Σ₁Σ₂, of which other programs take a square root, is not symmetric, and then comes out complex).
 *
 * <p>Of n vectors each the estimate is too large by about tr Σ times dimension/n: compare only figures of equal n.
 */
public final class FrechetDistance {
  /** Relative eigenvalue below which a direction counts as empty. */
  private static final double EMPTY = 1e-14;

  private FrechetDistance() {}

  /** d² between the Gaussians of the same moments. */
  public static double squared(FeatureMoments a, FeatureMoments b) {
    // The root costs least on the side of lower rank.
    return a.count() <= b.count() ? squared(a.mean(), a.covariance(), b.mean(), b.covariance())
        : squared(b.mean(), b.covariance(), a.mean(), a.covariance());
  }

  /**
   * d² between N(m₁, Σ₁) and N(m₂, Σ₂).
   *
   * @throws IllegalArgumentException if the sizes differ or a number is not finite
   */
  public static double squared(double[] mean1, DMatrixRMaj covariance1, double[] mean2, DMatrixRMaj covariance2) {
    int n = mean1.length;
    if (mean2.length != n || covariance1.numRows != n || covariance1.numCols != n || covariance2.numRows != n
        || covariance2.numCols != n) {
      throw new IllegalArgumentException("means of " + n + " and " + mean2.length + " components, covariances of "
          + covariance1.numRows + "x" + covariance1.numCols + " and " + covariance2.numRows + "x"
          + covariance2.numCols);
    }
    double distance = 0;
    for (int i = 0; i < n; i++) {
      distance += (mean1[i] - mean2[i]) * (mean1[i] - mean2[i]);
    }
    distance += CommonOps_DDRM.trace(covariance1) + CommonOps_DDRM.trace(covariance2);
    distance -= 2 * traceOfRoot(covariance1, covariance2);
    if (!Double.isFinite(distance)) {
      throw new IllegalArgumentException("the moments are not finite");
    }
    return Math.max(0, distance);
  }

  /** tr (Σ₁^½ Σ₂ Σ₁^½)^½. */
  private static double traceOfRoot(DMatrixRMaj covariance1, DMatrixRMaj covariance2) {
    int n = covariance1.numRows;
    EigenDecomposition_F64<DMatrixRMaj> eigen = decompose(covariance1, n, true);
    double largest = 0;
    for (int k = 0; k < n; k++) {
      largest = Math.max(largest, eigen.getEigenvalue(k).getReal());
    }
    DMatrixRMaj range = new DMatrixRMaj(n, n);
    int rank = 0;
    for (int k = 0; k < n; k++) {
      double value = eigen.getEigenvalue(k).getReal();
      if (value > EMPTY * largest) {
        DMatrixRMaj vector = eigen.getEigenVector(k);
        double root = Math.sqrt(value);
        for (int i = 0; i < n; i++) {
          range.set(i, rank, root * vector.get(i));
        }
        rank++;
      }
    }
    if (rank == 0) {
      return 0;
    }
    DMatrixRMaj half = CommonOps_DDRM.extract(range, 0, n, 0, rank);
    DMatrixRMaj right = new DMatrixRMaj(n, rank);
    DMatrixRMaj product = new DMatrixRMaj(rank, rank);
    CommonOps_DDRM.mult(covariance2, half, right);
    CommonOps_DDRM.multTransA(half, right, product);
    DMatrixRMaj transposed = CommonOps_DDRM.transpose(product, null);
    CommonOps_DDRM.add(0.5, product, 0.5, transposed, product);
    EigenDecomposition_F64<DMatrixRMaj> inner = decompose(product, rank, false);
    double greatest = 0;
    for (int k = 0; k < rank; k++) {
      greatest = Math.max(greatest, inner.getEigenvalue(k).getReal());
    }
    double trace = 0;
    for (int k = 0; k < rank; k++) {
      double value = inner.getEigenvalue(k).getReal();
      // The root would turn a zero's rounding error of 1e-16 into 1e-8.
      trace += value > EMPTY * greatest ? Math.sqrt(value) : 0;
    }
    return trace;
  }

  private static EigenDecomposition_F64<DMatrixRMaj> decompose(DMatrixRMaj matrix, int n, boolean vectors) {
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, vectors, true);
    if (!eigen.decompose(matrix.copy())) {
      throw new IllegalArgumentException("a covariance must be finite");
    }
    return eigen;
  }

  /** d² of independent components: Σ (m₁ − m₂)² + (σ₁ − σ₂)². */
  public static double squaredDiagonal(double[] mean1, double[] variance1, double[] mean2, double[] variance2) {
    double distance = 0;
    for (int i = 0; i < mean1.length; i++) {
      double mean = mean1[i] - mean2[i];
      double deviation = Math.sqrt(variance1[i]) - Math.sqrt(variance2[i]);
      distance += mean * mean + deviation * deviation;
    }
    return distance;
  }
}
