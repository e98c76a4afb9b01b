import Custody

/// What a vendor says has come: the rows of their list.
public struct RecyclerList: Hashable, Sendable, Codable {
  /// Most rows that are taken.
  public static let mostRows = 5000

  /// One row; it has a serial number or a tag.
  public struct Row: Hashable, Sendable, Codable {
    /// The line of the file, from 1.
    public let line: Int
    public let serial: String?
    public let tag: String?
    public let certificate: String?

    /// A row.
    public init(line: Int, serial: String?, tag: String? = nil, certificate: String? = nil) {
      self.line = line
      self.serial = serial
      self.tag = tag
      self.certificate = certificate
    }
  }

  public let rows: [Row]
  /// The file as it came, kept as evidence.
  public let file: EvidenceReference

  /// The rows of a file.
  public init(_ rows: [Row], file: EvidenceReference) {
    self.rows = rows
    self.file = file
  }
}

/// What came of holding a vendor's list against an order.
public struct RecyclerMatch: Hashable, Sendable {
  /// A row that confirms no asset of the order, and why.
  public struct Unlisted: Hashable, Sendable {
    /// Why a row counts for nothing.
    public enum Reason: Hashable, Sendable {
      /// Nothing on the order has this number.
      case notOnOrder
      /// The order left without it.
      case leftBehind(String)
      /// An earlier row, on this line, says the same.
      case repeats(line: Int)
      /// Several assets of the order have this number.
      case ambiguous
      /// The serial number is of one asset of the order, the tag of another.
      case contradicts(String, String)
    }

    public let row: RecyclerList.Row
    public let reason: Reason
  }

  /// The row that confirms an asset.
  public internal(set) var confirmed: [AssetID: RecyclerList.Row] = [:]
  /// On their list, and not on ours.
  public internal(set) var unlisted: [Unlisted] = []
  /// On ours, and not on their list; in the order's order.
  public internal(set) var missing: [AssetID] = []
}

/// A number as it is compared: without blanks, in capitals.
struct NumberKey: Hashable {
  let text: String

  /// Nil for what is blank.
  init?(_ given: String?) {
    let text = (given ?? "").uppercased().filter { !$0.isWhitespace }
    guard !text.isEmpty else { return nil }
    self.text = text
  }
}

extension DisposalOrder {
  /// Holds the vendor's list against what left: by serial number; by tag where a row has no serial number, or where
  /// several assets have it. Nil before there is a list.
  public func match(_ cargo: [AssetID: Cargo]) -> RecyclerMatch? {
    guard let list else { return nil }
    var bySerial: [NumberKey: [Asset]] = [:]
    var byTag: [NumberKey: [Asset]] = [:]
    var left: Set<AssetID> = []
    for line in lines {
      guard let asset = cargo[line.asset]?.asset else { continue }
      if line.left != nil { left.insert(line.asset) }
      let serials = Set(
        asset.identifiers.filter { $0.kind == .serial || $0.kind == .serviceTag }.compactMap { NumberKey($0.value) })
      for key in serials { bySerial[key, default: []].append(asset) }
      let tags = Set(asset.identifiers.filter { $0.kind == .tag }.compactMap { NumberKey($0.value) })
      for key in tags { byTag[key, default: []].append(asset) }
    }
    var match = RecyclerMatch()
    for row in list.rows {
      func leaveOut(_ reason: RecyclerMatch.Unlisted.Reason) {
        match.unlisted.append(RecyclerMatch.Unlisted(row: row, reason: reason))
      }
      let tagged = NumberKey(row.tag).flatMap { byTag[$0] } ?? []
      var found = NumberKey(row.serial).map { bySerial[$0] ?? [] } ?? tagged
      if found.count > 1 {
        let both = found.filter { one in tagged.contains { $0.id == one.id } }
        if !both.isEmpty { found = both }
      }
      guard let asset = found.first else {
        leaveOut(.notOnOrder)
        continue
      }
      if found.count > 1 {
        leaveOut(.ambiguous)
      } else if let other = tagged.first, other.id != asset.id {
        leaveOut(.contradicts(asset.name, other.name))
      } else if left.contains(asset.id) {
        leaveOut(.leftBehind(asset.name))
      } else if let earlier = match.confirmed[asset.id] {
        leaveOut(.repeats(line: earlier.line))
      } else {
        match.confirmed[asset.id] = row
      }
    }
    match.missing = lines.filter { $0.left == nil && match.confirmed[$0.asset] == nil }.map(\.asset)
    return match
  }
}
