package org.rgflow.device.tornado;

import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.rgflow.device.DeviceException;
import org.rgflow.device.Launch;
import org.rgflow.launch.AddScaled;
import org.rgflow.launch.AxisTransform;
import org.rgflow.launch.ClampValues;
import org.rgflow.launch.ClusterBonds;
import org.rgflow.launch.ClusterFlips;
import org.rgflow.launch.ColumnSums;
import org.rgflow.launch.CombineFour;
import org.rgflow.launch.CombineThree;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.CountAccepted;
import org.rgflow.launch.CountOutside;
import org.rgflow.launch.CubicForce;
import org.rgflow.launch.Decide;
import org.rgflow.launch.DecideExchange;
import org.rgflow.launch.Exchange;
import org.rgflow.launch.FlowCorrection;
import org.rgflow.launch.FlowDrift;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.ImageNormals;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.MaskedValues;
import org.rgflow.launch.MetropolisHits;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.ModeBlend;
import org.rgflow.launch.ModeScale;
import org.rgflow.launch.ModeUpdate;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrbitPower;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.launch.Overrelaxation;
import org.rgflow.launch.QuarticFlow;
import org.rgflow.launch.RowSums;
import org.rgflow.launch.Select;
import org.rgflow.launch.WolffClusters;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;

/**
 * Which kernel runs a launch on the device. A work item is one item of the naive body, which may be
 * finer than the item of the launch (an element instead of a row).
 */
final class TornadoTasks {
  /** Adds a launch's kernel with the launch's components as arguments. */
  @FunctionalInterface
  private interface Recorder<L> {
    void record(TaskGraph graph, String id, KernelContext context, int items, L launch);
  }

  private record Kernel<L>(ToIntFunction<L> items, Recorder<L> recorder) {}

