package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.rgflow.data.ByteImages;
import org.rgflow.data.ColorImage;
import org.rgflow.data.Crop;
import org.rgflow.data.FashionMnist;
import org.rgflow.data.ImageGrid;
import org.rgflow.data.ImageSet;
import org.rgflow.data.PictureOptions;
import org.rgflow.data.SampleImages;
import org.rgflow.device.Device;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.io.Json;
import org.rgflow.quality.FeatureClassifier;
import org.rgflow.quality.FeatureNetwork;
import org.rgflow.quality.Figure;
import org.rgflow.quality.ImageQuality;
import org.rgflow.quality.InceptionFeatures;
import org.rgflow.quality.InputRange;
import org.rgflow.quality.PowerSpectrum;
import org.rgflow.quality.ReferenceCache;
import org.rgflow.quality.ReferenceImages;
import org.rgflow.training.ImageModel;
import org.rgflow.training.ImageSampler;
import org.rgflow.validation.plot.Diagrams;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow images evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Measures how good generated pictures are, drawn from a model or read from files: distances between their"
          + " statistics and those of the training pictures, and beside each the same of as many test pictures, where a"
          + " perfect model would stand.",
      "",
      "A model trained with labels draws picture i of class i modulo the number of classes: all equally often. Data"
          + " without a test split (a folder or zip) set --count of their pictures aside for it.",
      ""
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow images evaluate --model bundled:fashion-mnist --data fashion-mnist --count 2000 --seed 1",
      "  rgflow images evaluate --model run --data fashion-mnist --neighbours near.png --spectrum power.png",
      "  rgflow images evaluate --samples samples.npz --data fashion-mnist --format json",
      "  rgflow images evaluate --samples folder --data faces.zip --crop standard --inception inception-v3.onnx"
    })
final class ImagesEvaluateCommand implements Task {
  /** Generated pictures that are drawn beside their neighbours, and how many of those. */
  private static final int ROWS = 12;
  private static final int NEAREST = 5;

  @Mixin
  private ModelOptions models;

  @Option(names = "--samples", paramLabel = "FOLDER|ZIP|FILE.npz",
      description = "Judge these pictures, as 'rgflow images sample' or another program has written them.")
  private Path samples;

  @Option(names = "--data", required = true, paramLabel = "PATH",
      description = "Real pictures: a folder with Fashion-MNIST's four files, or a folder or zip of JPEG and PNG"
          + " files.")
  private Path data;

  @Option(names = "--count", paramLabel = "N",
      description = "Pictures to judge. Default: 2000, or all of --samples. Compare only figures of equal numbers.")
  private Integer count;

  @Option(names = "--crop", paramLabel = "NAME",
      description = "How a folder or zip of --data is cropped: paper, standard or face. Default: the model's, or"
          + " paper.")
  private String crop;

  @Option(names = "--inception", paramLabel = "FILE.onnx",
      description = "Add the Frechet inception distance, with this network: float32 [batch][3][299][299], RGB, to"
          + " [batch][2048] features. Needs a build with ONNX Runtime (mvn -Ponnx -DskipTests package).")
  private Path inception;

  @Option(names = "--inception-input", paramLabel = "RANGE", defaultValue = "signed",
      converter = RangeConverter.class, completionCandidates = Ranges.class,
      description = "What that network wants its pictures in: signed for -1 to 1, unit for 0 to 1 or byte for 0 to 255."
          + " Default: ${DEFAULT-VALUE}.")
  private InputRange inceptionInput;

  @Option(names = "--inception-count", paramLabel = "N",
      description = "Training pictures that make the reference of that distance. Default: --count; published figures"
          + " take all.")
  private Integer inceptionCount;

  @Option(names = "--neighbours", paramLabel = "FILE.png",
      description = "Draw some generated pictures (left), each beside its nearest real ones.")
  private Path neighbours;

