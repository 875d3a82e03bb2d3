package org.rgflow.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The shape of a {@link UNet}.
 *
 * @param inputChannels channels of the input
 * @param outputChannels channels of the output
 * @param side positions per side of the input and the output
 * @param width channels of the first level, a multiple of 32
 * @param multipliers channels of each level, in units of the width
 * @param blocks residual blocks per level on the way down
 * @param attentionLevels levels whose blocks end with self-attention; the first middle block always does
 * @param dropout probability of dropout in training, 0 to below 1
 * @param resolution whether the levels keep the side or halve it
 */
public record UNetConfiguration(
    int inputChannels, int outputChannels, int side, int width, List<Integer> multipliers, int blocks,
    Set<Integer> attentionLevels, double dropout, Resolution resolution) {
  /** What happens between the levels. */
  public enum Resolution {
    /** Nothing: all levels have the side of the input, as in frequency-domain diffusion (2402.17090). */
    CONSTANT,
    /** A convolution of stride 2 on the way down, enlargement and a convolution on the way up (DDPM, 2006.11239). */
    HALVING
  }

  /** Larger networks are slips of the pen, or files that mean harm: their sizes would not even be counted right. */
  private static final int MAX_CHANNELS = 1 << 20;
  private static final int MAX_LEVELS = 16;
  private static final int MAX_BLOCKS = 1000;

  private static final Map<String, UNetConfiguration> PRESETS = presets();

  /** @throws IllegalArgumentException if the values do not make a network; the message says what to change */
  public UNetConfiguration {
    multipliers = List.copyOf(multipliers);
    attentionLevels = Set.copyOf(attentionLevels);
    require(inputChannels > 0 && outputChannels > 0, "a network needs at least one channel");
    require(side > 0, "a network needs at least one position per side, not " + side);
    require(width > 0 && width % GroupNormalization.MULTIPLE == 0,
        "width " + width + " does not form equal groups of channels: choose a multiple of 32");
    require(!multipliers.isEmpty() && multipliers.stream().allMatch(m -> m > 0),
        "multipliers " + multipliers + ": give one positive number for each level");
    require(multipliers.size() <= MAX_LEVELS, "a network has at most " + MAX_LEVELS + " levels, not "
        + multipliers.size());
    require(multipliers.stream().allMatch(m -> (long) width * m <= MAX_CHANNELS),
        "width " + width + " with multipliers " + multipliers + " makes more than " + MAX_CHANNELS + " channels");
    require(blocks > 0 && blocks <= MAX_BLOCKS, "a level needs 1 to " + MAX_BLOCKS + " blocks, not " + blocks);
    require(dropout >= 0 && dropout < 1, "dropout " + dropout + " is no probability below 1");
    int levels = multipliers.size();
    require(attentionLevels.stream().allMatch(level -> level >= 0 && level < levels),
        "attention at levels " + new TreeSet<>(attentionLevels) + ", but " + levels + " multipliers make levels 0 to "
            + (levels - 1) + "; set attentionLevels, empty for none");
    int divisor = 1 << levels - 1;
    require(resolution == Resolution.CONSTANT || side % divisor == 0,
        "a side of " + side + " cannot be halved " + (levels - 1) + " times: choose a multiple of " + divisor
            + " or fewer levels");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  private static Map<String, UNetConfiguration> presets() {
    Map<String, UNetConfiguration> presets = new LinkedHashMap<>();
    presets.put("fddm-fashion-mnist", frequency(1, 28, 7));
    presets.put("fddm-celeba64-p4", frequency(3, 64, 4));
    presets.put("fddm-celeba64-p8", frequency(3, 64, 8));
    presets.put("ddpm-celeba64", pixels(3, 64, List.of(1, 2, 2, 2)));
    presets.put("ddpm-fashion-mnist", pixels(1, 28, List.of(1, 2, 2)));
    return presets;
  }

  /**
   * The network of 2402.17090 for images of {@code size}² pixels in patches of {@code patch}².
   *
   * @throws IllegalArgumentException if the patches do not tile the image
   */
  public static UNetConfiguration frequency(int colours, int size, int patch) {
    require(patch > 0 && size % patch == 0, "patches of " + patch + " do not tile " + size + " pixels");
    int channels = colours * patch * patch;
    int width = Math.max(192, (channels + 31) / 32 * 32);
    return new UNetConfiguration(
        channels, channels, size / patch, width, List.of(1, 2, 2, 2), 2, Set.of(1), 0.1, Resolution.CONSTANT);
  }

  /** The network of DDPM on pixels; its second level, half the size, has attention. */
  public static UNetConfiguration pixels(int colours, int size, List<Integer> multipliers) {
    return new UNetConfiguration(colours, colours, size, 128, multipliers, 2, Set.of(1), 0.1, Resolution.HALVING);
  }

  /** Names that {@link #preset} knows. */
  public static Set<String> presetNames() {
    return Collections.unmodifiableSet(PRESETS.keySet());
  }

  /** @throws IllegalArgumentException if there is no such preset */
  public static UNetConfiguration preset(String name) {
    UNetConfiguration found = PRESETS.get(name);
    require(found != null, "there is no network preset " + name + "; there are " + String.join(", ", PRESETS.keySet()));
    return found;
  }

  public UNetConfiguration withWidth(int newWidth) {
    return new UNetConfiguration(
        inputChannels, outputChannels, side, newWidth, multipliers, blocks, attentionLevels, dropout, resolution);
  }

  public UNetConfiguration withBlocks(int newBlocks) {
    return new UNetConfiguration(
        inputChannels, outputChannels, side, width, multipliers, newBlocks, attentionLevels, dropout, resolution);
  }

  public UNetConfiguration withDropout(double newDropout) {
    return new UNetConfiguration(
        inputChannels, outputChannels, side, width, multipliers, blocks, attentionLevels, newDropout, resolution);
  }

  /** With another number of input channels, for instance twice as many for self-conditioning. */
  public UNetConfiguration withInputChannels(int newInputChannels) {
    return new UNetConfiguration(
        newInputChannels, outputChannels, side, width, multipliers, blocks, attentionLevels, dropout, resolution);
  }

  /** Number of parameters, classes included if there are any; nothing is allocated. */
  public long parameters(int classes) {
    return layout(classes).size();
  }

  /**
   * Names, shapes and places of the parameters; nothing is allocated.
   *
   * @throws IllegalArgumentException if they do not fit into one array
   */
  public ParameterLayout layout(int classes) {
    ParameterLayout layout = new ParameterLayout();
    new UNetLayers(layout, this, classes);
    return layout;
  }

  /**
   * Multiply-accumulates of a forward pass of one sample: convolutions, linear layers and the 1×1 projections of
   * attention, but not its products between positions, norms and activations; nothing is allocated.
   */
  public long multiplyAccumulates() {
    return new UNetLayers(new ParameterLayout(), this, 0).multiplyAccumulates();
  }
}