  // Method references only: TornadoVM reads the kernel's name out of them.
  private static final Map<Class<?>, Kernel<?>> KERNELS = Map.ofEntries(
      entry(Normals.class, l -> (l.normal().length + 63) / 64 * 16, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::normalsKernel, c, n, l.normal(), l.stream(), l.streamId())),
      entry(Kick.class, l -> l.phi().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::kickKernel, c, n, l.phi(), l.p(), l.stages(), l.stage(), l.h(), l.u(), l.g(),
              l.lx(), l.ly(), l.lanes())),
      entry(KickDrift.class, l -> l.phi().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::kickDriftKernel, c, n, l.phi(), l.p(), l.moved(), l.stages(),
              l.stage(), l.h(),
              l.u(), l.g(), l.lx(), l.ly(), l.lanes())),
      entry(AddScaled.class, l -> l.phi().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::addScaledKernel, c, n, l.phi(), l.x(), l.moved(), l.scale(), l.at())),
      entry(Hamiltonian.class, l -> l.phi().length / l.lx(), (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::hamiltonianKernel, c, n, l.phi(), l.p(), l.sums(), l.h(), l.u(),
              l.g(), l.lx(),
              l.ly(), l.lanes())),
      entry(Decide.class, l -> l.accepted().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::decideKernel, c, n, l.before(), l.after(), l.accepted(), l.tally(),
              l.stream(),
              l.streamId(), l.ly(), l.lanes())),
      entry(Select.class, l -> l.phi().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::selectKernel, c, n, l.phi(), l.proposal(), l.accepted(), l.lx() * l.ly(),
              l.lanes())),
      entry(RowSums.class, l -> l.phi().length / l.lx(), (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::rowSumsKernel, c, n, l.phi(), l.sums(), l.lx(), l.ly(), l.lanes())),
      entry(ColumnSums.class, l -> l.phi().length / l.ly(), (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::columnSumsKernel, c, n, l.phi(), l.sums(), l.lx(), l.ly(), l.lanes())),
      entry(MetropolisHits.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::metropolisHitsKernel, c, n, l.field(), l.accepted(),
              l.neighbourhood(), l.width(),
              l.blockSize(), l.h(), l.u(), l.g(), l.range(), l.hits(), l.stream(), l.streamId())),
      entry(Overrelaxation.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::overrelaxationKernel, c, n, l.field(), l.neighbourhood(), l.width(),
              l.blockSize(), l.h(), l.u(), l.g(), l.inverse(), l.stream(), l.streamId())),
      entry(AxisTransform.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::axisTransformKernel, c, n, l.in(), l.out(), l.matrix(), l.n(), l.inner())),
      entry(ModeUpdate.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeUpdateKernel, c, n, l.x(), l.decay(), l.noise(), l.xi(), l.lanes())),
      entry(OrnsteinUhlenbeck.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::ornsteinUhlenbeckKernel, c, n, l.x(), l.decay(), l.noise(), l.lanes(),
              l.stream(),
              l.streamId())),
      entry(ModeScale.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeScaleKernel, c, n, l.x(), l.decay(), l.modes(), l.lanes())),
      entry(FlowDrift.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::flowDriftKernel, c, n, l.x(), l.force(), l.noise(), l.moved(), l.decay(),
              l.weight(), l.modes(), l.lanes())),
      entry(FlowCorrection.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::flowCorrectionKernel, c, n, l.x(), l.predicted(), l.before(), l.after(),
              l.keep(), l.past(), l.weight(), l.modes(), l.lanes())),
      entry(CubicForce.class, l -> l.phi().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::cubicForceKernel, c, n, l.phi(), l.force(), l.c())),
      entry(OrbitPower.class, l -> l.power().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::orbitPowerKernel, c, n, l.x(), l.start(), l.members(), l.power(), l.modes(),
              l.lanes())),
      entry(ClusterBonds.class, l -> l.field().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clusterBondsKernel, c, n, l.field(), l.bonds(), l.h(), l.stream(),
              l.streamId(), l.lx(), l.ly(), l.lanes())),
      entry(ClusterFlips.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clusterFlipsKernel, c, n, l.field(), l.bonds(), l.parent(), l.lx(), l.ly(),
              l.lanes())),
      entry(WolffClusters.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::wolffClustersKernel, c, n, l.field(), l.stack(), l.flipped(), l.clusters(),
              l.h(), l.stream(), l.streamId(), l.seedStreamId(), l.lx(), l.ly(), l.lanes())),
      entry(CountAccepted.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::countAcceptedKernel, c, n, l.accepted(), l.counts(), l.length())),
      entry(CountOutside.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::countOutsideKernel, c, n, l.phi(), l.outside(), l.limit(), l.width())),
      entry(QuarticFlow.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::quarticFlowKernel, c, n, l.phi(), l.coefficients(), l.at())),
      entry(DecideExchange.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::decideExchangeKernel, c, n, l.a(), l.b(), l.difference(),
              l.exchanged(), l.tally(), l.stream(), l.streamId(), l.ly(), l.lanes())),
      entry(Exchange.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::exchangeKernel, c, n, l.a(), l.b(), l.exchanged(), l.sites(),
              l.lanes())),
      entry(ModeAffine.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeAffineKernel, c, n, l.out(), l.x(), l.a(), l.b(), l.lanes())),
      entry(ModeBlend.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeBlendKernel, c, n, l.out(), l.x(), l.y(), l.a(), l.b(), l.c(),
              l.lanes())),
      entry(CombineThree.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::combineThreeKernel, c, n, l.out(), l.x(), l.y(), l.z(), l.a(), l.b(),
              l.c(), l.lanes())),
      entry(CombineFour.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::combineFourKernel, c, n, l.out(), l.x(), l.y(), l.z(), l.w(), l.a(),
              l.b(), l.c(), l.d(), l.lanes())),
      entry(ClampValues.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clampValuesKernel, c, n, l.x(), l.low(), l.high())),
      entry(MaskedValues.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::maskedValuesKernel, c, n, l.x(), l.known(), l.mask())),
      entry(CopyValues.class, l -> l.from().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::copyValuesKernel, c, n, l.from(), l.to())),
      entry(ImageNormals.class, l -> l.normal().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::imageNormalsKernel, c, n, l.normal(), l.images(),
              l.normal().length / l.images().length, l.stream(), l.streamId())));

  private TornadoTasks() {}

  private static <L extends Launch> Map.Entry<Class<?>, Kernel<?>> entry(
      Class<L> type, ToIntFunction<L> items, Recorder<L> recorder) {
    return Map.entry(type, new Kernel<>(items, recorder));
  }

  static Set<Class<?>> supported() {
    return KERNELS.keySet();
  }

  /**
   * Appends a launch to a graph.
   *
   * @return the number of work items
   * @throws DeviceException if the launch has no kernel here
   */
  static int record(TaskGraph graph, String id, KernelContext context, Launch launch) {
    Kernel<?> kernel = KERNELS.get(launch.getClass());
    if (kernel == null) {
      throw new DeviceException("TornadoVM has no kernel for the launch " + launch.getClass().getSimpleName()
          + "; run it on the jvm device");
    }
    return record(kernel, graph, id, context, launch);
  }

  @SuppressWarnings("unchecked") // the table's entries pair a class with its own kernel
  private static <L> int record(Kernel<L> kernel, TaskGraph graph, String id, KernelContext context, Launch launch) {
    L typed = (L) launch;
    int items = kernel.items().applyAsInt(typed);
    kernel.recorder().record(graph, id, context, items, typed);
    return items;
  }
}
