package io.mosaicdb.storage.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * An inverted index in memory to which documents are appended: what a live segment searches and
 * what sealing writes out. One thread adds; readers see whole documents only, by asking for no more
 * than {@link #documents()}.
 */
final class InvertedBuffer {
  private static final int TERM_OVERHEAD = 160;

  private final IndexedFields fields;
  private final List<Dictionary> dictionaries = new ArrayList<>();
  private final ByteSink body = new ByteSink(256);
  private final ByteSink positions = new ByteSink(256);
  // lengths[field][ordinal], and the running totals that a view of the first documents needs.
  private volatile int[][] lengths;
  private volatile long[][] totals;
  private volatile int documents;
  private volatile long bytes;
  private long grown;

  /** {@code concurrent}: whether terms must be found by other threads while documents are added. */
  InvertedBuffer(IndexedFields fields, boolean concurrent) {
    this.fields = fields;
    for (var group : fields.groups()) {
      dictionaries.add(new Dictionary(group, concurrent));
    }
    int count = fields.fields().size();
    lengths = new int[count][64];
    totals = new long[count][64];
  }

  IndexedFields fields() {
    return fields;
  }

  int documents() {
    return documents;
  }

  long bytes() {
    return bytes;
  }

  int[][] lengths() {
    return lengths;
  }

  /** The total length of {@code field} over the first {@code count} documents. */
  long totalLength(int field, int count) {
    return count == 0 ? 0 : totals[field][count - 1];
  }

  Dictionary dictionary(FieldGroup group) {
    return dictionaries.get(group.number());
  }

  /** Adds a document, its values in the order of the fields; returns its ordinal. */
  int add(List<@Nullable String> values) {
    if (values.size() != fields.fields().size()) {
      throw new IllegalArgumentException(
          "expected " + fields.fields().size() + " values, got " + values.size());
    }
    int ordinal = documents;
    makeRoom(ordinal);
    for (var dictionary : dictionaries) {
      dictionary.add(ordinal, values);
    }
    long held = bytes;
    bytes = held + grown;
    grown = 0;
    documents = ordinal + 1;
    return ordinal;
  }

  private void makeRoom(int ordinal) {
    if (ordinal < lengths[0].length) {
      return;
    }
    var longerLengths = new int[lengths.length][];
    var longerTotals = new long[lengths.length][];
    int capacity = ordinal * 2;
    for (int i = 0; i < longerLengths.length; i++) {
      longerLengths[i] = Arrays.copyOf(lengths[i], capacity);
      longerTotals[i] = Arrays.copyOf(totals[i], capacity);
    }
    grown += 12L * lengths.length * (capacity - ordinal);
    lengths = longerLengths;
    totals = longerTotals;
  }

  /** The terms of one group of fields. */
  final class Dictionary implements TokenSink {
    private final FieldGroup group;
    private final @Nullable ConcurrentSkipListMap<String, TermStream> byTerm;
    // Where words differ from terms; else the terms are the words.
    private final @Nullable ConcurrentSkipListMap<String, WordForm> byWord;
    private @Nullable TermStream[] table = new TermStream[1024];
    private int terms;
    // The document being added: a slot for each of its terms, a row for each of its tokens.
    private TermStream[] slots = new TermStream[64];
    private int slotCount;
    private int[] tokenSlots = new int[256];
    private int[] tokenPlaces = new int[256];
    private int tokenCount;
    private int[] slotStarts = new int[65];
    private int[] placesBySlot = new int[256];
    private int document;
    private int lastPosition;
    private int length;
    private char[] word = {};
    private int wordLength;

    Dictionary(FieldGroup group, boolean concurrent) {
      this.group = group;
      this.byTerm = concurrent ? new ConcurrentSkipListMap<>(Lexicon.ORDER) : null;
      this.byWord =
          concurrent && group.analysis().keepsWords()
              ? new ConcurrentSkipListMap<>(Lexicon.ORDER)
              : null;
    }

    @Nullable TermStream find(String term) {
      if (byTerm != null) {
        return byTerm.get(term);
      }
      var buffer = term.toCharArray();
      return table[place(buffer, buffer.length, hash(buffer, buffer.length))];
    }

    /** The terms in order; what is added meanwhile may be among them. */
    OrderedWords terms() {
      if (byTerm == null) {
        throw new IllegalStateException("this buffer keeps no order of terms");
      }
      return new OrderedWords(byTerm);
    }

    /** The words that the terms are made of, in order. */
    OrderedWords words() {
      return byWord == null ? terms() : new OrderedWords(byWord);
    }

    /** All terms, in no order. */
    List<TermStream> streams() {
      var streams = new ArrayList<TermStream>(terms);
      for (var stream : table) {
        if (stream != null) {
          streams.add(stream);
        }
      }
      return streams;
    }

    private void add(int ordinal, List<@Nullable String> values) {
      document = ordinal;
      slotCount = 0;
      tokenCount = 0;
      var fieldStarts = new int[group.size() + 1];
      for (int i = 0; i < group.size(); i++) {
        int field = group.fields()[i];
        var value = values.get(field);
        lastPosition = -1;
        length = 0;
        if (value != null && !value.isEmpty()) {
          group.analysis().forEachToken(value, this);
        }
        fieldStarts[i + 1] = tokenCount;
        lengths[field][ordinal] = length;
        totals[field][ordinal] = length + totalLength(field, ordinal);
      }
      appendPostings(fieldStarts);
    }

    @Override
    public void acceptWord(char[] word, int wordLength) {
      this.word = word;
      this.wordLength = wordLength;
    }

    @Override
    public void accept(char[] term, int termLength, int position, int start, int end) {
      if (position != lastPosition) {
        // Alternatives at one position make a document no longer.
        length++;
        lastPosition = position;
      }
      var stream = findOrAdd(term, termLength);
      if (wordLength > 0) {
        findOrAddForm(stream).countIn(document);
      }
      if (stream.slotDocument != document) {
        stream.slotDocument = document;
        stream.slot = slotCount;
        if (slotCount == slots.length) {
          slots = Arrays.copyOf(slots, slotCount * 2);
        }
        slots[slotCount++] = stream;
      }
      if (tokenCount == tokenSlots.length) {
        tokenSlots = Arrays.copyOf(tokenSlots, tokenCount * 2);
        tokenPlaces = Arrays.copyOf(tokenPlaces, tokenCount * 2);
      }
      tokenSlots[tokenCount] = stream.slot;
      tokenPlaces[tokenCount++] = position;
    }

    /** Brings the tokens together by term, keeping their order, and appends a posting for each. */
    private void appendPostings(int[] fieldStarts) {
      if (slotStarts.length < slotCount + 1) {
        slotStarts = new int[Math.max(slotCount + 1, slotStarts.length * 2)];
      }
      if (placesBySlot.length < tokenCount) {
        placesBySlot = new int[tokenSlots.length];
      }
      var starts = slotStarts;
      Arrays.fill(starts, 0, slotCount + 1, 0);
      for (int i = 0; i < tokenCount; i++) {
        starts[tokenSlots[i] + 1]++;
      }
      for (int i = 0; i < slotCount; i++) {
        starts[i + 1] += starts[i];
      }
      for (int i = 0; i < tokenCount; i++) {
        placesBySlot[starts[tokenSlots[i]]++] = i;
      }
      int from = 0;
      for (int slot = 0; slot < slotCount; slot++) {
        int to = starts[slot];
        appendPosting(slots[slot], from, to, fieldStarts);
        from = to;
      }
    }

    private void appendPosting(TermStream stream, int from, int to, int[] fieldStarts) {
      body.clear();
      positions.clear();
      int at = from;
      for (int field = 0; field < group.size(); field++) {
        int first = at;
        int previous = 0;
        for (; at < to && placesBySlot[at] < fieldStarts[field + 1]; at++) {
          int position = tokenPlaces[placesBySlot[at]];
          positions.varint(position - previous);
          previous = position;
        }
        body.varint(at - first);
      }
      body.varint(positions.size());
      body.write(positions);
      grown += stream.append(document, body);
    }

    private TermStream findOrAdd(char[] term, int termLength) {
      int hash = hash(term, termLength);
      int place = place(term, termLength, hash);
      var found = table[place];
      if (found != null) {
        return found;
      }
      var added = new TermStream(new String(term, 0, termLength), hash);
      table[place] = added;
      grown += TERM_OVERHEAD + termLength;
      if (++terms * 2 > table.length) {
        rehash();
      }
      if (byTerm != null) {
        byTerm.put(added.term, added);
      }
      return added;
    }

    /** A term has few words: they are looked through one by one. */
    private WordForm findOrAddForm(TermStream stream) {
      for (var form = stream.forms; form != null; form = form.next) {
        if (equals(form.word, word, wordLength)) {
          return form;
        }
      }
      var added = new WordForm(new String(word, 0, wordLength), stream);
      stream.forms = added;
      grown += added.bytes();
      if (byWord != null) {
        byWord.put(added.word, added);
      }
      return added;
    }

    private int place(char[] term, int termLength, int hash) {
      int mask = table.length - 1;
      for (int place = hash & mask; ; place = (place + 1) & mask) {
        var stream = table[place];
        if (stream == null || (stream.hash == hash && equals(stream.term, term, termLength))) {
          return place;
        }
      }
    }

    private void rehash() {
      var old = table;
      table = new TermStream[old.length * 2];
      int mask = table.length - 1;
      for (var stream : old) {
        if (stream != null) {
          int place = stream.hash & mask;
          while (table[place] != null) {
            place = (place + 1) & mask;
          }
          table[place] = stream;
        }
      }
    }

    private static boolean equals(String term, char[] buffer, int length) {
      if (term.length() != length) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        if (term.charAt(i) != buffer[i]) {
          return false;
        }
      }
      return true;
    }

    private static int hash(char[] term, int length) {
      int hash = 0;
      for (int i = 0; i < length; i++) {
        hash = 31 * hash + term[i];
      }
      hash *= 0x9E3779B9;
      return hash ^ hash >>> 15;
    }
  }

  /** A view of a dictionary in order. */
  record OrderedWords(ConcurrentNavigableMap<String, ? extends Lexicon.Entry> words)
      implements Lexicon {
    @Override
    public List<Entry> from(String start, int limit) {
      var found = new ArrayList<Entry>();
      for (var entry : words.tailMap(start).values()) {
        if (found.size() == limit) {
          break;
        }
        found.add(entry);
      }
      return found;
    }

    Collection<? extends Entry> startingWith(String prefix) {
      return words.subMap(prefix, prefix + Character.toString(Character.MAX_CODE_POINT)).values();
    }
  }
}
