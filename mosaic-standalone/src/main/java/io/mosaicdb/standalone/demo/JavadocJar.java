package io.mosaicdb.standalone.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The javadoc of one library: a jar named {@code group.artifact-version-javadoc.jar}. */
record JavadocJar(Path file, String group, String artifact, String version) {
  private static final Pattern NAME =
      Pattern.compile("(.+)\\.([A-Za-z][^.]*?)-([0-9].*)-javadoc\\.jar");

  /** Pages of types begin with a capital; what stands in class-use or src-html is furniture. */
  private static final Pattern TYPE_PAGE = Pattern.compile("(?:[a-z][^/]*/)+[A-Z][^/-]*\\.html");

  private static final Pattern PACKAGE_PAGE =
      Pattern.compile("(?:[a-z][^/]*/)+package-summary\\.html");

  /** All jars of a folder, by name. */
  static List<JavadocJar> findAll(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .flatMap(file -> find(file).stream())
          .sorted(Comparator.comparing(JavadocJar::artifact))
          .toList();
    }
  }

  private static Optional<JavadocJar> find(Path file) {
    var name = NAME.matcher(file.getFileName().toString());
    return name.matches()
        ? Optional.of(new JavadocJar(file, name.group(1), name.group(2), name.group(3)))
        : Optional.empty();
  }

  /** Where javadoc.io publishes the whole of a page of this jar. */
  String publishedAt(String inJar) {
    return "https://javadoc.io/static/%s/%s/%s/%s".formatted(group, artifact, version, inJar);
  }

  /** Gives every page of a type or a package that says something, in the order of their paths. */
  void forEachPage(Consumer<JavadocPage> consumer) throws IOException {
    try (var zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : pages(zip)) {
        String html;
        try (var content = zip.getInputStream(entry)) {
          html = new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
        Optional<JavadocPage> page =
            JavadocPage.read(artifact, entry.getName(), html, isPackage(entry.getName()));
        page.ifPresent(consumer);
      }
    }
  }

  private static List<ZipEntry> pages(ZipFile zip) {
    var pages = new ArrayList<ZipEntry>();
    zip.stream()
        .filter(entry -> isPackage(entry.getName()) || isType(entry.getName()))
        .forEach(pages::add);
    pages.sort(Comparator.comparing(ZipEntry::getName));
    return pages;
  }

  private static boolean isType(String path) {
    return TYPE_PAGE.matcher(path).matches()
        && !path.contains("/class-use/")
        && !path.contains("src-html/");
  }

  private static boolean isPackage(String path) {
    return PACKAGE_PAGE.matcher(path).matches();
  }
}
