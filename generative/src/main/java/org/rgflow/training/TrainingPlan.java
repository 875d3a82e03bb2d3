package org.rgflow.training;

import com.google.gson.JsonObject;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;
import org.rgflow.network.UNetConfiguration;

/**
 * What a training would take, found without data.
 *
 * @param configuration the resolved configuration
 * @param parameters of the network
 * @param multiplyAccumulates of a forward pass of one image: convolutions, linear layers and 1×1 projections
 * @param bytes of a training: parameters, gradient, optimiser, activations and other buffers of one part of a batch,
 *     and the packing space of the threads; the data and the JVM itself come on top
 * @param samplingBytes of a sampler that draws {@value Trainer#GRID_IMAGES} images, as the training does now and then,
 *     beside its own
 */
public record TrainingPlan(
    TrainingConfiguration configuration, long parameters, long multiplyAccumulates, long bytes, long samplingBytes) {
  /**
   * Packing space of a thread: of matrix products; of Winograd's convolutions, and for each of their input channels.
   */
  private static final long PACKING = 1_205_000;
  private static final long WINOGRAD_PACKING = 3 << 20;
  private static final long WINOGRAD_PACKING_OF_CHANNEL = 9_216;

  /**
   * Makes the plan. Networks for one and two images are made and counted, since activations grow in proportion.
   *
   * @param threads that compute
   * @throws IllegalArgumentException if the memory is too small even for that
   */
  public static TrainingPlan of(TrainingConfiguration configuration, int threads) {
    UNetConfiguration unet = configuration.unet();
    return new TrainingPlan(configuration, unet.parameters(configuration.diffusion().classes()),
        unet.multiplyAccumulates(), training(configuration, threads).bytes(part(configuration)),
        sampling(configuration, 1).bytes(Trainer.GRID_IMAGES));
  }

  /**
   * Refuses a training that would run out of memory, at its first step or when it first draws samples.
   *
   * @param threads that compute
   * @throws IllegalArgumentException if there is not enough; the message says which batch would fit
   */
  public static void requireMemory(TrainingConfiguration configuration, int threads) {
    BatchMemory training = training(configuration, threads);
    long grid = configuration.run().sampleEvery() == 0 ? 0 : sampling(configuration, 1).bytes(Trainer.GRID_IMAGES);
    new BatchMemory(training.fixed() + grid, training.picture()).require(part(configuration),
        "take a smaller batch, compute it in more parts (optimizer.accumulation)");
  }

  private static int part(TrainingConfiguration configuration) {
    return configuration.optimizer().batchSize() / configuration.optimizer().accumulation();
  }

  private static BatchMemory training(TrainingConfiguration configuration, int threads) {
    UNetConfiguration unet = configuration.unet();
    int classes = configuration.diffusion().classes();
    long fixed = Adam.bytes(unet.parameters(classes)) + threads * packingBytes(unet);
    return BatchMemory.of(images -> fixed + UNet.bytes(unet, images, classes, Purpose.TRAINING)
        + trainerBytes(configuration, images));
  }

  /**
   * What a sampler takes.
   *
   * @param guidance its strength; other than 1 it takes two predictions
   */
  static BatchMemory sampling(TrainingConfiguration configuration, double guidance) {
    UNetConfiguration unet = configuration.unet();
    int classes = configuration.diffusion().classes();
    return BatchMemory.of(images -> UNet.bytes(unet, images, classes, Purpose.INFERENCE)
        + samplerBytes(configuration, images)
        + (guidance == 1 ? 0 : 8L * ImageModel.space(configuration, images).batch().size()));
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
