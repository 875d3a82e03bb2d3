package org.rgflow.training;

import com.google.gson.JsonObject;
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
 * @param bytes of parameters, gradient, optimiser and activations of one part of a batch; the data and the JVM come on top
 */
public record TrainingPlan(TrainingConfiguration configuration, long parameters, long multiplyAccumulates, long bytes) {
  /** Makes the plan. Activations are counted on networks for one and two images, since they grow in proportion. */
  public static TrainingPlan of(TrainingConfiguration configuration) {
    UNetConfiguration unet = configuration.unet();
    OptimizerSettings optimizer = configuration.optimizer();
    long parameters = unet.parameters(configuration.diffusion().classes());
    long one = networkBytes(configuration, 1);
    long each = networkBytes(configuration, 2) - one;
    long images = optimizer.batchSize() / optimizer.accumulation();
    return new TrainingPlan(configuration, parameters, unet.multiplyAccumulates(),
        one + each * (images - 1) + Adam.bytes(parameters));
  }

  private static long networkBytes(TrainingConfiguration configuration, int batch) {
    UNet network = new UNet(configuration.unet(), batch, configuration.diffusion().classes(), 0, Purpose.TRAINING);
    network.forward(Purpose.TRAINING);
    network.backward(GradientMode.OVERWRITE);
    return network.bytes();
  }

  /** The plan as JSON. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("configuration", configuration.toJson());
    json.addProperty("parameters", parameters);
    json.addProperty("multiplyAccumulatesPerImage", multiplyAccumulates);
    json.addProperty("bytes", bytes);
    return json;
  }
}
