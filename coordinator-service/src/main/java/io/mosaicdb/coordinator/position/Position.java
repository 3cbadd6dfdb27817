package io.mosaicdb.coordinator.position;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.model.NamespaceName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
