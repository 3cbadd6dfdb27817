package io.mosaicdb.documents;

import io.mosaicdb.documents.DocumentText.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Date;
import java.util.Locale;
import java.util.Objects;
import org.apache.tika.exception.EncryptedDocumentException;
import org.apache.tika.exception.TikaException;
import org.apache.tika.exception.ZeroByteFileException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.Property;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/**
 * PDF, Word, Excel, PowerPoint and RTF by Apache Tika. What is embedded in a document (other
 * documents, pictures, macros) is left alone. Not thread-safe.
 */
final class DocumentParser {
  private static final int MOST_DETAIL = 300;

  /** Embedded documents are not the document. */
  private static final class Nothing implements EmbeddedDocumentExtractor {
    @Override
    public boolean shouldParseEmbedded(Metadata metadata) {
      return false;
    }

    @Override
    public void parseEmbedded(
        InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
      // Never asked for.
    }
  }

  // Finds out what the bytes are: servers mix the types of Office up.
  private final AutoDetectParser parser =
      new AutoDetectParser(new PDFParser(), new OOXMLParser(), new OfficeParser(), new RTFParser());
  private final ParseContext context = new ParseContext();

  DocumentParser() {
    var pdf = new PDFParserConfig();
    pdf.setOcrStrategy(PDFParserConfig.OCR_STRATEGY.NO_OCR);
    pdf.setExtractInlineImages(false);
    context.set(PDFParserConfig.class, pdf);
    var office = new OfficeParserConfig();
    office.setExtractMacros(false);
    context.set(OfficeParserConfig.class, office);
    context.set(EmbeddedDocumentExtractor.class, new Nothing());
  }

  DocumentText read(String type, byte[] body, int mostText, int mostLinks) {
    var metadata = new Metadata();
    metadata.set(Metadata.CONTENT_TYPE, type);
    var text = new TextHandler(mostText, mostLinks);
    try (var stream = TikaInputStream.get(body)) {
      parser.parse(stream, text, metadata, context);
    } catch (EncryptedDocumentException _) {
      return DocumentText.failed(Outcome.ENCRYPTED, "it wants a password");
    } catch (ZeroByteFileException _) {
      return DocumentText.failed(Outcome.BROKEN, "it is empty");
    } catch (TikaException | SAXException | IOException | RuntimeException | StackOverflowError e) {
      if (!text.isFull()) {
        return failed(e);
      }
    }
    if (text.isUntouched() && !isDocument(metadata)) {
      return DocumentText.failed(
          Outcome.UNKNOWN_TYPE, "it is " + shortened(metadata.get(Metadata.CONTENT_TYPE)));
    }
    return new DocumentText(
        Outcome.READ,
        "",
        value(metadata, TikaCoreProperties.TITLE),
        value(metadata, TikaCoreProperties.DESCRIPTION),
        value(metadata, TikaCoreProperties.LANGUAGE),
        instant(metadata.getDate(TikaCoreProperties.CREATED)),
        instant(metadata.getDate(TikaCoreProperties.MODIFIED)),
        text.isFull(),
        text.text(),
        text.headings(),
        text.links());
  }

  /** Whether one of our parsers took it: what none takes is answered with nothing. */
  private static boolean isDocument(Metadata metadata) {
    for (var name : metadata.getValues(TikaCoreProperties.TIKA_PARSED_BY)) {
      if (!name.endsWith("EmptyParser")
          && !name.endsWith("AutoDetectParser")
          && !name.endsWith("DefaultParser")) {
        return true;
      }
    }
    return false;
  }

  private static DocumentText failed(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      var name = cause.getClass().getSimpleName();
      var words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (name.contains("Encrypted") || name.contains("InvalidPassword")) {
        return DocumentText.failed(Outcome.ENCRYPTED, "it wants a password");
      }
      // Tika's own guard, and POI's of what it unpacks.
      if (words.contains("zip bomb")
          || name.equals("RecordFormatException")
          || name.equals("TikaMemoryLimitException")) {
        return DocumentText.failed(Outcome.BOMB, shortened(cause.toString()));
      }
    }
    var root = failure;
    while (root.getCause() != null) {
      root = Objects.requireNonNull(root.getCause());
    }
    return DocumentText.failed(Outcome.BROKEN, shortened(root.toString()));
  }

  private static String shortened(@Nullable String text) {
    var words = text == null ? "unknown" : text.replaceAll("\\s+", " ");
    return words.substring(0, Math.min(MOST_DETAIL, words.length()));
  }

  private static String value(Metadata metadata, Property property) {
    var value = metadata.get(property);
    return value == null ? "" : value.strip();
  }

  private static @Nullable Instant instant(@Nullable Date date) {
    return date == null ? null : date.toInstant();
  }
}
