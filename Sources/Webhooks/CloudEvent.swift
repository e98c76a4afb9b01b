import Custody
import CustodyLedger

/// A custody event as a CloudEvent 1.0 in structured mode (CNCF CloudEvents 1.0.2, JSON event format 1.0.2): media type
/// `application/cloudevents+json`, one event a message.
public struct CloudEvent: Hashable, Sendable {
  /// The media type of ``bytes``.
  public static let mediaType = "application/cloudevents+json; charset=utf-8"

  /// `id`: the custody event's; with ``source`` it names the event, so that who gets it twice can tell.
  public let id: String
  /// `source`: the station that sealed it, such as `/stations/HQ/DESK-1`.
  public let source: String
  /// `type`: `custody.` and the verb, such as `custody.deploy`.
  public let type: String
  /// `subject`: the asset's id.
  public let subject: String
  /// The whole of it as canonical JSON.
  public let bytes: [UInt8]

  /// What a type begins with.
  public static let typePrefix = "custody."

  /// The CloudEvent of a sealed custody event. `hash` is that of its ledger entry, lowercase hexadecimal. Throws when the event
  /// cannot be written as JSON.
  public init(_ event: CustodyEvent, hash: String) throws {
    id = event.eventID.description
    source = "/stations/\(event.site)/\(event.station)"
    type = Self.typePrefix + event.verb.rawValue
    subject = event.asset.description
    let data = try CanonicalJSON(bytes: CanonicalEncoder().encode(event, limit: .max), limit: .max)
    let whole: CanonicalJSON = [
      "specversion": "1.0", "id": .string(id), "source": .string(source), "type": .string(type),
      "subject": .string(subject), "time": .string(event.wallClock.description), "datacontenttype": "application/json",
      // An extension attribute (§3.2: lowercase letters and digits): by it the event is found in the ledger and proved.
      "entryhash": .string(hash), "data": data,
    ]
    bytes = try whole.bytes(limit: .max)
  }
}
