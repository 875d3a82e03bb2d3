package org.rgflow.spectral;

import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.lattice.FieldLayout;

/**
 * A real, orthonormal, separable change of basis from sites to modes, recorded as launches. Because
 * it is orthonormal, white noise is white in either basis, and a field's squared norm is the sum of
 * its squared modes.
 *
 * <p>Lattice fields use the real Fourier basis of each side (n sites, mode j = 0 … n−1, frequency
 * f = ⌈j/2⌉): 1/√n for j = 0; √(2/n) cos(2πfx/n) for odd j, √(2/n) sin(2πfx/n) for even j > 0; and for
 * even n the last mode j = n−1 is (−1)^x/√n. The product of two such functions is an eigenvector of
 * the lattice Laplacian with eigenvalue −p̂², p̂² = 4 sin²(πf_x/L_x) + 4 sin²(πf_y/L_y). Mode
 * (jx, jy) has index {@code jy * lx + jx}, laid out as in {@link FieldLayout}. Image patches use the
 * DCT-II in the same way.
 */
public interface ModeTransform {
  FieldLayout layout();

  /** Launches that take {@code field} to {@code modes}; the two arrays may not be the same. */
  List<Launch> forward(float[] field, float[] modes);

  /** Launches that take {@code modes} to {@code field}; the two arrays may not be the same. */
  List<Launch> inverse(float[] modes, float[] field);
}
