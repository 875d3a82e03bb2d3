package org.rgflow.device.tornado;

import java.util.Arrays;
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.runtime.analyzer.TaskUtils;
import uk.ac.manchester.tornado.runtime.tasks.CompilableTask;
import uk.ac.manchester.tornado.runtime.tasks.meta.ScheduleContext;

/**
 * A task that shares its compiled kernel with others, in its own graph as well as in the rest of a plan.
 *
 * <p>TornadoVM looks for compiled code by the identifier of the task and the name of the method, and for the grid by
 * the identifier of the task's context. So the first is the kernel's, common to all its tasks, and the second the
 * task's own. Tasks of one identifier are equal to TornadoVM, which would keep one of them; here only the same
 * are.
 */
final class KernelTask extends CompilableTask {
  private final String kernel;

  /**
   * @param graph the graph's context
   * @param name the task's own name
   * @param kernel the name of its kernel
   * @param captured the method and its arguments; the method is a reference to a static one
   */
  KernelTask(ScheduleContext graph, String name, String kernel, TaskPackage captured) {
    super(graph, name, TaskUtils.resolveMethodHandle(captured.getTaskParameters()[0]),
        arguments(captured.getTaskParameters()));
    this.kernel = graph.getId() + "." + kernel;
  }

  private static Object[] arguments(Object[] parameters) {
    return Arrays.copyOfRange(parameters, 1, parameters.length);
  }

  @Override
  public String getId() {
    return kernel;
  }

  /** TornadoVM does this to the last task of every graph, for the sake of FPGAs. */
  @Override
  public void forceCompilation() {
    // What is compiled stays.
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
