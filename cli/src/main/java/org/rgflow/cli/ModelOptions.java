package org.rgflow.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import org.rgflow.training.ImageModel;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which image model a command uses. */
final class ModelOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--model", paramLabel = "FILE|RUN|bundled:NAME", completionCandidates = Names.class,
      description = "A checkpoint or an exported model, the folder of a run (its newest checkpoint), or a model that"
          + " comes with rgflow.")
  private String model;

  /** The bundled models. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() throws IOException {
      super(ModelLocation.bundledNames(ModelLocation.Kind.IMAGES).stream().map(name -> ModelLocation.BUNDLED + name)
          .toList());
    }
  }

  /** Whether one was named. */
  boolean given() {
    return model != null;
  }

  /** The one that was named. */
  ModelLocation location() throws IOException {
    if (model == null) {
      List<String> names = ModelLocation.bundledNames(ModelLocation.Kind.IMAGES);
      throw new IllegalArgumentException("--model is missing: a checkpoint, an exported model"
          + (names.isEmpty() ? " or the folder of a run"
              : ", the folder of a run or " + ModelLocation.BUNDLED + names.getFirst()));
    }
    return ModelLocation.of(model);
  }

  /** Opens it, checked; says which newer checkpoints of a run were passed over. */
  ModelFile open() throws IOException {
    ModelLocation location = location();
    if (location.isBundled()) {
      return location.open();
    }
    CheckpointDirectory.Latest file = location.file();
    file.skipped().forEach(line -> command.commandLine().getErr().println("rgflow: passed over: " + line));
    return ModelFile.open(file.path());
  }

  /** Reads it whole. */
  ImageModel read() throws IOException {
    try (ModelFile file = open()) {
      return ImageModel.read(file);
    }
  }
}
