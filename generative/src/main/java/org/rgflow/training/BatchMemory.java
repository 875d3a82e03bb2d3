package org.rgflow.training;

import java.util.Locale;
import java.util.function.IntToLongFunction;
import org.rgflow.io.Heap;

/**
 * Bytes that a computation on batches takes: some in any case, the rest in proportion to the pictures of a batch.
 *
 * @param fixed in any case
 * @param picture for each picture
 */
record BatchMemory(long fixed, long picture) {
  /** From the bytes of one and of two pictures. */
  static BatchMemory of(IntToLongFunction bytes) {
    long one = bytes.applyAsLong(1);
    long picture = bytes.applyAsLong(2) - one;
    return new BatchMemory(one - picture, picture);
  }

  /** Bytes for so many pictures at once. */
  long bytes(int pictures) {
    return Math.addExact(fixed, Math.multiplyExact(picture, (long) pictures));
  }

  /** The largest batch that the free memory has room for, 0 if none. */
  private long most() {
    return Math.max(0, (Heap.free() - fixed) / picture);
  }

  /**
   * Refuses a batch that is too large, before memory is taken for it.
   *
   * @param advice how to do with less
   * @throws IllegalArgumentException if it does not fit
   */
  void require(int pictures, String advice) {
    if (pictures > most()) {
      System.gc(); // what looks used may be garbage
    }
    long most = most();
    if (pictures > most) {
      throw new IllegalArgumentException(String.format(Locale.ROOT,
          "a batch of %d needs %.4g GiB, but only %.4g GiB of memory are free%s; %s, or %s", pictures,
          (fixed + (double) picture * pictures) / 0x1p30, Heap.free() / 0x1p30,
          most > 0 ? ", enough for " + most : "", advice, Heap.MORE));
    }
  }
}
