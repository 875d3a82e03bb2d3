package org.rgflow.quality;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.rgflow.data.Batches;
import org.rgflow.data.ImageSet;
import org.rgflow.data.PixelCoding;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.io.NpyArray;
import org.rgflow.network.ClassifierNetwork;
import org.rgflow.network.Purpose;
import org.rgflow.training.Adam;
import org.rgflow.training.AdamOptions;
import org.rgflow.training.LearningRate;

/**
 * Features of pictures that need no downloaded network: those of a small classifier ({@link ClassifierNetwork}) that is
 * trained on the data's own labels, with a fixed seed, about three epochs of Fashion-MNIST. It is trained once and then
 * kept in the {@link ReferenceCache}; the trained numbers do not depend on the number of threads.
 */
public final class FeatureClassifier implements FeatureNetwork {
  /** A classifier that is right less often than this says less. */
  public static final double GOOD_ACCURACY = 0.9;
  private static final int VERSION = 1;
  private static final long SEED = 1;
  private static final int BATCH = 128;
  private static final int STEPS = 1400;
  private static final int MOST_EPOCHS = 40;
  private static final double PEAK_RATE = 2e-3;
  private static final int WARM_UP = 50;

  private final ClassifierNetwork network;
  private final Program forward;
  private final Session session;
  private final String settings;
  private final double testAccuracy;

  /** Is told of a training's progress; may throw to end it. */
  @FunctionalInterface
  public interface Progress {
    void trained(long pictures, long all);
  }

  private record Trained(float[] parameters, double testAccuracy) {}

  private FeatureClassifier(ClassifierNetwork network, Device device, String settings, double testAccuracy) {
    this.network = network;
    this.settings = settings;
    this.testAccuracy = testAccuracy;
    forward = network.forward();
    session = device.open(forward);
  }

  /**
   * Whether a classifier can be trained on pictures: they are square, of at least 4×4, and have two classes or more.
   */
  public static boolean suits(ImageSet images) {
    return images.classes().size() > 1 && images.height() == images.width() && images.height() >= 4;
  }

  /**
   * The classifier of a set of pictures, from the cache or trained.
   *
   * @param training labelled pictures
   * @param test others, for {@link #testAccuracy}
   * @throws IOException if the cache's entry cannot be read and training fails
   * @throws IllegalArgumentException if the pictures do not suit
   */
  public static FeatureClassifier of(
      ImageSet training, ImageSet test, ReferenceCache cache, Device device, Progress progress) throws IOException {
    if (!suits(training)) {
      throw new IllegalArgumentException("a classifier needs square pictures with labels in at least two classes");
    }
    String recipe = "classifier " + VERSION + ", seed " + SEED + ", " + training.classes().size() + " classes";
    String key = ReferenceCache.key(recipe + ReferenceCache.key("pictures", test), training);
    ClassifierNetwork network = network(training, Purpose.INFERENCE, BATCH);
    Trained trained = cache.get("classifier-" + key, () -> {
      train(training, network.parameters().values(), device, progress);
      try (FeatureClassifier classifier = new FeatureClassifier(network, device, key, 0)) {
        return new Trained(network.parameters().values().clone(), classifier.accuracy(test));
      }
    }, arrays -> read(arrays, network.parameters().size()), kept -> Map.of(
        "parameters", NpyArray.of(kept.parameters, kept.parameters.length),
        "testAccuracy", NpyArray.of(new double[] {kept.testAccuracy}, 1)));
    System.arraycopy(trained.parameters, 0, network.parameters().values(), 0, trained.parameters.length);
    return new FeatureClassifier(network, device, key, trained.testAccuracy);
  }

  private static Trained read(Map<String, NpyArray> arrays, int size) throws IOException {
    NpyArray parameters = arrays.get("parameters");
    NpyArray accuracy = arrays.get("testAccuracy");
    try {
      if (parameters == null || accuracy == null || parameters.floats().length != size
          || accuracy.doubles().length != 1) {
        throw new IOException("a kept classifier has " + size + " parameters and its accuracy");
      }
      for (float parameter : parameters.floats()) {
        if (!Float.isFinite(parameter)) {
          throw new IOException("a kept classifier has a parameter " + parameter);
        }
      }
      return new Trained(parameters.floats(), accuracy.doubles()[0]);
    } catch (IllegalStateException e) {
      throw new IOException("a kept classifier: " + e.getMessage(), e);
    }
  }

