package io.mosaicdb.coordinator.search;

import io.mosaicdb.contract.worker.WorkerSearchResponse.LegHit;
import io.mosaicdb.model.ranking.AttributeOrder;
import io.mosaicdb.model.schema.AttributeType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hits of all workers in an order by attributes. */
final class SortedLeg {
  private SortedLeg() {}

  static Candidates merge(SearchQuery query, List<Scatter.Answer> answers) {
    var types = types(query);
    var lists = new ArrayList<List<LegHit>>(answers.size());
    for (var answer : answers) {
      var found = answer.response().sorted();
      var hits = new ArrayList<LegHit>();
      for (LegHit hit : found == null ? List.<LegHit>of() : found) {
        hits.add(comparable(hit, types));
      }
      lists.add(hits);
    }
    var order =
        new AttributeOrder(query.sort().stream().map(key -> "desc".equals(key.order())).toList());
    return Candidates.sorted(lists, order, Integer.MAX_VALUE);
  }

  private static List<AttributeType> types(SearchQuery query) {
    var schema = query.definition().schema();
    return query.sort().stream()
        .map(key -> ColumnValues.column(key.field(), schema, "/sort").type())
        .toList();
  }

  private static LegHit comparable(LegHit hit, List<AttributeType> types) {
    var keys = new ArrayList<@Nullable Object>(types.size());
    for (int i = 0; i < types.size(); i++) {
      var key = hit.sort() == null ? null : hit.sort().get(i);
      keys.add(key == null ? null : ColumnValues.comparable(key, types.get(i)));
    }
    return new LegHit(
        hit.id(), hit.score(), hit.ref(), hit.passage(), hit.group(), keys, hit.authority());
  }

  /** What a hit was sorted by, as documents show it; null without an order by attributes. */
  static @Nullable List<@Nullable Object> shown(SearchQuery query, LegHit hit) {
    if (query.sort().isEmpty() || hit.sort() == null) {
      return null;
    }
    var types = types(query);
    var shown = new ArrayList<@Nullable Object>(types.size());
    for (int i = 0; i < types.size(); i++) {
      var key = hit.sort().get(i);
      shown.add(key == null ? null : ColumnValues.shown(key, types.get(i)));
    }
    return shown;
  }
}
