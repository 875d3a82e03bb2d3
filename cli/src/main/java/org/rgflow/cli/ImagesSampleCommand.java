package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.rgflow.data.ColorImage;
import org.rgflow.data.ImageGrid;
import org.rgflow.device.Device;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.diffusion.DiffusionSampler;
import org.rgflow.diffusion.Trajectory;
import org.rgflow.io.Json;
import org.rgflow.text.NearestName;
import org.rgflow.training.ImageModel;
import org.rgflow.training.ImageSampler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rgflow images sample}. */
@Command(
    name = "sample",
    description = "Draws pictures from a model file, which is all that it needs.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  rgflow images sample --model bundled:fashion-mnist --out samples.png",
      "  rgflow images sample --model bundled:fashion-mnist --class bag --seed 1 --out bags.png",
      "  rgflow images sample --model run --count 64 --out samples.png --trajectory denoising.png",
      "  rgflow images sample --model m.safetensors --sampler ancestral --steps 1000 --seed 3 --out samples.npz",
      "  rgflow images sample --model m.safetensors --class trouser --guidance 2 --out trousers",
      "  rgflow images sample --model m.safetensors --interpolate 1,2 --rows 5 --count 10 --out between.png",
      "  rgflow images sample --model m.safetensors --inpaint shoe.png --mask 0,14,28,14 --count 8 --out shoes.png"
    })
final class ImagesSampleCommand implements Task {
  private static final int DEFAULT_COUNT = 64;
  private static final int DEFAULT_WAY = 10;
  private static final int FRAMES = 10;
  /** Pictures of a trajectory are enlarged to about this size. */
  private static final int FRAME_SIDE = 96;

  @Mixin
  private ModelOptions models;

  @Option(names = "--count", paramLabel = "N", description = "Pictures. Default: " + DEFAULT_COUNT
      + ", between two seeds " + DEFAULT_WAY + ".")
  private Integer chosenCount;

  @Option(names = "--class", paramLabel = "NAME",
      description = "Class of all pictures, for a model trained with labels. Default: one class after the other.")
  private String className;

  @Option(names = {"-o", "--out"}, required = true, paramLabel = "FILE.png|FILE.npz|FOLDER",
      description = "A grid (.png), an array of bytes [picture][y][x][colour] and the classes (.npz), or a folder of"
          + " single pictures.")
  private Path out;

  @Option(names = "--trajectory", paramLabel = "FILE.png",
      description = "Also draw how the first picture comes about: x_t and the predicted x_0, as pictures and by"
          + " frequency.")
  private Path trajectory;

  @Option(names = "--interpolate", split = ",", paramLabel = "SEED1,SEED2", hideParamSyntax = true,
      description = "Pictures on the way from the noise of one seed to that of another, by --sampler dpm unless you"
          + " choose another one without noise of its own.")
  private List<Long> seeds;

