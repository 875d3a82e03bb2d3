package org.rgflow.quality.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.data.ByteImages;
import org.rgflow.quality.FeatureNetwork;
import org.rgflow.quality.InceptionFeatures;
import org.rgflow.quality.InputRange;

/** Networks of one node, written here in the protocol buffers of ONNX (onnx.proto). */
class OnnxFeaturesTest {
  @TempDir
  private Path folder;

  /** A message: fields of length-delimited bytes, or of one varint below 128. */
  private static final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message number(int field, int value) {
      bytes.write(field << 3);
      bytes.write(value);
      return this;
    }

    Message bytes(int field, byte[] value) {
      bytes.write(field << 3 | 2);
      int length = value.length;
      for (; length > 127; length >>= 7) {
        bytes.write(length & 127 | 128);
      }
      bytes.write(length);
      bytes.writeBytes(value);
      return this;
    }

    Message text(int field, String value) {
      return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return bytes(field, value.bytes.toByteArray());
    }
  }

  /** A float32 tensor; extents below 0 are free. */
  private static Message value(String name, int... extents) {
    Message shape = new Message();
    for (int extent : extents) {
      shape.message(1, extent < 0 ? new Message().text(2, "n" + -extent) : new Message().number(1, extent));
    }
    Message tensor = new Message().number(1, 1).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  private Path network(String operation, Message input, Message output) throws IOException {
    Message node = new Message().text(1, "x").text(2, "y").text(4, operation);
    Message graph = new Message().message(1, node).text(2, "g").message(11, input).message(12, output);
    Message model = new Message().number(1, 8).message(7, graph)
        .message(8, new Message().text(1, "").number(2, 13));
    return Files.write(folder.resolve(operation + ".onnx"), model.bytes.toByteArray());
  }

  private static ByteImages images(int count) {
    byte[] bytes = new byte[count * 3 * 4];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (20 * (i / 4) + 10 * (i % 2));
    }
    return new ByteImages(3, 2, 2, bytes, new int[0], List.of());
  }

  /** The global average of each plane, which an enlargement by an integer keeps: 5 above the plane's lower level. */
  @Test
  void averagesOfThePlanes() throws IOException {
    Path file = network("GlobalAveragePool", value("x", -1, 3, 6, 6), value("y", -1, 3, 1, 1));
    for (InputRange range : InputRange.values()) {
      try (FeatureNetwork features = InceptionFeatures.open(file, range)) {
        assertThat(features.dimension()).isEqualTo(3);
        // More than a batch, whose last part is not full.
        ByteImages images = images(4);
        float[] found = features.of(images, 1, 4);
        assertThat(found).hasSize(9);
        for (int i = 0; i < 9; i++) {
          assertThat(found[i]).isCloseTo(range.of(20 * (i + 3) + 5), within(1e-4f * Math.max(1, range.of(255))));
        }
        assertThat(features.settings()).contains(range.name().toLowerCase(java.util.Locale.ROOT));
      }
    }
  }

  @Test
  void greyPicturesHaveThreeEqualPlanesAndFixedBatchesAreFilled() throws IOException {
    Path file = network("Flatten", value("x", 2, 3, 2, 2), value("y", 2, 12));
    byte[] bytes = new byte[3 * 4];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (17 * i);
    }
    try (FeatureNetwork features = InceptionFeatures.open(file, InputRange.BYTE)) {
      float[] found = features.of(new ByteImages(1, 2, 2, bytes, new int[0], List.of()), 0, 3);
      for (int i = 0; i < found.length; i++) {
        assertThat(found[i]).isEqualTo(17 * (i / 12 * 4 + i % 4));
      }
    }
  }

  /** 2 pixels enlarged to 4: ¼ and ¾ of the way between the centres, and the edges go on. */
  @Test
  void enlargementIsBilinearWithHalfPixelCentres() throws IOException {
    Path file = network("Flatten", value("x", 1, 3, 1, 4), value("y", 1, 12));
    byte[] bytes = {0, 80};
    try (FeatureNetwork features = InceptionFeatures.open(file, InputRange.BYTE)) {
      float[] found = features.of(new ByteImages(1, 1, 2, bytes, new int[0], List.of()), 0, 1);
      assertThat(found).startsWith(0, 20, 60, 80, 0, 20, 60, 80);
    }
  }

  @Test
  void foreignFilesAreRefusedInOneLine() throws IOException {
    Path noise = Files.write(folder.resolve("noise.onnx"), new byte[] {1, 2, 3, 4});
    assertThatThrownBy(() -> InceptionFeatures.open(noise, InputRange.SIGNED)).isInstanceOf(IOException.class)
        .hasMessageContaining("cannot use the network " + noise).hasMessageNotContaining("\n");
    Path flat = network("Relu", value("x", -1, 5), value("y", -1, 5));
    assertThatThrownBy(() -> InceptionFeatures.open(flat, InputRange.SIGNED))
        .hasMessageContaining("its input is not one float32 tensor [batch][3][height][width]");
    Path same = network("Sigmoid", value("x", -1, 3, 2, 2), value("y", -1, 3, 2, 2));
    assertThatThrownBy(() -> InceptionFeatures.open(same, InputRange.SIGNED))
        .hasMessageContaining("its first output is not a float32 tensor [batch][features]");
  }
}
