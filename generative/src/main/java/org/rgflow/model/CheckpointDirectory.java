package org.rgflow.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of a run, {@code RUN/checkpoints/step-00001000.safetensors} and so on. After each one
 * that is written, the oldest beyond a number are deleted.
 */
public final class CheckpointDirectory {
  /** What {@link #resolve} takes for the newest sound checkpoint. */
  public static final String LATEST = "latest";

  private static final String FOLDER = "checkpoints";

  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})\\.safetensors");
  /** As {@link org.rgflow.io.AtomicFile} names files until they are complete. */
  private static final Pattern UNFINISHED = Pattern.compile("\\.step-\\d{8,18}\\.safetensors\\..*\\.tmp");

  private final Path run;
  private final Path directory;
  private final int keep;

  /**
   * @param run the run's directory, which need not exist yet
   * @param keep how many checkpoints to keep, at least 1
   */
  public CheckpointDirectory(Path run, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("at least 1 checkpoint must be kept, not " + keep);
    }
    this.run = run;
    this.directory = run.resolve(FOLDER);
    this.keep = keep;
  }

  /** The newest checkpoint that can be used, and one line for each newer one that cannot. */
  public record Latest(Path path, List<String> skipped) {}

  /** Where the checkpoint of a step is kept. */
  public Path path(long step) {
    return directory.resolve(String.format(Locale.ROOT, "step-%08d.safetensors", step));
  }

  /**
   * Writes a checkpoint, then deletes the oldest ones beyond the number to keep.
   *
   * @return the file
   * @throws IOException if it cannot be written; the earlier ones are then all there
   */
  public Path save(Checkpoint checkpoint) throws IOException {
    Path target = path(checkpoint.state().step());
    createDirectories(target);
    checkpoint.write(target);
    List<Path> others = new ArrayList<>(list());
    others.remove(target);
    for (Path old : others.subList(0, Math.max(0, others.size() - (keep - 1)))) {
      Files.deleteIfExists(old);
    }
    return target;
  }

  /**
   * Renames the checkpoints of later steps to {@code ….superseded}, so that a run which goes on from an
   * earlier one does not take theirs for its own. Nothing is deleted.
   *
   * @return how many
   */
  public int setAsideAfter(long step) throws IOException {
    int count = 0;
    for (Path path : list()) {
      if (stepOf(path) > step) {
        Files.move(path, path.resolveSibling(path.getFileName() + ".superseded"), StandardCopyOption.REPLACE_EXISTING);
        count++;
      }
    }
    return count;
  }

  /**
   * Deletes what a process that was killed in the middle of a checkpoint has left. No other process may write here.
   *
   * @return how many files
   */
  public int discardUnfinished() throws IOException {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    List<Path> unfinished;
    try (Stream<Path> files = Files.list(directory)) {
      unfinished = files.filter(file -> UNFINISHED.matcher(file.getFileName().toString()).matches()).toList();
    }
    for (Path file : unfinished) {
      Files.deleteIfExists(file);
    }
    return unfinished.size();
  }

  /** Whether a file lies, by its name, where a training keeps its checkpoints. */
  public static boolean isCheckpointOfRun(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    return folder != null && folder.endsWith(FOLDER) && stepOf(file) >= 0;
  }

  private static long stepOf(Path path) {
    Matcher name = NAME.matcher(path.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }

  private void createDirectories(Path target) throws IOException {
    Path above = run.toAbsolutePath().getParent();
    if (above != null && !Files.isDirectory(above)) {
      throw new IOException("cannot write " + target + ": the directory " + above
          + " does not exist; create it, or correct the path");
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new IOException("cannot write " + target + ": its directory cannot be created", e);
    }
  }

  /**
   * Makes sure that a training may write here: a new one into an empty directory, or one that goes on from a checkpoint
   * of its own.
   *
   * @param resume checkpoint to go on from, null for a new training
   * @throws IllegalArgumentException if the directory holds another training
   */
  public void requireOwn(Path resume) throws IOException {
    List<Path> there = list();
    if (there.isEmpty()) {
      return;
    }
    if (resume == null) {
      throw new IllegalArgumentException(run + " holds a training already, up to " + there.getLast().getFileName()
          + "; resume it (latest), or choose another directory");
    }
    Path folder = resume.toRealPath().getParent();
    if (!folder.equals(there.getLast().toRealPath().getParent())) {
      throw new IllegalArgumentException(resume + " is no checkpoint of " + run
          + ", which holds another training; choose another directory to go on in");
    }
  }

  /** The checkpoints by step, the earliest first. */
  public List<Path> list() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    Map<Long, Path> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> stepOf(file) >= 0).forEach(file -> found.put(stepOf(file), file));
    }
    return List.copyOf(found.values());
  }

  /**
   * The newest sound checkpoint, damaged ones passed over.
   *
   * @return empty if the run has no checkpoint at all
   * @throws IOException if there are checkpoints but none is sound
   */
  public Optional<Latest> latest() throws IOException {
    List<String> skipped = new ArrayList<>();
    for (Path path : list().reversed()) {
      try (ModelFile file = ModelFile.open(path)) {
        if (file.isCheckpoint()) {
          return Optional.of(new Latest(path, List.copyOf(skipped)));
        }
        skipped.add(path + " is an exported model, not a checkpoint");
      } catch (IOException e) {
        skipped.add(e.getMessage());
      }
    }
    if (!skipped.isEmpty()) {
      throw new IOException("no checkpoint of " + run + " can be used; the newest one: " + skipped.getFirst());
    }
    return Optional.empty();
  }

  /**
   * What a user means by a checkpoint: {@value #LATEST}, the number of a step, or a file.
   *
   * @throws IOException if there is none
   */
  public Latest resolve(String name) throws IOException {
    if (name.equals(LATEST)) {
      return latest().orElseThrow(() -> new IOException("there is no checkpoint in " + directory
          + (Files.isDirectory(run) ? "" : ": " + run + " does not exist")));
    }
    if (name.isBlank()) {
      throw new IOException("a checkpoint is " + LATEST + ", the number of a step or a file, not an empty name");
    }
    Path path = name.matches("\\d{1,18}") ? path(Long.parseLong(name)) : Path.of(name);
    if (!Files.exists(path)) {
      List<Path> known = list();
      throw new IOException("there is no checkpoint " + path + (known.isEmpty() ? ""
          : "; the newest of this run is " + known.getLast().getFileName()));
    }
    return new Latest(path, List.of());
  }
}
