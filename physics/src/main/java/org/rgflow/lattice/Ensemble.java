package org.rgflow.lattice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * An ensemble in memory: saved configurations, per-measurement time series, and everything that a
 * chain needs to continue bit for bit. Samplers and flows fill it; the error analysis, the flows and
 * the file formats read it.
 *
 * <p><b>Configurations.</b> Snapshot t holds the fields of all replicas as float32,
 * {@code [replica][y][x]}, padding lanes left out.
 *
 * <p><b>Series.</b> A series has one value per measurement and replica,
 * {@code series[measurement * replicas + replica]}. Every {@link #saveEvery}-th measurement saves its
 * configuration, so there may be more measurements than snapshots.
 *
 * <p><b>State.</b> The fields from which the chain continues, {@code [replica][y][x]} over
 * {@link FieldLayout#paddedReplicas all lanes, padding included}, together with the seed, the step of
 * the random stream and the sampler's tuning.
 *
 * <p>Not safe for concurrent use.
 */
public final class Ensemble {
  /** Names of the other arrays in a file, which no series can have. */
  public static final Set<String> RESERVED_NAMES = Set.of("fields", "state", "metadata", "checksum");

  private final Phi4Action action;
  private final FieldLayout layout;
  private final List<float[]> snapshots = new ArrayList<>();
  private final Map<String, Series> series = new LinkedHashMap<>();
  private final Map<String, Double> tuning = new TreeMap<>();
  private final Map<String, String> provenance = new LinkedHashMap<>();
  private float[] state;
  private String sampler = "";
  private long seed;
  private long step;
  private int saveEvery = 1;
  private long thermalisation;
  private double acceptanceSum;
  private long acceptanceUpdates;
  private String scheme = "";
  private double scale = Double.POSITIVE_INFINITY;

  /** A time series that grows by one value per replica and measurement. */
  private static final class Series {
    private double[] values = new double[64];
    private int size;

    void append(double[] more) {
      if (more.length > Integer.MAX_VALUE - 8 - size) {
        throw new IllegalArgumentException("a series holds at most 2^31 values; measure less often");
      }
      if (size + more.length > values.length) {
        long grown = Math.max(size + (long) more.length, values.length * 2L);
        values = Arrays.copyOf(values, (int) Math.min(grown, Integer.MAX_VALUE - 8));
      }
      System.arraycopy(more, 0, values, size, more.length);
      size += more.length;
    }
  }

  /**
   * An empty ensemble.
   *
   * @param action the action that was sampled, in the convention of the fields
   * @param layout lattice and number of replicas
   */
  public Ensemble(Phi4Action action, FieldLayout layout) {
    this.action = Objects.requireNonNull(action, "action");
    this.layout = Objects.requireNonNull(layout, "layout");
  }

  public Phi4Action action() {
    return action;
  }

  public FieldLayout layout() {
    return layout;
  }

  public Lattice lattice() {
    return layout.lattice();
  }

  public int replicas() {
    return layout.replicas();
  }

  // ---- configurations

  /** Number of saved snapshots, each with one configuration of every replica. */
  public int snapshots() {
    return snapshots.size();
  }

  /** Saves the fields of all replicas as the next snapshot. */
  public void append(float[] field, FieldLayout from) {
    requireShape(field, from);
    float[] snapshot = new float[snapshotSize()];
    for (int replica = 0; replica < replicas(); replica++) {
      from.gather(field, replica, snapshot, replica * lattice().sites());
    }
    snapshots.add(snapshot);
  }

  /**
   * Saves a snapshot that is already {@code [replica][y][x]}; the array is kept, not copied.
   *
   * @throws IllegalArgumentException if the length is not replicas × sites
   */
  public void append(float[] snapshot) {
    if (snapshot.length != snapshotSize()) {
      throw new IllegalArgumentException("a snapshot of " + replicas() + " replicas of " + lattice() + " has "
          + snapshotSize() + " values, not " + snapshot.length);
    }
    snapshots.add(snapshot);
  }

  /** Copies snapshot {@code t} into a field buffer; padding lanes are set to 0. */
  public void copyTo(int t, FieldLayout to, float[] field) {
    requireShape(field, to);
    float[] snapshot = snapshots.get(t);
    if (to.paddedReplicas() > to.replicas()) {
      Arrays.fill(field, 0);
    }
    for (int replica = 0; replica < replicas(); replica++) {
      to.scatter(snapshot, replica * lattice().sites(), field, replica);
    }
  }

  /** Snapshot {@code t} as {@code [replica][y][x]}: the array itself, not to be changed. */
  public float[] snapshot(int t) {
    return snapshots.get(t);
  }

  /** A copy of one configuration, {@code [y][x]}. */
  public float[] configuration(int t, int replica) {
    Objects.checkIndex(replica, replicas());
    int sites = lattice().sites();
    return Arrays.copyOfRange(snapshots.get(t), replica * sites, (replica + 1) * sites);
  }

  private int snapshotSize() {
    return Math.multiplyExact(replicas(), lattice().sites());
  }

  private void requireShape(float[] field, FieldLayout other) {
    if (!other.equals(layout)) {
      throw new IllegalArgumentException("the field has " + other.replicas() + " replicas of " + other.lattice()
          + ", the ensemble " + replicas() + " of " + lattice());
    }
    if (field.length < layout.size()) {
      throw new IllegalArgumentException(
          "the field buffer has " + field.length + " values, its layout needs " + layout.size());
    }
  }

  // ---- time series

  /**
   * Appends the values of one or more measurements to a series, {@code [measurement][replica]}; the
   * first use of a name makes the series.
   *
   * @param name letters, digits and underscores, not one of {@link #RESERVED_NAMES}
   * @throws IllegalArgumentException if the number of values is not a multiple of the replicas, or the name impossible
   */
  public void record(String name, double... values) {
    if (values.length % replicas() != 0) {
      throw new IllegalArgumentException("series " + name + ": " + values.length + " values are not a multiple of "
          + replicas() + " replicas");
    }
    Series known = series.get(name);
    if (known == null) {
      if (!name.matches("[A-Za-z][A-Za-z0-9_]{0,99}") || RESERVED_NAMES.contains(name)) {
        throw new IllegalArgumentException("'" + name + "' cannot be the name of a series");
      }
      known = new Series();
      series.put(name, known);
    }
    known.append(values);
  }

  /** Names of the series, in the order of their first use. */
  public List<String> seriesNames() {
    return List.copyOf(series.keySet());
  }

  /**
   * A copy of one series, {@code [measurement * replicas + replica]}.
   *
   * @throws IllegalArgumentException if there is no such series
   */
  public double[] series(String name) {
    Series found = series.get(name);
    if (found == null) {
      throw new IllegalArgumentException("the ensemble has no series '" + name + "'; it has " + series.keySet());
    }
    return Arrays.copyOf(found.values, found.size);
  }

  /** Copies of all series by name, in the order of their first use. */
  public LinkedHashMap<String, double[]> series() {
    LinkedHashMap<String, double[]> copies = new LinkedHashMap<>();
    series.forEach((name, values) -> copies.put(name, Arrays.copyOf(values.values, values.size)));
    return copies;
  }

  /**
   * Number of measurements, 0 without any series.
   *
   * @throws IllegalStateException if the series have different lengths
   */
  public int measurements() {
    int length = -1;
    for (Series s : series.values()) {
      if (length >= 0 && s.size != length) {
        throw new IllegalStateException("the series of the ensemble have different lengths");
      }
      length = s.size;
    }
    return Math.max(length, 0) / replicas();
  }

  // ---- where the chain stands

  /** Keeps the current fields of all lanes, padding included, from which the chain continues. */
  public void saveState(float[] field, FieldLayout from) {
    requireShape(field, from);
    int sites = lattice().sites();
    float[] copy = new float[layout.size()];
    for (int replica = 0; replica < layout.paddedReplicas(); replica++) {
      from.gather(field, replica, copy, replica * sites);
    }
    state = copy;
  }

  /**
   * Copies the saved fields of all lanes, padding included, into a field buffer.
   *
   * @throws IllegalStateException if no state was saved
   */
  public void restoreState(float[] field, FieldLayout to) {
    if (state == null) {
      throw new IllegalStateException("the ensemble holds no state to continue from");
    }
    requireShape(field, to);
    for (int replica = 0; replica < layout.paddedReplicas(); replica++) {
      to.scatter(state, replica * lattice().sites(), field, replica);
    }
  }

  /** Whether there is a state from which the chain can continue. */
  public boolean hasState() {
    return state != null;
  }

  /** The state, {@code [padded replica][y][x]}: the array itself; null if none was saved. */
  public float[] state() {
    return state;
  }

  /**
   * Sets the state; the array is kept, not copied.
   *
   * @param state {@code [padded replica][y][x]}, or null for none
   * @throws IllegalArgumentException if the length is not padded replicas × sites
   */
  public void setState(float[] state) {
    if (state != null && state.length != layout.size()) {
      throw new IllegalArgumentException("a state of " + layout.paddedReplicas() + " lanes of " + lattice() + " has "
          + layout.size() + " values, not " + state.length);
    }
    this.state = state;
  }

  /** The sampler's name, empty if the fields come from elsewhere. */
  public String sampler() {
    return sampler;
  }

  public void setSampler(String sampler) {
    this.sampler = Objects.requireNonNull(sampler, "sampler");
  }

  /**
   * The sampler's adapted parameters by name, in the order of the names; see {@link org.rgflow.sampler.Sampler#tuning}.
   */
  public Map<String, Double> tuning() {
    return Collections.unmodifiableMap(tuning);
  }

  public void setTuning(Map<String, Double> tuning) {
    Map<String, Double> copy = new LinkedHashMap<>(tuning);
    this.tuning.clear();
    this.tuning.putAll(copy);
  }

  public long seed() {
    return seed;
  }

  /** The step of the random stream at which the chain continues. */
  public long step() {
    return step;
  }

  public void setRandomPosition(long seed, long step) {
    this.seed = seed;
    this.step = step;
  }

  /** Measurements per saved snapshot, at least 1. */
  public int saveEvery() {
    return saveEvery;
  }

  public void setSaveEvery(int saveEvery) {
    if (saveEvery < 1) {
      throw new IllegalArgumentException("saveEvery = " + saveEvery + ": must be at least 1");
    }
    this.saveEvery = saveEvery;
  }

  /** Updates per replica that were discarded before the first measurement. */
  public long thermalisation() {
    return thermalisation;
  }

  public void setThermalisation(long updates) {
    if (updates < 0) {
      throw new IllegalArgumentException("thermalisation = " + updates + ": must be at least 0");
    }
    this.thermalisation = updates;
  }

  /** Adds the mean acceptance of a number of updates; NaN (nothing is ever rejected) is ignored. */
  public void addAcceptance(double mean, long updates) {
    if (!Double.isNaN(mean) && updates > 0) {
      acceptanceSum += mean * updates;
      acceptanceUpdates += updates;
    }
  }

  /**
   * Sets the counters behind {@link #acceptance}, as read from {@link #acceptanceSum} and {@link #acceptanceUpdates}.
   */
  public void setAcceptance(double sum, long updates) {
    if (updates < 0 || !Double.isFinite(sum)) {
      throw new IllegalArgumentException("acceptance " + sum + " over " + updates + " updates is impossible");
    }
    acceptanceSum = sum;
    acceptanceUpdates = updates;
  }

  /** Mean acceptance over all updates counted, NaN if none was. */
  public double acceptance() {
    return acceptanceUpdates == 0 ? Double.NaN : acceptanceSum / acceptanceUpdates;
  }

  public double acceptanceSum() {
    return acceptanceSum;
  }

  public long acceptanceUpdates() {
    return acceptanceUpdates;
  }

  // ---- where the fields come from

  /** The flow that the fields went through, empty if none. */
  public String scheme() {
    return scheme;
  }

  /** The scale Λ in inverse lattice spacings to which the fields were flowed, infinite if they were not. */
  public double scale() {
    return scale;
  }

  /**
   * Marks the fields as flowed.
   *
   * @param scheme name of the flow, empty for none
   * @param scale Λ &gt; 0, infinite for none
   */
  public void setFlow(String scheme, double scale) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("scale = " + scale + ": must be > 0");
    }
    this.scheme = Objects.requireNonNull(scheme, "scheme");
    this.scale = scale;
  }

  /** Free descriptions (program version, regulator, command …), in order; may be changed. */
  public Map<String, String> provenance() {
    return provenance;
  }

  // ---- memory

  /**
   * Bytes that an ensemble takes in memory.
   *
   * @param snapshots saved snapshots
   * @param measurements measurements in every series
   * @param seriesCount number of series
   */
  public static long bytes(FieldLayout layout, long snapshots, long measurements, int seriesCount) {
    double fields = (double) layout.replicas() * layout.lattice().sites() * Float.BYTES * snapshots;
    double series = (double) layout.replicas() * Double.BYTES * measurements * seriesCount;
    double total = fields + series + (double) layout.size() * Float.BYTES;
    return total < Long.MAX_VALUE ? (long) total : Long.MAX_VALUE;
  }

  /**
   * Fails early if an ensemble will not fit the memory of this virtual machine.
   *
   * @throws IllegalArgumentException with the bytes needed and available, and what to do
   */
  public static void requireMemory(FieldLayout layout, long snapshots, long measurements, int seriesCount) {
    long needed = bytes(layout, snapshots, measurements, seriesCount);
    Runtime runtime = Runtime.getRuntime();
    long free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    if (needed > free) {
      // what looks used may be garbage
      System.gc();
      free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    }
    if (needed > free) {
      throw new IllegalArgumentException(String.format(Locale.ROOT,
          "%d measurements and %d snapshots of %d replicas of %s need %.1f MiB, but %.1f MiB of at most %.1f MiB of heap"
              + " are free; measure or save fewer configurations, or allow more memory with -Xmx",
          measurements, snapshots, layout.replicas(), layout.lattice(), needed / 0x1p20, free / 0x1p20,
          runtime.maxMemory() / 0x1p20));
    }
  }
}
