package org.rgflow.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.JvmDevice;

/** Every measured quantity against its definition, site by site. */
class MeasurementTest {
  @ParameterizedTest
  @CsvSource({"2, 2, 1", "3, 3, 17", "8, 8, 4", "6, 10, 3", "9, 4, 32", "16, 16, 1", "33, 5, 1", "5, 40, 2", "20, 20, 16"})
  void agreesWithTheDefinitions(int lx, int ly, int replicas) {
    Lattice lattice = new Lattice(lx, ly);
    FieldLayout layout = new FieldLayout(lattice, replicas);
    SplittableRandom random = new SplittableRandom(lx * 100 + ly);
    float[] field = new float[layout.size()];
    for (int i = 0; i < field.length; i++) {
      field[i] = (float) random.nextGaussian();
    }
    try (JvmDevice device = new JvmDevice(2); Measurement measurement = new Measurement(layout, field, device)) {
      measurement.measure();
      measurement.measure();
      double volume = lattice.sites();
      for (int r = 0; r < replicas; r++) {
        double[][] phi = new double[ly][lx];
        for (int y = 0; y < ly; y++) {
          for (int x = 0; x < lx; x++) {
            phi[y][x] = field[layout.index(r, y * lx + x)];
          }
        }
        double m = 0;
        double phi2 = 0;
        double phi4 = 0;
        double gradient2 = 0;
        double[] re = new double[2];
        double[] im = new double[2];
        for (int y = 0; y < ly; y++) {
          for (int x = 0; x < lx; x++) {
            double f = phi[y][x];
            m += f / volume;
            phi2 += f * f / volume;
            phi4 += f * f * f * f / volume;
            gradient2 += (Math.pow(phi[y][(x + 1) % lx] - f, 2) + Math.pow(phi[(y + 1) % ly][x] - f, 2)) / volume;
            re[0] += f * Math.cos(2 * Math.PI * x / lx);
            im[0] += f * Math.sin(2 * Math.PI * x / lx);
            re[1] += f * Math.cos(2 * Math.PI * y / ly);
            im[1] += f * Math.sin(2 * Math.PI * y / ly);
          }
        }
        assertThat(measurement.values().get("m")[r]).isCloseTo(m, within(1e-12));
        assertThat(measurement.values().get("phi2")[r]).isCloseTo(phi2, within(1e-12));
        assertThat(measurement.values().get("phi4")[r]).isCloseTo(phi4, within(1e-11));
        assertThat(measurement.values().get("gradient2")[r]).isCloseTo(gradient2, within(1e-11));
        assertThat(measurement.values().get("gkx")[r]).isCloseTo((re[0] * re[0] + im[0] * im[0]) / volume, within(1e-11));
        assertThat(measurement.values().get("gky")[r]).isCloseTo((re[1] * re[1] + im[1] * im[1]) / volume, within(1e-11));
        for (int t = 0; t < measurement.separations(); t++) {
          double expected = 0;
          int directions = 0;
          if (ly >= lx) {
            expected += slices(phi, ly, lx, t, false);
            directions++;
          }
          if (lx >= ly) {
            expected += slices(phi, lx, ly, t, true);
            directions++;
          }
          assertThat(measurement.correlator()[r * measurement.separations() + t])
              .isCloseTo(expected / directions, within(1e-11));
        }
      }
    }
  }

  private static double slices(double[][] phi, int extent, int width, int t, boolean alongX) {
    double sum = 0;
    for (int s = 0; s < extent; s++) {
      for (int a = 0; a < width; a++) {
        for (int b = 0; b < width; b++) {
          int later = (s + t) % extent;
          sum += alongX ? phi[a][s] * phi[b][later] : phi[s][a] * phi[later][b];
        }
      }
    }
    return sum / (extent * width);
  }
}
