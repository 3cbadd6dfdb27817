package io.mosaicdb.pagerank;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says of every ranking request that this build cannot carry it out. */
@RestController
@SuppressWarnings("DoNotCallSuggester") // The framework calls it.
final class PageRankController {
  @RequestMapping({"/v1/pagerank", "/v1/pagerank/**"})
  void refuse() {
    throw new MosaicException(
        ErrorCode.NOT_IMPLEMENTED,
        "this build does not compute link authority yet; searches rank without it");
  }
}
