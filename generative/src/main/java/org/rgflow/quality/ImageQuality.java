package org.rgflow.quality;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.rgflow.data.Batches;
import org.rgflow.data.ImageChoice;
import org.rgflow.data.ImageSet;
import org.rgflow.data.PixelCoding;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.diffusion.PixelSpace;
import org.rgflow.io.Heap;
import org.rgflow.io.NpyArray;

/**
 * How good generated pictures are. Every figure comes with its floor, see {@link Figure}. Statistics of real pictures
 * are kept in a {@link ReferenceCache}. Results depend neither on the cache nor on the number of threads.
 *
 * <p>Fréchet distances take all training pictures for the reference (unless the features are too dear for that);
 * precision and recall take as many as are generated, spread evenly, since they compare sets of equal size.
 */
public final class ImageQuality {
  /** k of {@link PrecisionRecall}, as in its paper. */
  public static final int NEIGHBOURS = 3;
  /** Largest side of the patches whose modes are compared. */
  private static final int LARGEST_PATCH = 8;
  private static final int BATCH = 64;
  /** Pictures that are described at once. */
  private static final int DESCRIBED = 512;
  /** Numbers of references that are held at once. */
  private static final int HELD = 1 << 26;

  private final ImageSet generated;
  private final ReferenceImages reference;
  private final ReferenceCache cache;
  private final Device device;
  private final String trainingKey;
  private final String testKey;
  private final int patch;
  private final PixelFeatures pixels;
  private NearestNeighbours.Result nearest;

  /**
   * @param generated what is judged
   * @param reference its test pictures must be as many as the generated ones
   * @throws IllegalArgumentException if the pictures differ in size or colour, or there are fewer than 5
   */
  public ImageQuality(ImageSet generated, ReferenceImages reference, ReferenceCache cache, Device device) {
    ImageSet training = reference.training();
    if (generated.colours() != training.colours() || generated.height() != training.height()
        || generated.width() != training.width()) {
      throw new IllegalArgumentException("the generated pictures are " + described(generated) + ", but the data are "
          + described(training) + "; only pictures of one size and colour can be compared");
    }
    if (generated.size() != reference.test().size()) {
      throw new IllegalArgumentException(generated.size() + " generated and " + reference.test().size()
          + " test pictures; figures are compared at equal numbers");
    }
    if (generated.size() < NEIGHBOURS + 2) {
      throw new IllegalArgumentException(generated.size() + " pictures are too few to be judged; at least "
          + (NEIGHBOURS + 2) + " are needed, and 2000 or more make sense");
    }
    this.generated = generated;
    this.reference = reference;
    this.cache = cache;
    this.device = device;
    trainingKey = ReferenceCache.key("pictures", training);
    testKey = ReferenceCache.key("pictures", reference.test());
    patch = patch(generated.height(), generated.width());
    pixels = new PixelFeatures(generated.imageBytes());
  }

  private static String described(ImageSet images) {
    return (images.colours() == 1 ? "grey ones of " : "colour ones of ") + images.width() + "x" + images.height();
  }

  /** The largest side up to 8 of patches that tile the pictures; independent of any model. */
  static int patch(int height, int width) {
    return IntStream.iterate(LARGEST_PATCH, d -> d - 1)
        .filter(d -> height % d == 0 && width % d == 0).findFirst().orElse(1);
  }

  /** Side of the patches whose modes are compared: the largest up to 8 that tile the pictures. */
  public int patch() {
    return patch;
  }

  /**
   * What needs no network.
   *
   * @param figures distances of modes and of spectra
   * @param generated spectrum of the first plane (grey or luma) of the generated pictures
   * @param training of the training pictures
   * @param test of the test pictures
   */
  public record Spectral(
      List<Figure> figures, PowerSpectrum generated, PowerSpectrum training, PowerSpectrum test) {
    /** An octave of wave numbers. */
    public record Band(int from, int to, double generated, double training, double test) {
      /** Relative error of the generated power. */
      public double error() {
        return generated / training - 1;
      }

      /** The same of the test pictures. */
      public double floor() {
        return test / training - 1;
      }
    }

    /** Wave numbers 0, 1, 2–3, 4–7, …: power averaged over the modes of each. */
    public List<Band> bands() {
      List<Band> bands = new ArrayList<>();
      for (int from = 0; from < training.bins(); from = Math.max(1, 2 * from)) {
        int to = Math.min(Math.max(0, 2 * from - 1), training.bins() - 1);
        bands.add(new Band(from, to, power(generated, from, to), power(training, from, to), power(test, from, to)));
      }
      return bands;
    }

    private static double power(PowerSpectrum spectrum, int from, int to) {
      double power = 0;
      long modes = 0;
      for (int wave = from; wave <= to; wave++) {
        power += spectrum.modes(wave) * spectrum.power(wave);
        modes += spectrum.modes(wave);
      }
      return power / modes;
    }
  }

