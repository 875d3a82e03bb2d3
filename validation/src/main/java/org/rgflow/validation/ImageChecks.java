package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rgflow.data.ColorImage;
import org.rgflow.data.Landscape;
import org.rgflow.data.YCbCr;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.diffusion.DiffusionSampler;
import org.rgflow.diffusion.FermiSchedule;
import org.rgflow.diffusion.ForwardProcess;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.NoiseSchedules;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.diffusion.SnrLimits;
import org.rgflow.diffusion.TwoVariables;
import org.rgflow.diffusion.WienerDenoiser;
import org.rgflow.frequency.PatchModes;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.launch.Normals;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.Bases;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Figure;
import org.rgflow.validation.figure.Gallery;
import org.rgflow.validation.figure.Quantity;
import org.rgflow.validation.plot.Panels;

/** Modes, colours, schedules, the forward process and its exact reversal, on a picture that the program draws. */
final class ImageChecks {
  private static final String MODEL = "Sheshmani et al. 2402.17090";
  private static final int SIDE = 112;
  private static final int PATCH = 8;
  private static final int STEPS = 1000;
  private static final double TEMPERATURE = 0.5;
  private static final double FLOAT = 1e-5;

  private final MonteCarlo setting;
  private final FermiSchedule published = FermiSchedule.published(PATCH);
  private final ColorImage picture = Landscape.render(SIDE, 1);
  /** Standard deviation of the picture's modes over its patches, [colour][k1][k2]. */
  private double[] deviation;

  ImageChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("modes", "Modes and colours lose nothing",
        "The cosine basis is orthonormal, so that white noise is white in the modes and squared errors are the same "
            + "in modes and pixels; patches and colours can be put together again.",
        List.of("c_{k_1k_2} = \\sum_{x,y} b_{k_1}(y)\\,b_{k_2}(x)\\,p_{yx}, \\quad b_k(x) = \\sqrt{\\frac{2 - "
            + "\\delta_{k0}}{d}}\\,\\cos\\frac{\\pi k(x + \\frac{1}{2})}{d}",
            "Y = 0.299R + 0.587G + 0.114B, \\quad C_b = \\frac{1}{2} + \\frac{B - Y}{1.772}, \\quad C_r = "
                + "\\frac{1}{2} + \\frac{R - Y}{1.402}"),
        "orthonormal DCT-II; ITU-R BT.601 in the full range of JFIF 1.02; " + MODEL));
    suite.add("images.dct", this::cosines);
    suite.add("images.colour", this::colours);
    suite.topic(new Topic("forward", "The forward process is a renormalization group flow",
        "A picture goes through the Ornstein–Uhlenbeck kernel of the lattice flow under the Fermi regulator: in x, "
            + "the variable of the diffusion, and in φ = √K x, the variable of the flow. What arrives is the signal √ᾱ "
            + "x_0 and white noise of variance 1 − ᾱ, and a field of unit variance keeps it.",
        List.of("x_t = \\sqrt{\\bar{α}_t}\\,x_0 + \\sqrt{1 - \\bar{α}_t}\\,z, \\quad \\varphi_t = "
            + "\\sqrt{K_t}\\,x_t, \\quad \\bar{α}_t = K_t = \\frac{1}{e^{(\\varepsilon - \\mu_t)/T'} + 1}, \\quad "
            + "\\varepsilon = -\\cos\\pi k_1 - \\cos\\pi k_2"),
        MODEL + "; Polchinski 1984; Cotler & Rezchikov 2308.12355"));
    suite.add("images.forward.two-variables", this::twoVariables);
    suite.add("images.forward.signal", this::signalAndNoise);
    suite.figures("images.path", this::path);
    suite.figures("images.signal-to-noise", this::signalToNoise);
    suite.topic(new Topic("schedules", "Noise schedules are regulators",
        "Under the Fermi schedule the logarithm of the signal-to-noise ratio is linear in μ and in ε, with one slope "
            + "for all modes. As published it begins with the finest modes of most pictures below the noise, and at "
            + "the last step the mean of a patch still holds √ᾱ = 0.13 of the picture. A range of μ chosen from limits "
            + "on the ratio mends that. Other schedules are regulators too.",
        List.of("\\ln\\mathrm{SNR}_k(t) = \\ln\\frac{\\bar{α}_t(k)\\,\\sigma_k^2}{1 - \\bar{α}_t(k)} = "
            + "\\frac{\\mu_t - \\varepsilon_k}{T'} + \\ln\\sigma_k^2",
            "\\mu_0 = \\max_k\\left[\\varepsilon_k + T'(\\ell_0 - \\ln\\sigma_k^2)\\right], \\quad \\mu_T = "
                + "\\min_k\\left[\\varepsilon_k + T'(\\ell_T - \\ln\\sigma_k^2)\\right]"),
        MODEL + "; Nichol & Dhariwal 2102.09672; Ho, Jain & Abbeel 2006.11239; Hoogeboom & Salimans 2209.05557; "
            + "Falck et al. 2505.11278"));
    suite.add("images.schedule.fermi", this::fermi);
    suite.add("images.schedule.terminal", this::terminal);
    suite.add("images.schedule.others", this::otherSchedules);
    suite.figures("images.schedules", this::schedules);
    suite.topic(new Topic("reverse", "The flow backwards, where the denoiser is known",
        "For Gaussian data the conditional mean is linear, and the deterministic reverse process must give back the "
            + "variances of the data. Started from white noise under the published schedule it cannot: the mean of a "
            + "patch comes out too narrow, by a factor that is known.",
        List.of("E[x_0 | x_t] = m + \\frac{\\sqrt{\\bar{α}}\\,\\sigma^2}{\\bar{α}\\sigma^2 + 1 - \\bar{α}}\\,(x_t - "
            + "\\sqrt{\\bar{α}}\\,m), \\quad \\frac{\\langle(x - m)^2\\rangle}{\\sigma^2} = \\frac{1 + \\bar{α}_T "
            + "m^2}{\\bar{α}_T\\sigma^2 + 1 - \\bar{α}_T}\\quad\\text{from "
            + "white noise}"),
        "probability-flow equation of a Gaussian; Song et al. 2011.13456"));
    suite.add("images.reverse", this::reverse);
  }

  // ---- modes and colours

  private List<Check> cosines() {
    List<Check> checks = new ArrayList<>();
    for (int d : new int[] {4, 7, 8}) {
      double[] basis = Bases.dct2(d);
      double worst = 0;
      for (int k = 0; k < d; k++) {
        for (int x = 0; x < d; x++) {
          double formula = Math.sqrt((k == 0 ? 1.0 : 2.0) / d) * Math.cos(Math.PI * k * (x + 0.5) / d);
          worst = Math.max(worst, Math.abs(basis[k * d + x] - formula));
        }
      }
      checks.add(Check.absolute("images.dct.basis-" + d, "largest deviation of the basis from the formula, d = " + d,
          "orthonormal DCT-II (Ahmed, Natarajan & Rao 1974)", 0, worst, 1e-14));
      PatchModes patches = new PatchModes(3, SIDE, SIDE, d);
      float[] pixels = new float[patches.layout().size()];
      float[] modes = new float[pixels.length];
      float[] back = new float[pixels.length];
      patches.cut(picture, pixels);
      Program program = new Program("round trip").input(pixels).addAll(patches.forward(pixels, modes))
          .addAll(patches.inverse(modes, back)).output(modes, back);
      try (Session session = setting.device().open(program)) {
        session.run(program);
      }
      float[] joined = patches.join(back).values();
      double error = 0;
      double inPixels = 0;
      double inModes = 0;
      for (int i = 0; i < joined.length; i++) {
        error = Math.max(error, Math.abs(joined[i] - picture.values()[i]));
        inPixels += (double) picture.values()[i] * picture.values()[i];
      }
      for (float c : modes) {
        inModes += (double) c * c;
      }
      String where = ", picture of 112x112 in patches of " + d + "x" + d + " (float)";
      checks.add(Check.absolute("images.dct.inverse-" + d, "largest error of a pixel after cosine transform and back"
          + where,
          "the basis is orthonormal", 0, error, FLOAT));
      checks.add(Check.relative("images.dct.parseval-" + d, "sum of the squares of all modes, against that of the "
          + "pixels" + where,
          "Parseval’s identity", inPixels, inModes, 1e-6));
    }
    return checks;
  }

  private List<Check> colours() {
    ColorImage coded = YCbCr.ofRgb(picture);
    float[] back = YCbCr.toRgb(coded).values();
    double error = 0;
    for (int i = 0; i < back.length; i++) {
      error = Math.max(error, Math.abs(back[i] - picture.values()[i]));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(Check.absolute("images.colour.inverse", "largest error of a colour after Y Cb Cr and back (float)",
        "the matrix is invertible", 0, error, FLOAT));
    String[] planes = {"y", "cb", "cr"};
    float[] red = YCbCr.ofRgb(new ColorImage(3, 1, 1, new float[] {1, 0, 0})).values();
    float[] grey = YCbCr.ofRgb(new ColorImage(3, 1, 1, new float[] {0.25f, 0.25f, 0.25f})).values();
    double[] ofRed = {2 * 0.299 - 1, 2 * -0.299 / 1.772, 2 * (1 - 0.299) / 1.402};
    double[] ofGrey = {-0.5, 0, 0};
    for (int c = 0; c < planes.length; c++) {
      checks.add(Check.absolute("images.colour.red-" + planes[c], planes[c] + " of pure red in [−1, 1]", "JFIF 1.02",
          ofRed[c],
          red[c], 1e-6));
      checks.add(Check.absolute("images.colour.grey-" + planes[c], planes[c] + " of a quarter grey in [−1, 1]",
          "JFIF 1.02",
          ofGrey[c], grey[c], 1e-6));
    }
    return checks;
  }

  // ---- the forward process

  private static final double[] POTENTIALS = {2, 1, 0, -1, -2};

  private List<Check> twoVariables() {
    double worst = TwoVariables.follow(setting.device(), YCbCr.ofRgb(picture), published, setting.seed(),
        POTENTIALS).stream()
        .mapToDouble(TwoVariables.Stage::difference).max().orElseThrow();
    return List.of(Check.absolute("images.forward.two-variables",
        setting.seeded("largest |φ/√K − x| over all modes of all patches at μ = 2, 1, 0, −1, −2, the picture of "
            + "112x112 through the kernel in both variables with the same noise (float)"), MODEL + " against "
            + "Polchinski 1984: y = φ/√K", 0, worst,
                FLOAT));
  }

  /** What is measured in one band of modes at one scale. */
  private static final class Band {
    private final Tally signal = new Tally();
    private final Tally noise = new Tally();
    private final Tally variance = new Tally();
    private final Tally lost = new Tally();
  }

  private static int band(double energy) {
    return energy < -0.67 ? 0 : energy < 0.67 ? 1 : 2;
  }

  private static final String[] BANDS = {"low", "middle", "high"};

  /** Pictures of unit variance in every mode, followed to two scales. */
  private List<Check> signalAndNoise() {
    ModeSchedule flow = published.modes();
    PatchModes patches = new PatchModes(3, SIDE, SIDE, PATCH);
    double[] scales = {0.5, -0.5};
    Band[][] bands = new Band[scales.length][BANDS.length];
    for (Band[] row : bands) {
      Arrays.setAll(row, b -> new Band());
    }
    for (int draw = 0; draw < setting.choose(8, 64); draw++) {
      try (ForwardProcess process = new ForwardProcess(setting.device(), patches, flow,
          ModeSchedule.Variable.VARIANCE_PRESERVING, new RandomStream(setting.seed() + 2 * draw))) {
        process.start(white(setting.seed() + 2 * draw + 1));
        float[] clean = process.grouped();
        process.advance(2);
        for (int s = 0; s < scales.length; s++) {
          process.advance(scales[s]);
          add(process.grouped(), clean, flow, scales[s], bands[s]);
        }
      }
    }
    List<Check> checks = new ArrayList<>();
    for (int s = 0; s < scales.length; s++) {
      for (int b = 0; b < BANDS.length; b++) {
        Band band = bands[s][b];
        String where = setting.seeded(String.format(Locale.ROOT, " over the %s frequencies at μ = %s, through μ = "
            + "2, 0.5, −0.5, pictures of 112x112 with modes of unit variance", BANDS[b], s == 0 ? "0.5" : "−0.5"));
        String id = "images.forward." + BANDS[b] + (s == 0 ? ".early" : ".late");
        checks.add(Check.monteCarlo(id + ".signal", "mean of x_t x_0/√ᾱ" + where, MODEL + ": the signal is √ᾱ x_0", 1,
            band.signal.mean(), band.signal.error()));
        checks.add(Check.monteCarlo(id + ".noise", "mean of (x_t − √ᾱ x_0)²/(1 − ᾱ)" + where, MODEL + ": the noise "
            + "has variance 1 − ᾱ",
            1, band.noise.mean(), band.noise.error()));
        if (s == 0) {
          continue; // hardly any of the variance is noise yet
        }
        checks.add(Check.monteCarlo(id + ".variance", "mean of x_t²" + where, "variance-preserving diffusion: ᾱ + "
            + "(1 − ᾱ) = 1", 1,
            band.variance.mean(), band.variance.error(), 0.5 * band.lost.mean()));
      }
    }
    return checks;
  }

  private static void add(float[] now, float[] clean, ModeSchedule flow, double mu, Band[] bands) {
    int positions = now.length / (3 * flow.modes());
    for (int i = 0; i < now.length; i++) {
      int mode = i / positions % flow.modes();
      Band band = bands[band(flow.energy(mode))];
      double alphaBar = flow.cutoff(mode, mu);
      double signal = Math.sqrt(alphaBar) * clean[i];
      band.signal.add(now[i] * clean[i] / Math.sqrt(alphaBar));
      band.noise.add((now[i] - signal) * (now[i] - signal) / (1 - alphaBar));
      band.variance.add((double) now[i] * now[i]);
      band.lost.add(1 - alphaBar);
    }
  }

  /** A picture of white noise of unit variance. */
  private ColorImage white(long seed) {
    FieldLayout layout = new FieldLayout(Lattice.square(SIDE), 3);
    float[] normals = new float[layout.size()];
    RandomStream stream = new RandomStream(seed);
    Program program = new Program("white").input(stream.buffer())
        .add(new Normals(normals, layout.blocks(), stream.buffer(), Streams.START)).output(normals);
    try (Session session = setting.device().open(program)) {
      session.run(program);
    }
    float[] values = new float[3 * SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      values[i] = normals[layout.index(i / (SIDE * SIDE), i % (SIDE * SIDE))];
    }
    return new ColorImage(3, SIDE, SIDE, values);
  }

  private static String label(double mu) {
    return Double.isInfinite(mu) ? "μ = ∞" : String.format(Locale.ROOT, "μ = %.0f", mu).replace('-', '−');
  }

  /** A smaller picture in both variables. */
  private List<Figure> path() {
    List<Panels.Picture> diffused = new ArrayList<>();
    List<Panels.Picture> flowed = new ArrayList<>();
    for (TwoVariables.Stage stage : TwoVariables.follow(setting.device(), YCbCr.ofRgb(Landscape.render(96, 1)),
        published,
        setting.seed(), POTENTIALS)) {
      diffused.add(new Panels.Picture(label(stage.mu()), "", YCbCr.toRgb(stage.diffused()).toPicture()));
      flowed.add(new Panels.Picture(label(stage.mu()), String.format(Locale.ROOT, "K from %.2g to %.2g",
          stage.slowest(),
          stage.fastest()), YCbCr.toRgb(stage.flowed()).toPicture()));
    }
    double[] energies = new double[81];
    Arrays.setAll(energies, i -> -2 + 0.05 * i);
    List<Curve> regulator = new ArrayList<>();
    ModeSchedule flow = new ModeSchedule(new double[] {1}, new double[] {0}, published.modes().regulator());
    for (double mu : new double[] {4, 2, 0, -2, -4}) {
      regulator.add(Curve.line(label(mu), energies,
          Arrays.stream(energies).map(e -> flow.regulator().value(e, mu)).toArray()));
    }
    return List.of(
        new Gallery("images.path", "A picture along the flow", List.of(
            new Gallery.Row("x, the diffusion: the modes above the Fermi level μ are noise", diffused),
            new Gallery.Row("φ = √K x, the flow: the same modes are gone", flowed)),
            setting.seeded("A landscape drawn by the program, 96×96, in patches of 8×8; Fermi regulator, T' = 0.5. "
                + "Both rows are one path with one noise, computed in two variables; fine modes go first, as under a "
                + "falling cutoff")),
        new Diagram("images.regulator", "The noise schedule as a regulator", Quantity.linear("ε = −cos πk₁ − cos πk₂"),
            Quantity.linear("ᾱ = K(ε, μ)"), regulator, "The published schedule lowers μ from 4 to −4; a mode is "
                + "lost when μ passes its energy. At μ = −4 ᾱ of the lowest mode is still 0.018, and its amplitude "
                + "0.13 of what it was."));
  }

  /** The measured signal-to-noise ratio of every energy, over the straight lines of the Fermi schedule. */
  private List<Diagram> signalToNoise() {
    ModeSchedule flow = published.modes();
    PatchModes patches = new PatchModes(3, SIDE, SIDE, PATCH);
    List<Curve> curves = new ArrayList<>();
    double[] ends = {-2, 2};
    double[] scales = {2, 0, -2};
    try (ForwardProcess process = new ForwardProcess(setting.device(), patches, flow,
        ModeSchedule.Variable.VARIANCE_PRESERVING, new RandomStream(setting.seed()))) {
      process.start(white(setting.seed() + 1));
      float[] clean = process.grouped();
      int positions = clean.length / (3 * flow.modes());
      for (int s = 0; s < scales.length; s++) {
        double mu = scales[s];
        process.advance(mu);
        float[] now = process.grouped();
        double[] x = new double[flow.modes()];
        double[] y = new double[flow.modes()];
        double[] error = new double[flow.modes()];
        for (int k = 0; k < flow.modes(); k++) {
          estimate(now, clean, k, flow.modes(), positions, y, error);
          x[k] = flow.energy(k);
          y[k] = error[k] < 0.5 ? y[k] : Double.NaN;
        }
        curves.add(Curve.dashes("", ends, Arrays.stream(ends).map(e -> (mu - e) / TEMPERATURE).toArray()).hue(s));
        curves.add(Curve.points(label(mu), x, y, error).hue(s));
      }
    }
    return List.of(new Diagram("images.snr", "Signal-to-noise ratio of the modes", Quantity.linear("ε = −cos πk₁ − "
        + "cos πk₂"),
        Quantity.linear("ln(ᾱ / (1 − ᾱ))"), curves, setting.seeded("Symbols: amplitude of the signal and variance "
            + "of the noise measured mode by mode in a picture of 112×112 whose modes have unit variance, with "
            + "standard errors; modes whose signal is lost in the noise are left out. Dashed: (μ − ε)/T' of the Fermi "
            + "schedule")));
  }

  /** ln(a²/n) of mode k by regression of x_t on x_0 over patches and colours, and its standard error. */
  private static void estimate(
      float[] now, float[] clean, int k, int modes, int positions, double[] value, double[] error) {
    double product = 0;
    double square = 0;
    double total = 0;
    int count = 0;
    for (int channel = k; channel < 3 * modes; channel += modes) {
      for (int p = 0; p < positions; p++) {
        double c = clean[channel * positions + p];
        double x = now[channel * positions + p];
        product += x * c;
        square += c * c;
        total += x * x;
        count++;
      }
    }
    double amplitude = product / square;
    double noise = (total - amplitude * product) / (count - 1);
    value[k] = Math.log(amplitude * amplitude / noise);
    error[k] = Math.sqrt(4 * noise / square / (amplitude * amplitude) + 2.0 / count);
  }

  // ---- schedules

  /** Measured once, from the picture’s patches. */
  private double[] deviation() {
    if (deviation == null) {
      PatchModes patches = new PatchModes(3, SIDE, SIDE, PATCH);
      float[] pixels = new float[patches.layout().size()];
      float[] modes = new float[pixels.length];
      patches.cut(YCbCr.ofRgb(picture), pixels);
      Program program = new Program("modes").input(pixels).addAll(patches.forward(pixels, modes)).output(modes);
      try (Session session = setting.device().open(program)) {
        session.run(program);
      }
      float[] grouped = patches.grouped(modes);
      int positions = grouped.length / (3 * PATCH * PATCH);
      deviation = new double[3 * PATCH * PATCH];
      for (int k = 0; k < deviation.length; k++) {
        Tally tally = new Tally();
        for (int p = 0; p < positions; p++) {
          tally.add(grouped[k * positions + p]);
        }
        deviation[k] = tally.error() * Math.sqrt(positions);
      }
    }
    return deviation;
  }

  private List<Check> fermi() {
    NoiseSchedule schedule = NoiseSchedules.fermi(published, 1);
    double worst = 0;
    double complement = 0;
    for (int t = 0; t < STEPS; t += 37) {
      double mu = 4 - 8.0 * t / (STEPS - 1);
      for (int k = 0; k < schedule.modes(); k++) {
        double energy = -Math.cos(Math.PI * (k % PATCH) / (PATCH - 1)) - Math.cos(Math.PI * (k / PATCH) / (PATCH - 1));
        worst = Math.max(worst, Math.abs(schedule.logSnr(k, t) - (mu - energy) / TEMPERATURE));
        complement = Math.max(complement, Math.abs(schedule.alphaBar(k, t) + Math.exp(schedule.logNoise(k, t)) - 1));
      }
    }
    int finest = PATCH * PATCH - 1;
    String reference = MODEL + ": ᾱ = 1/(e^((ε−μ)/T') + 1), T' = 0.5, μ from 4 to −4 in 1000 steps";
    return List.of(
        Check.absolute("images.schedule.fermi.log-snr", "largest deviation of ln ᾱ − ln(1 − ᾱ) from (μ_t − ε)/T' "
            + "over all modes, 28 times",
            reference, 0, worst, 1e-11),
        Check.absolute("images.schedule.fermi.preserved", "largest deviation of ᾱ + (1 − ᾱ) from 1, the second from "
            + "its own logarithm",
            reference, 0, complement, 1e-14),
        Check.absolute("images.schedule.fermi.first", "ln ᾱ/(1 − ᾱ) of the finest mode at the first step: data of σ "
            + "< e⁻² begin below the noise", reference, 4, schedule.logSnr(finest, 0), 1e-11),
        Check.relative("images.schedule.fermi.last", "√ᾱ of a patch’s mean at the last step: what is left of the "
            + "picture (0.134)",
            reference, 1 / Math.sqrt(Math.exp(4) + 1), Math.sqrt(schedule.alphaBar(0, STEPS - 1)), 1e-12));
  }

  private List<Check> terminal() {
    NoiseSchedule schedule = NoiseSchedules.fermiBetween(PATCH, 3, TEMPERATURE, deviation(), 13, -7, STEPS);
    SnrLimits first = SnrLimits.of(schedule, deviation(), 0);
    SnrLimits last = SnrLimits.of(schedule, deviation(), STEPS - 1);
    String reference = "the range of μ is the narrowest that meets both limits";
    String where = " step, limits 13 and −7, deviations of the picture’s patches";
    return List.of(
        Check.absolute("images.schedule.terminal.first", "least ln SNR over the modes at the first" + where, reference,
            13,
            first.lowest(), 1e-9),
        Check.absolute("images.schedule.terminal.last", "greatest ln SNR over the modes at the last" + where, reference,
            -7,
            last.highest(), 1e-9));
  }

  private List<Check> otherSchedules() {
    List<Check> checks = new ArrayList<>();
    for (String name : NoiseSchedules.NAMES) {
      NoiseSchedule schedule = NoiseSchedules.named(name, PATCH, 3, deviation(), STEPS);
      double rises = 0;
      for (int k = 0; k < schedule.modes(); k++) {
        for (int t = 1; t < STEPS; t++) {
          rises += Math.max(0, schedule.alphaBar(k, t) - schedule.alphaBar(k, t - 1));
        }
      }
      checks.add(Check.absolute("images.schedule.falls." + name, "sum of all rises of ᾱ over 1000 steps and all "
          + "modes, schedule "
          + schedule.label(), "a regulator does not decrease with its scale: noise only comes in", 0, rises, 1e-14));
    }
    NoiseSchedule cosine = NoiseSchedules.cosine(1, STEPS);
    double worst = 0;
    for (int t = 0; t < STEPS - 1; t++) {
      double angle = 0.5 * Math.PI * ((t + 1.0) / STEPS + 0.008) / 1.008;
      double start = Math.cos(0.5 * Math.PI * 0.008 / 1.008);
      worst = Math.max(worst, Math.abs(cosine.alphaBar(0, t) - Math.pow(Math.cos(angle) / start, 2)));
    }
    checks.add(Check.absolute("images.schedule.cosine", "largest deviation of ᾱ_t from f(t)/f(0), f = cos²(π/2·(t/T "
        + "+ s)/(1 + s)), before the last step, where β is bounded", "Nichol & Dhariwal 2102.09672, equation "
        + "17", 0, worst, 1e-13));
    double product = 1;
    for (int t = 0; t < STEPS; t++) {
      product *= 1 - (1e-4 + (0.02 - 1e-4) * t / (STEPS - 1));
    }
    checks.add(Check.relative("images.schedule.linear", "ᾱ at the last step of the linear schedule, Π(1 − β_t)",
        "Ho, Jain & Abbeel 2006.11239: β from 10⁻⁴ to 0.02", product, NoiseSchedules.linear(1, STEPS).alphaBar(0,
            STEPS - 1), 1e-11));
    NoiseSchedule equal = NoiseSchedules.equalSnr(deviation(), STEPS);
    double spread = 0;
    for (int t = 0; t < STEPS; t += 111) {
      SnrLimits limits = SnrLimits.of(equal, deviation(), t);
      spread = Math.max(spread, limits.highest() - limits.lowest());
    }
    checks.add(Check.absolute("images.schedule.equal-snr", "largest spread of ln SNR over the modes under noise "
        + "with the covariance of the data", "Falck et al. 2505.11278: one signal-to-noise ratio for "
        + "all", 0, spread, 1e-9));
    return checks;
  }

  private List<Diagram> schedules() {
    List<Curve> curves = new ArrayList<>();
    double[] times = new double[41];
    Arrays.setAll(times, i -> i / 40.0);
    for (int i = 0; i < NoiseSchedules.NAMES.size(); i++) {
      String name = NoiseSchedules.NAMES.get(i);
      NoiseSchedule schedule = NoiseSchedules.named(name, PATCH, 3, deviation(), STEPS);
      double[] high = new double[times.length];
      double[] low = new double[times.length];
      for (int j = 0; j < times.length; j++) {
        SnrLimits limits = SnrLimits.of(schedule, deviation(), times[j] * (STEPS - 1));
        high[j] = limits.highest();
        low[j] = limits.lowest();
      }
      curves.add(Curve.line(name, times, high).hue(i));
      curves.add(Curve.dashes("", times, low).hue(i));
    }
    return List.of(new Diagram("images.schedules", "What each schedule does to the picture’s modes",
        Quantity.linear("t/T"),
        Quantity.linear("ln SNR").between(-25, 25), curves, "Full: the mode with the greatest signal-to-noise "
            + "ratio; dashed: the one with the least; standard deviations of the picture’s own modes. Above 0 a mode "
            + "is seen, below it is noise. Under equal-snr both coincide."));
  }

  // ---- the reverse process

  private static final double[] MEAN = {0.7, -0.2, 0.1, 0};
  private static final double[] DEVIATION = {4, 0.4, 0.5, 0.15};

  private List<Check> reverse() {
    NoiseSchedule narrow = NoiseSchedules.fermi(FermiSchedule.published(2), 1);
    NoiseSchedule wide = NoiseSchedules.fermiBetween(2, 1, TEMPERATURE, DEVIATION, 13, -7, STEPS);
    String exact = "the reverse process of Gaussian data is linear: it gives their variance back";
    List<Check> checks = new ArrayList<>();
    double[] given = variances(wide, SamplingOptions.deterministic(SamplingMethod.DPM3M, STEPS, 100).startedFrom(MEAN,
        DEVIATION));
    double[] fromNoise = variances(narrow, SamplingOptions.deterministic(SamplingMethod.DPM3M, STEPS, 100));
    double error = Math.sqrt(2.0 / samples());
    for (int k = 0; k < DEVIATION.length; k++) {
      checks.add(Check.monteCarlo("images.reverse.mode-" + k, setting.seeded("⟨(x − m)²⟩/σ² of mode " + k
          + " of 2x2 patches after 100 steps of DPM-Solver++(3M) with the exact denoiser, schedule with ln SNR from 13 "
          + "to −7"), exact, 1,
              given[k], error));
    }
    double alphaBar = narrow.alphaBar(0, STEPS - 1);
    double expected = (1 + alphaBar * MEAN[0] * MEAN[0]) / (alphaBar * DEVIATION[0] * DEVIATION[0] + 1 - alphaBar);
    checks.add(Check.monteCarlo("images.reverse.published", setting.seeded("the same for the lowest mode, σ = 4, "
        + "under the published schedule, started from N(0, 1); a start from the law of the noised data would give 1"),
        "(1 + ᾱm²)/(ᾱσ² + 1 − ᾱ) at the last step, by the linear map of the probability flow", expected, fromNoise[0],
        expected * error, Math.min(Math.abs(1 - expected), 0.5 * expected)));
    return checks;
  }

  private int samples() {
    return setting.choose(1 << 16, 1 << 20);
  }

  /** Mean squares of the samples’ modes about the data’s mean, in units of the data’s variance. */
  private double[] variances(NoiseSchedule schedule, SamplingOptions options) {
    int positions = 1 << 14;
    ModeBatch batch = new ModeBatch(1, DEVIATION.length, positions);
    double[] squares = new double[DEVIATION.length];
    int runs = samples() / positions;
    try (DiffusionSampler sampler = new DiffusionSampler(setting.device(), schedule,
        new WienerDenoiser(batch, schedule, MEAN, DEVIATION), null, options)) {
      for (int run = 0; run < runs; run++) {
        float[] modes = sampler.sample(setting.seed(), run);
        for (int i = 0; i < modes.length; i++) {
          double z = (modes[i] - MEAN[i / positions]) / DEVIATION[i / positions];
          squares[i / positions] += z * z / ((double) runs * positions);
        }
      }
    }
    return squares;
  }
}
