package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.random.RandomStream;

class PhiloxVectorTest {
  private static float[] reference(int length, int[] stream, int streamId) {
    float[] normal = new float[length];
    for (int q = 0; q < (length + 63) / 64 * 16; q++) {
      PhiloxKernels.normals(q, normal, stream, streamId);
    }
    return normal;
  }

  @RepeatedTest(60)
  void equalsTheScalarBodyBitForBit(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
    int length = random.nextInt(1, 3000);
    int[] stream = new RandomStream(random.nextLong(), random.nextLong()).buffer();
    int streamId = random.nextInt();
    float[] expected = reference(length, stream, streamId);
    float[] whole = new float[length];
    PhiloxVector.normals(0, length, whole, stream, streamId);
    assertThat(whole).isEqualTo(expected);
    float[] pieces = new float[length];
    float[] elements = new float[length];
    for (int begin = 0; begin < length; ) {
      int end = Math.min(length, begin + random.nextInt(1, 200));
      PhiloxVector.normals(begin, end, pieces, stream, streamId);
      for (int item = begin; item < end; item++) {
        elements[item] = PhiloxKernels.normal(item, stream, streamId);
      }
      begin = end;
    }
    assertThat(pieces).isEqualTo(expected);
    assertThat(elements).isEqualTo(expected);
  }

  @Test
  void writesNothingOutsideItsRange() {
    int[] stream = new RandomStream(5).buffer();
    for (int begin = 0; begin < 130; begin += 13) {
      for (int end = begin; end < 260; end += 17) {
        float[] normal = new float[260];
        PhiloxVector.normals(begin, end, normal, stream, 1);
        for (int i = 0; i < 260; i++) {
          assertThat(normal[i] != 0).isEqualTo(i >= begin && i < end);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 8, 15, 16, 17})
  void modeUpdatesEqualTheScalarBodiesBitForBit(int lanes) {
    SplittableRandom random = new SplittableRandom(lanes);
    for (int trial = 0; trial < 20; trial++) {
      int modes = random.nextInt(1, 90);
      int length = random.nextInt(1, 5) * modes * lanes;
      float[] decay = random(modes, random);
      float[] noise = random(modes, random);
      float[] x = random(length, random);
      float[] xi = random(length, random);
      int[] stream = new RandomStream(random.nextLong(), random.nextInt(1000)).buffer();
      float[] given = x.clone();
      float[] drawn = x.clone();
      for (int item = 0; item < length; item++) {
        ModeKernels.ornsteinUhlenbeck(item, given, decay, noise, xi, lanes);
        ModeKernels.ornsteinUhlenbeckDrawn(item, drawn, decay, noise, lanes, stream, 9);
      }
      float[] givenVector = x.clone();
      float[] drawnVector = x.clone();
      for (int begin = 0; begin < length; ) {
        int end = Math.min(length, begin + random.nextInt(1, 400));
        ModeVector.ornsteinUhlenbeck(begin, end, givenVector, decay, noise, xi, lanes);
        PhiloxVector.ornsteinUhlenbeck(begin, end, drawnVector, decay, noise, lanes, stream, 9);
        begin = end;
      }
      assertThat(givenVector).isEqualTo(given);
      assertThat(drawnVector).isEqualTo(drawn);
      float[] filled = x.clone();
      ModeVector.ornsteinUhlenbeck(0, length, filled, decay, noise, reference(length, stream, 9), lanes);
      assertThat(filled).isEqualTo(drawn);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 33, 160})
  void axisTransformEqualsTheScalarBodyBitForBit(int inner) {
    SplittableRandom random = new SplittableRandom(inner);
    int n = 7;
    int length = 3 * n * inner;
    float[] in = random(length, random);
    float[] matrix = random(n * n, random);
    float[] expected = new float[length];
    float[] out = new float[length];
    for (int item = 0; item < length; item++) {
      ModeKernels.axisTransform(item, in, expected, matrix, n, inner);
    }
    for (int begin = 0; begin < length; ) {
      int end = Math.min(length, begin + random.nextInt(1, 50));
      ModeVector.axisTransform(begin, end, in, out, matrix, n, inner);
      begin = end;
    }
    assertThat(out).isEqualTo(expected);
  }

  private static float[] random(int length, SplittableRandom random) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
