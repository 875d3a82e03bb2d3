package org.rgflow.validation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.rgflow.device.Device;
import org.rgflow.text.NearestName;

/** The suites that come with the project, by name. */
public final class Suites {
  private static final Map<String, BiFunction<Effort, Device, Suite>> ALL = new LinkedHashMap<>();

  static {
    ALL.put(FreeFieldSuite.NAME, FreeFieldSuite::of);
    ALL.put(Phi4Suite.NAME, Phi4Suite::of);
    ALL.put(TransportSuite.NAME, TransportSuite::of);
    ALL.put(LearnedSuite.NAME, LearnedSuite::of);
    ALL.put(ImagesSuite.NAME, ImagesSuite::of);
  }

  private Suites() {}

  /** Their names, in the order in which they are run. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * A suite on the library itself.
   *
   * @throws IllegalArgumentException with a suggestion if there is none of that name
   */
  public static Suite of(String name, Effort effort, Device device) {
    if (!ALL.containsKey(name)) {
      throw new IllegalArgumentException(NearestName.message("suite", name, ALL.keySet()));
    }
    return ALL.get(name).apply(effort, device);
  }
}
