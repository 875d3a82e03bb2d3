package org.rgflow.model;

/**
 * What writing parameters in a shorter type does to them.
 *
 * @param relativeError ‖w' − w‖/‖w‖ of all parameters together, 0 if they are all zero
 * @param worst name of the tensor that loses most of itself
 * @param worstError ‖w' − w‖/‖w‖ of that tensor
 * @param lost parameters other than zero that become zero
 */
public record Rounding(double relativeError, String worst, double worstError, long lost) {
  /**
   * Measures it.
   *
   * @param type {@link TensorType#F32}, {@link TensorType#F16} or {@link TensorType#BF16}
   * @throws IllegalArgumentException if a parameter is not finite, or too large for the type
   */
  public static Rounding of(TensorLayout layout, float[] values, TensorType type) {
    double all = 0;
    double allErrors = 0;
    String worst = "";
    double worstError = -1;
    long lost = 0;
    for (TensorLayout.Slice slice : layout.slices()) {
      double squares = 0;
      double errors = 0;
      for (int i = slice.offset(); i < slice.offset() + slice.elements(); i++) {
        float value = values[i];
        float rounded = rounded(value, type);
        if (!Float.isFinite(rounded)) {
          throw new IllegalArgumentException("tensor " + slice.name() + " holds " + value
              + (Float.isFinite(value) ? ", which " + type + " cannot; write it as F32"
                  : "; the training it came from had broken down"));
        }
        squares += (double) value * value;
        errors += ((double) rounded - value) * ((double) rounded - value);
        if (rounded == 0 && value != 0) {
          lost++;
        }
      }
      double error = squares == 0 ? 0 : Math.sqrt(errors / squares);
      if (error > worstError) {
        worst = slice.name();
        worstError = error;
      }
      all += squares;
      allErrors += errors;
    }
    return new Rounding(all == 0 ? 0 : Math.sqrt(allErrors / all), worst, Math.max(0, worstError), lost);
  }

  private static float rounded(float value, TensorType type) {
    return switch (type) {
      case F32 -> value;
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
      case BF16 -> TensorType.ofBfloat16(TensorType.toBfloat16(value));
      default -> throw new IllegalArgumentException("parameters are not written as " + type);
    };
  }
}
