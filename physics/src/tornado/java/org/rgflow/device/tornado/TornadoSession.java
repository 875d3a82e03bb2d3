package org.rgflow.device.tornado;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rgflow.device.DeviceException;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.device.tornado.TornadoTasks.Form;
import org.rgflow.device.tornado.TornadoTasks.Task;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/**
 * Programs as the task graphs of one execution plan, with their buffers resident on the device.
 *
 * <p>Graph 0 copies every buffer to the device and computes nothing; it runs before the first program.
 * A program is one graph or, when it has more launches than a graph can hold, several. TornadoVM hands
 * a buffer from the graph that ran last to the one that runs next, whatever their order, provided that
 * both know it; so every graph consumes every buffer of the session, needed there or not. A program's
 * first graph copies the program's inputs to the device instead of consuming them.
 */
final class TornadoSession implements Session {
  /** TornadoVM keeps 15 bytes per task and 5 per argument in a buffer of 8 KiB, and allows 256 tasks. */
  private static final int GRAPH_BYTES = 7_000;
  private static final int TASK_BYTES = 15;
  private static final int ARGUMENT_BYTES = 5;
  private static final int GRAPH_TASKS = 120;

  /**
   * A graph has room for 1024 nodes: one for each buffer that it knows, another two or three for each that its
   * tasks use, one for each scalar and for each task, and one for each array that a task writes.
   */
  private static final int GRAPH_NODES = 1000;
  private static final int BUFFER_NODES = 3;
  private static final int MOST_BUFFERS = GRAPH_NODES / BUFFER_NODES;

  private static final Set<Class<?>> BUFFER_TYPES = Set.of(float[].class, int[].class, double[].class, long[].class);

  /** The graphs {@code first <= graph < end} of a program, and its outputs that launches use. */
  private record Range(int first, int end, Object[] outputs) {}

  private final String device;
  private final TornadoExecutionPlan plan;
  private final TornadoTasks tasks;
  private final Set<Object> buffers;
  private final Map<Program, Range> programs = new IdentityHashMap<>();
  private final KernelContext context = new KernelContext();
  private final GridScheduler grids = new GridScheduler();
  private final int[] token = new int[1];
  /** The last execution, through which buffers come back; null before the first. */
  private TornadoExecutionResult last;

  TornadoSession(String name, uk.ac.manchester.tornado.api.common.TornadoDevice device, Form form,
      Program... programs) {
    this.device = name;
    this.tasks = new TornadoTasks(form, Arrays.stream(programs).flatMap(p -> p.launches().stream()).toList());
    this.buffers = buffers(programs);
    List<ImmutableTaskGraph> graphs = new ArrayList<>();
    graphs.add(copyingGraph(buffers.toArray()));
    for (Program program : programs) {
      if (!this.programs.containsKey(program)) {
        int first = graphs.size();
        addGraphs(program, graphs);
        this.programs.put(program, new Range(first, graphs.size(), used(program.outputs())));
      }
    }
    plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
    plan.withDevice(device);
    plan.withGridScheduler(grids);
  }

  /** Groups of work items where the device takes groups of that size and has the local memory. */
  static Form formFor(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
    boolean wide = device.getDeviceMaxWorkgroupDimensions()[0] >= TornadoGroupKernels.GROUP;
    boolean roomy = device.getDeviceLocalMemorySize() >= TornadoGroupKernels.LOCAL_BYTES;
    return wide && roomy ? Form.BEST : Form.ITEMS;
  }

