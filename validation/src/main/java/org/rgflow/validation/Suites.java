package org.rgflow.validation;

import java.util.List;
import org.rgflow.device.Device;
import org.rgflow.text.NearestName;

/** The suites by name. */
public final class Suites {
  /** Every suite, one after the other. */
  public static final String ALL = "all";

  private Suites() {}

  /** What {@link #named} knows, {@value #ALL} last. */
  public static List<String> names() {
    return List.of(FreeFieldSuite.NAME, Phi4Suite.NAME, ALL);
  }

  /**
   * The suite of this name, or all of them, on the library itself.
   *
   * @param device where the Monte Carlo checks are computed
   * @throws IllegalArgumentException if there is no such suite (with the nearest name)
   */
  public static List<Suite> named(String name, Effort effort, Device device) {
    return switch (name) {
      case FreeFieldSuite.NAME -> List.of(FreeFieldSuite.of(effort, device));
      case Phi4Suite.NAME -> List.of(Phi4Suite.of(effort, device));
      case ALL -> List.of(FreeFieldSuite.of(effort, device), Phi4Suite.of(effort, device));
      default -> throw new IllegalArgumentException(NearestName.message("suite", name, names()));
    };
  }
}
