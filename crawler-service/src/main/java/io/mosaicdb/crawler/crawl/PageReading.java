package io.mosaicdb.crawler.crawl;

import io.mosaicdb.crawler.document.DocumentReader;
import io.mosaicdb.crawler.document.DocumentReader.Result;
import io.mosaicdb.crawler.fetch.ResponseHeaders;
import io.mosaicdb.crawler.page.PageReader;
import io.mosaicdb.crawler.page.PageResult;
import io.mosaicdb.crawler.page.PageSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Markup and text here, documents by their own reader where there is one. */
final class PageReading {
  private final PageReader reader;
  private final @Nullable DocumentReader documents;

  PageReading(PageSettings settings, @Nullable DocumentReader documents) {
    this.reader = new PageReader(settings);
    this.documents = documents;
  }

  PageResult read(URI url, ResponseHeaders headers, byte[] body) throws InterruptedException {
    var result = reader.read(url, headers, body);
    if (documents == null
        || !(result instanceof PageResult.NotText other)
        || !documents.reads(other.mediaType())) {
      return result;
    }
    return switch (documents.read(other.mediaType(), body)) {
      case Result.Read read -> new PageResult.Readable(reader.page(url, headers, read.text()));
      case Result.Failed failed -> new PageResult.Unreadable(failed.reason(), failed.detail());
    };
  }
}
