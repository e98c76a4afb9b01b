import Custody
import CustodyLedger
import StationStore

extension CountPresenter {
  /// The headings of the file of counts.
  static let columns = [
    "count", "scope", "what", "kind", "state", "expected", "found", "otherShelf", "otherRoom", "missing", "unexpected",
    "unknown", "duplicate", "accuracy", "openedAt", "openedBy", "closedAt", "closedBy", "entry",
  ]

  /// A count as a row of the file of counts. Of a blind count that is open it says no more than its page: nothing of what is
  /// expected, and nothing of what came of it.
  func fields(_ count: StoredCount) throws -> [String?] {
    let tally = try count.hides ? nil : count.ending?.tally ?? snapshot.tally(of: count.id)
    let (ending, kind) = (count.ending, count.blind ? "blind" : "guided")
    var fields: [String?] = [
      count.id.description, Self.key(of: count.scope), try title(count.scope), kind, ending == nil ? "open" : "closed",
      count.hides ? nil : "\(count.expected)",
    ]
    let numbers = [
      tally?.found, tally?.otherShelf, tally?.otherRoom, tally?.missing, tally?.unexpected, tally?.unknown,
      tally?.duplicate,
    ]
    fields += numbers.map { number in number.map { "\($0)" } }
    fields += [
      count.accuracy?.percent, count.openedAt.description, try snapshot.personName(count.openedBy),
      ending?.at.description, try snapshot.personName(ending?.by), ending?.entry.description,
    ]
    return fields
  }

  /// What is counted, as the form that opens a count names it.
  private static func key(of scope: CountScope) -> String {
    switch scope {
    case .location(let place): "location:\(place)"
    case .category(let category): "category:\(category)"
    case .custodian(let custodian): "custodian:\(custodian.key)"
    }
  }
}
