package org.rgflow.spectral;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.launch.ModeUpdate;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;

/** Once compiled, a flow step allocates nothing: no vector ever becomes an object. */
class StepAllocationTest {
  @ParameterizedTest
  @CsvSource({"20, 20, 40", "35, 64, 16", "64, 64, 1", "12, 30, 3"})
  void flowStepAllocatesNothing(int lx, int ly, int replicas) {
    FieldLayout layout = new FieldLayout(new Lattice(lx, ly), replicas);
    float[] field = new float[layout.size()];
    float[] modes = new float[layout.size()];
    float[] xi = new float[layout.size()];
    float[] decay = new float[lx * ly];
    ModeTransform transform = FourierTransforms.of(layout);
    RandomStream stream = new RandomStream(1);
    Program step = new Program("step")
        .addAll(transform.forward(field, modes))
        .add(new OrnsteinUhlenbeck(modes, decay, decay, layout.lanes(), stream.buffer(), 0))
        .add(new Normals(xi, layout.blocks(), stream.buffer(), 1))
        .add(new ModeUpdate(modes, decay, decay, xi, layout.lanes()))
        .addAll(transform.inverse(modes, field));
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    try (JvmDevice device = new JvmDevice(1); Session session = device.open(step)) {
      long begin = System.nanoTime();
      // The compiler works in the background, and slowly on a busy machine.
      while (allocated > 0 && System.nanoTime() - begin < 30_000_000_000L) {
        long before = bean.getCurrentThreadAllocatedBytes();
        for (int repeat = 0; repeat < 20; repeat++) {
          session.run(step);
          stream.advance();
        }
        allocated = bean.getCurrentThreadAllocatedBytes() - before;
      }
    }
    assertThat(allocated).isZero();
  }
}
