package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.diffusion.PixelSpace;

class BatchesTest {
  /** Pictures whose bytes tell index, colour and place. */
  private record Numbered(int size, int colours, int height, int width) implements ImageSet {
    @Override
    public void copy(int index, byte[] out, int offset) {
      for (int i = 0; i < imageBytes(); i++) {
        out[offset + i] = (byte) (31 * index + 7 * i);
      }
    }

    @Override
    public int label(int index) {
      return index % 3;
    }

    @Override
    public List<String> classes() {
      return List.of("a", "b", "c");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void everyEpochHasEveryPictureOnce(int size) {
    Batches batches = new Batches(new Numbered(size, 1, 2, 2), PixelCoding.UNIT, Batches.Flip.RANDOM, 3);
    int[] first = new int[size];
    for (int epoch = 0; epoch < 4; epoch++) {
      int[] order = new int[size];
      for (int i = 0; i < size; i++) {
        order[i] = batches.index((long) epoch * size + i);
      }
      int[] sorted = order.clone();
      Arrays.sort(sorted);
      for (int i = 0; i < size; i++) {
        assertThat(sorted[i]).isEqualTo(i);
      }
      if (epoch == 0) {
        first = order;
      } else if (size == 1000) {
        assertThat(order).isNotEqualTo(first);
      }
    }
  }

  /** χ² of 16 cells with 15 degrees of freedom exceeds 44.3 with probability 1e-4; the seeds are fixed. */
  @Test
  void everyPictureIsAsProbableAtEveryPlace() {
    int trials = 20_000;
    int[][] counts = new int[4][4];
    int[] mirrored = new int[1];
    for (int seed = 0; seed < trials; seed++) {
      Batches batches = new Batches(new Numbered(4, 1, 1, 2), PixelCoding.UNIT, Batches.Flip.RANDOM, seed);
      for (int i = 0; i < 4; i++) {
        counts[i][batches.index(i)]++;
        mirrored[0] += batches.mirrored(i) ? 1 : 0;
      }
    }
    double chi2 = 0;
    for (int[] row : counts) {
      for (int count : row) {
        chi2 += Math.pow(count - trials / 4.0, 2) / (trials / 4.0);
      }
    }
    assertThat(chi2).isLessThan(44.3);
    // 80,000 fair coins: standard deviation 141; 4 of them are exceeded with probability 6e-5.
    assertThat(Math.abs(mirrored[0] - 40_000)).isLessThan(566);
  }

  @Test
  void resumesAtAnySample() {
    Numbered images = new Numbered(50, 3, 4, 6);
    Batches run = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.RANDOM, 11);
    float[] pixels = new float[8 * 72];
    int[] labels = new int[8];
    float[] again = new float[8 * 72];
    int[] labelsAgain = new int[8];
    for (int step = 0; step < 30; step++) {
      run.fill(8L * step, pixels, labels); // batches cross the ends of epochs
      new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.RANDOM, 11).fill(8L * step, again, labelsAgain);
      assertThat(again).isEqualTo(pixels);
      assertThat(labelsAgain).isEqualTo(labels);
    }
    new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.RANDOM, 12).fill(0, again, labelsAgain);
    run.fill(0, pixels, labels);
    assertThat(again).isNotEqualTo(pixels);
  }

  @ParameterizedTest
  @CsvSource({"UNIT, 1", "UNIT, 3", "SIGNED, 1", "SIGNED, 3", "LUMA_CHROMA, 1", "LUMA_CHROMA, 3"})
  void codesAndMirrors(PixelCoding coding, int colours) {
    Numbered images = new Numbered(20, colours, 4, 6);
    Batches batches = new Batches(images, coding, Batches.Flip.RANDOM, 5);
    int n = batches.imageSize();
    float[] pixels = new float[20 * n];
    int[] labels = new int[20];
    batches.fill(40, pixels, labels);
    int mirrored = 0;
    for (int s = 0; s < 20; s++) {
      int index = batches.index(40 + s);
      ColorImage expected = images.image(index);
      if (coding == PixelCoding.LUMA_CHROMA && colours == 3) {
        expected = YCbCr.ofRgb(expected);
      }
      assertThat(labels[s]).isEqualTo(index % 3);
      mirrored += batches.mirrored(40 + s) ? 1 : 0;
      for (int i = 0; i < n; i++) {
        int x = i % 6;
        int from = batches.mirrored(40 + s) ? i - x + 5 - x : i;
        float value = expected.values()[from];
        boolean signed = coding == PixelCoding.SIGNED || coding == PixelCoding.LUMA_CHROMA && colours == 1;
        assertThat(pixels[s * n + i]).isEqualTo(signed ? 2 * value - 1 : value);
      }
    }
    assertThat(mirrored).isBetween(1, 19);
    float[] plain = new float[n];
    batches.picture(7, plain, 0);
    assertThat(plain).hasSize(n).isNotEqualTo(new float[n]);
  }

  /** The same pictures, cut as the frequency space of the model cuts them. */
  @ParameterizedTest
  @CsvSource({"1, 2", "3, 2", "3, 4", "1, 1"})
  void cutsIntoPatches(int colours, int patch) {
    Numbered images = new Numbered(20, colours, 8, 12);
    Batches whole = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.RANDOM, 5);
    Batches cut = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.RANDOM, 5, patch);
    int n = whole.imageSize();
    int patches = 96 / patch / patch;
    PixelSpace space = new PixelSpace(
        new ModeBatch(3, colours * patch * patch, patches), colours, 8 / patch, 12 / patch, patch);
    float[] pictures = new float[3 * n];
    float[] pixels = new float[3 * n];
    float[] expected = new float[3 * n];
    int[] labels = new int[3];
    for (long first = 0; first < 40; first += 3) {
      whole.fill(first, pictures, labels);
      cut.fill(first, pixels, labels);
      for (int k = 0; k < 3; k++) {
        space.pixels(Arrays.copyOfRange(pictures, k * n, (k + 1) * n), expected, k);
      }
      assertThat(pixels).isEqualTo(expected);
    }
  }

  @Test
  void namesImpossibleNumbers() {
    Batches batches = new Batches(new Numbered(5, 1, 2, 2), PixelCoding.UNIT, Batches.Flip.NEVER, 3);
    assertThat(batches.mirrored(3)).isFalse();
    assertThatThrownBy(() -> new Batches(new Numbered(5, 1, 8, 8), PixelCoding.UNIT, Batches.Flip.NEVER, 3, 3))
        .hasMessageContaining("patches of 3x3 do not tile");
    assertThatThrownBy(() -> batches.fill(0, new float[7], new int[2])).hasMessageContaining("7 numbers are not 2 pictures");
    assertThatThrownBy(() -> batches.index(-1)).hasMessageContaining("counted from 0");
  }

  @Test
  void tellsWhichPatchesFit() {
    PatchTiling.require(64, 64, 4);
    PatchTiling.require(28, 28, 7);
    PatchTiling.require(32, 48, 16);
    assertThatThrownBy(() -> PatchTiling.require(28, 28, 8)).hasMessage(
        "patches of 8x8 do not tile pictures of 28x28; use pictures of 24x24 or 32x32,"
            + " or patches of 2x2, 4x4, 7x7, 14x14, 28x28");
    assertThatThrownBy(() -> PatchTiling.require(3, 64, 4)).hasMessageContaining("use pictures of 64x4");
    assertThatThrownBy(() -> PatchTiling.require(28, 28, 1)).hasMessageContaining("at least 2 pixels");
  }
}
