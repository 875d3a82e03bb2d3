package org.rgflow.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldLayoutTest {
  private static final Lattice LATTICE = new Lattice(5, 3);

  /** Replicas 16 to 31 leave blocks for two threads; no more than 7 and 15 lanes of padding. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1", "2, 2, 1", "15, 15, 1", "16, 8, 2", "17, 8, 3", "24, 8, 3", "31, 8, 4", "32, 16, 2", "33, 16, 3",
    "256, 16, 16"
  })
  void blocksSuitTheReplicas(int replicas, int lanes, int blocks) {
    FieldLayout layout = new FieldLayout(LATTICE, replicas);
    assertThat(layout.lanes()).isEqualTo(lanes);
    assertThat(layout.blocks()).isEqualTo(blocks);
    assertThat(layout.size()).isEqualTo(blocks * lanes * LATTICE.sites());
    assertThat(layout.paddedReplicas()).isBetween(replicas, replicas + lanes - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 15, 16, 21, 32, 47})
  void everySiteOfEveryReplicaHasAPlaceOfItsOwn(int replicas) {
    FieldLayout layout = new FieldLayout(LATTICE, replicas);
    float[] buffer = new float[layout.size()];
    BitSet places = new BitSet();
    float[] field = new float[LATTICE.sites()];
    for (int replica = 0; replica < replicas; replica++) {
      for (int site = 0; site < field.length; site++) {
        places.set(layout.index(replica, site));
        field[site] = 100 * replica + site;
      }
      layout.scatter(field, 0, buffer, replica);
    }
    assertThat(places.cardinality()).isEqualTo(replicas * LATTICE.sites());
    for (int replica = 0; replica < replicas; replica++) {
      layout.gather(buffer, replica, field, 0);
      for (int site = 0; site < field.length; site++) {
        assertThat(buffer[layout.index(replica, site)]).isEqualTo(100 * replica + site);
        assertThat(field[site]).isEqualTo(100 * replica + site);
      }
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new FieldLayout(LATTICE, 0)).hasMessageContaining("at least one replica, not 0");
    assertThatThrownBy(() -> new FieldLayout(LATTICE, 20, 17)).hasMessageContaining("2 to 16 lanes, not 17");
    assertThatThrownBy(() -> new FieldLayout(LATTICE, 20, 1)).hasMessageContaining("2 to 16 lanes, not 1");
    assertThatThrownBy(() -> new FieldLayout(LATTICE, 20, 0)).hasMessageContaining("2 to 16 lanes, not 0");
    assertThatThrownBy(() -> new FieldLayout(Lattice.square(2048), 520)).hasMessageContaining("do not fit one buffer");
  }
}
