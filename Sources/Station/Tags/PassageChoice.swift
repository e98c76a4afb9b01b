import Custody
import Hummingbird
import StationStore

/// What a request wants to see of passages: all, or those of a finding, of a door, in a period.
struct PassageChoice: Sendable {
  /// What of a comparison is listed.
  enum Shown: Hashable, Sendable {
    case finding(DoorFinding)
    /// Left by record, and not seen.
    case unseen
  }

  let door: String?
  let period: DoorPeriod
  /// Nil for all passages.
  let shown: Shown?

  /// Reads `door`, `from`, `to` and `finding`. Throws the problem for what is none of them.
  init(_ request: Request, _ clock: Moments) throws {
    door = request.text("door")
    period = try DoorPeriod(request, clock)
    shown = try request.text("finding").map { text -> Shown in
      if text == Self.unseenName { return .unseen }
      guard let finding = DoorFinding(rawValue: text) else {
        let names = DoorFinding.allCases.map(\.rawValue) + [Self.unseenName]
        throw Problem.malformed(
          "finding is '\(text.prefix(40))', none of a comparison.", pointer: "/finding",
          remedy: "Give one of \(names.joined(separator: ", ")).")
      }
      return .finding(finding)
    }
  }

  static let unseenName = "notSeen"

  /// The finding of the passages that are listed; nil for any.
  var finding: DoorFinding? { if case .finding(let finding)? = shown { finding } else { nil } }
  /// The time of the passages that are listed; nil for all that are kept.
  var listed: Range<Instant>? { shown != nil || period.isGiven ? period.moments : nil }

  /// The query of the same, or of another finding, of the same door and period.
  func query(_ name: String?, withPeriod: Bool = true, before: String? = nil) -> String {
    query(at: door, name, withPeriod: withPeriod, before: before)
  }

  /// The query of what is listed, at another door, or at all.
  func query(at door: String?) -> String { query(at: door, name, withPeriod: listed != nil, before: nil) }

  private func query(at door: String?, _ name: String?, withPeriod: Bool, before: String?) -> String {
    var parameters: [(String, String?)] = [("door", door)]
    if withPeriod {
      parameters.append(("from", period.from.description))
      parameters.append(("to", period.to.description))
    }
    parameters.append(("finding", name))
    parameters.append(("before", before))
    return DeskPages.query(parameters)
  }

  /// The query of what is listed.
  func query(before: String? = nil) -> String {
    query(name, withPeriod: listed != nil, before: before)
  }

  /// What is listed, as a request says it.
  var name: String? {
    switch shown {
    case .finding(let finding)?: finding.rawValue
    case .unseen?: Self.unseenName
    case nil: nil
    }
  }
}
