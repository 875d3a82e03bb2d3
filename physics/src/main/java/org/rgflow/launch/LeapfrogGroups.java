package org.rgflow.launch;

import java.util.List;
import java.util.Optional;
import org.rgflow.device.StencilLaunch;
import org.rgflow.kernels.FieldVector;

/**
 * Consecutive {@link KickDrift}s of whole blocks of replicas, and a {@link Kick} if there is one behind them, on whole
 * groups; see {@link FieldVector#leapfrog}. A device makes it of them; programs record the single launches.
 *
 * @param first the first of them
 * @param other where the second writes
 * @param drifts how many there are
 * @param kick whether a {@link Kick} follows
 */
record LeapfrogGroups(KickDrift first, float[] other, int drifts, boolean kick) implements StencilLaunch.Joined {
  /** With fewer launches the copies that they work on would cost more than they save. */
  private static final int FEWEST = 4;

  /** What the launches, all on the same rows, begin with. */
  static Optional<StencilLaunch.Joined> of(List<StencilLaunch> launches) {
    if (launches.size() < FEWEST || !(launches.getFirst() instanceof KickDrift first)
        || !FieldVector.wholeBlocks(first.lanes()) || !(launches.get(1) instanceof KickDrift second)) {
      return Optional.empty();
    }
    float[] from = first.phi();
    float[] to = first.moved();
    int drifts = 0;
    while (drifts < launches.size() && launches.get(drifts).equals(new KickDrift(from, first.p(), to, first.stages(),
        first.stage() + drifts, first.h(), first.u(), first.g(), first.lx(), first.ly(), first.lanes()))) {
      from = to;
      to = drifts % 2 == 0 ? second.moved() : first.moved();
      drifts++;
    }
    boolean kick = drifts < launches.size() && launches.get(drifts).equals(new Kick(from, first.p(), first.stages(),
        first.stage() + drifts, first.h(), first.u(), first.g(), first.lx(), first.ly(), first.lanes()));
    LeapfrogGroups joined = new LeapfrogGroups(first, second.moved(), drifts, kick);
    return joined.count() < FEWEST ? Optional.empty() : Optional.of(joined);
  }

  @Override
  public int count() {
    return drifts + (kick ? 1 : 0);
  }

  @Override
  public void run(int begin, int end) {
    FieldVector.leapfrog(begin, end, first.phi(), first.p(), first.moved(), other, first.stages(), first.stage(), drifts,
        kick, first.h(), first.u(), first.g(), first.lx(), first.ly(), first.lanes());
  }
}
