package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.document.DocumentBody.LinkBody;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where a document leads. Not below the document's own address, since an id may hold any path. */
@RestController
@RequestMapping("/v1/namespaces/{namespace}/links")
class DocumentLinksController {
  private final DocumentReader reader;

  /** In the order of the document. */
  record Links(String document, @Nullable String url, List<LinkBody> links) {}

  DocumentLinksController(DocumentReader reader) {
    this.reader = reader;
  }

  @GetMapping
  Links links(
      @PathVariable String namespace,
      @RequestParam String document,
      @RequestParam(name = "as_of", required = false) @Nullable String asOf) {
    var id = DocumentCheck.id(document, "document");
    var found = reader.load(NamespacePath.parse(namespace), id, false, asOf);
    return new Links(found.id(), found.url(), found.links());
  }
}
