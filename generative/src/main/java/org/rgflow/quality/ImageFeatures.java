package org.rgflow.quality;

import java.io.IOException;
import org.rgflow.data.ImageSet;

/** Numbers that describe pictures, in which two pictures are compared. */
public interface ImageFeatures {
  /** Part of the names of figures, for scripts. */
  String name();

  /** Part of the titles of figures, for people. */
  String title();

  /** Everything that the numbers depend on beside the pictures: part of the keys of cached statistics. */
  String settings();

  /** How many numbers a picture has. */
  int dimension();

  /**
   * Describes consecutive pictures.
   *
   * @param begin first picture
   * @param end behind the last
   * @return {@code [picture][dimension]}
   * @throws IOException if the features cannot be computed
   */
  float[] of(ImageSet images, int begin, int end) throws IOException;
}