  /** Fréchet distances of the modes and the power spectrum; see {@link SpectralQuality}. */
  public Spectral spectral() throws IOException {
    SpectralQuality.Set training = kept(trainingKey, reference.training());
    SpectralQuality.Set test = kept(testKey, reference.test());
    SpectralQuality.Set drawn = statistics(generated);
    SpectralQuality quality = SpectralQuality.of(drawn, training, test);
    String patches = patch + "x" + patch;
    return new Spectral(List.of(
        figure("dctFrechet", "Frechet distance, single DCT modes of " + patches, quality.coefficients()),
        figure("dctPatchFrechet", "Frechet distance, DCT modes of " + patches + " with correlations",
            quality.patches()),
        figure("spectrumDistance", "power spectrum, rms of ln(P/P')", quality.spectrum())),
        drawn.spectrum(), training.spectrum(), test.spectrum());
  }

  private static Figure figure(String name, String title, SpectralQuality.Figure figure) {
    return new Figure(name, title, figure.value(), figure.floor());
  }

  private SpectralQuality.Set kept(String key, ImageSet images) throws IOException {
    return cache.get("spectral-" + patch + "-" + key, () -> statistics(images),
        arrays -> new SpectralQuality.Set(ModeMoments.of(arrays), PowerSpectrum.of(arrays)), set -> {
          Map<String, NpyArray> arrays = new HashMap<>(set.moments().arrays());
          arrays.putAll(set.spectrum().arrays());
          return arrays;
        });
  }

