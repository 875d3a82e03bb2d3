package org.rgflow.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.flow.Flow;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.ModeLaw;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.flow.SeedAction;
import org.rgflow.flow.StochasticGradientFlow;
import org.rgflow.flow.WegnerMorrisFlow;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.sampler.Integrator;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;

/**
 * Deliberately wrong factors in flows and samplers of fields must be noticed by the Monte Carlo checks
 * named here. Seeds are fixed; a check misses a wrong factor with a probability below 3% by construction
 * ({@link Check#POWER}), and the ones named here do not.
 */
class MutatedFieldsTest {
  private static final JvmDevice DEVICE = new JvmDevice();
  private static final List<String> FREE =
      List.of("flow.polchinski", "flow.stochastic-gradient-flow", "flow.wegner-morris", "sampler.free.euler", "sampler.free.mala");
  private static final List<String> PHI4 =
      List.of("sampler.3x3.hmc", "lattice.invariants", "lattice.mcrg", "lattice.wegner-morris", "hmc.reversible");

  private static TreeSet<String> failures(Subject subject, List<String> measurements) {
    List<String> free = measurements.stream().filter(FREE::contains).toList();
    List<String> phi4 = measurements.stream().filter(PHI4::contains).toList();
    SuiteReport report = FreeFieldSuite.of(Effort.QUICK, DEVICE, subject).run(free, Suite.Progress.NONE)
        .and(Phi4Suite.of(Effort.QUICK, DEVICE, subject).run(phi4, Suite.Progress.NONE));
    TreeSet<String> failed = new TreeSet<>();
    report.checks().stream().filter(c -> c.verdict() == Verdict.FAIL).forEach(c -> failed.add(c.id()));
    assertThat(report.checks()).extracting(Check::statement).noneMatch(s -> s.contains("Exception") && !s.contains("unstable"));
    return failed;
  }

  @Test
  void theLibraryPasses() {
    assertThat(failures(Subject.LIBRARY, Stream.concat(FREE.stream(), PHI4.stream()).toList())).isEmpty();
  }

  /** Polchinski's flow with other decays and noises, through the same transforms and kernel. */
  private static final class WrongFlow implements Flow {
    private final FieldLayout layout;
    private final RandomStream stream;
    private final float[] field;
    private final float[] decay;
    private final float[] noise;
    private final ModeSchedule schedule;
    private final DoubleUnaryOperator wrongDecay;
    private final DoubleUnaryOperator wrongNoise;
    private final Program program;
    private final Session session;

    WrongFlow(Device device, ModeTransform transform, RunningCovariance covariance, RandomStream stream,
        DoubleUnaryOperator wrongDecay, DoubleUnaryOperator wrongNoise) {
      this.layout = transform.layout();
      this.stream = stream;
      this.wrongDecay = wrongDecay;
      this.wrongNoise = wrongNoise;
      schedule = covariance.schedule(new LatticeModes(layout.lattice()).energies());
      field = new float[layout.size()];
      decay = new float[layout.lattice().sites()];
      noise = new float[decay.length];
      float[] modes = new float[layout.size()];
      program = new Program("wrong flow").input(field, decay, noise, stream.buffer())
          .addAll(transform.forward(field, modes))
          .add(new OrnsteinUhlenbeck(modes, decay, noise, layout.lanes(), stream.buffer(), Streams.FLOW))
          .addAll(transform.inverse(modes, field)).output(field);
      session = device.open(program);
    }

    @Override
    public String name() {
      return "wrong";
    }

    @Override
    public FieldLayout layout() {
      return layout;
    }

    @Override
    public float[] field() {
      return field;
    }

    @Override
    public RandomStream stream() {
      return stream;
    }

    @Override
    public void advance(double from, double to) {
      ModeSchedule.Transition right = schedule.transition(from * from, to * to, ModeSchedule.Variable.FIELD);
      for (int k = 0; k < decay.length; k++) {
        decay[k] = (float) wrongDecay.applyAsDouble(right.decay()[k]);
        noise[k] = (float) wrongNoise.applyAsDouble(right.noise()[k]);
      }
      session.run(program);
      stream.advance();
    }

