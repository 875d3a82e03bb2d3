package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.rgflow.data.ByteImages;
import org.rgflow.data.ColorImage;
import org.rgflow.data.Crop;
import org.rgflow.data.FashionMnist;
import org.rgflow.data.ImageGrid;
import org.rgflow.data.ImageSet;
import org.rgflow.data.ImageSets;
import org.rgflow.data.Landscape;
import org.rgflow.data.PatchTiling;
import org.rgflow.data.PictureFile;
import org.rgflow.data.PictureOptions;
import org.rgflow.device.Device;
import org.rgflow.diffusion.ForwardPath;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.NoiseSchedules;
import org.rgflow.diffusion.PixelSpace;
import org.rgflow.diffusion.SnrLimits;
import org.rgflow.io.Json;
import org.rgflow.random.RandomStream;
import org.rgflow.text.NearestName;
import org.rgflow.training.DataStatistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow images diffuse}. */
@Command(
    name = "diffuse",
    description = "Draws how noise enters pictures under one or more schedules: the picture, its modes by frequency,"
        + " and what part of each mode is still signal.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow images diffuse --schedule fermi,cosine --out strip.png",
      "  rgflow images diffuse --image photo.jpg --out strip.png",
      "  rgflow images diffuse --data fashion-mnist --count 2 --schedule fermi,cosine,equal-snr --out strip.png",
      "  rgflow images diffuse --data faces.zip --size 64 --patch 8 --schedule fermi-terminal --out strip.png"
    })
final class ImagesDiffuseCommand implements Task {
  private static final int FASHION_SIDE = 28;
  private static final int FASHION_PATCH = 7;
  private static final int DEFAULT_SIDE = 64;
  private static final int DEFAULT_PATCH = 4;
  private static final int MAX_DAMAGED = 100;
  /** Pictures are enlarged to at least this before labels are written under them. */
  private static final int LABELLED_SIDE = 56;
  /** The picture, and its modes. */
  private static final int ROWS_OF_A_PICTURE = 2;
  /** The mode that is shown white: three standard deviations of the noise. */
  private static final double RANGE = 3;
  /** How bright a mode without noise is; the paper is white. */
  private static final double ALL_SIGNAL = 0.9;

  @Option(names = "--image", paramLabel = "FILE",
      description = "A JPEG or PNG file; may be repeated. Default: a landscape that rgflow draws.")
  private List<Path> files = List.of();

  @Option(names = "--data", paramLabel = "PATH",
      description = "A folder with Fashion-MNIST's four files, or a folder or zip of JPEG and PNG files.")
  private Path data;

  @Option(names = "--count", paramLabel = "N",
      description = "With --data: so many of its first pictures. Default: 1.")
  private Integer count;

  @Option(names = "--schedule", split = ",", paramLabel = "NAME", defaultValue = "fermi",
      completionCandidates = Schedules.class, hideParamSyntax = true,
      description = "One or more of ${COMPLETION-CANDIDATES}, separated by commas. Default: ${DEFAULT-VALUE}.")
  private List<String> schedules;

  @Option(names = "--size", paramLabel = "N",
      description = "Pixels a side, to which pictures are scaled. Default: " + DEFAULT_SIDE + ", Fashion-MNIST "
          + FASHION_SIDE + ".")
  private Integer size;

  @Option(names = "--patch", paramLabel = "D",
      description = "Side of the patches. Default: " + DEFAULT_PATCH + ", Fashion-MNIST " + FASHION_PATCH + ".")
  private Integer patch;

  @Option(names = "--grey", description = "Without colours.")
  private boolean grey;

