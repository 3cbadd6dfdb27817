package io.mosaicdb.contract.error;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot that can be read in the place of one that is gone.
 *
 * @param token what {@code as_of} takes; a worker does not know it
 * @param commits the commit_seq by partition number
 */
public record NearestSnapshot(
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String token, Map<String, Long> commits) {
  public NearestSnapshot {
    commits = Collections.unmodifiableMap(new TreeMap<>(commits));
  }
}
