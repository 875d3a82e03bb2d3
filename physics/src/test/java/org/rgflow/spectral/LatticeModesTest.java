package org.rgflow.spectral;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;

class LatticeModesTest {
  @ParameterizedTest
  @CsvSource({"2,2", "3,3", "4,4", "6,4", "5,8", "20,20", "7,7"})
  void orbitsPartitionTheModes(int lx, int ly) {
    LatticeModes modes = new LatticeModes(new Lattice(lx, ly));
    int[] all = modes.orbits().stream().flatMapToInt(o -> Arrays.stream(o.modes())).sorted().toArray();
    assertThat(all).hasSize(lx * ly).doesNotHaveDuplicates();
    for (LatticeModes.Orbit orbit : modes.orbits()) {
      for (int mode : orbit.modes()) {
        assertThat(modes.energy(mode)).isEqualTo(orbit.momentum2());
      }
    }
    List<LatticeModes.Shell> shells = modes.shells(1e-12);
    assertThat(shells.stream().mapToInt(s -> s.modes().length).sum()).isEqualTo(lx * ly);
    for (int i = 1; i < shells.size(); i++) {
      assertThat(shells.get(i).momentum2()).isGreaterThan(shells.get(i - 1).momentum2() + 1e-12);
    }
  }

  /** On 4×4, p̂² takes 0, 2, 4, 6, 8 with multiplicities 1, 4, 6, 4, 1; p̂² = 4 joins (1,1) and (0,2). */
  @Test
  void shellsOfTheSmallSquare() {
    LatticeModes modes = new LatticeModes(Lattice.square(4));
    assertThat(modes.shells(1e-12)).extracting(s -> s.modes().length).containsExactly(1, 4, 6, 4, 1);
    assertThat(modes.orbits()).extracting(o -> o.fx() + "," + o.fy() + ":" + o.modes().length)
        .containsExactlyInAnyOrder("0,0:1", "0,1:4", "0,2:2", "1,1:4", "1,2:4", "2,2:1");
  }

  /** Sum of all p̂² is the trace of the lattice's −Δ: 4 per site. */
  @ParameterizedTest
  @CsvSource({"3,3", "6,4", "20,20", "5,9"})
  void traceOfTheLaplacian(int lx, int ly) {
    assertThat(Arrays.stream(new LatticeModes(new Lattice(lx, ly)).energies()).sum())
        .isBetween(4.0 * lx * ly - 1e-9, 4.0 * lx * ly + 1e-9);
  }

  @Test
  void meanSquareAveragesModesAndReplicas() {
    FieldLayout layout = new FieldLayout(Lattice.square(4), 18);
    float[] buffer = new float[layout.size()];
    LatticeModes.Orbit orbit = new LatticeModes(layout.lattice()).orbits().get(1);
    for (int replica = 0; replica < 18; replica++) {
      for (int mode : orbit.modes()) {
        buffer[layout.index(replica, mode)] = replica;
      }
    }
    assertThat(orbit.meanSquare(buffer, layout, 17)).isEqualTo(289.0);
    assertThat(orbit.meanSquare(buffer, layout)).isEqualTo(17.0 * 35 / 6);
  }
}
