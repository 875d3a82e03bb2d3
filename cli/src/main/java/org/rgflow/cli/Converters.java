package org.rgflow.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.rgflow.device.Devices;
import org.rgflow.flow.FlowIntegrator;
import org.rgflow.flow.FlowScheme;
import org.rgflow.flow.SeedAction;
import org.rgflow.io.OneLine;
import org.rgflow.lattice.ActionConvention;
import org.rgflow.lattice.Lattice;
import org.rgflow.learned.LearnedBench;
import org.rgflow.learned.ScoreSampling;
import org.rgflow.sampler.Integrator;
import org.rgflow.sampler.Samplers;
import org.rgflow.sampler.Start;
import org.rgflow.spectral.Regulator;
import org.rgflow.spectral.Regulators;
import org.rgflow.text.NearestName;
import org.rgflow.training.bench.DeviceBench;
import org.rgflow.training.bench.ImagesBench;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Option values read by the library's own parsers, with the nearest suggestion for unknown names. */
final class Converters {
  private Converters() {}

  /** Finds a named value; the part of a text before a colon is its name. */
  static <T> T named(String what, String text, Collection<T> values, Function<T, String> label) {
    for (T value : values) {
      if (label.apply(value).equals(text.trim().toLowerCase(Locale.ROOT))) {
        return value;
      }
    }
    List<String> names = values.stream().map(label).toList();
    throw new TypeConversionException(NearestName.message(what, text, names));
  }

  /** Runs a parser of the library whose complaints are made for users. */
  static <T> T parsed(String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** A path; an empty one, as of a variable that is not set, would mean the working directory. */
  static Path path(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("the name of a file or folder is empty");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + OneLine.of(text) + "' is no name of a file: " + e.getReason());
    }
  }

  static final class FormatConverter implements ITypeConverter<OutputOptions.Format> {
    @Override
    public OutputOptions.Format convert(String text) {
      return named("format", text, List.of(OutputOptions.Format.values()), Converters::lowerCase);
    }
  }

  static final class Formats extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Formats() {
      super(List.of("text", "json"));
    }
  }

  static final class PrecisionConverter implements ITypeConverter<ImagesExportCommand.Precision> {
    @Override
    public ImagesExportCommand.Precision convert(String text) {
      return named("precision", text, List.of(ImagesExportCommand.Precision.values()), p -> p.label());
    }
  }

  static final class DeviceConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      List<String> names = new DeviceNames();
      String family = text.split(":", 2)[0];
      if (!names.contains(family)) {
        throw new TypeConversionException(NearestName.message("device", text, names));
      }
      return text;
    }
  }

  static final class DeviceNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    DeviceNames() {
      super(Devices.NAMES);
    }
  }

  static final class LatticeConverter implements ITypeConverter<Lattice> {
    @Override
    public Lattice convert(String text) {
      return parsed(text, Lattice::parse);
    }
  }

  static final class ActionConverter implements ITypeConverter<ActionConvention> {
    @Override
    public ActionConvention convert(String text) {
      return named("action", text, List.of(ActionConvention.values()), ActionConvention::label);
    }
  }

  static final class ActionNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    ActionNames() {
      super(Arrays.stream(ActionConvention.values()).map(ActionConvention::label).toList());
    }
  }

  static final class SamplerConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      return named("sampler", text, Samplers.names(), name -> name);
    }
  }

  static final class SamplerNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    SamplerNames() {
      super(Samplers.names());
    }
  }

  static final class StartConverter implements ITypeConverter<Start> {
    @Override
    public Start convert(String text) {
      return named("start", text, List.of(Start.values()), Converters::lowerCase);
    }
  }

  static final class StartNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    StartNames() {
      super(List.of("hot", "cold"));
    }
  }

  static final class LearningMethodConverter implements ITypeConverter<Phi4LearnCommand.LearningMethod> {
    @Override
    public Phi4LearnCommand.LearningMethod convert(String text) {
      return named("method", text, List.of(Phi4LearnCommand.LearningMethod.values()), Converters::lowerCase);
    }
  }

  static final class LearningMethodNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    LearningMethodNames() {
      super(List.of("flow", "score"));
    }
  }

  static final class ScoreMethodConverter implements ITypeConverter<ScoreSampling.Method> {
    @Override
    public ScoreSampling.Method convert(String text) {
      return named("sampler", text, List.of(ScoreSampling.Method.values()), Converters::lowerCase);
    }
  }

  static final class ScoreMethodNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    ScoreMethodNames() {
      super(List.of("sde", "ode"));
    }
  }

  static final class LikelihoodConverter implements ITypeConverter<ScoreSampling.Likelihood> {
    @Override
    public ScoreSampling.Likelihood convert(String text) {
      return named("likelihood", text, List.of(ScoreSampling.Likelihood.values()), Converters::lowerCase);
    }
  }

  static final class LikelihoodNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    LikelihoodNames() {
      super(List.of("exact", "hutchinson"));
    }
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static final class IntegratorConverter implements ITypeConverter<Integrator> {
    @Override
    public Integrator convert(String text) {
      return named("integrator", text, List.of(Integrator.values()), Integrator::label);
    }
  }

  static final class IntegratorNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    IntegratorNames() {
      super(Arrays.stream(Integrator.values()).map(Integrator::label).toList());
    }
  }

  static final class SuiteConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      return named("suite", text, ValidateCommand.suiteNames(), name -> name);
    }
  }

  static final class SuiteNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    SuiteNames() {
      super(ValidateCommand.suiteNames());
    }
  }

  static final class PartConverter implements ITypeConverter<ImagesBench.Part> {
    @Override
    public ImagesBench.Part convert(String text) {
      return named("part of the table", text, List.of(ImagesBench.Part.values()), ImagesBench.Part::label);
    }
  }

  static final class LearnedPartConverter implements ITypeConverter<LearnedBench.Part> {
    @Override
    public LearnedBench.Part convert(String text) {
      return named("part of the table", text, List.of(LearnedBench.Part.values()), LearnedBench.Part::label);
    }
  }

  static final class TableConverter implements ITypeConverter<DeviceBench.Table> {
    @Override
    public DeviceBench.Table convert(String text) {
      return named("table", text, List.of(DeviceBench.Table.values()), DeviceBench.Table::label);
    }
  }

  static final class SchemeConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      return named("scheme", text, FlowScheme.NAMES, name -> name);
    }
  }

  static final class SchemeNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    SchemeNames() {
      super(FlowScheme.NAMES);
    }
  }

  static final class RegulatorConverter implements ITypeConverter<Regulator> {
    @Override
    public Regulator convert(String text) {
      named("regulator", text.split(":", 2)[0], Regulators.NAMES, name -> name);
      return parsed(text, Regulators::parse);
    }
  }

  static final class RegulatorNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    RegulatorNames() {
      super(Regulators.NAMES);
    }
  }

  static final class SeedActionConverter implements ITypeConverter<SeedAction> {
    @Override
    public SeedAction convert(String text) {
      return parsed(text, SeedAction::parse);
    }
  }

  static final class FlowIntegratorConverter implements ITypeConverter<FlowIntegrator> {
    @Override
    public FlowIntegrator convert(String text) {
      return parsed(text, FlowIntegrator::parse);
    }
  }

  static final class FlowIntegratorNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    FlowIntegratorNames() {
      super(FlowIntegrator.labels());
    }
  }
}
