package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/**
 * No sampler allocates in an update. Vectors live on the heap until the optimising compiler has proved
 * them away, and whether it can is to a small part chance: in about one process of eight, one loop keeps
 * allocating. So this is measured in processes of their own, and what a sampler allocates is the least
 * of a few: an allocation in the code itself happens in all of them.
 */
class SamplerAllocationTest {
  private static final int PROCESSES = 4;
  private static final int UPDATES = 100;
  private static final long SECONDS = 5;

  @Test
  void updatesAllocateNothing() throws IOException, InterruptedException {
    Set<String> allocating = new TreeSet<>(Samplers.names());
    for (int attempt = 0; attempt < PROCESSES && !allocating.isEmpty(); attempt++) {
      allocating.removeAll(thoseThatAllocateNothing());
    }
    assertThat(allocating).isEmpty();
  }

  private static List<String> thoseThatAllocateNothing() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
        SamplerAllocationTest.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines;
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      lines = output.lines().toList();
    }
    assertThat(process.waitFor()).isZero();
    assertThat(lines).hasSize(Samplers.names().size());
    return lines.stream().filter(line -> line.endsWith(" 0")).map(line -> line.substring(0, line.length() - 2)).toList();
  }

  /** Prints for every sampler the bytes allocated in an update, once it is compiled. */
  public static void main(String[] args) {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 32);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String name : Samplers.names()) {
      try (Device device = new JvmDevice(1);
          Sampler sampler = Samplers.create(
              name, Phi4Action.gerdes(-4, 6), layout, new RandomStream(1), device, SamplerOptions.DEFAULTS)) {
        long deadline = System.nanoTime() + SECONDS * 1_000_000_000L;
        long perUpdate;
        do {
          for (int i = 0; i < 5 * UPDATES; i++) {
            sampler.update();
          }
          long before = threads.getCurrentThreadAllocatedBytes();
          for (int i = 0; i < UPDATES; i++) {
            sampler.update();
          }
          perUpdate = (threads.getCurrentThreadAllocatedBytes() - before) / UPDATES;
        } while (perUpdate > 0 && System.nanoTime() < deadline);
        System.out.println(name + " " + perUpdate);
      }
    }
  }
}
