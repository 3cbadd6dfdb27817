package io.mosaicdb.coordinator.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RerankPropertiesTest {
  @Test
  void hasNoRerankerUnlessOneIsNamed() {
    var standard = RerankProperties.standard();

    assertThat(standard.url()).isNull();
    assertThat(standard.spoken()).isEqualTo(RerankProtocol.TEI);
    assertThat(SecondPhaseReranker.NONE.find()).isEmpty();
    assertThat(SecondPhaseReranker.NONE.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(SecondPhaseReranker.NONE.candidates()).isEqualTo(200);
    assertThat(SecondPhaseReranker.NONE.characters()).isEqualTo(2000);
  }

  @Test
  void namesTheKeyOfABadValueAndNeverTheSecret() {
    assertThatThrownBy(() -> properties("ftp://x/rerank", "tei"))
        .hasMessageContaining("mosaic.coordinator.rerank.url must begin with http");
    assertThatThrownBy(() -> properties("http://x/rerank", "jina"))
        .hasMessageContaining("mosaic.coordinator.rerank.protocol must be tei or cohere, got jina");
    assertThat(properties("http://x/rerank", "cohere").toString()).doesNotContain("sesame");
  }

  private static RerankProperties properties(String url, String protocol) {
    return new RerankProperties(
        URI.create(url),
        protocol,
        null,
        "sesame",
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        10,
        100);
  }
}
