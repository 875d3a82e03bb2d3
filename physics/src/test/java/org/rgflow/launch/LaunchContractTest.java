package org.rgflow.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.LaunchSamples.Sample;

/** Every launch on the JVM device, on one thread and on three, against its naive body. */
class LaunchContractTest {
  static Stream<Sample> samples() {
    return LaunchSamples.all().flatMap(family -> family.samples().stream());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void agreesWithTheNaiveBody(Sample sample) {
    Launch expected = sample.launch().get();
    NaiveBodies.run(expected);
    Launch one = sample.launch().get();
    Launch three = sample.launch().get();
    run(one, 1);
    run(three, 3);
    Buffers.assertAgree(one, expected, sample.tolerance());
    Buffers.assertAgree(three, one, 0);
  }

  private static void run(Launch launch, int threads) {
    Program program = new Program("contract").add(launch);
    try (Device device = new JvmDevice(threads); Session session = device.open(program)) {
      session.run(program);
    }
  }

  @Test
  void everyLaunchHasABodyAndSamples() throws IOException, URISyntaxException {
    Set<Class<?>> launches = launches();
    assertThat(launches).hasSizeGreaterThan(60);
    assertThat(NaiveBodies.launches()).containsExactlyInAnyOrderElementsOf(launches);
    Set<Class<?>> tried = samples().map(s -> s.launch().get().getClass()).collect(Collectors.toSet());
    assertThat(tried).containsExactlyInAnyOrderElementsOf(launches);
  }

  private static Set<Class<?>> launches() throws IOException, URISyntaxException {
    Path classes = Path.of(Normals.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.list(classes.resolve("org/rgflow/launch"))) {
      return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".class") && !f.contains("$"))
          .map(f -> type(f.substring(0, f.length() - ".class".length())))
          .filter(Launch.class::isAssignableFrom).collect(Collectors.toSet());
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName("org.rgflow.launch." + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
