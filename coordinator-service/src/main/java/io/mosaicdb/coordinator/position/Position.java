package io.mosaicdb.coordinator.position;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.error.NearestSnapshot;
import io.mosaicdb.model.NamespaceName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A commit_seq for some partitions of a namespace.
 *
 * <p>Its token is opaque to users: base64url without padding of {@code 1 <namespace>
 * <partition>:<commit_seq> …}, where 1 is the version of this form, partitions ascend, and single
 * spaces part the words.
 */
public record Position(String namespace, SortedMap<Integer, Long> commits) {
  private static final String VERSION = "1";
  private static final Pattern ENTRY = Pattern.compile("(\\d{1,4}):(\\d{1,18})");
  private static final int MAX_TOKEN = 4096;

  public Position {
    commits = Collections.unmodifiableSortedMap(new TreeMap<>(commits));
  }

  public static Position of(NamespaceName namespace, Map<Integer, Long> commits) {
    return new Position(namespace.value(), new TreeMap<>(commits));
  }

  /**
   * The snapshot that a request names: as {@link #parse}, of every partition.
   *
   * @throws MosaicException {@code invalid_value} at {@code pointer}
   */
  public static Position parseSnapshot(
      Object json, NamespaceName namespace, int partitions, String pointer) {
    var position = parse(json, namespace, partitions, pointer);
    if (position.commits().size() < partitions) {
      throw MosaicException.invalidValue(
          pointer,
          "names commits of %d of %d partitions; snapshot.token of a search names all"
              .formatted(position.commits().size(), partitions));
    }
    return position;
  }

  /**
   * The same failure for users: a worker names the nearest snapshot by the commits of the
   * partitions that it was asked about, users name it by a token for all.
   *
   * @param asked the snapshot that is gone
   */
  public static MosaicException named(
      NamespaceName namespace, @Nullable Position asked, MosaicException failure) {
    var nearest = failure.nearest();
    if (nearest.isEmpty()) {
      return failure;
    }
    var commits = new TreeMap<>(asked == null ? Map.of() : asked.commits());
    nearest.get().commits().forEach((number, seq) -> commits.put(Integer.valueOf(number), seq));
    return MosaicException.snapshotGone(
        failure.detail(), of(namespace, commits).nearest(), failure);
  }

  private NearestSnapshot nearest() {
    return new NearestSnapshot(token(), byNumber());
  }

  /** By partition number in decimal, as workers take it. */
  public Map<String, Long> byNumber() {
    var numbers = new TreeMap<String, Long>();
    commits.forEach((partition, seq) -> numbers.put(String.valueOf(partition), seq));
    return numbers;
  }

  public String token() {
    var words = new StringBuilder(VERSION).append(' ').append(namespace);
    commits.forEach(
        (partition, seq) -> words.append(' ').append(partition).append(':').append(seq));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(words.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The position that a request names: a token, or with one partition the bare commit_seq.
   *
   * @throws MosaicException {@code invalid_value} at {@code pointer}
   */
  public static Position parse(
      Object json, NamespaceName namespace, int partitions, String pointer) {
    return switch (json) {
      case Integer seq -> ofNumber(seq, namespace, partitions, pointer);
      case Long seq -> ofNumber(seq, namespace, partitions, pointer);
      case String text when text.matches("\\d{1,18}") ->
          ofNumber(Long.parseLong(text), namespace, partitions, pointer);
      case String token -> ofToken(token, namespace, partitions, pointer);
      default ->
          throw MosaicException.invalidValue(
              pointer, "must be a commit token, or a commit_seq where there is one partition");
    };
  }

  private static Position ofNumber(
      long seq, NamespaceName namespace, int partitions, String pointer) {
    if (partitions != 1) {
      throw MosaicException.invalidValue(
          pointer,
          "must be a commit token: the namespace has "
              + partitions
              + " partitions, so that a number alone names no position");
    }
    if (seq < 0) {
      throw MosaicException.invalidValue(pointer, "must not be negative, got " + seq);
    }
    return of(namespace, Map.of(0, seq));
  }

  private static Position ofToken(
      String token, NamespaceName namespace, int partitions, String pointer) {
    var broken = MosaicException.invalidValue(pointer, "is not a token that this service issued");
    if (token.length() > MAX_TOKEN) {
      throw broken;
    }
    String[] words;
    try {
      words =
          new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(" ", -1);
    } catch (IllegalArgumentException _) {
      throw broken;
    }
    if (words.length < 2 || !words[0].equals(VERSION)) {
      throw broken;
    }
    if (!words[1].equals(namespace.value())) {
      throw MosaicException.invalidValue(
          pointer, "is a position in another namespace than '" + namespace + "'");
    }
    var commits = new TreeMap<Integer, Long>();
    for (int i = 2; i < words.length; i++) {
      var entry = ENTRY.matcher(words[i]);
      if (!entry.matches() || Integer.parseInt(entry.group(1)) >= partitions) {
        throw broken;
      }
      commits.put(Integer.parseInt(entry.group(1)), Long.parseLong(entry.group(2)));
    }
    return of(namespace, commits);
  }
}
