package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageGridTest {
  private static final ColorImage GREY = new ColorImage(1, 2, 3, new float[] {0, 0.2f, 0.4f, 0.6f, 0.8f, 1});
  private static final ColorImage RED = new ColorImage(3, 2, 3, new float[] {
      1, 1, 1, 1, 1, 2, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, Float.NaN});

  private static int rgb(BufferedImage picture, int x, int y) {
    return picture.getRGB(x, y) & 0xFFFFFF;
  }

  @Test
  void imagesLieRowByRow(@TempDir Path directory) throws IOException {
    BufferedImage picture = new ImageGrid(2, 2, 1).draw(List.of(GREY, RED, GREY));
    assertThat(picture.getWidth()).isEqualTo(1 + 2 * 7);
    assertThat(picture.getHeight()).isEqualTo(1 + 2 * 5);
    assertThat(rgb(picture, 0, 0)).isEqualTo(0xFFFFFF);
    assertThat(rgb(picture, 1, 1)).isEqualTo(0x000000);
    assertThat(rgb(picture, 4, 2)).isEqualTo(0x333333);
    assertThat(rgb(picture, 6, 4)).isEqualTo(0xFFFFFF);
    for (int x = 8; x < 14; x++) {
      assertThat(rgb(picture, x, 4)).isEqualTo(0xFF0000);
    }
    assertThat(rgb(picture, 1, 6)).isEqualTo(0x000000);
    assertThat(rgb(picture, 8, 6)).as("no fourth image").isEqualTo(0xFFFFFF);

    Path file = directory.resolve("grid.png");
    ImageGrid.write(file, picture);
    BufferedImage read = ImageIO.read(file.toFile());
    for (int i = 0; i < 15 * 11; i++) {
      assertThat(rgb(read, i % 15, i / 15)).isEqualTo(rgb(picture, i % 15, i / 15));
    }
  }

  @Test
  void labelsStandUnderTheImages() {
    float[] white = new float[64];
    Arrays.fill(white, 1);
    ColorImage blank = new ColorImage(1, 8, 8, white);
    BufferedImage picture = new ImageGrid(1, 1, 0).draw(List.of(blank), List.of("17 too long"));
    assertThat(picture.getHeight()).isEqualTo(8 + 7);
    String[] expected = {".#..###", "##....#", ".#....#", ".#....#", "###...#"};
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 7; x++) {
        assertThat(rgb(picture, x, 9 + y) == 0x202020).as("pixel %s %s", x, y).isEqualTo(expected[y].charAt(x) == '#');
      }
    }
  }

  @Test
  void mistakesAreNamed() {
    ImageGrid grid = new ImageGrid(4, 1, 2);
    assertThatThrownBy(() -> grid.draw(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> grid.draw(List.of(GREY, new ColorImage(1, 1, 1, new float[1]))))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("image 1");
    assertThatThrownBy(() -> grid.draw(List.of(GREY), List.of("a", "b")))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2 labels");
    assertThatThrownBy(() -> new ImageGrid(0, 1, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThat(ImageGrid.square(Collections.nCopies(10, GREY))).isEqualTo(new ImageGrid(4, 2, 2));
  }
}
