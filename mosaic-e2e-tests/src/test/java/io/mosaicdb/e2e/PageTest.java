package io.mosaicdb.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedServer.class)
class PageTest {
  private final Api api;

  PageTest(Api api) {
    this.api = api;
  }

  @Test
  void theRootIsAPage() {
    var page = api.get("/").require(200);

    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.body()).contains("<title>").contains("viewport");
  }

  @Test
  void aBrowserShowsTheResultsOfTheSearchInTheAddress(@TempDir Path profile)
      throws IOException, InterruptedException {
    var browser = browser();
    assumeTrue(
        browser.isPresent(), "no chromium on the PATH: the page is not looked at in a browser");
    var namespace = api.namespace("page");
    namespace.write(
        "{\"id\": \"a\", \"title\": \"Lighthouses of the north\", \"text\": \"The keeper lights the lamp above the rocks.\"}",
        "{\"id\": \"b\", \"title\": \"Bakeries\", \"text\": \"Bread and rolls in the morning.\"}");

    var dom = dom(browser.get(), profile, api.address() + "/?ns=page&q=lamp+keeper&mode=keyword");

    assertThat(dom).contains("Lighthouses of the north").contains("<mark");
    assertThat(dom).doesNotContain("Bakeries");
  }

  @Test
  void aBrowserCountsTheValuesThatNarrowTheResultsDown(@TempDir Path profile)
      throws IOException, InterruptedException {
    var browser = browser();
    assumeTrue(
        browser.isPresent(), "no chromium on the PATH: the page is not looked at in a browser");
    var namespace = api.namespace("page_facets");
    namespace.write(
        "{\"id\": \"a\", \"text\": \"A lamp on a rock\", \"attributes\": {\"coast\": \"north\"}}",
        "{\"id\": \"b\", \"text\": \"A lamp in a tower\", \"attributes\": {\"coast\": \"north\"}}",
        "{\"id\": \"c\", \"text\": \"A lamp at a pier\", \"attributes\": {\"coast\": \"south\"}}");

    var dom =
        dom(
            browser.get(),
            profile,
            api.address() + "/?ns=page_facets&q=lamp&mode=keyword&f=coast~eq~%5B%22south%22%5D");

    assertThat(dom).contains("pier").doesNotContain("tower");
    assertThat(dom)
        .as("what is narrowed down already is counted as if it were not")
        .containsPattern("north</span><span class=\"facet-count\">2<")
        .containsPattern("south</span><span class=\"facet-count\">1<");
  }

  @Test
  void aBrowserOffersWhatWasProbablyMeant(@TempDir Path profile)
      throws IOException, InterruptedException {
    var browser = browser();
    assumeTrue(
        browser.isPresent(), "no chromium on the PATH: the page is not looked at in a browser");
    api.namespace("page_meant")
        .write("{\"id\": \"a\", \"title\": \"Lighthouses\", \"text\": \"lighthouse keepers\"}");

    var dom =
        dom(browser.get(), profile, api.address() + "/?ns=page_meant&q=lighthuose&mode=keyword");

    assertThat(dom).containsPattern("Did you mean <button[^>]*>lighthouse</button>");
  }

  private static String dom(String browser, Path profile, String address)
      throws IOException, InterruptedException {
    var output = Files.createTempFile(profile, "dom", ".html");
    var process =
        new ProcessBuilder(
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile.resolve("profile"),
                "--virtual-time-budget=10000",
                "--dump-dom",
                address)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the browser ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static Optional<String> browser() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(name ->
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(place -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
