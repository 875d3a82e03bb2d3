package org.rgflow.quality;

import org.rgflow.data.Batches;
import org.rgflow.data.ImageSet;
import org.rgflow.data.PixelCoding;

/** The pixels themselves, grey or Y Cb Cr in [−1, 1]: distances are Euclidean ones of whole pictures. */
final class PixelFeatures implements ImageFeatures {
  private final int dimension;

  PixelFeatures(int dimension) {
    this.dimension = dimension;
  }

  @Override
  public String name() {
    return "pixel";
  }

  @Override
  public String title() {
    return "pixels";
  }

  @Override
  public String settings() {
    return "pixels";
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public float[] of(ImageSet images, int begin, int end) {
    float[] features = new float[Math.multiplyExact(end - begin, dimension)];
    Batches pictures = new Batches(images, PixelCoding.LUMA_CHROMA, Batches.Flip.NEVER, 0);
    for (int i = begin; i < end; i++) {
      pictures.picture(i, features, (i - begin) * dimension);
    }
    return features;
  }
}
