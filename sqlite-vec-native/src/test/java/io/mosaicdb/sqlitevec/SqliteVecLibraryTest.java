package io.mosaicdb.sqlitevec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteVecLibraryTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64",
    "Linux, aarch64",
    "Mac OS X, x86_64",
    "Mac OS X, aarch64",
    "Windows 11, amd64"
  })
  void packsALibraryForEverySupportedPlatform(String os, String arch) {
    var resource = SqliteVecLibrary.resourceFor(os, arch);

    assertThat(SqliteVecLibrary.class.getResource(resource)).as(resource).isNotNull();
  }

  @Test
  void unpacksAReadableFile() {
    assertThat(SqliteVecLibrary.path()).isReadable().isRegularFile();
  }
}
