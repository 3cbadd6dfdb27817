package io.mosaicdb.worker.rebuild;

import io.mosaicdb.model.document.Document;
import io.mosaicdb.model.document.Passage;
import io.mosaicdb.model.schema.Schema;
import io.mosaicdb.storage.document.DocumentVersion;
import io.mosaicdb.worker.namespace.NamespaceRebuild.Converter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes stored documents ones of another schema: a text field that is new takes the text of the
 * attribute of its name, where there is one; vectors are made anew, kept, or left out.
 */
final class DocumentConverter implements Converter {
  private final Set<String> newFields;
  private final boolean vectors;
  private final @Nullable Reembedding reembedding;

  /**
   * @param reembedding null: vectors stay what they are
   */
  DocumentConverter(Schema before, Schema after, @Nullable Reembedding reembedding) {
    newFields = new HashSet<>(after.fields().keySet());
    newFields.removeAll(before.fields().keySet());
    vectors = after.vector().present();
    this.reembedding = reembedding;
  }

  @Override
  public boolean keepsVectors() {
    return vectors && reembedding == null;
  }

  @Override
  public void hurry() {
    if (reembedding != null) {
      reembedding.hurry();
    }
  }

  @Override
  public List<DocumentVersion> convert(List<DocumentVersion> versions, BooleanSupplier stop)
      throws IOException {
    var documents = versions.stream().map(each -> withNewFields(each.document())).toList();
    List<List<Passage>> passages;
    if (reembedding != null) {
      passages = reembedding.passages(documents, stop);
    } else if (vectors) {
      passages = documents.stream().map(Document::passages).toList();
    } else {
      passages = documents.stream().map(_ -> List.<Passage>of()).toList();
    }
    var converted = new ArrayList<DocumentVersion>(passages.size());
    for (int i = 0; i < passages.size(); i++) {
      converted.add(
          new DocumentVersion(with(documents.get(i), passages.get(i)), versions.get(i).version()));
    }
    return converted;
  }

  private Document withNewFields(Document document) {
    var fields = new TreeMap<>(document.fields());
    for (String name : newFields) {
      var text = text(document.attributes().get(name));
      if (text != null) {
        fields.putIfAbsent(name, text);
      }
    }
    return new Document(
        document.id(),
        fields,
        document.url(),
        document.attributes(),
        document.links(),
        document.passages());
  }

  /** Of an attribute that is text, or several texts. */
  private static @Nullable String text(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case List<?> several when several.stream().allMatch(String.class::isInstance) ->
          String.join("\n", several.stream().map(String.class::cast).toList());
      case null, default -> null;
    };
  }

  private static Document with(Document document, List<Passage> passages) {
    return new Document(
        document.id(),
        document.fields(),
        document.url(),
        document.attributes(),
        document.links(),
        passages);
  }
}
