package io.mosaicdb.coordinator.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static List<String> read(String stream, int lines, int bytes, int longest)
      throws IOException {
    var in = new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8));
    var reader = new LineReader(in, lines, bytes, longest);
    var read = new ArrayList<String>();
    while (!reader.ended()) {
      var batch = new LineBatch();
      reader.fill(batch);
      for (var line : batch.lines()) {
        var text = new String(batch.bytes(), line.offset(), line.length(), StandardCharsets.UTF_8);
        read.add(line.number() + ":" + (line.tooLong() ? "too long" : text));
      }
      read.add("|");
    }
    return read;
  }

  @Test
  void cutsBatchesByLinesAndBytes() throws IOException {
    assertThat(read("a\nb\nc", 2, 100, 100)).containsExactly("1:a", "2:b", "|", "3:c", "|");
    assertThat(read("aaaa\nb\n", 9, 4, 100)).containsExactly("1:aaaa", "|", "2:b", "|");
  }

  @Test
  void countsBlankLinesAndSkipsThem() throws IOException {
    assertThat(read("a\r\n\n  \nb\n", 9, 99, 99)).containsExactly("1:a", "4:b", "|");
  }

  @Test
  void dropsALineThatIsTooLongAndGoesOn() throws IOException {
    var stream = "a\n" + "x".repeat(200_000) + "\nb";

    assertThat(read(stream, 9, 99_999, 1000)).containsExactly("1:a", "2:too long", "3:b", "|");
  }
}
