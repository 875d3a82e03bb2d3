package org.rgflow.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;

/** Random buffers, and the comparison of what two devices left in them. */
public final class Buffers {
  private Buffers() {}

  public static float[] normal(long seed, int length) {
    Random random = new Random(seed);
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  public static double[] normalDouble(long seed, int length) {
    Random random = new Random(seed);
    return random.doubles(length).map(u -> 2 * u - 1).toArray();
  }

  /** The array components of a launch, with their names. */
  public static Map<String, Object> arrays(Launch launch) {
    Map<String, Object> arrays = new LinkedHashMap<>();
    for (RecordComponent component : launch.getClass().getRecordComponents()) {
      if (component.getType().isArray()) {
        try {
          arrays.put(component.getName(), component.getAccessor().invoke(launch));
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      }
    }
    return arrays;
  }

  /** What two devices made of the same launch. */
  public static void assertAgree(Launch actual, Launch expected, double tolerance) {
    Map<String, Object> actualArrays = arrays(actual);
    arrays(expected).forEach((name, array) -> {
      // The scratch of the JVM's vector variant is no result.
      if (name.equals("scratch") || expected instanceof Hamiltonian && name.equals("partial")) {
        return;
      }
      boolean byLanes = expected instanceof FeatureMapGradient && name.endsWith("Sums");
      assertAgree(name, byLanes ? laneSums((float[]) actualArrays.get(name)) : actualArrays.get(name),
          byLanes ? laneSums((float[]) array) : array, tolerance);
    });
  }

  private static double[] laneSums(float[] values) {
    double[] sums = new double[values.length / VectorFieldKernels.LANES];
    for (int i = 0; i < values.length; i++) {
      sums[i / VectorFieldKernels.LANES] += values[i];
    }
    return sums;
  }

  /** Integers agree exactly, floats to {@code tolerance · (1 + |expected|)}. */
  public static void assertAgree(String what, Object actual, Object expected, double tolerance) {
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
