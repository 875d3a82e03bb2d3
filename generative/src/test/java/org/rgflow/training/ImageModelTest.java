package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.model.Checkpoint;
import org.rgflow.model.ModelFile;

/** What a checkpoint says of its data is read strictly: anything else is one line. */
class ImageModelTest {
  @TempDir
  private Path folder;

  @Test
  void statisticsSurvive() throws IOException {
    DataStatistics written = new DataStatistics(new double[] {0.1, -1.0 / 3}, new double[] {1, 0.7});
    DataStatistics read = DataStatistics.ofJson(JsonParser.parseString(written.toJson().toString()));
    assertThat(read.mean()).isEqualTo(written.mean());
    assertThat(read.deviation()).isEqualTo(written.deviation());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "null", "3", "[]", "{}", "{'mean':1,'deviation':[1]}", "{'mean':[1]}", "{'mean':[null],'deviation':[1]}",
    "{'mean':['1'],'deviation':[1]}", "{'mean':[[1]],'deviation':[1]}", "{'mean':[{}],'deviation':[1]}",
    "{'mean':[1,2],'deviation':[1]}", "{'mean':[1],'deviation':[0]}", "{'mean':[1e999],'deviation':[1]}"
  })
  void impossibleStatisticsAreRefused(String json) {
    assertThatIOException().isThrownBy(() -> DataStatistics.ofJson(JsonParser.parseString(json.replace('\'', '"'))))
        .withMessageContaining("statistics of the data").withMessageNotContaining("\n");
  }

  @Test
  void missingStatisticsAreRefused() {
    assertThatIOException().isThrownBy(() -> DataStatistics.ofJson(null)).withMessageContaining("no statistics");
  }

  @Test
  void namesOfClassesAreRead() throws IOException {
    assertThat(ImageModel.classNames(null)).isEmpty();
    assertThat(ImageModel.classNames(JsonParser.parseString("[\"coat\", \"bag\"]"))).containsExactly("coat", "bag");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "1", "{}", "\"coat\"", "[1]", "[null]", "[[\"coat\"]]"})
  void otherClassesAreRefused(String json) {
    assertThatIOException().isThrownBy(() -> ImageModel.classNames(JsonParser.parseString(json)))
        .withMessageContaining("not a list of names");
  }

  private Path file(String from, String to) throws IOException {
    ImageModel model = Untrained.model(Untrained.configuration());
    Checkpoint sound = Untrained.checkpoint(model);
    String text = model.toJson().toString();
    assertThat(text).contains(from);
    Path path = folder.resolve("hostile.safetensors");
    new Checkpoint(JsonParser.parseString(text.replace(from, to)).getAsJsonObject(), sound.state(), sound.layout(),
        sound.parameters(), sound.average(), sound.firstMoment(), sound.secondMoment(), sound.history()).write(path);
    return path;
  }

  /** Every file is sound but for what it says of itself; none may make a large network before it is found out. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "\"width\":32 | \"width\":2147483616 | more than 1048576 channels",
    "\"width\":32 | \"width\":1048576 | more than 2^31 parameters",
    "\"width\":32 | \"width\":2048 | parameters, but the network of its configuration has",
    "\"blocks\":1 | \"blocks\":2000000000 | 1 to 1000 blocks",
    "\"steps\":100, | \"steps\":2000000000, | steps must be 2 to 100000",
    "\"temperature\":0.5 | \"temperature\":1e-300 | signal-to-noise ratio",
    "\"above\" | \"left\" | two of its classes have the same name",
    "\"deviation\":[0.8 | \"deviation\":[1e300 | standard deviation 1.0E300",
    "\"preset\":\"fddm-fashion-mnist\" | \"preset\":\"a\\u001b[31m\" | preset is a name of letters"
  })
  void impossibleModelsAreRefusedAtOnce(String from, String to, String message) throws IOException {
    Path path = file(from, to);
    assertThatIOException().isThrownBy(() -> ImageModel.read(path)).withMessageStartingWith("cannot read " + path + ": ")
        .withMessageContaining(message).withMessageMatching("\\P{Cntrl}*");
  }

  @Test
  void aCheckIsOfAllThatATrainingNeeds() throws IOException {
    Path path = folder.resolve("c.safetensors");
    Checkpoint checkpoint = Untrained.checkpoint(Untrained.model(Untrained.configuration()));
    checkpoint.write(path);
    try (ModelFile file = ModelFile.open(path)) {
      ImageModel.check(file);
    }
    checkpoint.secondMoment()[checkpoint.layout().slices().getFirst().offset()] = Float.POSITIVE_INFINITY;
    checkpoint.write(path);
    try (ModelFile file = ModelFile.open(path)) {
      assertThat(ImageModel.read(file).parameters()).isEqualTo(checkpoint.average());
      assertThatIOException().isThrownBy(() -> ImageModel.check(file)).withMessageContaining("adam.v.").withMessageContaining("Infinity");
    }
  }
}