  @Option(names = "--rows", paramLabel = "N", defaultValue = "1",
      description = "With --interpolate: so many ways, each of --count pictures, in rows. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Mixin
  private InpaintingOptions inpainting;

  @Mixin
  private ImageSamplingOptions sampling;

  @Mixin
  private DeviceOptions deviceOptions;

  @Mixin
  private OutputOptions output;

  @Override
  public void execute() throws IOException {
    if (seeds != null) {
      sampling.preferDeterministic();
    }
    int count = chosenCount != null ? Outputs.positive("--count", chosenCount)
        : seeds != null ? DEFAULT_WAY : DEFAULT_COUNT;
    check(count);
    int all = Math.multiplyExact(count, rows);
    PictureOutput target = PictureOutput.of(out, all);
    Path strip = Outputs.picture("--trajectory", trajectory);
    Outputs.different("--out", out, "--trajectory", trajectory);
    ImageModel model = models.read();
    target.requireRoom(model.configuration().data().pictures(), all, seeds == null ? 0 : count);
    if (seeds != null && sampling.options(model).eta() > 0) {
      throw new IllegalArgumentException("--interpolate needs a sampler without noise of its own: dpm, dpm3, heun, or"
          + " sde or ddim with --eta 0");
    }
    int chosen = chosenClass(model);
    Optional<InpaintingOptions.Kept> kept = inpainting.read(model.configuration().data().pictures());
    long seed = seeds != null ? seeds.getFirst() : sampling.seedOrNew();
    List<ColorImage> pictures = new ArrayList<>();
    int[] labels = new int[all];
    Arrays.setAll(labels, i -> label(chosen, seeds == null ? i : i / count, model));
    long begin = System.nanoTime();
    try (Device device = deviceOptions.open(output);
        ImageSampler images = sampling.open(model, device, all);
        Progress progress = output.progress("sampling", "pictures", all)) {
      kept.ifPresent(k -> images.inpaint(k.picture(), k.known()));
      Trajectory frames = strip == null ? null : new Trajectory(images.space(), 0, images.stages(), FRAMES);
      try {
        draw(images, model, count, seed, chosen, progress, frames, pictures);
      } catch (Interruption.Interrupted e) {
        throw kept(e, target, pictures, labels, count, seed);
      }
      progress.close();
      double seconds = 1e-9 * (System.nanoTime() - begin);
      target.write(pictures, labels, seeds == null ? 0 : count);
      if (strip != null) {
        int zoom = Math.max(1, FRAME_SIDE / Math.max(images.space().width(), images.space().height()));
        ImageGrid.write(strip, frames.draw(zoom));
      }
      output.line("%d pictures, %s, %s with %d steps: %.1f s, %.1f pictures/s; %s", all,
          seeds == null ? "seed " + seed : "from seed " + seed + " to " + seeds.getLast(), sampling.sampler(),
          sampling.steps(), seconds, all / seconds, strip == null ? out : out + ", " + strip);
      output.object(json(all, seed, sampling.options(model).eta(), images, seconds, device));
    }
  }

  private void draw(ImageSampler images, ImageModel model, int count, long seed, int chosen, Progress progress,
      Trajectory frames, List<ColorImage> pictures) {
    for (int row = 0; row < rows; row++) {
      for (int first = 0; first < count; first += images.batch()) {
        int now = Math.min(images.batch(), count - first);
        DiffusionSampler.Observer observer = watch(progress, pictures.size(), now, images.stages(), frames);
        pictures.addAll(seeds == null
            ? images.sample(seed, first, now, image -> label(chosen, image, model), observer)
            : images.interpolate(seed, seeds.getLast(), row, along(first, now, count), label(chosen, row, model),
                observer));
      }
    }
  }

  /** Writes what was drawn before the user stopped it. */
  private Interruption.Interrupted kept(Interruption.Interrupted stopped, PictureOutput target,
      List<ColorImage> pictures, int[] labels, int count, long seed) throws IOException {
    if (pictures.isEmpty()) {
      return stopped;
    }
    target.write(pictures, Arrays.copyOf(labels, pictures.size()), seeds == null ? 0 : count);
    return Interruption.stop(pictures.size() + " of " + labels.length + " pictures of seed " + seed + " kept in "
        + out);
  }

  private void check(int count) {
    sampling.check();
    inpainting.check();
    Outputs.positive("--rows", rows);
    if ((long) rows * count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("--rows " + rows + " of " + count + " pictures are too many");
    }
    if (seeds == null && rows != 1) {
      throw new IllegalArgumentException("--rows belongs to --interpolate");
    }
    if (seeds != null && seeds.size() != 2) {
      throw new IllegalArgumentException("--interpolate takes two seeds, for instance 1,2, not " + seeds.size());
    }
    if (seeds != null && sampling.seeded()) {
      throw new IllegalArgumentException("--seed does not go with --interpolate, which names two");
    }
    if (seeds != null && count < 2) {
      throw new IllegalArgumentException("--count " + count + ": --interpolate needs at least 2 pictures");
    }
  }

  /** Shows the progress within a batch, lets the user stop, and keeps the frames of the first one. */
  private static DiffusionSampler.Observer watch(
      Progress progress, int before, int now, int stages, Trajectory frames) {
    return (stage, time, modes, predicted) -> {
      if (frames != null && before == 0) {
        frames.after(stage, time, modes, predicted);
      }
      progress.at(before + (long) now * (stage + 1) / stages);
      if (Interruption.requested()) {
        throw Interruption.stop("nothing was written");
      }
    };
  }

  private static double[] along(int first, int now, int count) {
    double[] along = new double[now];
    Arrays.setAll(along, i -> (first + i) / (count - 1.0));
    return along;
  }

  /** The class that was chosen; else all in turn, or none where the picture is known in part. */
  private int label(int chosen, int image, ImageModel model) {
    int classes = model.classes().size();
    return chosen >= 0 ? chosen : classes == 0 || inpainting.given() ? Denoiser.NO_LABEL : image % classes;
  }

  private int chosenClass(ImageModel model) {
    if (className == null) {
      return Denoiser.NO_LABEL;
    }
    if (model.classes().isEmpty()) {
      throw new IllegalArgumentException("--class needs a model that was trained with labels, and this one was not");
    }
    int found = model.classes().indexOf(className.strip().toLowerCase(Locale.ROOT));
    found = found >= 0 ? found : model.classes().indexOf(className);
    if (found < 0) {
      throw new IllegalArgumentException(NearestName.message("class", className, model.classes()));
    }
    return found;
  }

  private JsonObject json(int count, long seed, double eta, ImageSampler images, double seconds, Device device) {
    JsonObject json = new JsonObject();
    json.addProperty("count", count);
    if (seeds == null) {
      json.addProperty("seed", seed);
    } else {
      JsonArray both = new JsonArray();
      seeds.forEach(both::add);
      json.add("interpolate", both);
      json.addProperty("rows", rows);
    }
    json.addProperty("sampler", sampling.sampler());
    json.addProperty("eta", eta);
    json.addProperty("steps", sampling.steps());
    json.addProperty("predictions", images.stages());
    json.add("seconds", Json.number(seconds));
    json.add("picturesPerSecond", Json.number(count / seconds));
    json.addProperty("out", out.toString());
    if (trajectory != null) {
      json.addProperty("trajectory", trajectory.toString());
    }
    json.addProperty("device", device.description());
    return json;
  }
}
