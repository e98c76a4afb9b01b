import Crypto
import Custody

extension EPCISEvent {
  /// The EPCIS Event Hash ID (CBV 2.0 §8.9.2): who has the event alone can make it again.
  ///
  ///     eventID = "ni:///sha-256;" hex(SHA-256(preHash)) "?ver=CBV2.0"
  public var eventID: String { Self.eventID(ofPreHash: preHash()) }

  static func eventID(ofPreHash text: String) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var hex: [UInt8] = []
    for byte in SHA256.hash(data: Array(text.utf8)) { hex += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return "ni:///sha-256;\(String(decoding: hex, as: UTF8.self))?ver=CBV2.0"
  }

  /// What is hashed: every field but eventID, recordTime and errorDeclaration, in the one canonical order and form.
  ///
  ///     preHash    = key "=" value …, nothing between them
  ///     first      = eventType eventTime eventTimeZoneOffset parentID epcList childEPCs action bizStep disposition
  ///                  readPoint bizLocation
  ///     then       = bizTransactionList, destinationList, sourceList and our fields, in ascending order of their texts
  ///
  /// Values in a list are in ascending order. The published rules say that a type follows its value, and name sources
  /// before destinations; the published vectors have both the other way round, and so do we. Names are in their one form
  /// already (`EPCISNames`), so that there is none to be put into it here.
  func preHash(namespace: String = EPCISNames.namespace) -> String {
    var text = "eventType=\(type)eventTime=\(eventTime)eventTimeZoneOffset=\(offset)"
    switch what {
    case .objects(let epcs): text += Self.list("epcList", epcs)
    case .association(let parent, let children): text += "parentID=\(parent)" + Self.list("childEPCs", children)
    }
    text += "action=\(action.rawValue)"
    if let step { text += "bizStep=\(step.uri)" }
    if let disposition { text += "disposition=\(disposition.uri)" }
    if let readPoint { text += "readPointid=\(readPoint)" }
    if let location { text += "bizLocationid=\(location)" }
    var rest = [
      Self.list("bizTransaction", transactions), Self.list("destination", destinations), Self.list("source", sources),
    ].filter { !$0.isEmpty }
    rest += fields.flatMap { $0.preHashes(namespace) }
    return text + Self.inOrder(rest)
  }

  private static func list(_ name: String, _ epcs: [String]) -> String {
    epcs.isEmpty ? "" : name + inOrder(epcs.map { "epc=\($0)" })
  }

  private static func list(_ name: String, _ items: [Typed]) -> String {
    items.isEmpty ? "" : "\(name)List" + inOrder(items.map { "type=\($0.type.uri)\(name)=\($0.uri)" })
  }

  /// Ascending by code points, which is by UTF-8.
  fileprivate static func inOrder(_ texts: [String]) -> String {
    texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined()
  }
}

extension EPCISEvent.Field {
  fileprivate func preHashes(_ namespace: String) -> [String] {
    let key = "{\(namespace)}\(name)"
    return switch value {
    case .text(let text): ["\(key)=\(text)"]
    case .texts(let texts): texts.map { "\(key)=\($0)" }
    case .fields(let fields): [key + EPCISEvent.inOrder(fields.flatMap { $0.preHashes(namespace) })]
    }
  }
}
