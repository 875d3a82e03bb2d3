package org.rgflow.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rgflow.device.Device;
import org.rgflow.device.Devices;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.launch.Buffers;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid1D;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** The parts of the random numbers one by one: words and uniforms to the bit, the polynomials to float accuracy. */
class PhiloxAgreementTest {
  private static final int COUNT = 4096;
  private static final int STREAM = 0x7123;

  private static void philoxPartsKernel(KernelContext context, int count, int[] stream, int[] words, double[] uniform,
      float[] logarithm, float[] radius, float[] sine) {
    int q = context.globalIdx;
    if (q < count) {
      parts(q, count, stream, words, uniform, logarithm, radius, sine);
    }
  }

  private static void parts(int q, int count, int[] stream, int[] words, double[] uniform, float[] logarithm,
      float[] radius, float[] sine) {
    for (int j = 0; j < 4; j++) {
      words[j * count + q] = PhiloxKernels.word(j, q, STREAM, stream);
    }
    // Every magnitude of a word, the extremes too.
    int word = words[q] >> (q & 31);
    uniform[q] = PhiloxKernels.uniform(word);
    logarithm[q] = PhiloxKernels.logUniform(word);
    radius[q] = PhiloxKernels.radius(word);
    sine[q] = PhiloxKernels.sine(word, 0);
    sine[count + q] = PhiloxKernels.sine(word, 1);
  }

  private static final class Results {
    final int[] words = new int[4 * COUNT];
    final double[] uniform = new double[COUNT];
    final float[] logarithm = new float[COUNT];
    final float[] radius = new float[COUNT];
    final float[] sine = new float[2 * COUNT];
  }

  @Test
  void wordsAndUniformsAreEqualAndPolynomialsCloseTo() throws TornadoExecutionPlanException {
    int[] stream = {0xDEADBEEF, -5, 0x7FFFFFFF, 1 << 31};
    Results expected = new Results();
    for (int q = 0; q < COUNT; q++) {
      parts(q, COUNT, stream, expected.words, expected.uniform, expected.logarithm, expected.radius, expected.sine);
    }
    Results actual = new Results();
    KernelContext context = new KernelContext();
    try (Device device = Devices.open("tornado")) { // sets TornadoVM's options
      assertThat(device.takesAnyLaunch()).isFalse();
      TaskGraph graph = new TaskGraph("philox")
          .transferToDevice(DataTransferMode.FIRST_EXECUTION, stream)
          .task("parts", PhiloxAgreementTest::philoxPartsKernel, context, COUNT, stream, actual.words, actual.uniform,
              actual.logarithm, actual.radius, actual.sine)
          .transferToHost(DataTransferMode.EVERY_EXECUTION, actual.words, actual.uniform, actual.logarithm,
              actual.radius, actual.sine);
      try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
        plan.withGridScheduler(new GridScheduler("philox.parts", new WorkerGrid1D(COUNT))).execute();
      }
    }
    assertThat(actual.words).isEqualTo(expected.words);
    assertThat(actual.uniform).isEqualTo(expected.uniform);
    Buffers.assertAgree("logarithm", actual.logarithm, expected.logarithm, 0x1p-22);
    Buffers.assertAgree("radius", actual.radius, expected.radius, 0x1p-22);
    Buffers.assertAgree("sine", actual.sine, expected.sine, 0x1p-22);
  }
}
