package org.rgflow.bench;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.rgflow.transport.CostMatrix;
import org.rgflow.transport.EntropicPlan;
import org.rgflow.transport.ExactTransport;
import org.rgflow.transport.Sinkhorn;
import org.rgflow.transport.TransportPlan;
import org.rgflow.transport.TransportProblem;

/**
 * Transport between two samples of normal points in the plane, exact and entropic; {@code benchmarks/sinkhorn_numpy.py}
 * solves the same entropic problem as POT does.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class TransportBenchmark {
  @Param("2000")
  public int points;

  /** ε over the largest cost. */
  @Param({"0.05", "0.01", "0.002"})
  public double epsilon;

  private TransportProblem problem;

  /** Draws the points. */
  @Setup
  public void draw() {
    Random random = new Random(1);
    double[][] x = new double[points][2];
    double[][] y = new double[points][2];
    for (int i = 0; i < points; i++) {
      for (int d = 0; d < 2; d++) {
        x[i][d] = random.nextGaussian();
        y[i][d] = 1 + 1.5 * random.nextGaussian();
      }
    }
    CostMatrix cost = CostMatrix.distance(x, y, 2);
    problem = TransportProblem.uniform(cost);
  }

  /** To an L1 error of 1e-9. */
  @Benchmark
  public EntropicPlan sinkhorn() {
    return new Sinkhorn(epsilon * problem.cost().scale()).solve(problem);
  }

  /** Independent of ε. */
  @Benchmark
  public TransportPlan exact() {
    return ExactTransport.solve(problem);
  }
}
