package org.rgflow.launch;

import java.util.List;
import java.util.Optional;
import org.rgflow.device.StencilLaunch;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.FieldVector;

/**
 * Items are rows: p ← p − kick·∂S/∂φ, φ' ← φ + drift·p with stage {@code stage} of {@code stages}
 * {kick, drift, kick, drift, …}. The buffers φ and φ' must differ; see {@link FieldKernels#kickDrift}.
 */
public record KickDrift(
    float[] phi, float[] p, float[] moved, float[] stages, int stage,
    float h, float u, float g, int lx, int ly, int lanes)
    implements StencilLaunch {
  @Override
  public int items() {
    return phi.length / (lx * lanes);
  }

  @Override
  public void run(int begin, int end) {
    FieldVector.kickDrift(begin, end, phi, p, moved, stages, stage, h, u, g, lx, ly, lanes);
  }

  @Override
  public int cost() {
    return 16 * lx * lanes;
  }

  @Override
  public int groups() {
    return phi.length / (lx * ly * lanes);
  }

  @Override
  public int reach() {
    return 1;
  }

  @Override
  public int itemBytes() {
    return 3 * Float.BYTES * lx * lanes;
  }

  @Override
  public Optional<Joined> joined(List<StencilLaunch> launches) {
    return LeapfrogGroups.of(launches);
  }
}
