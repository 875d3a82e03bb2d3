package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rgflow.data.ColorImage;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;

/** The model that comes with the project. */
class FashionMnistModelTest {
  private static final int COUNT = 8;

  /**
   * Trousers are tall and stand in the middle columns, sneakers lie wide in the lower half. In the test split of
   * Fashion-MNIST the mean brightness of rows 2 to 8 is 0.27 for trousers and 0.02 for sneakers, and that of columns 0
   * to 4 in rows 12 to 25 is 0.003 and 0.13.
   */
  @Test
  void drawsGarmentsOfTheClassThatIsAskedFor() throws IOException {
    ImageModel model;
    try (ModelFile file = ModelLocation.of("bundled:fashion-mnist").open()) {
      model = ImageModel.read(file);
    }
    assertThat(model.classes()).hasSize(10).contains("trouser", "sneaker");
    SamplingOptions options = model.sampling(SamplingMethod.DPM2M, 1, 12);
    try (Device device = new JvmDevice(2); ImageSampler sampler = model.open(device, 2 * COUNT, options, 1)) {
      int trouser = model.classes().indexOf("trouser");
      int sneaker = model.classes().indexOf("sneaker");
      List<ColorImage> pictures = sampler.sample(1, 0, 2 * COUNT, image -> image < COUNT ? trouser : sneaker);
      List<ColorImage> trousers = pictures.subList(0, COUNT);
      List<ColorImage> sneakers = pictures.subList(COUNT, 2 * COUNT);
      assertThat(brightness(trousers, 2, 9, 0, 28)).as("top of trousers").isGreaterThan(0.12);
      assertThat(brightness(sneakers, 2, 9, 0, 28)).as("top of sneakers").isLessThan(0.06);
      assertThat(brightness(trousers, 12, 26, 0, 5)).as("left of trousers").isLessThan(0.05);
      assertThat(brightness(sneakers, 12, 26, 0, 5)).as("left of sneakers").isGreaterThan(0.07);
      float[] first = trousers.getFirst().values();
      assertThat(trousers.stream().skip(1)).allSatisfy(other -> assertThat(other.values()).isNotEqualTo(first));
    }
  }

  private static double brightness(List<ColorImage> pictures, int top, int bottom, int left, int right) {
    double sum = 0;
    for (ColorImage picture : pictures) {
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          sum += picture.values()[28 * y + x];
        }
      }
    }
    return sum / (pictures.size() * (bottom - top) * (right - left));
  }
}
