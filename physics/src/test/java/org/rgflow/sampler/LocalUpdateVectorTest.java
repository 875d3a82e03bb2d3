package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.kernels.ClusterKernels;
import org.rgflow.kernels.ClusterVector;
import org.rgflow.kernels.MetropolisKernels;
import org.rgflow.kernels.MetropolisVector;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/** The vector forms of the local updates and of the bonds agree with the naive bodies to the last bit. */
class LocalUpdateVectorTest {
  private static float[] field(FieldLayout layout, Random random) {
    return Start.HOT.field(Phi4Action.gerdes(-4, 5), layout, new RandomStream(random.nextLong()));
  }

  /** A cut of 0 … items into ranges, as threads would take them. */
  private static int[] cuts(int items, Random random) {
    int[] cuts = random.ints(random.nextInt(4), 0, items + 1).sorted().toArray();
    int[] result = new int[cuts.length + 2];
    System.arraycopy(cuts, 0, result, 1, cuts.length);
    result[result.length - 1] = items;
    return result;
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 1, 2", "2, 2, 16, 1", "3, 5, 1, 3", "7, 4, 5, 2", "6, 6, 20, 2", "31, 30, 1, 2", "9, 3, 40, 5",
      "64, 64, 1, 2", "33, 17, 3, 4", "40, 24, 16, 2"})
  void metropolisHits(int lx, int ly, int replicas, int hits) {
    Random random = new Random(lx * 1000L + ly * 10L + replicas);
    FieldLayout layout = new FieldLayout(new Lattice(lx, ly), replicas);
    Checkerboard checkerboard = new Checkerboard(layout.lattice());
    int blockSize = layout.lattice().sites() * layout.lanes();
    int width = Checkerboard.width(layout);
    float[] range = {0.9f};
    int[] stream = new RandomStream(random.nextLong(), random.nextLong()).buffer();
    float[] naive = field(layout, random);
    float[] fast = naive.clone();
    for (int colour = 0; colour < checkerboard.colours(); colour++) {
      int[] table = checkerboard.neighbourhood(layout, colour);
      int items = layout.blocks() * (table.length / 5) * width;
      int[] naiveAccepted = new int[items];
      int[] fastAccepted = new int[items];
      for (int item = 0; item < items; item++) {
        MetropolisKernels.hits(
            item, naive, naiveAccepted, table, width, blockSize, 2f, 0f, 5f, range, hits, stream, 77);
      }
      int[] cuts = cuts(items, random);
      for (int i = 1; i < cuts.length; i++) {
        MetropolisVector.hits(cuts[i - 1], cuts[i], fast, fastAccepted, table, width, blockSize, 2f, 0f, 5f, range, hits,
            stream, 77);
      }
      assertThat(fast).containsExactly(naive);
      assertThat(fastAccepted).containsExactly(naiveAccepted);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 1", "2, 2, 16", "3, 5, 1", "7, 4, 5", "6, 6, 20", "31, 30, 1", "9, 3, 40", "64, 64, 1", "33, 17, 3",
      "40, 24, 16"})
  void reflections(int lx, int ly, int replicas) {
    Random random = new Random(lx * 1000L + ly * 10L + replicas);
    FieldLayout layout = new FieldLayout(new Lattice(lx, ly), replicas);
    Checkerboard checkerboard = new Checkerboard(layout.lattice());
    int blockSize = layout.lattice().sites() * layout.lanes();
    int width = Checkerboard.width(layout);
    float[] inverse = {0.13f};
    int[] stream = new RandomStream(random.nextLong(), random.nextLong()).buffer();
    float[] start = field(layout, random);
    float[] naive = start.clone();
    float[] fast = start.clone();
    for (int colour = 0; colour < checkerboard.colours(); colour++) {
      int[] table = checkerboard.neighbourhood(layout, colour);
      int items = layout.blocks() * (table.length / 5) * width;
      for (int item = 0; item < items; item++) {
        MetropolisKernels.reflect(item, naive, table, width, blockSize, 2f, 0.3f, 5f, inverse, stream, 78);
      }
      int[] cuts = cuts(items, random);
      for (int i = 1; i < cuts.length; i++) {
        MetropolisVector.reflect(
            cuts[i - 1], cuts[i], fast, table, width, blockSize, 2f, 0.3f, 5f, inverse, stream, 78);
      }
      assertThat(fast).containsExactly(naive);
    }
    assertThat(naive).isNotEqualTo(start);
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 1", "2, 2, 16", "3, 5, 1", "7, 4, 5", "6, 6, 20", "31, 30, 1", "9, 3, 40", "600, 3, 1", "33, 17, 3",
      "40, 24, 16"})
  void clusterBonds(int lx, int ly, int replicas) {
    Random random = new Random(lx * 1000L + ly * 10L + replicas);
    FieldLayout layout = new FieldLayout(new Lattice(lx, ly), replicas);
    int[] stream = new RandomStream(random.nextLong(), random.nextLong()).buffer();
    float[] field = field(layout, random);
    int[] naive = new int[field.length];
    int[] fast = new int[field.length];
    for (int element = 0; element < field.length; element++) {
      ClusterKernels.bonds(element, field, naive, 2f, stream, 79, lx, ly, layout.lanes());
    }
    int[] cuts = cuts(field.length, random);
    for (int i = 1; i < cuts.length; i++) {
      ClusterVector.bonds(cuts[i - 1], cuts[i], field, fast, 2f, stream, 79, lx, ly, layout.lanes());
    }
    assertThat(fast).containsExactly(naive);
    assertThat(naive).contains(0, 4);
  }
}
