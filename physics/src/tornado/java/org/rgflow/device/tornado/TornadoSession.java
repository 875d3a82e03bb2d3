package org.rgflow.device.tornado;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.rgflow.device.DeviceException;
import org.rgflow.device.DeviceMonitor;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.device.tornado.NativeOutput.Streams;
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
import uk.ac.manchester.tornado.api.common.TaskPackage;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.runtime.tasks.meta.ScheduleContext;

/**
 * Programs as the task graphs of one execution plan, with their buffers resident on the device.
 *
 * <p>The first graphs copy every buffer to the device and compute nothing; they run before the first program.
 * A program is one graph or, when it has more launches than a graph can hold, several. TornadoVM hands
 * a buffer from the graph that ran last to the one that runs next, whatever their order, provided that
 * both know it; so every graph consumes every buffer of the session, needed there or not. A program's
 * first graph copies the program's inputs to the device instead of consuming them.
 *
 * <p>TornadoVM compiles a task unless it has compiled one of the same graph name and task name before. So all
 * graphs have one name, and tasks take the name of what their kernel depends on: see {@link KernelTask}.
 */
final class TornadoSession implements Session {
  /** TornadoVM keeps 15 bytes per task and 5 per argument in a buffer of 8 KiB, and allows 256 tasks. */
  private static final int GRAPH_BYTES = 7_000;
  private static final int TASK_BYTES = 15;
  private static final int ARGUMENT_BYTES = 5;
  private static final int GRAPH_TASKS = 120;

  /** TornadoVM's graphs have 1024 nodes: one for each buffer, and those that {@link OpenGraph} counts. */
  private static final int GRAPH_NODES = 1_000;

  /** So many buffers are copied by one graph, at three nodes each. */
  private static final int COPIED = 200;

  private static final Set<Class<?>> BUFFER_TYPES = Set.of(float[].class, int[].class, double[].class, long[].class);

  private static final String NAME = "rgflow";

  /** The graphs {@code first <= graph < end} of a program, and its outputs that launches use. */
  private record Range(int first, int end, Object[] outputs) {}

  /** A graph, the grids of its tasks, and how many kernels are needed up to its end. */
  private record Graph(ImmutableTaskGraph tasks, GridScheduler grids, int kernels) {}

  private final TornadoDevice device;
  private final TornadoExecutionPlan plan;
  private final TornadoTasks tasks;
  private final Set<Object> buffers;
  private final List<Graph> graphs = new ArrayList<>();
  /** So many graphs at the beginning copy the buffers to the device. */
  private final int copies;
  private final Map<Program, Range> programs = new IdentityHashMap<>();
  private final KernelContext context = new KernelContext();
  private final TaskCapture capture = new TaskCapture();
  /** Numbers of the kernels by what they depend on. */
  private final Map<List<Object>, Integer> signatures = new HashMap<>();
  private final int[] token = new int[1];
  /** The last execution, through which buffers come back; null before the first. */
  private TornadoExecutionResult last;

