package org.rgflow.spectral;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rgflow.device.Allocation;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.PhiloxVector;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.launch.ModeUpdate;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;

/** Once compiled, a flow step allocates nothing: no vector ever becomes an object. */
class StepAllocationTest {
  /** Transforms with mode updates in several shapes, and the drawing kernels over ranges that need every tail. */
  public static final class FlowSteps implements Allocation.Steps {
    private static final int[][] SHAPES = {{20, 20, 40}, {35, 64, 16}, {64, 64, 1}, {12, 30, 3}};

    @Override
    public Map<String, Runnable> steps() {
      JvmDevice device = new JvmDevice(1);
      Map<String, Runnable> steps = new LinkedHashMap<>();
      for (int[] shape : SHAPES) {
        FieldLayout layout = new FieldLayout(new Lattice(shape[0], shape[1]), shape[2]);
        steps.put(layout.toString(), step(layout, device));
      }
      float[] x = new float[1 << 16];
      float[] decay = new float[1 << 12];
      float[] odd = new float[3 * 5 * 67];
      float[] oddDecay = new float[67];
      RandomStream stream = new RandomStream(1);
      steps.put("drawing", () -> {
        PhiloxVector.normals(3, x.length - 5, x, stream.buffer(), 0);
        PhiloxVector.ornsteinUhlenbeck(0, x.length, x, decay, decay, 16, stream.buffer(), 0);
        PhiloxVector.ornsteinUhlenbeck(0, x.length, x, decay, decay, 1, stream.buffer(), 0);
        PhiloxVector.ornsteinUhlenbeck(1, odd.length, odd, oddDecay, oddDecay, 5, stream.buffer(), 0);
        stream.advance();
      });
      return steps;
    }

    private static Runnable step(FieldLayout layout, JvmDevice device) {
      float[] field = new float[layout.size()];
      float[] modes = new float[layout.size()];
      float[] xi = new float[layout.size()];
      float[] decay = new float[layout.lattice().sites()];
      ModeTransform transform = FourierTransforms.of(layout);
      RandomStream stream = new RandomStream(1);
      Program step = new Program("step")
          .addAll(transform.forward(field, modes))
          .add(new OrnsteinUhlenbeck(modes, decay, decay, layout.lanes(), stream.buffer(), 0))
          .add(new Normals(xi, layout.blocks(), stream.buffer(), 1))
          .add(new ModeUpdate(modes, decay, decay, xi, layout.lanes()))
          .addAll(transform.inverse(modes, field));
      Session session = device.open(step);
      return () -> {
        session.run(step);
        stream.advance();
      };
    }
  }

  @Test
  void flowStepsAllocateNothing() throws Exception {
    Allocation.assertNone(FlowSteps.class);
  }
}
