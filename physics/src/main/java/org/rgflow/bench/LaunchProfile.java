package org.rgflow.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.rgflow.device.Device;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;

/**
 * Where the time of a computation goes. Every launch runs as a program of its own, in the order of the recording, so
 * that each finds the caches as it does in the computation. Launches that a device would otherwise run group by group
 * in one go are told apart here, and take somewhat longer.
 */
public final class LaunchProfile {
  /**
   * The launches of one name.
   *
   * @param name what they are
   * @param count how many there are
   * @param seconds of all of them together
   * @param operations of all of them together, as {@link Launch#cost} tells
   */
  public record Line(String name, int count, double seconds, double operations) {}

  private LaunchProfile() {}

  /**
   * Times the launches of some programs.
   *
   * @param device where they run
   * @param rounds how often; the median counts
   * @param name launches of equal name make one line
   * @param programs run in this order, with the inputs as they are
   * @return a line for each name, the slowest first
   * @throws IllegalArgumentException if {@code rounds < 1}
   */
  public static List<Line> measure(Device device, int rounds, Function<Launch, String> name, List<Program> programs) {
    if (rounds < 1) {
      throw new IllegalArgumentException("a profile needs at least one round, not " + rounds);
    }
    List<Launch> launches = programs.stream().flatMap(program -> program.launches().stream()).toList();
    List<Program> single = new ArrayList<>();
    launches.forEach(launch -> single.add(new Program(launch.getClass().getSimpleName()).add(launch)));
    double[][] seconds = new double[launches.size()][rounds];
    try (Session session = device.open(single.toArray(Program[]::new))) {
      programs.forEach(program -> program.inputs().forEach(session::upload));
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < seconds.length; i++) {
          long begin = System.nanoTime();
          session.run(single.get(i));
          seconds[i][round] = 1e-9 * (System.nanoTime() - begin);
        }
      }
    }
    Map<String, Line> lines = new LinkedHashMap<>();
    for (int i = 0; i < seconds.length; i++) {
      Arrays.sort(seconds[i]);
      Launch launch = launches.get(i);
      lines.merge(name.apply(launch),
          new Line(name.apply(launch), 1, seconds[i][rounds / 2], (double) launch.items() * launch.cost()),
          (a, b) -> new Line(a.name(), a.count() + 1, a.seconds() + b.seconds(), a.operations() + b.operations()));
    }
    return lines.values().stream().sorted(Comparator.comparingDouble(Line::seconds).reversed()).toList();
  }
}
