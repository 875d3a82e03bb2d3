package org.rgflow;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows of the architecture: physics ← generative ← validation ← cli, and kernels on nothing but the JDK. */
class ArchitectureTest {
  private static final String[] GENERATIVE = {
    "org.rgflow.data..", "org.rgflow.frequency..", "org.rgflow.diffusion..", "org.rgflow.network..",
    "org.rgflow.training..", "org.rgflow.model..", "org.rgflow.quality.."
  };
  private static final String[] PHYSICS = {
    "org.rgflow.device", "org.rgflow.kernels..", "org.rgflow.launch..", "org.rgflow.random..", "org.rgflow.spectral..",
    "org.rgflow.lattice..", "org.rgflow.sampler..", "org.rgflow.flow..", "org.rgflow.transport..",
    "org.rgflow.statistics..", "org.rgflow.io..", "org.rgflow.text..", "org.rgflow.bench.."
  };

  private static final JavaClasses ALL = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("org.rgflow");

  @Test
  void everyModuleIsSeen() {
    for (String name : new String[] {
      "org.rgflow.device.JvmDevice", "org.rgflow.kernels.FieldKernels", "org.rgflow.frequency.PatchModes",
      "org.rgflow.validation.Suite", "org.rgflow.cli.Main"
    }) {
      assertThat(ALL.contain(name)).as(name).isTrue();
    }
  }

  @Test
  void kernelsDependOnNothingButTheJdk() {
    classes().that().resideInAPackage("org.rgflow.kernels..")
        .should().onlyDependOnClassesThat().resideInAnyPackage("org.rgflow.kernels..", "java..", "jdk.incubator.vector..")
        .check(ALL);
  }

  @Test
  void physicsKnowsNoOtherModule() {
    noClasses().that().resideInAnyPackage(PHYSICS)
        .should().dependOnClassesThat().resideInAnyPackage("org.rgflow.validation..", "org.rgflow.cli..").check(ALL);
    noClasses().that().resideInAnyPackage(PHYSICS).should().dependOnClassesThat().resideInAnyPackage(GENERATIVE).check(ALL);
  }

  @Test
  void generativeKnowsNeitherValidationNorTheCommandLine() {
    noClasses().that().resideInAnyPackage(GENERATIVE)
        .should().dependOnClassesThat().resideInAnyPackage("org.rgflow.validation..", "org.rgflow.cli..").check(ALL);
  }

  @Test
  void validationDoesNotKnowTheCommandLine() {
    noClasses().that().resideInAPackage("org.rgflow.validation..")
        .should().dependOnClassesThat().resideInAPackage("org.rgflow.cli..").check(ALL);
  }

  @Test
  void picocliStaysInTheCommandLine() {
    noClasses().that().resideOutsideOfPackage("org.rgflow.cli..")
        .should().dependOnClassesThat().resideInAnyPackage("picocli..", "me.tongfei..").check(ALL);
  }

  @Test
  void tornadoStaysInItsSourceRoot() {
    noClasses().that().resideOutsideOfPackage("org.rgflow.device.tornado..")
        .should().dependOnClassesThat().resideInAnyPackage("uk.ac.manchester..", "org.rgflow.device.tornado..").check(ALL);
  }

  @Test
  void onnxStaysInItsSourceRoot() {
    noClasses().that().resideOutsideOfPackage("org.rgflow.quality.onnx..")
        .should().dependOnClassesThat().resideInAnyPackage("ai.onnxruntime..", "org.rgflow.quality.onnx..").check(ALL);
  }

  /** Launches read their buffers through kernels only: no arithmetic, hence no Vector API, outside kernels. */
  @Test
  void vectorsStayInTheKernelsAndTransforms() {
    noClasses().that().resideOutsideOfPackages("org.rgflow.kernels..", "org.rgflow.spectral..", "org.rgflow.device..")
        .should().dependOnClassesThat().resideInAPackage("jdk.incubator.vector..").check(ALL);
  }
}
