package org.rgflow.launch;

import org.rgflow.device.Launch;
import org.rgflow.kernels.NetworkKernels;

/**
 * Gradient of a table of embeddings; see {@link NetworkKernels#embeddingGradient}.
 *
 * @param labels one per sample
 * @param dy [sample][channel]
 * @param gradient of the parameters
 * @param beta 0 to overwrite, 1 to add
 * @param channels length of a row
 * @param offset where the table is
 * @param rows rows of the table
 */
public record EmbeddingGradient(
    int[] labels, float[] dy, float[] gradient, float beta, int channels, int offset, int rows)
    implements Launch {
  @Override
  public int items() {
    return rows * channels;
  }

  @Override
  public int cost() {
    return labels.length;
  }

  @Override
  public void run(int begin, int end) {
    for (int item = begin; item < end; item++) {
      NetworkKernels.embeddingGradient(item, labels, dy, gradient, beta, channels, offset);
    }
  }
}
