import LabelDesign

/// What came of sending something to a printer. What may be done next depends on whether anything went out.
public enum PrintOutcome: Hashable, Sendable {
  /// Not one byte of it went out: it may be tried again.
  case notSent(PrinterStatus)
  /// All of it went out. `isConfirmed` says whether the printer says that it has printed it, or cannot say; `tag` is what it read
  /// back from the label's RFID tag.
  case printed(isConfirmed: Bool, tag: TagAnswer?)
  /// At most so many bytes went out, and whether it was printed is not known: somebody must look.
  case unknown(bytesSent: Int, PrinterStatus)
  /// It went out, and the printer says that it has not printed it.
  case rejected(PrinterStatus)
}

/// What is to be sent.
public struct PrintData: Hashable, Sendable {
  /// What the printer may show: 1 to 127 ASCII signs.
  public let name: String
  /// In the printer's language, or PDF.
  public let bytes: [UInt8]
  /// Labels that come of it.
  public let labels: Int
  /// Whether a tag's EPC is read back.
  public let readsTag: Bool

  public init(name: String, bytes: [UInt8], labels: Int = 1, readsTag: Bool = false) {
    self.name = String(decoding: name.utf8.filter { $0 >= 0x20 && $0 < 0x7F }.prefix(127), as: UTF8.self)
    self.bytes = bytes
    self.labels = labels
    self.readsTag = readsTag
  }
}

/// How long is waited for what.
public struct PrintPatience: Hashable, Sendable {
  /// For a connection.
  public var connection = Duration.seconds(5)
  /// For an answer to a question, before the printer counts as blocked.
  public var answer = Duration.seconds(3)
  /// For a printer that takes no more of what it is sent.
  public var stall = Duration.seconds(30)
  /// Between two questions while it prints.
  public var poll = Duration.milliseconds(500)
  /// For a printer that has everything and has not printed it, because of labels that ran out, say.
  public var hold = Duration.seconds(600)
  /// For a printer that has everything and does not answer.
  public var silence = Duration.seconds(30)

  public init() {}
}
