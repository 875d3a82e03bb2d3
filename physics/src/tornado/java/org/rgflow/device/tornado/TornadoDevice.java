package org.rgflow.device.tornado;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.rgflow.device.Device;
import org.rgflow.device.DeviceException;
import org.rgflow.device.DeviceMonitor;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.device.tornado.NativeOutput.Streams;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/** A device that TornadoVM drives: its kernels are the naive bodies, compiled at run time. */
final class TornadoDevice implements Device {
  /** What a driver's number means for the user: OpenCL's -4, -5, -6 and CUDA's 2; and TornadoVM's own words. */
  private static final Pattern NO_MEMORY = Pattern.compile("OCL-JNI\\] ERROR .*: -[456]$|(PTX|CUDA)-JNI\\] ERROR .*: 2$"
      + "|OutOfMemory|[Oo]ut of memory|Unable to allocate \\d+ bytes");

  private static final Pattern COMPILER_ERROR = Pattern.compile("(?m)\\berror: .*$");

  /** TornadoVM's own switch to print the kernels that it generates. */
  private static final boolean KERNELS_SHOWN = Boolean.getBoolean("tornado.printKernel");

  private final String name;
  private final uk.ac.manchester.tornado.api.common.TornadoDevice device;
  private final TornadoMemory memory;
  private final DeviceMonitor monitor;
  /** Null if there is none. */
  private Thread warmUp;

  TornadoDevice(String name, uk.ac.manchester.tornado.api.common.TornadoDevice device, DeviceMonitor monitor) {
    this.name = name;
    this.device = device;
    this.memory = new TornadoMemory(name, device.getMaxGlobalMemory(), device.getMaxAllocMemory());
    this.monitor = monitor;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return TornadoProvider.describe(device);
  }

  @Override
  public boolean takesAnyLaunch() {
    return false;
  }

  /** TornadoVM's own name for it. */
  uk.ac.manchester.tornado.api.common.TornadoDevice physical() {
    return device;
  }

  /** What its sessions take of its memory. */
  TornadoMemory memory() {
    return memory;
  }

  DeviceMonitor monitor() {
    return monitor;
  }

  /**
   * Starts the compilers, TornadoVM's and the driver's, on a thread beside the caller, who has data to read before there
   * are programs to open: their first kernel takes them a second more than the next. What fails here fails again, and is
   * reported, when a session is opened.
   */
  void warmUp() {
    warmUp = Thread.ofPlatform().daemon().name("rgflow-warm-up").start(() -> {
      try {
        TornadoSession.compileNothing(device);
      } catch (RuntimeException | InternalError | TornadoInternalError e) {
        // not here
      }
    });
  }

  /** TornadoVM compiles on one thread at a time. */
  private void awaitWarmUp() {
    boolean interrupted = false;
    while (warmUp != null) {
      try {
        warmUp.join();
        warmUp = null;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Session open(Program... programs) {
    return open(TornadoSession.formFor(device), programs);
  }

  /** Opens programs with a given choice of kernels. */
  Session open(TornadoTasks.Form form, Program... programs) {
    awaitWarmUp();
    try {
      return new TornadoSession(this, form, programs);
    } catch (IllegalArgumentException | DeviceException e) {
      throw e;
    } catch (RuntimeException | TornadoInternalError e) {
      throw new DeviceException("device " + name + " cannot take its programs: " + reason(e, ""), e);
    }
  }

  @Override
  public void close() {
    awaitWarmUp(); // sessions own everything else
  }

  /**
   * Calls TornadoVM, and listens to what its native half has to say.
   *
   * @param action what the device is asked to do, for the message of a failure
   * @param streams where it may print meanwhile
   * @throws DeviceException in one line for whatever TornadoVM throws or the driver reports
   */
  void call(String action, Streams streams, Runnable calls) {
    Throwable failure = null;
    String printed;
    NativeOutput.begin(streams);
    try {
      calls.run();
    } catch (DeviceException | IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException | InternalError | TornadoInternalError e) {
      failure = e;
    } finally {
      printed = NativeOutput.end();
    }
    if (failure != null || !NativeOutput.failures(printed).isEmpty()) {
      throw new DeviceException("device " + name + " cannot " + action + ": " + reason(failure, printed), failure);
    }
    if (KERNELS_SHOWN) {
      System.err.print(printed);
    }
  }

  private static String reason(Throwable failure, String printed) {
    List<String> lines = Stream.concat(messages(failure), printed.lines()).map(TornadoDevice::plain)
        .filter(line -> !line.isEmpty()).toList();
    if (lines.stream().anyMatch(line -> NO_MEMORY.matcher(line).find())) {
      return "out of device memory; use fewer at once (replicas, pictures of a batch)";
    }
    Matcher compiler = COMPILER_ERROR.matcher(printed);
    if (compiler.find()) {
      return "its compiler says " + compiler.group().strip();
    }
    Optional<String> said = lines.stream().filter(line -> !isPhrase(line)).findFirst();
    return said.orElseGet(() -> failure == null ? "its driver failed" : failure.getClass().getSimpleName());
  }

  private static Stream<String> messages(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .flatMap(cause -> String.valueOf(cause.getMessage()).lines());
  }

  /** Without colours and without what stands before the matter. */
  private static String plain(String line) {
    return line.replaceAll("\u001b\\[[;\\d]*m", "")
        .replaceFirst("^(Reason|The internal error is): *", "").strip();
  }

  /** What TornadoVM says of every failure. */
  private static boolean isPhrase(String line) {
    return line.equals("null") || line.startsWith("Bailout is disabled") || line.contains("Recover option disabled")
        || line.startsWith("Unable to compile task") || line.startsWith("Stacktrace:");
  }
}
