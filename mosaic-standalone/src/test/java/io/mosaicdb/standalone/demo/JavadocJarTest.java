package io.mosaicdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavadocJarTest {
  private static final String HTML =
      "<main><h1 class=\"title\">Class Tile</h1><div class=\"class-description\">"
          + "<div class=\"block\">A piece of stone or glass that is pressed into wet mortar by"
          + " hand.</div></div></main>";

  @TempDir Path folder;

  @Test
  void readsTheCoordinatesFromTheFileName() throws IOException {
    write("org.apache.commons.commons-lang3-3.20.0-javadoc.jar");
    write("com.google.guava.guava-33.5.0-jre-javadoc.jar");
    write("notes.txt");

    assertThat(JavadocJar.findAll(folder))
        .extracting(JavadocJar::group, JavadocJar::artifact, JavadocJar::version)
        .containsExactly(
            tuple("org.apache.commons", "commons-lang3", "3.20.0"),
            tuple("com.google.guava", "guava", "33.5.0-jre"));
  }

  @Test
  void readsPagesOfTypesAndSkipsTheRest() throws IOException {
    write(
        "org.acme.acme-1.0-javadoc.jar",
        "org/acme/Tile.html",
        "org/acme/Tile.Edge.html",
        "org/acme/class-use/Tile.html",
        "org/acme/package-tree.html",
        "index.html",
        "src-html/org/acme/Tile.html");

    var paths = new ArrayList<String>();
    var jar = JavadocJar.findAll(folder).getFirst();
    jar.forEachPage(page -> paths.add(page.path()));

    assertThat(paths).containsExactly("/acme/org/acme/Tile.Edge.html", "/acme/org/acme/Tile.html");
    assertThat(jar.publishedAt("org/acme/Tile.html"))
        .isEqualTo("https://javadoc.io/static/org.acme/acme/1.0/org/acme/Tile.html");
  }

  private void write(String name, String... pages) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      for (String page : pages) {
        zip.putNextEntry(new ZipEntry(page));
        zip.write(HTML.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
  }
}
