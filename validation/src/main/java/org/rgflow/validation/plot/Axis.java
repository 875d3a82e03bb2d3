package org.rgflow.validation.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A range of values along one side of a chart, its ticks and their labels.
 *
 * @param scale how values are spaced
 * @param low lower end
 * @param high upper end, above low
 */
public record Axis(Scale scale, double low, double high) {
  /** How values are spaced. */
  public enum Scale {
    LINEAR,
    LOGARITHMIC
  }

  /** A mark; a minor one has no label. */
  public record Tick(double value, String label) {
    public boolean major() {
      return !label.isEmpty();
    }
  }

  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  /**
   * The least axis that holds all values with a little air; not finite values (and ≤ 0 on a logarithmic one) are left
   * out.
   */
  public static Axis around(Scale scale, double[]... values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] some : values) {
      for (double v : some) {
        if (Double.isFinite(v) && (scale == Scale.LINEAR || v > 0)) {
          low = Math.min(low, v);
          high = Math.max(high, v);
        }
      }
    }
    if (low > high) {
      return scale == Scale.LINEAR ? new Axis(scale, 0, 1) : new Axis(scale, 0.1, 10);
    }
    if (scale == Scale.LOGARITHMIC) {
      double air = Math.max(Math.pow(high / low, 0.05), 1.1);
      return new Axis(scale, low / air, high * air);
    }
    double air = high > low ? 0.05 * (high - low) : Math.max(Math.abs(low) * 0.1, 1e-12);
    return new Axis(scale, low - air, high + air);
  }

  /** 0 at the lower end, 1 at the upper; NaN where the value has no place. */
  public double position(double value) {
    return scale == Scale.LINEAR ? (value - low) / (high - low)
        : value > 0 ? Math.log(value / low) / Math.log(high / low) : Double.NaN;
  }

  /** Ticks inside the range; about {@code wanted} of them with labels. */
  public List<Tick> ticks(int wanted) {
    return scale == Scale.LINEAR ? linearTicks(wanted) : logarithmicTicks(wanted);
  }

  private List<Tick> linearTicks(int wanted) {
    double rough = (high - low) / Math.max(1, wanted);
    double decade = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = decade;
    for (double factor : new double[] {1, 2, 2.5, 5, 10}) {
      step = factor * decade;
      if (step >= rough * 0.999) {
        break;
      }
    }
    int digits = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    if (Math.abs(step * Math.pow(10, digits) - Math.rint(step * Math.pow(10, digits))) > 1e-6) {
      digits++;
    }
    List<Tick> ticks = new ArrayList<>();
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
      double value = i * step;
      ticks.add(new Tick(value, decimal(value, digits)));
    }
    return ticks;
  }

  private List<Tick> logarithmicTicks(int wanted) {
    double decades = Math.log10(high / low);
    int stride = (int) Math.max(1, Math.ceil(decades / Math.max(1, wanted)));
    List<Tick> ticks = new ArrayList<>();
    for (int e = (int) Math.floor(Math.log10(low)); e <= Math.log10(high); e++) {
      for (int m = 1; m < 10; m++) {
        double value = m * Math.pow(10, e);
        if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) {
          continue;
        }
        boolean labelled = m == 1 ? e % stride == 0 : decades < 1.4 && (m == 2 || m == 5) || decades < 0.7 && m == 3;
        ticks.add(new Tick(value, !labelled ? "" : decades < 3.2 && e >= -3 && e <= 3 ? plain(value) : power(m, e)));
      }
    }
    return ticks;
  }

  private static String plain(double value) {
    String text = String.format(Locale.ROOT, "%.6f", value).replaceAll("0+$", "").replaceAll("\\.$", "");
    return text.replace('-', '−');
  }

  private static String power(int mantissa, int exponent) {
    StringBuilder text = new StringBuilder(mantissa == 1 ? "10" : mantissa + "·10");
    for (char c : Integer.toString(exponent).toCharArray()) {
      text.append(c == '-' ? '⁻' : SUPERSCRIPTS.charAt(c - '0'));
    }
    return text.toString();
  }

  private static String decimal(double value, int digits) {
    if (Math.abs(value) >= 1e6 || digits > 5 && Math.abs(value) > 0) {
      String text = String.format(Locale.ROOT, "%.2e", value);
      int e = text.indexOf('e');
      String mantissa = text.substring(0, e).replaceAll("0+$", "").replaceAll("\\.$", "").replace('-', '−');
      return mantissa + power(1, Integer.parseInt(text.substring(e + 1))).replace("10", "·10");
    }
    String text = String.format(Locale.ROOT, "%." + digits + "f", value);
    return (Double.parseDouble(text) == 0 ? text.replace("-", "") : text).replace('-', '−');
  }
}
