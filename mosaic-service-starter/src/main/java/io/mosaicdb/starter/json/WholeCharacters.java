package io.mosaicdb.starter.json;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.io.IOContext;
import tools.jackson.core.io.InputDecorator;

/**
 * Refuses JSON with half of a UTF-16 surrogate pair, written as an escape or as raw bytes. Such a
 * string has no UTF-8 form, so it could be accepted but never stored or given back as it came.
 * Jackson lets it pass in names and values alike, hence the check on the bytes before it.
 */
final class WholeCharacters extends InputDecorator {
  @Override
  public InputStream decorate(IOContext context, InputStream in) {
    return new CheckedStream(in);
  }

  @Override
  @SuppressWarnings("NullAway") // Null is how a decorator says that the input stays as it is.
  public InputStream decorate(IOContext context, byte[] source, int offset, int length) {
    try {
      var check = new SurrogateCheck();
      check.accept(source, offset, length);
      check.end();
    } catch (IOException e) {
      throw JacksonIOException.construct(e);
    }
    return null;
  }

  @Override
  public Reader decorate(IOContext context, Reader reader) {
    return reader;
  }

  private static final class CheckedStream extends FilterInputStream {
    private final SurrogateCheck check = new SurrogateCheck();
    private final byte[] one = new byte[1];

    CheckedStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      if (value >= 0) {
        one[0] = (byte) value;
        check.accept(one, 0, 1);
      } else {
        check.end();
      }
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = in.read(target, offset, length);
      if (read > 0) {
        check.accept(target, offset, read);
      } else if (read < 0) {
        check.end();
      }
      return read;
    }
  }
}
