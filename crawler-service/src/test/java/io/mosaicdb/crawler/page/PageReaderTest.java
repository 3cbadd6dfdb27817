package io.mosaicdb.crawler.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.mosaicdb.crawler.fetch.ResponseHeaders;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PageReaderTest {
  private static final URI URL = URI.create("http://site.example/dir/page.html");
  private static final String PROSE =
      "The crawler reads what somebody wrote to be read, and leaves out whatever the site repeats on every page.";

  @Test
  void leavesOutWhatIsNotShown() {
    Page page =
        page(
            "<body><script>var a='script words'</script><style>.x{color:red}</style><template>templated</template>"
                + "<p hidden>hidden words</p><p style='DISPLAY : none'>styled away</p><div aria-hidden=true>icon</div>"
                + "<p>"
                + PROSE
                + "</p><select><option>choice</select></body>");

    assertThat(page.text()).isEqualTo(PROSE);
  }

  @Test
  void leavesOutWhatNamesItselfBoilerplate() {
    Page page =
        page(
            "<header><a href=/>Site</a> slogan</header><nav><a href=/a>A</a></nav><div class='side-bar siteNavigation'>menu words</div>"
                + "<div id=cookie-banner>We use cookies and similar techniques to improve what you see, please accept all of them now.</div>"
                + "<div><h1>Title</h1><p>"
                + PROSE
                + "</p></div><aside>Other stories</aside><footer>Imprint</footer>");

    assertThat(page.text()).isEqualTo("Title\n" + PROSE);
    assertThat(page.headings()).containsExactly(new Heading(1, "Title"));
  }

  @Test
  void leavesOutLinksAndShortLinesAroundTheProseOfAPageWithoutMarkup() {
    Page page =
        page(
            "<table><tr><td><a href=1>One</a><br><a href=2>Two</a><br><a href=3>Three</a></td><td><h2>Head</h2><p>"
                + PROSE
                + "</p><p>Short one.</p><p>"
                + PROSE
                + "</p></td></tr></table><hr><center><a href=/>Home</a></center>"
                + "<p>Copyright 2020 Somebody</p>");

    assertThat(page.text()).isEqualTo("Head\n" + PROSE + "\nShort one.\n" + PROSE);
  }

  @Test
  void prefersTheMarkedMainPart() {
    Page page =
        page(
            "<div><p>"
                + PROSE
                + "</p></div><main><h1>M</h1><ul><li><a href=1>linked</a></ul><p>The main text of this page.</p></main>");

    assertThat(page.text()).isEqualTo("M\nlinked\nThe main text of this page.");
  }

  @Test
  void keepsTheTextOfAPageOfLinksOnly() {
    Page page = page("<nav><a href=1>First</a><a href=2>Second</a></nav>");

    assertThat(page.text()).contains("First").contains("Second");
  }

  @Test
  void readsWhatIsSaidToThoseWithoutScripts() {
    assertThat(page("<div id=app></div><noscript>Enable scripts to see more.</noscript>").text())
        .isEqualTo("Enable scripts to see more.");
  }

  @Test
  void keepsBlocksAsLinesCodeAsItIsAndRowsTogether() {
    Page page =
        page(
            "<main><p>One<b>two</b> three\n four<br>five</p><pre>  if (a) {\n    b();\n  }</pre><table><tr><th>Name<th>Age<tr><td>Ann<td>7</table>"
                + "<ul><li>x<li>y</ul>soft\u00adhyphen&nbsp;space</main>");

    assertThat(page.text())
        .isEqualTo(
            "Onetwo three four\nfive\n  if (a) {\n    b();\n  }\nName | Age\nAnn | 7\nx\ny\nsofthyphen space");
  }

  @Test
  void takesTitleFromWhereItIs() {
    assertThat(
            page("<title> Own\n title </title><meta property=og:title content='Shared title'>")
                .title())
        .isEqualTo("Shared title");
    assertThat(page("<title> Own\n title </title><h1>Head</h1>").title()).isEqualTo("Own title");
    assertThat(page("<h1>Head <i>line</i></h1>").title()).isEqualTo("Head line");
    assertThat(page("<p>nothing").title()).isEmpty();
  }

  @Test
  void takesDescriptionOfThePageOrItsSharing() {
    assertThat(
            page("<meta name=Description content=' A b '><meta property=og:description content=C>")
                .description())
        .isEqualTo("A b");
    assertThat(page("<meta property=og:description content=C>").description()).isEqualTo("C");
  }

  @Test
  void resolvesLinksAgainstTheBaseAndLeavesOutOtherSchemes() {
    Page page =
        page(
            "<base href='/base/'><a href='rel.html'>Relative</a><a href='http://other.example/x'>Absolute</a><a href='//third.example/'>Third</a>"
                + "<a href='mailto:a@b.c'>m</a><a href='javascript:go()'>j</a><a href='tel:1'>t</a><a href='data:text/html,x'>d</a><a href='#top'>top</a>"
                + "<area href='/area' alt='An area'><a href='/image'><img alt='A picture'></a><a>none</a>");

    assertThat(page.links())
        .extracting(link -> link.target().toString(), PageLink::anchor)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("http://site.example/base/rel.html", "Relative"),
            org.assertj.core.groups.Tuple.tuple("http://other.example/x", "Absolute"),
            org.assertj.core.groups.Tuple.tuple("http://third.example/", "Third"),
            org.assertj.core.groups.Tuple.tuple("http://site.example/area", "An area"),
            org.assertj.core.groups.Tuple.tuple("http://site.example/image", "A picture"));
  }

  @Test
  void joinsLinksToOneTarget() {
    Page page =
        page(
            "<a href=x rel='nofollow ugc'><img></a><a href=x rel='nofollow'>Words</a><a href=y rel=nofollow>n</a><a href=y>n</a>");

    assertThat(page.links()).hasSize(2);
    assertThat(page.links().getFirst().anchor()).isEqualTo("Words");
    assertThat(page.links().getFirst().nofollow()).isTrue();
    assertThat(page.links().getFirst().rel()).doesNotContain("ugc");
    assertThat(page.links().getLast().nofollow()).isFalse();
  }

  @Test
  void takesAMetaRefreshAsALink() {
    assertThat(page("<meta http-equiv=Refresh content=\"0; URL='next.html'\">").refresh())
        .contains(URI.create("http://site.example/dir/next.html"));
    assertThat(page("<meta http-equiv=refresh content='5'>").refresh()).isEmpty();
    assertThat(page("<meta http-equiv=refresh content='0;url=javascript:x()'>").refresh())
        .isEmpty();
  }

  @Test
  void obeysDirectivesForEveryoneAndForItself() {
    assertThat(page("<meta name=robots content='NOINDEX, follow'>").directives())
        .isEqualTo(new RobotsDirectives(true, false, false));
    assertThat(
            page("<meta name=mosaicdb content=none><meta name=otherbot content=nosnippet>")
                .directives())
        .isEqualTo(new RobotsDirectives(true, true, false));
    assertThat(
            read("", "X-Robots-Tag", "otherbot: noindex, nofollow", "x-robots-tag", "nosnippet")
                .directives())
        .isEqualTo(new RobotsDirectives(false, false, true));
    assertThat(read("", "X-Robots-Tag", "otherbot: noindex, MosaicDB: nofollow").directives())
        .isEqualTo(new RobotsDirectives(false, true, false));
    assertThat(
            read("", "X-Robots-Tag", "unavailable_after: 25 Jun 2030 15:00:00 PST, noindex")
                .directives()
                .noindex())
        .isTrue();
  }

  @Test
  void findsTheCanonicalAddressInTheDocumentOrTheHeader() {
    assertThat(page("<link rel='Canonical' href='/real'>").canonical())
        .isEqualTo(URI.create("http://site.example/real"));
    assertThat(
            read("", "Link", "<http://site.example/h>; rel=\"canonical\", </x>; rel=next")
                .canonical())
        .isEqualTo(URI.create("http://site.example/h"));
    assertThat(page("<link rel=canonical href='/a'><link rel=canonical href='/b'>").canonical())
        .isNull();
    assertThat(page("<link rel=canonical href='ftp://x/y'>").canonical()).isNull();
  }

  @Test
  void takesLanguageFromTheDocumentTheHeaderOrTheWords() {
    assertThat(page("<html lang=de-AT><p>" + PROSE).language()).isEqualTo("de");
    assertThat(read("<p>" + PROSE, "Content-Language", "fr-CA").language()).isEqualTo("fr");
    assertThat(page("<p>" + PROSE).language()).isEqualTo("en");
    assertThat(
            page("<p>Der Roboter liest nur, was jemand geschrieben hat, damit es gelesen wird, und lässt alles andere weg.")
                .language())
        .isEqualTo("de");
    assertThat(page("<p>Ok").language()).isNull();
  }

  @Test
  void takesDatesFromWhereTheyAre() {
    Page meta =
        read(
            "<meta property='article:published_time' content='2024-02-03T04:05:06+01:00'>",
            "Last-Modified",
            "Tue, 05 Mar 2024 10:00:00 GMT");
    assertThat(meta.published()).isEqualTo(Instant.parse("2024-02-03T03:05:06Z"));
    assertThat(meta.modified()).isEqualTo(Instant.parse("2024-03-05T10:00:00Z"));

    Page json =
        page(
            "<script type='application/ld+json'>{\"@graph\":[{\"a\":1},{\"datePublished\":\"2020-01-02\",\"dateModified\":\"2021-01-02T00:00:00Z\"}]}</script>");
    assertThat(json.published()).isEqualTo(Instant.parse("2020-01-02T00:00:00Z"));
    assertThat(json.modified()).isEqualTo(Instant.parse("2021-01-02T00:00:00Z"));

    assertThat(page("<article><time datetime='2019-05-06 07:08'>May</time></article>").published())
        .isEqualTo(Instant.parse("2019-05-06T07:08:00Z"));
    assertThat(
            page("<meta name=date content='1066-10-14'><script type='application/ld+json'>{broken</script>")
                .published())
        .isNull();
    assertThat(
            read("<meta name=date content='2999-01-01'>", "Date", "Tue, 05 Mar 2024 10:00:00 GMT")
                .published())
        .isNull();
  }

  @Test
  void readsBytesByMarkHeaderDeclarationAndLooks() {
    String text = "<meta charset=iso-8859-2><p>Žluťoučký kůň";
    assertThat(decoded(text, "iso-8859-2").text()).contains("Žluťoučký kůň");
    assertThat(
            decoded(
                    "<p>über „Straße“",
                    "windows-1252",
                    "Content-Type",
                    "text/html; charset=ISO-8859-1")
                .text())
        .isEqualTo("über „Straße“");
    assertThat(
            decoded("\ufeff<p>é", "utf-8", "Content-Type", "text/html; charset=shift_jis")
                .charset())
        .isEqualTo("UTF-8");
    assertThat(decoded("\ufeff<p>é", "utf-16le").text()).isEqualTo("é");
    assertThat(decoded("<p>日本語のページです。文字の符号を当ててください。", "shift_jis").charset())
        .isEqualTo("Shift_JIS");
    assertThat(
            decoded(
                    "<p>Это страница на русском языке, без всякого указания кодировки.",
                    "windows-1251")
                .charset())
        .isEqualTo("windows-1251");
    assertThat(decoded("<p>naïve", "utf-8").charset()).isEqualTo("UTF-8");
  }

  @Test
  void readsPlainTextMarkdownAndXhtml() {
    Page plain = read("First line\r\n\r\n  Second", "Content-Type", "text/plain");
    assertThat(plain.title()).isEqualTo("First line");
    assertThat(plain.text()).isEqualTo("First line\n\n  Second");

    Page markdown =
        read(
            "Intro\n\n# Head #\n```\n# no head\n```\n## Sub",
            "Content-Type",
            "text/markdown; charset=utf-8");
    assertThat(markdown.title()).isEqualTo("Head");
    assertThat(markdown.headings()).containsExactly(new Heading(1, "Head"), new Heading(2, "Sub"));

    Page xhtml =
        read(
            "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>X</title><script src='a'/></head><body><p>Text &amp; more</p></body></html>",
            "Content-Type",
            "application/xhtml+xml");
    assertThat(xhtml.title()).isEqualTo("X");
    assertThat(xhtml.text()).isEqualTo("Text & more");
  }

  @Test
  void namesTheTypeOfWhatItDoesNotRead() {
    assertThat(result(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, "Content-Type", "image/png"))
        .isEqualTo(new PageResult.NotText("image/png"));
    assertThat(result(new byte[] {0, 1, 2, 3}))
        .isEqualTo(new PageResult.NotText("application/octet-stream"));
    assertThat(result("%PDF-1.7".getBytes(StandardCharsets.US_ASCII)).getClass())
        .isNotEqualTo(PageResult.Readable.class);
  }

  @Test
  void readsAnEmptyBody() {
    Page page = read("");

    assertThat(page.text()).isEmpty();
    assertThat(page.title()).isEmpty();
    assertThat(page.links()).isEmpty();
  }

  @Test
  void hasFingerprintsOfItsText() {
    Page one = page("<html><nav>one menu</nav><p>" + PROSE);
    Page two = page("<html><footer>another footer</footer><div><p>" + PROSE + "</div>");

    assertThat(one.textSha256()).isEqualTo(two.textSha256());
    assertThat(one.simHash()).isEqualTo(two.simHash());
  }

  @Test
  void saysWhatItCut() {
    PageReader reader = new PageReader(new PageSettings("mosaicdb", 10_000, 100, 50, 2));
    String html =
        "<main>" + "<p><a href=1>a</a><a href=2>b</a><a href=3>c</a>twelve words".repeat(200);

    Page page =
        readable(reader.read(URL, ResponseHeaders.NONE, html.getBytes(StandardCharsets.UTF_8)));

    assertThat(page.cuts())
        .containsExactly(
            "the body is cut after 10,000 bytes",
            "the document is cut after 100 elements",
            "links beyond the first 2 are left out",
            "the text is cut after 50 characters");
    assertThat(page.links()).hasSize(2);
    assertThat(page.text().length()).isLessThanOrEqualTo(50);
  }

  private static Page page(String html) {
    return read(html);
  }

  private static Page read(String body, String... headers) {
    String[] all = headers;
    boolean typed = Set.of(headers).contains("Content-Type");
    if (!typed) {
      all = new String[headers.length + 2];
      System.arraycopy(headers, 0, all, 0, headers.length);
      all[headers.length] = "Content-Type";
      all[headers.length + 1] = "text/html; charset=utf-8";
    }
    return readable(result(body.getBytes(StandardCharsets.UTF_8), all));
  }

  private static Page decoded(String body, String charset, String... headers) {
    String[] all = headers.length == 0 ? new String[] {"Content-Type", "text/html"} : headers;
    return readable(result(body.getBytes(Charset.forName(charset)), all));
  }

  private static PageResult result(byte[] body, String... headers) {
    return new PageReader().read(URL, ResponseHeaders.of(headers), body);
  }

  private static Page readable(PageResult result) {
    assertThat(result).isInstanceOf(PageResult.Readable.class);
    return ((PageResult.Readable) result).page();
  }
}
