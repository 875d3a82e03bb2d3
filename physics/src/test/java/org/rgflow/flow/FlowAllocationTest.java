package org.rgflow.flow;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rgflow.device.Allocation;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.spectral.Regulators;

/** No flow allocates when it advances. */
class FlowAllocationTest {
  /** An advance of every kind of flow. */
  public static final class Advances implements Allocation.Steps {
    @Override
    public Map<String, Runnable> steps() {
      JvmDevice device = new JvmDevice(1);
      ModeTransform transform = FourierTransforms.of(new FieldLayout(Lattice.square(8), 32));
      Map<String, Runnable> steps = new LinkedHashMap<>();
      for (String regulator : new String[] {"exponential", "power:3", "litim", "sharp", "fermi:0.7"}) {
        put(steps, regulator, new PolchinskiFlow(device, transform, covariance(regulator), new RandomStream(11)));
      }
      put(steps, "stochastic gradient", new StochasticGradientFlow(device, transform, 0.5, 0.8, new RandomStream(11)));
      put(steps, "gradient", new GradientFlow(device, transform));
      for (FlowIntegrator integrator : FlowIntegrator.values()) {
        put(steps, integrator.label(), new WegnerMorrisFlow(device, transform, covariance("exponential"),
            new SeedAction.Quartic(0.1), integrator, 10, new RandomStream(9)));
      }
      return steps;
    }

    private static RunningCovariance covariance(String regulator) {
      return new RunningCovariance(0.5, 1, Regulators.parse(regulator));
    }

    private static void put(Map<String, Runnable> steps, String name, Flow flow) {
      steps.put(name, () -> flow.advance(2, 1));
    }
  }

  @Test
  void advancesAllocateNothing() throws Exception {
    Allocation.assertNone(Advances.class);
  }
}
