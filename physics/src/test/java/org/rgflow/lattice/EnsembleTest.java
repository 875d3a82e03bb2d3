package org.rgflow.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleTest {
  private static final Phi4Action ACTION = Phi4Action.gerdes(-4, 6.975);

  private static float[] field(FieldLayout layout) {
    float[] field = new float[layout.size()];
    for (int i = 0; i < field.length; i++) {
      field[i] = i + 0.25f;
    }
    return field;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 17, 35})
  void snapshotsAreReplicaMajor(int replicas) {
    FieldLayout layout = new FieldLayout(new Lattice(3, 2), replicas);
    Ensemble ensemble = new Ensemble(ACTION, layout);
    float[] field = field(layout);
    ensemble.append(new float[layout.size()], layout);
    ensemble.append(field, layout);

    assertThat(ensemble.snapshots()).isEqualTo(2);
    for (int replica = 0; replica < replicas; replica++) {
      float[] configuration = ensemble.configuration(1, replica);
      assertThat(configuration).hasSize(6);
      for (int site = 0; site < 6; site++) {
        assertThat(configuration[site]).isEqualTo(field[layout.index(replica, site)]);
        assertThat(ensemble.snapshot(1)[replica * 6 + site]).isEqualTo(configuration[site]);
      }
    }
    float[] back = field(layout);
    ensemble.copyTo(1, layout, back);
    for (int lane = 0; lane < layout.paddedReplicas(); lane++) {
      for (int site = 0; site < 6; site++) {
        int at = layout.index(lane, site);
        assertThat(back[at]).isEqualTo(lane < replicas ? field[at] : 0);
      }
    }
  }

  @Test
  void stateCoversPaddingLanes() {
    FieldLayout layout = new FieldLayout(new Lattice(4, 3), 19);
    Ensemble ensemble = new Ensemble(ACTION, layout);
    assertThatIllegalStateException().isThrownBy(() -> ensemble.restoreState(new float[layout.size()], layout));
    float[] field = field(layout);
    ensemble.saveState(field, layout);
    float[] back = new float[layout.size()];
    ensemble.restoreState(back, layout);
    assertThat(back).isEqualTo(field);
  }

  @Test
  void seriesGrow() {
    Ensemble ensemble = new Ensemble(ACTION, new FieldLayout(new Lattice(2, 2), 2));
    assertThat(ensemble.measurements()).isZero();
    for (int i = 0; i < 1000; i++) {
      ensemble.record("m", i, -i);
    }
    assertThat(ensemble.measurements()).isEqualTo(1000);
    assertThat(ensemble.series("m")).hasSize(2000).endsWith(998, -998, 999, -999);
    ensemble.record("phi2", 1, 2);
    assertThatIllegalStateException().isThrownBy(ensemble::measurements);
    assertThat(ensemble.seriesNames()).containsExactly("m", "phi2");
  }

  @Test
  void impossibleInputIsNamed() {
    FieldLayout layout = new FieldLayout(new Lattice(2, 2), 2);
    Ensemble ensemble = new Ensemble(ACTION, layout);
    assertThatIllegalArgumentException().isThrownBy(() -> ensemble.record("m", 1)).withMessageContaining("2 replicas");
    assertThatIllegalArgumentException().isThrownBy(() -> ensemble.record("fields", 1, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> ensemble.record("../m", 1, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> ensemble.series("q")).withMessageContaining("'q'");
    assertThatIllegalArgumentException().isThrownBy(() -> ensemble.append(new float[7]));
    FieldLayout other = new FieldLayout(new Lattice(2, 2), 3);
    assertThatIllegalArgumentException().isThrownBy(() -> ensemble.append(new float[12], other));
    assertThatIllegalArgumentException().isThrownBy(() -> ensemble.setFlow("polchinski", 0));
    assertThatIllegalArgumentException().isThrownBy(() -> ensemble.setSaveEvery(0));
  }

  @Test
  void acceptanceIsAveragedOverUpdates() {
    Ensemble ensemble = new Ensemble(ACTION, new FieldLayout(new Lattice(2, 2), 2));
    assertThat(ensemble.acceptance()).isNaN();
    ensemble.addAcceptance(0.5, 10);
    ensemble.addAcceptance(1, 30);
    ensemble.addAcceptance(Double.NaN, 100);
    assertThat(ensemble.acceptance()).isEqualTo(0.875);
    ensemble.setTuning(Map.of("step", 0.1));
    ensemble.setTuning(ensemble.tuning());
    assertThat(ensemble.tuning()).containsExactly(Map.entry("step", 0.1));
  }

  @Test
  void memoryIsCheckedBeforehand() {
    FieldLayout layout = new FieldLayout(Lattice.square(2048), 16);
    Ensemble.requireMemory(new FieldLayout(Lattice.square(16), 16), 10, 10, 6);
    assertThatIllegalArgumentException().isThrownBy(() -> Ensemble.requireMemory(layout, 1_000_000, 1_000_000, 6))
        .withMessageContaining("MiB").withMessageContaining("save fewer configurations");
    assertThat(Ensemble.bytes(layout, Long.MAX_VALUE, Long.MAX_VALUE, 6)).isEqualTo(Long.MAX_VALUE);
  }
}
