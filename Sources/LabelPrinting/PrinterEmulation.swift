import LabelDesign

/// What a printer does with the bytes that it is sent, without one: answers questions about its state, and takes labels whole. Pure.
///
/// It tells labels apart by the last command of each: `^XZ`, `PRINT`, or Brother's Control-Z. For tests, and for trying a station
/// without hardware; what the dots look like is not its business.
public struct PrinterEmulation: Sendable {
  public let language: PrinterLanguage
  /// What is the matter with it. While one of these blocks it, labels are taken and not printed.
  public var conditions: Set<PrinterCondition> = [] {
    didSet { printWhatWaits() }
  }
  /// Whether it answers nothing, as some do that are out of labels or have their head open.
  public var isSilent = false
  /// The labels that it has printed, each as it was sent.
  public private(set) var printed: [[UInt8]] = []
  /// The labels that it has and has not printed.
  public private(set) var waiting: [[UInt8]] = []
  /// What an RFID printer reads back; nil reads back what it was told to write.
  public var tagRead: String?
  /// Whether an RFID printer tells nothing of the tags that it has written.
  public var forgetsTags = false

  private var buffer: [UInt8] = []

  /// The longest label, in bytes; a printer has no more memory either.
  private static let longest = 16 << 20

  public init(_ language: PrinterLanguage) { self.language = language }

  /// The connection is gone: what was not whole is forgotten.
  public mutating func disconnect() { buffer = [] }

  /// Takes bytes; gives back what it answers.
  public mutating func receive(_ bytes: some Collection<UInt8>) -> [UInt8] {
    buffer += bytes
    if buffer.count > Self.longest { buffer = [] }
    var answer: [UInt8] = []
    while let (end, isQuestion) = nextEnd() {
      let piece = Array(buffer[..<end])
      buffer.removeFirst(end)
      if isQuestion {
        if !isSilent { answer += status }
        continue
      }
      // The line's end behind a question.
      waiting.append(language == .zpl ? Array(piece.drop { $0 == 0x0A || $0 == 0x0D }) : piece)
      let before = printed.count
      printWhatWaits()
      for label in printed[before...] where !isSilent { answer += told(of: label) }
    }
    return answer
  }

  /// Where the first question or label that is whole ends.
  private func nextEnd() -> (Int, isQuestion: Bool)? {
    func end(of text: [UInt8]) -> Int? {
      guard buffer.count >= text.count, let first = text.first else { return nil }
      return buffer.indices.first { index in
        buffer[index] == first && buffer.count - index >= text.count
          && buffer[index..<(index + text.count)].elementsEqual(text)
      }.map { $0 + text.count }
    }
    let questions: [[UInt8]]
    var label: Int?
    switch language {
    case .zpl:
      questions = [Array("~HS".utf8)]
      label = end(of: Array("^XZ".utf8))
    case .tspl:
      questions = [[0x1B, 0x21, 0x3F], [0x1B, 0x21, 0x53]]
      label = end(of: Array("\r\nPRINT ".utf8)).flatMap { start in
        buffer[start...].firstIndex(of: 0x0A).map { $0 + 1 }
      }
    case .brotherQL:
      questions = [[0x1B, 0x69, 0x53]]
      label = Self.endOfPages(buffer)
    case .document: return nil
    }
    let question = questions.compactMap(end(of:)).min()
    guard let question, question < label ?? .max else { return label.map { ($0, false) } }
    // Brother's raster lines may look like anything.
    return language == .brotherQL && label != nil && question > 220 ? label.map { ($0, false) } : (question, true)
  }

  /// Behind the Control-Z of raster commands that begin with the invalidation.
  private static func endOfPages(_ bytes: [UInt8]) -> Int? {
    guard var index = bytes.firstIndex(where: { $0 != 0 }) else { return nil }
    while index < bytes.count {
      switch bytes[index] {
      case 0x1B:
        guard index + 2 < bytes.count else { return nil }
        let lengths: [UInt8: Int] = [0x61: 1, 0x7A: 10, 0x4D: 1, 0x41: 1, 0x4B: 1, 0x64: 2]
        index += bytes[index + 1] == 0x40 ? 2 : 3 + (lengths[bytes[index + 2]] ?? 0)
      case 0x4D: index += 2
      case 0x67:
        guard index + 2 < bytes.count else { return nil }
        index += 3 + Int(bytes[index + 2])
      case 0x1A: return index + 1
      default: index += 1
      }
    }
    return nil
  }

  private mutating func printWhatWaits() {
    guard !conditions.contains(where: \.blocks) else { return }
    printed += waiting
    waiting = []
  }

  /// What it says of itself.
  private var status: [UInt8] {
    func flag(_ condition: PrinterCondition) -> Int { conditions.contains(condition) ? 1 : 0 }
    switch language {
    case .zpl:
      let left = String(waiting.count)
      let strings = [
        "030,\(flag(.mediaOut)),\(flag(.paused)),1245,000,\(flag(.bufferFull)),0,0,000,0,\(flag(.underTemperature)),"
          + "\(flag(.overTemperature))",
        "001,0,\(flag(.headOpen)),\(flag(.ribbonOut)),0,2,6,\(flag(.labelWaiting)),"
          + String(repeating: "0", count: max(0, 8 - left.count)) + "\(left),1,000", "1234,0",
      ]
      return strings.flatMap { Array("\u{2}\($0)\u{3}\r\n".utf8) }
    case .tspl:
      let bits: [(PrinterCondition, UInt8)] = [
        (.headOpen, 0x01), (.mediaJam, 0x02), (.mediaOut, 0x04), (.ribbonOut, 0x08), (.paused, 0x10),
        (.overTemperature, 0x80),
      ]
      return [bits.reduce(waiting.isEmpty ? 0 : 0x20) { $0 | (conditions.contains($1.0) ? $1.1 : 0) }]
    case .brotherQL: return brotherStatus(kind: conditions.contains(where: \.blocks) ? 2 : 0)
    case .document: return []
    }
  }

  private func brotherStatus(kind: UInt8) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes.replaceSubrange(0..<8, with: [0x80, 0x20, 0x42, 0x34, 0x41, 0x30, 0x30, 0x00])
    let bits: [(PrinterCondition, Int, UInt8)] = [
      (.mediaOut, 8, 0x01), (.cutterJam, 8, 0x04), (.wrongMedia, 9, 0x01), (.headOpen, 9, 0x10),
      (.overTemperature, 9, 0x20),
    ]
    for (condition, index, bit) in bits where conditions.contains(condition) { bytes[index] |= bit }
    (bytes[10], bytes[11], bytes[18]) = (62, 0x0A, kind)
    return bytes
  }

  /// What it says by itself of a label that it has printed.
  private func told(of label: [UInt8]) -> [UInt8] {
    switch language {
    case .brotherQL: return brotherStatus(kind: 1)
    case .zpl:
      let text = String(decoding: label, as: UTF8.self)
      guard !forgetsTags, text.contains("^HV1"), let write = text.firstRange(of: "^RFW,H,2,"),
        let data = text[write.upperBound...].firstRange(of: "^FD")
      else { return [] }
      let epc = text[data.upperBound...].prefix { $0 != "^" }
      return Array("EPC[\(tagRead ?? String(epc))]\r\n".utf8)
    default: return []
    }
  }
}
