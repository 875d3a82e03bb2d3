package org.rgflow.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.rng.UniformRandomProvider;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.transport.CellGrid;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * The flow is steepest descent: of all velocity fields v of equal cost ∫ |v|²/M P, M = B/2, that of the flow lowers
 * KL(·‖Q) fastest. P is moved along v by the map x ↦ x + εv(x), under which
 *
 * <pre>  KL = ∫ P [ln P − ln det(1 + ε∇v) + U(x + εv)] dx + const,   Q ∝ e^(−U),</pre>
 *
 * and the rate is its difference quotient in ε. Nothing here uses a formula for the gradient.
 */
final class SteepestDescentChecks {
  private static final String REFERENCE = "Otto 2001; Cotler & Rezchikov 2202.11737: Polchinski's equation is the "
      + "gradient flow of KL(·‖Q) in the Wasserstein metric with cost |v|²/M, M = B/2";
  private static final double QUADRATURE = 1e-8;
  private static final int WAVES = 4;

  private final MonteCarlo setting;
  private final Map<ModeTheory, Diagram> drawn = new LinkedHashMap<>();

  SteepestDescentChecks(MonteCarlo setting) {
    this.setting = setting;
  }

  void addTo(Suite suite) {
    suite.topic(new Topic("steepest-descent", "No other way is steeper",
        "The density is moved along the flow’s own velocity and along others of the same cost, and the fall of "
            + "relative entropy is read off: nothing beats the flow, and at the flow the rate is stationary.",
        List.of("v = -\\frac{B}{C}\\,\\varphi - \\frac{1}{2}\\,B\\,\\partial\\ln P = -M\\,\\partial\\ln\\frac{P}{Q}, "
            + "\\quad \\int\\frac{|v|^2}{M}\\,P\\,d\\varphi = \\text{const}",
            "-\\frac{d}{d\\varepsilon}\\,\\mathrm{KL}\\left((1 + \\varepsilon v)_* P\\|Q\\right) \\to \\text{max}"),
        "Otto 2001; Cotler & Rezchikov 2202.11737"));
    for (ModeTheory theory : ModeTheory.POLCHINSKI) {
      suite.add("steepest-descent." + theory.label(), () -> steepest(theory));
    }
    suite.figures("steepest-descent.figures", () -> List.copyOf(drawn.values()));
  }

  /**
   * A velocity field with its derivatives at the centres of the cells.
   *
   * @param value {@code [mode][cell]}
   * @param slope {@code [mode][by mode][cell]}
   */
  private record Field(double[][] value, double[][][] slope) {
    static Field zero(int modes, int cells) {
      return new Field(new double[modes][cells], new double[modes][modes][cells]);
    }

    /** α this + β other. */
    Field combined(double alpha, Field other, double beta) {
      Field result = zero(value.length, value[0].length);
      for (int k = 0; k < value.length; k++) {
        for (int i = 0; i < value[0].length; i++) {
          result.value[k][i] = alpha * value[k][i] + beta * other.value[k][i];
          for (int l = 0; l < value.length; l++) {
            result.slope[k][l][i] = alpha * slope[k][l][i] + beta * other.slope[k][l][i];
          }
        }
      }
      return result;
    }
  }

  /** P at one time, the metric and U. */
  private record Place(Law law, double[] mobility, double[] stiffness) {
    /** ∫ Σ v w / M P. */
    double product(Field v, Field w) {
      double total = 0;
      for (int k = 0; k < mobility.length; k++) {
        double sum = 0;
        for (int i = 0; i < law.density().length; i++) {
          sum += law.density()[i] * v.value[k][i] * w.value[k][i];
        }
        total += sum / mobility[k];
      }
      return total * law.grid().volume();
    }

