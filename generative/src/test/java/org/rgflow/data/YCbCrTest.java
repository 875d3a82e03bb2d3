package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YCbCrTest {
  /** 8-bit values of JFIF 1.02's equations: Y, Cb, Cr of the primaries (chroma centre 127.5 of full range). */
  @ParameterizedTest
  @CsvSource({
    "1,0,0, 0.299,0.33126,1.0", "0,1,0, 0.587,0.16874,0.08131", "0,0,1, 0.114,1.0,0.41869",
    "1,1,1, 1,0.5,0.5", "0,0,0, 0,0.5,0.5", "0.25,0.25,0.25, 0.25,0.5,0.5"
  })
  void primariesHaveTheStandardsValues(float r, float g, float b, double y, double cb, double cr) {
    float[] result = YCbCr.ofRgb(new ColorImage(3, 1, 1, new float[] {r, g, b})).values();
    assertThat(result[0]).isCloseTo((float) (2 * y - 1), within(2e-5f));
    assertThat(result[1]).isCloseTo((float) (2 * cb - 1), within(2e-5f));
    assertThat(result[2]).isCloseTo((float) (2 * cr - 1), within(2e-5f));
  }

  @Test
  void everyEightBitColourOfAGridComesBack() {
    BufferedImage picture = new BufferedImage(52, 52, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 52 * 52; i++) {
      picture.setRGB(i % 52, i / 52, i * 6211);
    }
    BufferedImage back = YCbCr.toRgb(YCbCr.ofRgb(ColorImage.ofRgb(picture))).toPicture();
    for (int i = 0; i < 52 * 52; i++) {
      assertThat(back.getRGB(i % 52, i / 52)).isEqualTo(picture.getRGB(i % 52, i / 52));
    }
  }

  @Test
  void greyImagesAreRefused() {
    ColorImage grey = new ColorImage(1, 2, 2, new float[4]);
    assertThatThrownBy(() -> YCbCr.ofRgb(grey)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3 planes");
    assertThatThrownBy(() -> new ColorImage(3, 2, 2, new float[4])).isInstanceOf(IllegalArgumentException.class);
  }
}
