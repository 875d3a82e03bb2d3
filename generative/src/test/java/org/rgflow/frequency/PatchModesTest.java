package org.rgflow.frequency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.data.ColorImage;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;

class PatchModesTest {
  private static ColorImage image(int colours, int height, int width) {
    float[] values = new float[colours * height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.37 * i + 0.001 * i * i);
    }
    return new ColorImage(colours, height, width, values);
  }

  private static float[] modes(PatchModes patches, ColorImage image) {
    float[] field = new float[patches.layout().size()];
    float[] modes = new float[field.length];
    Program program = new Program("dct").input(field).addAll(patches.forward(field, modes)).output(modes);
    try (JvmDevice device = new JvmDevice(1); Session session = device.open(program)) {
      patches.cut(image, field);
      session.run(program);
    }
    return modes;
  }

  @ParameterizedTest
  @CsvSource({"3,16,24,4", "1,28,28,7", "3,8,8,8", "2,6,4,2"})
  void theTensorIsTheDctOfEveryPatchInTheOrderColourK1K2(int colours, int height, int width, int d) {
    ColorImage image = image(colours, height, width);
    PatchModes patches = new PatchModes(colours, height, width, d);
    float[] tensor = patches.grouped(modes(patches, image));
    int rows = height / d;
    int columns = width / d;
    for (int c = 0; c < colours; c++) {
      for (int k1 = 0; k1 < d; k1++) {
        for (int k2 = 0; k2 < d; k2++) {
          for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
              double sum = 0;
              for (int y = 0; y < d; y++) {
                for (int x = 0; x < d; x++) {
                  sum += image.values()[(c * height + row * d + y) * width + column * d + x]
                      * Math.cos(Math.PI * k1 * (y + 0.5) / d) * Math.cos(Math.PI * k2 * (x + 0.5) / d);
                }
              }
              sum *= Math.sqrt((k1 == 0 ? 1.0 : 2.0) * (k2 == 0 ? 1.0 : 2.0)) / d;
              int at = (((c * d + k1) * d + k2) * rows + row) * columns + column;
              assertThat(tensor[at]).isCloseTo((float) sum, within(2e-5f));
            }
          }
        }
      }
    }
    float[] back = new float[patches.layout().size()];
    patches.ungroup(tensor, back);
    assertThat(patches.grouped(back)).isEqualTo(tensor);
  }

  @Test
  void cuttingAndJoiningGivesTheImageBack() {
    ColorImage image = image(3, 16, 8);
    PatchModes patches = new PatchModes(3, 16, 8, 4);
    float[] field = new float[patches.layout().size()];
    patches.cut(image, field);
    assertThat(patches.join(field).values()).isEqualTo(image.values());
  }

  @Test
  void patchesThatDoNotTileAreRefused() {
    assertThatThrownBy(() -> new PatchModes(3, 30, 32, 8)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32x30");
    assertThatThrownBy(() -> new PatchModes(3, 8, 8, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PatchModes(3, 8, 8, 4).cut(image(1, 8, 8), new float[192]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
