package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class IdxImagesTest extends ImageSetContract {
  @Override
  ImageSet open(Path directory) throws IOException {
    IdxFiles.fashionMnist(directory);
    return FashionMnist.open(directory, FashionMnist.Split.TRAIN);
  }

  @Test
  void readsBothPartsPackedOrNot() throws IOException {
    ImageSet train = open(directory);
    ImageSet test = FashionMnist.open(directory, FashionMnist.Split.TEST);
    assertThat(train.size()).isEqualTo(30);
    assertThat(test.size()).isEqualTo(12);
    assertThat(train.classes()).hasSize(10).contains("trouser");
    assertThat(train.label(13)).isEqualTo(3);
    assertThat(train.bytes()).isEqualTo(30 * 784);
    byte[] pixels = new byte[784];
    test.copy(2, pixels, 0);
    assertThat(pixels).isEqualTo(Arrays.copyOfRange(IdxFiles.images(12, 28, 28), 16 + 2 * 784, 16 + 3 * 784));
    assertThat(FashionMnist.isIn(directory)).isTrue();
    assertThat(FashionMnist.isIn(directory.resolve("none"))).isFalse();
  }

  private void failsWith(byte[] images, byte[] labels, String message) throws IOException {
    Path imagesFile = Files.write(directory.resolve("images"), images);
    Path labelsFile = Files.write(directory.resolve("labels"), labels);
    assertThatThrownBy(() -> IdxImages.open(imagesFile, labelsFile, FashionMnist.CLASSES))
        .isInstanceOf(IOException.class).hasMessageContaining(message).message().doesNotContain("\n");
  }

  private static byte[] header(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length);
    for (int number : numbers) {
      bytes.putInt(number);
    }
    return bytes.array();
  }

  @Test
  void saysInOneLineWhatIsWrong() throws IOException {
    byte[] images = IdxFiles.images(4, 5, 6);
    byte[] labels = IdxFiles.labels(4);
    failsWith(labels, labels, "magic number is 0x00000801, not 0x00000803");
    failsWith(images, images, "not an IDX file of labels");
    failsWith(new byte[0], labels, "truncated");
    failsWith(new byte[7], labels, "magic number is 0x00000000");
    failsWith(header(0x803, 4), labels, "truncated: it ends in its header");
    failsWith(header(0x803, 4, 5, 6), labels, "truncated: it should have 120 bytes of pictures, but has 0");
    failsWith(Arrays.copyOf(images, images.length - 1), labels, "but has 119");
    failsWith(Arrays.copyOf(images, images.length + 1), labels, "more behind its 120 bytes");
    failsWith(images, IdxFiles.labels(3), "has 4 pictures, but");
    failsWith(header(0x803, -1, 5, 6), labels, "extent 0 is 4294967295");
    failsWith(header(0x803, 4, 60_000, 6), labels, "extent 1 is 60000");
    failsWith(header(0x803, 100_000_000, 28, 28), labels, "extent 1 is 28");
    failsWith(header(0x803, 0, 28, 28), labels, "extent 0 is 0");
    byte[] wrongLabel = labels.clone();
    wrongLabel[9] = 10;
    failsWith(images, wrongLabel, "label 10 of picture 1 is not below 10");
    assertThatThrownBy(() -> FashionMnist.open(directory, FashionMnist.Split.TEST)).isInstanceOf(IOException.class)
        .hasMessageContaining("t10k-images-idx3-ubyte");
  }

  /** A hostile length is refused by the memory that it wants, or found truncated; nothing is allocated for it. */
  @Test
  void aPackedFileWithAnAbsurdExtentIsRefused() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(header(0x803, 2_500_000, 28, 28));
    }
    Path images = Files.write(directory.resolve("images"), packed.toByteArray());
    Path labels = Files.write(directory.resolve("labels"), IdxFiles.labels(4));
    assertThatThrownBy(() -> IdxImages.open(images, labels, FashionMnist.CLASSES)).isInstanceOf(IOException.class);
  }

  @Test
  void anyDamageToAPackedFileIsAnIoException() throws IOException {
    Path path = directory.resolve("images.gz");
    IdxFiles.gzip(path, IdxFiles.images(20, 9, 9));
    Path labels = Files.write(directory.resolve("labels"), IdxFiles.labels(20));
    byte[] good = Files.readAllBytes(path);
    SplittableRandom random = new SplittableRandom(8);
    int noticed = 0;
    for (int trial = 0; trial < 300; trial++) {
      byte[] bad = trial % 3 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      if (trial % 3 > 0) {
        bad[random.nextInt(10, bad.length)] ^= (byte) (1 + random.nextInt(255));
      }
      Files.write(path, bad);
      try {
        IdxImages.open(path, labels, FashionMnist.CLASSES);
      } catch (IOException e) {
        assertThat(e.getMessage()).doesNotContain("\n");
        noticed++;
      }
    }
    assertThat(noticed).isEqualTo(300); // gzip's own checksum
  }
}
