package io.mosaicdb.sqlitevec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * sqlite-vec's loadable library for this platform.
 *
 * <p>The library is packed into this module's jar; SQLite can only load a file, so the first call
 * copies it into a private temporary folder that goes with the process. {@code
 * -Dmosaic.sqlite-vec.library=PATH} names another build.
 */
public final class SqliteVecLibrary {
  /** System property that replaces the packed library. */
  public static final String PROPERTY = "mosaic.sqlite-vec.library";

  /** The library's entry point, needed where the file has been renamed. */
  public static final String ENTRY_POINT = "sqlite3_vec_init";

  private SqliteVecLibrary() {}

  /**
   * The library's file.
   *
   * @throws IllegalStateException if the platform has no packed library and the property names none
   */
  public static Path path() {
    return Holder.PATH;
  }

  private static final class Holder {
    static final Path PATH = locate();
  }

  private static Path locate() {
    var configured = System.getProperty(PROPERTY);
    if (configured != null) {
      var path = Path.of(configured).toAbsolutePath();
      if (!Files.isReadable(path)) {
        throw new IllegalStateException(
            "-D" + PROPERTY + " names a file that cannot be read: " + path);
      }
      return path;
    }
    var resource = resourceFor(System.getProperty("os.name"), System.getProperty("os.arch"));
    try (InputStream in = SqliteVecLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(
            "sqlite-vec has no packed library for "
                + System.getProperty("os.name")
                + " on "
                + System.getProperty("os.arch")
                + ": build one and start with -D"
                + PROPERTY
                + "=PATH");
      }
      var folder = Files.createTempDirectory("mosaic-sqlite-vec");
      var file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      file.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot unpack sqlite-vec into " + System.getProperty("java.io.tmpdir"), e);
    }
  }

  static String resourceFor(String osName, String osArch) {
    var os = osName.toLowerCase(Locale.ROOT);
    var arch = osArch.equals("aarch64") || osArch.equals("arm64") ? "arm64" : "x64";
    if (os.startsWith("mac")) {
      return "/META-INF/native/sqlite-vec-darwin-" + arch + "/vec0.dylib";
    }
    if (os.startsWith("windows")) {
      return "/META-INF/native/sqlite-vec-windows-" + arch + "/vec0.dll";
    }
    return "/META-INF/native/sqlite-vec-linux-" + arch + "/vec0.so";
  }
}
