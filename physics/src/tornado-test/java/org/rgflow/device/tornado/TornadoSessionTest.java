package org.rgflow.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.Device;
import org.rgflow.device.DeviceException;
import org.rgflow.device.Devices;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.AddScaled;
import org.rgflow.launch.Buffers;
import org.rgflow.launch.Normals;

/** That a session's buffers stay on the device, whatever runs in whatever order, and travel when asked. */
class TornadoSessionTest {
  private static final int SIZE = 96;

  private static Device tornado;
  private static Device jvm;

  @BeforeAll
  static void openDevices() {
    tornado = Devices.open("tornado");
    jvm = new JvmDevice(1);
  }

  @AfterAll
  static void closeDevices() {
    tornado.close();
    jvm.close();
  }

  /** Four programs on the same buffers; {@code many} needs several graphs, and its input is used by the last only. */
  private static final class Scene {
    final float[] x = Buffers.normal(1, SIZE);
    final float[] y = Buffers.normal(2, SIZE);
    final float[] z = new float[SIZE];
    final float[] scale = {0.5f, -0.25f};
    final float[] fixed = {0.125f};
    final float[] late = {0.75f};
    final Program first = new Program("first").input(scale).add(add(x, y, z, scale, 0));
    final Program second = new Program("second").add(add(z, x, y, fixed, 0)).output(y);
    final Program third = new Program("third").input(scale).add(add(y, z, x, scale, 1)).output(x);
    final Program many = new Program("many").input(late);
    final List<Program> programs = List.of(first, second, third, many);

    Scene() {
      for (int i = 0; i < 150; i++) {
        many.add(i % 2 == 0 ? add(x, y, z, fixed, 0) : add(z, y, x, scale, 1));
      }
      many.add(add(x, z, y, late, 0)).output(z);
    }

    private static Launch add(float[] a, float[] b, float[] c, float[] scale, int at) {
      return new AddScaled(a, b, c, scale, at, SIZE, 1);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void anyOrderOfRunsUploadsAndDownloadsGivesTheSameAsTheJvm(long seed) {
    Scene expected = new Scene();
    Scene actual = new Scene();
    Random random = new Random(seed);
    try (Session host = jvm.open(expected.programs.toArray(Program[]::new));
        Session device = tornado.open(actual.programs.toArray(Program[]::new))) {
      for (int step = 0; step < 40; step++) {
        switch (random.nextInt(6)) {
          case 0 -> {
            float[] fresh = Buffers.normal(random.nextLong(), SIZE);
            boolean isX = random.nextBoolean();
            replace(host, isX ? expected.x : expected.y, fresh);
            replace(device, isX ? actual.x : actual.y, fresh);
          }
          case 1 -> {
            device.download(actual.z);
            Buffers.assertAgree("z at step " + step, actual.z, expected.z, 1e-5);
          }
          case 2 -> {
            float value = random.nextFloat() - 0.5f;
            expected.scale[0] = value;
            actual.scale[0] = value;
            host.run(expected.first);
            device.run(actual.first);
          }
          case 3 -> {
            float value = random.nextFloat() - 0.5f;
            expected.late[0] = value;
            actual.late[0] = value;
            host.run(expected.many);
            device.run(actual.many);
            Buffers.assertAgree("z after many", actual.z, expected.z, 1e-5);
          }
          case 4 -> {
            host.run(expected.second);
            device.run(actual.second);
            Buffers.assertAgree("y after second", actual.y, expected.y, 1e-5);
          }
          default -> {
            host.run(expected.third);
            device.run(actual.third);
            Buffers.assertAgree("x after third", actual.x, expected.x, 1e-5);
          }
        }
        tame(host, expected.x, expected.y);
        tame(device, actual.x, actual.y);
      }
    }
  }

  /** Brings the buffers back to order one, so that a tolerance means the same at every step. */
  private static void tame(Session session, float[]... buffers) {
    for (float[] buffer : buffers) {
      session.download(buffer);
      float largest = 1;
      for (float value : buffer) {
        largest = Math.max(largest, Math.abs(value));
      }
      if (largest > 8) {
        for (int i = 0; i < buffer.length; i++) {
          buffer[i] *= 0x1p-4f;
        }
        session.upload(buffer);
      }
    }
  }

  private static void replace(Session session, float[] buffer, float[] fresh) {
    System.arraycopy(fresh, 0, buffer, 0, buffer.length);
    session.upload(buffer);
  }

  @Test
  void buffersStayOnTheDeviceUntilAsked() {
    float[] z = new float[SIZE];
    Program program = new Program("quiet").add(new Normals(z, 1, new int[4], 0));
    try (Session session = tornado.open(program)) {
      session.run(program);
      assertThat(z).containsOnly(0f);
      session.download(z);
      assertThat(z).doesNotContain(0f);
    }
  }

  @Test
  void anUploadLeavesTheHostsOtherArraysAlone() {
    Scene scene = new Scene();
    try (Session session = tornado.open(scene.first)) {
      session.run(scene.first);
      scene.z[0] = 17; // not uploaded: the device keeps its own
      session.upload(scene.x);
      assertThat(scene.z[0]).isEqualTo(17);
      session.download(scene.z);
      assertThat(scene.z[0]).isEqualTo(scene.x[0] + 0.5f * scene.y[0]);
    }
  }

  @Test
  void sessionsOnTheSameArraysAreIndependent() {
    float[] a = new float[SIZE];
    int[] stream = new int[4];
    Program one = new Program("one").add(new Normals(a, 1, stream, 0)).output(a);
    Program two = new Program("two").add(new Normals(a, 1, stream, 1)).output(a);
    try (Session first = tornado.open(one); Session second = tornado.open(two)) {
      first.run(one);
      float[] fromOne = a.clone();
      second.run(two);
      assertThat(a).isNotEqualTo(fromOne);
      first.download(a);
      assertThat(a).isEqualTo(fromOne);
    }
  }

  @Test
  void aProgramWithoutLaunchesRuns() {
    Program empty = new Program("empty").input(new float[3]).output(new float[2]);
    try (Session session = tornado.open(empty)) {
      assertThatCode(() -> session.run(empty)).doesNotThrowAnyException();
    }
  }

  @Test
  void strangeProgramsAndLaunchesAreRefusedInOneLine() {
    Scene scene = new Scene();
    try (Session session = tornado.open(scene.first)) {
      assertThatThrownBy(() -> session.run(scene.second)).isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("second was not opened");
    }
    record Foreign(float[] x) implements Launch {
      @Override
      public int items() {
        return x.length;
      }

      @Override
      public int cost() {
        return 1;
      }

      @Override
      public void run(int begin, int end) {
        throw new AssertionError("never run");
      }
    }
    assertThatThrownBy(() -> tornado.open(new Program("foreign").add(new Foreign(new float[2]))))
        .isInstanceOf(DeviceException.class).message().contains("Foreign").doesNotContain("\n");
  }

  @Test
  void unknownDevicesAreNamedWithThoseThatExist() {
    assertThatThrownBy(() -> Devices.open("tornado:7:7")).isInstanceOf(DeviceException.class)
        .hasMessageContaining("tornado:7:7").hasMessageContaining("tornado:0:0");
  }
}