    @Override
    public Optional<ModeLaw> law() {
      return Optional.empty();
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static Subject polchinski(DoubleUnaryOperator decay, DoubleUnaryOperator noise) {
    return new Subject() {
      @Override
      public Flow polchinski(Device device, ModeTransform transform, RunningCovariance covariance, RandomStream stream) {
        return new WrongFlow(device, transform, covariance, stream, decay, noise);
      }
    };
  }

  private static Subject gradientFlow(double factor, DoubleUnaryOperator wrongSigma) {
    return new Subject() {
      @Override
      public Flow stochasticGradientFlow(
          Device device, ModeTransform transform, double z, double sigma, RandomStream stream) {
        return new StochasticGradientFlow(device, transform, factor * z, wrongSigma.applyAsDouble(sigma), stream);
      }
    };
  }

  /** The seed action with a force that is wrong by a factor. */
  private static Subject wegnerMorris(float factor) {
    return new Subject() {
      @Override
      public Flow wegnerMorris(Device device, ModeTransform transform, RunningCovariance covariance, SeedAction seed,
          FlowIntegrator integrator, int steps, RandomStream stream) {
        SeedAction wrong = !seed.interacting() ? seed : new SeedAction() {
          @Override
          public String label() {
            return "wrong";
          }

          @Override
          public boolean interacting() {
            return true;
          }

          @Override
          public List<Launch> force(FieldLayout layout, double z, float[] field, float[] force) {
            return Stream.concat(seed.force(layout, z, field, force).stream(), Stream.of(new Scale(force, factor))).toList();
          }
        };
        return new WegnerMorrisFlow(device, transform, covariance, wrong, integrator, steps, stream);
      }
    };
  }

  private record Scale(float[] x, float factor) implements Launch {
    @Override
    public int items() {
      return x.length;
    }

    @Override
    public void run(int begin, int end) {
      for (int i = begin; i < end; i++) {
        x[i] *= factor;
      }
    }

    @Override
    public int cost() {
      return 1;
    }
  }

  /** Samples e^(−2S), as Langevin dynamics with drift −S' and noise √dt does: √2 φ has the GERDES action with λ/2. */
  private static Subject halfTheNoiseVariance() {
    return new Subject() {
      @Override
      public Sampler sampler(String name, Phi4Action action, FieldLayout layout, RandomStream stream, Device device,
          SamplerOptions options) {
        Phi4Action other = Phi4Action.gerdes(action.mass2(), 0.5 * action.quartic());
        return new ScaledSampler(Samplers.create(name, other, layout, stream, device, options), action,
            (float) Math.sqrt(0.5));
      }
    };
  }

  private static Subject samplerStep(double factor) {
    return new Subject() {
      @Override
      public Sampler sampler(String name, Phi4Action action, FieldLayout layout, RandomStream stream, Device device,
          SamplerOptions options) {
        return Samplers.create(name, action, layout, stream, device, options.withStepSize(factor * options.stepSize()));
      }
    };
  }

  private record ScaledSampler(Sampler inner, Phi4Action action, float factor, float[] field) implements Sampler {
    ScaledSampler(Sampler inner, Phi4Action action, float factor) {
      this(inner, action, factor, new float[inner.layout().size()]);
    }

    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public FieldLayout layout() {
      return inner.layout();
    }

    @Override
    public RandomStream stream() {
      return inner.stream();
    }

    @Override
    public void update() {
      inner.update();
      for (int i = 0; i < field.length; i++) {
        field[i] = factor * inner.field()[i];
      }
    }

    @Override
    public void tune() {
      inner.tune();
    }

    @Override
    public Map<String, Double> tuning() {
      return inner.tuning();
    }

    @Override
    public void restoreTuning(Map<String, Double> tuning) {
      inner.restoreTuning(tuning);
    }

    @Override
    public double acceptance() {
      return inner.acceptance();
    }

    @Override
    public void resetAcceptance() {
      inner.resetAcceptance();
    }

    @Override
    public boolean exact() {
      return inner.exact();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  /** A leapfrog that forgets to halve its last kick. */
  private static Subject unsymmetricStages() {
    return new Subject() {
      @Override
      public void stages(Integrator integrator, double stepSize, int steps, float[] stages) {
        integrator.stages(stepSize, steps, stages);
        stages[stages.length - 1] *= 2;
      }
    };
  }

  static Stream<Arguments> mutations() {
    return Stream.of(
        Arguments.of("½ in the variance of Polchinski's noise", polchinski(a -> a, b -> Math.sqrt(0.5) * b),
            List.of("flow.polchinski", "lattice.invariants", "lattice.mcrg"),
            List.of("flow.polchinski.exponential.propagator.high", "flow.polchinski.power.propagator.high",
                "lattice.invariants.p2-0.59.scale-2", "lattice.mcrg.phi2", "lattice.mcrg.phi4", "lattice.mcrg.gradient2")),
        Arguments.of("σ for σ² in Polchinski's noise", polchinski(a -> a, Math::sqrt),
            List.of("flow.polchinski", "lattice.mcrg"),
            List.of("flow.polchinski.exponential.propagator.middle", "flow.polchinski.litim.propagator.low",
                "lattice.mcrg.phi2")),
        Arguments.of("wrong sign in Polchinski's drift: a = C_s/C_t", polchinski(a -> Math.min(1 / a, 10), b -> b),
            List.of("flow.polchinski", "lattice.mcrg"),
            List.of("flow.polchinski.exponential.decay", "flow.polchinski.exponential.propagator.low", "lattice.mcrg.phi2")),
        Arguments.of("√(C_t/C_s) in Polchinski's drift", polchinski(Math::sqrt, b -> b),
            List.of("flow.polchinski", "lattice.invariants"),
            List.of("flow.polchinski.exponential.decay", "flow.polchinski.litim.decay", "lattice.invariants.four-point", "lattice.invariants.p2-1.17.scale-2")),
        Arguments.of("½ in the variance of the stochastic gradient flow's noise", gradientFlow(0.5, s -> s),
            List.of("flow.stochastic-gradient-flow"), List.of("flow.stochastic-gradient-flow.propagator.high")),
        Arguments.of("σ² for σ in the stochastic gradient flow", gradientFlow(1, s -> s * s),
            List.of("flow.stochastic-gradient-flow"), List.of("flow.stochastic-gradient-flow.propagator.middle")),
        // the fields run away, which the flow reports and the suite turns into a failed check
        Arguments.of("wrong sign of the seed action's force", wegnerMorris(-1), List.of("lattice.wegner-morris"),
            List.of("lattice.wegner-morris")),
        Arguments.of("½ in the seed action's force", wegnerMorris(0.5f), List.of("lattice.wegner-morris"),
            List.of("lattice.wegner-morris.exponential", "lattice.wegner-morris.stochastic-heun")),
        Arguments.of("√dt for √(2dt): a sampler of e^(−2S)", halfTheNoiseVariance(),
            List.of("sampler.3x3.hmc", "sampler.free.mala"),
            List.of("sampler.3x3.hmc.phi2", "sampler.3x3.hmc.susceptibility", "sampler.3x3.hmc.schwinger-dyson",
                "sampler.free.mala")),
        Arguments.of("twice the step in Euler's scheme", samplerStep(2), List.of("sampler.free.euler"),
            List.of("sampler.free.euler")),
        Arguments.of("an unsymmetric integrator", unsymmetricStages(), List.of("hmc.reversible"),
            List.of("hmc.reversible.leapfrog", "hmc.reversible.omelyan")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mutations")
  void aWrongFactorFails(String mutation, Subject subject, List<String> measurements, List<String> mustFail) {
    assertThat(failures(subject, measurements)).as(mutation).containsAll(mustFail);
  }
}
