package io.mosaicdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

  @Test
  void drawsOverOneLineOnATerminal() {
    var bar = new ProgressBar(out, true, "pages", 200, 0);

    bar.advance(50, SECOND);
    bar.advance(150, 4 * SECOND);

    assertThat(text().split("\r"))
        .satisfiesExactly(
            before -> assertThat(before).isEmpty(),
            quarter ->
                assertThat(quarter)
                    .contains("████████░")
                    .contains("50 of 200 pages  50/s  3 s left"),
            whole -> assertThat(whole).contains("200 of 200 pages  50/s  in 4 s").endsWith("\n"));
  }

  @Test
  void printsALineEveryTenthWhereTheOutputIsAFile() {
    var bar = new ProgressBar(out, false, "pages", 1000, 0);

    for (int advanced = 0; advanced < 1000; advanced += 20) {
      bar.advance(20, SECOND);
    }

    assertThat(text().lines()).hasSize(10).noneMatch(line -> line.contains("\r"));
  }

  @Test
  void needsSomethingToDo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ProgressBar(out, true, "pages", 0, 0))
        .withMessage("total must be > 0, got 0");
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
