package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.io.NpyArray;
import org.rgflow.io.NpzWriter;

class SampleImagesTest {
  private static final List<String> CLASSES = List.of("a", "b", "c");

  @TempDir
  private Path folder;

  private Path npz(Map<String, NpyArray> arrays) throws IOException {
    Path file = folder.resolve("s.npz");
    try (OutputStream out = Files.newOutputStream(file); NpzWriter npz = new NpzWriter(out)) {
      for (Map.Entry<String, NpyArray> entry : arrays.entrySet()) {
        npz.write(entry.getKey(), entry.getValue());
      }
    }
    return file;
  }

  private static byte[] counting(int n) {
    byte[] bytes = new byte[n];
    IntStream.range(0, n).forEach(i -> bytes[i] = (byte) (7 * i));
    return bytes;
  }

  private static byte[] picture(ImageSet images, int index) {
    byte[] bytes = new byte[images.imageBytes()];
    images.copy(index, bytes, 0);
    return bytes;
  }

  @Test
  void arraysOfGreyAndOfColour() throws IOException {
    byte[] bytes = counting(3 * 2 * 5);
    ImageSet grey = SampleImages.open(npz(Map.of("images", NpyArray.of(bytes, 3, 2, 5),
        "labels", NpyArray.of(new int[] {2, 0, 1}, 3))), CLASSES);
    assertThat(List.of(grey.size(), grey.colours(), grey.height(), grey.width())).containsExactly(3, 1, 2, 5);
    assertThat(picture(grey, 1)).isEqualTo(java.util.Arrays.copyOfRange(bytes, 10, 20));
    assertThat(grey.label(0)).isEqualTo(2);
    ImageSet unlabelled = SampleImages.open(folder.resolve("s.npz"), List.of());
    assertThat(unlabelled.classes()).isEmpty();
    assertThat(unlabelled.label(0)).isEqualTo(ImageSet.NO_LABEL);

    byte[] channelsLast = counting(2 * 2 * 2 * 3);
    ImageSet colour = SampleImages.open(npz(Map.of("arr_0", NpyArray.of(channelsLast, 2, 2, 2, 3))), List.of());
    assertThat(colour.colours()).isEqualTo(3);
    // Picture 1, green, lower left: element ((1·2 + 1)·2 + 0)·3 + 1.
    assertThat(picture(colour, 1)[4 + 2]).isEqualTo(channelsLast[19]);
  }

  @Test
  void filesAreGreyIfEveryPixelIs() throws IOException {
    for (int i = 0; i < 3; i++) {
      BufferedImage picture = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
      picture.setRGB(1, 2, 0x101010 * (i + 1));
      ImageIO.write(picture, "png", folder.resolve("p" + i + ".png").toFile());
    }
    ImageSet grey = SampleImages.open(folder, List.of());
    assertThat(List.of(grey.size(), grey.colours(), grey.height(), grey.width())).containsExactly(3, 1, 3, 4);
    assertThat(picture(grey, 2)[2 * 4 + 1]).isEqualTo((byte) 0x30);
    BufferedImage red = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
    red.setRGB(0, 0, 0xFF0000);
    ImageIO.write(red, "png", folder.resolve("p3.png").toFile());
    ImageSet colour = SampleImages.open(folder, List.of());
    assertThat(colour.colours()).isEqualTo(3);
    assertThat(picture(colour, 3)[0]).isEqualTo((byte) 0xFF);
    assertThat(picture(colour, 3)[12]).isZero();
    ImageIO.write(new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB), "png", folder.resolve("p4.png").toFile());
    assertThatThrownBy(() -> SampleImages.open(folder, List.of())).isInstanceOf(IOException.class)
        .hasMessageContaining("several sizes: p0.png of 4x3 and p4.png of 5x3");
  }

  @Test
  void whatCannotBeJudgedIsSaidInOneLine() throws IOException {
    assertThatThrownBy(() -> SampleImages.open(folder, List.of())).hasMessageContaining("there is no picture in");
    assertThatThrownBy(() -> SampleImages.open(folder.resolve("none"), List.of())).hasMessageContaining("no such");
    Path floats = npz(Map.of("images", NpyArray.of(new float[8], 2, 2, 2)));
    assertThatThrownBy(() -> SampleImages.open(floats, List.of())).hasMessageContaining("pictures are bytes 0 to 255");
    Path flat = npz(Map.of("images", NpyArray.of(new byte[8], 2, 4)));
    assertThatThrownBy(() -> SampleImages.open(flat, List.of())).hasMessageContaining("[picture][y][x]");
    Path two = npz(Map.of("x", NpyArray.of(new byte[8], 2, 2, 2), "y", NpyArray.of(new byte[8], 2, 2, 2)));
    assertThatThrownBy(() -> SampleImages.open(two, List.of())).hasMessageContaining("no array 'images'");
    Path labelled = npz(Map.of("images", NpyArray.of(new byte[8], 2, 2, 2), "labels", NpyArray.of(new int[] {0, 3}, 2)));
    assertThatThrownBy(() -> SampleImages.open(labelled, CLASSES)).hasMessageContaining("label 3 is none");
    Path empty = npz(Map.of("images", NpyArray.of(new byte[0], 0, 2, 2)));
    assertThatThrownBy(() -> SampleImages.open(empty, List.of())).isInstanceOf(IOException.class)
        .hasMessageContaining("0 pictures");
  }

  @Test
  void picturesAreRoundedAsInAFile() {
    ColorImage picture = new ColorImage(1, 1, 4, new float[] {-1, 0.4f / 255, 0.6f / 255, 2});
    ByteImages images = ByteImages.of(List.of(picture, picture), new int[] {1, 0}, CLASSES);
    assertThat(picture(images, 1)).containsExactly(0, 0, 1, (byte) 255);
    assertThat(images.first(1).size()).isEqualTo(1);
    assertThat(images.first(1).label(0)).isEqualTo(1);
    assertThatThrownBy(() -> ByteImages.of(List.of(), new int[0], List.of())).hasMessageContaining("no pictures");
    assertThatThrownBy(() -> new ByteImages(1, 1, 2, new byte[4], new int[] {0}, CLASSES))
        .hasMessageContaining("1 labels");
  }

  @Test
  void aChoiceAndItsRestAreTheSet() {
    ByteImages images = new ByteImages(1, 1, 1, counting(10), new int[0], List.of());
    ImageSet some = ImageChoice.evenly(images, 4);
    ImageSet rest = ImageChoice.others(images, 4);
    assertThat(IntStream.range(0, 4).map(i -> picture(some, i)[0])).containsExactly(0, 14, 35, 49);
    assertThat(IntStream.range(0, 6).map(i -> picture(rest, i)[0])).containsExactly(7, 21, 28, 42, 56, 63);
    assertThatThrownBy(() -> ImageChoice.others(images, 10)).hasMessageContaining("no picture is left");
    assertThatThrownBy(() -> ImageChoice.evenly(images, 11)).hasMessageContaining("11 of 10");
  }
}
