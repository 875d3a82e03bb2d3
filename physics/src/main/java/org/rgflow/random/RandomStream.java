package org.rgflow.random;

import org.apache.commons.rng.UniformRandomProvider;
import org.rgflow.kernels.PhiloxKernels;

/**
 * The position of a run in its random numbers. Every random number of the project is a function of
 * (seed, stream, step, index) through Philox4x32-10 ({@link org.rgflow.kernels.PhiloxKernels}): the
 * seed is the key, and the counter is (index, step low, step high, stream). Launches name their
 * stream as a constant; seed and step travel to the device in {@link #buffer}, which programs mark as
 * input. A run therefore draws the same numbers on any number of threads, and resumes bit for bit from
 * its seed and step alone.
 */
public final class RandomStream {
  private final int[] buffer = new int[4];

  public RandomStream(long seed) {
    this(seed, 0);
  }

  public RandomStream(long seed, long step) {
    buffer[0] = (int) seed;
    buffer[1] = (int) (seed >> 32);
    seek(step);
  }

  /** {seed low, seed high, step low, step high}, shared with the launches that draw from this stream. */
  public int[] buffer() {
    return buffer;
  }

  public long seed() {
    return (buffer[1] & 0xFFFFFFFFL) << 32 | buffer[0] & 0xFFFFFFFFL;
  }

  public long step() {
    return (buffer[3] & 0xFFFFFFFFL) << 32 | buffer[2] & 0xFFFFFFFFL;
  }

  /** Moves to a step; the next run of a program draws that step's numbers. */
  public void seek(long step) {
    buffer[2] = (int) step;
    buffer[3] = (int) (step >> 32);
  }

  /** Moves to the next step. */
  public void advance() {
    seek(step() + 1);
  }

  /**
   * The words of one stream at the current step, one after the other, as a generator of Commons RNG: for
   * host code that wants bounded integers, shuffles or the samplers of that library. It does not follow
   * later moves of this stream.
   *
   * @param streamId number of the stream, from {@link Streams}
   */
  public UniformRandomProvider provider(int streamId) {
    int[] position = buffer.clone();
    return new UniformRandomProvider() {
      private long next;

      @Override
      public int nextInt() {
        int word = PhiloxKernels.word((int) (next & 3), (int) (next >> 2), streamId, position);
        next++;
        return word;
      }

      @Override
      public long nextLong() {
        return (long) nextInt() << 32 | nextInt() & 0xFFFFFFFFL;
      }
    };
  }
}