    /** KL of P moved by ε v, less that of P. */
    double moved(Field v, double epsilon) {
      double sum = 0;
      for (int i = 0; i < law.density().length; i++) {
        double p = law.density()[i];
        if (p < 1e-30) {
          continue;
        }
        double trace = v.slope[0][0][i] * epsilon;
        double determinant = trace; // det(1 + ε∇v) − 1
        if (mobility.length == 2) {
          double other = v.slope[1][1][i] * epsilon;
          determinant = trace + other + trace * other - v.slope[0][1][i] * v.slope[1][0][i] * epsilon * epsilon;
        }
        double change = -Math.log1p(determinant);
        for (int k = 0; k < mobility.length; k++) {
          double shift = epsilon * v.value[k][i];
          change += stiffness[k] * shift * (law.coordinate(k, i) + 0.5 * shift);
        }
        sum += p * change;
      }
      return sum * law.grid().volume();
    }

    /** −d/dε KL. */
    double rate(Field v, double duration) {
      return -Quadrature.derivative(epsilon -> moved(v, epsilon), 0, duration);
    }
  }

  /** The velocity of the Langevin equation's probability current, −bφ − ½B ∂ ln P. */
  private static Field current(Law law, double[][] curvature, double[] drift, double[] noise) {
    int modes = drift.length;
    Field v = Field.zero(modes, law.density().length);
    for (int k = 0; k < modes; k++) {
      for (int i = 0; i < law.density().length; i++) {
        v.value[k][i] = -drift[k] * law.coordinate(k, i) - 0.5 * noise[k] * law.score()[k][i];
        for (int l = 0; l < modes; l++) {
          v.slope[k][l][i] = (k == l ? -drift[k] : 0) - 0.5 * noise[k] * curvature[k + l][i];
        }
      }
    }
    return v;
  }

  /** Each component a sum of waves of random amplitude, wave vector and phase. */
  private static Field random(CellGrid grid, int modes, UniformRandomProvider source) {
    Field v = Field.zero(modes, grid.cells());
    for (int k = 0; k < modes; k++) {
      for (int wave = 0; wave < WAVES; wave++) {
        double amplitude = source.nextDouble(-1, 1);
        double phase = 2 * Math.PI * source.nextDouble();
        double[] vector = new double[modes];
        Arrays.setAll(vector, l -> source.nextDouble(-3, 3));
        for (int i = 0; i < grid.cells(); i++) {
          double angle = phase + vector[0] * grid.x(i % grid.nx());
          angle += modes == 1 ? 0 : vector[1] * grid.y(i / grid.nx());
          v.value[k][i] += amplitude * Math.sin(angle);
          double cosine = amplitude * Math.cos(angle);
          for (int l = 0; l < modes; l++) {
            v.slope[k][l][i] += vector[l] * cosine;
          }
        }
      }
    }
    return v;
  }

