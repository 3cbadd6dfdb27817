package io.mosaicdb.crawler.warc;

/**
 * How an archive is written.
 *
 * @param prefix of the files' names
 * @param maxFileSize bytes after which the next record begins a new file; a file is longer by at
 *     most one answer
 * @param software that wrote it, for the warcinfo record
 * @param userAgent that the crawl called itself, for the same
 */
public record WarcSettings(String prefix, long maxFileSize, String software, String userAgent) {
  /** What archives make their files of: a gigabyte. */
  public static final long USUAL_FILE_SIZE = 1_000_000_000L;

  public WarcSettings {
    if (prefix.isEmpty()
        || !prefix
            .chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_'))) {
      throw new IllegalArgumentException(
          "prefix must be of letters, digits, - and _, got \"" + prefix + "\"");
    }
    if (maxFileSize <= 0) {
      throw new IllegalArgumentException("maxFileSize must be > 0, got " + maxFileSize);
    }
  }
}
