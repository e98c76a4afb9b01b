import AssetIdentifiers
import Custody
import CustodyLedger

/// One scan on its way through the house: what a device saw, and what the client adds to it.
struct Scan: Sendable {
  /// How the bytes came in.
  enum Source: String, Sendable, Codable {
    case symbol, tag, keyed
  }

  /// The bytes as the device gave them.
  var raw: [UInt8]
  var source: Source
  /// AIM symbology identifier, if the device told it.
  var symbologyIdentifier: String?
  /// Which device: `05e0:1200/1-2`, `picture`, `page`, or what an API client calls itself.
  var device: String?
  /// Laid over the session's details for this scan only.
  var details: CanonicalJSON = [:]
  /// The act, when it is another than the session's.
  var verb: Verb?
  /// What the mark is bound as when a new asset is received by it; guessed from its form when nil.
  var identifierKind: BoundIdentifier.Kind?
  var evidence: [EvidenceReference] = []
  /// What the mark means, where that is not simply the text: the serial number within a carton's code.
  var meaning: AssetIdentifier?
  /// Whether it receives the carton on the desk: with its acceptance the carton is done.
  var receivesCarton = false
  /// Other codes that were read along with it and that the event rests on.
  var alsoRead: [ReadingEvidence] = []
  /// Why it cannot be acted on, known before the asset is looked up.
  var refusal: Refusal?
  /// The USB device's own reports, for a scan that came by USB.
  var reports: [UInt8]?

  /// Whether the bytes hold a badge's token, well formed or not: such a scan is kept and shown without them.
  var holdsBadge: Bool { text.uppercased().contains("CUSTODY:BADGE:") }

  /// The bytes as they may be kept and shown.
  var shownBytes: [UInt8] { holdsBadge ? Self.keptOfBadge : raw }

  /// What is kept of a badge: that it was one.
  static let keptOfBadge = Array("CUSTODY:BADGE:".utf8)

  /// The bytes as text: UTF-8, or one character a byte where they are not.
  var text: String {
    String(validating: raw, as: UTF8.self) ?? String(raw.map { Character(Unicode.Scalar($0)) })
  }
}