  @Option(names = "--steps", paramLabel = "T", defaultValue = "1000",
      description = "Time steps of the schedules. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(names = "--frames", paramLabel = "N", defaultValue = "8",
      description = "Times that are shown, evenly from the first step to the last. Default: ${DEFAULT-VALUE}.")
  private int frames;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
      description = "Seed of the noise. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = {"-o", "--out"}, required = true, paramLabel = "FILE.png", description = "The picture.")
  private Path out;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  /** Names of the schedules. */
  static final class Schedules extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Schedules() {
      super(NoiseSchedules.NAMES);
    }
  }

  @Override
  public void execute() throws IOException {
    check();
    Outputs.picture("--out", out);
    ImageSet images = open();
    output.damaged(data, images.damaged());
    int side = patch != null ? patch : images.width() == FASHION_SIDE ? FASHION_PATCH : DEFAULT_PATCH;
    PatchTiling.require(images.height(), images.width(), side);
    int rows = images.height() / side;
    int columns = images.width() / side;
    PixelSpace space = new PixelSpace(
        new ModeBatch(1, images.colours() * side * side, rows * columns), images.colours(), rows, columns, side);
    int shown = data == null ? images.size() : count == null ? 1 : count;
    if (shown > images.size()) {
      throw new IllegalArgumentException("--count " + count + ": " + data + " holds " + images.size() + " pictures");
    }
    int factor = Math.max(1, (LABELLED_SIDE + images.width() - 1) / images.width());
    ImageGrid grid = new ImageGrid(frames + 1, images.width() * factor < 2 * LABELLED_SIDE ? 2 : 1, 4);
    grid.requireLabelled(images.height() * factor, images.width() * factor,
        schedules.size() * (ROWS_OF_A_PICTURE * (long) shown + 1) * (frames + 1));
    List<ColorImage> tiles = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    JsonArray results = new JsonArray();
    try (Device device = deviceOptions.open(output)) {
      DataStatistics statistics = DataStatistics.measure(images, space, device);
      output.line("%d of %d pictures of %dx%d, patches of %dx%d; signal and noise by the deviations of %s", shown,
          images.size(), images.width(), images.height(), side, side,
          images.size() == 1 ? "that picture's patches" : "these pictures");
      for (String name : schedules) {
        NoiseSchedule schedule =
            NoiseSchedules.named(name, side, images.colours(), statistics.deviation(), steps);
        for (int image = 0; image < shown; image++) {
          draw(name, schedule, images.image(image), image, space, device, tiles, labels);
        }
        drawSignal(schedule, space, statistics, tiles, labels);
        results.add(report(name, schedule, space, statistics));
      }
    }
    List<ColorImage> large = tiles.stream().map(tile -> tile.enlarged(factor)).toList();
    ImageGrid.write(out, grid.draw(large, labels));
    output.line("");
    output.line("%s", out);
    JsonObject json = new JsonObject();
    json.addProperty("out", out.toString());
    json.addProperty("pictures", shown);
    json.addProperty("patch", side);
    json.add("schedules", results);
    output.object(json);
  }

  private void check() {
    if (!files.isEmpty() && data != null) {
      throw new IllegalArgumentException("--image and --data do not go together");
    }
    if (count != null && data == null) {
      throw new IllegalArgumentException("--count belongs to --data, which is missing");
    }
    if (schedules.isEmpty()) {
      throw new IllegalArgumentException("--schedule names none; the schedules are " + String.join(", ",
          NoiseSchedules.NAMES));
    }
    for (String name : schedules) {
      if (!NoiseSchedules.NAMES.contains(name)) {
        throw new IllegalArgumentException(NearestName.message("schedule", name, NoiseSchedules.NAMES));
      }
    }
    if (count != null) {
      Outputs.positive("--count", count);
    }
    if (frames < 2 || frames > 64) {
      throw new IllegalArgumentException("--frames " + frames + ": must be 2 to 64");
    }
    if (steps < frames) {
      throw new IllegalArgumentException("--steps " + steps + ": must be at least --frames, " + frames);
    }
  }

  private ImageSet open() throws IOException {
    if (data != null) {
      boolean fashion = Files.isDirectory(data) && FashionMnist.isIn(data);
      int side = size != null ? size : fashion ? FASHION_SIDE : DEFAULT_SIDE;
      return ImageSets.open(data, FashionMnist.Split.TRAIN,
          new PictureOptions(fashion || grey ? 1 : 3, side, side, Crop.PAPER, MAX_DAMAGED));
    }
    if (files.isEmpty()) {
      PictureOptions options = PictureOptions.square(size != null ? size : DEFAULT_SIDE); // checks the size
      return ByteImages.of(List.of(landscape(options.height())), new int[0], List.of());
    }
    List<PictureFile> pictures = new ArrayList<>();
    for (Path file : files) {
      pictures.add(PictureFile.read(file));
    }
    boolean small = pictures.stream()
        .allMatch(picture -> picture.width() == FASHION_SIDE && picture.height() == FASHION_SIDE);
    int side = size != null ? size : small ? FASHION_SIDE : DEFAULT_SIDE;
    int colours = grey || pictures.stream().allMatch(PictureFile::isGrey) ? 1 : 3;
    PictureOptions options = new PictureOptions(colours, side, side, Crop.PAPER, 0);
    List<ColorImage> scaled = new ArrayList<>();
    for (PictureFile picture : pictures) {
      scaled.add(picture.scaled(options));
    }
    return ByteImages.of(scaled, new int[0], List.of());
  }

  private ColorImage landscape(int side) {
    ColorImage colours = Landscape.render(side, 1);
    if (!grey) {
      return colours;
    }
    int plane = side * side;
    float[] values = new float[plane];
    for (int i = 0; i < plane; i++) {
      values[i] = 0.299f * colours.values()[i] + 0.587f * colours.values()[plane + i]
          + 0.114f * colours.values()[2 * plane + i];
    }
    return new ColorImage(1, side, side, values);
  }

  private double time(int frame) {
    return Math.rint((double) frame * (steps - 1) / (frames - 1));
  }

  /** Two rows of tiles: the picture and its modes; the clean ones first. */
  private void draw(String name, NoiseSchedule schedule, ColorImage picture, int number, PixelSpace space,
      Device device, List<ColorImage> tiles, List<String> labels) {
    List<ColorImage> modes = new ArrayList<>();
    // The same noise for every schedule.
    RandomStream stream = new RandomStream(seed, (long) number * frames);
    try (ForwardPath path = new ForwardPath(device, space, schedule, stream)) {
      path.start(picture);
      for (int frame = -1; frame < frames; frame++) {
        if (frame >= 0) {
          path.advance(time(frame));
        }
        tiles.add(path.image());
        labels.add(frame < 0 ? name : String.format(Locale.ROOT, "T=%.0f", time(frame)));
        modes.add(space.modePicture(path.modes(), 0, RANGE));
      }
    }
    tiles.addAll(modes);
    labels.add("modes");
    labels.addAll(Collections.nCopies(frames, ""));
  }

  /** A row of tiles: what part of each mode is signal, and the smallest and largest log-SNR. */
  private void drawSignal(NoiseSchedule schedule, PixelSpace space, DataStatistics statistics, List<ColorImage> tiles,
      List<String> labels) {
    for (int frame = -1; frame < frames; frame++) {
      tiles.add(signal(schedule, statistics, space, frame));
      if (frame < 0) {
        labels.add("log-SNR");
      } else {
        SnrLimits snr = SnrLimits.of(schedule, statistics.deviation(), time(frame));
        labels.add(String.format(Locale.ROOT, "%.1f/%.1f", snr.lowest(), snr.highest()));
      }
    }
  }

  /** ᾱσ²/(ᾱσ² + 1 − ᾱ) of the first colour's modes as brightness, laid out as the modes are. */
  private ColorImage signal(NoiseSchedule schedule, DataStatistics statistics, PixelSpace space, int frame) {
    float[] values = new float[space.height() * space.width()];
    for (int i = 0; i < values.length; i++) {
      int mode = i / space.width() / space.rows() * space.side() + i % space.width() / space.columns();
      double logSnr = frame < 0 ? Double.POSITIVE_INFINITY
          : schedule.logSnr(mode, time(frame)) + 2 * Math.log(statistics.deviation()[mode]);
      values[i] = (float) (ALL_SIGNAL / (1 + Math.exp(-logSnr)));
    }
    return new ColorImage(1, space.height(), space.width(), values);
  }

  private JsonObject report(String name, NoiseSchedule schedule, PixelSpace space, DataStatistics statistics) {
    double[] deviation = statistics.deviation();
    output.line("");
    output.line("%s (%s): ln(signal/noise) by mode", name, schedule.label());
    output.line("%8s   %-26s %-26s %s", "step", "lowest", "highest", "modes above the noise");
    JsonObject json = new JsonObject();
    json.addProperty("schedule", name);
    json.addProperty("label", schedule.label());
    JsonArray times = new JsonArray();
    for (int frame = 0; frame < frames; frame++) {
      SnrLimits limits = SnrLimits.of(schedule, deviation, time(frame));
      JsonArray all = new JsonArray();
      int above = 0;
      for (int k = 0; k < deviation.length; k++) {
        double logSnr = schedule.logSnr(k, time(frame)) + 2 * Math.log(deviation[k]);
        all.add(Json.number(logSnr));
        above += logSnr > 0 ? 1 : 0;
      }
      boolean equal = limits.highest() - limits.lowest() < 1e-6;
      output.line("%8.0f   %-26s %-26s %d of %d", limits.time(),
          equal ? String.format(Locale.ROOT, "%.2f in all modes", limits.lowest())
          : at(limits.lowest(), limits.lowestMode(), space),
          equal ? "" : at(limits.highest(), limits.highestMode(), space), above, deviation.length);
      JsonObject entry = new JsonObject();
      entry.addProperty("step", limits.time());
      entry.add("logSnr", all);
      times.add(entry);
    }
    json.add("times", times);
    return json;
  }

  private static String at(double logSnr, int mode, PixelSpace space) {
    return String.format(Locale.ROOT, "%.2f at %s", logSnr, Modes.name(mode, space.colours(), space.side()));
  }
}
