package io.mosaicdb.worker.namespace;

import io.mosaicdb.contract.namespace.NamespaceRequest;
import io.mosaicdb.model.schema.NamespaceSettings;
import io.mosaicdb.model.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * A namespace's definition on disk: {@code namespace.json} in its folder, in the form of {@link
 * NamespaceRequest}. Beside it {@code incarnation}, a UUID.
 */
final class NamespaceFile {
  static final String NAME = "namespace.json";
  private static final String INCARNATION = "incarnation";
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(tools.jackson.databind.SerializationFeature.INDENT_OUTPUT)
          .build();

  private final Path folder;
  private final GuardedFile file;

  /**
   * @param mended told what was damaged and is right again
   */
  NamespaceFile(Path folder, Consumer<String> mended) {
    this.folder = folder;
    this.file = new GuardedFile(folder, NAME, mended);
  }

  Path folder() {
    return folder;
  }

  NamespaceRequest read() throws IOException {
    try {
      return MAPPER.readValue(text(), NamespaceRequest.class);
    } catch (JacksonException e) {
      throw new IOException(folder.resolve(NAME) + " is damaged: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * A name that no other namespace has, one of the same name at another time included. Made when it
   * is first asked for; if it is lost a new one does as well.
   */
  String incarnation() throws IOException {
    var file = folder.resolve(INCARNATION);
    if (Files.exists(file)) {
      var known = Files.readString(file).strip();
      if (known.matches("[0-9a-f-]{36}")) {
        return known;
      }
    }
    var made = UUID.randomUUID().toString();
    Files.writeString(file, made);
    return made;
  }

  String text() throws IOException {
    synchronized (file) {
      return new String(
          file.read().orElseThrow(() -> new NoSuchFileException(file.file() + " is missing")),
          StandardCharsets.UTF_8);
    }
  }

  /** Replaces the definition: it is on disk, whole, when this returns, or the old one still is. */
  void write(Schema schema, NamespaceSettings settings) throws IOException {
    synchronized (file) {
      file.write(MAPPER.writeValueAsBytes(Definitions.describe(schema, settings)));
    }
  }

  /** Writes again what is missing or altered. */
  void mend() throws IOException {
    synchronized (file) {
      file.mend();
    }
  }
}
