package io.mosaicdb.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ConfigurationTest {
  @Test
  void stopsAtAnUnknownKeyAndNamesTheNearest(CapturedOutput output) {
    assertThatThrownBy(() -> SampleApplication.start("--mosaic.json.max-dept=5")).isNotNull();

    assertThat(output)
        .contains("The configuration key 'mosaic.json.max-dept'")
        .contains("Did you mean 'mosaic.json.max-depth'?");
  }

  @Test
  void namesTheKeyOfAValueOfTheWrongType(CapturedOutput output) {
    assertThatThrownBy(() -> SampleApplication.start("--mosaic.json.max-depth=deep")).isNotNull();

    assertThat(output).contains("mosaic.json.max-depth").contains("deep");
  }

  @Test
  void namesTheKeyOfAValueOutOfBounds(CapturedOutput output) {
    assertThatThrownBy(() -> SampleApplication.start("--mosaic.client.read-timeout=0s"))
        .isNotNull();

    assertThat(output).contains("mosaic.client.read-timeout must be > 0");
  }

  @Test
  void namesTheServiceOfAnAddressWithoutScheme(CapturedOutput output) {
    assertThatThrownBy(
            () -> SampleApplication.start("--mosaic.discovery.static.some-service[0]=10.0.0.1"))
        .isNotNull();

    assertThat(output).contains("mosaic.discovery.static.some-service");
  }

  @Test
  void neverPrintsASecret(CapturedOutput output) {
    assertThatThrownBy(() -> SampleApplication.start("--mosaic.internal.secret=tooshort-s3cr3t"))
        .isNotNull();

    assertThat(output).contains("mosaic.internal.secret must have at least 16");
  }
}
