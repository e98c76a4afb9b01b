/// A page of PDF that says that a printer prints (ISO 32000-1), for printers that take documents.
public enum TestDocument {
  /// A page of a size in millimetres with lines of text; signs beyond ASCII become `?`.
  public static func pdf(lines: [String], width: Double = 210, height: Double = 297) -> [UInt8] {
    let points = 72 / 25.4
    let (w, h) = (Int((width * points).rounded()), Int((height * points).rounded()))
    let size = max(6, min(16, h / (lines.count + 4)))
    var content = "BT /F \(size) Tf \(size + size / 4) TL \(size) \(h - 2 * size) Td\n"
    for line in lines {
      let shown = line.unicodeScalars.map { scalar in
        switch scalar {
        case "(", ")", "\\": "\\\(scalar)"
        case " "..."~": "\(scalar)"
        default: "?"
        }
      }.joined()
      content += "(\(shown)) Tj T*\n"
    }
    content += "ET\n1 w \(size / 2) \(size / 2) \(w - size) \(h - size) re S\n"
    let objects = [
      "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(w) \(h)] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
      "<< /Length \(content.utf8.count) >>\nstream\n\(content)endstream",
      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    var pdf = "%PDF-1.4\n"
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
      offsets.append(pdf.utf8.count)
      pdf += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let table = pdf.utf8.count
    pdf += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for offset in offsets {
      let digits = "\(offset)"
      pdf += String(repeating: "0", count: 10 - digits.count) + "\(digits) 00000 n \n"
    }
    pdf += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n"
    return Array(pdf.utf8)
  }
}
