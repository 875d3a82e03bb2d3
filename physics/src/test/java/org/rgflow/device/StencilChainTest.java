package org.rgflow.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;

/** Launches that run side by side on a few rows leave what they leave one after the other. */
class StencilChainTest {
  /** Integers, in which any row taken too early or too late, twice or not at all leaves its trace. */
  private record Mix(int[] from, int[] state, int[] to, int groups, int reach) implements StencilLaunch {
    @Override
    public int items() {
      return from.length;
    }

    @Override
    public void run(int begin, int end) {
      int size = from.length / groups;
      for (int item = begin; item < end; item++) {
        int base = item / size * size;
        int sum = 0;
        for (int k = -reach; k <= reach; k++) {
          sum = 31 * sum + from[base + Math.floorMod(item - base + k, size)];
        }
        state[item] = 7 * state[item] + sum;
        to[item] = from[item] + 3 * state[item];
      }
    }

    @Override
    public int cost() {
      return 20_000;
    }

    @Override
    public int itemBytes() {
      return 12;
    }
  }

  private static List<StencilLaunch> mixes(int[][] buffers, int count, int groups, int reach) {
    List<StencilLaunch> launches = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      int[] from = k == 0 ? buffers[0] : buffers[1 + k % 2];
      launches.add(new Mix(from, buffers[3], buffers[2 - k % 2], groups, reach));
    }
    return launches;
  }

  private static int[][] buffers(int size) {
    return new int[][] {
      new SplittableRandom(size).ints(size).toArray(), new int[size], new int[size],
      new SplittableRandom(size + 1).ints(size).toArray()};
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "5, 1", "8, 2", "17, 1", "17, 3", "40, 2"})
  void everyScheduleGivesTheSame(int size, int reach) {
    int count = 7;
    int groups = 2;
    int[][] expected = buffers(groups * size);
    mixes(expected, count, groups, reach).forEach(launch -> launch.run(0, groups * size));
    for (int slabs = 1; slabs <= Math.min(size, 5); slabs++) {
      for (int depth = 1; depth <= count; depth++) {
        for (int block = 1; block <= 5; block++) {
          String schedule = slabs + " slabs, depth " + depth + ", block " + block;
          int[][] actual = buffers(groups * size);
          StencilChain chain = new StencilChain(mixes(actual, count, groups, reach), slabs, depth, block);
          for (int group = 0; group < groups; group++) {
            chain.run(group);
          }
          assertThat(actual).as(schedule).isDeepEqualTo(expected);

          actual = buffers(groups * size);
          chain = new StencilChain(mixes(actual, count, groups, reach), slabs, depth, block);
          long operations = 0;
          for (int pass = 0; pass < chain.passes(); pass++) {
            for (StencilChain.Part part : StencilChain.Part.values()) {
              operations += chain.operations(pass, part);
              for (int slab = slabs - 1; slab >= 0; slab--) {
                chain.run(0, pass, part, slab);
                chain.run(1, pass, part, slabs - 1 - slab);
              }
            }
          }
          assertThat(actual).as(schedule + ", slabs in reverse").isDeepEqualTo(expected);
          assertThat(operations).isEqualTo((long) count * size * 20_000);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 1", "4, 1", "7, 1", "1, 3", "2, 3", "2, 5", "3, 2", "4, 3", "5, 3", "16, 2"})
  void devicesRunThemOnAnyNumberOfThreads(int threads, int groups) {
    int size = groups * 42;
    int[][] expected = buffers(size);
    int[][] actual = buffers(size);
    Program program = new Program("mixes").addAll(mixes(actual, 12, groups, 1));
    try (JvmDevice device = new JvmDevice(threads); Session session = device.open(program)) {
      for (int i = 0; i < 200; i++) {
        mixes(expected, 12, groups, 1).forEach(launch -> launch.run(0, size));
        session.run(program);
      }
    }
    assertThat(actual).isDeepEqualTo(expected);
  }

  /** A whole trajectory with its energies, against the naive bodies one stage after the other. */
  @ParameterizedTest
  @CsvSource({
    "2, 2, 1, 1", "3, 5, 1, 1", "5, 3, 1, 16", "16, 9, 1, 1", "20, 20, 2, 16", "31, 14, 1, 3", "32, 23, 1, 1",
    "48, 40, 1, 1", "67, 12, 1, 1", "80, 97, 1, 1", "7, 33, 3, 8"
  })
  void trajectoriesAgreeWithTheNaiveBodies(int lx, int ly, int blocks, int lanes) {
    int stages = 9;
    int size = lx * ly * lanes * blocks;
    SplittableRandom random = new SplittableRandom(size);
    float[] start = normals(random, size);
    float[] velocity = normals(random, size);
    float[] schedule = new float[2 * stages + 1];
    for (int i = 0; i < schedule.length; i++) {
      schedule[i] = (float) random.nextDouble(0.01, 0.1);
    }
    float[] expected = start.clone();
    float[] expectedMomenta = velocity.clone();
    for (int s = 0; s < stages; s++) {
      float[] next = new float[size];
      for (int e = 0; e < size; e++) {
        FieldKernels.kickDrift(e, expected, expectedMomenta, next, schedule, s, 1.1f, -0.3f, 0.9f, lx, ly, lanes);
      }
      expected = next;
    }
    for (int e = 0; e < size; e++) {
      FieldKernels.kick(e, expected, expectedMomenta, schedule, stages, 1.1f, -0.3f, 0.9f, lx, ly, lanes);
    }
    double[] expectedEnergies = new double[blocks * ly * lanes];
    for (int item = 0; item < expectedEnergies.length; item++) {
      FieldKernels.hamiltonian(item, expected, expectedMomenta, expectedEnergies, 1.1f, -0.3f, 0.9f, lx, ly, lanes);
    }

    for (int slabs = 1; slabs <= Math.min(3, ly); slabs++) {
      for (int depth : new int[] {1, 2, 3, 5, stages + 2}) {
        float[] p = velocity.clone();
        float[][] moved = {start.clone(), new float[size], new float[size]};
        List<StencilLaunch> launches = new ArrayList<>();
        float[] from = moved[0];
        for (int s = 0; s < stages; s++) {
          float[] to = moved[1 + s % 2];
          launches.add(new KickDrift(from, p, to, schedule, s, 1.1f, -0.3f, 0.9f, lx, ly, lanes));
          from = to;
        }
        launches.add(new Kick(from, p, schedule, stages, 1.1f, -0.3f, 0.9f, lx, ly, lanes));
        double[] energies = new double[expectedEnergies.length];
        launches.add(new Hamiltonian(from, p, new double[blocks * ly * FieldKernels.PARTIAL_SUMS], energies,
            1.1f, -0.3f, 0.9f, lx, ly, lanes));
        StencilChain chain = new StencilChain(launches, slabs, depth, 1 + depth);
        for (int block = 0; block < blocks; block++) {
          chain.run(block);
        }
        String schedules = slabs + " slabs, depth " + depth;
        assertThat(from).as(schedules).isEqualTo(expected);
        assertThat(p).as(schedules).isEqualTo(expectedMomenta);
        assertThat(energies).as(schedules).isEqualTo(expectedEnergies);
      }
    }
  }

  /** Fields that the first-level cache holds run stage by stage on one thread, larger ones in few passes. */
  @Test
  void theDepthFollowsTheSizeOfTheField() {
    assertThat(depth(6, 16, 1)).isEqualTo(1);
    assertThat(depth(20, 16, 1)).isEqualTo(10);
    assertThat(depth(512, 1, 1)).isEqualTo(10);
    assertThat(depth(512, 1, 4)).isEqualTo(10);
    assertThat(depth(20, 16, 4)).isEqualTo(3);
    assertThat(depth(4096, 16, 1)).isEqualTo(1);
  }

  private static int depth(int side, int lanes, int slabs) {
    float[] phi = new float[side == 4096 ? side * lanes : side * side * lanes];
    List<StencilLaunch> launches = new ArrayList<>();
    for (int s = 0; s < 10; s++) {
      launches.add(new KickDrift(phi, phi, phi, phi, s, 1, 1, 1, side, phi.length / (side * lanes), lanes));
    }
    return StencilChain.fitting(launches, slabs).depth();
  }

  private static float[] normals(SplittableRandom random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
