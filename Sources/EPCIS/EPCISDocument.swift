import Custody

/// An EPCISDocument (EPCIS 2.0 §9.5, JSON-LD), written piece by piece so that a whole store can be exported.
///
///     document = opening event *( "," event ) closing
///
/// Members stand in the order in which GS1's examples have them: its reference program for the event hash reads a type
/// before its value.
public struct EPCISDocument: Sendable {
  /// What a document is sent as (EPCIS 2.0 §12.3).
  public static let mediaType = "application/ld+json"

  private var isEmpty = true

  /// A document that nothing has been written of.
  public init() {}

  /// What stands before the first event.
  public func opening(createdAt moment: Instant) -> [UInt8] {
    var text = JSONText()
    text.open()
    text.key("@context")
    text.openList()
    text.value(EPCISNames.context)
    text.open()
    text.member("custody", EPCISNames.namespace)
    text.close()
    text.closeList()
    text.member("type", "EPCISDocument")
    text.member("schemaVersion", "2.0")
    text.member("creationDate", moment.description)
    text.key("epcisBody")
    text.open()
    text.key("eventList")
    text.openList()
    return text.bytes
  }

  /// An event, and what divides it from the one before.
  public mutating func next(_ event: EPCISEvent) -> [UInt8] {
    defer { isEmpty = false }
    return Array((isEmpty ? "\n" : ",\n").utf8) + event.json
  }

  /// What stands behind the last event.
  public var closing: [UInt8] { Array("\n]}}\n".utf8) }

  /// A whole document.
  public static func bytes(of events: [EPCISEvent], createdAt moment: Instant) -> [UInt8] {
    var document = EPCISDocument()
    var bytes = document.opening(createdAt: moment)
    for event in events { bytes += document.next(event) }
    return bytes + document.closing
  }
}

extension EPCISEvent {
  /// The event as JSON.
  public var json: [UInt8] {
    var text = JSONText()
    text.open()
    text.member("type", type)
    text.member("eventID", eventID)
    text.member("eventTime", eventTime.description)
    text.member("eventTimeZoneOffset", offset)
    switch what {
    case .objects(let epcs): text.members("epcList", epcs)
    case .association(let parent, let children):
      text.member("parentID", parent)
      text.members("childEPCs", children)
    }
    text.member("action", action.rawValue)
    if let step { text.member("bizStep", step.text) }
    if let disposition { text.member("disposition", disposition.text) }
    for (name, id) in [("readPoint", readPoint), ("bizLocation", location)] {
      guard let id else { continue }
      text.key(name)
      text.open()
      text.member("id", id)
      text.close()
    }
    for (name, items) in [
      ("bizTransaction", transactions), ("source", sources), ("destination", destinations),
    ] where !items.isEmpty {
      text.key(name + "List")
      text.openList()
      for item in items {
        text.open()
        text.member("type", item.type.text)
        text.member(name, item.uri)
        text.close()
      }
      text.closeList()
    }
    if let error {
      text.key("errorDeclaration")
      text.open()
      text.member("declarationTime", error.declaredAt.description)
      text.member("reason", error.reason.text)
      text.member("custody:event", error.event)
      text.member("custody:entry", error.entry)
      text.close()
    }
    text.members(fields)
    text.close()
    return text.bytes
  }
}

/// JSON whose members stay in the order in which they are written.
private struct JSONText {
  var bytes: [UInt8] = []
  private var needsComma = false

  mutating func open() { begin("{") }
  mutating func openList() { begin("[") }
  mutating func close() { end("}") }
  mutating func closeList() { end("]") }

  mutating func key(_ name: String) {
    value(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  mutating func member(_ name: String, _ text: String) {
    key(name)
    value(text)
  }

  mutating func members(_ name: String, _ texts: [String]) {
    key(name)
    openList()
    for text in texts { value(text) }
    closeList()
  }

  mutating func members(_ fields: [EPCISEvent.Field]) {
    for field in fields {
      switch field.value {
      case .text(let text): member("custody:" + field.name, text)
      case .texts(let texts): members("custody:" + field.name, texts)
      case .fields(let fields):
        key("custody:" + field.name)
        open()
        members(fields)
        close()
      }
    }
  }

  mutating func value(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func begin(_ sign: Unicode.Scalar) {
    separate()
    bytes.append(UInt8(ascii: sign))
    needsComma = false
  }

  private mutating func end(_ sign: Unicode.Scalar) {
    bytes.append(UInt8(ascii: sign))
    needsComma = true
  }
}
