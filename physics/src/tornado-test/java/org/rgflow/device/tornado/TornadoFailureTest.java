package org.rgflow.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.Device;
import org.rgflow.device.DeviceException;
import org.rgflow.device.DeviceMonitor;
import org.rgflow.device.Devices;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.device.tornado.NativeOutput.Streams;
import org.rgflow.launch.AddScaled;
import org.rgflow.launch.Normals;
import uk.ac.manchester.tornado.api.exceptions.TornadoBailoutRuntimeException;
import uk.ac.manchester.tornado.api.exceptions.TornadoInternalError;

/** What goes wrong on a device is one line for the user, and nothing that goes wrong is passed over. */
class TornadoFailureTest {
  private static final List<String> COMPILED = new ArrayList<>();

  private static TornadoDevice device;

  @BeforeAll
  static void openDevice() {
    device = (TornadoDevice) Devices.open("tornado", new DeviceMonitor() {
      @Override
      public void notice(String line) {
        throw new AssertionError(line);
      }

      @Override
      public void compiling(int done, int total) {
        COMPILED.add(done + " of " + total);
      }
    });
  }

  @AfterAll
  static void closeDevice() {
    device.close();
  }

  /** As native code does, past Java's streams. */
  private static void printNatively(String line) {
    try {
      new FileOutputStream(FileDescriptor.out).write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "[TornadoVM-OCL-JNI] ERROR : clEnqueueNDRangeKernel -> Returned: -54 | Returned: -54",
    "[TornadoVM-OCL-JNI] ERROR : clCreateBuffer -> Returned: -4 | out of device memory",
    "[TornadoVM-PTX-JNI] ERROR : cuMemAlloc -> Returned: 2 | out of device memory",
  })
  void whatADriverOnlyPrintsIsAFailure(String line, String message) {
    assertThatThrownBy(() -> device.call("run trajectory", Streams.OUTPUT, () -> printNatively(line)))
        .isInstanceOf(DeviceException.class)
        .message().startsWith("device tornado:0:0 cannot run trajectory: ").contains(message).doesNotContain("\n");
  }

  @Test
  void otherOutputIsKeptAndForgotten() {
    assertThatCode(() -> device.call("run", Streams.OUTPUT, () -> printNatively("warning: nothing")))
        .doesNotThrowAnyException();
    NativeOutput.begin(Streams.OUTPUT);
    assertThat(NativeOutput.end()).isEmpty();
  }

  @Test
  void tornadosExceptionsAreOneLineAboutTheMatter() {
    assertThatThrownBy(() -> device.call("run step", Streams.OUTPUT, () -> {
      throw new TornadoBailoutRuntimeException("\u001b[31mBailout is disabled. \n"
          + "Reason: Unable to compile task a.b - k\nThe internal error is: unsupported node Foo\nStacktrace: [x]");
    })).isInstanceOf(DeviceException.class)
        .hasMessage("device tornado:0:0 cannot run step: unsupported node Foo");
    assertThatThrownBy(() -> device.call("run step", Streams.OUTPUT, () -> {
      throw new TornadoInternalError("unimplemented: graph resize");
    })).isInstanceOf(DeviceException.class).hasMessageEndingWith("unimplemented: graph resize");
    assertThatThrownBy(() -> device.call("run step", Streams.OUTPUT, () -> {
      throw new TornadoInternalError("Unable to allocate 1048592 bytes of memory.");
    })).isInstanceOf(DeviceException.class).hasMessageContaining("cannot run step: out of device memory; use fewer");
    assertThatThrownBy(() -> device.call("compile its kernels", Streams.OUTPUT_AND_ERROR, () -> {
      printNatively("<built-in>:3:5: error: use of undeclared identifier 'x'");
      throw new TornadoBailoutRuntimeException("Error during code compilation with the OpenCL driver");
    })).hasMessageEndingWith("cannot compile its kernels: its compiler says error: use of undeclared identifier 'x'");
  }

  @Test
  void memoryIsCountedBeforeASessionOpens() {
    TornadoMemory memory = new TornadoMemory("tornado:0:0", 1000 << 20, 600 << 20);
    float[] large = new float[100 << 20];
    memory.take(List.of(large, new double[8 << 20]));
    assertThatThrownBy(() -> memory.take(List.of(large, large))).isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("out of memory on device tornado:0:0: 800 MiB more are needed, 53")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> memory.take(List.of(new float[160 << 20]))).isInstanceOf(DeviceException.class)
        .hasMessageContaining("no room for a buffer of 640 MiB");
    memory.give(List.of(large));
    assertThatCode(() -> memory.take(List.of(large, large))).doesNotThrowAnyException();
  }

  /** Two chains of sums in several graphs, whose grids differ. */
  @Test
  void launchesThatDifferInBuffersAndStreamsShareAKernel() {
    COMPILED.clear();
    float[][] x = new float[150][96];
    float[][] y = new float[150][333];
    float[] scale = {0.5f};
    int[] stream = new int[4];
    Program program = new Program("many").add(new Normals(x[0], 1, stream, 0)).add(new Normals(x[1], 1, stream, 1));
    for (int i = 2; i < 150; i++) {
      program.add(new AddScaled(x[i - 1], x[0], x[i], scale, 0, 96, 1));
      program.add(new AddScaled(y[i - 1], y[0], y[i], scale, 0, 333, 1));
    }
    program.output(x[0], x[1], x[149], y[149]);
    Arrays.fill(y[0], 1);
    Program again = new Program("again").addAll(program.launches());
    try (Session session = device.open(program, again)) {
      session.run(program);
      assertThat(COMPILED.getFirst()).isEqualTo("0 of 2");
      assertThat(COMPILED.getLast()).isEqualTo("2 of 2");
      float[] first = x[149].clone();
      float[] expected = new float[96];
      for (int i = 0; i < 96; i++) {
        expected[i] = x[1][i] + 74 * x[0][i];
      }
      assertThat(first).containsExactly(expected, offset(1e-3f)).isNotEqualTo(x[1]);
      assertThat(x[1]).isNotEqualTo(x[0]);
      assertThat(y[149]).containsOnly(74f);
      session.run(again);
      session.download(x[149]);
      assertThat(x[149]).isEqualTo(first);
    }
  }

  /** TornadoVM distrusts what it has compiled once another plan was closed. */
  @Test
  void aSessionOutlivesOthers() {
    float[] x = new float[96];
    Program program = new Program("one").add(new Normals(x, 1, new int[4], 0)).output(x);
    try (Session session = device.open(program)) {
      session.run(program);
      try (Session other = device.open(new Program("other").add(new Normals(new float[64], 1, new int[4], 0)))) {
        assertThat(other).isNotNull();
      }
      assertThatCode(() -> session.run(program)).doesNotThrowAnyException();
    }
    assertThatCode(() -> {
      try (Device second = Devices.open("tornado"); Session session = second.open(program)) {
        session.run(program);
      }
    }).doesNotThrowAnyException();
  }
}
