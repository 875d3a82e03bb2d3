package org.rgflow.training;

import com.google.gson.JsonObject;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.network.GradientMode;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;
import org.rgflow.network.UNetConfiguration;

/**
 * What a training would take, found without data.
 *
 * @param configuration the resolved configuration
 * @param parameters of the network
 * @param multiplyAccumulates of a forward pass of one image: convolutions, linear layers and 1×1 projections
 * @param bytes of a training: parameters, gradient, optimiser, activations and other buffers of one part of a batch, and
 *     the packing space of the threads; the data and the JVM itself come on top
 * @param samplingBytes of a sampler that draws {@value Trainer#GRID_IMAGES} images, as the training does now and then,
 *     beside its own
 */
public record TrainingPlan(
    TrainingConfiguration configuration, long parameters, long multiplyAccumulates, long bytes, long samplingBytes) {
  /** Packing space of a thread: of matrix products; of Winograd's convolutions, and for each of their input channels. */
  private static final long PACKING = 1 << 20;
  private static final long WINOGRAD_PACKING = 3 << 20;
  private static final long WINOGRAD_PACKING_OF_CHANNEL = 9_216;

  /**
   * Makes the plan. Networks for one and two images are made and counted, since activations grow in proportion.
   *
   * @param threads that compute
   */
  public static TrainingPlan of(TrainingConfiguration configuration, int threads) {
    UNetConfiguration unet = configuration.unet();
    OptimizerSettings optimizer = configuration.optimizer();
    long parameters = unet.parameters(configuration.diffusion().classes());
    int part = optimizer.batchSize() / optimizer.accumulation();
    long training = networkBytes(configuration, Purpose.TRAINING, part) + Adam.bytes(parameters)
        + trainerBytes(configuration, part) + threads * packingBytes(unet);
    long sampling = networkBytes(configuration, Purpose.INFERENCE, Trainer.GRID_IMAGES)
        + samplerBytes(configuration, Trainer.GRID_IMAGES);
    return new TrainingPlan(configuration, parameters, unet.multiplyAccumulates(), training, sampling);
  }

  private static long networkBytes(TrainingConfiguration configuration, Purpose purpose, int images) {
    long one = builtBytes(configuration, purpose, 1);
    return one + (builtBytes(configuration, purpose, 2) - one) * (images - 1);
  }

  private static long builtBytes(TrainingConfiguration configuration, Purpose purpose, int batch) {
    UNet network = new UNet(configuration.unet(), batch, configuration.diffusion().classes(), 0, purpose);
    network.forward(purpose);
    if (purpose == Purpose.TRAINING) {
      network.backward(GradientMode.OVERWRITE);
    }
    return network.bytes();
  }

  /** Buffers of {@link Trainer}. */
  private static long trainerBytes(TrainingConfiguration configuration, int images) {
    DiffusionSettings diffusion = configuration.diffusion();
    ModeBatch batch = ImageModel.space(configuration, images).batch();
    boolean perturbed = diffusion.inputPerturbation() > 0;
    boolean selfConditioned = diffusion.selfConditioning() > 0;
    boolean preconditioned = diffusion.preconditioning() != DiffusionSettings.Preconditioning.NONE;
    // planes, pixels, between the two axes of the transform, target, noise, noisy, clean
    long batches = 7 + (perturbed ? 2 : 0) + (selfConditioned ? 2 : 0)
        + (preconditioned ? selfConditioned ? 4 : 2 : 0);
    // signal, spread, nothing, weight
    long rows = 4 + (perturbed ? 2 : 0) + (preconditioned ? 10 : 0);
    // signal, noise and weight at every time
    long tables = 3L * diffusion.steps() * batch.channels();
    return 4 * (batches * batch.size() + rows * images * batch.channels() + tables);
  }

  /** Buffers of a {@link org.rgflow.diffusion.DiffusionSampler}. */
  private static long samplerBytes(TrainingConfiguration configuration, int images) {
    DiffusionSettings diffusion = configuration.diffusion();
    ModeBatch batch = ImageModel.space(configuration, images).batch();
    boolean preconditioned = diffusion.preconditioning() != DiffusionSettings.Preconditioning.NONE;
    // x, clean, given, known, mask, four of the solver, pixels, and between the axes of four transforms
    long batches = 14 + (diffusion.selfConditioning() > 0 ? 2 : 0) + (preconditioned ? 2 : 0);
    return 4 * (batches * batch.size() + (preconditioned ? 5L * images * batch.channels() : 0));
  }

  private static long packingBytes(UNetConfiguration unet) {
    int most = unet.width() * unet.multipliers().stream().mapToInt(m -> m).max().orElseThrow();
    boolean winograd = unet.side() >= 4 && most >= 96;
    // The widest convolution reads as many channels again from the way down.
    return PACKING + (winograd ? WINOGRAD_PACKING + WINOGRAD_PACKING_OF_CHANNEL * 2 * most : 0);
  }

  /** The plan as JSON. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("configuration", configuration.toJson());
    json.addProperty("parameters", parameters);
    json.addProperty("multiplyAccumulatesPerImage", multiplyAccumulates);
    json.addProperty("bytes", bytes);
    json.addProperty("samplingBytes", samplingBytes);
    return json;
  }
}
