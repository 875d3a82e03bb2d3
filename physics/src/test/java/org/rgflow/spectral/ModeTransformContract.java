package org.rgflow.spectral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;

/** What every real Fourier transform of lattice fields must do. */
abstract class ModeTransformContract {
  /**
   * Relative error in the 2-norm. A float product sum of n terms errs by about √n · 6e-8 and there are
   * two of them; n ≤ 257 here.
   */
  static final double TOLERANCE = 2e-6;

  abstract ModeTransform create(FieldLayout layout);

  static List<FieldLayout> layouts() {
    List<FieldLayout> layouts = new ArrayList<>();
    int[] sides = {2, 3, 4, 5, 6, 7, 8, 12, 13, 16, 20, 24, 30, 64, 100};
    int[] replicas = {1, 3, 16, 17, 40};
    for (int i = 0; i < sides.length; i++) {
      Lattice lattice = Lattice.square(sides[i]);
      if (sides[i] <= 24) {
        for (int r : replicas) {
          layouts.add(new FieldLayout(lattice, r));
        }
      } else {
        layouts.add(new FieldLayout(lattice, replicas[i % 2]));
        layouts.add(new FieldLayout(lattice, 17));
      }
    }
    layouts.add(new FieldLayout(new Lattice(6, 4), 5));
    layouts.add(new FieldLayout(new Lattice(5, 8), 16));
    layouts.add(new FieldLayout(new Lattice(7, 30), 33));
    layouts.add(new FieldLayout(new Lattice(2, 97), 2));
    layouts.add(new FieldLayout(new Lattice(96, 3), 1));
    layouts.add(new FieldLayout(new Lattice(42, 66), 1));
    layouts.add(new FieldLayout(new Lattice(66, 42), 16));
    layouts.add(new FieldLayout(new Lattice(128, 40), 7));
    layouts.add(new FieldLayout(new Lattice(257, 90), 1));
    layouts.add(new FieldLayout(new Lattice(34, 256), 1));
    return layouts;
  }