  @Option(names = "--spectrum", paramLabel = "FILE.png", description = "Draw the power spectra.")
  private Path spectrum;

  @Mixin
  private ImageSamplingOptions sampling;

  @Mixin
  private CacheOptions caches;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  /** Ranges of a network's input. */
  static final class Ranges extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Ranges() {
      super(List.of("signed", "unit", "byte"));
    }
  }

  static final class RangeConverter implements ITypeConverter<InputRange> {
    @Override
    public InputRange convert(String text) {
      return Converters.named("range", text, List.of(InputRange.values()), r -> r.name().toLowerCase(Locale.ROOT));
    }
  }

  @Override
  public void execute() throws IOException {
    if (models.given() == (samples != null)) {
      throw new IllegalArgumentException(samples != null ? "--model and --samples do not go together: judge one of them"
          : "--model or --samples is missing: a model, or pictures that one has drawn");
    }
    if (count != null) {
      Outputs.positive("--count", count);
    }
    if (inceptionCount != null) {
      Outputs.positive("--inception-count", inceptionCount);
    }
    sampling.check();
    Outputs.picture("--neighbours", neighbours);
    Outputs.picture("--spectrum", spectrum);
    Outputs.different("--neighbours", neighbours, "--spectrum", spectrum);
    ReferenceCache cache = caches.open(output::warning);
    long began = System.nanoTime();
    JsonObject json = new JsonObject();
    try (Device device = deviceOptions.open(output); FeatureNetwork network = network()) {
      ByteImages generated;
      ReferenceImages reference;
      if (samples == null) {
        ImageModel model = models.read();
        sampling.options(model);
        int wanted = count == null ? 2000 : count;
        PictureOptions pictures = model.configuration().data().pictures();
        reference = ReferenceImages.open(data, crop == null ? pictures : cropped(pictures), wanted);
        generated = drawn(model, wanted, device, json);
      } else {
        generated = read();
        PictureOptions pictures =
            new PictureOptions(generated.colours(), generated.height(), generated.width(), Crop.PAPER, 100);
        reference = ReferenceImages.open(data, crop == null ? pictures : cropped(pictures), generated.size());
        json.addProperty("samples", samples.toString());
      }
      output.damaged(data, reference.all().damaged());
      report(new ImageQuality(generated, reference, cache, device), generated, reference, cache, device, network, json);
      json.addProperty("device", device.description());
      json.add("seconds", Json.number(1e-9 * (System.nanoTime() - began)));
      output.object(json);
    }
  }

  /** The user's network, opened before any long work, or null. */
  private FeatureNetwork network() throws IOException {
    return inception == null ? null : InceptionFeatures.open(inception, inceptionInput);
  }

  private PictureOptions cropped(PictureOptions pictures) {
    return new PictureOptions(
        pictures.colours(), pictures.height(), pictures.width(), Crop.named(crop), pictures.maxDamaged());
  }

  /** The pictures of --samples, or --count of them. */
  private ByteImages read() throws IOException {
    List<String> classes = Files.isDirectory(data) && FashionMnist.isIn(data) ? FashionMnist.CLASSES : List.of();
    ByteImages all = SampleImages.open(samples, classes);
    if (count == null || count == all.size()) {
      return all;
    }
    if (count > all.size()) {
      throw new IllegalArgumentException(samples + " has " + all.size() + " pictures, fewer than --count " + count);
    }
    return all.first(count);
  }

  private ByteImages drawn(ImageModel model, int wanted, Device device, JsonObject json) throws IOException {
    Outputs.requireMemory(model.configuration().data().pictures(), wanted);
    int classes = model.classes().size();
    long seed = sampling.seedOrNew();
    List<ColorImage> pictures = new ArrayList<>();
    long began = System.nanoTime();
    try (ImageSampler images = sampling.open(model, device, wanted);
        Progress progress = output.progress("sampling", "pictures", wanted)) {
      for (int first = 0; first < wanted; first += images.batch()) {
        pictures.addAll(images.sample(seed, first, Math.min(images.batch(), wanted - first),
            image -> classes == 0 ? Denoiser.NO_LABEL : image % classes));
        progress.at(pictures.size());
      }
    }
    json.addProperty("model", models.location().toString());
    json.addProperty("seed", seed);
    json.addProperty("sampler", sampling.sampler());
    json.addProperty("eta", sampling.options(model).eta());
    json.addProperty("steps", sampling.steps());
    json.addProperty("guidance", sampling.guidance());
    json.add("samplingSeconds", Json.number(1e-9 * (System.nanoTime() - began)));
    output.line("%s: seed %d, %s with %d steps%s", models.location(), seed, sampling.sampler(), sampling.steps(),
        classes == 0 ? "" : String.format(Locale.ROOT, ", guidance %s, all %d classes equally often",
            sampling.guidance(), classes));
    return ByteImages.of(pictures,
        classes == 0 ? new int[0] : IntStream.range(0, wanted).map(i -> i % classes).toArray(), model.classes());
  }

  private void report(ImageQuality quality, ByteImages generated, ReferenceImages reference, ReferenceCache cache,
      Device device, FeatureNetwork network, JsonObject json) throws IOException {
    boolean split = reference.origin() == ReferenceImages.Origin.TEST_SPLIT;
    json.addProperty("data", data.toString());
    json.addProperty("count", generated.size());
    json.addProperty("trainingCount", reference.training().size());
    json.addProperty("testCount", reference.test().size());
    json.addProperty("testOrigin", split ? "test-split" : "set-aside");
    output.line("%d generated pictures against %d training pictures of %s; beside them %d %s", generated.size(),
        reference.training().size(), data, reference.test().size(),
        split ? "of the test split" : "that were set aside (the model may have been trained on them)");
    output.line("");
    output.line("%-56s %12s %12s", "", "generated", "test");
    JsonObject figures = new JsonObject();
    ImageQuality.Spectral spectral = quality.spectral();
    show(spectral.figures(), figures);
    JsonArray bands = new JsonArray();
    for (ImageQuality.Spectral.Band band : spectral.bands()) {
      output.line("  power at wave number %-33s %+11.2f%% %+11.2f%%",
          band.from() == band.to() ? band.from() : band.from() + " to " + band.to(), 100 * band.error(),
          100 * band.floor());
      JsonObject entry = new JsonObject();
      entry.addProperty("from", band.from());
      entry.addProperty("to", band.to());
      entry.add("error", Json.number(band.error()));
      entry.add("floor", Json.number(band.floor()));
      bands.add(entry);
    }
    show(quality.pixels(), figures);
    if (network != null) {
      int known = Math.min(inceptionCount == null ? generated.size() : inceptionCount, reference.training().size());
      show(quality.features(network, known), figures);
      json.addProperty("inceptionCount", known);
    }
    classify(quality, reference, cache, device, figures, json);
    json.add("figures", figures);
    json.add("spectrumBands", bands);
    json.add("spectrum", waves(spectral));
    output.line("");
    output.line("Frechet distances of n pictures are too large, by about (number of dimensions)/n of the variance:"
        + " compare them with the test");
    output.line("pictures, and with other models only at the same --count. Smaller is better, but for precision and"
        + " recall.");
    draw(quality, spectral, generated, reference.all());
  }

  private void classify(ImageQuality quality, ReferenceImages reference, ReferenceCache cache, Device device,
      JsonObject figures, JsonObject json) throws IOException {
    ImageSet training = reference.training();
    if (!FeatureClassifier.suits(training)) {
      output.line("no figures of a classifier: %s", training.classes().isEmpty() ? "the data have no labels"
          : "it needs square pictures of two classes or more");
      return;
    }
    try (ClassifierProgress progress = new ClassifierProgress();
        FeatureClassifier classifier =
            FeatureClassifier.of(training, reference.others(), cache, device, progress::at)) {
      progress.close();
      show(quality.classifier(classifier), figures);
      double accuracy = classifier.testAccuracy();
      JsonObject entry = new JsonObject();
      entry.add("testAccuracy", Json.number(accuracy));
      entry.addProperty("testPictures", reference.others().size());
      json.add("classifier", entry);
      output.line("");
      output.line("The classifier was trained on the data's labels and is right on %.2f%% of %d test pictures.",
          100 * accuracy, reference.others().size());
      if (accuracy < FeatureClassifier.GOOD_ACCURACY) {
        output.warning(String.format(Locale.ROOT, "the classifier is right on only %.1f%% of the test pictures (below"
            + " %.0f%%): its figures say little", 100 * accuracy, 100 * FeatureClassifier.GOOD_ACCURACY));
      }
      if (!quality.labelled()) {
        output.line("No class agreement: the generated pictures have no labels of the data's classes.");
      }
    }
  }

  /** Progress of a training that seldom takes place. */
  private final class ClassifierProgress implements AutoCloseable {
    private Progress progress;

    void at(long pictures, long all) {
      if (progress == null) {
        progress = output.progress("training the classifier, once", "pictures", all);
      }
      progress.at(pictures);
    }

    @Override
    public void close() {
      if (progress != null) {
        progress.close();
      }
    }
  }

  private void show(List<Figure> some, JsonObject json) {
    for (Figure figure : some) {
      output.line("%-56s %12s %12s", figure.title(), number(figure.value()), number(figure.floor()));
      JsonObject entry = new JsonObject();
      entry.addProperty("title", figure.title());
      entry.add("value", Json.number(figure.value()));
      entry.add("floor", Json.number(figure.floor()));
      json.add(figure.name(), entry);
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  private static JsonArray waves(ImageQuality.Spectral spectral) {
    JsonArray waves = new JsonArray();
    for (int wave = 0; wave < spectral.training().bins(); wave++) {
      JsonObject entry = new JsonObject();
      entry.addProperty("wave", wave);
      entry.add("generated", Json.number(spectral.generated().power(wave)));
      entry.add("generatedError", Json.number(spectral.generated().error(wave)));
      entry.add("training", Json.number(spectral.training().power(wave)));
      entry.add("test", Json.number(spectral.test().power(wave)));
      waves.add(entry);
    }
    return waves;
  }

  private void draw(ImageQuality quality, ImageQuality.Spectral spectral, ImageSet generated, ImageSet all)
      throws IOException {
    if (spectrum != null) {
      Diagrams.spectra(spectrum, "Power spectra of " + generated.size() + " pictures", "wave number", "power",
          List.of(curve("generated", spectral.generated()), curve("training", spectral.training()),
              curve("test", spectral.test())));
    }
    if (neighbours == null) {
      return;
    }
    List<ColorImage> pictures = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    int columns = 1;
    for (ImageQuality.Neighbours row : quality.neighbours(ROWS, NEAREST)) {
      pictures.add(generated.image(row.sample()));
      labels.add(Integer.toString(row.sample()));
      columns = 1 + row.neighbours().length;
      for (int i = 0; i < row.neighbours().length; i++) {
        pictures.add(all.image(row.neighbours()[i]));
        labels.add(String.format(Locale.ROOT, "%.1f", row.distances()[i]));
      }
    }
    ImageGrid.write(neighbours, new ImageGrid(columns, generated.width() < 48 ? 2 : 1, 4).draw(pictures, labels));
  }

  private static Diagrams.Curve curve(String label, PowerSpectrum spectrum) {
    double[] wave = IntStream.range(0, spectrum.bins()).asDoubleStream().toArray();
    return new Diagrams.Curve(label, wave, IntStream.range(0, wave.length).mapToDouble(spectrum::power).toArray(),
        IntStream.range(0, wave.length).mapToDouble(spectrum::error).toArray());
  }
}
