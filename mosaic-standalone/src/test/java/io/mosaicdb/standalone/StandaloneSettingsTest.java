package io.mosaicdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandaloneSettingsTest {
  @TempDir Path folder;

  @Test
  void createsTheFoldersOfAFirstStart() {
    var data = folder.resolve("new/data");

    StandaloneSettings.read("--mosaic.data=" + data, "--mosaic.port=0").createFolders();

    assertThat(data.resolve("shards")).isDirectory();
    assertThat(data.resolve("routing")).isDirectory();
    assertThat(data.resolve("cache")).isDirectory();
  }

  @Test
  void namesAFolderThatCannotBeMade() throws IOException {
    var file = Files.createFile(folder.resolve("file"));

    var settings = StandaloneSettings.read("--mosaic.data=" + file);

    assertThatThrownBy(settings::createFolders)
        .isInstanceOf(StartFailedException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("MOSAIC_DATA");
  }

  @Test
  void namesTheKeyOfABadPort() {
    for (var port : new String[] {"abc", "70000", "-1"}) {
      assertThatThrownBy(() -> StandaloneSettings.read("--mosaic.port=" + port))
          .isInstanceOf(StartFailedException.class)
          .hasMessageContaining("MOSAIC_PORT")
          .hasMessageContaining(port);
    }
  }
}
