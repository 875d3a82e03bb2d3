package org.rgflow.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;

class CheckerboardTest {
  @ParameterizedTest
  @CsvSource({"2, 2, 2", "4, 6, 2", "3, 3, 3", "5, 4, 3", "2, 7, 3", "9, 5, 3"})
  void neighboursNeverShareAColour(int lx, int ly, int colours) {
    Checkerboard checkerboard = new Checkerboard(new Lattice(lx, ly));
    assertThat(checkerboard.colours()).isEqualTo(colours);
    for (int y = 0; y < ly; y++) {
      for (int x = 0; x < lx; x++) {
        assertThat(checkerboard.colour(x, y)).isBetween(0, colours - 1)
            .isNotEqualTo(checkerboard.colour((x + 1) % lx, y))
            .isNotEqualTo(checkerboard.colour(x, (y + 1) % ly));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 1", "3, 4, 5", "5, 3, 16", "4, 4, 40"})
  void tablesOfAllColoursCoverABlockOnce(int lx, int ly, int replicas) {
    FieldLayout layout = new FieldLayout(new Lattice(lx, ly), replicas);
    Checkerboard checkerboard = new Checkerboard(layout.lattice());
    int[] seen = new int[lx * ly * layout.lanes()];
    for (int colour = 0; colour < checkerboard.colours(); colour++) {
      int[] table = checkerboard.neighbourhood(layout, colour);
      int rows = table.length / 5;
      for (int row = 0; row < rows; row++) {
        int site = table[row] / layout.lanes();
        int lane = table[row] % layout.lanes();
        assertThat(table[rows + row]).isEqualTo((site / lx * lx + (site + 1) % lx) * layout.lanes() + lane);
        assertThat(table[4 * rows + row])
            .isEqualTo(((site / lx + ly - 1) % ly * lx + site % lx) * layout.lanes() + lane);
        for (int i = 0; i < Checkerboard.width(layout); i++) {
          seen[table[row] + i]++;
        }
      }
    }
    assertThat(seen).containsOnly(1);
  }
}
