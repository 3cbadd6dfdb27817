package io.mosaicdb.storage.hash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentHashTest {
  @TempDir Path folder;

  @Test
  void spellsBase32AsRfc4648Does() {
    var vectors =
        new String[][] {
          {"", ""},
          {"f", "my"},
          {"fo", "mzxq"},
          {"foo", "mzxw6"},
          {"foob", "mzxw6yq"},
          {"fooba", "mzxw6ytb"},
          {"foobar", "mzxw6ytboi"}
        };
    for (var vector : vectors) {
      assertThat(ContentHash.base32(vector[0].getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(vector[1]);
    }
  }

  @Test
  void hashesAFileAsSha256sumDoes() throws IOException {
    var file = folder.resolve("abc");
    Files.writeString(file, "abc");

    assertThat(ContentHash.hexOfFile(file))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(ContentHash.base32OfBytes("abc".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("xj4bnp4pahh6uqkbidpf3lrceoyagyndsylxvhfucd7wd4qacwwq");
  }
}
