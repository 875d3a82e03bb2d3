package org.rgflow.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.rgflow.device.Launch;

/** What the agreement tests share: random buffers, and the comparison of what two devices left in them. */
final class DevicePair {
  private DevicePair() {}

  static float[] normal(long seed, int length) {
    Random random = new Random(seed);
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  static double[] normalDouble(long seed, int length) {
    Random random = new Random(seed);
    return random.doubles(length).map(u -> 2 * u - 1).toArray();
  }

  static List<Object> arrays(Launch launch) throws ReflectiveOperationException {
    List<Object> arrays = new ArrayList<>();
    for (RecordComponent component : launch.getClass().getRecordComponents()) {
      if (component.getType().isArray()) {
        arrays.add(component.getAccessor().invoke(launch));
      }
    }
    return arrays;
  }

  /** Integers agree exactly, floats to {@code tolerance · (1 + |expected|)}. */
  static void assertAgree(String what, Object actual, Object expected, double tolerance) {
    switch (expected) {
      case int[] e -> assertThat((int[]) actual).as(what).isEqualTo(e);
      case float[] e -> {
        float[] a = (float[]) actual;
        assertThat(a).hasSameSizeAs(e);
        for (int i = 0; i < e.length; i++) {
          assertClose(what, i, a[i], e[i], tolerance);
        }
      }
      case double[] e -> {
        double[] a = (double[]) actual;
        assertThat(a).hasSameSizeAs(e);
        for (int i = 0; i < e.length; i++) {
          assertClose(what, i, a[i], e[i], tolerance);
        }
      }
      default -> throw new AssertionError(what + ": " + expected.getClass());
    }
  }

  private static void assertClose(String what, int i, double actual, double expected, double tolerance) {
    boolean same = Double.compare(actual, expected) == 0; // NaN and infinity are results too
    if (!same && !(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)))) {
      throw new AssertionError(what + "[" + i + "]: expected " + expected + " to " + tolerance + ", got " + actual);
    }
  }
}
