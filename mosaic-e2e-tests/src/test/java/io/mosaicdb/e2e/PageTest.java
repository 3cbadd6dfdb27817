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
