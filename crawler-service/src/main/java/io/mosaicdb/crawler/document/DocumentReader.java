package io.mosaicdb.crawler.document;

import io.mosaicdb.crawler.page.DocumentText;
import io.mosaicdb.crawler.page.Heading;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has documents read by a process of its own, one at a time. The process is started when one comes
 * and there is none; it is killed when a document takes too long, when its reader is interrupted,
 * and when none has come for a while. Thread-safe.
 */
public final class DocumentReader implements AutoCloseable {
  /** What is read: PDF, Word, Excel, PowerPoint, RTF. */
  public static final Set<String> TYPES =
      Set.of(
          "application/pdf",
          "application/msword",
          "application/vnd.ms-excel",
          "application/vnd.ms-powerpoint",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.openxmlformats-officedocument.presentationml.presentation",
          "application/rtf",
          "text/rtf");

  /** What came of a document. */
  public sealed interface Result {
    /** It was read. */
    record Read(DocumentText text) implements Result {}

    /**
     * It was not.
     *
     * @param reason one word, such as {@code document_broken}
     */
    record Failed(String reason, String detail) implements Result {}
  }

  private static final Logger log = LoggerFactory.getLogger(DocumentReader.class);
  private static final String MAIN = "io.mosaicdb.documents.DocumentReaderMain";
  private static final int VERSION = 1;
  private static final int MOST_ITEMS = 100_000;

  // Of a JVM that runs out of heap with ExitOnOutOfMemoryError, and of a reader that found itself
  // too slow.
  private static final int OUT_OF_MEMORY = 3;
  private static final int TOO_SLOW = 4;

  /** What the reader allows itself beyond its limit before it is killed from here. */
  private static final long GRACE_MILLIS = 2_000;

  private static final long START_MILLIS = 60_000;

  private record Child(Process process, DataInputStream in, DataOutputStream out) {}

  private final DocumentSettings settings;
  private final ReentrantLock lock = new ReentrantLock(true);

