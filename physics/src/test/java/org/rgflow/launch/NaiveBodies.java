package org.rgflow.launch;

import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.rgflow.device.Launch;
import org.rgflow.kernels.ClusterKernels;
import org.rgflow.kernels.CombinationKernels;
import org.rgflow.kernels.ConvolutionKernels;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.FlowKernels;
import org.rgflow.kernels.FlowTableKernels;
import org.rgflow.kernels.LangevinKernels;
import org.rgflow.kernels.MetropolisKernels;
import org.rgflow.kernels.ModeKernels;
import org.rgflow.kernels.NetworkKernels;
import org.rgflow.kernels.NormKernels;
import org.rgflow.kernels.OptimizerKernels;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.kernels.ScoreKernels;
import org.rgflow.kernels.TemperingKernels;
import org.rgflow.kernels.VectorFieldKernels;

/** The naive body of every launch, item after item: what all devices are held against. */
public final class NaiveBodies {
  /** Calls the body of one work item, which may be finer than an item of the launch. */
  @FunctionalInterface
  private interface Body<L> {
    void run(L launch, int item);
  }

  private record Naive<L>(ToIntFunction<L> items, Body<L> body, Naive<L> next) {
    void run(L launch) {
      int count = items.applyAsInt(launch);
      for (int item = 0; item < count; item++) {
        body.run(launch, item);
      }
      if (next != null) {
        next.run(launch);
      }
    }

    /** The same and then another body's items. */
    Naive<L> then(ToIntFunction<L> otherItems, Body<L> other) {
      return new Naive<>(items, body, next == null ? new Naive<>(otherItems, other, null)
          : next.then(otherItems, other));
    }
  }

