package org.rgflow.validation;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.rgflow.device.Device;
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
import org.rgflow.learned.FieldGenerator;
import org.rgflow.learned.FlowConfiguration;
import org.rgflow.learned.FlowGenerator;
import org.rgflow.learned.FlowModel;
import org.rgflow.learned.ScoreGenerator;
import org.rgflow.learned.ScoreModel;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.sampler.Integrator;
import org.rgflow.sampler.Sampler;
import org.rgflow.sampler.SamplerOptions;
import org.rgflow.sampler.Samplers;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.transport.FokkerPlanck;
import org.rgflow.transport.MinimisingMovement;

/** Parts of the library with deliberately wrong factors and signs. */
final class Mutations {
  private Mutations() {}

  /** A transition whose decays and noises are changed one by one; frozen modes (no noise) included. */
  static Subject transitions(DoubleUnaryOperator decay, DoubleUnaryOperator noise) {
    return new Subject() {
      @Override
      public ModeSchedule.Transition transition(
          ModeSchedule schedule, double from, double to, ModeSchedule.Variable variable) {
        ModeSchedule.Transition right = schedule.transition(from, to, variable);
        return new ModeSchedule.Transition(
            Arrays.stream(right.decay()).map(decay).toArray(), Arrays.stream(right.noise()).map(noise).toArray());
      }
    };
  }

  static Subject rates(double driftFactor, double noiseFactor) {
    return new Subject() {
      @Override
      public double driftRate(ModeSchedule schedule, int mode, double scale) {
        return driftFactor * Subject.super.driftRate(schedule, mode, scale);
      }

      @Override
      public double noiseRate(ModeSchedule schedule, int mode, double scale) {
        return noiseFactor * Subject.super.noiseRate(schedule, mode, scale);
      }
    };
  }

  /** A metric that is wrong by a factor: with 2, B for B/2. */
  static Subject mobility(double factor) {
    return new Subject() {
      @Override
      public double mobility(double noiseRate) {
        return factor * Subject.super.mobility(noiseRate);
      }
    };
  }

  /** Q ∝ e^(−wŜ). */
  static Subject targetWeight(double weight) {
    return new Subject() {
      @Override
      public double targetWeight() {
        return weight;
      }
    };
  }

  /** The minimiser of KL + W²/(2h) for a wrong h: with 2, of KL + W²/(4h). */
  static Subject movementStep(double factor) {
    return new Subject() {
      @Override
      public MinimisingMovement.Step minimisingMovement(FokkerPlanck equation, double[] density, double step) {
        return Subject.super.minimisingMovement(equation, density, factor * step);
      }
    };
  }

  /** Implicit Euler steps where the equation is to be solved exactly in time. */
  static Subject implicitSteps() {
    return new Subject() {
      @Override
      public double[] fokkerPlanck(FokkerPlanck equation, double[] density, double time) {
        return equation.implicitStep(density, time);
      }
    };
  }

  /** A trained flow that is not what it should be. */
  static Subject flowModel(UnaryOperator<FlowModel> change) {
    return new Subject() {
      @Override
      public FlowModel flowModel(String name) throws IOException {
        return change.apply(Subject.super.flowModel(name));
      }
    };
  }

  /** The same flow, said to be of another coupling. */
  static FlowModel otherCoupling(FlowModel model, double lambda) {
    FlowConfiguration right = model.configuration();
    return new FlowModel(new FlowConfiguration(Phi4Action.gerdes(right.action().mass2(), lambda), right.shape(),
        right.priorMass2(), right.batchSize(), right.steps(), right.learningRate(), right.decaySteps(),
        right.forwardWeight(), right.seed()), model.parameters());
  }

  /** A flow whose parameters are all off by a factor. */
  static FlowModel scaled(FlowModel model, float factor) {
    float[] parameters = model.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= factor;
    }
    return new FlowModel(model.configuration(), parameters);
  }

  /** Weights of e^(−factor S) for e^(−S). */
  static Subject weights(double factor) {
    return new Subject() {
      @Override
      public FlowGenerator.Batch generate(FlowGenerator generator, long index) {
        FlowGenerator.Batch right = generator.generate(index);
        double[] logWeights = right.logWeights().clone();
        for (int i = 0; i < logWeights.length; i++) {
          logWeights[i] += (1 - factor) * right.action()[i];
        }
        return new FlowGenerator.Batch(right.fields(), right.logLikelihood(), right.action(), logWeights);
      }
    };
  }

  /** A trained score that is not what it should be. */
  static Subject scoreModel(UnaryOperator<ScoreModel> change) {
    return new Subject() {
      @Override
      public ScoreModel scoreModel(String name) throws IOException {
        return change.apply(Subject.super.scoreModel(name));
      }
    };
  }

  /** A score whose parameters are all off by a factor. */
  static ScoreModel scaled(ScoreModel model, float factor) {
    float[] parameters = model.parameters().clone();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] *= factor;
    }
    return model.withParameters(parameters);
  }

  /** Weights of paths in which a part of the density of the steps is forgotten: ln w is −S + factor (ln w + S). */
  static Subject pathWeights(double factor) {
    return new Subject() {
      @Override
      public ScoreGenerator.Trajectory generate(ScoreGenerator generator, long index, int stops) {
        ScoreGenerator.Trajectory right = generator.generate(index, stops);
        FieldGenerator.Batch end = right.end();
        double[] logWeights = end.logWeights().clone();
        for (int i = 0; i < logWeights.length; i++) {
          logWeights[i] = -end.action()[i] + factor * (logWeights[i] + end.action()[i]);
        }
        return new ScoreGenerator.Trajectory(right.stops(),
            new FieldGenerator.Batch(end.fields(), end.logLikelihood(), end.action(), logWeights));
      }
    };
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

  static Subject polchinski(DoubleUnaryOperator decay, DoubleUnaryOperator noise) {
    return new Subject() {
      @Override
      public Flow polchinski(Device device, ModeTransform transform, RunningCovariance covariance,
          RandomStream stream) {
        return new WrongFlow(device, transform, covariance, stream, decay, noise);
      }
    };
  }

  static Subject gradientFlow(double factor, DoubleUnaryOperator wrongSigma) {
    return new Subject() {
      @Override
      public Flow stochasticGradientFlow(
          Device device, ModeTransform transform, double z, double sigma, RandomStream stream) {
        return new StochasticGradientFlow(device, transform, factor * z, wrongSigma.applyAsDouble(sigma), stream);
      }
    };
  }

  /** The seed action with a force that is wrong by a factor. */
  static Subject wegnerMorris(float factor) {
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
            return Stream.concat(seed.force(layout, z, field, force).stream(), Stream.of(new Scale(force,
                factor))).toList();
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
  static Subject halfTheNoiseVariance() {
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

  static Subject samplerStep(double factor) {
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
    public void fieldWritten() {
      for (int i = 0; i < field.length; i++) {
        inner.field()[i] = field[i] / factor;
      }
      inner.fieldWritten();
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
  static Subject unsymmetricStages() {
    return new Subject() {
      @Override
      public void stages(Integrator integrator, double stepSize, int steps, float[] stages) {
        integrator.stages(stepSize, steps, stages);
        stages[stages.length - 1] *= 2;
      }
    };
  }
}
