package io.mosaicdb.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Documents made by hand, as small as they can be. */
final class Samples {
  static final String PDF = "application/pdf";
  static final String DOCX =
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

  private Samples() {}

  /** A PDF of one page, with a link. */
  static byte[] pdf(String title, String... lines) {
    return file(
        "/Info << /Title (%s) /CreationDate (D:20240131120000Z) >>".formatted(title), lines);
  }

  /** One whose password nobody knows. */
  static byte[] encryptedPdf() {
    var unknown = "<" + "5a".repeat(32) + ">";
    return file(
        "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O %s /U %s >>"
            .formatted(unknown, unknown),
        "secret");
  }

  private static byte[] file(String trailer, String... lines) {
    var content = new StringBuilder("BT /F1 12 Tf 72 720 Td 14 TL ");
    for (var line : lines) {
      content.append("(").append(line).append(") Tj T* ");
    }
    content.append("ET");
    var objects =
        List.of(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
                + " /Resources << /Font << /F1 5 0 R >> >> /Annots [6 0 R] >>",
            "<< /Length %d >>\nstream\n%s\nendstream".formatted(content.length(), content),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            "<< /Type /Annot /Subtype /Link /Rect [72 700 200 730]"
                + " /A << /S /URI /URI (https://docs.example/next) >> >>");
    var file = new StringBuilder("%PDF-1.4\n");
    var places = new ArrayList<Integer>();
    for (int i = 0; i < objects.size(); i++) {
      places.add(file.length());
      file.append(i + 1).append(" 0 obj\n").append(objects.get(i)).append("\nendobj\n");
    }
    int table = file.length();
    file.append("xref\n0 ").append(objects.size() + 1).append("\n0000000000 65535 f \n");
    places.forEach(place -> file.append("%010d 00000 n \n".formatted(place)));
    file.append(
        "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
            .formatted(objects.size() + 1, trailer, table));
    return file.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A Word document with a heading, a paragraph and a link. */
  static byte[] docx(String heading, String text) {
    return docx(
        """
        <w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>
        <w:p><w:r><w:t>%s</w:t></w:r></w:p>
        <w:p><w:hyperlink r:id="rId9"><w:r><w:t>further reading</w:t></w:r></w:hyperlink></w:p>
        """
            .formatted(heading, text),
        1);
  }

  /** A Word document of a few kilobytes that unpacks to 300 megabytes. */
  static byte[] bomb() {
    return docx("<w:p><w:r><w:t>" + "a".repeat(100_000) + "</w:t></w:r></w:p>", 3_000);
  }

  private static byte[] docx(String paragraphs, int times) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      var types = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
      entry(
          zip,
          "[Content_Types].xml",
          """
          <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
          <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
          <Default Extension="xml" ContentType="application/xml"/>
          <Override PartName="/word/document.xml" ContentType="%sdocument.main+xml"/>
          <Override PartName="/word/styles.xml" ContentType="%sstyles+xml"/>
          <Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
          </Types>\
          """
              .formatted(types, types));
      var office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
      entry(
          zip,
          "_rels/.rels",
          """
          <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
          <Relationship Id="rId1" Type="%s/officeDocument" Target="word/document.xml"/>
          <Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/>
          </Relationships>\
          """
              .formatted(office));
      entry(
          zip,
          "docProps/core.xml",
          """
          <cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
            xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
          <dc:title>A title of its own</dc:title>
          <dcterms:created xsi:type="dcterms:W3CDTF">2023-05-06T07:08:09Z</dcterms:created>
          </cp:coreProperties>\
          """);
      entry(
          zip,
          "word/_rels/document.xml.rels",
          """
          <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
          <Relationship Id="rId1" Type="%s/styles" Target="styles.xml"/>
          <Relationship Id="rId9" Type="%s/hyperlink" Target="https://docs.example/more" TargetMode="External"/>
          </Relationships>\
          """
              .formatted(office, office));
      var word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
      entry(
          zip,
          "word/styles.xml",
          "<w:styles xmlns:w=\"%s\"><w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/></w:style></w:styles>"
              .formatted(word));
      zip.putNextEntry(new ZipEntry("word/document.xml"));
      write(zip, "<w:document xmlns:w=\"%s\" xmlns:r=\"%s\"><w:body>".formatted(word, office));
      for (int i = 0; i < times; i++) {
        write(zip, paragraphs);
      }
      write(zip, "</w:body></w:document>");
      zip.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void entry(ZipOutputStream zip, String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    write(zip, text);
    zip.closeEntry();
  }

  private static void write(ZipOutputStream zip, String text) throws IOException {
    zip.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
