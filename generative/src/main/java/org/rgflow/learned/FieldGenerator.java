package org.rgflow.learned;

import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;

/**
 * Generates independent lattice fields with weights. Field number i is a function of model, options, seed and i alone.
 */
public interface FieldGenerator extends AutoCloseable {
  /**
   * Fields of a batch with what is known of them.
   *
   * @param fields [field][y][x]
   * @param logLikelihood ln q
   * @param action S
   * @param logWeights ln w = −S − ln q
   */
  record Batch(float[] fields, double[] logLikelihood, double[] action, double[] logWeights) {}

  /** Name of the sampler in ensembles. */
  String name();

  /** What the fields are to be of. */
  Phi4Action theory();

  /** Layout of {@link #field}. */
  FieldLayout layout();

  /** The buffer in which a batch is left. */
  float[] field();

  /** Number of fields of a batch. */
  int batch();

  /** Generates batch number {@code index}. */
  Batch generate(long index);

  @Override
  void close();
}
