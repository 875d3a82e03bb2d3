package org.rgflow.spectral;

import org.rgflow.lattice.FieldLayout;

class JTransformsFourierTest extends ModeTransformContract {
  @Override
  ModeTransform create(FieldLayout layout) {
    return new JTransformsFourier(layout);
  }
}
