package org.rgflow.spectral;

import org.rgflow.device.Device;
import org.rgflow.lattice.FieldLayout;

/** The real Fourier transform of lattice fields, by the method that suits the layout. */
public final class FourierTransforms {
  private FourierTransforms() {}

  /** The fastest implementation for a layout on the JVM; other devices may refuse it. */
  public static ModeTransform of(FieldLayout layout) {
    return new ReplicaFourier(layout);
  }

  /** The fastest implementation for a layout on a device: by matrices where the device has no kernel for lines. */
  public static ModeTransform of(FieldLayout layout, Device device) {
    return device.takesAnyLaunch() ? of(layout) : MatrixTransform.realFourier(layout);
  }
}