  private static final Map<Class<?>, Naive<?>> BODIES = Map.ofEntries(
      body(Normals.class, l -> (l.normal().length + 63) / 64 * 16, (l, i) ->
          PhiloxKernels.normals(i, l.normal(), l.stream(), l.streamId())),
      body(Kick.class, l -> l.phi().length, (l, i) ->
          FieldKernels.kick(i, l.phi(), l.p(), l.stages(), l.stage(), l.h(), l.u(), l.g(), l.lx(), l.ly(), l.lanes())),
      body(KickDrift.class, l -> l.phi().length, (l, i) ->
          FieldKernels.kickDrift(i, l.phi(), l.p(), l.moved(), l.stages(), l.stage(), l.h(), l.u(), l.g(), l.lx(),
              l.ly(), l.lanes())),
      body(AddScaled.class, l -> l.phi().length, (l, i) ->
          FieldKernels.addScaled(i, l.phi(), l.x(), l.moved(), l.scale(), l.at())),
      body(Hamiltonian.class, l -> l.phi().length / l.lx(), (l, i) ->
          FieldKernels.hamiltonian(i, l.phi(), l.p(), l.sums(), l.h(), l.u(), l.g(), l.lx(), l.ly(), l.lanes())),
      body(Decide.class, l -> l.accepted().length, (l, i) ->
          FieldKernels.decide(i, l.before(), l.after(), l.accepted(), l.tally(), l.stream(), l.streamId(), l.ly(),
              l.lanes())),
      body(Select.class, l -> l.phi().length, (l, i) ->
          FieldKernels.select(i, l.phi(), l.proposal(), l.accepted(), l.lx() * l.ly(), l.lanes())),
      body(RowSums.class, l -> l.phi().length / l.lx(), (l, i) ->
          FieldKernels.rowSums(i, l.phi(), l.sums(), l.lx(), l.ly(), l.lanes())),
      body(AddLocalEnergy.class, Launch::items, (l, i) ->
          LangevinKernels.addLocalEnergy(i, l.energy(), l.sums(), l.coefficients())),
      body(ColumnSums.class, l -> l.phi().length / l.ly(), (l, i) ->
          FieldKernels.columnSums(i, l.phi(), l.sums(), l.lx(), l.ly(), l.lanes())),
      body(MetropolisHits.class, Launch::items, (l, i) ->
          MetropolisKernels.hits(i, l.field(), l.accepted(), l.neighbourhood(), l.width(), l.blockSize(), l.h(),
              l.u(), l.g(), l.range(), l.hits(), l.stream(), l.streamId())),
      body(Overrelaxation.class, Launch::items, (l, i) ->
          MetropolisKernels.reflect(i, l.field(), l.neighbourhood(), l.width(), l.blockSize(), l.h(), l.u(), l.g(),
              l.inverse(), l.stream(), l.streamId())),
      body(AxisTransform.class, l -> l.out().length, (l, i) ->
          ModeKernels.axisTransform(i, l.in(), l.out(), l.matrix(), l.n(), l.inner())),
      body(ModeUpdate.class, l -> l.x().length, (l, i) ->
          ModeKernels.ornsteinUhlenbeck(i, l.x(), l.decay(), l.noise(), l.xi(), l.lanes())),
      body(OrnsteinUhlenbeck.class, l -> l.x().length, (l, i) ->
          ModeKernels.ornsteinUhlenbeckDrawn(i, l.x(), l.decay(), l.noise(), l.lanes(), l.stream(), l.streamId())),
      body(ModeScale.class, l -> l.x().length, (l, i) -> FlowKernels.scale(i, l.x(), l.decay(), l.modes(), l.lanes())),
      body(FlowDrift.class, l -> l.x().length, (l, i) ->
          FlowKernels.drift(i, l.x(), l.force(), l.noise(), l.moved(), l.decay(), l.weight(), l.modes(), l.lanes())),
      body(FlowCorrection.class, l -> l.x().length, (l, i) ->
          FlowKernels.correct(i, l.x(), l.predicted(), l.before(), l.after(), l.keep(), l.past(), l.weight(),
              l.modes(), l.lanes())),
      body(CubicForce.class, l -> l.phi().length, (l, i) -> FlowKernels.cubic(i, l.phi(), l.force(), l.c())),
      body(OrbitPower.class, l -> l.power().length, (l, i) ->
          FlowKernels.orbitPower(i, l.x(), l.start(), l.members(), l.power(), l.modes(), l.lanes())),
      body(ClusterBonds.class, l -> l.field().length, (l, i) ->
          ClusterKernels.bonds(i, l.field(), l.bonds(), l.h(), l.stream(), l.streamId(), l.lx(), l.ly(), l.lanes())),
      body(ClusterFlips.class, Launch::items, (l, i) ->
          ClusterKernels.flipClusters(i, l.field(), l.bonds(), l.parent(), l.lx(), l.ly(), l.lanes())),
      body(WolffClusters.class, Launch::items, (l, i) ->
          ClusterKernels.wolff(i, l.field(), l.stack(), l.flipped(), l.clusters(), l.h(), l.stream(), l.streamId(),
              l.seedStreamId(), l.lx(), l.ly(), l.lanes())),
      body(SquareSums.class, Launch::items, (l, i) -> OptimizerKernels.squares(i, l.gradient(), l.partial())),
      body(ClipGradient.class, Launch::items, (l, i) ->
          OptimizerKernels.clip(i, l.partial(), l.norm(), l.clip(), l.rates())),
      body(AdamStep.class, l -> l.parameters().length, (l, i) ->
          OptimizerKernels.adam(i, l.parameters(), l.gradient(), l.first(), l.second(), l.rates(), l.clip())),
      body(MovingAverage.class, l -> l.parameters().length, (l, i) ->
          OptimizerKernels.average(i, l.parameters(), l.average(), l.rates(), l.clip())),
      body(AccumulateGradient.class, l -> l.sum().length, (l, i) ->
          OptimizerKernels.accumulate(i, l.gradient(), l.sum(), l.weight())),
      body(ClearGradient.class, l -> l.x().length, (l, i) -> OptimizerKernels.clear(i, l.x())),
      body(CountAccepted.class, Launch::items, (l, i) ->
          MetropolisKernels.countAccepted(i, l.accepted(), l.counts(), l.length())),
      body(CountOutside.class, Launch::items, (l, i) ->
          LangevinKernels.countOutside(i, l.phi(), l.outside(), l.limit(), l.width())),
      body(QuarticFlow.class, Launch::items, (l, i) ->
          LangevinKernels.quarticFlow(i, l.phi(), l.coefficients(), l.at())),
      body(DecideExchange.class, Launch::items, (l, i) ->
          TemperingKernels.decide(i, l.a(), l.b(), l.difference(), l.exchanged(), l.tally(), l.stream(),
              l.streamId(), l.ly(), l.lanes())),
      body(Exchange.class, Launch::items, (l, i) ->
          TemperingKernels.exchange(i, l.a(), l.b(), l.exchanged(), l.sites(), l.lanes())),
      body(ModeAffine.class, l -> l.out().length, (l, i) ->
          CombinationKernels.affine(i, l.out(), l.x(), l.a(), l.b(), l.lanes())),
      body(ModeBlend.class, l -> l.out().length, (l, i) ->
          CombinationKernels.blend(i, l.out(), l.x(), l.y(), l.a(), l.b(), l.c(), l.lanes())),
      body(CombineThree.class, l -> l.out().length, (l, i) ->
          CombinationKernels.three(i, l.out(), l.x(), l.y(), l.z(), l.a(), l.b(), l.c(), l.lanes())),
      body(CombineFour.class, l -> l.out().length, (l, i) ->
          CombinationKernels.four(i, l.out(), l.x(), l.y(), l.z(), l.w(), l.a(), l.b(), l.c(), l.d(), l.lanes())),
      body(ClampValues.class, l -> l.x().length, (l, i) -> CombinationKernels.clamp(i, l.x(), l.low(), l.high())),
      body(MaskedValues.class, l -> l.x().length, (l, i) -> CombinationKernels.masked(i, l.x(), l.known(), l.mask())),
      body(CopyValues.class, l -> l.from().length, (l, i) -> CombinationKernels.copy(i, l.from(), l.to())),
      body(ChooseLabels.class, Launch::items, (l, i) -> CombinationKernels.label(i, l.from(), l.to(), l.none())),
      body(ImageNormals.class, l -> l.normal().length, (l, i) ->
          PhiloxKernels.imageNormal(i, l.normal(), l.images(), l.normal().length / l.images().length, l.stream(),
              l.streamId())),
      body(Convolve.class, l -> l.y().length, (l, i) ->
          ConvolutionKernels.convolve(i, l.x(), l.parameters(), l.y(), l.source(), l.beta(), l.positionsIn(),
              l.positionsOut(), l.in(), l.out(), l.weightOffset(), l.biasOffset(), l.order())),
      body(WeightGradient.class, l -> l.source().length / l.positionsOut() * l.in() * l.out(), (l, i) ->
          ConvolutionKernels.weightGradient(i, l.x(), l.d(), l.gradient(), l.source(), l.beta(), l.samples(),
              l.positionsIn(), l.positionsOut(), l.in(), l.out(), l.weightOffset())),
      body(MatrixProduct.class, l -> l.samples() * l.shape()[0] * l.shape()[1], (l, i) ->
          ConvolutionKernels.matrixProduct(i, l.a(), l.b(), l.c(), l.alpha(), l.beta(), l.shape())),
      body(GroupStatistics.class, l -> l.statistics().length / 2, (l, i) ->
          NormKernels.statistics(i, l.x(), l.statistics(), l.positions(), l.channels(), l.groupCount())),
      body(GroupNorm.class, l -> l.x().length, (l, i) ->
          NormKernels.apply(i, l.x(), l.statistics(), l.parameters(), l.y(), l.positions(), l.channels(),
              l.groupCount(), l.scaleOffset(), l.activation())),
      body(GroupNormSums.class, l -> l.sums().length / 2, (l, i) ->
          NormKernels.channelSums(i, l.x(), l.statistics(), l.parameters(), l.dy(), l.sums(), l.positions(),
              l.channels(), l.groupCount(), l.scaleOffset(), l.activation())),
      body(GroupNormGradient.class, l -> l.x().length, (l, i) ->
          NormKernels.inputGradient(i, l.x(), l.statistics(), l.parameters(), l.dy(), l.sums(), l.dx(), l.beta(),
              l.positions(), l.channels(), l.groupCount(), l.scaleOffset(), l.activation())),
      body(Softmax.class, Launch::items, (l, i) -> NetworkKernels.softmax(i, l.x(), l.length())),
      body(SoftmaxGradient.class, Launch::items, (l, i) ->
          NetworkKernels.softmaxGradient(i, l.y(), l.dy(), l.length())),
      body(Silu.class, Launch::items, (l, i) -> NetworkKernels.silu(i, l.x(), l.y())),
      body(SiluGradient.class, Launch::items, (l, i) ->
          NetworkKernels.siluGradient(i, l.x(), l.dy(), l.dx(), l.beta())),
      body(TimeEmbedding.class, Launch::items, (l, i) -> NetworkKernels.timeEmbedding(i, l.steps(), l.y(), l.width())),
      body(AddEmbedding.class, Launch::items, (l, i) ->
          NetworkKernels.addEmbedding(i, l.labels(), l.parameters(), l.y(), l.channels(), l.offset())),
      body(EmbeddingGradient.class, Launch::items, (l, i) ->
          NetworkKernels.embeddingGradient(i, l.labels(), l.dy(), l.gradient(), l.beta(), l.channels(), l.offset())),
      body(AddToPositions.class, Launch::items, (l, i) ->
          NetworkKernels.addToPositions(i, l.y(), l.v(), l.positions(), l.channels())),
      body(PositionSums.class, l -> l.sums().length, (l, i) ->
          NetworkKernels.positionSums(i, l.x(), l.sums(), l.positions(), l.channels())),
      body(BiasGradient.class, Launch::items, (l, i) ->
          NetworkKernels.rowSums(i, l.x(), l.gradient(), l.beta(), l.rows(), l.channels(), l.offset())),
      body(Concatenate.class, Launch::items, (l, i) ->
          NetworkKernels.concatenate(i, l.a(), l.b(), l.y(), l.channelsA(), l.channelsB())),
      body(TakeChannels.class, Launch::items, (l, i) ->
          NetworkKernels.takeChannels(i, l.y(), l.x(), l.beta(), l.of(), l.first(), l.channels())),
      body(Dropout.class, Launch::items, (l, i) ->
          NetworkKernels.dropout(i, l.x(), l.threshold(), l.stream(), l.streamId())),
      body(Upsample.class, l -> l.y().length, (l, i) ->
          NetworkKernels.upsample(i, l.x(), l.y(), l.side(), l.channels())),
      body(UpsampleGradient.class, l -> l.dx().length, (l, i) ->
          NetworkKernels.upsampleGradient(i, l.dy(), l.dx(), l.beta(), l.side(), l.channels())),
      body(Transpose.class, Launch::items, (l, i) -> NetworkKernels.transpose(i, l.x(), l.y(), l.rows(), l.columns())),
      body(ClearSums.class, l -> l.x().length, (l, i) -> OptimizerKernels.clearSums(i, l.x())),
      body(ModeQuotient.class, l -> l.out().length, (l, i) ->
          CombinationKernels.quotient(i, l.out(), l.x(), l.scale(), l.factor(), l.lanes())),
      body(WeightedPair.class, l -> l.out().length, (l, i) ->
          VectorFieldKernels.weightedPair(i, l.out(), l.x(), l.y(), l.a(), l.b())),
      body(WeightedSum.class, l -> l.out().length, (l, i) ->
          VectorFieldKernels.weightedSum(i, l.out(), l.x0(), l.x1(), l.x2(), l.x3(), l.x4(), l.c0(), l.c1(), l.c2(),
              l.c3(), l.c4())),
      bodies(FeatureMap.class, first(FeatureMap.class, l -> l.phi().length * chunks(l.features()), (l, i) ->
          VectorFieldKernels.features(i, l.phi(), l.h(), l.frequencies(), l.mixing(), l.sites(), l.features(), l.n()))
          .then(l -> l.weight() == 0 ? 0 : l.logJacobian().length, (l, i) ->
              VectorFieldKernels.divergence(i, l.phi(), l.logJacobian(), l.frequencies(), l.diagonal(), l.time(),
                  l.weight(), l.sites(), l.n()))),
      bodies(FeatureMapGradient.class, first(FeatureMapGradient.class, l -> l.phi().length, (l, i) ->
          VectorFieldKernels.fieldGradient(i, l.phi(), l.g(), l.result(), l.frequencies(), l.mixingTransposed(),
              l.diagonal(), l.time(), l.delta(), l.sites(), l.features(), l.n()))
          .then(l -> l.phi().length / l.sites() * (l.n() + 1), (l, i) ->
              VectorFieldKernels.parameterGradients(i, l.phi(), l.g(), l.mixingSums(), l.frequencySums(),
                  l.diagonalSums(), l.frequencies(), l.mixingTransposed(), l.diagonal(), l.time(), l.times(),
                  l.delta(), l.sites(), l.features(), l.n()))),
      body(KernelCombination.class, l -> l.velocity().length, (l, i) ->
          VectorFieldKernels.combine(i, l.modes(), l.velocity(), l.kernel(), l.time(), l.orbitOf(), l.orbits(),
              l.sites(), l.features())),
      body(KernelAdjoint.class, l -> l.items() * (l.orbitStart().length - 1) * l.features(), (l, i) ->
          VectorFieldKernels.kernelAdjoint(i, l.modes(), l.adjoint(), l.kernel(), l.gradient(), l.time(), l.times(),
              l.orbitModes(), l.orbitStart(), l.orbitStart().length - 1, l.sites(), l.features())),
      body(FlowConstants.class, Launch::items, (l, i) ->
          FlowTableKernels.constants(i, l.parameters(), l.frequencies(), l.mixing(), l.mixingTransposed(),
              l.deviation(), l.orbitOf(), l.prior(), l.features(), l.n())),
      bodies(FlowTimeTables.class, first(FlowTimeTables.class, l -> l.timeKernel().length, (l, i) ->
          FlowTableKernels.timeKernel(i, l.parameters(), l.timeFunctions(), l.timeKernel(), l.features(), l.n(),
              l.channels(), l.timeFeatures()))
          .then(l -> l.items() * l.orbits(), (l, i) ->
              FlowTableKernels.position(i, l.parameters(), l.gain(), l.timeKernel(), l.position(), l.features(), l.n(),
                  l.channels(), l.timeFeatures(), l.orbits()))
          .then(l -> l.items() * l.orbits(), (l, i) ->
              FlowTableKernels.modeKernel(i, l.eigenvalues(), l.position(), l.kernel(), l.features(), l.orbits()))
          .then(l -> l.diagonal().length, (l, i) ->
              FlowTableKernels.diagonal(i, l.position(), l.mixing(), l.diagonal(), l.features(), l.n(), l.orbits()))),
      bodies(FlowTimeGradients.class, first(FlowTimeGradients.class, l -> l.diagonalGradient().length, (l, i) ->
          FlowTableKernels.diagonalGradient(i, l.diagonalSums(), l.diagonalGradient(), l.diagonalGradient().length,
              l.blocks()))
          .then(l -> l.modeGradient().length, (l, i) ->
              FlowTableKernels.modeGradient(i, l.kernelSums(), l.modeGradient(), l.modeGradient().length, l.blocks()))
          .then(l -> l.items() * l.orbits(), (l, i) ->
              FlowTableKernels.positionGradient(i, l.eigenvalues(), l.gain(), l.mixing(), l.modeGradient(),
                  l.diagonalGradient(), l.positionGradient(), l.features(), l.n(), l.orbits()))
          .then(l -> l.timeGradient().length, (l, i) ->
              FlowTableKernels.timeKernelGradient(i, l.parameters(), l.positionGradient(), l.timeGradient(),
                  l.features(), l.n(), l.channels(), l.timeFeatures(), l.orbits()))),
      bodies(FlowParameterGradients.class, first(FlowParameterGradients.class, l -> l.n(), (l, i) ->
          FlowTableKernels.frequencyParameter(i, l.gradient(), l.frequencySums(), l.n(), l.blocks()))
          .then(l -> l.features() * (l.n() + 1), (l, i) ->
              FlowTableKernels.mixingParameter(i, l.gradient(), l.mixingSums(), l.position(), l.diagonalGradient(),
                  l.features(), l.n(), l.orbits(), l.times(), l.blocks()))
          .then(l -> l.channels() * l.timeFeatures(), (l, i) ->
              FlowTableKernels.timeParameter(i, l.gradient(), l.timeFunctions(), l.timeGradient(), l.features(), l.n(),
                  l.channels(), l.timeFeatures(), l.times()))
          .then(l -> l.orbits() * l.channels() * l.features(), (l, i) ->
              FlowTableKernels.kernelParameter(i, l.gradient(), l.timeKernel(), l.positionGradient(), l.features(),
                  l.n(), l.channels(), l.timeFeatures(), l.orbits(), l.times()))),
      body(FlowPriorGradient.class, Launch::items, (l, i) ->
          FlowTableKernels.priorParameter(i, l.x(), l.y(), l.gradient(), l.orbitModes(), l.orbitStart(), l.offset(),
              l.sign(), l.count(), l.sites(), l.x().length / (l.sites() * VectorFieldKernels.LANES))),
      body(SpreadModes.class, l -> l.out().length, (l, i) ->
          CombinationKernels.spread(i, l.out(), l.a(), l.lanes())),
      body(ModeProduct.class, l -> l.out().length, (l, i) ->
          CombinationKernels.product(i, l.out(), l.x(), l.y(), l.a(), l.lanes())),
      body(ToSamples.class, l -> l.x().length, (l, i) ->
          ScoreKernels.toSamples(i, l.x(), l.y(), l.sites(), l.inputs(), l.which())),
      body(FromSamples.class, l -> l.x().length, (l, i) -> ScoreKernels.fromSamples(i, l.x(), l.y(), l.sites())),
      body(Mirror.class, l -> l.x().length, (l, i) ->
          ScoreKernels.mirror(i, l.x(), l.y(), l.first(), l.second(), l.x().length)),
      body(Fold.class, l -> l.y().length, (l, i) -> ScoreKernels.fold(i, l.x(), l.y(), l.sign(), l.y().length)),
      body(Product.class, l -> l.out().length, (l, i) -> ScoreKernels.product(i, l.out(), l.x(), l.y())),
      body(ScaledModes.class, l -> l.out().length, (l, i) ->
          ScoreKernels.scaled(i, l.out(), l.x(), l.scale(), l.scale().length)),
      body(ReverseStep.class, Launch::items, (l, i) ->
          ScoreKernels.reverseStep(i, l.u(), l.force(), l.noise(), l.logDensity(), l.coefficients(), l.sites())),
      body(LogNormal.class, Launch::items, (l, i) -> ScoreKernels.logNormal(i, l.u(), l.logDensity(), l.sites())),
      body(RungeKuttaPlace.class, Launch::items, (l, i) ->
          ScoreKernels.rungeKuttaPlace(i, l.u(), l.from(), l.slopes(), l.lengths(), l.stage(), l.u().length)),
      body(RungeKuttaDensity.class, Launch::items, (l, i) ->
          ScoreKernels.rungeKuttaDensity(i, l.logDensity(), l.divergences(), l.lengths(), l.stage(), l.items())),
      body(RungeKuttaSlope.class, Launch::items, (l, i) ->
          ScoreKernels.rungeKuttaSlope(i, l.force(), l.rate(), l.slopes(), l.stage(), l.rate().length, l.items())),
      body(SelectMode.class, Launch::items, (l, i) -> ScoreKernels.selectMode(i, l.direction(), l.mode(), l.sites())),
      body(RandomSigns.class, Launch::items, (l, i) ->
          ScoreKernels.randomSign(i, l.direction(), l.stream(), l.streamId())),
      body(AddProjection.class, Launch::items, (l, i) ->
          ScoreKernels.addProjection(i, l.direction(), l.derivative(), l.rate(), l.divergences(), l.stage(),
              l.rate().length, l.items())),
      body(DrawPlaces.class, Launch::items, (l, i) ->
          ScoreKernels.drawPlace(i, l.chosen(), l.places(), l.times(), l.stream(), l.streamId(), l.count(), l.unit())),
      body(DrawExamples.class, Launch::items, (l, i) ->
          ScoreKernels.drawExample(i, l.noise(), l.whitened(), l.correlation(), l.expected(), l.bare(), l.weight(),
              l.unresolved(), l.chosen(), l.places(), l.field(), l.force(), l.sources(), l.path(), l.sites())),
      body(ScoreLoss.class, Launch::items, (l, i) ->
          ScoreKernels.loss(i, l.force(), l.expected(), l.weight(), l.gradient(), l.losses(), l.scale(), l.sites())));

  private NaiveBodies() {}

  private static int chunks(int features) {
    return (features + VectorFieldKernels.CHUNK - 1) / VectorFieldKernels.CHUNK;
  }

  private static <L extends Launch> Map.Entry<Class<?>, Naive<?>> body(
      Class<L> type, ToIntFunction<L> items, Body<L> body) {
    return Map.entry(type, new Naive<>(items, body, null));
  }

  private static <L extends Launch> Naive<L> first(Class<L> type, ToIntFunction<L> items, Body<L> body) {
    return new Naive<>(items, body, null);
  }

  private static <L extends Launch> Map.Entry<Class<?>, Naive<?>> bodies(Class<L> type, Naive<L> bodies) {
    return Map.entry(type, bodies);
  }

  /** The launches that have a body here. */
  public static Set<Class<?>> launches() {
    return BODIES.keySet();
  }

  /** Runs all work items of a launch in order. */
  public static void run(Launch launch) {
    run(BODIES.get(launch.getClass()), launch);
  }

  @SuppressWarnings("unchecked") // the table pairs a class with its own body
  private static <L> void run(Naive<L> naive, Launch launch) {
    naive.run((L) launch);
  }
}
