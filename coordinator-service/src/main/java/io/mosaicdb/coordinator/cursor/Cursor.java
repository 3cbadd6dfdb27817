package io.mosaicdb.coordinator.cursor;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.model.NamespaceName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

/**
 * How far a walk has come.
 *
 * <p>On the wire: base64url without padding of
 *
 * <pre>
 * u8   1, the version of this form
 * utf  namespace                              (u16 length, modified UTF-8)
 * u16  partitions, then for each: u16 number, i64 commit_seq
 * u16  members of the request, then for each: utf name, i32 hash of its value
 * u16  hits of the first page, then for each: i64 hash of its id
 * i32  hits of the window that were given already
 * i64  digest of the window's ids in order, 0 while it has not been fixed
 * i64  digest of all bytes before
 * </pre>
 *
 * The last one tells a cursor that was cut or altered. It is no secret: a cursor grants nothing
 * that its holder could not ask for without it.
 *
 * @param position the snapshot that the walk is pinned to
 * @param print what was asked
 * @param seen hashes of the ids of a first page that was answered before the window was fixed
 * @param offset in the window
 * @param digest of the window; 0: it is not fixed yet
 */
public record Cursor(
    Position position, RequestPrint print, List<Long> seen, int offset, long digest) {
  private static final int VERSION = 1;
  private static final int MAX_TOKEN = 64 * 1024;
  private static final int CHECK_BYTES = Long.BYTES;

  public Cursor {
    seen = List.copyOf(seen);
    if (offset < 0) {
      throw new IllegalArgumentException("offset must be >= 0, got " + offset);
    }
  }

  /** The same walk, further on. */
  public Cursor at(int newOffset, long windowDigest) {
    return new Cursor(position, print, seen, newOffset, windowDigest);
  }

  public String token() {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(position.namespace());
      out.writeShort(position.commits().size());
      for (var entry : position.commits().entrySet()) {
        out.writeShort(entry.getKey());
        out.writeLong(entry.getValue());
      }
      out.writeShort(print.members().size());
      for (var entry : print.members().entrySet()) {
        out.writeUTF(entry.getKey());
        out.writeInt(entry.getValue());
      }
      out.writeShort(seen.size());
      for (long id : seen) {
        out.writeLong(id);
      }
      out.writeInt(offset);
      out.writeLong(digest);
      out.writeLong(Digest.of(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail", e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads a token.
   *
   * @throws MosaicException {@code invalid_cursor} if it is none of ours, or of another namespace
   */
  public static Cursor parse(String token, NamespaceName namespace, int partitions) {
    Cursor cursor;
    try {
      cursor = read(token);
    } catch (IOException | IllegalArgumentException e) {
      throw new MosaicException(
          ErrorCode.INVALID_CURSOR, "/cursor is not a cursor that this service issued", e);
    }
    if (!cursor.position.namespace().equals(namespace.value())) {
      throw MosaicException.at(
          ErrorCode.INVALID_CURSOR,
          "/cursor",
          "belongs to another namespace than '" + namespace + "'");
    }
    if (cursor.position.commits().size() != partitions) {
      throw MosaicException.at(
          ErrorCode.INVALID_CURSOR,
          "/cursor",
          "belongs to an earlier namespace of this name, which had other partitions");
    }
    return cursor;
  }

  private static Cursor read(String token) throws IOException {
    if (token.length() > MAX_TOKEN) {
      throw new IllegalArgumentException("too long");
    }
    var bytes = Base64.getUrlDecoder().decode(token);
    if (bytes.length <= CHECK_BYTES) {
      throw new IllegalArgumentException("too short");
    }
    int length = bytes.length - CHECK_BYTES;
    var check = new DataInputStream(new ByteArrayInputStream(bytes, length, CHECK_BYTES));
    if (check.readLong() != Digest.of(Arrays.copyOf(bytes, length))) {
      throw new IllegalArgumentException("altered");
    }
    var in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
    if (in.readUnsignedByte() != VERSION) {
      throw new IllegalArgumentException("of another version");
    }
    var namespace = in.readUTF();
    var commits = new TreeMap<Integer, Long>();
    for (int i = in.readUnsignedShort(); i > 0; i--) {
      commits.put(in.readUnsignedShort(), in.readLong());
    }
    var members = new TreeMap<String, Integer>();
    for (int i = in.readUnsignedShort(); i > 0; i--) {
      members.put(in.readUTF(), in.readInt());
    }
    var seen = new Long[in.readUnsignedShort()];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = in.readLong();
    }
    var cursor =
        new Cursor(
            new Position(namespace, commits),
            new RequestPrint(members),
            List.of(seen),
            in.readInt(),
            in.readLong());
    if (in.available() > 0) {
      throw new IllegalArgumentException("too long");
    }
    return cursor;
  }
}
