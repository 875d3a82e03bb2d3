package org.rgflow.device;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A computation recorded once and run many times: an ordered list of {@link Launch launches} with
 * fixed shapes, and the buffers that travel between host and device at every run.
 *
 * <p>Buffers are plain Java arrays, known by identity. Programs opened in one {@link Session} share
 * them: what one program leaves in a buffer, the next one finds there. All other buffers stay on the
 * device between runs; {@link Session#upload} and {@link Session#download} move them on demand.
 */
public final class Program {
  private final String name;
  private final List<Launch> launches = new ArrayList<>();
  private final Set<Object> inputs = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<Object> outputs = Collections.newSetFromMap(new IdentityHashMap<>());

  public Program(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  public String name() {
    return name;
  }

  /** Appends a launch, which sees everything that the launches before it wrote. */
  public Program add(Launch launch) {
    if (launch.items() < 1 || launch.groups() < 1 || launch.items() % launch.groups() != 0) {
      throw new IllegalArgumentException(
          "launch " + launch.getClass().getSimpleName() + " of program " + name + ": " + launch.items()
              + " items do not form " + launch.groups() + " groups");
    }
    launches.add(launch);
    return this;
  }

  /** Appends several launches in order. */
  public Program addAll(List<? extends Launch> several) {
    several.forEach(this::add);
    return this;
  }

  /** Marks arrays that the host changes before a run: they are copied to the device at the start of every run. */
  public Program input(Object... arrays) {
    for (Object array : arrays) {
      inputs.add(requireArray(array));
    }
    return this;
  }

  /** Marks arrays that the host reads after a run: they are copied back at the end of every run. */
  public Program output(Object... arrays) {
    for (Object array : arrays) {
      outputs.add(requireArray(array));
    }
    return this;
  }

  public List<Launch> launches() {
    return Collections.unmodifiableList(launches);
  }

  public Set<Object> inputs() {
    return Collections.unmodifiableSet(inputs);
  }

  public Set<Object> outputs() {
    return Collections.unmodifiableSet(outputs);
  }

  private static Object requireArray(Object array) {
    if (!array.getClass().isArray()) {
      throw new IllegalArgumentException("a buffer is an array, not a " + array.getClass().getSimpleName());
    }
    return array;
  }

  @Override
  public String toString() {
    return name + " (" + launches.size() + " launches)";
  }
}
