package io.mosaicdb.coordinator.export;

import io.mosaicdb.contract.error.ErrorCode;
import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.coordinator.namespace.NamespaceCatalog;
import io.mosaicdb.coordinator.namespace.NamespacePath;
import io.mosaicdb.coordinator.position.Position;
import io.mosaicdb.coordinator.worker.WorkerTopology;
import io.mosaicdb.model.InvalidInputException;
import io.mosaicdb.model.filter.FilterParser;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.model.schema.VectorOrigin;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@RestController
class ExportController {
  private static final Set<String> KNOWN =
      new TreeSet<>(List.of("as_of", "filter", "include_vector"));
  private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  private final NamespaceCatalog catalog;
  private final WorkerTopology topology;
  private final JsonMapper mapper;

  ExportController(NamespaceCatalog catalog, WorkerTopology topology, JsonMapper mapper) {
    this.catalog = catalog;
    this.topology = topology;
    this.mapper = mapper;
  }

  @GetMapping("/v1/namespaces/{namespace}/export")
  void export(
      @PathVariable String namespace,
      @RequestParam MultiValueMap<String, String> parameters,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    requireKnown(parameters);
    var definition = catalog.load(NamespacePath.parse(namespace));
    var asOf = parameters.getFirst("as_of");
    var export =
        new Export(
            topology,
            definition,
            asOf == null
                ? null
                : Position.parseSnapshot(asOf, definition.name(), definition.partitions(), "as_of"),
            filter(parameters.getFirst("filter"), definition.schema()),
            includeVector(parameters.getFirst("include_vector"), definition.schema()),
            mapper);
    response.setContentType("application/x-ndjson");
    response.setHeader("Mosaic-Snapshot", export.position().token());
    response.setHeader("Vary", "Accept-Encoding");
    if (acceptsGzip(request)) {
      response.setHeader("Content-Encoding", "gzip");
      try (var out = new GZIPOutputStream(response.getOutputStream(), 64 * 1024)) {
        export.writeTo(out);
      }
    } else {
      var out = new BufferedOutputStream(response.getOutputStream(), 64 * 1024);
      export.writeTo(out);
      out.flush();
    }
  }

  private static void requireKnown(MultiValueMap<String, String> parameters) {
    parameters.forEach((name, values) -> {
      if (!KNOWN.contains(name)) {
        throw MosaicException.at(
            ErrorCode.UNKNOWN_FIELD, name, "does not exist; known are " + String.join(", ", KNOWN));
      }
      if (values.size() != 1) {
        throw MosaicException.invalidValue(name, "is given " + values.size() + " times");
      }
    });
  }

  private @Nullable Map<String, @Nullable Object> filter(@Nullable String json, Schema schema) {
    if (json == null) {
      return null;
    }
    try {
      var filter = mapper.readValue(json, OBJECT);
      var _ = FilterParser.parse(filter, schema, "filter");
      return filter;
    } catch (JacksonException e) {
      throw MosaicException.at(
          ErrorCode.MALFORMED_JSON, "filter", "is not a JSON object: " + e.getOriginalMessage());
    } catch (InvalidInputException e) {
      throw MosaicException.invalidValue(e.pointer(), String.valueOf(e.getMessage()));
    }
  }

  /** Vectors that clients gave belong to the documents; those of the embedder are made again. */
  private static boolean includeVector(@Nullable String value, Schema schema) {
    boolean byClient = schema.vector().origin() == VectorOrigin.CLIENT;
    return switch (value) {
      case null -> byClient;
      case "false" -> false;
      case "true" -> {
        if (!byClient) {
          throw MosaicException.invalidValue(
              "include_vector",
              "must be false: the namespace's vectors are made of the texts, by the embedder");
        }
        yield true;
      }
      default ->
          throw MosaicException.at(
              ErrorCode.INVALID_TYPE,
              "include_vector",
              "must be true or false, got '" + value + "'");
    };
  }

  private static boolean acceptsGzip(HttpServletRequest request) {
    var accepted = request.getHeader("Accept-Encoding");
    if (accepted == null) {
      return false;
    }
    for (String each : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
      var coding = each.strip();
      if (coding.equals("gzip")
          || (coding.startsWith("gzip;") && !coding.matches(".*q=0(\\.0*)?$"))) {
        return true;
      }
    }
    return false;
  }
}
