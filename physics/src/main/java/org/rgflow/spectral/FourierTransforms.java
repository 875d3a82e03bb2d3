package org.rgflow.spectral;

import org.rgflow.lattice.FieldLayout;

/** The real Fourier transform of lattice fields, by the method that suits the layout. */
public final class FourierTransforms {
  private FourierTransforms() {}

  /** The fastest implementation for a layout. */
  public static ModeTransform of(FieldLayout layout) {
    return new ReplicaFourier(layout);
  }
}
