package org.rgflow.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.network.UNetConfiguration.Resolution;

/**
 * A training step allocates nothing once it is compiled. Measured in processes of their own, of which the best counts:
 * whether the compiler keeps a vector off the heap is to a small part chance, while an allocation in the code happens in
 * all of them.
 */
class UNetAllocationTest {
  private static final int PROCESSES = 3;
  /** Of processor time: on a busy machine the compiler needs longer. */
  private static final long SECONDS = 16;

  @Test
  void stepsAllocateNothing() throws IOException, InterruptedException {
    String allocated = "";
    for (int attempt = 0; attempt < PROCESSES && !allocated.equals("0"); attempt++) {
      Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
          UNetAllocationTest.class.getName())
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (var output = process.inputReader(StandardCharsets.UTF_8)) {
        allocated = output.readLine();
      }
      assertThat(process.waitFor()).isZero();
    }
    assertThat(allocated).isEqualTo("0");
  }

  /** Prints the bytes that a forward and a backward pass allocate. */
  public static void main(String[] args) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    UNet net = new UNet(new UNetConfiguration(3, 3, 4, 32, List.of(1, 2), 1, Set.of(1), 0.1, Resolution.HALVING), 2, 3,
        1, Purpose.TRAINING);
    Program forward = net.forward(Purpose.TRAINING);
    Program backward = net.backward(GradientMode.ACCUMULATE);
    try (JvmDevice device = new JvmDevice(1); Session session = device.open(forward, backward)) {
      long deadline = processorTime() + SECONDS * 1_000_000_000L;
      long allocated;
      do {
        for (int i = 0; i < 100; i++) {
          session.run(forward);
          session.run(backward);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
          session.run(forward);
          session.run(backward);
        }
        allocated = (threads.getCurrentThreadAllocatedBytes() - before) / 20;
      } while (allocated > 0 && processorTime() < deadline);
      System.out.println(allocated);
    }
  }

  /** Nanoseconds that all threads of this process, the compiler's too, have run. */
  private static long processorTime() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
