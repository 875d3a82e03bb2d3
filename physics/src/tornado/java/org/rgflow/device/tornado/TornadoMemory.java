package org.rgflow.device.tornado;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Locale;
import org.rgflow.device.DeviceException;

/**
 * What the sessions on one device take of its memory.
 *
 * <p>A driver may hand out memory only when it is used, and TornadoVM goes on when there is none; so what
 * a session needs is counted before it opens.
 */
final class TornadoMemory {
  /** What TornadoVM puts before the elements of an array, at most. */
  private static final int HEADER_BYTES = 24;

  private final String device;
  private final long capacity;
  private final long largest;
  private long taken;

  /**
   * @param device its name
   * @param capacity bytes of the device's memory
   * @param largest bytes of the largest buffer that the driver allows
   */
  TornadoMemory(String device, long capacity, long largest) {
    this.device = device;
    this.capacity = capacity;
    this.largest = largest;
  }

  private static long bytes(Collection<?> arrays) {
    return arrays.stream().mapToLong(TornadoMemory::bytes).sum();
  }

  private static long bytes(Object array) {
    int element = array instanceof double[] || array instanceof long[] ? Double.BYTES : Float.BYTES;
    return HEADER_BYTES + (long) element * Array.getLength(array);
  }

  /**
   * Takes memory for some arrays.
   *
   * @throws DeviceException if there is not as much
   */
  void take(Collection<?> arrays) {
    for (Object array : arrays) {
      if (bytes(array) > largest) {
        throw new DeviceException("device " + device + " has no room for a buffer of " + text(bytes(array))
            + ": its driver allows " + text(largest) + "; use fewer at once (replicas, pictures of a batch)");
      }
    }
    long needed = bytes(arrays);
    if (taken + needed > capacity) {
      throw new DeviceException("out of memory on device " + device + ": " + text(needed) + " more are needed, "
          + text(capacity - taken) + " of " + text(capacity)
          + " are left; use fewer at once (replicas, pictures of a batch)");
    }
    taken += needed;
  }

  /** Gives memory back. */
  void give(Collection<?> arrays) {
    taken -= bytes(arrays);
  }

  /** A number of bytes for people. */
  static String text(long bytes) {
    return bytes < 10L << 30 ? String.format(Locale.ROOT, "%d MiB", bytes >> 20)
        : String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }
}
