package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every set of pictures promises. */
abstract class ImageSetContract {
  @TempDir Path directory;

  /** At least three pictures, not all equal. */
  abstract ImageSet open(Path directory) throws IOException;

  @Test
  void hasPicturesOfOneSize() throws IOException {
    ImageSet images = open(directory);
    assertThat(images.size()).isGreaterThanOrEqualTo(3);
    assertThat(images.colours()).isIn(1, 3);
    assertThat(images.imageBytes()).isEqualTo(images.colours() * images.height() * images.width()).isPositive();
    for (int i = 0; i < images.size(); i++) {
      ColorImage image = images.image(i);
      assertThat(image.colours()).isEqualTo(images.colours());
      assertThat(image.height()).isEqualTo(images.height());
      assertThat(image.width()).isEqualTo(images.width());
    }
  }

  @Test
  void copiesOnePictureAndNothingElse() throws IOException {
    ImageSet images = open(directory);
    int n = images.imageBytes();
    for (int i = 0; i < images.size(); i++) {
      byte[] out = new byte[n + 7];
      Arrays.fill(out, (byte) 99);
      images.copy(i, out, 3);
      float[] values = images.image(i).values();
      for (int k = 0; k < n; k++) {
        assertThat(values[k]).isEqualTo((out[3 + k] & 0xFF) / 255f);
      }
      assertThat(Arrays.copyOf(out, 3)).containsOnly(99);
      assertThat(Arrays.copyOfRange(out, n + 3, n + 7)).containsOnly(99);
    }
  }

  @Test
  void isTheSameWheneverItIsRead() throws IOException {
    ImageSet first = open(directory);
    ImageSet second = open(directory);
    boolean differ = false;
    for (int i = 0; i < first.size(); i++) {
      assertThat(second.image(i).values()).isEqualTo(first.image(i).values());
      assertThat(second.label(i)).isEqualTo(first.label(i));
      differ |= !Arrays.equals(first.image(i).values(), first.image(0).values());
    }
    assertThat(differ).isTrue();
  }

  @Test
  void labelsAreClasses() throws IOException {
    ImageSet images = open(directory);
    for (int i = 0; i < images.size(); i++) {
      if (images.classes().isEmpty()) {
        assertThat(images.label(i)).isEqualTo(ImageSet.NO_LABEL);
      } else {
        assertThat(images.label(i)).isBetween(0, images.classes().size() - 1);
      }
    }
  }

  @Test
  void refusesIndicesOutside() throws IOException {
    ImageSet images = open(directory);
    byte[] out = new byte[images.imageBytes()];
    for (int index : new int[] {-1, images.size()}) {
      assertThatThrownBy(() -> images.copy(index, out, 0)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> images.label(index)).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> images.copy(0, out, 1)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
