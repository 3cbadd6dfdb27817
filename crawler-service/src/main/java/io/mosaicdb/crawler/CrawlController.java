package io.mosaicdb.crawler;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says of every crawl request that this build cannot carry it out. */
@RestController
@SuppressWarnings("DoNotCallSuggester") // The framework calls it.
final class CrawlController {
  @RequestMapping({"/v1/crawls", "/v1/crawls/**"})
  void refuse() {
    throw new MosaicException(
        ErrorCode.NOT_IMPLEMENTED,
        "this build does not crawl yet; push documents to /v1/namespaces/{namespace}/documents");
  }
}
