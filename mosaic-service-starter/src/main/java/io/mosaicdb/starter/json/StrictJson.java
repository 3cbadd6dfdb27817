package io.mosaicdb.starter.json;

import java.util.Locale;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategy;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/** Builds mappers that read and write JSON the way the package describes. */
public final class StrictJson {
  private StrictJson() {}

  /** A mapper with the default limits, for code and tests that have no application context. */
  public static JsonMapper mapper() {
    return builder(StreamReadConstraints.builder().maxNestingDepth(100).build()).build();
  }

  static JsonMapper.Builder builder(StreamReadConstraints limits) {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(limits)
            .inputDecorator(new WholeCharacters())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .enumNamingStrategy(LOWER_CASE)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .withCoercionConfig(
            LogicalType.Textual,
            coercion ->
                coercion
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .addModule(
            new SimpleModule("mosaic-finite-numbers")
                .addDeserializer(float[].class, new FiniteNumbers.FloatArray())
                .addDeserializer(float.class, new FiniteNumbers.OneFloat(float.class))
                .addDeserializer(Float.class, new FiniteNumbers.OneFloat(Float.class))
                .addDeserializer(double.class, new FiniteNumbers.OneDouble(double.class))
                .addDeserializer(Double.class, new FiniteNumbers.OneDouble(Double.class)))
        .addHandler(new InternalCallsMayBeNewer());
  }

  /** {@code GEO_RADIUS} is {@code geo_radius} on the wire. */
  private static final EnumNamingStrategy LOWER_CASE =
      new EnumNamingStrategy() {
        @Override
        public String convertEnumToExternalName(
            MapperConfig<?> config, AnnotatedClass type, String constant) {
          return constant.toLowerCase(Locale.ROOT);
        }
      };
}
