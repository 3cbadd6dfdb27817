package io.mosaicdb.crawler.warc;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.HttpResponse;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcRequest;
import org.netpreserve.jwarc.WarcResponse;
import org.netpreserve.jwarc.WarcRevisit;
import org.netpreserve.jwarc.WarcTargetRecord;

/**
 * Answers from WARC files, this crawler's or others', in place of the network: for each URL the
 * last answer that is there, with the headers and the bytes of then, decoded where they were kept
 * as they came. Holds an entry of about 200 bytes for each URL in memory, and reads the files when
 * asked. Safe for several threads.
 */
public final class WarcReplay {
  private static final String RENAMED = "x-archive-orig-";

  /** More is taken for a bomb, and given as it is. */
  private static final int MAX_DECODED = 100_000_000;

  private final Map<URI, Place> answers = new HashMap<>();
  private final Map<URI, Place> records = new HashMap<>();
  private final Map<String, Place> payloads = new HashMap<>();
  private final Map<URI, Place> requests = new HashMap<>();

  private record Place(Path file, long position) {}

  private WarcReplay() {}

  /**
   * Reads the catalogue of a file, or of all {@code .warc} and {@code .warc.gz} files of a folder.
   */
  public static WarcReplay open(Path fileOrFolder) throws IOException {
    WarcReplay replay = new WarcReplay();
    List<Path> files;
    try (Stream<Path> all =
        Files.isDirectory(fileOrFolder) ? Files.list(fileOrFolder) : Stream.of(fileOrFolder)) {
      files = all.filter(file -> file.toString().matches(".*\\.warc(\\.gz)?")).sorted().toList();
    }
    for (Path file : files) {
      replay.catalogue(file);
    }
    return replay;
  }

  /** The URLs that have an answer. */
  public Set<URI> urls() {
    return new HashSet<>(answers.keySet());
  }

  /**
   * The last answer of a URL, its body put together again where the archive only refers to it;
   * empty for a URL that the archive lacks, and for one whose answer refers to a record that is in
   * no file.
   */
  public Optional<Exchange> find(URI url) throws IOException {
    Place place = answers.get(url);
    if (place == null) {
      return Optional.empty();
    }
    try (WarcReader reader = at(place)) {
      WarcRecord record = record(reader, place);
      if (record instanceof WarcResponse response) {
        HttpResponse http = response.http();
        return Optional.of(exchange(url, record, http, http.body().stream().readAllBytes()));
      }
      if (record instanceof WarcRevisit revisit) {
        byte[] body = referred(revisit);
        return body == null
            ? Optional.empty()
            : Optional.of(exchange(url, revisit, revisit.http(), body));
      }
      throw new IOException("no answer at byte " + place.position + " of " + place.file);
    }
  }

  private Exchange exchange(URI url, WarcRecord record, HttpResponse http, byte[] body)
      throws IOException {
    List<ResponseHeaders.Field> fields = new ArrayList<>();
    boolean decoded = false;
    for (Map.Entry<String, List<String>> entry : http.headers().map().entrySet()) {
      boolean renamed = entry.getKey().toLowerCase(Locale.ROOT).startsWith(RENAMED);
      String name = renamed ? entry.getKey().substring(RENAMED.length()) : entry.getKey();
      decoded |= renamed && name.equalsIgnoreCase("Content-Encoding");
      for (String value : entry.getValue()) {
        fields.add(new ResponseHeaders.Field(name, value));
      }
    }
    Optional<byte[]> plain =
        decoded
            ? Optional.empty()
            : http.headers().first("Content-Encoding").flatMap(encoding -> decode(encoding, body));
    Place asked = requests.get(url);
    return new Exchange(
        url,
        record.date(),
        asked == null ? ResponseHeaders.NONE : request(asked),
        http.status(),
        new ResponseHeaders(fields),
        plain.orElse(body),
        decoded || plain.isPresent());
  }

  /**
   * A body without its content encoding; empty for one that is broken, too large, or of an unknown
   * encoding.
   */
  private static Optional<byte[]> decode(String encoding, byte[] body) {
    try (InputStream in =
        switch (encoding.strip().toLowerCase(Locale.ROOT)) {
          case "gzip", "x-gzip" -> new GZIPInputStream(new ByteArrayInputStream(body));
          case "deflate" -> new InflaterInputStream(new ByteArrayInputStream(body));
          default -> InputStream.nullInputStream();
        }) {
      byte[] plain = in.readNBytes(MAX_DECODED + 1);
      return plain.length == 0 || plain.length > MAX_DECODED
          ? Optional.empty()
          : Optional.of(plain);
    } catch (IOException broken) {
      return Optional.empty();
    }
  }

  private static ResponseHeaders request(Place place) throws IOException {
    try (WarcReader reader = at(place)) {
      List<ResponseHeaders.Field> fields = new ArrayList<>();
      if (record(reader, place) instanceof WarcRequest request) {
        request
            .http()
            .headers()
            .map()
            .forEach((name, values) ->
                values.forEach(value -> fields.add(new ResponseHeaders.Field(name, value))));
      }
      return new ResponseHeaders(fields);
    }
  }

  private byte @Nullable [] referred(WarcRevisit revisit) throws IOException {
    Place place = revisit.refersTo().map(records::get).orElse(null);
    if (place == null) {
      place = revisit.payloadDigest().map(digest -> payloads.get(digest.toString())).orElse(null);
    }
    if (place == null) {
      return null;
    }
    try (WarcReader reader = at(place)) {
      return record(reader, place) instanceof WarcResponse response
          ? response.http().body().stream().readAllBytes()
          : null;
    }
  }

  private void catalogue(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        WarcReader reader = new WarcReader(channel)) {
      for (Optional<WarcRecord> next = reader.next(); next.isPresent(); next = reader.next()) {
        enter(next.get(), new Place(file, reader.position()));
      }
    } catch (ParsingException | ZipException torn) {
      throw new IOException(file + " is no WARC file, or damaged: " + torn.getMessage(), torn);
    }
  }

  private void enter(WarcRecord record, Place place) {
    switch (record) {
      case WarcResponse response -> {
        records.put(response.id(), place);
        response
            .payloadDigest()
            .ifPresent(digest -> payloads.putIfAbsent(digest.toString(), place));
        enterAnswer(response, place);
      }
      case WarcRevisit revisit -> {
        // "Not modified" adds nothing to the answer that is there.
        boolean unmodified =
            revisit.profile().equals(WarcRevisit.SERVER_NOT_MODIFIED_1_1)
                || revisit.profile().equals(WarcRevisit.SERVER_NOT_MODIFIED_1_0);
        if (!unmodified) {
          enterAnswer(revisit, place);
        }
      }
      case WarcRequest request -> requests.put(request.targetURI(), place);
      default -> {
        // Information and metadata answer nothing.
      }
    }
  }

  private void enterAnswer(WarcTargetRecord record, Place place) {
    if (record.target().startsWith("http")) {
      answers.put(record.targetURI(), place);
    }
  }

  private static WarcReader at(Place place) throws IOException {
    FileChannel channel = FileChannel.open(place.file);
    channel.position(place.position);
    return new WarcReader(channel);
  }

  private static WarcRecord record(WarcReader reader, Place place) throws IOException {
    return reader
        .next()
        .orElseThrow(
            () -> new IOException("no record at byte " + place.position + " of " + place.file));
  }
}
