package org.rgflow.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asserts that steps allocate nothing. Vectors live on the heap until the optimising compiler has proved
 * them away, and whether it can is to a small part chance: in about one process of eight, one loop keeps
 * allocating. So the steps run in processes of their own, and what a step allocates is the least of a
 * few: an allocation in the code itself happens in all of them.
 */
public final class Allocation {
  /** Makes the steps to watch; needs a public constructor without parameters. */
  public interface Steps {
    /** Steps by name; each is repeated on one thread. */
    Map<String, Runnable> steps();
  }

  private static final int PROCESSES = 4;
  private static final int REPETITIONS = 50;
  /** Of processor time: on a busy machine the compiler needs longer. */
  private static final long SECONDS = 10;
  private static final String NONE = "allocates nothing: ";

  private Allocation() {}

  /** Fails with the names of the steps that allocate in every one of the processes. */
  public static void assertNone(Class<? extends Steps> steps)
      throws IOException, InterruptedException, ReflectiveOperationException {
    Set<String> allocating = new TreeSet<>(steps.getConstructor().newInstance().steps().keySet());
    assertThat(allocating).isNotEmpty();
    for (int attempt = 0; attempt < PROCESSES && !allocating.isEmpty(); attempt++) {
      allocating.removeAll(thoseThatAllocateNothing(steps));
    }
    assertThat(allocating).as("steps that allocate").isEmpty();
  }

  private static List<String> thoseThatAllocateNothing(Class<? extends Steps> steps)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules=jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
        Allocation.class.getName(), steps.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines;
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      lines = output.lines().toList();
    }
    assertThat(process.waitFor()).isZero();
    return lines.stream().filter(line -> line.startsWith(NONE)).map(line -> line.substring(NONE.length())).toList();
  }

  /** Prints the names of the steps that, once compiled, allocate nothing; the argument is the class that makes them. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Steps steps = (Steps) Class.forName(args[0]).getConstructor().newInstance();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    steps.steps().forEach((name, step) -> {
      long deadline = processorTime() + SECONDS * 1_000_000_000L;
      long allocated;
      do {
        // A probe between long stretches, so that the probe itself is not what is compiled for.
        for (int i = 0; i < 4 * REPETITIONS && processorTime() < deadline; i++) {
          step.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < REPETITIONS; i++) {
          step.run();
        }
        allocated = (threads.getCurrentThreadAllocatedBytes() - before) / REPETITIONS;
      } while (allocated > 0 && processorTime() < deadline);
      if (allocated == 0) {
        System.out.println(NONE + name);
      }
    });
    System.exit(0); // the steps' devices have threads
  }

  /** Nanoseconds that all threads of this process, the compiler's too, have run. */
  private static long processorTime() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
