package org.rgflow.device.tornado;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.rgflow.device.DeviceException;
import org.rgflow.device.Launch;
import org.rgflow.kernels.ConvolutionKernels;
import org.rgflow.kernels.OptimizerKernels;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.launch.AccumulateGradient;
import org.rgflow.launch.AdamStep;
import org.rgflow.launch.AddEmbedding;
import org.rgflow.launch.AddLocalEnergy;
import org.rgflow.launch.AddProjection;
import org.rgflow.launch.AddScaled;
import org.rgflow.launch.AddToPositions;
import org.rgflow.launch.AxisTransform;
import org.rgflow.launch.BiasGradient;
import org.rgflow.launch.ChooseLabels;
import org.rgflow.launch.ClampValues;
import org.rgflow.launch.ClearGradient;
import org.rgflow.launch.ClearSums;
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
import org.rgflow.launch.DrawExamples;
import org.rgflow.launch.DrawPlaces;
import org.rgflow.launch.Dropout;
import org.rgflow.launch.EmbeddingGradient;
import org.rgflow.launch.Exchange;
import org.rgflow.launch.FeatureMap;
import org.rgflow.launch.FeatureMapGradient;
import org.rgflow.launch.FlowConstants;
import org.rgflow.launch.FlowCorrection;
import org.rgflow.launch.FlowDrift;
import org.rgflow.launch.FlowParameterGradients;
import org.rgflow.launch.FlowPriorGradient;
import org.rgflow.launch.FlowTimeGradients;
import org.rgflow.launch.FlowTimeTables;
import org.rgflow.launch.Fold;
import org.rgflow.launch.FromSamples;
import org.rgflow.launch.GroupNorm;
import org.rgflow.launch.GroupNormGradient;
import org.rgflow.launch.GroupNormSums;
import org.rgflow.launch.GroupStatistics;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.ImageNormals;
import org.rgflow.launch.KernelAdjoint;
import org.rgflow.launch.KernelCombination;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.LogNormal;
import org.rgflow.launch.MaskedValues;
import org.rgflow.launch.MatrixProduct;
import org.rgflow.launch.MetropolisHits;
import org.rgflow.launch.Mirror;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.ModeBlend;
import org.rgflow.launch.ModeProduct;
import org.rgflow.launch.ModeQuotient;
import org.rgflow.launch.ModeScale;
import org.rgflow.launch.ModeUpdate;
import org.rgflow.launch.MovingAverage;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrbitPower;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.launch.Overrelaxation;
import org.rgflow.launch.PositionSums;
import org.rgflow.launch.Product;
import org.rgflow.launch.QuarticFlow;
import org.rgflow.launch.RandomSigns;
import org.rgflow.launch.ReverseStep;
import org.rgflow.launch.RowSums;
import org.rgflow.launch.RungeKuttaDensity;
import org.rgflow.launch.RungeKuttaPlace;
import org.rgflow.launch.RungeKuttaSlope;
import org.rgflow.launch.ScaledModes;
import org.rgflow.launch.ScoreLoss;
import org.rgflow.launch.Select;
import org.rgflow.launch.SelectMode;
import org.rgflow.launch.Silu;
import org.rgflow.launch.SiluGradient;
import org.rgflow.launch.Softmax;
import org.rgflow.launch.SoftmaxGradient;
import org.rgflow.launch.SpreadModes;
import org.rgflow.launch.SquareSums;
import org.rgflow.launch.TakeChannels;
import org.rgflow.launch.TimeEmbedding;
import org.rgflow.launch.ToSamples;
import org.rgflow.launch.Transpose;
import org.rgflow.launch.Upsample;
import org.rgflow.launch.UpsampleGradient;
import org.rgflow.launch.WeightGradient;
import org.rgflow.launch.WeightedPair;
import org.rgflow.launch.WeightedSum;
import org.rgflow.launch.WolffClusters;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;

/**
 * The tasks that compute the launches of a session. A work item is one item of the naive body, which may be
 * finer than the item of the launch (an element instead of a row); or work items share the work in groups.
 */
final class TornadoTasks {
  /** Which of a launch's kernels to take. */
  enum Form {
    /** Work items for themselves: any device can. */
    ITEMS,
    /** Groups wherever there are kernels for them. */
    GROUPS,
    /** Blocks wherever there are kernels for them. */
    BLOCKS,
    /** Groups where there is enough to share. */
    ACCELERATOR,
    /** Products in blocks, groups of channels by themselves, the rest in groups where there is enough to share. */
    PROCESSOR;

    private boolean forced() {
      return this == GROUPS || this == BLOCKS;
    }

    private boolean hasBlocks() {
      return this == BLOCKS || this == PROCESSOR;
    }

    private boolean hasGroups() {
      return this != ITEMS && this != BLOCKS;
    }
  }

  /** Adds a task to a graph. */
  @FunctionalInterface
  interface Recording {
    void add(TaskGraph graph, String id, KernelContext context);
  }

  /** What a kernel makes of the lengths of its arrays. */
  enum Lengths {
    /** It may ask for them, and TornadoVM makes constants of them. */
    CONSTANT,
    /** It does not ask for them. */
    ANY
  }

  /**
   * One task.
   *
   * @param items work items
   * @param group items of a group; the grid is rounded up to whole groups
   * @param lengths what the kernel makes of the lengths of its arrays
   * @param constants the buffers from which it reads its shape and its factors, if it does
   * @param recording adds it to a graph
   */
  record Task(int items, int group, Lengths lengths, List<Object> constants, Recording recording) {}

  /** The tasks of one kind of launch; none if this form does not take such a launch. */
  @FunctionalInterface
  private interface Kernel<L> {
    List<Task> tasks(TornadoTasks session, L launch);
  }

  /** Adds a launch's kernel with the launch's components as arguments. */
  @FunctionalInterface
  private interface Recorder<L> {
    void record(TaskGraph graph, String id, KernelContext context, int items, L launch);
  }

  /** Adds a launch's kernel with its arrays and a buffer that holds its shape as arguments. */
  @FunctionalInterface
  private interface ShapeRecorder<L> {
    void record(TaskGraph graph, String id, KernelContext context, int[] shape, L launch);
  }

  /** Adds a launch's kernel with the launch's components and a buffer of its streams' numbers as arguments. */
  @FunctionalInterface
  private interface StreamRecorder<L> {
    void record(TaskGraph graph, String id, KernelContext context, int items, int[] ids, L launch);
  }

