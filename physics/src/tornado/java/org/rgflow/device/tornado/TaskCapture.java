package org.rgflow.device.tornado;

import java.lang.reflect.Array;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.rgflow.device.tornado.TornadoTasks.Lengths;
import org.rgflow.device.tornado.TornadoTasks.Task;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoTaskGraphInterface;
import uk.ac.manchester.tornado.api.common.TaskPackage;

/** A graph that keeps the last task instead of adding it, so that it can be added under a name that fits it. */
final class TaskCapture extends TaskGraph {
  private TaskPackage last;

  TaskCapture() {
    super("capture");
    taskGraphImpl = (TornadoTaskGraphInterface) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {TornadoTaskGraphInterface.class}, (proxy, method, arguments) -> {
          if (!method.getName().equals("addTask")) {
            throw new IllegalStateException("a task's recording called " + method.getName());
          }
          last = (TaskPackage) arguments[0];
          return null;
        });
  }

  /** What a task would add to a graph. */
  TaskPackage of(Task task, KernelContext context) {
    taskNames.clear();
    task.recording().add(this, "task", context);
    return last;
  }

  /**
   * What the compiled kernel depends on: the method, the scalars, of which TornadoVM makes constants, and the
   * lengths of arrays, of which it does the same where the kernel asks for them.
   */
  static List<Object> signature(TaskPackage task, Lengths lengths) {
    List<Object> signature = new ArrayList<>();
    Object[] parameters = task.getTaskParameters();
    signature.add(parameters[0].getClass()); // one method reference, one class
    for (Object parameter : List.of(parameters).subList(1, parameters.length)) {
      if (parameter.getClass().isArray()) {
        signature.add(lengths == Lengths.ANY ? -1 : Array.getLength(parameter));
      } else if (!(parameter instanceof KernelContext)) {
        signature.add(parameter);
      }
    }
    return signature;
  }
}
