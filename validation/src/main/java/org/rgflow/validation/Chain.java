package org.rgflow.validation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.rgflow.device.Device;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.Measurement;
import org.rgflow.sampler.Sampler;
import org.rgflow.statistics.Correlator;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.Observables;

/** A Markov chain that is thermalised, run and measured. */
final class Chain {
  private final Sampler sampler;
  private final Ensemble ensemble;
  private final Device device;
  private double[] correlators = new double[0];
  private int extent;

  Chain(Sampler sampler, Device device) {
    this.sampler = sampler;
    this.device = device;
    this.ensemble = new Ensemble(sampler.action(), sampler.layout());
  }

  /** Updates, of which the first three quarters are used for tuning. */
  Chain thermalise(int updates) {
    for (int i = 0; i < updates; i++) {
      sampler.update();
      if (i % 5 == 4 && i < 3 * updates / 4) {
        sampler.tune();
      }
    }
    sampler.resetAcceptance();
    return this;
  }

  /** Measures the standard observables after every {@code stride} updates. */
  Chain measure(int measurements, int stride) {
    try (Measurement measurement = new Measurement(sampler.layout(), sampler.field(), device)) {
      extent = measurement.extent();
      int width = measurement.correlator().length;
      int old = correlators.length;
      correlators = Arrays.copyOf(correlators, old + measurements * width);
      for (int i = 0; i < measurements; i++) {
        for (int s = 0; s < stride; s++) {
          sampler.update();
        }
        sampler.field();
        measurement.measure();
        measurement.recordTo(ensemble);
        System.arraycopy(measurement.correlator(), 0, correlators, old + i * width, width);
      }
    }
    return this;
  }

  /** Calls back after every {@code stride} updates with the field of all replicas. */
  void forEach(int measurements, int stride, Consumer<float[]> use) {
    for (int i = 0; i < measurements; i++) {
      for (int s = 0; s < stride; s++) {
        sampler.update();
      }
      use.accept(sampler.field());
    }
  }

  LinkedHashMap<String, Estimate> observables() {
    return Observables.evaluate(ensemble);
  }

  /** L/ξ from the mean effective mass. */
  Estimate extentOverCorrelationLength() {
    return new Correlator(extent, ensemble.replicas(), correlators).extentOverCorrelationLength();
  }
}
