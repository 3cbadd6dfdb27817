package io.mosaicdb.coordinator.ingest;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.fanout.FanOut;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

@RestController
class BulkController {
  private static final String NDJSON = "application/x-ndjson";
  private final DocumentWriter writer;
  private final NamespaceCatalog catalog;
  private final FanOut fanOut;
  private final IngestProperties limits;
  private final JsonMapper mapper;

  BulkController(
      DocumentWriter writer,
      NamespaceCatalog catalog,
      FanOut fanOut,
      IngestProperties limits,
      JsonMapper mapper) {
    this.writer = writer;
    this.catalog = catalog;
    this.fanOut = fanOut;
    this.limits = limits;
    this.mapper = mapper;
  }

  @PostMapping("/v1/namespaces/{namespace}/bulk")
  void load(
      @PathVariable String namespace,
      @RequestParam(required = false) @Nullable String wait,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    var name = NamespacePath.parse(namespace);
    var options = WriteOptions.of(wait, idempotencyKey);
    requireLines(request);
    // What makes every line fail is said as one problem, before anything is read.
    var definition = catalog.loadOrCreate(name);
    var in = body(request);
    response.setContentType(NDJSON);
    new BulkLoad(writer, fanOut, limits, mapper, definition, options)
        .run(in, response.getOutputStream());
  }

  private static void requireLines(HttpServletRequest request) {
    var type = request.getContentType();
    var media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!media.equals(NDJSON)
        && !media.equals("application/ndjson")
        && !media.equals("application/jsonl")) {
      throw new MosaicException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Content-Type is "
              + (type == null ? "missing" : type)
              + ", this address takes "
              + NDJSON);
    }
  }

  private static InputStream body(HttpServletRequest request) throws IOException {
    var encoding = request.getHeader("Content-Encoding");
    if (encoding == null || encoding.isBlank() || encoding.equalsIgnoreCase("identity")) {
      return request.getInputStream();
    }
    if (!encoding.strip().equalsIgnoreCase("gzip")) {
      throw new MosaicException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Content-Encoding is " + encoding + ", this address takes gzip or none");
    }
    try {
      return new GZIPInputStream(request.getInputStream(), 64 * 1024);
    } catch (ZipException e) {
      throw new MosaicException(
          ErrorCode.MALFORMED_REQUEST, "the body is not gzip: " + e.getMessage(), e);
    }
  }
}
