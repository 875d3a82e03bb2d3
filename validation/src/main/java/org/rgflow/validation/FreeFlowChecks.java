package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.flow.Flow;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.RunningCovariance;
import org.rgflow.flow.SeedAction;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.MatrixTransform;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeSchedule.Transition;
import org.rgflow.spectral.ModeSchedule.Variable;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.spectral.Regulator;
import org.rgflow.spectral.Regulators;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * The flows of lattice fields, run on free fields drawn exactly: canonical, 20×20, start mass² ¼, reference
 * mass² 1. The propagator after the flow and the overlap with the start have closed forms.
 */
final class FreeFlowChecks {
  private static final double REFERENCE_MASS2 = 1;
  private static final double START_MASS2 = 0.25;
  private static final double[] SCALES = {Double.POSITIVE_INFINITY, 4, 2, 1};

  private final MonteCarlo setting;
  private final Lattice lattice = Lattice.square(20);
  private final LatticeModes modes = new LatticeModes(lattice);

  FreeFlowChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("lattice-flows", "Flows of lattice fields",
        "Free fields are drawn exactly, flowed, and measured mode by mode: their propagator must be the closed form, "
            + "and their overlap with the start the factor a. The same for the nonlinear Langevin equation of Wegner "
            + "and Morris at its quadratic point and for stochastic gradient flow; and an image goes through the "
            + "kernel of the lattice.",
        List.of("G_t = K_t^2\\,G_0 + C_0 K_t (1 - K_t)",
            "\\text{gradient flow:}\\quad G_t = e^{-2\\hat{p}^2 t}\\,G_0 + \\frac{\\sigma^2}{2}\\,\\frac{1 - "
                + "e^{-2\\hat{p}^2 t}}{\\hat{p}^2}"),
        "Polchinski 1984; Wegner 1974; Morris 1995; Carosso 1904.13057"));
    suite.add("flow.polchinski", this::polchinski);
    suite.add("flow.stochastic-gradient-flow", this::stochasticGradientFlow);
    suite.add("flow.wegner-morris", this::wegnerMorris);
    suite.add("flow.image-diffusion", this::imageDiffusion);
    suite.figures("flow.polchinski.propagators", this::propagators);
  }

  /** The measured propagator at every scale, over its closed form. */
  private List<Diagram> propagators() {
    FieldLayout layout = new FieldLayout(lattice, 64);
    Regulator regulator = new Regulators.Exponential();
    double[] start = new double[modes.size()];
    Arrays.setAll(start, k -> 1 / (modes.energy(k) + START_MASS2));
    List<LatticeModes.Orbit> orbits = modes.orbits();
    Tally[][] square = new Tally[SCALES.length][orbits.size()];
    for (Tally[] row : square) {
      Arrays.setAll(row, i -> new Tally());
    }
    try (Modes analysis = new Modes(setting.device(), FourierTransforms.of(layout, setting.device()), setting.seed());
        Flow flow = setting.subject().polchinski(setting.device(), FourierTransforms.of(layout, setting.device()),
            new RunningCovariance(1, REFERENCE_MASS2, regulator), new RandomStream(setting.seed() + 1))) {
      for (int draw = 0; draw < setting.choose(4, 25); draw++) {
        float[] fields = analysis.draw(start);
        System.arraycopy(fields, 0, flow.field(), 0, fields.length);
        for (int i = 0; i < SCALES.length; i++) {
          if (i > 0) {
            flow.advance(SCALES[i - 1], SCALES[i]);
          }
          float[] now = analysis.of(flow.field());
          for (int replica = 0; replica < layout.replicas(); replica++) {
            for (int o = 0; o < orbits.size(); o++) {
              square[i][o].add(orbits.get(o).meanSquare(now, layout, replica));
            }
          }
        }
      }
    }
    List<Curve> curves = new ArrayList<>();
    double[] momenta = orbits.stream().mapToDouble(LatticeModes.Orbit::momentum2).toArray();
    double[] sorted = Arrays.stream(momenta).sorted().toArray();
    for (int i = 0; i < SCALES.length; i++) {
      double lambda = SCALES[i];
      curves.add(Curve.dashes("", sorted, Arrays.stream(sorted).map(p2 -> {
        double k = regulator.value(p2, lambda * lambda);
        return k * k / (p2 + START_MASS2) + k * (1 - k) / (p2 + REFERENCE_MASS2);
      }).toArray()).hue(i));
      curves.add(Curve.points("Λ = " + (Double.isInfinite(lambda) ? "∞" : Integer.toString((int) lambda)), momenta,
          Arrays.stream(square[i]).mapToDouble(Tally::mean).toArray(),
          Arrays.stream(square[i]).mapToDouble(Tally::error).toArray()).hue(i));
    }
    return List.of(new Diagram("free.propagators", "Propagator of a flowed free field",
        Quantity.linear("p̂²").in("1/a²"),
        Quantity.logarithmic("G(p)").between(1e-4, Double.NaN), curves, setting.seeded("Symbols are measured by "
            + "Polchinski’s flow, exponential regulator, with standard errors; dashed lines are the closed form. 20×20 "
            + "sites, start mass² "
            + START_MASS2
            + ", reference mass² " + REFERENCE_MASS2)));
  }

  /** Makes the flow under test on a transform. */
  private interface Maker {
    Flow make(ModeTransform transform, RandomStream stream);
  }

  private List<Check> polchinski() {
    List<Check> checks = new ArrayList<>();
    for (Regulator regulator : List.of(
        new Regulators.Exponential(), new Regulators.Power(2), new Regulators.Litim(), new Regulators.Fermi(0.5))) {
      RunningCovariance covariance = new RunningCovariance(1, REFERENCE_MASS2, regulator);
      Maker maker =
          (transform, stream) -> setting.subject().polchinski(setting.device(), transform, covariance, stream);
      DoubleUnaryOperator decay = p2 -> cutoff(regulator, p2);
      DoubleUnaryOperator noise = p2 -> cutoff(regulator, p2) * (1 - cutoff(regulator, p2)) / (p2 + REFERENCE_MASS2);
      checks.addAll(compare("flow.polchinski." + regulator.label().replaceAll(":.*", ""),
          "Polchinski's flow, " + regulator.label() + " regulator", maker, decay, noise,
          "Polchinski 1984; Cotler & Rezchikov 2202.11737: G_t = K²G_0 + C_0K(1−K)"));
    }
    checks.add(sharp());
    return checks;
  }

  /** Under the sharp regulator a mode is kept or dropped, and there is no noise at all. */
  private Check sharp() {
    FieldLayout layout = new FieldLayout(lattice, 16);
    ModeTransform transform = FourierTransforms.of(layout, setting.device());
    double[] start = new double[modes.size()];
    Arrays.setAll(start, k -> 1 / (modes.energy(k) + START_MASS2));
    double worst = 0;
    try (Modes analysis = new Modes(setting.device(), transform, setting.seed());
        Flow flow = setting.subject().polchinski(setting.device(), FourierTransforms.of(layout, setting.device()),
            new RunningCovariance(1, REFERENCE_MASS2, new Regulators.Sharp()), new RandomStream(setting.seed() + 1))) {
      float[] fields = analysis.draw(start);
      System.arraycopy(fields, 0, flow.field(), 0, fields.length);
      float[] before = analysis.of(fields).clone();
      for (int i = 1; i < SCALES.length; i++) {
        flow.advance(SCALES[i - 1], SCALES[i]);
      }
      float[] after = analysis.of(flow.field());
      for (int replica = 0; replica < layout.replicas(); replica++) {
        for (int k = 0; k < start.length; k++) {
          int at = layout.index(replica, k);
          worst = Math.max(worst, Math.abs(after[at] - (modes.energy(k) <= 1 ? before[at] : 0)));
        }
      }
    }
    return Check.absolute("flow.polchinski.sharp",
        setting.seeded("largest change of a mode with p̂² ≤ Λ², or remainder of one above, under Polchinski's flow "
            + "with the sharp regulator, free field, 20x20, Λ = ∞, 4, 2, 1 (float)"),
        "Wegner & Houghton 1973: the sharp limit", 0, worst, 2e-5);
  }

  /** K at Λ = 1, written out. */
  private static double cutoff(Regulator regulator, double p2) {
    return switch (regulator) {
      case Regulators.Exponential unused -> Math.exp(-p2);
      case Regulators.Power power -> 1 / (1 + Math.pow(p2, power.n()));
      case Regulators.Litim unused -> Math.max(0, 1 - p2);
      case Regulators.Fermi fermi -> 1 / (Math.exp((p2 - 1) / fermi.temperature()) + 1);
      default -> throw new IllegalArgumentException(regulator.label());
    };
  }

  private List<Check> stochasticGradientFlow() {
    double sigma = 0.7;
    // t = 1/Λ² = 1 at the end
    DoubleUnaryOperator decay = p2 -> Math.exp(-p2);
    DoubleUnaryOperator noise =
        p2 -> p2 == 0 ? sigma * sigma : 0.5 * sigma * sigma * (1 - Math.exp(-2 * p2)) / p2;
    return compare("flow.stochastic-gradient-flow", "stochastic gradient flow to t = 1, σ = " + sigma,
        (transform, stream) -> setting.subject().stochasticGradientFlow(setting.device(), transform, 1, sigma, stream),
        decay, noise, "Carosso 1904.13057: mean e^(−p̂²t), variance (σ²/2)(1−e^(−2p̂²t))/p̂²");
  }

  private List<Check> wegnerMorris() {
    Regulator regulator = new Regulators.Exponential();
    RunningCovariance covariance = new RunningCovariance(1, REFERENCE_MASS2, regulator);
    List<Check> checks = new ArrayList<>();
    String reference = "Wegner 1974, Morris 1995 with Ŝ = ½φC⁻¹φ, which is Polchinski's equation";
    Maker exponential = (transform, stream) -> setting.subject().wegnerMorris(setting.device(), transform, covariance,
        SeedAction.FREE, FlowIntegrator.EXPONENTIAL, 3, stream);
    checks.addAll(compare("flow.wegner-morris.exponential", "Wegner-Morris flow with free seed action, exponential "
        + "integrator",
        exponential, p2 -> cutoff(regulator, p2), p2 -> cutoff(regulator, p2) * (1 - cutoff(regulator, p2)) / (p2 + 1),
        reference + "; exact for the exponential integrator"));
    // Euler-Maruyama: a step multiplies by r = C_u/C_s and adds noise of variance C_s − C_u.
    int steps = 4;
    Maker euler = (transform, stream) -> setting.subject().wegnerMorris(setting.device(), transform, covariance,
        SeedAction.FREE, FlowIntegrator.EULER_MARUYAMA, steps, stream);
    checks.addAll(compare("flow.wegner-morris.euler-maruyama",
        "Wegner-Morris flow with free seed action, Euler-Maruyama with " + steps + " steps between scales", euler,
        p2 -> cutoff(regulator, p2), p2 -> eulerVariance(p2, steps),
        reference + "; Euler-Maruyama adds n = Σ (C_s − C_u)(C_t/C_u)², larger than the exact noise"));
    return checks;
  }

  /** Noise that Euler–Maruyama accumulates over the scales, steps equal in 1/Λ². */
  private static double eulerVariance(double p2, int steps) {
    double variance = 0;
    for (int i = 1; i < SCALES.length; i++) {
      double begin = 1 / (SCALES[i - 1] * SCALES[i - 1]);
      double length = (1 / (SCALES[i] * SCALES[i]) - begin) / steps;
      for (int s = 0; s < steps; s++) {
        double from = Math.exp(-p2 * (begin + s * length)) / (p2 + REFERENCE_MASS2);
        double to = Math.exp(-p2 * (begin + (s + 1) * length)) / (p2 + REFERENCE_MASS2);
        double r = to / from;
        variance = r * r * variance + (from - to);
      }
    }
    return variance;
  }

  private static final String[] BAND_NAMES = {"low", "middle", "high"};
  private static final double[] BAND_ENDS = {1, 2.5, 8.5};

  /**
   * In three bands of p̂²: the mean of c_t²/G_t over the modes, expected 1; and in the lowest the overlap
   * Σ c_t c_0/Σ a G_0. A band in which hardly any of G_t is noise says nothing about the noise, and is left out.
   */
  private List<Check> compare(
      String id, String statement, Maker maker, DoubleUnaryOperator decay, DoubleUnaryOperator noise,
          String reference) {
    FieldLayout layout = new FieldLayout(lattice, 64);
    ModeTransform transform = FourierTransforms.of(layout, setting.device());
    double[] start = new double[modes.size()];
    double[] end = new double[modes.size()];
    double[] amplitude = new double[modes.size()];
    int[] band = new int[modes.size()];
    double[] effect = new double[3];
    int[] size = new int[3];
    double overlapScale = 0;
    for (int k = 0; k < start.length; k++) {
      double p2 = modes.energy(k);
      start[k] = 1 / (p2 + START_MASS2);
      amplitude[k] = decay.applyAsDouble(p2);
      double n = noise.applyAsDouble(p2);
      end[k] = amplitude[k] * amplitude[k] * start[k] + n;
      band[k] = end[k] == 0 ? -1 : p2 < BAND_ENDS[0] ? 0 : p2 < BAND_ENDS[1] ? 1 : 2;
      if (band[k] >= 0) {
        size[band[k]]++;
        effect[band[k]] += 0.5 * n / end[k];
      }
      if (band[k] == 0) {
        overlapScale += amplitude[k] * start[k];
      }
    }
    Tally[] ratio = {new Tally(), new Tally(), new Tally()};
    Tally overlap = new Tally();
    int draws = setting.choose(16, 100);
    try (Modes analysis = new Modes(setting.device(), transform, setting.seed());
        Flow flow = maker.make(FourierTransforms.of(layout, setting.device()), new RandomStream(setting.seed() + 1))) {
      for (int draw = 0; draw < draws; draw++) {
        float[] fields = analysis.draw(start);
        System.arraycopy(fields, 0, flow.field(), 0, fields.length);
        float[] before = analysis.of(fields).clone();
        for (int i = 1; i < SCALES.length; i++) {
          flow.advance(SCALES[i - 1], SCALES[i]);
        }
        float[] after = analysis.of(flow.field());
        for (int replica = 0; replica < layout.replicas(); replica++) {
          double[] sum = new double[3];
          double product = 0;
          for (int k = 0; k < start.length; k++) {
            double c = after[layout.index(replica, k)];
            if (band[k] >= 0) {
              sum[band[k]] += c * c / end[k];
            }
            if (band[k] == 0) {
              product += c * before[layout.index(replica, k)];
            }
          }
          for (int b = 0; b < 3; b++) {
            ratio[b].add(sum[b] / size[b]);
          }
          overlap.add(product / overlapScale);
        }
      }
    }
    List<Check> checks = new ArrayList<>();
    String where = setting.seeded(String.format(Locale.ROOT,
        "%s, free field (mass² %s, reference mass² %s), 20x20, Λ = ∞, 4, 2, 1", statement, START_MASS2,
            REFERENCE_MASS2));
    for (int b = 0; b < 3; b++) {
      if (size[b] > 0 && effect[b] / size[b] > 0.05) {
        checks.add(Check.monteCarlo(id + ".propagator." + BAND_NAMES[b],
            "mean of |φ_p|²/G_t(p) over the modes with p̂² < " + BAND_ENDS[b] + (b > 0 ? ", ≥ " + BAND_ENDS[b - 1] : "")
                + ": "
                + where, reference, 1, ratio[b].mean(), ratio[b].error(), effect[b] / size[b]));
      }
    }
    checks.add(Check.monteCarlo(id + ".decay",
        "Σ φ_t φ_0/Σ a G_0 over the modes with p̂² < " + BAND_ENDS[0] + ": " + where, reference, 1, overlap.mean(),
        overlap.error()));
    return checks;
  }

  /**
   * An image through the kernel of the lattice flow: DCT modes, Fermi regulator, once as φ and once as y = φ/√K with
   * the same noise, and as √ᾱ x_0 + √(1−ᾱ) z.
   */
  private List<Check> imageDiffusion() {
    int patch = 8;
    FieldLayout layout = new FieldLayout(Lattice.square(patch), 16);
    double[] energies = ModeChecks.imageEnergies(patch);
    double[] unit = new double[energies.length];
    Arrays.fill(unit, 1);
    ModeSchedule schedule = new ModeSchedule(unit, energies, new Regulators.Fermi(0.5));
    double mu = 0.25;
    Transition fieldStep = setting.subject().transition(schedule, Double.POSITIVE_INFINITY, mu, Variable.FIELD);
    Transition imageStep = setting.subject().transition(schedule, Double.POSITIVE_INFINITY, mu,
        Variable.VARIANCE_PRESERVING);
    ModeTransform transform = MatrixTransform.dct2(layout);
    float[] image = new float[layout.size()];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) Math.sin(0.37 * i + 1e-3 * i * i); // any picture
    }
    float[] field = new float[layout.size()];
    float[] preserving = new float[layout.size()];
    float[] z = new float[layout.size()];
    RandomStream stream = new RandomStream(setting.seed());
    Program program = new Program("image")
        .input(image, stream.buffer())
        .addAll(transform.forward(image, field))
        .addAll(transform.forward(image, preserving))
        .add(new OrnsteinUhlenbeck(field, fieldStep.decayFloats(), fieldStep.noiseFloats(), layout.lanes(),
            stream.buffer(),
            Streams.IMAGE))
        .add(new OrnsteinUhlenbeck(preserving, imageStep.decayFloats(), imageStep.noiseFloats(), layout.lanes(),
            stream.buffer(), Streams.IMAGE))
        .add(new Normals(z, layout.blocks(), stream.buffer(), Streams.IMAGE))
        .output(field, preserving, z);
    float[] modesOfImage = new float[layout.size()];
    Program dct = new Program("image modes").input(image).addAll(transform.forward(image,
        modesOfImage)).output(modesOfImage);
    double worstField = 0;
    double worstForward = 0;
    try (Session session = setting.device().open(program, dct)) {
      session.run(program);
      session.run(dct);
      for (int replica = 0; replica < layout.replicas(); replica++) {
        for (int k = 0; k < energies.length; k++) {
          int at = layout.index(replica, k);
          double alphaBar = 1 / (Math.exp((energies[k] - mu) / 0.5) + 1);
          double forward = Math.sqrt(alphaBar) * modesOfImage[at] + Math.sqrt(1 - alphaBar) * z[at];
          worstForward = Math.max(worstForward, Math.abs(preserving[at] - forward));
          worstField = Math.max(worstField, Math.abs(field[at] / Math.sqrt(alphaBar) - forward));
        }
      }
    }
    String reference = "Sheshmani et al. 2402.17090: x_t = √ᾱ x_0 + √(1−ᾱ) z with ᾱ = 1/(e^((ε−μ)/T)+1)";
    return List.of(
        Check.absolute("flow.image-diffusion.variance-preserving", setting.seeded("largest difference between an 8x8 "
            + "patch taken through the flow kernel in y = φ/√K and √ᾱ x_0 + √(1−ᾱ) z with the same noise, μ = 0.25, T "
            + "= 0.5 (float)"),
            reference, 0, worstForward, 1e-5),
        Check.absolute("flow.image-diffusion.field", setting.seeded("largest difference between the same patch taken "
            + "through the kernel as a Polchinski flow of φ and divided by √K, and √ᾱ x_0 + √(1−ᾱ) z "
            + "(float)"), reference, 0,
                worstField,
            1e-5));
  }
}
