/// Takes apart what a printer sends, byte by byte: statuses, and what was read of RFID tags. What is neither is dropped; memory is
/// bounded.
public struct PrinterAnswers: Sendable {
  /// One thing that a printer has told.
  public enum Answer: Hashable, Sendable {
    case status(PrinterStatus)
    /// A Brother printer has printed a page.
    case pagePrinted(PrinterStatus)
    case tag(TagAnswer)
  }

  private let language: PrinterLanguage
  private let tsplStatus: PrinterProfile.TSPLStatusForm
  private var buffer: [UInt8] = []
  /// Strings of a `~HS` answer that is not whole yet.
  private var strings: [String] = []
  private var isInString = false

  /// The longest thing that is waited for: a string of an answer, or a tag's memory.
  private static let longest = 4_096

  public init(of printer: PrinterProfile) {
    language = printer.language
    tsplStatus = printer.tsplStatus
  }

  /// Takes what came; gives back what is whole.
  public mutating func take(_ bytes: some Sequence<UInt8>) -> [Answer] {
    var answers: [Answer] = []
    for byte in bytes {
      if let answer = take(byte) { answers.append(answer) }
    }
    return answers
  }

  private mutating func take(_ byte: UInt8) -> Answer? {
    switch language {
    case .zpl: return zpl(byte)
    case .tspl: return tsplStatus == .short ? .status(PrinterStatus(tspl: byte)) : tspl(byte)
    case .brotherQL: return brother(byte)
    case .document: return nil
    }
  }

  private mutating func zpl(_ byte: UInt8) -> Answer? {
    switch byte {
    case 0x02:
      (buffer, isInString) = ([], true)
      return nil
    case 0x03 where isInString:
      isInString = false
      strings.append(String(decoding: buffer, as: UTF8.self))
      buffer = []
      // An answer that lost a string, or has strings of something else before it, is found by its last three.
      if strings.count > 3 { strings.removeFirst(strings.count - 3) }
      guard let status = PrinterStatus(zplHostStatus: strings) else { return nil }
      strings = []
      return .status(status)
    default:
      buffer.append(byte)
      if buffer.count > Self.longest { buffer.removeFirst(Self.longest / 2) }
      guard !isInString, byte == UInt8(ascii: "]"),
        let opening = Self.lastIndex(of: Array(TagAnswer.opening.utf8), in: buffer)
      else { return nil }
      let text = String(decoding: buffer[(opening + TagAnswer.opening.utf8.count)..<(buffer.count - 1)], as: UTF8.self)
      buffer = []
      return .tag(TagAnswer(text))
    }
  }

  private static func lastIndex(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
    guard bytes.count >= pattern.count else { return nil }
    return (0...(bytes.count - pattern.count)).last { bytes[$0..<($0 + pattern.count)].elementsEqual(pattern) }
  }

  /// `STX`, four letters, `ETX CR LF`.
  private mutating func tspl(_ byte: UInt8) -> Answer? {
    if buffer.isEmpty, byte != 0x02 { return nil }
    buffer.append(byte)
    guard buffer.count == 6 else { return nil }
    let frame = buffer
    buffer = []
    guard frame[5] == 0x03,
      let status = PrinterStatus(tsplMessage: frame[1], warning: frame[2], errors: (frame[3], frame[4]))
    else {
      // Somewhere in it the next may begin.
      for byte in frame.dropFirst() { _ = tspl(byte) }
      return nil
    }
    return .status(status)
  }

  private mutating func brother(_ byte: UInt8) -> Answer? {
    buffer.append(byte)
    while !buffer.isEmpty, !zip(buffer, BrotherStatus.opening).allSatisfy(==) { buffer.removeFirst() }
    guard buffer.count == BrotherStatus.length else { return nil }
    guard let told = BrotherStatus(buffer) else {
      buffer.removeFirst()
      return nil
    }
    buffer = []
    return told.kind == .printed ? .pagePrinted(told.status) : .status(told.status)
  }
}
