/// The messages that a client sends.
extension LLRPMessage {
  private static func make(
    _ name: String, id: UInt32, _ fields: KeyValuePairs<String, LLRPValue> = [:], _ parameters: [LLRPElement] = []
  ) throws(LLRPFault) -> LLRPMessage {
    try LLRPMessage(try LLRPElement(name, fields, parameters), id: id)
  }

  /// Asks for everything that the reader can do.
  public static func getReaderCapabilities(id: UInt32) throws(LLRPFault) -> LLRPMessage {
    try make("GET_READER_CAPABILITIES", id: id)
  }

  /// Sets how often the reader gives a sign of life, and which events it tells of: antennas coming and going, faults of the
  /// reader, a full buffer. `reset` first sets everything else to what the factory had.
  public static func setReaderConfig(
    id: UInt32, keepAliveMilliseconds: UInt32, reset: Bool = false
  ) throws(LLRPFault) -> LLRPMessage {
    // EventTypes of section 14.2.5.2: ROSpec, buffer, reader exception, antenna.
    let events = try [2, 3, 4, 8].map { (type: Int64) throws(LLRPFault) in
      try LLRPElement("EventNotificationState", ["EventType": .number(type), "NotificationState": 1])
    }
    return try make(
      "SET_READER_CONFIG", id: id, ["ResetToFactoryDefault": reset ? 1 : 0],
      [
        try LLRPElement("ReaderEventNotificationSpec", [:], events),
        try LLRPElement(
          "KeepaliveSpec",
          [
            "KeepaliveTriggerType": keepAliveMilliseconds > 0 ? 1 : 0,
            "PeriodicTriggerValue": .number(Int64(keepAliveMilliseconds)),
          ]),
      ])
  }

  /// What can be done to a ROSpec or an AccessSpec by its number.
  public enum SpecVerb: String, Sendable, CaseIterable {
    case enable = "ENABLE"
    case disable = "DISABLE"
    case start = "START"
    case stop = "STOP"
    case delete = "DELETE"
  }

  /// Adds a ROSpec; it has to be enabled next.
  public static func addROSpec(_ spec: LLRPElement, id: UInt32) throws(LLRPFault) -> LLRPMessage {
    try make("ADD_ROSPEC", id: id, [:], [spec])
  }

  /// Does something to the ROSpec of that number; 0 for all of them, where the verb allows it.
  public static func roSpec(_ verb: SpecVerb, _ number: UInt32, id: UInt32) throws(LLRPFault) -> LLRPMessage {
    try make("\(verb.rawValue)_ROSPEC", id: id, ["ROSpecID": .number(Int64(number))])
  }

  /// Adds an AccessSpec; it has to be enabled next.
  public static func addAccessSpec(_ spec: LLRPElement, id: UInt32) throws(LLRPFault) -> LLRPMessage {
    try make("ADD_ACCESSSPEC", id: id, [:], [spec])
  }

  /// Does something to the AccessSpec of that number; there is no start and no stop.
  public static func accessSpec(_ verb: SpecVerb, _ number: UInt32, id: UInt32) throws(LLRPFault) -> LLRPMessage {
    try make("\(verb.rawValue)_ACCESSSPEC", id: id, ["AccessSpecID": .number(Int64(number))])
  }

  /// Lets the reader send what it has held back since the connection was lost.
  public static func enableEventsAndReports(id: UInt32) -> LLRPMessage { LLRPMessage(type: 64, id: id) }

  /// The answer to a KEEPALIVE.
  public static func keepAliveAck(id: UInt32) -> LLRPMessage { LLRPMessage(type: 72, id: id) }

  /// Ends the connection in good order.
  public static func closeConnection(id: UInt32) -> LLRPMessage { LLRPMessage(type: 14, id: id) }
}

/// How a reader took a message: LLRPStatus (section 15.2.2).
public struct LLRPStatus: Hashable, Sendable, CustomStringConvertible {
  /// 0 when all went well.
  public let code: UInt16
  /// The reader's own words.
  public let text: String
  /// What it points at, innermost last, such as `parameter 177, field 0`.
  public let place: String

  /// Whether all went well.
  public var isSuccess: Bool { code == 0 }

  /// The code's name, the reader's words, and the place.
  public var description: String {
    let name = LLRPDefinition.statusNames[code] ?? "status \(code)"
    return [name, text, place].filter { !$0.isEmpty }.joined(separator: ": ")
  }

  /// The status in a response or an ERROR_MESSAGE, or nil when there is none.
  public init?(_ content: LLRPElement) {
    guard let status = content.first("LLRPStatus"), let code = status.number("StatusCode") else { return nil }
    self.code = UInt16(truncatingIfNeeded: code)
    if case .text(let text) = status["ErrorDescription"] { self.text = text } else { text = "" }
    var steps: [String] = []
    var level: LLRPElement? = status
    while let current = level, steps.count < LLRPReader.maximumDepth {
      if let field = current.first("FieldError")?.number("FieldNum") { steps.append("field \(field)") }
      level = current.first("ParameterError")
      if let type = level?.number("ParameterType") { steps.append("parameter \(type)") }
    }
    place = steps.joined(separator: ", ")
  }
}
