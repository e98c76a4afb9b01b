import Custody
import TamperEvidence

/// An act on a disposal order that no event of an asset tells of: that it was sealed, with which seal and before whom, that it
/// was unsealed and why, that the recycler's list was taken, that it was closed and with what left open. It moves nothing. Who
/// did it, and when, the statement's envelope says.
public struct DisposalStatement: Hashable, Sendable, Codable {
  /// What was done.
  public enum Act: String, Hashable, Sendable, Codable, CaseIterable {
    case sealed, unsealed, listTaken, closed
  }

  /// A person besides who did it, and how surely that person was recognised.
  public struct Second: Hashable, Sendable, Codable {
    public var person: PersonID
    public var authStrength: AuthStrength

    /// Somebody who stood by, or let it be done.
    public init(person: PersonID, authStrength: AuthStrength) {
      self.person = person
      self.authStrength = authStrength
    }
  }

  /// The file in which a recycler says what has come.
  public struct RecyclerFile: Hashable, Sendable, Codable {
    /// SHA-256 of the file as it came.
    public var digest: EntryHash
    /// How many rows of it name a serial number or a tag.
    public var rows: Int

    /// A file with so many rows.
    public init(digest: EntryHash, rows: Int) {
      self.digest = digest
      self.rows = rows
    }
  }

  public var act: Act
  /// The order's number.
  public var order: String
  public var route: DisposeDetails.Route
  /// Who takes what is on it.
  public var vendor: String
  /// The number of the seal: put on, broken, or on it when it left; nil where there was none.
  public var seal: String?
  /// Who stood by as it was sealed.
  public var witness: Second?
  /// The manager who had it closed with something open: another person, or who closed it.
  public var approver: Second?
  /// How many assets go, or went, with it.
  public var assets: Int
  /// Which: see ``hash(of:)``.
  public var lines: EntryHash
  /// The recycler's list as it stood then; nil before there was one.
  public var list: RecyclerFile?
  /// What had left and nobody had confirmed when it was closed, ascending; nil for nothing.
  public var open: [AssetID]?
  /// Why, as it was given; nil where nobody had to say.
  public var reason: String?

  /// An act with what every one has; the rest is set on it.
  public init(
    act: Act, order: String, route: DisposeDetails.Route, vendor: String, assets: Int, lines: EntryHash
  ) {
    self.act = act
    self.order = order
    self.route = route
    self.vendor = vendor
    self.assets = assets
    self.lines = lines
  }

  /// SHA-256 over the ids of assets, sixteen bytes each, ascending: the same in whatever order they are given.
  public static func hash(of assets: [AssetID]) -> EntryHash {
    EntryHash(
      of: assets.sorted().flatMap { id in withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) { Array($0) } })
  }
}

extension DisposalStatement {
  /// In a few words, for a line of a log: what was done, with what seal, what was left open and why.
  public var words: String {
    let count = "\(assets) \(assets == 1 ? "asset" : "assets")"
    let what =
      switch act {
      case .sealed: "Disposal order \(order) sealed"
      case .unsealed: "Disposal order \(order) unsealed"
      case .listTaken: "Recycler's list of disposal order \(order) taken"
      case .closed: "Disposal order \(order) closed"
      }
    var facts: [String] = []
    if let seal { facts.append("seal \(seal)") }
    facts.append(count)
    if act == .listTaken, let list { facts.append("\(list.rows) \(list.rows == 1 ? "row" : "rows")") }
    if act == .closed { facts.append(open.map { "\($0.count) not confirmed" } ?? "nothing left open") }
    return "\(what) (\(facts.joined(separator: ", ")))" + (reason.map { ": \($0)" } ?? "")
  }
}
