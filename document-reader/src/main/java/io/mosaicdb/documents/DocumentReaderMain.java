package io.mosaicdb.documents;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads one document after another until its input ends. Argument: the milliseconds that a document
 * may take, after which the process ends with {@value #TOO_SLOW}; where its memory is too small for
 * a document it ends with {@value #OUT_OF_MEMORY}.
 *
 * <p>All numbers are big-endian; a <i>text</i> is the number of its bytes (4) and UTF-8. First it
 * says {@value #VERSION} (4). Then, for each document, it is told
 *
 * <ul>
 *   <li>the media type, as text; the bytes of the document, after their number (4)
 *   <li>the most characters of text, and the most links, that are wanted (4 each)
 * </ul>
 *
 * and answers a byte, {@link DocumentText.Outcome#code()}, then for {@code READ}
 *
 * <ul>
 *   <li>title, description, language: texts, empty where unknown
 *   <li>when it was made, when it was changed: milliseconds since 1970 (8), or the least number
 *   <li>a byte: 1 if text was cut off, else 0; the text
 *   <li>the number of headings (4), and for each its level (1) and its text
 *   <li>the number of links (4), and for each target and words, two texts
 * </ul>
 *
 * and for all others what happened, as text.
 */
public final class DocumentReaderMain {
  static final int VERSION = 1;
  static final int OUT_OF_MEMORY = 3;
  static final int TOO_SLOW = 4;
  private static final int LARGEST = 1 << 30;

  private DocumentReaderMain() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 1) {
      throw new IllegalArgumentException("say how many milliseconds a document may take");
    }
    var limit = Duration.ofMillis(Long.parseLong(arguments[0]));
    var in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
    var out =
        new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
    // What a parser prints must not get between the answers.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    serve(in, out, limit);
  }

  private static void serve(DataInputStream in, DataOutputStream out, Duration limit)
      throws IOException {
    var parser = new DocumentParser();
    out.writeInt(VERSION);
    out.flush();
    try (var watch =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())) {
      while (true) {
        String type;
        try {
          type = text(in);
        } catch (EOFException _) {
          watch.shutdownNow();
          return;
        }
        var body = bytes(in);
        int mostText = in.readInt();
        int mostLinks = in.readInt();
        write(out, read(parser, type, body, mostText, mostLinks, limit, watch));
        out.flush();
      }
    }
  }

  private static DocumentText read(
      DocumentParser parser,
      String type,
      byte[] body,
      int mostText,
      int mostLinks,
      Duration limit,
      ScheduledExecutorService watch) {
    // Nothing can stop a parser that does not listen, but the end of its process.
    var end =
        watch.schedule(
            () -> Runtime.getRuntime().halt(TOO_SLOW), limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return parser.read(type, body, mostText, mostLinks);
    } catch (OutOfMemoryError e) {
      // What a parser throws itself does not end the process as the JVM's own error does.
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
      throw e;
    } finally {
      end.cancel(false);
    }
  }

  private static void write(DataOutputStream out, DocumentText document) throws IOException {
    out.writeByte(document.outcome().code());
    if (document.outcome() != DocumentText.Outcome.READ) {
      write(out, document.detail());
      return;
    }
    write(out, document.title());
    write(out, document.description());
    write(out, document.language());
    out.writeLong(millis(document.created()));
    out.writeLong(millis(document.modified()));
    out.writeBoolean(document.cut());
    write(out, document.text());
    out.writeInt(document.headings().size());
    for (var heading : document.headings()) {
      out.writeByte(heading.level());
      write(out, heading.text());
    }
    out.writeInt(document.links().size());
    for (var link : document.links()) {
      write(out, link.target());
      write(out, link.words());
    }
  }

  private static long millis(@Nullable Instant time) {
    return time == null ? Long.MIN_VALUE : time.toEpochMilli();
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LARGEST) {
      throw new IOException("a length of " + length);
    }
    return in.readNBytes(length);
  }
}