  /** Adds a launch's kernel with its arrays and buffers that hold its shape and its factors as arguments. */
  @FunctionalInterface
  private interface FactorRecorder<L> {
    void record(TaskGraph graph, String id, KernelContext context, int[] shape, float[] factors, L launch);
  }

  /** Work items of a group that have nothing to do with each other. */
  private static final int ITEMS = 64;

  /** So many groups keep a large device busy. */
  private static final int ENOUGH_GROUPS = 256;

  /** So many blocks keep the cores of a processor busy. */
  private static final int ENOUGH_BLOCKS = 64;

  /** Shortest part of an inner sum that is worth a group of its own. */
  private static final int SHORTEST_PART = 256;

  // Method references only: TornadoVM reads the kernel's name out of them.
  private static final Map<Class<?>, Kernel<?>> KERNELS = Map.ofEntries(
      streamed(Normals.class, l -> (l.normal().length + 63) / 64 * 16, l -> new int[] {l.streamId()},
          (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::normalsKernel, c, n, l.normal(), l.stream(), s)),
      shaped(Kick.class, l -> l.phi().length, l -> new int[] {l.stage()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::kickKernel, c, l.phi(), l.p(), l.stages(), s, l.h(), l.u(), l.g(), l.lx(),
              l.ly(), l.lanes())),
      shaped(KickDrift.class, l -> l.phi().length, l -> new int[] {l.stage()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::kickDriftKernel, c, l.phi(), l.p(), l.moved(), l.stages(), s, l.h(), l.u(),
              l.g(), l.lx(), l.ly(), l.lanes())),
      shaped(AddScaled.class, l -> l.phi().length, l -> new int[] {l.at()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::addScaledKernel, c, l.phi(), l.x(), l.moved(), l.scale(), s)),
      entry(Hamiltonian.class, l -> l.phi().length / l.lx(), (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::hamiltonianKernel, c, n, l.phi(), l.p(), l.sums(), l.h(), l.u(), l.g(),
              l.lx(), l.ly(), l.lanes())),
      streamed(Decide.class, l -> l.accepted().length, l -> new int[] {l.streamId()}, (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::decideKernel, c, n, l.before(), l.after(), l.accepted(), l.tally(),
              l.stream(), s, l.ly(), l.lanes())),
      entry(Select.class, l -> l.phi().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::selectKernel, c, n, l.phi(), l.proposal(), l.accepted(), l.lx() * l.ly(),
              l.lanes())),
      entry(RowSums.class, l -> l.phi().length / l.lx(), (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::rowSumsKernel, c, n, l.phi(), l.sums(), l.lx(), l.ly(), l.lanes())),
      entry(AddLocalEnergy.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::addLocalEnergyKernel, c, n, l.energy(), l.sums(), l.coefficients())),
      entry(ColumnSums.class, l -> l.phi().length / l.ly(), (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::columnSumsKernel, c, n, l.phi(), l.sums(), l.lx(), l.ly(), l.lanes())),
      streamed(MetropolisHits.class, Launch::items, l -> new int[] {l.streamId()}, (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::metropolisHitsKernel, c, n, l.field(), l.accepted(), l.neighbourhood(),
              l.width(), l.blockSize(), l.h(), l.u(), l.g(), l.range(), l.hits(), l.stream(), s)),
      streamed(Overrelaxation.class, Launch::items, l -> new int[] {l.streamId()}, (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::overrelaxationKernel, c, n, l.field(), l.neighbourhood(), l.width(),
              l.blockSize(), l.h(), l.u(), l.g(), l.inverse(), l.stream(), s)),
      entry(AxisTransform.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::axisTransformKernel, c, n, l.in(), l.out(), l.matrix(), l.n(), l.inner())),
      entry(ModeUpdate.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeUpdateKernel, c, n, l.x(), l.decay(), l.noise(), l.xi(), l.lanes())),
      streamed(OrnsteinUhlenbeck.class, l -> l.x().length, l -> new int[] {l.streamId()}, (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::ornsteinUhlenbeckKernel, c, n, l.x(), l.decay(), l.noise(), l.lanes(),
              l.stream(), s)),
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
      streamed(ClusterBonds.class, l -> l.field().length, l -> new int[] {l.streamId()}, (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::clusterBondsKernel, c, n, l.field(), l.bonds(), l.h(), l.stream(), s,
              l.lx(), l.ly(), l.lanes())),
      entry(ClusterFlips.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clusterFlipsKernel, c, n, l.field(), l.bonds(), l.parent(), l.lx(), l.ly(),
              l.lanes())),
      streamed(WolffClusters.class, Launch::items, l -> new int[] {l.streamId(), l.seedStreamId()},
          (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::wolffClustersKernel, c, n, l.field(), l.stack(), l.flipped(), l.clusters(),
              l.h(), l.stream(), s, l.lx(), l.ly(), l.lanes())),
      entry(SquareSums.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::squareSumsKernel, c, n, l.gradient(), l.partial())),
      entry(ClipGradient.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clipGradientKernel, c, n, l.partial(), l.norm(), l.clip(), l.rates())),
      entry(AdamStep.class, l -> l.parameters().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::adamStepKernel, c, n, l.parameters(), l.gradient(), l.first(), l.second(),
              l.rates(), l.clip())),
      entry(MovingAverage.class, l -> l.parameters().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::movingAverageKernel, c, n, l.parameters(), l.average(), l.rates(), l.clip())),
      entry(AccumulateGradient.class, l -> l.sum().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::accumulateGradientKernel, c, n, l.gradient(), l.sum(), l.weight())),
      entry(ClearGradient.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clearGradientKernel, c, n, l.x())),
      entry(CountAccepted.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::countAcceptedKernel, c, n, l.accepted(), l.counts(), l.length())),
      entry(CountOutside.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::countOutsideKernel, c, n, l.phi(), l.outside(), l.limit(), l.width())),
      shaped(QuarticFlow.class, Launch::items, l -> new int[] {l.at()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::quarticFlowKernel, c, l.phi(), l.coefficients(), s)),
      streamed(DecideExchange.class, Launch::items, l -> new int[] {l.streamId()}, (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::decideExchangeKernel, c, n, l.a(), l.b(), l.difference(), l.exchanged(),
              l.tally(), l.stream(), s, l.ly(), l.lanes())),
      entry(Exchange.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::exchangeKernel, c, n, l.a(), l.b(), l.exchanged(), l.sites(), l.lanes())),
      entry(ModeAffine.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeAffineKernel, c, n, l.out(), l.x(), l.a(), l.b(), l.lanes())),
      entry(ModeBlend.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeBlendKernel, c, n, l.out(), l.x(), l.y(), l.a(), l.b(), l.c(), l.lanes())),
      entry(CombineThree.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::combineThreeKernel, c, n, l.out(), l.x(), l.y(), l.z(), l.a(), l.b(), l.c(),
              l.lanes())),
      entry(CombineFour.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::combineFourKernel, c, n, l.out(), l.x(), l.y(), l.z(), l.w(), l.a(), l.b(),
              l.c(), l.d(), l.lanes())),
      entry(ClampValues.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::clampValuesKernel, c, n, l.x(), l.low(), l.high())),
      entry(MaskedValues.class, l -> l.x().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::maskedValuesKernel, c, n, l.x(), l.known(), l.mask())),
      entry(CopyValues.class, l -> l.from().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::copyValuesKernel, c, n, l.from(), l.to())),
      entry(ChooseLabels.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::chooseLabelsKernel, c, n, l.from(), l.to(), l.none())),
      streamed(ImageNormals.class, l -> l.normal().length, l -> new int[] {l.streamId()}, (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::imageNormalsKernel, c, n, l.normal(), l.images(),
              l.normal().length / l.images().length, l.stream(), s)),
      entry(Convolve.class, l -> l.y().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::convolveKernel, c, n, l.x(), l.parameters(), l.y(), l.source(), l.beta(),
              l.positionsIn(), l.positionsOut(), l.in(), l.out(), l.weightOffset(), l.biasOffset(), l.order())),
      entry(WeightGradient.class, l -> l.source().length / l.positionsOut() * l.in() * l.out(), (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::weightGradientKernel, c, n, l.x(), l.d(), l.gradient(), l.source(), l.beta(),
              l.samples(), l.positionsIn(), l.positionsOut(), l.in(), l.out(), l.weightOffset())),
      entry(MatrixProduct.class, l -> l.samples() * l.shape()[0] * l.shape()[1], (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::matrixProductKernel, c, n, l.a(), l.b(), l.c(), l.alpha(), l.beta(),
              l.shape())),
      several(GroupStatistics.class, TornadoTasks::statistics),
      shaped(GroupNorm.class, l -> l.x().length,
          l -> new int[] {l.positions(), l.channels(), l.groupCount(), l.scaleOffset(), l.activation()},
          (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::groupNormKernel, c, l.x(), l.statistics(), l.parameters(), l.y(), s)),
      several(GroupNormSums.class, TornadoTasks::channelSums),
      scaled(GroupNormGradient.class, l -> l.x().length,
          l -> new int[] {l.positions(), l.channels(), l.groupCount(), l.scaleOffset(), l.activation()},
          l -> new float[] {l.beta()}, (graph, id, c, s, f, l) ->
          graph.task(id, TornadoKernels::groupNormGradientKernel, c, l.x(), l.statistics(), l.parameters(), l.dy(),
              l.sums(), l.dx(), s, f)),
      entry(Softmax.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::softmaxKernel, c, n, l.x(), l.length())),
      entry(SoftmaxGradient.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::softmaxGradientKernel, c, n, l.y(), l.dy(), l.length())),
      shaped(Silu.class, Launch::items, l -> new int[] {}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::siluKernel, c, l.x(), l.y(), s)),
      scaled(SiluGradient.class, Launch::items, l -> new int[] {}, l -> new float[] {l.beta()},
          (graph, id, c, s, f, l) ->
          graph.task(id, TornadoKernels::siluGradientKernel, c, l.x(), l.dy(), l.dx(), s, f)),
      shaped(TimeEmbedding.class, Launch::items, l -> new int[] {l.width()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::timeEmbeddingKernel, c, l.steps(), l.y(), s)),
      shaped(AddEmbedding.class, Launch::items, l -> new int[] {l.channels(), l.offset()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::addEmbeddingKernel, c, l.labels(), l.parameters(), l.y(), s)),
      entry(EmbeddingGradient.class, Launch::items, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::embeddingGradientKernel, c, n, l.labels(), l.dy(), l.gradient(), l.beta(),
              l.channels(), l.offset())),
      shaped(AddToPositions.class, l -> l.y().length,
          l -> new int[] {l.positions(), l.channels()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::addToPositionsKernel, c, l.y(), l.v(), s)),
      entry(PositionSums.class, l -> l.sums().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::positionSumsKernel, c, n, l.x(), l.sums(), l.positions(), l.channels())),
      scaled(BiasGradient.class, Launch::items,
          l -> new int[] {l.rows(), l.channels(), l.offset()}, l -> new float[] {l.beta()}, (graph, id, c, s, f, l) ->
          graph.task(id, TornadoKernels::biasGradientKernel, c, l.x(), l.gradient(), s, f)),
      shaped(Concatenate.class, l -> l.y().length,
          l -> new int[] {l.channelsA(), l.channelsB()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::concatenateKernel, c, l.a(), l.b(), l.y(), s)),
      scaled(TakeChannels.class, l -> l.x().length,
          l -> new int[] {l.of(), l.first(), l.channels()}, l -> new float[] {l.beta()}, (graph, id, c, s, f, l) ->
          graph.task(id, TornadoKernels::takeChannelsKernel, c, l.y(), l.x(), s, f)),
      shaped(Dropout.class, Launch::items, l -> new int[] {l.threshold(), l.streamId()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::dropoutKernel, c, l.x(), l.stream(), s)),
      shaped(Upsample.class, l -> l.y().length, l -> new int[] {l.side(), l.channels()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::upsampleKernel, c, l.x(), l.y(), s)),
      scaled(UpsampleGradient.class, l -> l.dx().length,
          l -> new int[] {l.side(), l.channels()}, l -> new float[] {l.beta()}, (graph, id, c, s, f, l) ->
          graph.task(id, TornadoKernels::upsampleGradientKernel, c, l.dy(), l.dx(), s, f)),
      shaped(Transpose.class, Launch::items, l -> new int[] {l.rows(), l.columns()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::transposeKernel, c, l.x(), l.y(), s)),
      shaped(ClearSums.class, l -> l.x().length, l -> new int[] {}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::clearSumsKernel, c, l.x(), s)),
      entry(ModeQuotient.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeQuotientKernel, c, n, l.out(), l.x(), l.scale(), l.factor(), l.lanes())),
      scaled(WeightedPair.class, l -> l.out().length, l -> new int[] {}, l -> new float[] {l.a(), l.b()},
          (graph, id, c, s, f, l) ->
          graph.task(id, TornadoKernels::weightedPairKernel, c, l.out(), l.x(), l.y(), s, f)),
      scaled(WeightedSum.class, l -> l.out().length, l -> new int[] {},
          l -> new float[] {l.c0(), l.c1(), l.c2(), l.c3(), l.c4()}, (graph, id, c, s, f, l) ->
          graph.task(id, TornadoKernels::weightedSumKernel, c, l.out(), l.x0(), l.x1(), l.x2(), l.x3(), l.x4(), s, f)),
      several(FeatureMap.class, (session, l) -> {
        int chunks = Math.ceilDiv(l.features(), VectorFieldKernels.CHUNK);
        int[] shape = session.shape(l.phi().length * chunks, l.sites(), l.features(), l.n());
        Task features = items(shape, (graph, id, c) ->
            graph.task(id, TornadoKernels::featuresKernel, c, l.phi(), l.h(), l.frequencies(), l.mixing(), shape));
        if (l.weight() == 0) {
          return List.of(features);
        }
        int[] replicas = session.shape(l.logJacobian().length, l.time(), l.sites(), l.n());
        float[] factors = session.factors(l.weight());
        return List.of(features, items(replicas, factors, (graph, id, c) ->
            graph.task(id, TornadoKernels::divergenceKernel, c, l.phi(), l.logJacobian(), l.frequencies(),
                l.diagonal(), replicas, factors)));
      }),
      several(FeatureMapGradient.class, (session, l) -> {
        int[] sizes = {l.time(), l.times(), l.sites(), l.features(), l.n()};
        int[] field = session.shape(l.phi().length, sizes);
        int[] sums = session.shape(l.phi().length / l.sites() * (l.n() + 1), sizes);
        float[] factors = session.factors(l.delta());
        return List.of(
            items(field, factors, (graph, id, c) ->
                graph.task(id, TornadoKernels::fieldGradientKernel, c, l.phi(), l.g(), l.result(), l.frequencies(),
                    l.mixingTransposed(), l.diagonal(), field, factors)),
            items(sums, factors, (graph, id, c) ->
                graph.task(id, TornadoKernels::parameterGradientsKernel, c, l.phi(), l.g(), l.mixingSums(),
                    l.frequencySums(), l.diagonalSums(), l.frequencies(), l.mixingTransposed(), l.diagonal(), sums,
                    factors)));
      }),
      shaped(KernelCombination.class, l -> l.velocity().length,
          l -> new int[] {l.time(), l.orbits(), l.sites(), l.features()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::kernelCombinationKernel, c, l.modes(), l.velocity(), l.kernel(), l.orbitOf(),
              s)),
      shaped(KernelAdjoint.class, l -> l.items() * (l.orbitStart().length - 1) * l.features(),
          l -> new int[] {l.time(), l.times(), l.orbitStart().length - 1, l.sites(), l.features()},
          (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::kernelAdjointKernel, c, l.modes(), l.adjoint(), l.kernel(), l.gradient(),
              l.orbitModes(), l.orbitStart(), s)),
      shaped(FlowConstants.class, Launch::items, l -> new int[] {l.prior(), l.features(), l.n()},
          (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::flowConstantsKernel, c, l.parameters(), l.frequencies(), l.mixing(),
              l.mixingTransposed(), l.deviation(), l.orbitOf(), s)),
      several(FlowTimeTables.class, (session, l) -> {
        int[] sizes = {l.features(), l.n(), l.channels(), l.timeFeatures(), l.orbits()};
        int[] times = session.shape(l.timeKernel().length, sizes);
        int[] rows = session.shape(l.items() * l.orbits(), sizes);
        int[] diagonals = session.shape(l.diagonal().length, sizes);
        return List.of(
            items(times, (graph, id, c) ->
                graph.task(id, TornadoKernels::timeKernelKernel, c, l.parameters(), l.timeFunctions(), l.timeKernel(),
                    times)),
            items(rows, (graph, id, c) ->
                graph.task(id, TornadoKernels::positionKernel, c, l.parameters(), l.gain(), l.timeKernel(),
                    l.position(), rows)),
            items(rows, (graph, id, c) ->
                graph.task(id, TornadoKernels::modeKernelKernel, c, l.eigenvalues(), l.position(), l.kernel(), rows)),
            items(diagonals, (graph, id, c) ->
                graph.task(id, TornadoKernels::diagonalKernel, c, l.position(), l.mixing(), l.diagonal(), diagonals)));
      }),
      several(FlowTimeGradients.class, (session, l) -> {
        int[] sizes = {l.features(), l.n(), l.channels(), l.timeFeatures(), l.orbits(), l.blocks()};
        int[] diagonals = session.shape(l.diagonalGradient().length, sizes);
        int[] modes = session.shape(l.modeGradient().length, sizes);
        int[] rows = session.shape(l.items() * l.orbits(), sizes);
        int[] times = session.shape(l.timeGradient().length, sizes);
        return List.of(
            items(diagonals, (graph, id, c) ->
                graph.task(id, TornadoKernels::diagonalGradientKernel, c, l.diagonalSums(), l.diagonalGradient(),
                    diagonals)),
            items(modes, (graph, id, c) ->
                graph.task(id, TornadoKernels::modeGradientKernel, c, l.kernelSums(), l.modeGradient(), modes)),
            items(rows, (graph, id, c) ->
                graph.task(id, TornadoKernels::positionGradientKernel, c, l.eigenvalues(), l.gain(), l.mixing(),
                    l.modeGradient(), l.diagonalGradient(), l.positionGradient(), rows)),
            items(times, (graph, id, c) ->
                graph.task(id, TornadoKernels::timeKernelGradientKernel, c, l.parameters(), l.positionGradient(),
                    l.timeGradient(), times)));
      }),
      several(FlowParameterGradients.class, (session, l) -> {
        int[] sizes = {l.features(), l.n(), l.channels(), l.timeFeatures(), l.orbits(), l.blocks(), l.times()};
        int[] sines = session.shape(l.n(), sizes);
        int[] mixing = session.shape(l.features() * (l.n() + 1), sizes);
        int[] times = session.shape(l.channels() * l.timeFeatures(), sizes);
        int[] distances = session.shape(l.orbits() * l.channels() * l.features(), sizes);
        return List.of(
            items(sines, (graph, id, c) ->
                graph.task(id, TornadoKernels::frequencyParameterKernel, c, l.gradient(), l.frequencySums(), sines)),
            items(mixing, (graph, id, c) ->
                graph.task(id, TornadoKernels::mixingParameterKernel, c, l.gradient(), l.mixingSums(), l.position(),
                    l.diagonalGradient(), mixing)),
            items(times, (graph, id, c) ->
                graph.task(id, TornadoKernels::timeParameterKernel, c, l.gradient(), l.timeFunctions(),
                    l.timeGradient(), times)),
            items(distances, (graph, id, c) ->
                graph.task(id, TornadoKernels::kernelParameterKernel, c, l.gradient(), l.timeKernel(),
                    l.positionGradient(), distances)));
      }),
      shaped(FlowPriorGradient.class, Launch::items,
          l -> new int[] {l.offset(), l.sign(), l.count(), l.sites(),
              l.x().length / (l.sites() * VectorFieldKernels.LANES)}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::flowPriorGradientKernel, c, l.x(), l.y(), l.gradient(), l.orbitModes(),
              l.orbitStart(), s)),
      entry(SpreadModes.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::spreadModesKernel, c, n, l.out(), l.a(), l.lanes())),
      entry(ModeProduct.class, l -> l.out().length, (graph, id, c, n, l) ->
          graph.task(id, TornadoKernels::modeProductKernel, c, n, l.out(), l.x(), l.y(), l.a(), l.lanes())),
      shaped(ToSamples.class, l -> l.x().length, l -> new int[] {l.sites(), l.inputs(), l.which()},
          (graph, id, c, s, l) -> graph.task(id, TornadoKernels::toSamplesKernel, c, l.x(), l.y(), s)),
      shaped(FromSamples.class, l -> l.x().length, l -> new int[] {l.sites()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::fromSamplesKernel, c, l.x(), l.y(), s)),
      scaled(Mirror.class, l -> l.x().length, l -> new int[] {}, l -> new float[] {l.first(), l.second()},
          (graph, id, c, s, f, l) -> graph.task(id, TornadoKernels::mirrorKernel, c, l.x(), l.y(), s, f)),
      scaled(Fold.class, l -> l.y().length, l -> new int[] {}, l -> new float[] {l.sign()},
          (graph, id, c, s, f, l) -> graph.task(id, TornadoKernels::foldKernel, c, l.x(), l.y(), s, f)),
      shaped(Product.class, l -> l.out().length, l -> new int[] {}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::productKernel, c, l.out(), l.x(), l.y(), s)),
      shaped(ScaledModes.class, l -> l.out().length, l -> new int[] {l.scale().length}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::scaledModesKernel, c, l.out(), l.x(), l.scale(), s)),
      shaped(ReverseStep.class, Launch::items, l -> new int[] {l.sites()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::reverseStepKernel, c, l.u(), l.force(), l.noise(), l.logDensity(),
              l.coefficients(), s)),
      shaped(LogNormal.class, Launch::items, l -> new int[] {l.sites()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::logNormalKernel, c, l.u(), l.logDensity(), s)),
      shaped(RungeKuttaPlace.class, Launch::items, l -> new int[] {}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::rungeKuttaPlaceKernel, c, l.u(), l.from(), l.slopes(), l.lengths(), l.stage(),
              s)),
      shaped(RungeKuttaDensity.class, Launch::items, l -> new int[] {}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::rungeKuttaDensityKernel, c, l.logDensity(), l.divergences(), l.lengths(),
              l.stage(), s)),
      shaped(RungeKuttaSlope.class, Launch::items, l -> new int[] {l.rate().length}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::rungeKuttaSlopeKernel, c, l.force(), l.rate(), l.slopes(), l.stage(), s)),
      shaped(SelectMode.class, Launch::items, l -> new int[] {l.sites()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::selectModeKernel, c, l.direction(), l.mode(), s)),
      shaped(RandomSigns.class, Launch::items, l -> new int[] {l.streamId()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::randomSignsKernel, c, l.direction(), l.stream(), s)),
      shaped(AddProjection.class, Launch::items, l -> new int[] {l.rate().length}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::addProjectionKernel, c, l.direction(), l.derivative(), l.rate(),
              l.divergences(), l.stage(), s)),
      streamed(DrawPlaces.class, Launch::items, l -> new int[] {l.streamId()}, (graph, id, c, n, s, l) ->
          graph.task(id, TornadoKernels::drawPlacesKernel, c, n, l.chosen(), l.places(), l.times(), l.stream(), s,
              l.count(), l.unit())),
      shaped(DrawExamples.class, Launch::items, l -> new int[] {l.sites()}, (graph, id, c, s, l) ->
          graph.task(id, TornadoKernels::drawExamplesKernel, c, l.noise(), l.whitened(), l.correlation(), l.expected(),
              l.bare(), l.weight(), l.unresolved(), l.chosen(), l.places(), l.field(), l.force(), l.sources(),
              l.path(), s)),
      scaled(ScoreLoss.class, Launch::items, l -> new int[] {l.sites()}, l -> new float[] {l.scale()},
          (graph, id, c, s, f, l) ->
          graph.task(id, TornadoKernels::scoreLossKernel, c, l.force(), l.expected(), l.weight(), l.gradient(),
              l.losses(), s, f)));

  private static final Map<Class<?>, Kernel<?>> GROUP_KERNELS = Map.ofEntries(
      grouped(MatrixProduct.class, l -> paysAsTiles(l.shape()[0], l.shape()[1]), (session, l) -> {
        float[] factors = session.factors(l.alpha(), l.beta());
        int tiles = l.samples() * tiles(l.shape()[0]) * tiles(l.shape()[1]);
        return groups(tiles, List.of(factors), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::matrixProductTiles, c, l.a(), l.b(), l.c(), l.shape(), factors));
      }),
      grouped(Convolve.class, l -> paysAsTiles(l.y().length / l.out(), l.out()), (session, l) -> {
        int rows = l.y().length / l.out();
        int[] shape = session.shape(l);
        float[] factors = session.factors(l.beta());
        return groups(tiles(rows) * tiles(l.out()), List.of(shape, factors), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::convolveTiles, c, l.x(), l.parameters(), l.y(), l.source(), shape,
                factors));
      }),
      grouped(WeightGradient.class, l -> paysAsTiles(taps(l) * l.in(), l.out()), TornadoTasks::gradientTiles),
      grouped(AxisTransform.class, l -> paysAsTiles(l.n(), l.out().length / l.n()), (session, l) -> {
        int lines = l.out().length / l.n();
        int[] shape = session.shape(l.n(), l.inner(), lines);
        return groups(tiles(l.n()) * tiles(lines), List.of(shape), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::axisTransformTiles, c, l.in(), l.out(), l.matrix(), shape));
      }),
      grouped(GroupStatistics.class, l -> l.positions() * (l.channels() / l.groupCount()) >= 64, (session, l) -> {
        int[] shape = session.shape(l.positions(), l.channels(), l.groupCount());
        return groups(l.statistics().length / 2, List.of(shape), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::groupStatistics, c, l.x(), l.statistics(), shape));
      }),
      grouped(GroupNormSums.class, l -> l.positions() >= 16, (session, l) -> {
        int[] shape = session.shape(l.positions(), l.channels(), l.groupCount(), l.scaleOffset(), l.activation());
        int samples = l.sums().length / (2 * l.channels());
        return groups(samples * columns(l.channels()), List.of(shape), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::groupNormSums, c, l.x(), l.statistics(), l.parameters(), l.dy(),
                l.sums(), shape));
      }),
      grouped(PositionSums.class, l -> l.positions() >= 16, (session, l) -> {
        int[] shape = session.shape(l.positions(), l.channels(), 0);
        float[] factors = session.factors(0f);
        int count = l.sums().length / l.channels() * columns(l.channels());
        return groups(count, List.of(shape, factors), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::positionSums, c, l.x(), l.sums(), shape, factors));
      }),
      grouped(BiasGradient.class, l -> l.rows() >= 16, (session, l) -> {
        int[] shape = session.shape(l.rows(), l.channels(), l.offset());
        float[] factors = session.factors(l.beta());
        return groups(columns(l.channels()), List.of(shape, factors), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::positionSums, c, l.x(), l.gradient(), shape, factors));
      }),
      grouped(Softmax.class, l -> l.length() >= 32, (session, l) -> {
        int[] shape = session.shape(l.length());
        return groups(l.items(), List.of(shape), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::softmax, c, l.x(), shape));
      }),
      grouped(SoftmaxGradient.class, l -> l.length() >= 32, (session, l) -> {
        int[] shape = session.shape(l.length());
        return groups(l.items(), List.of(shape), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::softmaxGradient, c, l.y(), l.dy(), shape));
      }),
      grouped(SquareSums.class, l -> true, (session, l) ->
          groups(l.items(), List.of(), (graph, id, c) ->
              graph.task(id, TornadoGroupKernels::squareSums, c, l.gradient(), l.partial(), OptimizerKernels.CHUNK))),
      grouped(ClipGradient.class, l -> l.partial().length >= 64, (session, l) ->
          groups(1, List.of(), (graph, id, c) ->
              graph.task(id, TornadoGroupKernels::clipGradient, c, l.partial(), l.norm(), l.clip(), l.rates()))),
      grouped(Hamiltonian.class, l -> l.lx() >= 8, (session, l) -> {
        int sharers = sharers(l.lx(), l.lanes());
        return lanes(l.phi().length / (l.lx() * l.lanes()), sharers, l.lanes(), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::hamiltonian, c, l.phi(), l.p(), l.sums(), l.h(), l.u(), l.g(),
                l.lx(), l.ly(), l.lanes(), sharers, Integer.highestOneBit(Math.max(1, sharers - 1))));
      }),
      grouped(RowSums.class, l -> l.lx() >= 8, (session, l) -> {
        int sharers = sharers(l.lx(), l.lanes());
        return lanes(l.phi().length / (l.lx() * l.lanes()), sharers, l.lanes(), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::rowSums, c, l.phi(), l.sums(), l.lx(), l.ly(), l.lanes(), sharers,
                Integer.highestOneBit(Math.max(1, sharers - 1))));
      }),
      grouped(ColumnSums.class, l -> l.ly() >= 16, (session, l) -> {
        int width = l.lx() * l.lanes();
        return groups(l.phi().length / (width * l.ly()) * columns(width), List.of(), (graph, id, c) ->
            graph.task(id, TornadoGroupKernels::columnSums, c, l.phi(), l.sums(), width, l.ly()));
      }));

  private static final Map<Class<?>, Kernel<?>> BLOCK_KERNELS = Map.ofEntries(
      blocked(MatrixProduct.class, (session, l) -> {
        float[] factors = session.factors(l.alpha(), l.beta());
        int blocks = l.samples() * rowBlocks(l.shape()[0]) * columnBlocks(l.shape()[1]);
        return blocks(blocks, List.of(factors), (graph, id, c) ->
            graph.task(id, TornadoBlockKernels::matrixProductBlocks, c, l.a(), l.b(), l.c(), l.shape(), factors));
      }),
      blocked(Convolve.class, (session, l) -> {
        int[] shape = session.shape(l);
        float[] factors = session.factors(l.beta());
        int blocks = rowBlocks(l.y().length / l.out()) * columnBlocks(l.out());
        return blocks(blocks, List.of(shape, factors), (graph, id, c) ->
            graph.task(id, TornadoBlockKernels::convolveBlocks, c, l.x(), l.parameters(), l.y(), l.source(), shape,
                factors));
      }),
      blocked(WeightGradient.class, TornadoTasks::gradientBlocks),
      blocked(AxisTransform.class, (session, l) -> {
        int lines = l.out().length / l.n();
        int[] shape = session.shape(l.n(), l.inner(), lines);
        return blocks(rowBlocks(l.n()) * columnBlocks(lines), List.of(shape), (graph, id, c) ->
            graph.task(id, TornadoBlockKernels::axisTransformBlocks, c, l.in(), l.out(), l.matrix(), shape));
      }),
      blocked(GroupStatistics.class, TornadoTasks::statistics),
      blocked(GroupNormSums.class, TornadoTasks::channelSums),
      blocked(GroupNorm.class, (session, l) -> {
        int[] shape = session.shape(l.x().length / l.positions() / l.channels() * l.groupCount(), l.positions(),
            l.channels(), l.groupCount(), l.scaleOffset(), l.activation());
        return List.of(items(shape, (graph, id, c) ->
            graph.task(id, TornadoKernels::groupApplyKernel, c, l.x(), l.statistics(), l.parameters(), l.y(), shape)));
      }),
      blocked(GroupNormGradient.class, (session, l) -> {
        int[] shape = session.shape(l.x().length / l.positions() / l.channels() * l.groupCount(), l.positions(),
            l.channels(), l.groupCount(), l.scaleOffset(), l.activation());
        float[] factors = session.factors(l.beta());
        return List.of(items(shape, factors, (graph, id, c) ->
            graph.task(id, TornadoKernels::groupInputGradientKernel, c, l.x(), l.statistics(), l.parameters(), l.dy(),
                l.sums(), l.dx(), shape, factors)));
      }));

  private final Form form;
  private final Map<List<Integer>, int[]> shapes = new HashMap<>();
  private final Map<List<Float>, float[]> factors = new HashMap<>();
  private final Map<Launch, List<Task>> tasks = new IdentityHashMap<>();
  /** Where sums that are split over groups leave their parts; launches use it one after another. */
  private final float[] parts;

  /**
   * Plans the tasks of a session.
   *
   * @throws DeviceException if a launch has no kernel here
   */
  TornadoTasks(Form form, Collection<? extends Launch> launches) {
    this.form = form;
    this.parts = new float[launches.stream().mapToInt(this::partsLength).max().orElse(0)];
    for (Launch launch : launches) {
      tasks.computeIfAbsent(launch, this::plan);
    }
  }

  /** The tasks of one of the launches, in order. */
  List<Task> of(Launch launch) {
    return tasks.get(launch);
  }

  /** What tasks work on besides their launches' arrays and shapes. */
  List<Object> scratch() {
    return parts.length == 0 ? List.of() : List.of(parts);
  }

  static Set<Class<?>> supported() {
    return KERNELS.keySet();
  }

  /** The launches that have kernels for groups, too. */
  static Set<Class<?>> supportedInGroups() {
    return GROUP_KERNELS.keySet();
  }

  /** The launches that have kernels for blocks, too. */
  static Set<Class<?>> supportedInBlocks() {
    return BLOCK_KERNELS.keySet();
  }

  private List<Task> plan(Launch launch) {
    Kernel<?> kernel = KERNELS.get(launch.getClass());
    if (kernel == null) {
      throw new DeviceException("TornadoVM has no kernel for the launch " + launch.getClass().getSimpleName()
          + "; run it on the jvm device");
    }
    List<Task> planned = form.hasBlocks() ? plan(BLOCK_KERNELS.get(launch.getClass()), launch) : List.of();
    if (planned.isEmpty() && form.hasGroups()) {
      planned = plan(GROUP_KERNELS.get(launch.getClass()), launch);
    }
    return planned.isEmpty() ? plan(kernel, launch) : planned;
  }

  @SuppressWarnings("unchecked") // the tables pair a class with its own kernels
  private <L> List<Task> plan(Kernel<L> kernel, Launch launch) {
    return kernel == null ? List.of() : kernel.tasks(this, (L) launch);
  }

  private int[] shape(Convolve l) {
    boolean direct = l.order() == ConvolutionKernels.DIRECT;
    return shape(l.y().length / l.out(), l.positionsIn(), l.positionsOut(), l.in(), l.out(),
        l.source().length / l.positionsOut(), l.weightOffset(), l.biasOffset(), direct ? l.out() : 1,
        direct ? 1 : l.in());
  }

  /** A buffer with these numbers; equal shapes share one. */
  private int[] shape(int... numbers) {
    return shapes.computeIfAbsent(Arrays.stream(numbers).boxed().toList(), key -> numbers);
  }

  private int[] shape(int first, int[] rest) {
    return shape(IntStream.concat(IntStream.of(first), IntStream.of(rest)).toArray());
  }

  /** A buffer with these numbers; equal ones share one. */
  private float[] factors(float... numbers) {
    List<Float> key = new ArrayList<>();
    for (float number : numbers) {
      key.add(number);
    }
    return factors.computeIfAbsent(key, k -> numbers);
  }

  private static <L extends Launch> Map.Entry<Class<?>, Kernel<?>> entry(
      Class<L> type, ToIntFunction<L> items, Recorder<L> recorder) {
    Kernel<L> kernel = (session, launch) -> {
      int n = items.applyAsInt(launch);
      return List.of(new Task(n, ITEMS, Lengths.CONSTANT, List.of(), (graph, id, context) ->
          recorder.record(graph, id, context, n, launch)));
    };
    return Map.entry(type, kernel);
  }

  private static <L extends Launch> Map.Entry<Class<?>, Kernel<?>> streamed(
      Class<L> type, ToIntFunction<L> items, Function<L, int[]> numbers, StreamRecorder<L> recorder) {
    Kernel<L> kernel = (session, launch) -> {
      int n = items.applyAsInt(launch);
      int[] ids = session.shape(numbers.apply(launch));
      return List.of(new Task(n, ITEMS, Lengths.CONSTANT, List.of(ids), (graph, id, context) ->
          recorder.record(graph, id, context, n, ids, launch)));
    };
    return Map.entry(type, kernel);
  }

  private static <L extends Launch> Map.Entry<Class<?>, Kernel<?>> shaped(
      Class<L> type, ToIntFunction<L> items, Function<L, int[]> numbers, ShapeRecorder<L> recorder) {
    Kernel<L> kernel = (session, launch) -> {
      int n = items.applyAsInt(launch);
      int[] shape = session.shape(n, numbers.apply(launch));
      return List.of(new Task(n, ITEMS, Lengths.ANY, List.of(shape), (graph, id, context) ->
          recorder.record(graph, id, context, shape, launch)));
    };
    return Map.entry(type, kernel);
  }

  private static <L extends Launch> Map.Entry<Class<?>, Kernel<?>> scaled(Class<L> type, ToIntFunction<L> items,
      Function<L, int[]> numbers, Function<L, float[]> scalars, FactorRecorder<L> recorder) {
    Kernel<L> kernel = (session, launch) -> {
      int n = items.applyAsInt(launch);
      int[] shape = session.shape(n, numbers.apply(launch));
      float[] factors = session.factors(scalars.apply(launch));
      return List.of(new Task(n, ITEMS, Lengths.ANY, List.of(shape, factors), (graph, id, context) ->
          recorder.record(graph, id, context, shape, factors, launch)));
    };
    return Map.entry(type, kernel);
  }

  /** A launch of several bodies, one after the other. */
  private static <L extends Launch> Map.Entry<Class<?>, Kernel<?>> several(Class<L> type, Kernel<L> tasks) {
    return Map.entry(type, tasks);
  }

  /** A task of as many work items as its shape says first. */
  private static Task items(int[] shape, Recording recording) {
    return new Task(shape[0], ITEMS, Lengths.ANY, List.of(shape), recording);
  }

  private static Task items(int[] shape, float[] factors, Recording recording) {
    return new Task(shape[0], ITEMS, Lengths.ANY, List.of(shape, factors), recording);
  }

  /** @param pays whether a launch has enough to share for a form that is not forced */
  private static <L extends Launch> Map.Entry<Class<?>, Kernel<?>> grouped(
      Class<L> type, Predicate<L> pays, Kernel<L> tasks) {
    Kernel<L> kernel = (session, launch) ->
        session.form.forced() || pays.test(launch) ? tasks.tasks(session, launch) : List.of();
    return Map.entry(type, kernel);
  }

  private static <L extends Launch> Map.Entry<Class<?>, Kernel<?>> blocked(Class<L> type, Kernel<L> tasks) {
    return Map.entry(type, tasks);
  }

  private static List<Task> groups(int count, List<Object> constants, Recording recording) {
    Lengths lengths = constants.isEmpty() ? Lengths.CONSTANT : Lengths.ANY;
    return List.of(new Task(Math.multiplyExact(count, TornadoGroupKernels.GROUP), TornadoGroupKernels.GROUP, lengths,
        constants, recording));
  }

  private static List<Task> blocks(int count, List<Object> constants, Recording recording) {
    return List.of(new Task(count, 1, Lengths.ANY, constants, recording));
  }

  /** Whether a product of m by n elements fills its tiles to a quarter or so. */
  private static boolean paysAsTiles(int m, int n) {
    return m >= 16 && n >= 16;
  }

  private static int tiles(int length) {
    return Math.ceilDiv(length, TornadoGroupKernels.TILE);
  }

  private static int rowBlocks(int length) {
    return Math.ceilDiv(length, TornadoBlockKernels.ROWS);
  }

  private static int columnBlocks(int length) {
    return Math.ceilDiv(length, TornadoBlockKernels.COLUMNS);
  }

  private static int columns(int length) {
    return (length + TornadoGroupKernels.COLUMNS - 1) / TornadoGroupKernels.COLUMNS;
  }

  /** How many items share a lane of a row of sites. */
  private static int sharers(int lx, int lanes) {
    return Math.min(TornadoGroupKernels.GROUP / lanes, lx);
  }

  private static List<Task> lanes(int rows, int sharers, int lanes, Recording recording) {
    return sharers == 0 ? List.of()
        : List.of(new Task(rows * sharers * lanes, sharers * lanes, Lengths.CONSTANT, List.of(), recording));
  }

  /** Groups of channels by themselves. */
  private static List<Task> statistics(TornadoTasks session, GroupStatistics l) {
    int[] shape = session.shape(l.statistics().length / 2, l.positions(), l.channels(), l.groupCount());
    return List.of(items(shape, (graph, id, c) ->
        graph.task(id, TornadoKernels::groupStatisticsKernel, c, l.x(), l.statistics(), shape)));
  }

  /** Channels by themselves. */
  private static List<Task> channelSums(TornadoTasks session, GroupNormSums l) {
    int[] shape = session.shape(l.sums().length / 2, l.positions(), l.channels(), l.groupCount(), l.scaleOffset(),
        l.activation());
    return List.of(items(shape, (graph, id, c) ->
        graph.task(id, TornadoKernels::groupNormSumsKernel, c, l.x(), l.statistics(), l.parameters(), l.dy(), l.sums(),
            shape)));
  }

  private static int taps(WeightGradient l) {
    return l.source().length / l.positionsOut();
  }

  private static int gradientTiles(WeightGradient l) {
    return tiles(taps(l) * l.in()) * tiles(l.out());
  }

  private static int gradientBlocks(WeightGradient l) {
    return taps(l) * rowBlocks(l.in()) * columnBlocks(l.out());
  }

  /** Length of the parts that a weight gradient's inner sums are split into, for there are few elements. */
  private int partLength(WeightGradient l) {
    int depth = l.samples() * l.positionsOut();
    int wanted = form.hasBlocks() ? ENOUGH_BLOCKS / gradientBlocks(l) : ENOUGH_GROUPS / gradientTiles(l);
    int count = Math.max(1, Math.min(wanted, depth / SHORTEST_PART));
    return Math.ceilDiv(Math.ceilDiv(depth, count), 16) * 16;
  }

  private int partCount(WeightGradient l) {
    return Math.ceilDiv(l.samples() * l.positionsOut(), partLength(l));
  }

  private int partsLength(Launch launch) {
    return launch instanceof WeightGradient l && partCount(l) > 1 ? partCount(l) * taps(l) * l.in() * l.out() : 0;
  }

  private static List<Task> gradientTiles(TornadoTasks session, WeightGradient l) {
    int[] shape = session.gradientShape(l);
    float[] result = session.gradientResult(l);
    float[] factors = session.gradientFactors(l);
    int count = session.partCount(l) * gradientTiles(l);
    return session.sumOfParts(l, groups(count, List.of(shape, factors), (graph, id, c) ->
        graph.task(id, TornadoGroupKernels::weightGradientTiles, c, l.x(), l.d(), result, l.source(), shape,
            factors)));
  }

  private static List<Task> gradientBlocks(TornadoTasks session, WeightGradient l) {
    int[] shape = session.gradientShape(l);
    float[] result = session.gradientResult(l);
    float[] factors = session.gradientFactors(l);
    int count = session.partCount(l) * gradientBlocks(l);
    return session.sumOfParts(l, blocks(count, List.of(shape, factors), (graph, id, c) ->
        graph.task(id, TornadoBlockKernels::weightGradientBlocks, c, l.x(), l.d(), result, l.source(), shape,
            factors)));
  }

  private int[] gradientShape(WeightGradient l) {
    return shape(l.samples(), l.positionsIn(), l.positionsOut(), l.in(), l.out(), taps(l),
        partCount(l) == 1 ? l.weightOffset() : 0, partLength(l));
  }

  private float[] gradientResult(WeightGradient l) {
    return partCount(l) == 1 ? l.gradient() : parts;
  }

  private float[] gradientFactors(WeightGradient l) {
    return factors(partCount(l) == 1 ? l.beta() : 0f);
  }

  /** A weight gradient's product, and the sum of its parts if there are several. */
  private List<Task> sumOfParts(WeightGradient l, List<Task> product) {
    int count = partCount(l);
    if (count == 1) {
      return product;
    }
    int elements = taps(l) * l.in() * l.out();
    int[] sum = shape(elements, count, l.weightOffset());
    float[] factors = factors(l.beta());
    return List.of(product.getFirst(), new Task(elements, ITEMS, Lengths.ANY, List.of(sum, factors),
        (graph, id, c) -> graph.task(id, TornadoGroupKernels::sumParts, c, parts, l.gradient(), sum, factors)));
  }
}
