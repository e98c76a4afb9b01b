import Custody

/// An event of EPCIS 2.0, as far as custody needs it.
public struct EPCISEvent: Hashable, Sendable {
  /// What it is about.
  public enum What: Hashable, Sendable {
    /// An ObjectEvent: things, by their URIs.
    case objects([String])
    /// An AssociationEvent: what is fitted in, or taken out of, what.
    case association(parent: String, children: [String])
  }

  /// What becomes of the identifiers named (EPCIS 2.0 §7.3.2).
  public enum Action: String, Hashable, Sendable { case add = "ADD", observe = "OBSERVE", delete = "DELETE" }

  /// Something with its type: a business transaction, a source, a destination.
  public struct Typed: Hashable, Sendable {
    public let type: EPCISTerm
    public let uri: String

    init(_ type: EPCISTerm, _ uri: String) {
      self.type = type
      self.uri = uri
    }
  }

  /// That the event was recorded in error (EPCIS 2.0 §7.4.1.3). It is no part of the event's hash.
  public struct ErrorDeclaration: Hashable, Sendable {
    public let declaredAt: Instant
    public let reason: EPCISTerm
    /// The custody event that declares it, and its ledger entry.
    public let event: String
    public let entry: String
  }

  /// A field of our own: its name in our namespace, and text, several texts, or fields.
  public struct Field: Hashable, Sendable {
    /// What stands in a field.
    public indirect enum Value: Hashable, Sendable {
      case text(String)
      case texts([String])
      case fields([Field])
    }
    public let name: String
    public let value: Value

    init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  public var what: What
  public var eventTime: Instant
  /// Minutes east of UTC where it happened; EPCIS has −14:00 to +14:00, and what lies beyond is written as +00:00.
  public var offsetMinutes: Int
  public var action: Action
  public var step: EPCISTerm?
  public var disposition: EPCISTerm?
  public var readPoint: String?
  public var location: String?
  public var transactions: [Typed] = []
  public var sources: [Typed] = []
  public var destinations: [Typed] = []
  public var error: ErrorDeclaration?
  public var fields: [Field] = []

  init(_ what: What, at moment: Instant, offsetMinutes: Int, _ action: Action, _ step: EPCISTerm?) {
    self.what = what
    eventTime = moment
    self.offsetMinutes = offsetMinutes
    self.action = action
    self.step = step
  }

  /// The event's type in EPCIS.
  public var type: String {
    switch what {
    case .objects: "ObjectEvent"
    case .association: "AssociationEvent"
    }
  }

  /// Such as `+01:00`.
  var offset: String {
    guard abs(offsetMinutes) <= 14 * 60 else { return "+00:00" }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = abs(offsetMinutes)
    return (offsetMinutes < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
  }
}
