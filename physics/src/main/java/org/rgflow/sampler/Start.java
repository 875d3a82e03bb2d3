package org.rgflow.sampler;

import java.util.Arrays;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/** Where a Markov chain begins. */
public enum Start {
  /** Independent normal numbers with the variance of one site in the field of vanishing neighbours. */
  HOT {
    @Override
    public void fill(float[] field, Phi4Action action, RandomStream stream) {
      double u = action.quadratic();
      double stiffness = 0.5 * (u + Math.sqrt(u * u + 12 * action.quartic()));
      float scale = (float) (1 / Math.sqrt(2 * Math.max(stiffness, action.hopping())));
      int counters = (int) ((field.length + 63L) / 64 * 16);
      for (int q = 0; q < counters; q++) {
        PhiloxKernels.normals(q, field, stream.buffer(), Streams.START);
      }
      for (int i = 0; i < field.length; i++) {
        field[i] *= scale;
      }
    }
  },
  /** The constant field at the non-negative minimum of the classical potential: √(−m² h/(4g)) or 0. */
  COLD {
    @Override
    public void fill(float[] field, Phi4Action action, RandomStream stream) {
      double mass2 = action.mass2();
      Arrays.fill(field, mass2 < 0 ? (float) Math.sqrt(-mass2 * action.hopping() / (4 * action.quartic())) : 0f);
    }
  };

  /** A new buffer with the start configurations of all replicas; see {@link #fill}. */
  public float[] field(Phi4Action action, FieldLayout layout, RandomStream stream) {
    float[] field = new float[layout.size()];
    fill(field, action, stream);
    return field;
  }

  /**
   * Fills the fields of all replicas.
   *
   * @param stream position whose {@link Streams#START} numbers a hot start draws; stays where it is
   */
  public abstract void fill(float[] field, Phi4Action action, RandomStream stream);
}
