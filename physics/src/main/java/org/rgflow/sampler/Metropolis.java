package org.rgflow.sampler;

import java.util.Map;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;

/**
 * Checkerboard Metropolis with overrelaxation. An update is one sweep of {@value #HITS} Metropolis hits
 * on every site ({@link org.rgflow.kernels.MetropolisKernels#hits}; Metropolis et al. 1953) followed by
 * sweeps of reflections at the local Gaussian mean ({@link
 * org.rgflow.kernels.MetropolisKernels#reflect}; Adler 1981, Creutz 1987), accepted with the quartic
 * remainder. The sites of one colour, no two of which are neighbours, are updated together.
 *
 * <p>Tuning: {@code range}, the half width of the uniform proposals (acceptance ½), and {@code
 * stiffness}, the ũ of the reflections (best linear prediction of a site from its neighbours).
 */
public final class Metropolis extends FieldChain {
  /** Metropolis hits on a site in one sweep. */
  public static final int HITS = 2;
  /** Overrelaxation sweeps after each Metropolis sweep, unless chosen otherwise. */
  public static final int OVERRELAXATION_SWEEPS = 2;

  private final LocalSweeps sweeps;
  private final Program program;
  private final Session session;

  /** With {@value #OVERRELAXATION_SWEEPS} overrelaxation sweeps. */
  public Metropolis(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device) {
    this(action, layout, field, stream, device, OVERRELAXATION_SWEEPS);
  }

  /**
   * @param field start configuration in {@code layout}, which becomes the chain's own buffer
   * @param overrelaxation number of overrelaxation sweeps after the Metropolis sweep, 0 to 500
   * @throws IllegalArgumentException if that number is outside its bounds, or the field does not have
   *     the layout's size
   */
  public Metropolis(Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device,
      int overrelaxation) {
    super(action, layout, field, stream);
    sweeps = new LocalSweeps(action, layout, field, stream.buffer());
    program = new Program("metropolis").input(stream.buffer());
    sweeps.record(program, HITS, overrelaxation);
    session = device.open(program, sweeps.counting());
  }

  @Override
  public String name() {
    return "metropolis";
  }

  @Override
  Session session() {
    return session;
  }

  @Override
  public void update() {
    run(program);
    sweeps.countUpdate();
    stream.advance();
  }

  @Override
  public void tune() {
    sweeps.tune(session);
  }

  @Override
  public Map<String, Double> tuning() {
    return sweeps.tuning();
  }

  @Override
  public void restoreTuning(Map<String, Double> tuning) {
    sweeps.restoreTuning(tuning);
  }

  /** Acceptance of the Metropolis hits; the reflections do not count. */
  @Override
  public double acceptance() {
    return sweeps.acceptance(session);
  }

  @Override
  public void resetAcceptance() {
    sweeps.resetAcceptance(session);
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public void close() {
    session.close();
  }
}
