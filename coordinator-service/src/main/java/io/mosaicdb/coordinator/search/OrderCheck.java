package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.error.MosaicException;
import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.contract.search.SearchRequest.GroupBody;
import io.mosaicdb.contract.search.SearchRequest.SortBody;
import io.mosaicdb.model.schema.AttributeType;
import io.mosaicdb.model.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks how hits are grouped and sorted. */
final class OrderCheck {
  private static final int MOST_KEYS = 8;
  private static final int MOST_OF_GROUP = 100;

  private OrderCheck() {}

  static @Nullable GroupBody group(SearchRequest request, Schema schema) {
    var group = request.group();
    if (group == null) {
      return null;
    }
    var type = ColumnValues.column(group.field(), schema, "/group/field").type();
    if (type.isArray() || type == AttributeType.GEO) {
      throw MosaicException.invalidValue(
          "/group/field",
          "must have one value to group by, '" + group.field() + "' is " + type.wireName());
    }
    int size = group.size() == null ? 1 : group.size();
    if (size < 1 || size > MOST_OF_GROUP) {
      throw MosaicException.invalidValue(
          "/group/size", "must be between 1 and " + MOST_OF_GROUP + ", got " + size);
    }
    return new GroupBody(group.field(), size);
  }

  static List<SortBody> sort(SearchRequest request, Schema schema) {
    if (!isSorted(request)) {
      return List.of();
    }
    var keys = new ArrayList<SortBody>();
    var fields = new HashSet<String>();
    var asked = request.sort() == null ? List.<SortBody>of() : request.sort();
    if (asked.size() > MOST_KEYS) {
      throw MosaicException.invalidValue(
          "/sort", "may have " + MOST_KEYS + " keys, got " + asked.size());
    }
    for (int i = 0; i < asked.size(); i++) {
      var key = asked.get(i);
      var at = "/sort/" + i;
      if (key == null) {
        throw MosaicException.invalidValue(at, "must be an object with field and order");
      }
      var type = ColumnValues.column(key.field(), schema, at + "/field").type();
      if (type == AttributeType.GEO) {
        throw MosaicException.invalidValue(at + "/field", "places have no order");
      }
      if (!fields.add(String.valueOf(key.field()))) {
        throw MosaicException.invalidValue(at + "/field", "'" + key.field() + "' is there already");
      }
      var order = key.order() == null ? "asc" : key.order();
      if (!Set.of("asc", "desc").contains(order)) {
        throw MosaicException.invalidValue(
            at + "/order", "must be asc or desc, got '" + order + "'");
      }
      keys.add(new SortBody(key.field(), order));
    }
    refuseScores(request);
    return keys;
  }

  static boolean isSorted(SearchRequest request) {
    return request.sort() != null && !request.sort().isEmpty();
  }

  /** What changes scores has no say in an order by attributes. */
  private static void refuseScores(SearchRequest request) {
    refuse("/vector", request.vector() != null);
    refuse("/mode", "semantic".equals(request.mode()));
    refuse("/fusion", request.fusion() != null);
    refuse("/authority", request.authority() != null);
    refuse("/boost", request.boost() != null);
    refuse("/diversity", request.diversity() != null);
    refuse("/rerank", request.rerank() != null);
    refuse("/min_score", request.minScore() != null);
    refuse("/plan", request.plan() != null);
  }

  private static void refuse(String pointer, boolean given) {
    if (given) {
      throw MosaicException.invalidValue(
          pointer,
          "must be absent with sort, which puts every document that matches the words and the"
              + " filter into the order of its attributes and scores nothing");
    }
  }
}
