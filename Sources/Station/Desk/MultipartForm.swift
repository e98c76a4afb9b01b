/// A form with a file in it (multipart/form-data, RFC 7578), as a browser without our script sends it.
struct MultipartForm {
  private struct Part {
    let name: String
    /// The file's name, where it is one.
    let filename: String?
    let bytes: ArraySlice<UInt8>
  }

  private let parts: [Part]

  /// Reads the body; throws the problem that says where it is malformed.
  init(contentType: String, body: [UInt8]) throws {
    guard let range = contentType.range(of: "boundary=") else {
      throw Problem.malformed("The form has no boundary.", pointer: "/Content-Type")
    }
    var boundary = contentType[range.upperBound...].prefix { $0 != ";" }
    if boundary.hasPrefix("\""), boundary.hasSuffix("\""), boundary.count > 1 {
      boundary = boundary.dropFirst().dropLast()
    }
    guard (1...70).contains(boundary.utf8.count) else {
      throw Problem.malformed("The form's boundary is not of 1 to 70 characters.", pointer: "/Content-Type")
    }
    let delimiter = Array("--\(boundary)".utf8)
    let starts = body.positions(of: delimiter)
    guard starts.count >= 2 else { throw Problem.malformed("The form is cut off.") }
    var parts: [Part] = []
    for (start, end) in zip(starts, starts.dropFirst()) {
      let part = body[(start + delimiter.count)..<end]
      guard let blank = Array(part.prefix(16 << 10)).positions(of: Array("\r\n\r\n".utf8)).first else {
        throw Problem.malformed("A part of the form has no head.")
      }
      let head = String(decoding: part.prefix(blank), as: UTF8.self)
      // The line end before the next delimiter belongs to the delimiter.
      let bytes = part.dropFirst(blank + 4).dropLast(2)
      guard let name = head.firstRange(of: "name=\"").map({ head[$0.upperBound...].prefix { $0 != "\"" } }) else {
        throw Problem.malformed("A part of the form has no name.")
      }
      let filename = head.firstRange(of: "filename=\"").map {
        String(head[$0.upperBound...].prefix { $0 != "\"" && !$0.isNewline })
      }
      parts.append(Part(name: String(name), filename: filename, bytes: bytes))
    }
    self.parts = parts
  }

  /// What a part holds; nil when there is none of that name.
  func bytes(named name: String) -> [UInt8]? { parts.first { $0.name == name }.map { Array($0.bytes) } }

  /// A part that is text; nil when there is none, or it is not in UTF-8.
  func text(named name: String) -> String? { bytes(named: name).flatMap { String(validating: $0, as: UTF8.self) } }

  /// Every file of that name that is not empty, with the name that it has where it came from.
  func files(named name: String) -> [(name: String, bytes: [UInt8])] {
    parts.filter { $0.name == name && !$0.bytes.isEmpty }.map { ($0.filename ?? "", Array($0.bytes)) }
  }

  /// The bytes of a file; throws the problem that says that it is missing or empty.
  func file(named name: String) throws -> [UInt8] {
    guard let part = parts.first(where: { $0.name == name }), !part.bytes.isEmpty else {
      throw Problem.malformed("No picture was chosen.", pointer: "/\(name)", remedy: "Choose a picture first.")
    }
    return Array(part.bytes)
  }
}

extension [UInt8] {
  /// Where `pattern` begins, without overlaps.
  fileprivate func positions(of pattern: [UInt8]) -> [Int] {
    guard let first = pattern.first else { return [] }
    var found: [Int] = []
    var at = 0
    while at + pattern.count <= count {
      if self[at] == first, self[at..<(at + pattern.count)].elementsEqual(pattern) {
        found.append(at)
        at += pattern.count
      } else {
        at += 1
      }
    }
    return found
  }
}
