package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The pictures 1, 2, 4, 5, 7, … of thirty: all but every third. */
class ImageChoiceTest extends ImageSetContract {
  @Override
  ImageSet open(Path directory) throws IOException {
    IdxFiles.fashionMnist(directory);
    return ImageChoice.others(FashionMnist.open(directory, FashionMnist.Split.TRAIN), 10);
  }

  @Test
  void isPartOfTheSet() throws IOException {
    ImageSet part = open(directory);
    ImageSet whole = FashionMnist.open(directory, FashionMnist.Split.TRAIN);
    assertThat(part.size()).isEqualTo(20);
    assertThat(part.image(3).values()).isEqualTo(whole.image(5).values());
    assertThat(part.label(3)).isEqualTo(whole.label(5));
  }
}
