package io.mosaicdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavadocPageTest {
  private static final String PATH = "org/acme/tiles/Tile.html";

  private static final String TYPE =
      """
      <body><ol class="sub-nav-list"><li><a href="package-summary.html">org.acme.tiles</a></li></ol>
      <main><h1 class="title">Interface Tile&lt;T&gt;</h1>
      <section class="class-description">
        <dl class="notes"><dt>All Known Subinterfaces:</dt><dd>none</dd></dl>
        <div class="horizontal-scroll"><div class="type-signature">public interface Tile</div>
        <div class="block">A piece of stone
         or glass. <p>Pressed into <a href="Mortar.html#wet">mortar</a> by
         <a href="https://elsewhere.example/">hand</a>.</div>
        <dl class="notes"><dt>Since:</dt><dd>1.2</dd></dl></div>
      </section>
      <section class="summary"><div class="summary-table">
        <div class="col-first"><code>void</code></div>
        <div class="col-second"><a class="member-name-link" href="#lay()">lay</a>()</div>
        <div class="col-last"><div class="block">Lays this tile.</div></div>
        <div class="col-first"><code>void</code></div>
        <div class="col-second"><a class="member-name-link" href="#lay(int)">lay</a>(int)</div>
        <div class="col-last"><div class="block">Lays many.</div></div>
        <div class="col-first"><code>int</code></div>
        <div class="col-second"><a class="member-name-link" href="#hashCode()">hashCode</a>()</div>
        <div class="col-last"><div class="block">A hash.</div></div>
      </div></section></main></body>
      """;

  @Test
  void readsWhatATypeSaysWithoutItsFurniture() {
    var page = JavadocPage.read("acme", PATH, TYPE, false).orElseThrow();

    assertThat(page.path()).isEqualTo("/acme/org/acme/tiles/Tile.html");
    assertThat(page.packagePath()).isEqualTo("/acme/org/acme/tiles/package-summary.html");
    assertThat(page.facts()).isEqualTo("interface of package org.acme.tiles in acme, since 1.2");
    assertThat(page.title()).isEqualTo("Tile");
    assertThat(page.kind()).isEqualTo("interface");
    assertThat(page.packageName()).isEqualTo("org.acme.tiles");
    assertThat(page.since()).isEqualTo("1.2");
    assertThat(page.deprecated()).isFalse();
    assertThat(page.text())
        .isEqualTo(
            """
            A piece of stone or glass.

            Pressed into mortar by hand.

            lay: Lays this tile.\
            """);
  }

  @Test
  void keepsLinksWithinTheSiteWithoutTheirFragments() {
    var page = JavadocPage.read("acme", PATH, TYPE, false).orElseThrow();

    assertThat(page.links())
        .contains(new JavadocPage.Link("/acme/org/acme/tiles/Mortar.html", "mortar"))
        .allSatisfy(link -> assertThat(link.path()).startsWith("/acme/org/acme/tiles/"));
  }

  @Test
  void leavesOutPagesThatSayNothing() {
    String bare = "<main><h1 class=\"title\">Class Bare</h1></main>";

    assertThat(JavadocPage.read("acme", PATH, bare, false)).isEmpty();
    assertThat(JavadocPage.read("acme", PATH, "<p>not javadoc</p>", false)).isEmpty();
  }
}
