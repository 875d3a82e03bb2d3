package org.rgflow.device.tornado;

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
import uk.ac.manchester.tornado.api.KernelContext;

/**
 * The kernel bodies as TornadoVM calls them: one work item of a grid that is rounded up, so items
 * beyond {@code items}, or beyond {@code shape[0]}, do nothing. The names reach the OpenCL compiler, where
 * {@code select} or {@code step} would be its own functions; hence the ending.
 *
 * <p>A network has the same kernel in many shapes and places of the parameters, a trajectory in many stages, a
 * chain in many streams of random numbers. What changes comes in buffers: {@code shape}, the number of items
 * first, {@code factors}, and {@code ids} of streams. For TornadoVM makes constants of scalar arguments, and a
 * kernel with other constants is another one to compile. Bodies that go along a row on the JVM are written for
 * one element here, so that neighbouring items meet in memory.
 */
final class TornadoKernels {
  private TornadoKernels() {}

  static void nothingKernel(KernelContext context, int items, int[] token) {
    int item = context.globalIdx;
    if (item < items) {
      token[item] = item;
    }
  }

  static void normalsKernel(KernelContext context, int items, float[] normal, int[] stream, int[] ids) {
    int q = context.globalIdx;
    if (q < items) {
      PhiloxKernels.normals(q, normal, stream, ids[0]);
    }
  }

