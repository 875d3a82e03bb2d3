package org.rgflow.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.rgflow.device.DeviceInfo.Kind;

/**
 * The devices that programs can run on, by name:
 *
 * <table>
 *   <caption>Device names</caption>
 *   <tr><td>{@code jvm}, {@code jvm:2}</td><td>the JVM's threads, one per processor or as many as given</td></tr>
 *   <tr><td>{@code tornado}, {@code tornado:0:1}</td><td>TornadoVM's first device, or backend 0's device 1</td></tr>
 *   <tr><td>{@code auto}</td><td>the first accelerator, or else {@code jvm}; a driver that runs on the
 *   processor itself is slower than the JVM and not taken</td></tr>
 * </table>
 *
 * <p>TornadoVM is optional: its device is compiled when {@code TORNADOVM_HOME} names an SDK at build
 * time, and runs when the JVM was started with that SDK's argument file. Whatever goes wrong while it
 * loads is one line here, never a stack trace. A launcher that could not start the JVM that way says why in
 * the system property {@code rgflow.tornado.unavailable}.
 */
public final class Devices {
  /** What {@link #open} accepts, for messages and completion. */
  public static final List<String> NAMES = List.of("jvm", "tornado", "auto");

  private static final String UNAVAILABLE = "rgflow.tornado.unavailable";
  private static final String HOME = "TORNADOVM_HOME";

  private static final String JVM = "jvm";
  private static final String TORNADO = "tornado";
  private static final String AUTO = "auto";

  private static volatile DeviceException loadingFailure;

  private Devices() {}

  /** All devices: those that can be used, and one line for each family that cannot, with the reason. */
  public static List<DeviceInfo> list() {
    List<DeviceInfo> devices = new ArrayList<>();
    try (JvmDevice jvm = new JvmDevice()) {
      devices.add(new DeviceInfo(JVM, Kind.JVM, jvm.description()));
    }
    try {
      DeviceProvider tornado = tornado();
      devices.addAll(loaded(tornado::list));
    } catch (DeviceException e) {
      devices.add(new DeviceInfo(TORNADO, Kind.UNAVAILABLE, e.getMessage()));
    }
    return List.copyOf(devices);
  }

  /**
   * Opens a device by name.
   *
   * @param name a device name as in the table above
   * @throws IllegalArgumentException if the name is not of that form
   * @throws DeviceException if the device exists but cannot be used, or does not exist
   */
  public static Device open(String name) {
    return open(name, DeviceMonitor.SILENT);
  }

  /**
   * Opens a device by name.
   *
   * @param name a device name as in the table above
   * @param monitor hears what {@code auto} decided, if an SDK is installed, and of kernels being compiled
   * @throws IllegalArgumentException if the name is not of that form
   * @throws DeviceException if the device exists but cannot be used, or does not exist
   */
  public static Device open(String name, DeviceMonitor monitor) {
    int colon = name.indexOf(':');
    String family = colon < 0 ? name : name.substring(0, colon);
    String selector = colon < 0 ? "" : name.substring(colon + 1);
    if (colon >= 0 && selector.isEmpty()) {
      throw new IllegalArgumentException("device " + name + ": nothing follows the colon; use " + family
          + " for the default");
    }
    return switch (family) {
      case JVM -> selector.isEmpty() ? new JvmDevice() : new JvmDevice(threads(name, selector));
      case TORNADO -> {
        DeviceProvider tornado = tornado();
        yield loaded(() -> tornado.open(selector, monitor));
      }
      case AUTO -> {
        if (!selector.isEmpty()) {
          throw new IllegalArgumentException("device auto takes no number; name the device itself, jvm:" + selector
              + " for instance");
        }
        yield auto(monitor);
      }
      default -> throw new IllegalArgumentException("there is no device " + name + "; did you mean "
          + nearest(family) + "? (jvm, jvm:2, tornado, tornado:0:1 or auto)");
    };
  }

