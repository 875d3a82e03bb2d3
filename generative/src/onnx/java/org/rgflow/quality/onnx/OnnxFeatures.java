package org.rgflow.quality.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.rgflow.data.ImageSet;
import org.rgflow.io.OneLine;
import org.rgflow.quality.FeatureNetwork;
import org.rgflow.quality.InputRange;

/** What {@link org.rgflow.quality.InceptionFeatures} says, through ONNX Runtime. */
final class OnnxFeatures implements FeatureNetwork {
  private static final int SIDE = 299;
  private static final int BATCH = 16;
  private static final int MOST_FEATURES = 16_384;

  private final Path file;
  private final InputRange range;
  private final String settings;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String inputName;
  private final int batch;
  private final int height;
  private final int width;
  private final int dimension;

  private OnnxFeatures(Path file, InputRange range, OrtEnvironment environment, OrtSession session)
      throws IOException, OrtException {
    this.file = file;
    this.range = range;
    this.environment = environment;
    this.session = session;
    settings = "onnx " + range.name().toLowerCase(Locale.ROOT) + " " + hash(file);
    Map<String, NodeInfo> inputs = session.getInputInfo();
    if (inputs.size() != 1 || !(inputs.values().iterator().next().getInfo() instanceof TensorInfo info)
        || info.type != OnnxJavaType.FLOAT || info.getShape().length != 4
        || info.getShape()[1] != 3 && info.getShape()[1] >= 0) {
      throw new IOException("its input is not one float32 tensor [batch][3][height][width]");
    }
    inputName = inputs.keySet().iterator().next();
    long[] shape = info.getShape();
    batch = shape[0] > 0 ? Math.toIntExact(shape[0]) : BATCH;
    height = shape[2] > 0 ? Math.toIntExact(shape[2]) : SIDE;
    width = shape[3] > 0 ? Math.toIntExact(shape[3]) : SIDE;
    float[] probe = run(new float[Math.multiplyExact(batch * 3, height * width)]);
    dimension = probe.length / batch;
    if (dimension < 1 || dimension > MOST_FEATURES || probe.length % batch != 0) {
      throw new IOException("its first output is not 1 to " + MOST_FEATURES + " features of each picture");
    }
  }

  static OnnxFeatures open(Path file, InputRange range) throws IOException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    OrtSession session = null;
    try {
      session = environment.createSession(file.toString());
      OnnxFeatures features = new OnnxFeatures(file, range, environment, session);
      session = null;
      return features;
    } catch (OrtException | IOException | ArithmeticException e) {
      throw new IOException("cannot use the network " + file + ": " + OneLine.of(e.getMessage()), e);
    } finally {
      if (session != null) {
        close(session);
      }
    }
  }

  private static String hash(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** One batch through the network: its first output. */
  private float[] run(float[] input) throws IOException, OrtException {
    long[] shape = {batch, 3, height, width};
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input), shape);
        OrtSession.Result result = session.run(Map.of(inputName, tensor))) {
      OnnxValue first = result.get(0);
      if (!(first instanceof OnnxTensor output) || output.getInfo().type != OnnxJavaType.FLOAT
          || output.getInfo().getShape().length < 2 || output.getInfo().getShape()[0] != batch
          || Arrays.stream(output.getInfo().getShape()).skip(2).anyMatch(extent -> extent != 1)) {
        throw new IOException("its first output is not a float32 tensor [batch][features]");
      }
      float[] values = new float[output.getFloatBuffer().remaining()];
      output.getFloatBuffer().get(values);
      return values;
    }
  }

  @Override
  public String name() {
    return "inception";
  }

  @Override
  public String title() {
    return "Inception features";
  }

  @Override
  public String settings() {
    return settings;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public float[] of(ImageSet images, int begin, int end) throws IOException {
    float[] features = new float[Math.multiplyExact(end - begin, dimension)];
    float[] input = new float[batch * 3 * height * width];
    byte[] picture = new byte[images.imageBytes()];
    for (int at = begin; at < end; at += batch) {
      int count = Math.min(batch, end - at);
      Arrays.fill(input, 0f);
      for (int i = 0; i < count; i++) {
        images.copy(at + i, picture, 0);
        enlarge(picture, images, input, i);
      }
      try {
        System.arraycopy(run(input), 0, features, (at - begin) * dimension, count * dimension);
      } catch (OrtException e) {
        throw new IOException("the network " + file + " failed: " + OneLine.of(e.getMessage()), e);
      }
    }
    return features;
  }

  /** Bilinear between pixels, whose centres are at half-integers; the edge goes on outside. */
  private void enlarge(byte[] picture, ImageSet images, float[] input, int image) {
    int rows = images.height();
    int columns = images.width();
    for (int colour = 0; colour < 3; colour++) {
      int from = images.colours() == 3 ? colour * rows * columns : 0;
      int to = (image * 3 + colour) * height * width;
      for (int y = 0; y < height; y++) {
        double row = Math.clamp((y + 0.5) * rows / height - 0.5, 0, rows - 1);
        int above = (int) row;
        int below = Math.min(above + 1, rows - 1);
        for (int x = 0; x < width; x++) {
          double column = Math.clamp((x + 0.5) * columns / width - 0.5, 0, columns - 1);
          int left = (int) column;
          int right = Math.min(left + 1, columns - 1);
          double u = column - left;
          double v = row - above;
          double level = (1 - v) * ((1 - u) * (picture[from + above * columns + left] & 255)
              + u * (picture[from + above * columns + right] & 255))
              + v * ((1 - u) * (picture[from + below * columns + left] & 255)
              + u * (picture[from + below * columns + right] & 255));
          input[to + y * width + x] = range.of((float) level);
        }
      }
    }
  }

  private static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      System.getLogger(OnnxFeatures.class.getName()).log(System.Logger.Level.DEBUG, "cannot close the network", e);
    }
  }

  @Override
  public void close() {
    close(session);
  }
}
