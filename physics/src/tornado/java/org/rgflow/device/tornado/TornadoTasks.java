package org.rgflow.device.tornado;

import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.rgflow.device.DeviceException;
import org.rgflow.device.Launch;
import org.rgflow.launch.AccumulateGradient;
import org.rgflow.launch.AdamStep;
import org.rgflow.launch.AddEmbedding;
import org.rgflow.launch.AddLocalEnergy;
import org.rgflow.launch.AddScaled;
import org.rgflow.launch.AddToPositions;
import org.rgflow.launch.AxisTransform;
import org.rgflow.launch.BiasGradient;
import org.rgflow.launch.ChooseLabels;
import org.rgflow.launch.ClampValues;
import org.rgflow.launch.ClearGradient;
import org.rgflow.launch.ClipGradient;
import org.rgflow.launch.ClusterBonds;
import org.rgflow.launch.ClusterFlips;
import org.rgflow.launch.ColumnSums;
import org.rgflow.launch.CombineFour;
import org.rgflow.launch.CombineThree;
import org.rgflow.launch.Concatenate;
import org.rgflow.launch.Convolve;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.CountAccepted;
import org.rgflow.launch.CountOutside;
import org.rgflow.launch.CubicForce;
import org.rgflow.launch.Decide;
import org.rgflow.launch.DecideExchange;
import org.rgflow.launch.Dropout;
import org.rgflow.launch.EmbeddingGradient;
import org.rgflow.launch.Exchange;
import org.rgflow.launch.FlowCorrection;
import org.rgflow.launch.FlowDrift;
import org.rgflow.launch.GroupNorm;
import org.rgflow.launch.GroupNormGradient;
import org.rgflow.launch.GroupNormSums;
import org.rgflow.launch.GroupStatistics;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.ImageNormals;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.MaskedValues;
import org.rgflow.launch.MatrixProduct;
import org.rgflow.launch.MetropolisHits;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.ModeBlend;
import org.rgflow.launch.ModeScale;
import org.rgflow.launch.ModeUpdate;
import org.rgflow.launch.MovingAverage;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrbitPower;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.launch.Overrelaxation;
import org.rgflow.launch.PositionSums;
import org.rgflow.launch.QuarticFlow;
import org.rgflow.launch.RowSums;
import org.rgflow.launch.Select;
import org.rgflow.launch.Silu;
import org.rgflow.launch.SiluGradient;
import org.rgflow.launch.Softmax;
import org.rgflow.launch.SoftmaxGradient;
import org.rgflow.launch.SquareSums;
import org.rgflow.launch.TakeChannels;
import org.rgflow.launch.TimeEmbedding;
import org.rgflow.launch.Transpose;
import org.rgflow.launch.Upsample;
import org.rgflow.launch.UpsampleGradient;
import org.rgflow.launch.WeightGradient;
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
      entry(AddLocalEnergy.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::addLocalEnergyKernel, c, n, l.energy(), l.sums(), l.coefficients())),
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
      entry(SquareSums.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::squareSumsKernel, c, n, l.gradient(), l.partial())),
      entry(ClipGradient.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clipGradientKernel, c, n, l.partial(), l.norm(), l.clip(), l.rates())),
      entry(AdamStep.class, l -> l.parameters().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::adamStepKernel, c, n, l.parameters(), l.gradient(), l.first(), l.second(),
              l.rates(), l.clip())),
      entry(MovingAverage.class, l -> l.parameters().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::movingAverageKernel, c, n, l.parameters(), l.average(), l.rates(),
              l.clip())),
      entry(AccumulateGradient.class, l -> l.sum().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::accumulateGradientKernel, c, n, l.gradient(), l.sum(), l.weight())),
      entry(ClearGradient.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clearGradientKernel, c, n, l.x())),
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
      entry(ChooseLabels.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::chooseLabelsKernel, c, n, l.from(), l.to(), l.none())),
      entry(ImageNormals.class, l -> l.normal().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::imageNormalsKernel, c, n, l.normal(), l.images(),
              l.normal().length / l.images().length, l.stream(), l.streamId())),
      entry(Convolve.class, l -> l.y().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::convolveKernel, c, n, l.x(), l.parameters(), l.y(), l.source(), l.beta(),
              l.positionsIn(), l.positionsOut(), l.in(), l.out(), l.weightOffset(), l.biasOffset(), l.order())),
      entry(WeightGradient.class, l -> l.source().length / l.positionsOut() * l.in() * l.out(), (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::weightGradientKernel, c, n, l.x(), l.d(), l.gradient(), l.source(),
              l.beta(), l.samples(), l.positionsIn(), l.positionsOut(), l.in(), l.out(), l.weightOffset())),
      entry(MatrixProduct.class, l -> l.samples() * l.shape()[0] * l.shape()[1], (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::matrixProductKernel, c, n, l.a(), l.b(), l.c(), l.alpha(), l.beta(),
              l.shape())),
      entry(GroupStatistics.class, l -> l.statistics().length / 2, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::groupStatisticsKernel, c, n, l.x(), l.statistics(), l.positions(),
              l.channels(), l.groupCount())),
      entry(GroupNorm.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::groupNormKernel, c, n, l.x(), l.statistics(), l.parameters(), l.y(),
              l.positions(), l.channels(), l.groupCount(), l.scaleOffset(), l.activation())),
      entry(GroupNormSums.class, l -> l.sums().length / 2, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::groupNormSumsKernel, c, n, l.x(), l.statistics(), l.parameters(), l.dy(),
              l.sums(), l.positions(), l.channels(), l.groupCount(), l.scaleOffset(), l.activation())),
      entry(GroupNormGradient.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::groupNormGradientKernel, c, n, l.x(), l.statistics(), l.parameters(),
              l.dy(), l.sums(), l.dx(), l.beta(), l.positions(), l.channels(), l.groupCount(), l.scaleOffset(),
              l.activation())),
      entry(Softmax.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::softmaxKernel, c, n, l.x(), l.length())),
      entry(SoftmaxGradient.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::softmaxGradientKernel, c, n, l.y(), l.dy(), l.length())),
      entry(Silu.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::siluKernel, c, n, l.x(), l.y())),
      entry(SiluGradient.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::siluGradientKernel, c, n, l.x(), l.dy(), l.dx(), l.beta())),
      entry(TimeEmbedding.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::timeEmbeddingKernel, c, n, l.steps(), l.y(), l.width())),
      entry(AddEmbedding.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::addEmbeddingKernel, c, n, l.labels(), l.parameters(), l.y(), l.channels(),
              l.offset())),
      entry(EmbeddingGradient.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::embeddingGradientKernel, c, n, l.labels(), l.dy(), l.gradient(), l.beta(),
              l.channels(), l.offset())),
      entry(AddToPositions.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::addToPositionsKernel, c, n, l.y(), l.v(), l.positions(), l.channels())),
      entry(PositionSums.class, l -> l.sums().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::positionSumsKernel, c, n, l.x(), l.sums(), l.positions(), l.channels())),
      entry(BiasGradient.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::biasGradientKernel, c, n, l.x(), l.gradient(), l.beta(), l.rows(),
              l.channels(), l.offset())),
      entry(Concatenate.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::concatenateKernel, c, n, l.a(), l.b(), l.y(), l.channelsA(),
              l.channelsB())),
      entry(TakeChannels.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::takeChannelsKernel, c, n, l.y(), l.x(), l.beta(), l.of(), l.first(),
              l.channels())),
      entry(Dropout.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::dropoutKernel, c, n, l.x(), l.threshold(), l.stream(), l.streamId())),
      entry(Upsample.class, l -> l.y().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::upsampleKernel, c, n, l.x(), l.y(), l.side(), l.channels())),
      entry(UpsampleGradient.class, l -> l.dx().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::upsampleGradientKernel, c, n, l.dy(), l.dx(), l.beta(), l.side(),
              l.channels())),
      entry(Transpose.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::transposeKernel, c, n, l.x(), l.y(), l.rows(), l.columns())));

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
