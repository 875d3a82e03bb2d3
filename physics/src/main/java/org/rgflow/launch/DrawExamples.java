package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.ScoreKernels;

/**
 * Examples of a batch on the path, and what the force there is to be; see {@link ScoreKernels#drawExample}.
 *
 * @param chosen example and symmetry, [replica][2]
 * @param places s
 * @param field modes of the examples, [example][mode]
 * @param force ∂S/∂φ of these
 * @param sources ±(1 + the mode that a symmetry takes to a mode), [symmetry][mode]
 * @param path numbers of each mode, and two of the path
 */
public record DrawExamples(float[] noise, float[] whitened, float[] correlation, float[] expected, float[] bare,
    float[] weight, float[] unresolved, int[] chosen, double[] places, float[] field, float[] force, int[] sources,
    double[] path, int sites) implements Launch {
  @Override
  public int items() {
    return noise.length;
  }

  @Override
  public int cost() {
    return 200;
  }

  @Override
  public void run(int begin, int end) {
    for (int element = begin; element < end; element++) {
      ScoreKernels.drawExample(element, noise, whitened, correlation, expected, bare, weight, unresolved, chosen,
          places, field, force, sources, path, sites);
    }
  }
}