  static float[] random(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static void run(int threads, List<Launch> launches) {
    Program program = new Program("transform").addAll(launches);
    try (JvmDevice device = new JvmDevice(threads); Session session = device.open(program)) {
      session.run(program);
    }
  }

  /** The naive transform of one replica in double. */
  static double[] modes(float[] buffer, FieldLayout layout, int replica) {
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    double[] bx = Bases.realFourier(lx);
    double[] by = Bases.realFourier(ly);
    double[] half = new double[lx * ly];
    for (int k = 0; k < ly; k++) {
      for (int y = 0; y < ly; y++) {
        for (int x = 0; x < lx; x++) {
          half[k * lx + x] += by[k * ly + y] * buffer[layout.index(replica, y * lx + x)];
        }
      }
    }
    double[] modes = new double[lx * ly];
    for (int k = 0; k < ly; k++) {
      for (int j = 0; j < lx; j++) {
        double sum = 0;
        for (int x = 0; x < lx; x++) {
          sum += bx[j * lx + x] * half[k * lx + x];
        }
        modes[k * lx + j] = sum;
      }
    }
    return modes;
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void equalsTheNaiveMatrixInDouble(FieldLayout layout) {
    float[] field = random(layout.size(), 1);
    float[] modes = new float[layout.size()];
    float[] kept = field.clone();
    run(1, create(layout).forward(field, modes));
    assertThat(field).isEqualTo(kept);
    for (int replica = 0; replica < layout.replicas(); replica += Math.max(1, layout.replicas() / 3)) {
      double[] expected = modes(field, layout, replica);
      double error = 0;
      double norm = 0;
      for (int k = 0; k < expected.length; k++) {
        double difference = modes[layout.index(replica, k)] - expected[k];
        error += difference * difference;
        norm += expected[k] * expected[k];
      }
      assertThat(Math.sqrt(error / norm)).as("replica %d", replica).isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void inverseUndoesForwardAndNormsAgree(FieldLayout layout) {
    float[] field = random(layout.size(), 2);
    float[] modes = new float[layout.size()];
    float[] back = new float[layout.size()];
    ModeTransform transform = create(layout);
    run(1, transform.forward(field, modes));
    run(1, transform.inverse(modes, back));
    double error = 0;
    double norm = 0;
    double modeNorm = 0;
    for (int i = 0; i < field.length; i++) {
      error += (field[i] - back[i]) * (double) (field[i] - back[i]);
      norm += field[i] * (double) field[i];
      modeNorm += modes[i] * (double) modes[i];
    }
    assertThat(Math.sqrt(error / norm)).isLessThan(TOLERANCE);
    assertThat(Math.abs(modeNorm / norm - 1)).isLessThan(TOLERANCE);
  }

  /** A unit vector in mode space is an eigenvector of the Laplacian with eigenvalue −p̂². */
  @ParameterizedTest
  @MethodSource("layouts")
  void modesAreEigenvectorsOfTheLaplacian(FieldLayout layout) {
    Lattice lattice = layout.lattice();
    int lx = lattice.lx();
    int ly = lattice.ly();
    LatticeModes latticeModes = new LatticeModes(lattice);
    float[] modes = new float[layout.size()];
    float[] field = new float[layout.size()];
    int[] chosen = new int[layout.replicas()];
    SplittableRandom random = new SplittableRandom(3);
    for (int replica = 0; replica < layout.replicas(); replica++) {
      chosen[replica] = random.nextInt(lattice.sites());
      modes[layout.index(replica, chosen[replica])] = 1;
    }
    run(1, create(layout).inverse(modes, field));
    double worst = 0;
    for (int replica = 0; replica < layout.replicas(); replica++) {
      double energy = latticeModes.energy(chosen[replica]);
      for (int y = 0; y < ly; y++) {
        for (int x = 0; x < lx; x++) {
          double here = field[layout.index(replica, y * lx + x)];
          double laplacian = field[layout.index(replica, y * lx + (x + 1) % lx)]
              + (double) field[layout.index(replica, y * lx + (x + lx - 1) % lx)]
              + field[layout.index(replica, (y + 1) % ly * lx + x)]
              + field[layout.index(replica, (y + ly - 1) % ly * lx + x)] - 4 * here;
          worst = Math.max(worst, Math.abs(laplacian + energy * here));
        }
      }
    }
    assertThat(worst).isLessThan(8e-6);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void sameBitsOnAnyNumberOfThreads(FieldLayout layout) {
    float[] field = random(layout.size(), 4);
    float[][] modes = new float[3][layout.size()];
    float[][] back = new float[3][layout.size()];
    ModeTransform transform = create(layout);
    for (int threads = 1; threads <= 3; threads++) {
      run(threads, transform.forward(field, modes[threads - 1]));
      run(threads, transform.inverse(modes[threads - 1], back[threads - 1]));
    }
    assertThat(modes[1]).isEqualTo(modes[0]);
    assertThat(modes[2]).isEqualTo(modes[0]);
    assertThat(back[1]).isEqualTo(back[0]);
    assertThat(back[2]).isEqualTo(back[0]);
  }

  /** One item at a time, last item first, launch by launch: the contract of {@link Launch}. */
  @ParameterizedTest
  @MethodSource("layouts")
  void itemsRunInAnyOrder(FieldLayout layout) {
    float[] field = random(layout.size(), 5);
    float[] expected = new float[layout.size()];
    float[] modes = new float[layout.size()];
    ModeTransform transform = create(layout);
    run(1, transform.forward(field, expected));
    for (Launch launch : transform.forward(field, modes)) {
      assertThat(layout.blocks() % launch.groups()).isZero();
      for (int item = launch.items() - 1; item >= 0; item--) {
        launch.run(item, item + 1);
      }
    }
    assertThat(modes).isEqualTo(expected);
  }

  @Test
  void refusesBuffersThatDoNotFit() {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 2);
    ModeTransform transform = create(layout);
    float[] buffer = new float[layout.size()];
    assertThat(transform.layout()).isEqualTo(layout);
    assertThatThrownBy(() -> transform.forward(buffer, buffer)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same buffer");
    assertThatThrownBy(() -> transform.inverse(buffer, new float[3])).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32");
  }
}
