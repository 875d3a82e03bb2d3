package org.rgflow.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.device.StencilLaunch;

/** Launches that are joined on a group leave, bit for bit, what they leave one after the other. */
class LeapfrogGroupsTest {
  private static final int LANES = 16;

  /** A trajectory and all that it touches: φ, p, the two buffers that fields move between, the schedule. */
  private record Trajectory(List<StencilLaunch> launches, float[][] buffers) {
    static Trajectory of(int lx, int ly, int blocks, int lanes, int drifts, boolean kick, boolean pingPong) {
      int size = lx * ly * blocks * lanes;
      SplittableRandom random = new SplittableRandom(100 * lx + ly);
      float[][] buffers = new float[5][];
      for (int i = 0; i < 4; i++) {
        buffers[i] = normals(random, size);
      }
      buffers[4] = new float[2 * drifts + 5];
      for (int i = 0; i < buffers[4].length; i++) {
        buffers[4][i] = (float) random.nextDouble(0.01, 0.1);
      }
      float[] other = pingPong ? buffers[0] : buffers[3];
      List<StencilLaunch> launches = new ArrayList<>();
      float[] from = buffers[0];
      for (int s = 0; s < drifts; s++) {
        float[] to = s % 2 == 0 ? buffers[2] : other;
        launches.add(new KickDrift(from, buffers[1], to, buffers[4], 1 + s, 1.1f, -0.3f, 0.9f, lx, ly, lanes));
        from = to;
      }
      if (kick) {
        launches.add(new Kick(from, buffers[1], buffers[4], 1 + drifts, 1.1f, -0.3f, 0.9f, lx, ly, lanes));
      }
      return new Trajectory(launches, buffers);
    }
  }

  private static float[] normals(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, 3, 16, 3, true, false", "6, 6, 4, 16, 10, true, false", "6, 6, 4, 16, 9, true, false",
    "6, 6, 4, 16, 10, false, false", "6, 6, 4, 16, 9, false, true", "3, 5, 2, 16, 8, true, true",
    "5, 3, 2, 16, 4, true, false", "16, 9, 2, 16, 6, true, false", "8, 16, 5, 16, 7, true, true",
    "2, 2, 2, 8, 4, true, false", "3, 5, 4, 8, 9, true, true", "20, 20, 2, 8, 10, true, false",
    "17, 6, 3, 8, 5, false, false"
  })
  void theBuffersAreThoseOfTheSingleLaunches(
      int lx, int ly, int blocks, int lanes, int drifts, boolean kick, boolean pingPong) {
    Trajectory expected = Trajectory.of(lx, ly, blocks, lanes, drifts, kick, pingPong);
    expected.launches().forEach(launch -> launch.run(0, launch.items()));
    Trajectory joined = Trajectory.of(lx, ly, blocks, lanes, drifts, kick, pingPong);
    StencilLaunch.Joined all = joined.launches().getFirst().joined(joined.launches()).orElseThrow();
    assertThat(all.count()).isEqualTo(drifts + (kick ? 1 : 0));
    all.run(0, ly);
    all.run(ly, blocks * ly);
    assertThat(joined.buffers()).isDeepEqualTo(expected.buffers());
    for (int threads = 1; threads <= 3; threads++) {
      Trajectory actual = Trajectory.of(lx, ly, blocks, lanes, drifts, kick, pingPong);
      Program program = new Program("trajectory").addAll(List.copyOf(actual.launches()));
      try (JvmDevice device = new JvmDevice(threads); Session session = device.open(program)) {
        session.run(program);
      }
      assertThat(actual.buffers()).as(threads + " threads").isDeepEqualTo(expected.buffers());
    }
  }

  /** Only what goes on where the launch before it ended is joined. */
  @Test
  void otherLaunchesEndIt() {
    List<StencilLaunch> launches = Trajectory.of(6, 6, 2, LANES, 8, true, false).launches();
    KickDrift first = (KickDrift) launches.getFirst();
    assertThat(counted(launches)).isEqualTo(9);
    assertThat(counted(launches.subList(0, 4))).isEqualTo(4);
    assertThat(counted(launches.subList(0, 3))).isZero();
    assertThat(counted(launches.subList(8, 9))).isZero();
    for (KickDrift stranger : List.of(
        new KickDrift(first.phi().clone(), first.p(), first.moved(), first.stages(), 6, 1.1f, -0.3f, 0.9f, 6, 6, LANES),
        with(first, (KickDrift) launches.get(5), 7, 1.1f), with(first, (KickDrift) launches.get(5), 6, 1.2f))) {
      List<StencilLaunch> changed = new ArrayList<>(launches);
      changed.set(5, stranger);
      assertThat(counted(changed)).isEqualTo(5);
    }
    float[] field = new float[36];
    float[] stages = new float[20];
    List<StencilLaunch> single = new ArrayList<>();
    for (int s = 0; s < 6; s++) {
      single.add(new KickDrift(field, field, field, stages, s, 1, 1, 1, 6, 6, 1));
    }
    assertThat(counted(single)).isZero();
  }

  private static KickDrift with(KickDrift first, KickDrift launch, int stage, float h) {
    return new KickDrift(launch.phi(), launch.p(), launch.moved(), first.stages(), stage, h, -0.3f, 0.9f, 6, 6, LANES);
  }

  /** How many launches from the first on are joined. */
  private static int counted(List<StencilLaunch> launches) {
    return launches.getFirst().joined(launches).map(StencilLaunch.Joined::count).orElse(0);
  }
}
