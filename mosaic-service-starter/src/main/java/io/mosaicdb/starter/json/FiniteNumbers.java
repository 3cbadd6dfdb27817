package io.mosaicdb.starter.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * Readers of numbers that refuse what is not a finite number of their type. Jackson by itself takes
 * the string {@code "NaN"} for a number and turns {@code 1e99} into an infinite float.
 */
final class FiniteNumbers {
  private FiniteNumbers() {}

  static final class OneDouble extends StdDeserializer<Double> {
    OneDouble(Class<Double> type) {
      super(type);
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context) {
      requireNumber(parser, context, _valueClass);
      double value = parser.getDoubleValue();
      if (!Double.isFinite(value)) {
        throw tooLarge(parser, context, _valueClass);
      }
      return value;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return getNullValue(context);
    }

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
      return nullOf(context, _valueClass);
    }
  }

  static final class OneFloat extends StdDeserializer<Float> {
    OneFloat(Class<Float> type) {
      super(type);
    }

    @Override
    public Float deserialize(JsonParser parser, DeserializationContext context) {
      requireNumber(parser, context, _valueClass);
      float value = parser.getFloatValue();
      if (!Float.isFinite(value)) {
        throw tooLarge(parser, context, _valueClass);
      }
      return value;
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return getNullValue(context);
    }

    @Override
    public @Nullable Object getNullValue(DeserializationContext context) {
      return nullOf(context, _valueClass);
    }
  }

  static final class FloatArray extends StdDeserializer<float[]> {
    FloatArray() {
      super(float[].class);
    }

    @Override
    public float[] deserialize(JsonParser parser, DeserializationContext context) {
      if (!parser.isExpectedStartArrayToken()) {
        return (float[]) context.handleUnexpectedToken(float[].class, parser);
      }
      var values = new float[384];
      int size = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        try {
          requireNumber(parser, context, float.class);
          float value = parser.getFloatValue();
          if (!Float.isFinite(value)) {
            throw tooLarge(parser, context, float.class);
          }
          if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
          }
          values[size++] = value;
        } catch (JacksonException e) {
          throw e.prependPath(values, size);
        }
      }
      return size == values.length ? values : Arrays.copyOf(values, size);
    }
  }

  private static void requireNumber(
      JsonParser parser, DeserializationContext context, Class<?> type) {
    var token = parser.currentToken();
    if (token == null || !token.isNumeric()) {
      if (token == JsonToken.VALUE_STRING) {
        throw context.weirdStringException(parser.getString(), type, "must be a number");
      }
      context.handleUnexpectedToken(type, parser);
    }
  }

  private static JacksonException tooLarge(
      JsonParser parser, DeserializationContext context, Class<?> type) {
    return context.weirdNumberException(parser.getNumberValue(), type, "must be a finite number");
  }

  private static @Nullable Object nullOf(DeserializationContext context, Class<?> type) {
    if (type.isPrimitive()) {
      context.reportInputMismatch(type, "must be a number, got null");
    }
    return null;
  }
}
