package org.rgflow.spectral;

import org.junit.jupiter.api.Nested;
import org.rgflow.lattice.FieldLayout;

class ReplicaFourierTest extends ModeTransformContract {
  @Override
  ModeTransform create(FieldLayout layout) {
    return new ReplicaFourier(layout);
  }

  @Nested
  class WithFoldedMatrices extends ModeTransformContract {
    @Override
    ModeTransform create(FieldLayout layout) {
      return new ReplicaFourier(layout, ReplicaFourier.Method.FOLDED);
    }
  }

  @Nested
  class WithMixedRadix extends ModeTransformContract {
    @Override
    ModeTransform create(FieldLayout layout) {
      return new ReplicaFourier(layout, ReplicaFourier.Method.MIXED_RADIX);
    }
  }
}
