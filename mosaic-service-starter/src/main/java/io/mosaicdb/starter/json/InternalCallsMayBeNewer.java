package io.mosaicdb.starter.json;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;

/** Skips unknown fields in calls from other services, which may be one version ahead. */
final class InternalCallsMayBeNewer extends DeserializationProblemHandler {
  @Override
  public boolean handleUnknownProperty(
      DeserializationContext context,
      JsonParser parser,
      ValueDeserializer<?> deserializer,
      Object target,
      String property) {
    var internal =
        RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
            && attributes.getRequest().getRequestURI().startsWith("/internal/");
    if (internal) {
      parser.skipChildren();
    }
    return internal;
  }
}
