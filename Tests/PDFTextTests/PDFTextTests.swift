import Foundation
import SanitizationReports
import Testing

@testable import PDFText

@Suite struct PDFTextTests {
  /// A PDF of one page with lines in Courier, so that the layout stays.
  static func pdf(_ lines: [String]) -> [UInt8] {
    var content = "BT /F1 8 Tf 10 TL 20 820 Td\n"
    for line in lines {
      let escaped = line.replacing("\\", with: "\\\\").replacing("(", with: "\\(").replacing(")", with: "\\)")
      content += "(\(escaped)) Tj T*\n"
    }
    content += "ET"
    let objects = [
      "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
      "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream",
      "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    var text = "%PDF-1.4\n"
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
      offsets.append(text.utf8.count)
      text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
    }
    let start = text.utf8.count
    text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for offset in offsets { text += String(format: "%010d 00000 n \n", offset) }
    text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
    return Array(text.utf8)
  }

  @Test func `a certificate's text is taken and read`() async throws {
    let vector = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Vectors/SanitizationReports/nwipe/042-dodshort.txt")
    let lines = try String(contentsOf: vector, encoding: .utf8).split(separator: "\n").prefix(50).map(String.init)
    let pdf = Self.pdf(lines)
    let text = try await PDFText.text(of: pdf).get()
    let read = WipeReports.read([ReportFile(name: "a.pdf", bytes: pdf, text: text)], .init())
    guard case .reports(let reports) = read[0] else {
      Issue.record("not read: \(read[0])")
      return
    }
    #expect(reports[0].serial == "WD-WCC4N0RT7Y40")
    #expect(reports[0].passes)
  }

  @Test func `what is no PDF, or holds no text, gives none`() async {
    #expect(await PDFText.text(of: Array("%PDF-1.4 and nothing more".utf8)) == .failure(.unreadable))
    #expect(await PDFText.text(of: Self.pdf([])) == .failure(.unreadable))
  }

  @Test func `it is given up when its time is over`() async {
    #expect(await PDFText.text(of: Self.pdf(["text"]), within: .zero) == .failure(.tooMuch))
  }
}
