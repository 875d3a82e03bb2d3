package org.rgflow.validation;

import org.rgflow.device.Device;

/** The suite {@code images}: the forward process of the image model as a flow, its schedules, and its reversal. */
public final class ImagesSuite {
  public static final String NAME = "images";
  /** The seed of all Monte Carlo checks of the suite. */
  public static final long SEED = 20240217;

  private ImagesSuite() {}

  /** The suite; no model and no data are needed: the picture is drawn by the program. */
  public static Suite of(Effort effort, Device device) {
    MonteCarlo setting = new MonteCarlo(Subject.LIBRARY, effort, device, SEED);
    Suite suite = new Suite(NAME, setting.describe(NAME)).describe("Images: diffusion as renormalization",
        "A picture is cut into patches, whose cosine modes are the modes of the flow; the noise schedule of the "
            + "image model is a regulator. What is a coarse-graining on the lattice is the forward process here, with "
            + "the same kernel and, up to the change of variable y = φ/√K, the same numbers.");
    new ImageChecks(setting).addTo(suite);
    return suite;
  }
}
