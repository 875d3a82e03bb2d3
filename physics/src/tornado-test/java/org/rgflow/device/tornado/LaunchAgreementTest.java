package org.rgflow.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.Devices;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.device.tornado.TornadoTasks.Form;
import org.rgflow.launch.Buffers;
import org.rgflow.launch.LaunchSamples;
import org.rgflow.launch.LaunchSamples.Family;
import org.rgflow.launch.LaunchSamples.Sample;
import org.rgflow.launch.NaiveBodies;

/**
 * Every launch on TornadoVM's default device against its naive body, in items, in groups and in blocks.
 * Floats differ in
 * their last bits; integers, decisions included, must not. (A decision within those last bits may, on a device
 * that contracts otherwise: about one in a million, of some ten thousand here.)
 */
class LaunchAgreementTest {
  private static TornadoDevice tornado;

  @BeforeAll
  static void openDevice() {
    tornado = (TornadoDevice) Devices.open("tornado");
  }

  @AfterAll
  static void closeDevice() {
    tornado.close();
  }

  static Stream<Family> few() {
    return LaunchSamples.few();
  }

  @ParameterizedTest
  @MethodSource("few")
  void agreesWithTheNaiveBodyInItems(Family family) {
    assertAgree(family.samples(), Form.ITEMS);
  }

  static Stream<Family> all() {
    return LaunchSamples.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheNaiveBodyInGroups(Family family) {
    assertAgree(family.samples().stream()
        .filter(s -> TornadoTasks.supportedInGroups().contains(s.launch().get().getClass())).toList(), Form.GROUPS);
  }

  @ParameterizedTest
  @MethodSource("all")
  void agreesWithTheNaiveBodyInBlocks(Family family) {
    assertAgree(family.samples().stream()
        .filter(s -> TornadoTasks.supportedInBlocks().contains(s.launch().get().getClass())).toList(), Form.BLOCKS);
  }

  /** A session for all samples, a program for each: TornadoVM takes long to make a session ready. */
  private static void assertAgree(List<Sample> samples, Form form) {
    List<Launch> launches = new ArrayList<>();
    List<Program> programs = new ArrayList<>();
    for (Sample sample : samples) {
      Launch launch = sample.launch().get();
      launches.add(launch);
      programs.add(new Program(sample.name()).add(launch).output(Buffers.arrays(launch).values().toArray()));
    }
    List<String> wrong = new ArrayList<>();
    try (Session session = tornado.open(form, programs.toArray(Program[]::new))) {
      for (int i = 0; i < samples.size(); i++) {
        session.run(programs.get(i));
        Launch expected = samples.get(i).launch().get();
        NaiveBodies.run(expected);
        try {
          Buffers.assertAgree(launches.get(i), expected, samples.get(i).tolerance());
        } catch (AssertionError e) {
          wrong.add(samples.get(i) + ": " + e.getMessage());
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyLaunchHasAKernel() {
    assertThat(TornadoTasks.supported()).containsExactlyInAnyOrderElementsOf(NaiveBodies.launches());
    assertThat(TornadoTasks.supported()).containsAll(TornadoTasks.supportedInGroups());
    assertThat(TornadoTasks.supported()).containsAll(TornadoTasks.supportedInBlocks());
  }
}
