package io.mosaicdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

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
    var bar = new ProgressBar(out, true, "pages", 0);

    bar.at(0, 200, false, 0);
    bar.at(50, 200, false, SECOND);
    bar.at(200, 200, true, 4 * SECOND);

    assertThat(text().split("\r"))
        .satisfiesExactly(
            before -> assertThat(before).isEmpty(),
            nothing -> assertThat(nothing).contains("0 of 200 pages  0/s"),
            quarter ->
                assertThat(quarter)
                    .contains("████████░")
                    .contains("50 of 200 pages  50/s  3 s left"),
            whole -> assertThat(whole).contains("200 of 200 pages  50/s  in 4 s").endsWith("\n"));
  }

  @Test
  void countsItsOwnPaceWhereAnEarlierStartDidPart() {
    var bar = new ProgressBar(out, true, "pages", 0);

    bar.at(1000, 2000, false, 0);
    bar.at(1100, 2000, false, SECOND);

    assertThat(text()).contains("1,100 of 2,000 pages  100/s  9 s left");
  }

  @Test
  void printsALineEveryTenthWhereTheOutputIsAFile() {
    var bar = new ProgressBar(out, false, "pages", 0);

    for (int done = 0; done < 1000; done += 20) {
      bar.at(done, 1000, false, SECOND);
    }
    bar.at(1000, 1000, true, SECOND);

    assertThat(text().lines()).hasSize(11).noneMatch(line -> line.contains("\r"));
  }

  @Test
  void bearsASizeThatIsNotKnownYetAndOneThatGrows() {
    var bar = new ProgressBar(out, true, "pages", 0);

    bar.at(0, 0, false, SECOND);
    bar.at(10, 10, false, SECOND);
    bar.at(10, 40, false, 2 * SECOND);
    bar.leave();
    bar.leave();

    assertThat(text())
        .contains("0 of 0 pages  0/s  after 1 s")
        .contains("10 of 10 pages  10/s  after 1 s")
        .contains("10 of 40 pages  5/s  6 s left")
        .endsWith("\n")
        .doesNotEndWith("\n\n");
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }
}
