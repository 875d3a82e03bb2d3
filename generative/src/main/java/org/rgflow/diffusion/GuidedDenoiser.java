package org.rgflow.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rgflow.device.Launch;
import org.rgflow.launch.ModeBlend;

/**
 * Classifier-free guidance (Ho &amp; Salimans, 2207.12598): x̂_0 = x̂_0(no label) + w (x̂_0(label) − x̂_0(no label)).
 * w = 1 is the conditional model, w &gt; 1 exaggerates what is typical of the class. Two predictions for each step.
 */
public final class GuidedDenoiser implements Denoiser {
  private final Denoiser model;
  private final float[] conditional;
  private final float[] unconditional;
  private final float[] nothing;
  private final int[] noLabels;

  /**
   * @param model trained with labels and, some of the time, without
   * @param strength w
   * @throws IllegalArgumentException if w is not finite
   */
  public GuidedDenoiser(Denoiser model, double strength) {
    if (!Double.isFinite(strength)) {
      throw new IllegalArgumentException("the strength of guidance must be finite, not " + strength);
    }
    this.model = model;
    int channels = model.shape().channels();
    conditional = new float[channels];
    unconditional = new float[channels];
    nothing = new float[channels];
    Arrays.fill(conditional, (float) strength);
    Arrays.fill(unconditional, (float) (1 - strength));
    noLabels = new int[model.shape().images()];
    Arrays.fill(noLabels, NO_LABEL);
  }

  @Override
  public ModeBatch shape() {
    return model.shape();
  }

  @Override
  public boolean selfConditioned() {
    return model.selfConditioned();
  }

  @Override
  public List<Launch> record(Inputs inputs, float[] clean) {
    ModeBatch shape = model.shape();
    float[] free = new float[shape.size()];
    float[] labelled = new float[shape.size()];
    List<Launch> launches = new ArrayList<>(model.record(inputs, labelled));
    launches.addAll(model.record(new Inputs(inputs.noisy(), inputs.times(), noLabels, inputs.previous()), free));
    launches.add(new ModeBlend(
        clean, labelled, free, conditional, unconditional, nothing, shape.positions(), shape.images()));
    return launches;
  }

  @Override
  public List<Object> buffers() {
    return model.buffers();
  }

  @Override
  public void prepare(double[] times) {
    model.prepare(times);
  }
}
