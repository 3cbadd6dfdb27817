package io.mosaicdb.storage.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LiveTextIndexTest extends AbstractTextSegmentTest {
  @Override
  TextSegment segment(IndexedFields fields, List<List<String>> documents) {
    var index = new LiveTextIndex(fields);
    documents.forEach(index::add);
    return index.view(documents.size());
  }

  @Test
  void showsOnlyTheDocumentsThatWereVisible() {
    var index = new LiveTextIndex(TITLE_AND_TEXT);
    index.add(List.of("", "apple pie"));
    var before = index.view(1);
    index.add(List.of("apple", "apple"));

    var query = new TextQueryParser(TITLE_AND_TEXT).parse("apple");

    assertThat(search(before, query, 10, null).ordinals()).containsExactly(0);
    assertThat(before.statistics(query).documentFrequencies()).containsEntry("title,text:appl", 1L);
    assertThat(before.statistics(query).fieldLengths()).containsEntry("title", 0L);
    assertThat(search(index.view(2), query, 10, null).ordinals()).containsExactly(1, 0);
    assertThatThrownBy(() -> index.view(3)).hasMessageContaining("[0, 2]");
  }

  @Test
  void accountsForItsMemory() {
    var index = new LiveTextIndex(TITLE_AND_TEXT);
    long empty = index.bytes();
    var documents = randomDocuments(new Random(3), 500);
    documents.forEach(index::add);

    assertThat(index.bytes() - empty).isBetween(5_000L, 500_000L);
  }

  @Test
  void answersAViewTheSameWhileDocumentsAreAdded() throws Exception {
    var documents = randomDocuments(new Random(11), 4_000);
    var index = new LiveTextIndex(TITLE_AND_TEXT);
    var parser = new TextQueryParser(TITLE_AND_TEXT);
    var queries =
        List.of(parser.parse("w1 w2 w50"), parser.parse("\"w0 w1\""), parser.parse("+w3 +w9 -w2"));
    var done = new AtomicBoolean();
    try (var executor = Executors.newFixedThreadPool(4)) {
      Callable<Integer> reader =
          () -> {
            int reads = 0;
            while (!done.get() || reads == 0) {
              int visible = index.documentCount();
              for (var query : queries) {
                var view = index.view(visible);
                var one = search(view, query, 20, null);
                var other = search(index.view(visible), query, 20, null);
                assertThat(one.ordinals()).isEqualTo(other.ordinals());
                assertThat(one.scores()).isEqualTo(other.scores());
                assertThat(IntStream.of(one.ordinals())).allMatch(o -> o < visible);
              }
              reads++;
            }
            return reads;
          };
      List<Future<Integer>> readers =
          IntStream.range(0, 3).mapToObj(_ -> executor.submit(reader)).toList();
      documents.forEach(index::add);
      done.set(true);
      for (var result : readers) {
        assertThat(result.get()).isPositive();
      }
    }

    var sealed = segment(TITLE_AND_TEXT, documents);
    for (var query : queries) {
      assertThat(search(index.view(4_000), query, 50, null).scores())
          .isEqualTo(search(sealed, query, 50, null).scores());
    }
  }
}
