package org.rgflow.data;

import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * A test picture with the statistics of a photograph, made by the program so that none has to be
 * shipped: an evening sky, mountain ridges of fractal noise that fade into the haze, and their
 * reflection in a lake. The same seed gives the same picture on every machine.
 */
public final class Landscape {
  private static final double HORIZON = 0.60;
  private static final double SUN_X = 0.71;
  private static final double SUN_Y = 0.27;
  private static final double[] ZENITH = {0.16, 0.28, 0.52};
  private static final double[] MIDDLE = {0.58, 0.60, 0.72};
  private static final double[] GLOW = {1.00, 0.74, 0.44};
  private static final double[] SUN = {1.00, 0.95, 0.80};
  private static final double[] FAR = {0.50, 0.47, 0.58};
  private static final double[] NEAR = {0.07, 0.11, 0.12};
  private static final double[] SNOW = {0.96, 0.86, 0.84};
  private static final int RIDGES = 4;

  private final int[] stream;

  private Landscape(long seed) {
    stream = new RandomStream(seed).buffer();
  }

  /**
   * Renders the picture, RGB in [0, 1], with four samples per pixel.
   *
   * @param side height and width
   */
  public static ColorImage render(int side, long seed) {
    Landscape scene = new Landscape(seed);
    float[] values = new float[3 * side * side];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        for (int sample = 0; sample < 4; sample++) {
          double[] color = scene.color((x + 0.25 + 0.5 * (sample & 1)) / side, (y + 0.25 + 0.5 * (sample >> 1)) / side);
          for (int c = 0; c < 3; c++) {
            values[(c * side + y) * side + x] += (float) (0.25 * Math.clamp(color[c], 0, 1));
          }
        }
      }
    }
    return new ColorImage(3, side, side, values);
  }

  private double[] color(double x, double y) {
    if (y < HORIZON) {
      return land(x, y);
    }
    // The lake: the scene upside down, broken by waves that grow towards the viewer, and darker.
    double depth = (y - HORIZON) / (1 - HORIZON);
    double wave = (noise(x * 9 + 3, 40 / (depth + 0.12), 50) - 0.5) * (0.010 + 0.06 * depth);
    double ripple = (noise(x * 60, 160 * Math.sqrt(depth + 0.01), 51) - 0.5) * 0.03 * depth;
    double[] mirrored = land(x + ripple, HORIZON - (y - HORIZON) * 0.92 + wave);
    double dim = 0.88 - 0.38 * depth;
    return mix(scaled(mirrored, dim), new double[] {0.10, 0.17, 0.25}, 0.12 + 0.22 * depth);
  }

  private double[] land(double x, double y) {
    for (int ridge = RIDGES - 1; ridge >= 0; ridge--) {
      double nearness = ridge / (RIDGES - 1.0);
      double top = ridgeTop(ridge, x);
      if (y > top) {
        return slope(ridge, nearness, x, y, top);
      }
    }
    return sky(x, y);
  }

  /** The height at which a ridge meets the sky; far ridges are high and rough, near ones low. */
  private double ridgeTop(int ridge, double x) {
    double nearness = ridge / (RIDGES - 1.0);
    double frequency = 1.7 + 1.1 * ridge;
    double height = 0.40 - 0.30 * nearness;
    double rough = fractal(x * frequency + 7.3 * ridge, 10 + ridge, 7);
    return HORIZON - height * (0.05 + 1.05 * Math.pow(rough, 1.6)) - 0.006;
  }

  private double[] slope(int ridge, double nearness, double x, double y, double top) {
    double[] rock = mix(FAR, NEAR, Math.pow(nearness, 0.75));
    // Rock faces: the gradient of a fractal relief towards the sun.
    double u = x * (5.5 + 1.5 * ridge) + 0.5 * (y - top) * 9;
    double v = y * (8 + 2 * ridge);
    double relief = fractal2(u + 0.11, v - 0.06, 60) - fractal2(u - 0.11, v + 0.06, 60);
    double light = 0.5 + 0.5 * Math.tanh(7.5 * Math.tanh(8 * (SUN_X - x)) * relief);
    double texture = noise(x * 70 + 11 * ridge, y * 70, 20 + ridge) * 0.6 + noise(x * 170, y * 170, 24 + ridge) * 0.4;
    double[] color = scaled(rock, 0.72 + 0.36 * light + 0.34 * (texture - 0.5));
    double snowLine = HORIZON - 0.17 + 0.10 * (fractal2(x * 9, y * 9, 66) - 0.5) + 0.05 * (light - 0.5);
    if (ridge < 2) {
      double snow = Math.clamp((snowLine - y) / 0.02, 0, 1) * (ridge == 0 ? 0.85 : 0.7);
      color = mix(color, scaled(SNOW, 0.50 + 0.52 * light), snow);
    }
    if (ridge == RIDGES - 1) {
      double trees = noise(x * 130, y * 45, 33);
      color = mix(color, new double[] {0.05, 0.09, 0.07}, 0.65 * trees);
    }
    double haze = Math.clamp((y - top) / (HORIZON - top + 1e-9), 0, 1) * (0.46 - 0.36 * nearness);
    return mix(color, mix(MIDDLE, GLOW, 0.55 * glow(x, y)), haze);
  }

  private double[] sky(double x, double y) {
    double[] color = mix(ZENITH, MIDDLE, Math.pow(Math.clamp(y / 0.5, 0, 1), 0.8));
    color = mix(color, GLOW, glow(x, y));
    double cloud = fractal2(x * 3.2, y * 11, 40);
    double cover = Math.clamp((cloud - 0.52) * 3.2, 0, 1) * Math.clamp(1.25 - 1.9 * Math.abs(y - 0.2), 0, 1);
    color = mix(color, mix(new double[] {0.93, 0.80, 0.77}, GLOW, 0.6 * glow(x, y)), 0.72 * cover);
    double distance = Math.hypot(x - SUN_X, y - SUN_Y);
    color = mix(color, SUN, Math.clamp((0.052 - distance) / 0.005, 0, 1));
    return color;
  }

  private static double glow(double x, double y) {
    double distance = Math.hypot(x - SUN_X, 1.35 * (y - SUN_Y));
    return 0.92 * Math.exp(-Math.pow(distance / 0.24, 1.3));
  }

  /** Ridge noise in one dimension, 0 … about 1, seven octaves. */
  private double fractal(double x, int id, int octaves) {
    double sum = 0;
    double norm = 0;
    double amplitude = 1;
    double frequency = 1;
    for (int o = 0; o < octaves; o++) {
      double n = noise(x * frequency + 17.7 * o, 0.5, id);
      sum += amplitude * (o < 3 ? 1 - Math.abs(2 * n - 1) : n);
      norm += amplitude;
      amplitude *= 0.46;
      frequency *= 2.03;
    }
    return sum / norm;
  }

  private double fractal2(double x, double y, int id) {
    double sum = 0;
    double amplitude = 0.5;
    for (int o = 0; o < 5; o++) {
      sum += amplitude * noise(x * (1 << o) + 5.1 * o, y * (1 << o) - 3.7 * o, id + o);
      amplitude *= 0.5;
    }
    return sum / 0.96875;
  }

  /** Value noise: random numbers on the integer grid, joined smoothly. */
  private double noise(double x, double y, int id) {
    int ix = (int) Math.floor(x);
    int iy = (int) Math.floor(y);
    double fx = smooth(x - ix);
    double fy = smooth(y - iy);
    double above = lattice(ix, iy, id) * (1 - fx) + lattice(ix + 1, iy, id) * fx;
    double below = lattice(ix, iy + 1, id) * (1 - fx) + lattice(ix + 1, iy + 1, id) * fx;
    return above * (1 - fy) + below * fy;
  }

  private double lattice(int x, int y, int id) {
    int counter = (x & 0xFFFF) << 16 | y & 0xFFFF;
    return PhiloxKernels.uniform(PhiloxKernels.word(id & 3, counter, Streams.SCENE + (id >> 2), stream));
  }

  private static double smooth(double t) {
    return t * t * (3 - 2 * t);
  }

  private static double[] mix(double[] a, double[] b, double t) {
    return new double[] {a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2])};
  }

  private static double[] scaled(double[] a, double factor) {
    return new double[] {a[0] * factor, a[1] * factor, a[2] * factor};
  }
}