  private Set<Object> buffers(Program... programs) {
    Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Object> shapes = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Program program : programs) {
      for (Launch launch : program.launches()) {
        for (Object array : arrays(launch)) {
          if (!BUFFER_TYPES.contains(array.getClass()) || Array.getLength(array) == 0) {
            throw new DeviceException("launch " + launch.getClass().getSimpleName() + " of program " + program.name()
                + ": TornadoVM takes no " + array.getClass().getSimpleName() + " of length " + Array.getLength(array));
          }
          found.add(array);
        }
        tasks.of(launch).forEach(task -> shapes.addAll(task.shapes()));
      }
    }
    found.addAll(tasks.scratch());
    if (found.size() > MOST_BUFFERS) {
      throw new DeviceException("programs with " + found.size() + " buffers together; a session of TornadoVM holds "
          + MOST_BUFFERS + ": open fewer programs at once");
    }
    // TornadoVM tells the objects of a graph apart by their identity hash alone.
    Set<Integer> hashes = new HashSet<>();
    for (Set<Object> arrays : List.of(found, shapes)) {
      for (Object array : arrays) {
        if (!hashes.add(System.identityHashCode(array))) {
          throw new DeviceException("two buffers of program " + programs[0].name()
              + " have the same identity hash, which TornadoVM would confuse; start again");
        }
      }
    }
    return found;
  }

  private static List<Object> arrays(Launch launch) {
    List<Object> arrays = new ArrayList<>(components(launch));
    arrays.removeIf(component -> !component.getClass().isArray());
    return arrays;
  }

  private static List<Object> components(Launch launch) {
    if (!launch.getClass().isRecord()) {
      throw new DeviceException("launch " + launch.getClass().getName() + " is not a record; run it on the jvm device");
    }
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : launch.getClass().getRecordComponents()) {
      try {
        values.add(component.getAccessor().invoke(launch));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new DeviceException("cannot read " + component.getName() + " of " + launch.getClass().getName(), e);
      }
    }
    return values;
  }

  private Object[] used(Set<Object> arrays) {
    return arrays.stream().filter(buffers::contains).toArray();
  }

  private ImmutableTaskGraph copyingGraph(Object... all) {
    TaskGraph graph = new TaskGraph("buffers");
    if (all.length > 0) {
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, all);
    }
    graph.task("copied", TornadoKernels::nothingKernel, context, token.length, token);
    if (all.length > 0) {
      graph.persistOnDevice(all);
    }
    grids.addWorkerGrid("buffers.copied", grid(token.length, token.length));
    return graph.snapshot();
  }

  private void addGraphs(Program program, List<ImmutableTaskGraph> graphs) {
    Object[] inputs = used(program.inputs());
    List<Task> pending = new ArrayList<>();
    Set<Object> used = Collections.newSetFromMap(new IdentityHashMap<>());
    int bytes = 0;
    int nodes = 0;
    for (Launch launch : program.launches()) {
      for (Task task : tasks.of(launch)) {
        int arguments = 2 + launch.getClass().getRecordComponents().length + task.shapes().size();
        Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        arrays.addAll(arrays(launch));
        arrays.addAll(tasks.scratch());
        arrays.addAll(task.shapes());
        int wanted = 2 + arguments + BUFFER_NODES * (int) arrays.stream().filter(a -> !used.contains(a)).count();
        if (pending.size() == GRAPH_TASKS || bytes + TASK_BYTES + ARGUMENT_BYTES * arguments > GRAPH_BYTES
            || !pending.isEmpty() && buffers.size() + nodes + wanted > GRAPH_NODES) {
          graphs.add(graph(graphs.size(), pending, inputs));
          inputs = new Object[0];
          pending.clear();
          used.clear();
          bytes = 0;
          nodes = 0;
          wanted = 2 + arguments + BUFFER_NODES * arrays.size();
        }
        pending.add(task);
        used.addAll(arrays);
        bytes += TASK_BYTES + ARGUMENT_BYTES * arguments;
        nodes += wanted;
      }
    }
    if (!pending.isEmpty()) {
      graphs.add(graph(graphs.size(), pending, inputs));
    }
  }

  /** A graph of some tasks. Their shapes, of which there are many, travel with it and stay with nobody. */
  private ImmutableTaskGraph graph(int number, List<Task> pending, Object... inputs) {
    String name = "graph" + number;
    TaskGraph graph = new TaskGraph(name);
    Set<Object> consumed = Collections.newSetFromMap(new IdentityHashMap<>());
    consumed.addAll(buffers);
    if (inputs.length > 0) {
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, inputs);
      graph.persistOnDevice(inputs);
      consumed.removeAll(List.of(inputs));
    }
    if (!consumed.isEmpty()) {
      graph.consumeFromDevice(consumed.toArray());
    }
    Set<Object> shapes = Collections.newSetFromMap(new IdentityHashMap<>());
    pending.forEach(task -> shapes.addAll(task.shapes()));
    if (!shapes.isEmpty()) {
      graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, shapes.toArray());
    }
    for (int i = 0; i < pending.size(); i++) {
      Task task = pending.get(i);
      String id = "task" + i;
      task.recording().add(graph, id, context);
      grids.addWorkerGrid(name + "." + id, grid(task.items(), task.group()));
    }
    return graph.snapshot();
  }

  private static WorkerGrid grid(int items, int group) {
    int local = Math.min(items, group);
    WorkerGrid grid = new WorkerGrid1D((items + local - 1) / local * local);
    grid.setLocalWork(local, 1, 1);
    return grid;
  }

  @Override
  public void run(Program program) {
    Range range = programs.get(program);
    if (range == null) {
      throw new IllegalArgumentException("program " + program.name() + " was not opened in this session");
    }
    try {
      if (last == null) {
        execute(0);
      }
      for (int graph = range.first; graph < range.end; graph++) {
        execute(graph);
      }
      if (range.outputs.length > 0) {
        last.transferToHost(range.outputs);
      }
    } catch (RuntimeException e) {
      throw TornadoDevice.failure(device, "run " + program.name(), e);
    }
  }

  private void execute(int graph) {
    last = plan.withGraph(graph).execute();
  }

  /** {@inheritDoc} After the first run this moves every buffer back and forth: mark what changes often as an input. */
  @Override
  public void upload(Object array) {
    if (last == null || !buffers.contains(array)) {
      return; // the first run copies all buffers; arrays that no launch uses stay with the host
    }
    Map<Object, Object> host = new IdentityHashMap<>();
    for (Object buffer : buffers) {
      if (buffer != array) {
        int length = Array.getLength(buffer);
        Object copy = Array.newInstance(buffer.getClass().getComponentType(), length);
        System.arraycopy(buffer, 0, copy, 0, length);
        host.put(buffer, copy);
      }
    }
    try {
      last.transferToHost(host.keySet().toArray());
      execute(0);
    } catch (RuntimeException e) {
      throw TornadoDevice.failure(device, "take a buffer", e);
    } finally {
      host.forEach((buffer, copy) -> System.arraycopy(copy, 0, buffer, 0, Array.getLength(buffer)));
    }
  }

  @Override
  public void download(Object array) {
    if (last == null || !buffers.contains(array)) {
      return;
    }
    try {
      last.transferToHost(array);
    } catch (RuntimeException e) {
      throw TornadoDevice.failure(device, "return a buffer", e);
    }
  }

  @Override
  public void close() {
    programs.clear();
    last = null;
    plan.withAllGraphs();
    try {
      plan.close();
    } catch (TornadoExecutionPlanException e) {
      throw new DeviceException("device " + device + " cannot free its memory: " + e.getMessage(), e);
    }
  }
}
