package org.rgflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;

class PictureImagesTest extends ImageSetContract {
  private static final PictureOptions SMALL = new PictureOptions(3, 8, 8, Crop.PAPER, 2);

  private static BufferedImage photograph(int width, int height, long seed, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    SplittableRandom random = new SplittableRandom(seed);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, 0xFF000000 | random.nextInt(1 << 24));
      }
    }
    return image;
  }

  private static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static byte[] rgb(int width, int height, long seed, String format) throws IOException {
    return encoded(photograph(width, height, seed, BufferedImage.TYPE_INT_RGB), format);
  }

  /** Five sound pictures of several sizes in subfolders, and things that are no pictures. */
  private static Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("b/two.JPG", rgb(20, 30, 1, "jpg"));
    files.put("a/one.png", rgb(8, 8, 2, "png"));
    files.put("a/deep/er/three.jpeg", rgb(31, 17, 3, "jpg"));
    files.put("b/grey.png", encoded(photograph(16, 16, 4, BufferedImage.TYPE_BYTE_GRAY), "png"));
    files.put("c/indexed.png", encoded(photograph(9, 12, 5, BufferedImage.TYPE_BYTE_INDEXED), "png"));
    files.put("notes.txt", "hello".getBytes(StandardCharsets.UTF_8));
    files.put("b/._two.jpg", new byte[10]);
    return files;
  }

  private static void folder(Path directory, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  private static Path zip(Path path, Map<String, byte[]> files) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue());
      }
    }
    return path;
  }

  @Override
  ImageSet open(Path directory) throws IOException {
    folder(directory.resolve("set"), files());
    return PictureImages.open(directory.resolve("set"), SMALL);
  }

  @Test
  void folderAndZipAreTheSameOnAnyNumberOfThreads() throws IOException {
    ImageSet folder = open(directory);
    assertThat(folder.size()).isEqualTo(5);
    assertThat(folder.classes()).containsExactly("a", "b", "c");
    assertThat(folder.label(0)).isZero();
    assertThat(folder.label(4)).isEqualTo(2);
    assertThat(folder.bytes()).isEqualTo(5 * 192);
    Path zip = zip(directory.resolve("set.zip"), files());
    for (int threads = 1; threads <= 5; threads++) {
      List<Integer> progress = new ArrayList<>();
      PictureImages same = PictureImages.open(zip, SMALL, threads, (done, all) -> progress.add(done * 10 + all));
      assertThat(progress).containsExactly(55);
      assertThat(same.damaged()).isEmpty();
      assertThat(same.size()).isEqualTo(5);
      for (int i = 0; i < 5; i++) {
        assertThat(same.image(i).values()).isEqualTo(folder.image(i).values());
        assertThat(same.label(i)).isEqualTo(folder.label(i));
      }
    }
  }

  /** A photograph of the wanted size comes through as it is; a grey one is not brightened. */
  @Test
  void keepsPixelsOfTheRightSize() throws IOException {
    ImageSet images = open(directory);
    BufferedImage source = photograph(8, 8, 2, BufferedImage.TYPE_INT_RGB);
    assertThat(images.image(1).values()).isEqualTo(ColorImage.ofRgb(source).values()); // a/deep/… is before a/one

    BufferedImage grey = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 64; i++) {
      grey.getRaster().setSample(i % 8, i / 8, 0, 4 * i);
    }
    folder(directory.resolve("grey"), Map.of("x/g.png", encoded(grey, "png")));
    byte[] out = new byte[64];
    PictureImages.open(directory.resolve("grey"), new PictureOptions(1, 8, 8, Crop.PAPER, 0)).copy(0, out, 0);
    for (int i = 0; i < 64; i++) {
      assertThat(out[i] & 0xFF).isEqualTo(4 * i);
    }
    byte[] colour = new byte[192];
    PictureImages.open(directory.resolve("grey"), SMALL).copy(0, colour, 0);
    assertThat(Arrays.copyOf(colour, 64)).isEqualTo(out);
    assertThat(Arrays.copyOfRange(colour, 128, 192)).isEqualTo(out);
  }

  private static int[] bounds(Crop crop, int width, int height, int side) {
    Crop.Plan plan = crop.plan(width, height, side, side);
    return new int[] {plan.x(), plan.y(), plan.width(), plan.height(), plan.scaledWidth(), plan.scaledHeight(),
        plan.left(), plan.top()};
  }

  @Test
  void cropsCelebAInThreeWays() {
    assertThat(bounds(Crop.PAPER, 178, 218, 64)).containsExactly(0, 0, 178, 218, 64, 78, 0, 7);
    assertThat(bounds(Crop.PAPER, 218, 178, 64)).containsExactly(0, 0, 218, 178, 78, 64, 7, 0);
    assertThat(bounds(Crop.STANDARD, 178, 218, 64)).containsExactly(19, 39, 140, 140, 64, 64, 0, 0);
    assertThat(bounds(Crop.FACE, 178, 218, 64)).containsExactly(25, 57, 128, 128, 64, 64, 0, 0);
    assertThatThrownBy(() -> Crop.STANDARD.plan(96, 96, 64, 64)).hasMessageContaining("96x96 pixels are too few")
        .hasMessageContaining("crop paper");
    assertThatThrownBy(() -> Crop.FACE.plan(150, 300, 64, 64)).hasMessageContaining("too few");
    assertThat(Crop.named("face")).isEqualTo(Crop.FACE);
    assertThatThrownBy(() -> Crop.named("papr")).hasMessageContaining("did you mean 'paper'");
  }

  /** The filter keeps what is constant and what is linear, and takes the mean of what is fine. */
  @Test
  void scalesWithoutShiftOrAliasing() {
    int width = 96;
    byte[] ramp = new byte[width * width];
    byte[] fine = new byte[width * width];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (2 * (i % width) + 10);
      fine[i] = (byte) (i % 2 == 0 ? 0 : 200);
    }
    byte[] half = new Photograph(width, width, 1, ramp).toPlanes(Crop.PAPER, 1, 32, 32);
    byte[] mean = new Photograph(width, width, 1, fine).toPlanes(Crop.PAPER, 1, 48, 48);
    for (int y = 1; y < 31; y++) {
      for (int x = 1; x < 31; x++) {
        assertThat(half[32 * y + x] & 0xFF).isEqualTo(2 * (3 * x + 1) + 10); // the middle one of three pixels
      }
    }
    for (int y = 1; y < 47; y++) {
      for (int x = 1; x < 47; x++) {
        assertThat(mean[48 * y + x] & 0xFF).isBetween(99, 101);
      }
    }
    byte[] larger = new Photograph(4, 4, 1, new byte[] {
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}).toPlanes(Crop.PAPER, 1, 64, 64);
    assertThat(larger).containsOnly(7);
  }

  @Test
  void makesGreyByLuma() {
    Photograph photograph = new Photograph(2, 2, 3, new byte[] {
        (byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, (byte) 255, (byte) 255, (byte) 255});
    byte[] grey = photograph.toPlanes(Crop.PAPER, 1, 2, 2);
    assertThat(grey).containsExactly(76, (byte) 150, 29, (byte) 255); // 0.299, 0.587, 0.114 of 255
  }

  @Test
  void passesOverDamagedFilesByName() throws IOException {
    Map<String, byte[]> files = files();
    byte[] truncated = rgb(200, 200, 9, "jpg");
    files.put("d/truncated.jpg", Arrays.copyOf(truncated, truncated.length / 2));
    files.put("d/text.png", "no picture".getBytes(StandardCharsets.UTF_8));
    folder(directory.resolve("set"), files);
    PictureImages images = PictureImages.open(directory.resolve("set"), SMALL);
    assertThat(images.size()).isEqualTo(5);
    assertThat(images.damaged()).extracting(DamagedPicture::name).containsExactly("d/text.png", "d/truncated.jpg");
    assertThat(images.damaged().get(0).reason()).contains("neither JPEG nor PNG");
    assertThat(images.damaged().get(1).reason()).contains("truncated");
    files.put("d/empty.jpg", new byte[0]);
    folder(directory.resolve("set"), files);
    assertThatThrownBy(() -> PictureImages.open(directory.resolve("set"), SMALL)).isInstanceOf(IOException.class)
        .hasMessageContaining("3 of the first 8 pictures").hasMessageContaining("at most 2")
        .hasMessageContaining("d/empty.jpg");
  }

  /** A PNG of one claimed size and no data to speak of. */
  private static byte[] pngHeader(int width, int height) {
    ByteBuffer png = ByteBuffer.allocate(8 + 25 + 12);
    png.putLong(0x89504E470D0A1A0AL).putInt(13).putInt(0x49484452).putInt(width).putInt(height)
        .put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(png.array(), 12, 17);
    png.putInt((int) crc.getValue()).putInt(0).putInt(0x49454E44).putInt(0xAE426082);
    return png.array();
  }

  @Test
  void hugeAndEmptyPicturesAreDamaged() throws IOException {
    Map<String, byte[]> files = files();
    files.put("z/huge.png", pngHeader(60_000, 60_000));
    files.put("z/zero.png", pngHeader(0, 10));
    folder(directory.resolve("set"), files);
    PictureImages images = PictureImages.open(directory.resolve("set"), SMALL);
    assertThat(images.damaged()).extracting(DamagedPicture::name).containsExactly("z/huge.png", "z/zero.png");
    assertThat(images.damaged().getFirst().reason()).contains("60000x60000");
  }

  @Test
  void hostileZipsAreHarmless() throws IOException {
    Map<String, byte[]> files = files();
    files.put("../../outside.png", rgb(8, 8, 2, "png"));
    files.put("/absolute/path.png", rgb(8, 8, 3, "png"));
    files.put("z/bomb.png", new byte[PictureFiles.MAX_BYTES + 1]); // 32 MiB of zeros pack into 32 KiB
    files.put("z/line\nbreak.png", new byte[3]);
    Path zip = zip(directory.resolve("hostile.zip"), files);
    PictureImages images = PictureImages.open(zip, SMALL);
    assertThat(images.size()).isEqualTo(7);
    assertThat(images.damaged()).hasSize(2);
    assertThat(images.damaged().get(0).toString()).isEqualTo("z/bomb.png: it has more than 32 MiB");
    assertThat(images.damaged().get(1).name()).isEqualTo("z/line?break.png");
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all.filter(Files::isRegularFile)).containsExactly(zip);
    }
    assertThat(directory.getParent().resolve("outside.png")).doesNotExist();
  }

  @Test
  void namesFoldersWithoutPicturesAndFilesThatAreNoZip() throws IOException {
    folder(directory.resolve("set"), Map.of("a/notes.txt", new byte[5]));
    assertThatThrownBy(() -> PictureImages.open(directory.resolve("set"), SMALL)).isInstanceOf(IOException.class)
        .hasMessageContaining("there is no picture in");
    assertThatThrownBy(() -> PictureImages.open(directory.resolve("set/a/notes.txt"), SMALL))
        .isInstanceOf(IOException.class).hasMessageContaining("neither a folder nor a sound zip");
    assertThatThrownBy(() -> PictureImages.open(directory.resolve("none"), SMALL)).isInstanceOf(IOException.class)
        .hasMessageContaining("no such file");
    folder(directory.resolve("bad"), Map.of("a/x.jpg", new byte[5]));
    assertThatThrownBy(() -> PictureImages.open(directory.resolve("bad"), SMALL)).isInstanceOf(IOException.class)
        .hasMessageContaining("1 of the first 1 pictures");
  }

  /** Whatever a damaged picture makes the decoder throw, it is one line by name. */
  @Test
  void anyDamageIsReportedOrHarmless() throws IOException {
    SplittableRandom random = new SplittableRandom(77);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("0.png", rgb(8, 8, 1, "png"));
    for (int i = 1; i <= 300; i++) {
      byte[] bytes = rgb(24, 24, i, i % 2 == 0 ? "jpg" : "png");
      for (int k = 0; k < 1 + i % 4; k++) {
        bytes[random.nextInt(2, bytes.length)] = (byte) random.nextInt();
      }
      files.put(i + (i % 2 == 0 ? ".jpg" : ".png"),
          i % 5 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
    }
    PictureImages images = PictureImages.open(zip(directory.resolve("fuzz.zip"), files),
        new PictureOptions(3, 8, 8, Crop.PAPER, 300));
    assertThat(images.damaged()).hasSizeBetween(60, 300)
        .allSatisfy(damaged -> assertThat(damaged.reason()).isNotBlank().doesNotContain("\n"));
    assertThat(images.size() + images.damaged().size()).isEqualTo(301);
  }

  @Test
  void refusesWhatDoesNotFitTheMemory() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] picture = rgb(8, 8, 2, "png");
    for (int i = 0; i < 400; i++) {
      files.put(i + ".png", picture);
    }
    long needed = 400L * 3 * 4096 * 4096;
    assertThat(needed).isGreaterThan(Runtime.getRuntime().maxMemory());
    Path zip = zip(directory.resolve("large.zip"), files);
    assertThatThrownBy(() -> PictureImages.open(zip, new PictureOptions(3, 4096, 4096, Crop.PAPER, 0)))
        .isInstanceOf(IOException.class).hasMessageContaining("400 pictures of 4096x4096").hasMessageContaining("MiB");
  }

  /** What ImageIO draws is decoded alike from an image with transparency: colours without it. */
  @Test
  void dropsTransparency() throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(10, 200, 30));
    graphics.fillRect(0, 0, 8, 8);
    graphics.dispose();
    folder(directory.resolve("alpha"), Map.of("x/a.png", encoded(image, "png")));
    byte[] out = new byte[192];
    PictureImages.open(directory.resolve("alpha"), SMALL).copy(0, out, 0);
    assertThat(out[0]).isEqualTo((byte) 10);
    assertThat(out[64]).isEqualTo((byte) 200);
    assertThat(out[128]).isEqualTo((byte) 30);
  }

  /** As Photoshop writes them: four inks, inverted; in the second file their colours as Y Cb Cr, and only K inverted. */
  @Test
  void readsPicturesForPrint() throws IOException {
    Files.write(directory.resolve("cmyk.jpg"), fourInks(0, 215, 135, 55, 225));
    Files.write(directory.resolve("ycck.jpg"), fourInks(2, 105, 181, 82, 225));
    PictureImages images = PictureImages.open(directory, PictureOptions.square(16));
    assertThat(images.damaged()).isEmpty();
    // The inks are (40, 120, 200, 30), in the second file by 105 − 1.402·46, 105 − 0.344·53 + 0.714·46, 105 + 1.772·53;
    // what is left of the light is (255 − 40)(255 − 30)/255 and so on.
    byte[] picture = new byte[3 * 256];
    for (int i = 0; i < 2; i++) {
      images.copy(i, picture, 0);
      assertThat(picture[0] & 255).isCloseTo(190, within(2));
      assertThat(picture[256] & 255).isCloseTo(119, within(2));
      assertThat(picture[512] & 255).isCloseTo(48, within(2));
    }
  }

  private static byte[] fourInks(int transform, int... samples) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    for (int at = 0; at < 256; at++) {
      raster.setPixel(at % 16, at / 16, samples);
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(file)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), null);
    }
    writer.dispose();
    byte[] adobe = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
    byte[] plain = file.toByteArray();
    ByteArrayOutputStream marked = new ByteArrayOutputStream();
    marked.write(plain, 0, 2);
    marked.write(adobe);
    marked.write(plain, 2, plain.length - 2);
    return marked.toByteArray();
  }
}
