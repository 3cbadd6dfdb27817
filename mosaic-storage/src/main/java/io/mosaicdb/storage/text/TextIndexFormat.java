package io.mosaicdb.storage.text;

/** The tables of a shard's words; {@code DESIGN.md} says what is in them. */
final class TextIndexFormat {
  static final int VERSION = 2;

  /** From this version on there are {@code text_word} and the options of analysis. */
  static final int WITH_WORDS = 2;

  /** A term whose postings and positions together are no longer lives in its dictionary row. */
  static final int INLINE_BYTES = 400;

  /** Every how many postings a positions blob can be entered. */
  static final int POSITIONS_STRIDE = 128;

  static final String[] TABLES = {
    "CREATE TABLE text_meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """
    CREATE TABLE text_field(
      number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, weight REAL NOT NULL,
      language TEXT NOT NULL, stemming INTEGER NOT NULL, stop_words INTEGER NOT NULL,
      analyzer TEXT NOT NULL, field_group INTEGER NOT NULL,
      total_length INTEGER NOT NULL, lengths BLOB NOT NULL,
      stop_list TEXT, case_sensitive INTEGER NOT NULL, folding INTEGER NOT NULL,
      max_token_length INTEGER NOT NULL)\
    """,
    """
    CREATE TABLE text_term(
      field_group INTEGER NOT NULL, term TEXT NOT NULL, documents INTEGER NOT NULL,
      number INTEGER, postings BLOB, positions BLOB,
      PRIMARY KEY(field_group, term)) WITHOUT ROWID\
    """,
    """
    CREATE TABLE text_word(
      field_group INTEGER NOT NULL, word TEXT NOT NULL, term TEXT, documents INTEGER NOT NULL,
      PRIMARY KEY(field_group, word)) WITHOUT ROWID\
    """,
    "CREATE TABLE text_posting(id INTEGER PRIMARY KEY, data BLOB NOT NULL)",
    "CREATE TABLE text_position(id INTEGER PRIMARY KEY, data BLOB NOT NULL)",
  };

  private TextIndexFormat() {}

  static long blockId(long term, int block) {
    return term << 16 | block;
  }
}
