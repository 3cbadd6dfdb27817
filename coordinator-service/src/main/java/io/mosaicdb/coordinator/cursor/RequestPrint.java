package io.mosaicdb.coordinator.cursor;

import io.mosaicdb.contract.search.SearchRequest;
import io.mosaicdb.starter.json.StrictJson;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a search asks for, member by member, as far as it decides which hits there are and in which
 * order: a hash of each value that was given.
 */
public record RequestPrint(SortedMap<String, Integer> members) {
  /** What may change from page to page. */
  private static final Set<String> FREE =
      Set.of(
          "limit",
          "cursor",
          "fields",
          "highlight",
          "explain",
          "timeout_ms",
          "allow_partial",
          "min_commit",
          "as_of",
          "stale_if_error");

  private static final JsonMapper MAPPER = StrictJson.mapper();

  public RequestPrint {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
  }

  public static RequestPrint of(SearchRequest request) {
    var members = new TreeMap<String, Integer>();
    for (Map.Entry<String, JsonNode> member : MAPPER.valueToTree(request).properties()) {
      if (!member.getValue().isNull() && !FREE.contains(member.getKey())) {
        members.put(member.getKey(), (int) Digest.of(member.getValue().toString()));
      }
    }
    return new RequestPrint(members);
  }

  /** The members that differ, in alphabetical order. */
  public List<String> differences(RequestPrint other) {
    var names = new TreeSet<>(members.keySet());
    names.addAll(other.members.keySet());
    names.removeIf(name ->
        members.containsKey(name)
            && other.members.containsKey(name)
            && members.get(name).equals(other.members.get(name)));
    return List.copyOf(names);
  }
}
