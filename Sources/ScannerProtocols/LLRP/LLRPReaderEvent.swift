/// What a reader tells of itself, unasked (LLRP 1.1, section 14.2.6).
public enum LLRPReaderEvent: Hashable, Sendable {
  /// An antenna was plugged in or out.
  case antenna(Int, isConnected: Bool)
  /// The reader's buffer is so full, in percent.
  case bufferLevel(Int)
  /// The reader's buffer is full: tags are lost.
  case bufferOverflow
  /// Something is wrong with the reader; its own words.
  case exception(String)
  /// The reader closes the connection.
  case closing
  /// The answer to our connecting: nil when it is taken, else why not.
  case connection(refusal: String?)

  /// The events in a READER_EVENT_NOTIFICATION, in order.
  static func events(_ content: LLRPElement) -> [LLRPReaderEvent] {
    (content.first("ReaderEventNotificationData")?.parameters ?? []).compactMap { parameter in
      switch parameter.name {
      case "AntennaEvent":
        .antenna(parameter.number("AntennaID") ?? 0, isConnected: parameter.number("EventType") == 1)
      case "ReportBufferLevelWarningEvent": .bufferLevel(parameter.number("ReportBufferPercentageFull") ?? 0)
      case "ReportBufferOverflowErrorEvent": .bufferOverflow
      case "ReaderExceptionEvent":
        if case .text(let text) = parameter["Message"] { .exception(text) } else { .exception("") }
      case "ConnectionCloseEvent": .closing
      case "ConnectionAttemptEvent": .connection(refusal: Self.refusal(parameter.number("Status") ?? 0))
      default: nil
      }
    }
  }

  /// When the reader says that it happened; nil when it does not.
  static func time(_ content: LLRPElement) -> ReaderTime? {
    guard let data = content.first("ReaderEventNotificationData") else { return nil }
    if case .unsigned(let microseconds)? = data.first("UTCTimestamp")?["Microseconds"] {
      return .utc(microseconds: microseconds)
    }
    if case .unsigned(let microseconds)? = data.first("Uptime")?["Microseconds"] {
      return .uptime(microseconds: microseconds)
    }
    return nil
  }

  private static func refusal(_ status: Int) -> String? {
    switch status {
    case 0: nil
    case 1: "the reader has connected to another client"
    case 2: "another client is connected to the reader"
    case 4: "another client is trying to connect"
    default: "the reader refuses the connection (\(status))"
    }
  }
}
