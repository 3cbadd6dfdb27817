package io.mosaicdb.storage.shard;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Link;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.schema.VectorField;
import io.mosaicdb.storage.document.DocumentJson;
import io.mosaicdb.storage.hash.ContentHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The id of a shard: base32 (RFC 4648, lower case, unpadded) of the SHA-256 of its documents in id
 * order. It depends on what the documents are, not on when, in which order or where they were
 * written.
 *
 * <p>Every string is hashed as its length in UTF-8 bytes (int32, big-endian; -1 for null) and those
 * bytes; maps as JSON with sorted keys; lists as their length and elements; numbers as int32.
 */
final class ShardIdentity {
  private static final String DOMAIN = "mosaicdb shard 1";

  private final MessageDigest digest = ContentHash.sha256();
  private final ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);

  private ShardIdentity() {}

  static String of(List<Document> documents, VectorField vector) {
    var identity = new ShardIdentity();
    identity.add(DOMAIN);
    identity.add(vector.dimensions());
    identity.add(vector.metric().wireName());
    identity.add(documents.size());
    documents.forEach(identity::add);
    return ContentHash.base32(identity.digest.digest());
  }

  private void add(Document document) {
    add(document.id());
    add(document.url());
    add(DocumentJson.write(document.fields()));
    add(DocumentJson.write(document.attributes()));
    add(document.links().size());
    for (Link link : document.links()) {
      add(link.url());
      add(link.text());
      add(link.rel());
    }
    add(document.passages().size());
    for (Passage passage : document.passages()) {
      add(passage.start());
      add(passage.end());
      add(passage.vector().length);
      digest.update(passage.vector());
    }
  }

  private void add(@Nullable String text) {
    if (text == null) {
      add(-1);
      return;
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    add(bytes.length);
    digest.update(bytes);
  }

  private void add(int value) {
    digest.update(number.clear().putInt(value).array());
  }
}
