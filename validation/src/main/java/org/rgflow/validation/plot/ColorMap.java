package org.rgflow.validation.plot;

import java.awt.Color;

/**
 * Colour maps built in OKLCh (B. Ottosson's OKLab in polar form), where equal steps look equal.
 * {@link #DIVERGING} runs from blue through near-white to orange-red, with the same lightness at equal
 * distance from zero, so neither sign looks larger, and a pair of hues that the common kinds of colour
 * blindness tell apart. {@link #SEQUENTIAL} runs from dark blue to light orange with rising lightness.
 */
public enum ColorMap {
  /** For signed values: t = 0 is the most negative, ½ is zero. */
  DIVERGING {
    @Override
    double[] oklch(double t) {
      double s = 2 * t - 1;
      double r = Math.abs(s);
      double lightness = 0.975 - 0.60 * Math.pow(r, 1.15);
      double chroma = 0.155 * Math.sin(Math.PI * Math.min(1, 0.08 + 0.66 * Math.pow(r, 0.85)));
      double hue = s < 0 ? 254 - 8 * r : 52 - 22 * r;
      return new double[] {lightness, r == 0 ? 0 : chroma * Math.min(1, 6 * r), hue};
    }
  },
  /** For an ordered set of curves. */
  SEQUENTIAL {
    @Override
    double[] oklch(double t) {
      double hue = 275 - t * 225;
      return new double[] {0.34 + 0.44 * t, 0.125 + 0.02 * Math.sin(Math.PI * t), hue < 0 ? hue + 360 : hue};
    }
  };

  /** {lightness 0…1, chroma, hue in degrees}. */
  abstract double[] oklch(double t);

  /** The colour at t; t outside 0…1 is clipped, NaN is grey. */
  public Color at(double t) {
    if (Double.isNaN(t)) {
      return new Color(0x9A9A9A);
    }
    double[] lch = oklch(Math.clamp(t, 0, 1));
    return rgb(lch[0], lch[1], lch[2]);
  }

  /** OKLCh to sRGB; chroma is lowered until the colour exists. */
  private static Color rgb(double lightness, double chroma, double hue) {
    double c = chroma;
    double[] linear = linear(lightness, c, hue);
    while (c > 1e-4 && (outside(linear[0]) || outside(linear[1]) || outside(linear[2]))) {
      c *= 0.97;
      linear = linear(lightness, c, hue);
    }
    return new Color(gamma(linear[0]), gamma(linear[1]), gamma(linear[2]));
  }

  private static boolean outside(double channel) {
    return channel < -1e-4 || channel > 1 + 1e-4;
  }

  private static double[] linear(double lightness, double chroma, double hue) {
    double a = chroma * Math.cos(Math.toRadians(hue));
    double b = chroma * Math.sin(Math.toRadians(hue));
    double l = Math.pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    double m = Math.pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    double s = Math.pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    return new double[] {
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s
    };
  }

  private static float gamma(double channel) {
    double v = Math.clamp(channel, 0, 1);
    return (float) (v <= 0.0031308 ? 12.92 * v : 1.055 * Math.pow(v, 1 / 2.4) - 0.055);
  }
}
