package io.mosaicdb.starter.configuration;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which key is unknown, where it stands and what was probably meant. */
final class UnknownKeyFailureAnalyzer extends AbstractFailureAnalyzer<UnknownKeyException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, UnknownKeyException cause) {
    var description =
        cause.keys().stream()
            .map(key ->
                "The configuration key '%s' (%s) does not exist.".formatted(key.key(), key.place()))
            .collect(Collectors.joining("\n"));
    var action =
        cause.keys().stream()
            .map(UnknownKeyException.UnknownKey::advice)
            .collect(Collectors.joining("\n"));
    return new FailureAnalysis(description, action, cause);
  }
}
