package io.mosaicdb.starter.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileClaimTest {
  private static final String ADVICE = "give each a folder of its own";

  @TempDir private Path folder;

  @Test
  void aFileHasOneOwnerAtATime() throws IOException {
    var file = folder.resolve("deep/state.db");
    try (var _ = FileClaim.of(file, ADVICE)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> FileClaim.of(folder.resolve("deep/../deep/state.db"), ADVICE))
          .withMessageContaining("state.db is in use")
          .withMessageContaining(ADVICE);
    }

    FileClaim.of(file, ADVICE).close();
    assertThat(FileClaim.lockFile(file)).exists().isEmptyFile();
  }
}
