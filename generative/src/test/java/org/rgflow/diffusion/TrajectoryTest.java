package org.rgflow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.rgflow.data.ColorImage;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;

class TrajectoryTest {
  @Test
  void framesSpreadOverTheRunAndEndWithTheImage() {
    NoiseSchedule schedule = NoiseSchedules.fermi(FermiSchedule.published(2), 3);
    ModeBatch batch = new ModeBatch(2, 12, 12);
    PixelSpace pixels = new PixelSpace(batch, 3, 4, 3, 2);
    double[] mean = new double[12];
    double[] deviation = new double[12];
    Arrays.fill(deviation, 0.4);
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, schedule,
            new WienerDenoiser(batch, schedule, mean, deviation), pixels, SamplingOptions.ancestral(1000, 10))) {
      Trajectory trajectory = new Trajectory(pixels, 1, sampler.stages(), 5);
      float[] modes = sampler.sample(trajectory, 1, 0, 1);
      assertThat(trajectory.frames().stream().map(Trajectory.Frame::time)).containsExactly(777.0, 555.0, 333.0,
          111.0, 0.0);
      Trajectory.Frame last = trajectory.frames().getLast();
      assertThat(last.noisy().values()).isEqualTo(last.predicted().values());
      assertThat(last.modes().values()[0]).isEqualTo((float) (0.5 + modes[144] / 6.0));
      assertThat(last.predictedModes().values()).isEqualTo(last.modes().values());
      assertThat(trajectory.frames().getFirst().predictedModes().values())
          .isNotEqualTo(trajectory.frames().getFirst().modes().values());
      BufferedImage strip = trajectory.draw(2);
      assertThat(strip.getWidth()).isEqualTo(2 + 5 * (6 * 2 + 2));
      assertThat(strip.getHeight()).isEqualTo(2 + 4 * (8 * 2 + 7 * 2 + 2));
    }
    assertThatThrownBy(() -> new Trajectory(pixels, 2, 5, 5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aModelOfPixelsHasNoModesToShow() {
    NoiseSchedule schedule = NoiseSchedules.cosine(1, 100);
    ModeBatch batch = new ModeBatch(1, 1, 12);
    PixelSpace pixels = new PixelSpace(batch, 1, 3, 4, 1);
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, schedule,
            new WienerDenoiser(batch, schedule, new double[] {0}, new double[] {0.5}), pixels, SamplingOptions.ancestral(100, 6))) {
      Trajectory trajectory = new Trajectory(pixels, 0, sampler.stages(), 3);
      sampler.sample(trajectory, 1, 0);
      assertThat(trajectory.draw(1).getHeight()).isEqualTo(2 + 2 * (3 + 7 + 2));
    }
  }

  @Test
  void decodingIsTheInverseTransform() {
    ModeBatch batch = new ModeBatch(2, 27, 6);
    PixelSpace pixels = new PixelSpace(batch, 3, 2, 3, 3);
    float[] modes = new float[batch.size()];
    for (int i = 0; i < modes.length; i++) {
      modes[i] = (float) Math.sin(0.7 * i);
    }
    float[] values = new float[batch.size()];
    Program program = new Program("inverse").addAll(pixels.inverse(modes, values));
    try (JvmDevice device = new JvmDevice(1); Session session = device.open(program)) {
      session.run(program);
    }
    float[] planes = new float[batch.imageSize()];
    pixels.image(values, 1, planes);
    ColorImage image = pixels.decode(modes, 1);
    assertThat(image.height()).isEqualTo(6);
    assertThat(image.width()).isEqualTo(9);
    assertThat(image.values()).containsExactly(planes, within(1e-5f));
    ColorImage tiles = pixels.modePicture(modes, 1, 2);
    // mode (k1, k2) = (2, 1) of patch (1, 2) lies in tile row 2, tile column 1
    assertThat(tiles.values()[(2 * 2 + 1) * 9 + 1 * 3 + 2]).isEqualTo((float) (0.5 + modes[162 + 7 * 6 + 5] / 4.0));
  }
}