  private static ClassifierNetwork network(ImageSet images, Purpose purpose, int batch) {
    return new ClassifierNetwork(
        images.colours(), images.height(), images.classes().size(), batch, SEED, purpose);
  }

  /** Cross-entropy of the labels, Adam, cosine decay. */
  private static void train(ImageSet images, float[] parameters, Device device, Progress progress) {
    int batch = Math.min(BATCH, images.size());
    long steps = Math.clamp((long) MOST_EPOCHS * images.size() / batch, 1, STEPS);
    ClassifierNetwork network = network(images, Purpose.TRAINING, batch);
    Adam adam = new Adam(network.parameters().values(), network.parameters().gradient(),
        new AdamOptions(0.9, 0.999, 1e-8, 0, 1, 0));
    LearningRate rate = new LearningRate(PEAK_RATE, Math.min(WARM_UP, steps / 2), steps);
    Batches batches = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.NEVER, SEED);
    Program forward = network.forward();
    Program backward = network.backward();
    Program update = new Program("update of the classifier");
    adam.record(update);
    int[] labels = new int[batch];
    try (Session session = device.open(forward, backward, update)) {
      for (long step = 0; step < steps; step++) {
        batches.fill(step * batch, network.input(), labels);
        session.run(forward);
        crossEntropyGradient(network.logits(), labels, network.classes(), network.logitsGradient());
        session.run(backward);
        adam.prepare(step, rate.at(step));
        session.run(update);
        progress.trained((step + 1) * batch, steps * batch);
      }
      session.download(network.parameters().values());
    }
    System.arraycopy(network.parameters().values(), 0, parameters, 0, parameters.length);
  }

  /** (softmax − one of the label)/batch: the gradient of the mean of −ln p(label). */
  static void crossEntropyGradient(float[] logits, int[] labels, int classes, float[] gradient) {
    double[] weights = new double[classes];
    for (int i = 0; i < labels.length; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        largest = Math.max(largest, logits[i * classes + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        weights[c] = StrictMath.exp(logits[i * classes + c] - largest);
        sum += weights[c];
      }
      for (int c = 0; c < classes; c++) {
        gradient[i * classes + c] = (float) ((weights[c] / sum - (c == labels[i] ? 1 : 0)) / labels.length);
      }
    }
  }

  /** The share of the test pictures whose class it knows. */
  public double testAccuracy() {
    return testAccuracy;
  }

  /**
   * The share of labelled pictures that it takes for what their label says.
   *
   * @throws IllegalArgumentException if a picture has no label
   */
  public double accuracy(ImageSet images) {
    int right = 0;
    float[] logits = network.logits();
    for (int begin = 0; begin < images.size(); begin += BATCH) {
      int count = Math.min(BATCH, images.size() - begin);
      run(images, begin, count);
      for (int i = 0; i < count; i++) {
        if (images.label(begin + i) < 0) {
          throw new IllegalArgumentException("picture " + (begin + i) + " has no label");
        }
        int best = 0;
        for (int c = 1; c < network.classes(); c++) {
          best = logits[i * network.classes() + c] > logits[i * network.classes() + best] ? c : best;
        }
        right += best == images.label(begin + i) ? 1 : 0;
      }
    }
    return (double) right / images.size();
  }

  private void run(ImageSet images, int begin, int count) {
    int size = images.imageBytes();
    Batches pictures = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.NEVER, 0);
    for (int i = 0; i < count; i++) {
      pictures.picture(begin + i, network.input(), i * size);
    }
    Arrays.fill(network.input(), count * size, network.input().length, 0f);
    session.run(forward);
  }

  @Override
  public String name() {
    return "classifier";
  }

  @Override
  public String title() {
    return "classifier features";
  }

  @Override
  public String settings() {
    return settings;
  }

  @Override
  public int dimension() {
    return ClassifierNetwork.FEATURES;
  }

  @Override
  public float[] of(ImageSet images, int begin, int end) {
    float[] features = new float[Math.multiplyExact(end - begin, dimension())];
    for (int at = begin; at < end; at += BATCH) {
      int count = Math.min(BATCH, end - at);
      run(images, at, count);
      System.arraycopy(network.features(), 0, features, (at - begin) * dimension(), count * dimension());
    }
    return features;
  }

  @Override
  public void close() {
    session.close();
  }
}
