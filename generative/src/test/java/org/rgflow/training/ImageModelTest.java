package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.gson.JsonParser;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a checkpoint says of its data is read strictly: anything else is one line. */
class ImageModelTest {
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
}
