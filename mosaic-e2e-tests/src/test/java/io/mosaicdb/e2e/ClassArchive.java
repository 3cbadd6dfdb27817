package io.mosaicdb.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The classes of a start, read and linked once for all servers of a run (class data sharing): some
 * fifty starts are most of what the tests cost, and this takes a sixth off each.
 */
final class ClassArchive {
  private static final long LIMIT_SECONDS = 120;
  private static final Path FILE = Path.of("target", "server.jsa").toAbsolutePath();
  private static boolean tried;

  private ClassArchive() {}

  /** What to add to a server's options; nothing where an archive is impossible. */
  static synchronized List<String> options(List<String> options, String classPath)
      throws IOException {
    if (!tried) {
      tried = true;
      Files.deleteIfExists(FILE);
      // The JVM archives from jars, not from folders.
      if (List.of(classPath.split(File.pathSeparator)).stream().allMatch(x -> x.endsWith(".jar"))) {
        make(options, classPath);
      }
    }
    return Files.exists(FILE)
        ? List.of("-XX:SharedArchiveFile=" + FILE, "-Xshare:auto", "-Xlog:cds=off")
        : List.of();
  }

  private static void make(List<String> options, String classPath) throws IOException {
    var data = Files.createTempDirectory("mosaic-e2e-archive-");
    try {
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(options);
      command.add("-XX:ArchiveClassesAtExit=" + FILE);
      command.add("-Xlog:cds=off");
      command.add(MosaicServer.MAIN);
      command.add("--mosaic.port=0");
      command.add("--mosaic.data=" + data.resolve("data"));
      command.add("--mosaic.exit-when-ready=true");
      var builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("log").toFile());
      builder.environment().put("CLASSPATH", classPath);
      var process = builder.start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        Files.deleteIfExists(FILE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      MosaicServer.delete(data);
    }
  }
}
