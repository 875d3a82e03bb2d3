package org.rgflow.spectral;

import org.rgflow.device.Device;
import org.rgflow.lattice.FieldLayout;

/**
 * The real Fourier transform of lattice fields by the fastest method known, which on the JVM is
 * {@link ReplicaFourier} for every layout.
 *
 * <p>Measured on one core of an Intel Xeon with 512-bit vectors (AVX-512, 2.7 GHz): nanoseconds of processor time per
 * site and replica, minimum of many runs, for an exact Polchinski step, that is forward transform,
 * Ornstein–Uhlenbeck update with its noise, inverse transform. "Transforms" are the two transforms alone, and for FFTW
 * the two with the update by given noise. FFTW is 3.3.10 in float with FFTW_MEASURE, the best of three layouts; see
 * {@link org.rgflow.bench.PolchinskiStepBench} and {@code benchmarks/polchinski_fftw.c}.
 *
 * <table>
 * <caption>Time per site</caption>
 * <tr><th>lattice</th><th>replicas</th><th>step</th><th>step, FFTW</th><th>transforms</th>
 * <th>transforms, FFTW</th></tr>
 * <tr><td>6×6</td><td>256</td><td>2.79</td><td>3.19</td><td>1.52</td><td>1.50</td></tr>
 * <tr><td>8×8</td><td>256</td><td>2.32</td><td>3.01</td><td>1.04</td><td>1.46</td></tr>
 * <tr><td>16×16</td><td>256</td><td>2.49</td><td>3.56</td><td>1.19</td><td>2.02</td></tr>
 * <tr><td>20×20</td><td>256</td><td>2.62</td><td>3.56</td><td>1.31</td><td>2.15</td></tr>
 * <tr><td>24×24</td><td>256</td><td>2.74</td><td>5.74</td><td>1.35</td><td>4.31</td></tr>
 * <tr><td>32×32</td><td>256</td><td>3.21</td><td>3.99</td><td>1.80</td><td>2.57</td></tr>
 * <tr><td>64×64</td><td>256</td><td>3.96</td><td>4.38</td><td>2.50</td><td>3.00</td></tr>
 * <tr><td>64×64</td><td>1</td><td>3.50</td><td>4.39</td><td>2.16</td><td>3.01</td></tr>
 * <tr><td>128×128</td><td>1</td><td>4.10</td><td>4.13</td><td>2.79</td><td>2.89</td></tr>
 * <tr><td>256×256</td><td>1</td><td>4.57</td><td>4.06</td><td>3.20</td><td>2.74</td></tr>
 * <tr><td>512×512</td><td>1</td><td>5.32</td><td>4.81</td><td>3.66</td><td>3.44</td></tr>
 * </table>
 *
 * <p>On single fields {@link JTransformsFourier} takes 13, 18 and 25 ns for the two transforms at 64, 256 and 512.
 */
public final class FourierTransforms {
  private FourierTransforms() {}

  /** The fastest implementation for a layout on the JVM; other devices may refuse it. */
  public static ModeTransform of(FieldLayout layout) {
    return new ReplicaFourier(layout);
  }

  /** The fastest implementation for a layout on a device: by matrices where the device has no kernel for lines. */
  public static ModeTransform of(FieldLayout layout, Device device) {
    return device.takesAnyLaunch() ? of(layout) : MatrixTransform.realFourier(layout);
  }
}
