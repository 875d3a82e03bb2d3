package org.rgflow.validation;

/** Mean and standard error of independent values (Welford). */
final class Tally {
  private long count;
  private double mean;
  private double squares;

  void add(double value) {
    count++;
    double delta = value - mean;
    mean += delta / count;
    squares += delta * (value - mean);
  }

  double mean() {
    return mean;
  }

  double error() {
    return Math.sqrt(squares / (count - 1) / count);
  }
}