  // Pipes are read and written by this thread alone: it may block in the system, which a virtual
  // thread may not.
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("document-reader").daemon().factory());
  private volatile @Nullable Child child;
  private @Nullable ScheduledFuture<?> idle;

  public DocumentReader(DocumentSettings settings) {
    this.settings = settings;
    thread.setRemoveOnCancelPolicy(true);
  }

  /** Whether documents of a media type are read. */
  public boolean reads(String type) {
    return TYPES.contains(type);
  }

  /** Whether there is a process at the moment. */
  public boolean isRunning() {
    var present = child;
    return present != null && present.process().isAlive();
  }

  /** Reads a document; waits where others are read. */
  public Result read(String type, byte[] body) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (idle != null) {
        idle.cancel(false);
      }
      var started = await(this::started, START_MILLIS);
      if (started instanceof Result.Failed failed) {
        return failed;
      }
      return await(() -> ask(type, body), settings.timeout().toMillis() + GRACE_MILLIS);
    } finally {
      rest();
      lock.unlock();
    }
  }

  private void rest() {
    try {
      idle = thread.schedule(this::end, settings.idle().toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      // Closed.
    }
  }

  private Result await(Callable<Result> work, long millis) throws InterruptedException {
    try {
      var result = thread.submit(work);
      try {
        return result.get(millis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        kill();
        return tooSlow();
      } catch (InterruptedException e) {
        kill();
        throw e;
      }
    } catch (RejectedExecutionException _) {
      throw new InterruptedException("the reader of documents is closed");
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      log.error("document_reader_failed reason={}", cause.toString());
      kill();
      return new Result.Failed("document_reader_failed", String.valueOf(cause.getMessage()));
    }
  }

  private Result.Failed tooSlow() {
    return new Result.Failed(
        "document_timeout", "it was not read in " + settings.timeout().toMillis() + " ms");
  }

  private void kill() {
    var present = child;
    if (present != null) {
      present.process().destroyForcibly();
    }
  }

  // From here on the thread's own.

  private Result started() throws IOException {
    var present = child;
    if (present != null && present.process().isAlive()) {
      return new Result.Read(DocumentText.EMPTY);
    }
    end();
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + settings.memory() + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            // PDFBox would keep a list of the machine's fonts in the user's home.
            "-Dpdfbox.fontcache=" + System.getProperty("java.io.tmpdir"),
            "-cp",
            settings.jars().toAbsolutePath() + File.separator + "*",
            MAIN,
            Long.toString(settings.timeout().toMillis()));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    var process = builder.start();
    var in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    var out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    child = new Child(process, in, out);
    try {
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException(
            "the reader in %s speaks version %d, this crawler %d"
                .formatted(settings.jars(), version, VERSION));
      }
    } catch (IOException e) {
      end();
      throw new IOException(
          "no reader of documents starts from %s: %s".formatted(settings.jars(), e.getMessage()),
          e);
    }
    log.info("document_reader_started pid={} memory_mb={}", process.pid(), settings.memory());
    return new Result.Read(DocumentText.EMPTY);
  }

  private Result ask(String type, byte[] body) throws InterruptedException {
    var present = child;
    if (present == null) {
      return new Result.Failed("document_reader_failed", "it ended");
    }
    try {
      var out = present.out();
      var name = type.getBytes(StandardCharsets.UTF_8);
      out.writeInt(name.length);
      out.write(name);
      out.writeInt(body.length);
      out.write(body);
      out.writeInt(DocumentSettings.MOST_TEXT);
      out.writeInt(DocumentSettings.MOST_LINKS);
      out.flush();
      return answer(present.in());
    } catch (IOException _) {
      // Its pipes close before it is gone, and its code says why it went.
      if (!present.process().waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        present.process().destroyForcibly();
      }
      int code = present.process().waitFor();
      end();
      return ended(code);
    }
  }

  /** What the end of the process says of the document that it was reading. */
  private Result.Failed ended(int code) {
    return switch (code) {
      case OUT_OF_MEMORY ->
          new Result.Failed(
              "document_too_costly",
              "it takes more than %d MB to read".formatted(settings.memory()));
      case TOO_SLOW -> tooSlow();
      default -> new Result.Failed("document_broken", "its reader ended with the code " + code);
    };
  }

  private static Result answer(DataInputStream in) throws IOException {
    int outcome = in.readUnsignedByte();
    return switch (outcome) {
      case 0 -> new Result.Read(text(in));
      case 1 -> new Result.Failed("document_broken", string(in));
      case 2 -> new Result.Failed("document_encrypted", string(in));
      case 3 -> new Result.Failed("document_too_costly", string(in));
      case 4 -> new Result.Failed("document_unknown", string(in));
      default -> throw new IOException("an answer of kind " + outcome);
    };
  }

  private static DocumentText text(DataInputStream in) throws IOException {
    var title = string(in);
    var description = string(in);
    var language = string(in);
    var created = time(in.readLong());
    var modified = time(in.readLong());
    boolean cut = in.readBoolean();
    var text = string(in);
    var headings = new ArrayList<Heading>();
    for (int left = count(in); left > 0; left--) {
      int level = in.readUnsignedByte();
      headings.add(new Heading(level, string(in)));
    }
    var links = new ArrayList<DocumentText.Link>();
    for (int left = count(in); left > 0; left--) {
      var target = string(in);
      links.add(new DocumentText.Link(target, string(in)));
    }
    return new DocumentText(
        title,
        description,
        language,
        created,
        modified,
        text,
        headings,
        links,
        cut
            ? List.of("the text is cut after %,d characters".formatted(DocumentSettings.MOST_TEXT))
            : List.of());
  }

  private static @Nullable Instant time(long millis) {
    return millis == Long.MIN_VALUE ? null : Instant.ofEpochMilli(millis);
  }

  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MOST_ITEMS) {
      throw new IOException("an answer of " + count + " items");
    }
    return count;
  }

  private static String string(DataInputStream in) throws IOException {
    int length = in.readInt();
    // At most four bytes a character, of what was asked for.
    if (length < 0 || length > 4 * DocumentSettings.MOST_TEXT) {
      throw new IOException("an answer of " + length + " bytes");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private void end() {
    var present = child;
    if (present != null) {
      present.process().destroyForcibly();
      child = null;
    }
  }

  @Override
  public void close() {
    kill();
    thread.shutdownNow();
  }
}
