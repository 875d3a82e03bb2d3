package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ImageRangeTest extends ImageSetContract {
  @Override
  ImageSet open(Path directory) throws IOException {
    IdxFiles.fashionMnist(directory);
    return new ImageRange(FashionMnist.open(directory, FashionMnist.Split.TRAIN), 5, 25);
  }

  @Test
  void isPartOfTheSet() throws IOException {
    ImageSet part = open(directory);
    ImageSet whole = FashionMnist.open(directory, FashionMnist.Split.TRAIN);
    assertThat(part.size()).isEqualTo(20);
    assertThat(part.image(3).values()).isEqualTo(whole.image(8).values());
    assertThat(part.label(3)).isEqualTo(whole.label(8));
    assertThatThrownBy(() -> new ImageRange(whole, 5, 5)).hasMessageContaining("no range");
    assertThatThrownBy(() -> new ImageRange(whole, 5, 31)).hasMessageContaining("no range");
  }
}
