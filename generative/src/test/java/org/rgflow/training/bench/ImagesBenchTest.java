package org.rgflow.training.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.rgflow.device.Launch;
import org.rgflow.launch.ClearGradient;
import org.rgflow.launch.WeightGradient;
import org.rgflow.training.bench.ImagesBench.Ratio;
import org.rgflow.training.bench.Shapes.Kind;
import org.rgflow.training.bench.Shapes.Product;

class ImagesBenchTest {
  @Test
  void ratiosArePairedByRound() {
    Ratio ratio = Ratio.of(new double[] {1, 2, 4}, new double[] {3, 2, 8});
    assertThat(ratio).isEqualTo(new Ratio(2, 1, 3));
    assertThat(Rounds.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
  }

  /** The launches of a pass are the multiply-accumulates that the network counts, 874,764,288 for an image of this preset. */
  @Test
  void theShapesAreThoseOfTheNetwork() {
    NetworkRows.Preset preset = new NetworkRows.Preset("fddm-fashion-mnist", 1);
    List<Product> products = Shapes.of(preset);
    double forward = products.stream().filter(p -> p.kind() == Kind.FORWARD).mapToDouble(Product::operations).sum();
    assertThat(forward).isEqualTo(2.0 * preset.network().multiplyAccumulates()).isEqualTo(2.0 * 874_764_288);
    double weights = products.stream().filter(p -> p.kind() == Kind.WEIGHT_GRADIENT).mapToDouble(Product::operations).sum();
    assertThat(weights).isEqualTo(forward);
    // No gradient is taken with respect to images and times: the head's, and time.linear1's, are missing.
    double inputs = products.stream().filter(p -> p.kind() == Kind.INPUT_GRADIENT).mapToDouble(Product::operations).sum();
    assertThat(inputs).isEqualTo(forward - 2.0 * (16 * 9 * 49 * 192 + 192 * 768));

    Product most = Shapes.greatest(products, p -> p.kind() == Kind.WEIGHT_GRADIENT, Product::id, 1).getFirst();
    assertThat(List.of(most.m(), most.n(), most.k())).containsExactly(9 * 384, 384, 16);
    Launch launch = most.launch();
    assertThat(Shapes.label(launch)).isEqualTo("3x3 weight gradient, 3456 x 384 x 16");
    assertThat(Shapes.label(new ClearGradient(new float[1], 1))).isEqualTo("ClearGradient");
    launch.run(0, launch.items());
    assertThat(((WeightGradient) launch).gradient()).isNotEqualTo(new float[9 * 384 * 384]);
  }

  @Test
  void nothingToMeasureIsRefused() {
    assertThatThrownBy(() -> new ImagesBench(Set.of(), ImagesBench.Length.QUICK, 1, 0, null))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("at least one part");
    assertThatThrownBy(() -> new ImagesBench(Set.of(ImagesBench.Part.MATRIX), ImagesBench.Length.QUICK, 1, -1, null))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no -1 lines");
  }
}