  private List<Check> steepest(ModeTheory theory) {
    double time = 0.6 * theory.end();
    KernelQuadrature kernel = new KernelQuadrature(theory, setting.subject());
    Law law = kernel.at(time);
    double[] noise = theory.noiseRates(setting.subject(), time);
    double[] mobility = Arrays.stream(noise).map(setting.subject()::mobility).toArray();
    double[] stiffness = new double[theory.modes()];
    Arrays.setAll(stiffness, k -> 2 / theory.covariance(k, time));
    Place place = new Place(law, mobility, stiffness);
    Field flow = current(law, kernel.curvature(time), theory.driftRates(setting.subject(), time), noise);
    double cost = place.product(flow, flow);
    double duration = 1e-3 * theory.end();
    double rate = place.rate(flow, duration);

    UniformRandomProvider source = new RandomStream(setting.seed()).provider(Streams.VALIDATION);
    int fields = setting.choose(8, 50);
    double best = Double.NEGATIVE_INFINITY;
    double excess = 0;
    double slope = 0;
    double bend = 0;
    double[] angles = {-0.4, -0.2, -0.1, 0.1, 0.2, 0.4};
    double[] shownAngle = new double[fields * angles.length];
    double[] shownRate = new double[fields * angles.length];
    for (int f = 0; f < fields; f++) {
      Field w = random(law.grid(), theory.modes(), source);
      Field equal = w.combined(Math.sqrt(cost / place.product(w, w)), w, 0);
      // of the two signs the one that lowers KL
      best = Math.max(best, Math.abs(place.rate(equal, duration)) / cost);
      Field across = w.combined(1, flow, -place.product(w, flow) / cost);
      Field turned = across.combined(Math.sqrt(cost / place.product(across, across)), across, 0);
      double[] rates = new double[angles.length];
      for (int a = 0; a < angles.length; a++) {
        double angle = angles[a];
        rates[a] = place.rate(flow.combined(Math.cos(angle), turned, Math.sin(angle)), duration) / cost;
        excess = Math.max(excess, rates[a] - rate / cost);
        shownAngle[f * angles.length + a] = angle;
        shownRate[f * angles.length + a] = rates[a];
      }
      // r(θ) = α cos θ + β sin θ, so that differences at ±θ give α and β
      slope = Math.max(slope, Math.abs(rates[3] - rates[2]) / (2 * Math.sin(angles[3])));
      double curvature = (rates[4] + rates[1] - 2 * rate / cost) / (2 - 2 * Math.cos(angles[4]));
      bend = Math.abs(curvature + 1) > Math.abs(bend) ? curvature + 1 : bend;
    }
    draw(theory, shownAngle, shownRate, rate / cost);
    String prefix = "steepest-descent." + theory.label();
    String where = String.format(Locale.ROOT, ", τ = %.4g%s", time, theory.where());
    String directions = String.format(Locale.ROOT, " (%d random fields, seed %d)", fields, setting.seed());
    return List.of(
        Check.relative(prefix + ".rate", "along the probability current v = −(B/C)φ − ½B ∂ log P, KL(·‖Q) falls at the "
            + "rate ∫|v|²/M P, difference quotient of the moved density" + where, REFERENCE, cost, rate, QUADRATURE),
        Check.absolute(prefix + ".best", String.format(Locale.ROOT, "excess over the flow of any perturbed field of "
            + "equal cost, v cos θ + w sin θ, w across v, |θ| = 0.1 … 0.4, in units of the flow's rate; the best "
            + "random field reaches %.3f of it%s", best, directions) + where, REFERENCE, 0, excess, 0),
        Check.absolute(prefix + ".random",
            "excess over the flow of any random field of equal cost, in units of the flow's rate" + directions + where,
            REFERENCE, 0, Math.max(0, best - rate / cost), 0),
        Check.absolute(prefix + ".first-order", "largest derivative of the rate by the angle θ at the flow, in units "
            + "of the flow's rate: the optimum's first-order condition" + directions + where, REFERENCE, 0, slope,
            QUADRATURE),
        Check.absolute(prefix + ".second-order", "largest deviation from −1 of the second derivative by the angle, in "
            + "the same units: a maximum" + directions + where, REFERENCE, 0, bend, 1e-6));
  }

  private void draw(ModeTheory theory, double[] angle, double[] rate, double best) {
    DoubleUnaryOperator cosine = a -> best * Math.cos(a);
    double[] x = new double[61];
    Arrays.setAll(x, i -> -0.45 + 0.015 * i);
    drawn.put(theory, new Diagram("steepest-descent." + theory.label(),
        "No field of equal cost descends faster: " + theory.label().replace('-', ' '), 
        Quantity.linear("angle θ between field and flow"),
        Quantity.linear("rate of descent, relative to the flow's cost"),
        List.of(Curve.dashes("cos θ", x, Arrays.stream(x).map(cosine).toArray()),
            Curve.points("perturbed fields", angle, rate, null)),
        "−dKL/dε of the density moved by x ↦ x + εv for perturbations v cos θ + w sin θ of the flow's velocity, all of "
            + "the same cost ∫|v|²/M P" + theory.where() + "."));
  }
}
