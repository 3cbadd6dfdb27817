package io.mosaicdb.crawler.index;

import io.mosaicdb.contract.document.WriteRequest;
import io.mosaicdb.contract.document.WriteResponse;
import io.mosaicdb.contract.namespace.NamespaceBody;
import io.mosaicdb.contract.namespace.NamespaceCreated;
import io.mosaicdb.contract.namespace.NamespaceRequest;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/** What of the public interface an indexer needs. */
@HttpExchange("/v1/namespaces/{namespace}")
public interface CoordinatorApi {
  @GetExchange
  NamespaceBody describe(@PathVariable String namespace);

  @PutExchange
  NamespaceCreated create(@PathVariable String namespace, @RequestBody NamespaceRequest request);

  /** Answers when searches see what was written. */
  @PostExchange("/documents?wait=visible")
  WriteResponse write(
      @PathVariable String namespace,
      @RequestHeader("Idempotency-Key") String idempotencyKey,
      @RequestBody WriteRequest request);
}