  static void kickKernel(KernelContext context, float[] phi, float[] p, float[] stages, int[] shape, float h, float u,
      float g, int lx, int ly, int lanes) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FieldKernels.kick(item, phi, p, stages, shape[1], h, u, g, lx, ly, lanes);
    }
  }

  static void kickDriftKernel(KernelContext context, float[] phi, float[] p, float[] moved, float[] stages,
      int[] shape, float h, float u, float g, int lx, int ly, int lanes) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FieldKernels.kickDrift(item, phi, p, moved, stages, shape[1], h, u, g, lx, ly, lanes);
    }
  }

  static void addScaledKernel(KernelContext context, float[] phi, float[] x, float[] moved, float[] scale,
      int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FieldKernels.addScaled(item, phi, x, moved, scale, shape[1]);
    }
  }

  static void hamiltonianKernel(KernelContext context, int items, float[] phi, float[] p, double[] sums,
      float h, float u, float g, int lx, int ly, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FieldKernels.hamiltonian(item, phi, p, sums, h, u, g, lx, ly, lanes);
    }
  }

  static void decideKernel(KernelContext context, int items, double[] before, double[] after, int[] accepted,
      double[] tally, int[] stream, int[] ids, int ly, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FieldKernels.decide(item, before, after, accepted, tally, stream, ids[0], ly, lanes);
    }
  }

  static void selectKernel(KernelContext context, int items, float[] phi, float[] proposal, int[] accepted,
      int sites, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FieldKernels.select(item, phi, proposal, accepted, sites, lanes);
    }
  }

  static void rowSumsKernel(KernelContext context, int items, float[] phi, double[] sums, int lx, int ly,
      int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FieldKernels.rowSums(item, phi, sums, lx, ly, lanes);
    }
  }

  static void addLocalEnergyKernel(KernelContext context, int items, double[] energy, double[] sums,
      double[] coefficients) {
    int item = context.globalIdx;
    if (item < items) {
      LangevinKernels.addLocalEnergy(item, energy, sums, coefficients);
    }
  }

  static void columnSumsKernel(KernelContext context, int items, float[] phi, double[] sums, int lx, int ly,
      int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FieldKernels.columnSums(item, phi, sums, lx, ly, lanes);
    }
  }

  static void metropolisHitsKernel(KernelContext context, int items, float[] field, int[] accepted,
      int[] neighbourhood, int width, int blockSize, float h, float u, float g, float[] range, int hits,
      int[] stream, int[] ids) {
    int item = context.globalIdx;
    if (item < items) {
      MetropolisKernels.hits(item, field, accepted, neighbourhood, width, blockSize, h, u, g, range, hits, stream,
          ids[0]);
    }
  }

  static void overrelaxationKernel(KernelContext context, int items, float[] field, int[] neighbourhood,
      int width, int blockSize, float h, float u, float g, float[] inverse, int[] stream, int[] ids) {
    int item = context.globalIdx;
    if (item < items) {
      MetropolisKernels.reflect(item, field, neighbourhood, width, blockSize, h, u, g, inverse, stream, ids[0]);
    }
  }

  static void axisTransformKernel(KernelContext context, int items, float[] in, float[] out, float[] matrix,
      int n, int inner) {
    int item = context.globalIdx;
    if (item < items) {
      ModeKernels.axisTransform(item, in, out, matrix, n, inner);
    }
  }

  static void modeUpdateKernel(KernelContext context, int items, float[] x, float[] decay, float[] noise,
      float[] xi, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      ModeKernels.ornsteinUhlenbeck(item, x, decay, noise, xi, lanes);
    }
  }

  static void ornsteinUhlenbeckKernel(KernelContext context, int items, float[] x, float[] decay,
      float[] noise, int lanes, int[] stream, int[] ids) {
    int item = context.globalIdx;
    if (item < items) {
      ModeKernels.ornsteinUhlenbeckDrawn(item, x, decay, noise, lanes, stream, ids[0]);
    }
  }

  static void modeScaleKernel(KernelContext context, int items, float[] x, float[] decay, int modes, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FlowKernels.scale(item, x, decay, modes, lanes);
    }
  }

  static void flowDriftKernel(KernelContext context, int items, float[] x, float[] force, float[] noise,
      float[] moved, float[] decay, float[] weight, int modes, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FlowKernels.drift(item, x, force, noise, moved, decay, weight, modes, lanes);
    }
  }

  static void flowCorrectionKernel(KernelContext context, int items, float[] x, float[] predicted,
      float[] before, float[] after, float[] keep, float[] past, float[] weight, int modes, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FlowKernels.correct(item, x, predicted, before, after, keep, past, weight, modes, lanes);
    }
  }

  static void cubicForceKernel(KernelContext context, int items, float[] phi, float[] force, float c) {
    int item = context.globalIdx;
    if (item < items) {
      FlowKernels.cubic(item, phi, force, c);
    }
  }

  static void orbitPowerKernel(KernelContext context, int items, float[] x, int[] start, int[] members,
      double[] power, int modes, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      FlowKernels.orbitPower(item, x, start, members, power, modes, lanes);
    }
  }

  static void clusterBondsKernel(KernelContext context, int items, float[] field, int[] bonds, float h,
      int[] stream, int[] ids, int lx, int ly, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      ClusterKernels.bonds(item, field, bonds, h, stream, ids[0], lx, ly, lanes);
    }
  }

  static void clusterFlipsKernel(KernelContext context, int items, float[] field, int[] bonds, int[] parent,
      int lx, int ly, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      ClusterKernels.flipClusters(item, field, bonds, parent, lx, ly, lanes);
    }
  }

  static void wolffClustersKernel(KernelContext context, int items, float[] field, int[] stack,
      double[] flipped, int[] clusters, float h, int[] stream, int[] ids, int lx, int ly,
      int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      ClusterKernels.wolff(item, field, stack, flipped, clusters, h, stream, ids[0], ids[1], lx, ly, lanes);
    }
  }

  static void countAcceptedKernel(KernelContext context, int items, int[] accepted, double[] counts, int length) {
    int item = context.globalIdx;
    if (item < items) {
      MetropolisKernels.countAccepted(item, accepted, counts, length);
    }
  }

  static void countOutsideKernel(KernelContext context, int items, float[] phi, int[] outside, float limit,
      int width) {
    int item = context.globalIdx;
    if (item < items) {
      LangevinKernels.countOutside(item, phi, outside, limit, width);
    }
  }

  static void quarticFlowKernel(KernelContext context, float[] phi, float[] coefficients, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      LangevinKernels.quarticFlow(item, phi, coefficients, shape[1]);
    }
  }

  static void decideExchangeKernel(KernelContext context, int items, double[] a, double[] b,
      double[] difference, int[] exchanged, double[] tally, int[] stream, int[] ids, int ly, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      TemperingKernels.decide(item, a, b, difference, exchanged, tally, stream, ids[0], ly, lanes);
    }
  }

  static void exchangeKernel(KernelContext context, int items, float[] a, float[] b, int[] exchanged, int sites,
      int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      TemperingKernels.exchange(item, a, b, exchanged, sites, lanes);
    }
  }

  static void modeAffineKernel(KernelContext context, int items, float[] out, float[] x, float[] a, float[] b,
      int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.affine(item, out, x, a, b, lanes);
    }
  }

  static void modeBlendKernel(KernelContext context, int items, float[] out, float[] x, float[] y, float[] a,
      float[] b, float[] c, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.blend(item, out, x, y, a, b, c, lanes);
    }
  }

  static void combineThreeKernel(KernelContext context, int items, float[] out, float[] x, float[] y,
      float[] z, float[] a, float[] b, float[] c, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.three(item, out, x, y, z, a, b, c, lanes);
    }
  }

  static void combineFourKernel(KernelContext context, int items, float[] out, float[] x, float[] y, float[] z,
      float[] w, float[] a, float[] b, float[] c, float[] d, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.four(item, out, x, y, z, w, a, b, c, d, lanes);
    }
  }

  static void clampValuesKernel(KernelContext context, int items, float[] x, float low, float high) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.clamp(item, x, low, high);
    }
  }

  static void maskedValuesKernel(KernelContext context, int items, float[] x, float[] known, float[] mask) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.masked(item, x, known, mask);
    }
  }

  static void copyValuesKernel(KernelContext context, int items, float[] from, float[] to) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.copy(item, from, to);
    }
  }

  static void imageNormalsKernel(KernelContext context, int items, float[] normal, int[] images, int size,
      int[] stream, int[] ids) {
    int item = context.globalIdx;
    if (item < items) {
      PhiloxKernels.imageNormal(item, normal, images, size, stream, ids[0]);
    }
  }

  static void convolveKernel(KernelContext context, int items, float[] x, float[] parameters, float[] y, int[]
      source, float beta, int positionsIn, int positionsOut, int in, int out, int weightOffset, int biasOffset, int
      order) {
    int item = context.globalIdx;
    if (item < items) {
      ConvolutionKernels.convolve(item, x, parameters, y, source, beta, positionsIn, positionsOut, in, out,
          weightOffset, biasOffset, order);
    }
  }

  static void weightGradientKernel(KernelContext context, int items, float[] x, float[] d, float[] gradient, int[]
      source, float beta, int samples, int positionsIn, int positionsOut, int in, int out, int weightOffset) {
    int item = context.globalIdx;
    if (item < items) {
      ConvolutionKernels.weightGradient(item, x, d, gradient, source, beta, samples, positionsIn, positionsOut, in,
          out, weightOffset);
    }
  }

  static void matrixProductKernel(KernelContext context, int items, float[] a, float[] b, float[] c, float alpha,
      float beta, int[] shape) {
    int item = context.globalIdx;
    if (item < items) {
      ConvolutionKernels.matrixProduct(item, a, b, c, alpha, beta, shape);
    }
  }

  static void groupStatisticsKernel(KernelContext context, float[] x, float[] statistics, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NormKernels.statistics(item, x, statistics, shape[1], shape[2], shape[3]);
    }
  }

  static void groupNormKernel(KernelContext context, float[] x, float[] statistics, float[] parameters, float[] y,
      int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NormKernels.apply(item, x, statistics, parameters, y, shape[1], shape[2], shape[3], shape[4], shape[5]);
    }
  }

  static void groupApplyKernel(KernelContext context, float[] x, float[] statistics, float[] parameters, float[] y,
      int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NormKernels.groupApply(item, x, statistics, parameters, y, shape[1], shape[2], shape[3], shape[4], shape[5]);
    }
  }

  static void groupNormSumsKernel(KernelContext context, float[] x, float[] statistics, float[] parameters,
      float[] dy, float[] sums, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NormKernels.channelSums(item, x, statistics, parameters, dy, sums, shape[1], shape[2], shape[3], shape[4],
          shape[5]);
    }
  }

  static void groupNormGradientKernel(KernelContext context, float[] x, float[] statistics, float[] parameters,
      float[] dy, float[] sums, float[] dx, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NormKernels.inputGradient(item, x, statistics, parameters, dy, sums, dx, factors[0], shape[1], shape[2], shape[3],
          shape[4], shape[5]);
    }
  }

  static void groupInputGradientKernel(KernelContext context, float[] x, float[] statistics, float[] parameters,
      float[] dy, float[] sums, float[] dx, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NormKernels.groupInputGradient(item, x, statistics, parameters, dy, sums, dx, factors[0], shape[1], shape[2],
          shape[3], shape[4], shape[5]);
    }
  }

  static void softmaxKernel(KernelContext context, int items, float[] x, int length) {
    int item = context.globalIdx;
    if (item < items) {
      NetworkKernels.softmax(item, x, length);
    }
  }

  static void softmaxGradientKernel(KernelContext context, int items, float[] y, float[] dy, int length) {
    int item = context.globalIdx;
    if (item < items) {
      NetworkKernels.softmaxGradient(item, y, dy, length);
    }
  }

  static void siluKernel(KernelContext context, float[] x, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.silu(item, x, y);
    }
  }

  static void siluGradientKernel(KernelContext context, float[] x, float[] dy, float[] dx, int[] shape,
      float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.siluGradient(item, x, dy, dx, factors[0]);
    }
  }

  static void timeEmbeddingKernel(KernelContext context, float[] steps, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.timeEmbedding(item, steps, y, shape[1]);
    }
  }

  static void addEmbeddingKernel(KernelContext context, int[] labels, float[] parameters, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.addEmbedding(item, labels, parameters, y, shape[1], shape[2]);
    }
  }

  static void embeddingGradientKernel(KernelContext context, int items, int[] labels, float[] dy, float[] gradient,
      float beta, int channels, int offset) {
    int item = context.globalIdx;
    if (item < items) {
      NetworkKernels.embeddingGradient(item, labels, dy, gradient, beta, channels, offset);
    }
  }

  static void addToPositionsKernel(KernelContext context, float[] y, float[] v, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      int row = item / shape[2];
      y[item] += v[row / shape[1] * shape[2] + item - row * shape[2]];
    }
  }

  static void positionSumsKernel(KernelContext context, int items, float[] x, float[] sums, int positions, int
      channels) {
    int item = context.globalIdx;
    if (item < items) {
      NetworkKernels.positionSums(item, x, sums, positions, channels);
    }
  }

  static void biasGradientKernel(KernelContext context, float[] x, float[] gradient, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.rowSums(item, x, gradient, factors[0], shape[1], shape[2], shape[3]);
    }
  }

  static void concatenateKernel(KernelContext context, float[] a, float[] b, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      int channels = shape[1] + shape[2];
      int row = item / channels;
      int channel = item - row * channels;
      if (channel < shape[1]) {
        y[item] = a[row * shape[1] + channel];
      } else {
        y[item] = b[row * shape[2] + channel - shape[1]];
      }
    }
  }

  static void takeChannelsKernel(KernelContext context, float[] y, float[] x, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      int row = item / shape[3];
      float g = y[row * shape[1] + shape[2] + item - row * shape[3]];
      if (factors[0] != 0f) {
        g += factors[0] * x[item];
      }
      x[item] = g;
    }
  }

  static void dropoutKernel(KernelContext context, float[] x, int[] stream, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.dropout(item, x, shape[1], stream, shape[2]);
    }
  }

  static void upsampleKernel(KernelContext context, float[] x, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.upsample(item, x, y, shape[1], shape[2]);
    }
  }

  static void upsampleGradientKernel(KernelContext context, float[] dy, float[] dx, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.upsampleGradient(item, dy, dx, factors[0], shape[1], shape[2]);
    }
  }

  static void transposeKernel(KernelContext context, float[] x, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      NetworkKernels.transpose(item, x, y, shape[1], shape[2]);
    }
  }

  static void squareSumsKernel(KernelContext context, int items, float[] gradient, double[] partial) {
    int item = context.globalIdx;
    if (item < items) {
      OptimizerKernels.squares(item, gradient, partial);
    }
  }

  static void clipGradientKernel(KernelContext context, int items, double[] partial, double[] norm, float[] clip,
      float[] rates) {
    int item = context.globalIdx;
    if (item < items) {
      OptimizerKernels.clip(item, partial, norm, clip, rates);
    }
  }

  static void adamStepKernel(KernelContext context, int items, float[] parameters, float[] gradient,
      float[] first, float[] second, float[] rates, float[] clip) {
    int item = context.globalIdx;
    if (item < items) {
      OptimizerKernels.adam(item, parameters, gradient, first, second, rates, clip);
    }
  }

  static void movingAverageKernel(KernelContext context, int items, float[] parameters, float[] average,
      float[] rates, float[] clip) {
    int item = context.globalIdx;
    if (item < items) {
      OptimizerKernels.average(item, parameters, average, rates, clip);
    }
  }

  static void accumulateGradientKernel(KernelContext context, int items, float[] gradient, float[] sum,
      float weight) {
    int item = context.globalIdx;
    if (item < items) {
      OptimizerKernels.accumulate(item, gradient, sum, weight);
    }
  }

  static void clearGradientKernel(KernelContext context, int items, float[] x) {
    int item = context.globalIdx;
    if (item < items) {
      OptimizerKernels.clear(item, x);
    }
  }

  static void chooseLabelsKernel(KernelContext context, int items, int[] from, int[] to, int none) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.label(item, from, to, none);
    }
  }

  static void clearSumsKernel(KernelContext context, double[] x, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      OptimizerKernels.clearSums(item, x);
    }
  }

  static void modeQuotientKernel(KernelContext context, int items, float[] out, float[] x, float[] scale, float factor,
      int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.quotient(item, out, x, scale, factor, lanes);
    }
  }

  static void weightedPairKernel(KernelContext context, float[] out, float[] x, float[] y, int[] shape,
      float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      VectorFieldKernels.weightedPair(item, out, x, y, factors[0], factors[1]);
    }
  }

  static void weightedSumKernel(KernelContext context, float[] out, float[] x0, float[] x1, float[] x2, float[] x3,
      float[] x4, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      VectorFieldKernels.weightedSum(item, out, x0, x1, x2, x3, x4, factors[0], factors[1], factors[2], factors[3],
          factors[4]);
    }
  }

  static void featuresKernel(KernelContext context, float[] phi, float[] h, float[] frequencies, float[] mixing,
      int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      VectorFieldKernels.features(item, phi, h, frequencies, mixing, shape[1], shape[2], shape[3]);
    }
  }

  static void divergenceKernel(KernelContext context, float[] phi, double[] logJacobian, float[] frequencies,
      float[] diagonal, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      VectorFieldKernels.divergence(item, phi, logJacobian, frequencies, diagonal, shape[1], factors[0], shape[2],
          shape[3]);
    }
  }

  static void fieldGradientKernel(KernelContext context, float[] phi, float[] g, float[] result, float[] frequencies,
      float[] mixingTransposed, float[] diagonal, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      VectorFieldKernels.fieldGradient(item, phi, g, result, frequencies, mixingTransposed, diagonal, shape[1],
          factors[0], shape[3], shape[4], shape[5]);
    }
  }

  static void parameterGradientsKernel(KernelContext context, float[] phi, float[] g, float[] mixingSums,
      float[] frequencySums, float[] diagonalSums, float[] frequencies, float[] mixingTransposed, float[] diagonal,
      int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      VectorFieldKernels.parameterGradients(item, phi, g, mixingSums, frequencySums, diagonalSums, frequencies,
          mixingTransposed, diagonal, shape[1], shape[2], factors[0], shape[3], shape[4], shape[5]);
    }
  }

  static void kernelCombinationKernel(KernelContext context, float[] modes, float[] velocity, float[] weights,
      int[] orbitOf, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      VectorFieldKernels.combine(item, modes, velocity, weights, shape[1], orbitOf, shape[2], shape[3], shape[4]);
    }
  }

  static void kernelAdjointKernel(KernelContext context, float[] modes, float[] adjoint, float[] weights,
      double[] gradient, int[] orbitModes, int[] orbitStart, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      VectorFieldKernels.kernelAdjoint(item, modes, adjoint, weights, gradient, shape[1], shape[2], orbitModes,
          orbitStart, shape[3], shape[4], shape[5]);
    }
  }

  static void flowConstantsKernel(KernelContext context, float[] parameters, float[] frequencies, float[] mixing,
      float[] mixingTransposed, float[] deviation, int[] orbitOf, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.constants(item, parameters, frequencies, mixing, mixingTransposed, deviation, orbitOf, shape[1],
          shape[2], shape[3]);
    }
  }

  static void timeKernelKernel(KernelContext context, float[] parameters, double[] timeFunctions, float[] timeKernel,
      int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.timeKernel(item, parameters, timeFunctions, timeKernel, shape[1], shape[2], shape[3], shape[4]);
    }
  }

  static void positionKernel(KernelContext context, float[] parameters, double[] gain, float[] timeKernel,
      float[] position, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.position(item, parameters, gain, timeKernel, position, shape[1], shape[2], shape[3], shape[4],
          shape[5]);
    }
  }

  static void modeKernelKernel(KernelContext context, double[] eigenvalues, float[] position, float[] weights,
      int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.modeKernel(item, eigenvalues, position, weights, shape[1], shape[5]);
    }
  }

  static void diagonalKernel(KernelContext context, float[] position, float[] mixing, float[] diagonal, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.diagonal(item, position, mixing, diagonal, shape[1], shape[2], shape[5]);
    }
  }

  static void diagonalGradientKernel(KernelContext context, float[] sums, double[] gradient, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.diagonalGradient(item, sums, gradient, shape[0], shape[6]);
    }
  }

  static void modeGradientKernel(KernelContext context, double[] sums, double[] gradient, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.modeGradient(item, sums, gradient, shape[0], shape[6]);
    }
  }

  static void positionGradientKernel(KernelContext context, double[] eigenvalues, double[] gain, float[] mixing,
      double[] modeGradient, double[] diagonalGradient, double[] gradient, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.positionGradient(item, eigenvalues, gain, mixing, modeGradient, diagonalGradient, gradient,
          shape[1], shape[2], shape[5]);
    }
  }

  static void timeKernelGradientKernel(KernelContext context, float[] parameters, double[] positionGradient,
      double[] gradient, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.timeKernelGradient(item, parameters, positionGradient, gradient, shape[1], shape[2], shape[3],
          shape[4], shape[5]);
    }
  }

  static void frequencyParameterKernel(KernelContext context, float[] gradient, float[] sums, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.frequencyParameter(item, gradient, sums, shape[2], shape[6]);
    }
  }

  static void mixingParameterKernel(KernelContext context, float[] gradient, float[] sums, float[] position,
      double[] diagonalGradient, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.mixingParameter(item, gradient, sums, position, diagonalGradient, shape[1], shape[2], shape[5],
          shape[7], shape[6]);
    }
  }

  static void timeParameterKernel(KernelContext context, float[] gradient, double[] timeFunctions,
      double[] timeKernelGradient, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.timeParameter(item, gradient, timeFunctions, timeKernelGradient, shape[1], shape[2], shape[3],
          shape[4], shape[7]);
    }
  }

  static void kernelParameterKernel(KernelContext context, float[] gradient, float[] timeKernel,
      double[] positionGradient, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.kernelParameter(item, gradient, timeKernel, positionGradient, shape[1], shape[2], shape[3],
          shape[4], shape[5], shape[7]);
    }
  }

  static void flowPriorGradientKernel(KernelContext context, float[] x, float[] y, float[] gradient, int[] orbitModes,
      int[] orbitStart, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      FlowTableKernels.priorParameter(item, x, y, gradient, orbitModes, orbitStart, shape[1], shape[2], shape[3],
          shape[4], shape[5]);
    }
  }

  static void spreadModesKernel(KernelContext context, int items, float[] out, float[] a, int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.spread(item, out, a, lanes);
    }
  }

  static void modeProductKernel(KernelContext context, int items, float[] out, float[] x, float[] y, float[] a,
      int lanes) {
    int item = context.globalIdx;
    if (item < items) {
      CombinationKernels.product(item, out, x, y, a, lanes);
    }
  }

  static void toSamplesKernel(KernelContext context, float[] x, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.toSamples(item, x, y, shape[1], shape[2], shape[3]);
    }
  }

  static void fromSamplesKernel(KernelContext context, float[] x, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.fromSamples(item, x, y, shape[1]);
    }
  }

  static void mirrorKernel(KernelContext context, float[] x, float[] y, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.mirror(item, x, y, factors[0], factors[1], shape[0]);
    }
  }

  static void foldKernel(KernelContext context, float[] x, float[] y, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.fold(item, x, y, factors[0], shape[0]);
    }
  }

  static void productKernel(KernelContext context, float[] out, float[] x, float[] y, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.product(item, out, x, y);
    }
  }

  static void scaledModesKernel(KernelContext context, float[] out, float[] x, double[] scale, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.scaled(item, out, x, scale, shape[1]);
    }
  }

  static void reverseStepKernel(KernelContext context, float[] u, float[] force, float[] noise, double[] logDensity,
      double[] coefficients, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.reverseStep(item, u, force, noise, logDensity, coefficients, shape[1]);
    }
  }

  static void logNormalKernel(KernelContext context, float[] u, double[] logDensity, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.logNormal(item, u, logDensity, shape[1]);
    }
  }

  static void rungeKuttaPlaceKernel(KernelContext context, float[] u, float[] from, float[] slopes, double[] lengths,
      int[] stage, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.rungeKuttaPlace(item, u, from, slopes, lengths, stage, shape[0]);
    }
  }

  static void rungeKuttaDensityKernel(KernelContext context, double[] logDensity, double[] divergences,
      double[] lengths, int[] stage, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.rungeKuttaDensity(item, logDensity, divergences, lengths, stage, shape[0]);
    }
  }

  static void rungeKuttaSlopeKernel(KernelContext context, float[] force, double[] rate, float[] slopes, int[] stage,
      int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.rungeKuttaSlope(item, force, rate, slopes, stage, shape[1], shape[0]);
    }
  }

  static void selectModeKernel(KernelContext context, float[] direction, int[] mode, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.selectMode(item, direction, mode, shape[1]);
    }
  }

  static void randomSignsKernel(KernelContext context, float[] direction, int[] stream, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.randomSign(item, direction, stream, shape[1]);
    }
  }

  static void addProjectionKernel(KernelContext context, float[] direction, float[] derivative, double[] rate,
      double[] divergences, int[] stage, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.addProjection(item, direction, derivative, rate, divergences, stage, shape[1], shape[0]);
    }
  }

  static void drawPlacesKernel(KernelContext context, int items, int[] chosen, double[] places, float[] times,
      int[] stream, int[] ids, int count, float unit) {
    int item = context.globalIdx;
    if (item < items) {
      ScoreKernels.drawPlace(item, chosen, places, times, stream, ids[0], count, unit);
    }
  }

  static void drawExamplesKernel(KernelContext context, float[] noise, float[] whitened, float[] correlation,
      float[] expected, float[] bare, float[] weight, float[] unresolved, int[] chosen, double[] places,
      float[] field, float[] force, int[] sources, double[] path, int[] shape) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.drawExample(item, noise, whitened, correlation, expected, bare, weight, unresolved, chosen, places,
          field, force, sources, path, shape[1]);
    }
  }

  static void scoreLossKernel(KernelContext context, float[] force, float[] expected, float[] weight,
      float[] gradient, double[] losses, int[] shape, float[] factors) {
    int item = context.globalIdx;
    if (item < shape[0]) {
      ScoreKernels.loss(item, force, expected, weight, gradient, losses, factors[0], shape[1]);
    }
  }
}