  /**
   * Compiles programs.
   *
   * @throws DeviceException if the device has not the memory, or its driver does not compile a kernel
   */
  TornadoSession(TornadoDevice device, Form form, Program... programs) {
    this.device = device;
    this.tasks = new TornadoTasks(form, Arrays.stream(programs).flatMap(p -> p.launches().stream()).toList());
    this.buffers = buffers(programs);
    device.memory().take(buffers);
    try {
      copyBuffers();
      copies = graphs.size();
      for (Program program : programs) {
        if (!this.programs.containsKey(program)) {
          int first = graphs.size();
          addGraphs(program);
          this.programs.put(program, new Range(first, graphs.size(), used(program.outputs())));
        }
      }
      plan = new TornadoExecutionPlan(graphs.stream().map(Graph::tasks).toArray(ImmutableTaskGraph[]::new));
      plan.withDevice(device.physical());
    } catch (RuntimeException e) {
      device.memory().give(buffers);
      throw e;
    }
    try {
      compile();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void compile() {
    DeviceMonitor monitor = device.monitor();
    monitor.compiling(0, signatures.size());
    for (int graph = 0; graph < graphs.size(); graph++) {
      select(graph);
      device.call("compile its kernels", Streams.OUTPUT_AND_ERROR, plan::withPreCompilation);
      monitor.compiling(graphs.get(graph).kernels(), signatures.size());
    }
  }

  /** Compiles a kernel that does nothing, and runs it. */
  static void compileNothing(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
    KernelContext context = new KernelContext();
    int[] token = new int[1];
    TaskGraph graph = new TaskGraph("warm-up").transferToDevice(DataTransferMode.FIRST_EXECUTION, token)
        .task("nothing", TornadoKernels::nothingKernel, context, token.length, token);
    GridScheduler grids = new GridScheduler("warm-up.nothing", grid(token.length, token.length));
    try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
      plan.withDevice(device).withGridScheduler(grids).execute();
    } catch (TornadoExecutionPlanException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    device.getDeviceContext().setResetToFalse(); // see close()
  }

  /** Groups of work items only where the device takes groups of that size and has the local memory. */
  static Form formFor(uk.ac.manchester.tornado.api.common.TornadoDevice device) {
    boolean wide = device.getDeviceMaxWorkgroupDimensions()[0] >= TornadoGroupKernels.GROUP;
    boolean roomy = device.getDeviceLocalMemorySize() >= TornadoGroupKernels.LOCAL_BYTES;
    if (!wide || !roomy) {
      return Form.ITEMS;
    }
    return device.getDeviceType() == TornadoDeviceType.CPU ? Form.PROCESSOR : Form.ACCELERATOR;
  }

  private Set<Object> buffers(Program... programs) {
    Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
    Map<Integer, Object> hashes = new HashMap<>();
    for (Program program : programs) {
      for (Launch launch : program.launches()) {
        for (Object array : arrays(launch)) {
          if (!found.add(array)) {
            continue;
          }
          if (!BUFFER_TYPES.contains(array.getClass()) || Array.getLength(array) == 0) {
            throw new DeviceException("launch " + launch.getClass().getSimpleName() + " of program " + program.name()
                + ": TornadoVM takes no " + array.getClass().getSimpleName() + " of length " + Array.getLength(array));
          }
          requireDistinct(hashes, array);
        }
        tasks.of(launch).forEach(task -> task.constants().forEach(array -> requireDistinct(hashes, array)));
      }
    }
    for (Object scratch : tasks.scratch()) {
      requireDistinct(hashes, scratch);
      found.add(scratch);
    }
    return found;
  }

  /** TornadoVM tells the objects of a graph apart by their identity hash alone. */
  private static void requireDistinct(Map<Integer, Object> hashes, Object array) {
    Object other = hashes.putIfAbsent(System.identityHashCode(array), array);
    if (other != null && other != array) {
      throw new DeviceException("two buffers have the same identity hash, which TornadoVM would confuse; start again");
    }
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

  private void copyBuffers() {
    List<Object> all = List.copyOf(buffers);
    int first = 0;
    do {
      int end = Math.min(first + COPIED, all.size());
      OpenGraph graph = new OpenGraph();
      graph.share(all.subList(first, end), all.subList(0, first));
      graph.end();
      first = end;
    } while (first < all.size());
  }

  private void addGraphs(Program program) {
    List<Object> inputs = List.of(used(program.inputs()));
    OpenGraph graph = null;
    for (Launch launch : program.launches()) {
      for (Task task : tasks.of(launch)) {
        TaskPackage captured = capture.of(task, context);
        if (graph != null && !graph.hasRoom(captured)) {
          graph.end();
          graph = null;
        }
        if (graph == null) {
          graph = new OpenGraph();
          graph.share(inputs, buffers);
          inputs = List.of();
        }
        graph.add(captured, task);
      }
    }
    if (graph != null) {
      graph.end();
    }
  }

  /** A graph to which tasks are being added. */
  private final class OpenGraph extends TaskGraph {
    private final GridScheduler grids = new GridScheduler();
    private int count;
    private int bytes;
    private int nodes;
    /** The arguments of the tasks so far. */
    private final Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());

    OpenGraph() {
      super(NAME);
    }

    /** Shares buffers with the other graphs; some are copied to the device at each run. */
    void share(Collection<?> copied, Collection<?> shared) {
      Set<Object> consumed = Collections.newSetFromMap(new IdentityHashMap<>());
      consumed.addAll(shared);
      copied.forEach(consumed::remove);
      if (!copied.isEmpty()) {
        transferToDevice(DataTransferMode.EVERY_EXECUTION, copied.toArray());
        persistOnDevice(copied.toArray());
      }
      if (!consumed.isEmpty()) {
        consumeFromDevice(consumed.toArray());
      }
      nodes += 3 * copied.size() + consumed.size();
      addNothing();
    }

    /** A task that TornadoVM makes itself: without one, it takes the grids for those of another graph. */
    private void addNothing() {
      transferToDevice(DataTransferMode.FIRST_EXECUTION, token);
      task("nothing", TornadoKernels::nothingKernel, context, token.length, token);
      grids.addWorkerGrid(NAME + ".nothing", grid(token.length, token.length));
    }

    private static int bytes(TaskPackage task) {
      return TASK_BYTES + ARGUMENT_BYTES * task.getTaskParameters().length;
    }

    /** At most: one for the task, one for each argument, and two for the use of one that is new here. */
    private int nodes(TaskPackage task) {
      Object[] arguments = task.getTaskParameters();
      long unknown = Arrays.stream(arguments).filter(a -> !known.contains(a)).distinct().count();
      return 1 + arguments.length + 2 * (int) unknown;
    }

    boolean hasRoom(TaskPackage task) {
      return count < GRAPH_TASKS && bytes + bytes(task) <= GRAPH_BYTES && nodes + nodes(task) <= GRAPH_NODES;
    }

    /** Adds a task, which shares the kernel of those with the same signature. */
    void add(TaskPackage captured, Task task) {
      task.constants().stream().filter(array -> !known.contains(array))
          .forEach(array -> transferToDevice(DataTransferMode.FIRST_EXECUTION, array));
      List<Object> signature = TaskCapture.signature(captured, task.lengths());
      int number = signatures.computeIfAbsent(signature, key -> signatures.size());
      String kernel = "kernel" + number;
      String name = kernel + "-" + count;
      WorkerGrid grid = grid(task.items(), task.group());
      grids.addWorkerGrid(NAME + "." + name, grid);
      grids.addWorkerGrid(NAME + "." + kernel, grid); // what a kernel may ask of it depends on the task; ours do not
      taskGraphImpl.addInner(new KernelTask((ScheduleContext) taskGraphImpl.meta(), name, kernel, captured));
      count++;
      bytes += bytes(captured);
      nodes += nodes(captured);
      known.addAll(List.of(captured.getTaskParameters()));
    }

    void end() {
      graphs.add(new Graph(snapshot(), grids, signatures.size()));
    }
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
    device.call("run " + program.name(), Streams.OUTPUT, () -> {
      if (last == null) {
        copyAll();
      }
      for (int graph = range.first; graph < range.end; graph++) {
        execute(graph);
      }
      if (range.outputs.length > 0) {
        last.transferToHost(range.outputs);
      }
    });
  }

  private void copyAll() {
    for (int graph = 0; graph < copies; graph++) {
      execute(graph);
    }
  }

  private void execute(int graph) {
    select(graph);
    last = plan.execute();
  }

  /** Graphs share names of tasks but not their grids. */
  private void select(int graph) {
    plan.withGraph(graph);
    plan.withGridScheduler(graphs.get(graph).grids());
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
      device.call("take a buffer", Streams.OUTPUT, () -> {
        last.transferToHost(host.keySet().toArray());
        copyAll();
      });
    } finally {
      host.forEach((buffer, copy) -> System.arraycopy(copy, 0, buffer, 0, Array.getLength(buffer)));
    }
  }

  @Override
  public void download(Object array) {
    if (last == null || !buffers.contains(array)) {
      return;
    }
    device.call("return a buffer", Streams.OUTPUT, () -> last.transferToHost(array));
  }

  @Override
  public void close() {
    programs.clear();
    last = null;
    plan.withAllGraphs();
    device.call("free its memory", Streams.OUTPUT, () -> {
      try {
        plan.close();
      } catch (TornadoExecutionPlanException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    });
    // Closing one plan makes TornadoVM distrust what it compiled for the others, though that stays.
    device.physical().getDeviceContext().setResetToFalse();
    device.memory().give(buffers);
  }
}
