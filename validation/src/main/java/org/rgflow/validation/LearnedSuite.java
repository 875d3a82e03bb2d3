package org.rgflow.validation;

import org.rgflow.device.Device;

/** The suite {@code learned}: what trained models of lattice fields generate, against the exact ensembles. */
public final class LearnedSuite {
  public static final String NAME = "learned";
  /** The seed of all Monte Carlo checks of the suite. */
  public static final long SEED = 20220700283L;

  private LearnedSuite() {}

  /** The suite on the library itself. */
  public static Suite of(Effort effort, Device device) {
    return of(effort, device, Subject.LIBRARY);
  }

  /** The suite on other parts than the library's. */
  public static Suite of(Effort effort, Device device, Subject subject) {
    MonteCarlo setting = new MonteCarlo(subject, effort, device, SEED);
    Suite suite = new Suite(NAME, setting.describe(NAME)).describe("Learned flows",
        "A model that has learned to generate the fields of a theory is held against the theory itself: what it "
            + "generates as it is, and what importance weights and Markov chains make of that, which must be exact "
            + "whatever the model. Both ensembles are then followed along the exact flow, scale by scale. Every "
            + "difference is compared with what the exact ensemble differs from itself, by sampling alone.");
    new LearnedPartitionChecks(setting).addTo(suite);
    LearnedFlowChecks flow = new LearnedFlowChecks(setting, new LearnedFlowChecks.Case("phi4-8x8", 8, 6.008, 0.9,
        setting.choose(28_672, 65_536), setting.choose(256, 512), 16, setting.choose(1024, 4096)));
    flow.addTo(suite);
    LearnedScoreChecks.Case score = effort == Effort.QUICK
        ? new LearnedScoreChecks.Case("phi4-8x8-score", 8, 6.008, 50, 0.5, 512, 16_384, 0.12, 0.2, 0)
        : new LearnedScoreChecks.Case("phi4-8x8-score", 8, 6.008, 50, 0.55, 61_440, 131_072, 0.01, 0.03, 64);
    new LearnedScoreChecks(setting, score, flow).addTo(suite);
    if (effort == Effort.FULL) {
      new LearnedFlowChecks(setting,
          new LearnedFlowChecks.Case("phi4-20x20", 20, 4.807, 0.6, 65_536, 384, 40, 1024)).addTo(suite);
    }
    return suite;
  }
}
