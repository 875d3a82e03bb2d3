package org.rgflow.validation;

import java.util.List;
import java.util.Locale;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.learned.FlowConfiguration;
import org.rgflow.learned.FlowGenerator;
import org.rgflow.learned.FlowModel;
import org.rgflow.learned.FlowShape;
import org.rgflow.learned.FlowTrainer;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.ImportanceWeights;

/** ln Z of lattices that can be solved exactly, from flows that are trained for it on the spot. */
final class LearnedPartitionChecks {
  private static final int FIELDS = 1 << 15;

  private final MonteCarlo setting;

  LearnedPartitionChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("learned.partition-function", "Partition functions",
        "A flow knows the density of what it generates, so that its weights give Z itself, which Markov chains do not. "
            + "On 2×2 and 3×3 sites Z is known exactly; flows for them are trained in a second.",
        List.of("Z = \\int e^{-S}\\,d\\varphi = \\left\\langle\\frac{e^{-S}}{q}\\right\\rangle_q"),
        "Gerdes et al. 2207.00283; Nicoli et al., PRL 126, 032001"));
    suite.add("learned.partition-function.2x2", () -> check(2, ExactLatticeChecks.ACTION_2X2,
        ExactLatticeChecks.LOG_Z_2X2, "exact, by four-dimensional integration (golden.2x2.log-z)"));
    suite.add("learned.partition-function.3x3", () -> check(3, ExactLatticeChecks.ACTION_3X3,
        ExactLatticeChecks.GOLDEN_3X3.logZ(), "exact, by transfer matrix (golden.3x3.log-z)"));
  }

  private List<Check> check(int side, Phi4Action action, double exact, String reference) {
    FlowShape shape = new FlowShape(Lattice.square(side), 9, 8, 3, 3, 6);
    FlowConfiguration configuration =
        new FlowConfiguration(action, shape, 1, 64, setting.choose(200, 400), 0.01, 200, 0, setting.seed());
    FlowModel model = FlowTrainer.train(configuration, setting.device());
    double[] logWeights = new double[FIELDS];
    try (FlowGenerator generator = new FlowGenerator(model, 2 * shape.steps(), setting.seed() + 1, setting.device())) {
      for (int done = 0; done < FIELDS; done += generator.batch()) {
        double[] some = setting.subject().generate(generator, done / generator.batch()).logWeights();
        System.arraycopy(some, 0, logWeights, done, Math.min(some.length, FIELDS - done));
      }
    }
    ImportanceWeights weights = new ImportanceWeights(logWeights);
    Estimate logZ = weights.logMean();
    return List.of(Check.monteCarlo("learned.partition-function." + side + "x" + side + ".log-z",
        setting.seeded(String.format(Locale.ROOT, "ln Z from %,d fields of a flow after %d steps of training, "
            + "effective sample size %.3f, GERDES, %dx%d, m² = −%.4g, λ = %.4g", FIELDS, configuration.steps(),
            weights.effectiveFraction(), side, side, -action.mass2(), action.lambda())), reference, exact, logZ.mean(),
        logZ.error(), 0.1));
  }
}
