package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.sampler.Langevin.Scheme;
import org.rgflow.spectral.LatticeModes;

class LangevinTest {
  /** First order in the step: at the default, kε = 0.04, the variance of the stiffest mode is 2 % too large. */
  @Nested
  class Euler extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, RandomStream stream, Device device) {
      return new Langevin(Scheme.EULER, action, layout, stream, device, Start.HOT, 0, 0);
    }

    @Override
    double relativeBias() {
      return 0.04;
    }
  }

  /** Second order in the step. */
  @Nested
  class Exponential extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, RandomStream stream, Device device) {
      return new Langevin(Scheme.EXPONENTIAL, action, layout, stream, device, Start.HOT, 0, 0);
    }

    @Override
    double relativeBias() {
      return 0.005;
    }
  }

  @Nested
  class Mala extends SamplerContract {
    @Override
    Sampler create(Phi4Action action, FieldLayout layout, RandomStream stream, Device device) {
      return new Langevin(Scheme.MALA, action, layout, stream, device, Start.HOT, 0, 0);
    }
  }
}
