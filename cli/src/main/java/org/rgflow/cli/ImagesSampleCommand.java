package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.rgflow.data.ColorImage;
import org.rgflow.data.ImageGrid;
import org.rgflow.device.Device;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.io.AtomicFile;
import org.rgflow.io.Json;
import org.rgflow.io.NpyArray;
import org.rgflow.io.NpzWriter;
import org.rgflow.text.NearestName;
import org.rgflow.training.ImageModel;
import org.rgflow.training.ImageSampler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow images sample}. */
@Command(
    name = "sample",
    description = "Draws pictures from a checkpoint, which is all that it needs.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow images sample --model run/checkpoints/step-00010000.safetensors --count 64 --out samples.png",
      "  rgflow images sample --model m.safetensors --sampler ancestral --steps 1000 --seed 3 --out samples.npz",
      "  rgflow images sample --model m.safetensors --class trouser --guidance 2 --out trousers"
    })
final class ImagesSampleCommand implements Runnable {
  @Mixin
  private ModelOptions models;

  @Option(names = "--count", paramLabel = "N", defaultValue = "64", description = "Pictures. Default: ${DEFAULT-VALUE}.")
  private int count;

  @Option(names = "--class", paramLabel = "NAME",
      description = "Class of all pictures, for a model trained with labels. Default: one class after the other.")
  private String className;

  @Option(names = {"-o", "--out"}, required = true, paramLabel = "FILE.png|FILE.npz|FOLDER",
      description = "A grid (.png), an array of bytes [picture][y][x][colour] (.npz), or a folder of single pictures.")
  private Path out;

  @Mixin
  private ImageSamplingOptions sampling;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  @Override
  public void run() {
    try {
      execute();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void execute() throws IOException {
    Outputs.positive("--count", count);
    sampling.check();
    boolean array = out.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
    boolean folder = !array && !Outputs.isPicture(out);
    if (folder) {
      Outputs.folder(out);
    } else {
      AtomicFile.requireWritable(out);
    }
    ImageModel model = models.read();
    sampling.options(model);
    int chosen = chosenClass(model);
    int classes = model.classes().size();
    long seed = sampling.seedOrNew();
    List<ColorImage> pictures = new ArrayList<>();
    long begin = System.nanoTime();
    try (Device device = deviceOptions.open();
        ImageSampler images = sampling.open(model, device, count);
        Progress progress = output.progress("sampling", "pictures", count)) {
      for (int first = 0; first < count; first += images.batch()) {
        pictures.addAll(images.sample(seed, first, Math.min(images.batch(), count - first),
            image -> chosen >= 0 ? chosen : classes == 0 ? Denoiser.NO_LABEL : image % classes));
        progress.at(pictures.size());
        if (Interruption.requested()) {
          throw Interruption.stop("nothing was written");
        }
      }
      progress.close();
      double seconds = 1e-9 * (System.nanoTime() - begin);
      if (folder) {
        Files.createDirectories(out);
        for (int i = 0; i < count; i++) {
          ImageGrid.write(out.resolve(String.format(Locale.ROOT, "%06d.png", i)),
              new ImageGrid(1, 1, 0).draw(pictures.subList(i, i + 1)));
        }
      } else if (array) {
        writeArray(pictures);
      } else {
        ImageGrid.write(out, ImageGrid.square(pictures).draw(pictures));
      }
      output.line("%d pictures, seed %d, %s with %d steps: %.1f s, %.1f pictures/s; %s", count, seed, sampling.sampler(),
          sampling.steps(), seconds, count / seconds, out);
      JsonObject json = new JsonObject();
      json.addProperty("count", count);
      json.addProperty("seed", seed);
      json.addProperty("sampler", sampling.sampler());
      json.addProperty("steps", sampling.steps());
      json.addProperty("predictions", images.stages());
      json.add("seconds", Json.number(seconds));
      json.add("picturesPerSecond", Json.number(count / seconds));
      json.addProperty("out", out.toString());
      json.addProperty("device", device.description());
      output.object(json);
    }
  }

  private int chosenClass(ImageModel model) {
    if (className == null) {
      return Denoiser.NO_LABEL;
    }
    if (model.classes().isEmpty()) {
      throw new IllegalArgumentException("--class needs a model that was trained with labels, and this one was not");
    }
    int found = model.classes().indexOf(className);
    if (found < 0) {
      throw new IllegalArgumentException(NearestName.message("class", className, model.classes()));
    }
    return found;
  }

  private void writeArray(List<ColorImage> pictures) throws IOException {
    ColorImage first = pictures.getFirst();
    int pixels = first.height() * first.width();
    byte[] bytes = new byte[Math.multiplyExact(pictures.size(), pixels * first.colours())];
    for (int i = 0; i < bytes.length; i++) {
      int at = i % (pixels * first.colours());
      float value = pictures.get(i / (pixels * first.colours())).values()[at % first.colours() * pixels + at / first.colours()];
      bytes[i] = (byte) Math.round(255 * value);
    }
    AtomicFile.write(out, stream -> {
      try (NpzWriter npz = new NpzWriter(stream)) {
        npz.write("images", NpyArray.of(bytes, pictures.size(), first.height(), first.width(), first.colours()));
      }
    });
  }
}