  private SpectralQuality.Set statistics(ImageSet images) {
    int rows = images.height() / patch;
    int columns = images.width() / patch;
    ModeBatch batch = new ModeBatch(BATCH, images.colours() * patch * patch, rows * columns);
    PixelSpace space = new PixelSpace(batch, images.colours(), rows, columns, patch);
    Batches whole = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.NEVER, 0);
    Batches patched = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.NEVER, 0, patch);
    float[] planes = new float[batch.imageSize()];
    float[] values = new float[batch.size()];
    float[] modes = new float[batch.size()];
    ModeMoments moments = new ModeMoments(batch.channels(), batch.positions());
    PowerSpectrum spectrum = new PowerSpectrum(images.height(), images.width());
    Program transform = new Program("modes of pictures").input(values).addAll(space.forward(values, modes))
        .output(modes);
    try (Session session = device.open(transform)) {
      for (int begin = 0; begin < images.size(); begin += BATCH) {
        int count = Math.min(BATCH, images.size() - begin);
        for (int i = 0; i < count; i++) {
          patched.picture(begin + i, values, i * batch.imageSize());
          whole.picture(begin + i, planes, 0);
          spectrum.add(planes, 0);
        }
        session.run(transform);
        moments.add(modes, count);
      }
    }
    return new SpectralQuality.Set(moments, spectrum);
  }

  /** Precision and recall of pixels, and the mean distance to the nearest training picture: too small is a copy. */
  public List<Figure> pixels() throws IOException {
    int count = generated.size();
    float[] real = pixels.of(ImageChoice.evenly(reference.training(), count), 0, count);
    double[] floor = numbers("pixels-" + trainingKey + "-" + testKey, 3, () -> {
      float[] test = pixels.of(reference.test(), 0, count);
      PrecisionRecall precisionRecall = PrecisionRecall.of(real, test, pixels.dimension(), NEIGHBOURS);
      return new double[] {precisionRecall.precision(), precisionRecall.recall(),
        mean(search(pixels, test, reference.training(), 1, HELD).distance())};
    });
    PrecisionRecall value =
        PrecisionRecall.of(real, pixels.of(generated, 0, count), pixels.dimension(), NEIGHBOURS);
    return List.of(new Figure("pixelPrecision", "precision, pixels", value.precision(), floor[0]),
        new Figure("pixelRecall", "recall, pixels", value.recall(), floor[1]),
        new Figure("nearestTraining", "distance to the nearest training picture", mean(nearest().distance()),
            floor[2]));
  }

  /**
   * Fréchet distance, precision and recall in the features of a network.
   *
   * @param training how many training pictures make the reference of the Fréchet distance, spread evenly; at most all
   */
  public List<Figure> features(ImageFeatures features, int training) throws IOException {
    int count = generated.size();
    ImageSet some = ImageChoice.evenly(reference.training(), Math.min(training, reference.training().size()));
    String key = ReferenceCache.key(features.settings() + " " + some.size() + " " + trainingKey);
    FeatureMoments known = cache.features("moments-" + key, () -> moments(features, some));
    float[] real = described(features, ImageChoice.evenly(reference.training(), count));
    double[] floor = numbers("features-" + ReferenceCache.key(key + " " + testKey), 3,
        () -> measured(features.of(reference.test(), 0, count), real, known));
    double[] value = measured(features.of(generated, 0, count), real, known);
    String name = features.name();
    return List.of(
        new Figure(name + "Frechet", "Frechet distance, " + features.title(), value[0], floor[0]),
        new Figure(name + "Precision", "precision, " + features.title(), value[1], floor[1]),
        new Figure(name + "Recall", "recall, " + features.title(), value[2], floor[2]));
  }

  /** Fréchet distance, precision, recall. */
  private static double[] measured(float[] drawn, float[] real, FeatureMoments known) {
    int dimension = known.dimension();
    FeatureMoments moments = new FeatureMoments(dimension);
    moments.add(drawn, drawn.length / dimension);
    PrecisionRecall precisionRecall = PrecisionRecall.of(real, drawn, dimension, NEIGHBOURS);
    return new double[] {FrechetDistance.squared(moments, known), precisionRecall.precision(),
        precisionRecall.recall()};
  }

  /** Features of training pictures, kept. */
  private float[] described(ImageFeatures features, ImageSet images) throws IOException {
    int length = images.size() * features.dimension();
    return cache.get("described-" + ReferenceCache.key(features.settings() + " " + images.size() + " " + trainingKey),
        () -> features.of(images, 0, images.size()), arrays -> {
          NpyArray array = arrays.get("features");
          try {
            if (array == null || array.floats().length != length) {
              throw new IOException("kept features are " + length + " numbers");
            }
            return array.floats();
          } catch (IllegalStateException e) {
            throw new IOException("kept features: " + e.getMessage(), e);
          }
        }, values -> Map.of("features", NpyArray.of(values, images.size(), features.dimension())));
  }

  /**
   * Fréchet distance, precision and recall in the features of a classifier, and, if the generated pictures have the
   * data's labels, how many of them it takes for what they should be.
   */
  public List<Figure> classifier(FeatureClassifier classifier) throws IOException {
    List<Figure> figures = new ArrayList<>(features(classifier, Integer.MAX_VALUE));
    if (labelled()) {
      figures.add(new Figure("classAgreement", "class agreement, by the classifier", classifier.accuracy(generated),
          classifier.accuracy(reference.test())));
    }
    return figures;
  }

  /** Whether the generated pictures have labels of the data's classes. */
  public boolean labelled() {
    return !generated.classes().isEmpty() && generated.classes().equals(reference.training().classes());
  }

  private static FeatureMoments moments(ImageFeatures features, ImageSet images) throws IOException {
    FeatureMoments moments = new FeatureMoments(features.dimension());
    for (int begin = 0; begin < images.size(); begin += DESCRIBED) {
      int end = Math.min(begin + DESCRIBED, images.size());
      moments.add(features.of(images, begin, end), end - begin);
    }
    return moments;
  }

  /** The nearest training picture to each generated one. */
  private NearestNeighbours.Result nearest() throws IOException {
    if (nearest == null) {
      nearest = search(pixels, pixels.of(generated, 0, generated.size()), reference.training(), 1, HELD);
    }
    return nearest;
  }

  /**
   * A generated picture and real ones.
   *
   * @param sample number of the generated picture
   * @param neighbours numbers of the nearest pictures of all the data, nearest first
   * @param distances their distances
   */
  public record Neighbours(int sample, int[] neighbours, double[] distances) {}

  /**
   * The nearest pictures of all the data to some generated ones: half of these are spread over all, and behind them
   * come those that are nearest to any training picture, the most suspicious of being copies.
   *
   * @param rows generated pictures
   * @param k pictures to find for each
   */
  public List<Neighbours> neighbours(int rows, int k) throws IOException {
    double[] distance = nearest().distance();
    int even = Math.min(generated.size() / 2, (rows + 1) / 2);
    List<Integer> samples = spread(generated.size(), even);
    IntStream.range(0, generated.size()).boxed().filter(i -> !samples.contains(i))
        .sorted(Comparator.comparingDouble(i -> distance[i])).limit(rows - even).toList().forEach(samples::add);
    float[] queries = new float[samples.size() * pixels.dimension()];
    for (int i = 0; i < samples.size(); i++) {
      System.arraycopy(pixels.of(generated, samples.get(i), samples.get(i) + 1), 0, queries, i * pixels.dimension(),
          pixels.dimension());
    }
    int found = Math.min(k, reference.all().size());
    NearestNeighbours.Result result = search(pixels, queries, reference.all(), found, HELD);
    return IntStream.range(0, samples.size()).mapToObj(i -> new Neighbours(samples.get(i),
        Arrays.copyOfRange(result.index(), i * found, (i + 1) * found),
        Arrays.copyOfRange(result.distance(), i * found, (i + 1) * found))).toList();
  }

  /** Different ones of {@code size}, evenly, but one more each time, lest all be of one class where classes take turns. */
  static List<Integer> spread(int size, int count) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int next = (int) (((long) i * size / count + i) % size);
      while (chosen.contains(next)) {
        next = (next + 1) % size;
      }
      chosen.add(next);
    }
    return chosen;
  }

  /** In parts that fit the memory: of {@code held} numbers each. */
  static NearestNeighbours.Result search(
      ImageFeatures features, float[] queries, ImageSet references, int k, int held) throws IOException {
    int dimension = features.dimension();
    int part = Math.max(k, held / dimension);
    Heap.require(4L * dimension * Math.min(part, references.size()), "the search for nearest pictures");
    NearestNeighbours.Result best = null;
    for (int begin = 0; begin < references.size(); begin += part) {
      // The last part has at least k as well.
      int from = Math.max(0, Math.min(begin, references.size() - k));
      int end = Math.min(begin + part, references.size());
      NearestNeighbours.Result found =
          new NearestNeighbours(features.of(references, from, end), dimension).search(queries, k);
      best = best == null ? found : merged(best, found, from, begin);
    }
    return best;
  }

  /** The k nearest of both; of the second, only those from {@code begin} on, which the first did not see. */
  private static NearestNeighbours.Result merged(
      NearestNeighbours.Result first, NearestNeighbours.Result second, int from, int begin) {
    int k = first.k();
    int[] index = new int[first.index().length];
    double[] distance = new double[index.length];
    for (int query = 0; query < index.length; query += k) {
      int a = 0;
      int b = 0;
      for (int i = 0; i < k; i++) {
        while (b < k && from + second.index()[query + b] < begin) {
          b++;
        }
        boolean later = b < k && second.distance()[query + b] < first.distance()[query + a];
        index[query + i] = later ? from + second.index()[query + b] : first.index()[query + a];
        distance[query + i] = later ? second.distance()[query + b++] : first.distance()[query + a++];
      }
    }
    return new NearestNeighbours.Result(k, index, distance);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private double[] numbers(String key, int count, ReferenceCache.Computation<double[]> computation) throws IOException {
    return cache.get(key, computation, arrays -> {
      NpyArray array = arrays.get("numbers");
      try {
        if (array == null || array.doubles().length != count) {
          throw new IOException("kept figures are " + count + " numbers");
        }
        return array.doubles();
      } catch (IllegalStateException e) {
        throw new IOException("kept figures: " + e.getMessage(), e);
      }
    }, values -> Map.of("numbers", NpyArray.of(values, count)));
  }
}
