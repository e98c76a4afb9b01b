import Foundation

/// One line of a manifest: a picture and what it says.
struct LabelledPicture: Decodable {
  /// The picture's place beside the manifest.
  let path: String
  let symbology: String
  /// What it says; nothing in a picture without a code.
  let expected: [String]
  /// What else stands in the picture, and need not be read.
  let alsoReadable: [String]?

  /// The lines of the manifest.
  static func all(in manifest: URL) throws -> [LabelledPicture] {
    try Data(contentsOf: manifest).split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(LabelledPicture.self, from: Data($0))
    }
  }

  /// Which half of the set it is in, so that one can tune on the first and report the second: by a hash (FNV-1a) of its
  /// name. What is before `__` and the extension do not count: the same photograph may come from two sources.
  var half: Int {
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    let subject = name.range(of: "__").map { String(name[$0.upperBound...]) } ?? name
    var hash: UInt32 = 2_166_136_261
    for byte in subject.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int((hash >> 16) & 1)
  }

  /// What comes of the texts that were read: nobody reads everything in a picture, so one expected text is enough, and
  /// one that nobody expected makes the picture wrong.
  func judge(_ texts: [String]) -> Verdict {
    let wanted = Set(expected.map(normal))
    let known = wanted.union((alsoReadable ?? []).map(normal))
    let read = Set(texts.map(normal))
    if !read.isSubset(of: known) { return .wrong }
    if wanted.isEmpty { return .correct }
    return read.isDisjoint(with: wanted) ? .missed : .correct
  }

  enum Verdict { case correct, wrong, missed }

  /// A text without what one engine writes and another does not: FNC1 and brackets of GS1 element strings, Codabar's start
  /// and stop, the zeros before a product code and those that UPC-E leaves out, the add-on behind it, DataBar's AI 01.
  private func normal(_ text: String) -> String {
    var text = text.replacing("\u{1D}", with: "")
    if text.first == "]", text.count > 3 { text.removeFirst(3) }
    switch symbology {
    case "Codabar":
      if let first = text.first, "ABCDabcd".contains(first) { text.removeFirst() }
      if let last = text.last, "ABCDabcd".contains(last) { text.removeLast() }
    case "EAN13", "UPCA", "EAN8", "UPCE":
      guard text.allSatisfy(\.isNumber) else { break }
      // Labels of some sets have the add-on behind the thirteen digits.
      if text.count == 15 || text.count == 18 { text = String(text.prefix(13)) }
      text = String((text.count == 8 && symbology == "UPCE" ? expanded(text) : text).drop { $0 == "0" })
    case "DataBar", "DataBarLtd":
      if text.count == 16, text.hasPrefix("01") { text.removeFirst(2) }
    case "DataBarExp", "DataBarExpStk":
      text = text.replacing("(", with: "").replacing(")", with: "")
    default: break
    }
    return text
  }

  /// The UPC-A code that an eight-digit UPC-E stands for (ISO/IEC 15420): its last data digit tells where zeros went.
  private func expanded(_ short: String) -> String {
    let digits = Array(short)
    let (head, tail) = (String(digits[...0]), String(digits[7...]))
    let middle =
      switch digits[6] {
      case "0"..."2": String(digits[1...2]) + String(digits[6]) + "0000" + String(digits[3...5])
      case "3": String(digits[1...3]) + "00000" + String(digits[4...5])
      case "4": String(digits[1...4]) + "00000" + String(digits[5...5])
      default: String(digits[1...5]) + "0000" + String(digits[6...6])
      }
    return head + middle + tail
  }
}