  private static Device auto(DeviceMonitor monitor) {
    if (!installed()) {
      return new JvmDevice();
    }
    List<DeviceInfo> devices = list();
    for (DeviceInfo device : devices) {
      if (device.kind() == Kind.ACCELERATOR) {
        try {
          return new FallbackDevice(open(device.name(), monitor), monitor);
        } catch (DeviceException e) {
          monitor.notice(e.getMessage() + "; computing on the jvm");
          return new JvmDevice();
        }
      }
    }
    monitor.notice(devices.stream().filter(d -> d.kind() == Kind.UNAVAILABLE).findFirst()
        .map(d -> d.name() + " is not available: " + d.description()).orElse("TornadoVM has no accelerator here")
        + "; computing on the jvm");
    return new JvmDevice();
  }

  /** Whether the user has an SDK, and so may expect something of it. */
  private static boolean installed() {
    String home = System.getenv(HOME);
    return home != null && !home.isBlank();
  }

  private static int threads(String name, String selector) {
    int threads;
    try {
      threads = Integer.parseInt(selector);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("device " + name + ": " + selector + " is not a number of threads", e);
    }
    if (threads < 1 || threads > 4096) {
      throw new IllegalArgumentException("device " + name + ": the number of threads must be 1 to 4096");
    }
    return threads;
  }

  private static DeviceProvider tornado() {
    if (!installed()) {
      throw new DeviceException(
          "TORNADOVM_HOME is not set: install the TornadoVM 5.2 SDK for JDK 25 and set TORNADOVM_HOME to it");
    }
    String reason = System.getProperty(UNAVAILABLE, "");
    if (!reason.isBlank()) {
      throw new DeviceException(reason);
    }
    List<DeviceProvider> providers = guarded(() -> {
      List<DeviceProvider> found = new ArrayList<>();
      ServiceLoader.load(DeviceProvider.class, Devices.class.getClassLoader()).forEach(found::add);
      return found;
    });
    for (DeviceProvider provider : providers) {
      if (provider.name().equals(TORNADO)) {
        return provider;
      }
    }
    throw new DeviceException("this build was made without TornadoVM: rebuild it with TORNADOVM_HOME set (it is set"
        + " now)");
  }

  /** As {@link #guarded}, but a driver that once failed to load says the same ever after: its classes are spoilt. */
  private static <T> T loaded(Supplier<T> action) {
    if (loadingFailure != null) {
      throw new DeviceException(loadingFailure.getMessage(), loadingFailure);
    }
    try {
      return guarded(action);
    } catch (DeviceException e) {
      if (e.getCause() instanceof LinkageError) {
        loadingFailure = e;
      }
      throw e;
    }
  }

  /** Turns every way in which a driver or its native library can fail to load into one line. */
  static <T> T guarded(Supplier<T> action) {
    try {
      return action.get();
    } catch (DeviceException e) {
      throw e;
    } catch (LinkageError | ServiceConfigurationError | RuntimeException e) {
      throw new DeviceException(reason(e), e);
    }
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? "" : plain(root.getMessage());
    return switch (root) {
      case ServiceConfigurationError e ->
          "this build is half with and half without TornadoVM: run mvn clean package (" + message + ")";
      case UnsatisfiedLinkError e -> "TornadoVM's native library does not load: " + message;
      case ClassNotFoundException e -> withoutArgumentFile(message);
      case NoClassDefFoundError e -> withoutArgumentFile(message);
      default -> "TornadoVM does not start: " + root.getClass().getSimpleName()
          + (message.isEmpty() ? "" : ": " + message);
    };
  }

  /** The first line, without colours and without a level in front. */
  private static String plain(String message) {
    return message.lines().findFirst().orElse("").replaceAll("\u001b\\[[;\\d]*m", "")
        .replaceFirst("^\\[[A-Z]+]\\s*", "").strip();
  }

  private static String withoutArgumentFile(String type) {
    return "the JVM does not find TornadoVM (" + type.replace('/', '.')
        + "): start it with @$TORNADOVM_HOME/tornado-argfile, as bin/rgflow does when TORNADOVM_HOME is set";
  }

  private static String nearest(String name) {
    String best = NAMES.getFirst();
    int least = Integer.MAX_VALUE;
    for (String candidate : NAMES) {
      int edits = edits(name.toLowerCase(Locale.ROOT), candidate);
      if (edits < least) {
        least = edits;
        best = candidate;
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
