package io.mosaicdb.crawler.page;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page as it is indexed.
 *
 * @param url where it was fetched
 * @param canonical the address that it names as its own, absolute and http or https; may be {@code
 *     url} itself
 * @param title never blank where the page names itself anywhere; else empty
 * @param description the page's own summary, or empty
 * @param headings in the order of the document, those of the boilerplate left out
 * @param language the primary subtag in lower case, such as {@code en}; null where neither told nor
 *     to be told
 * @param text the main text, a line a block; empty only where the page shows no text
 * @param links in the order of the document, one for each target: the first anchor that has words
 * @param published when the page says that it was first published
 * @param modified when the page, else the server, says that it was last changed
 * @param charset the encoding that its bytes were read in, by the name of the Encoding Standard
 * @param textSha256 of the text with letter case and white space folded, in lower-case hexadecimal:
 *     equal for exact duplicates
 * @param simHash near for near duplicates, see {@link io.mosaicdb.crawler.duplicate.SimHash}
 * @param cuts what was left out for a limit's sake, one sentence each with the limit; empty for
 *     nearly every page
 */
public record Page(
    URI url,
    @Nullable URI canonical,
    String title,
    String description,
    List<Heading> headings,
    @Nullable String language,
    String text,
    List<PageLink> links,
    RobotsDirectives directives,
    @Nullable Instant published,
    @Nullable Instant modified,
    String charset,
    String textSha256,
    long simHash,
    List<String> cuts) {
  public Page {
    headings = List.copyOf(headings);
    links = List.copyOf(links);
    cuts = List.copyOf(cuts);
  }

  /** Where the page itself sends its reader on to (meta refresh). */
  public Optional<URI> refresh() {
    return links.stream()
        .filter(link -> link.rel().contains(PageLink.REFRESH))
        .map(PageLink::target)
        .findFirst();
  }
}
