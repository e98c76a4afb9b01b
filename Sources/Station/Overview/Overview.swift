import Custody
import StationStore

/// What a manager acts on: counts by state, what somebody has to do something about, what disagrees and for how long.
struct Overview: Sendable {
  /// How far ahead warranties and replacements are looked for, days.
  static let horizon = 90
  /// Assets that are looked at for drives which are not wiped; a storeroom that holds more has other worries first.
  static let mostLookedAt = 5000

  let byState: [LifecycleState: Int]
  let attention: [AttentionList: Int]
  let awaitingWipe: Int
  /// Whether these are all; else there are at least so many.
  let isAwaitingWipeAll: Bool
  /// Under a week, under 30 days, longer.
  let discrepancies: [Int]
  let followUps: [Int]

  /// The overview at a moment.
  init(in snapshot: any StoreReading, at moment: Instant, today: CalendarDate) throws {
    byState = try snapshot.countByState()
    var counts: [AttentionList: Int] = [:]
    for list in AttentionList.allCases {
      counts[list] = try snapshot.count(list, today: today, within: Self.horizon)
    }
    attention = counts
    let wipes = try snapshot.awaitingWipe(limit: Self.mostLookedAt)
    (awaitingWipe, isAwaitingWipeAll) = (wipes.assets.count, wipes.isAll)
    (discrepancies, followUps) = try snapshot.openByAge(at: moment)
  }
}

extension AttentionList {
  var label: String {
    switch self {
    case .overdueLoans: "Overdue loans"
    case .warranty: "Warranty ends within \(Overview.horizon) days"
    case .refresh: "To be replaced within \(Overview.horizon) days"
    case .unassigned: "With nobody, or at no place"
    case .awaitingTriage: "Awaiting triage"
    case .awaitingConfirmation: "Awaiting the recycler’s word"
    }
  }

  /// What to do about it.
  var remedy: String {
    switch self {
    case .overdueLoans: "Remind who has it, or extend the loan."
    case .warranty: "Have what is broken repaired before it ends."
    case .refresh: "Order what takes its place."
    case .unassigned: "Look for it; deploy or transfer it where it is."
    case .awaitingTriage: "Grade it: stock, repair or retired."
    case .awaitingConfirmation: "Ask the recycler for the list and the certificate."
    }
  }

  /// The day that presses, of one of its assets.
  func day(of asset: Asset) -> CalendarDate? {
    switch self {
    case .overdueLoans: asset.expectedReturn
    case .warranty: asset.facts.warrantyEnd
    case .refresh: asset.facts.refreshDate
    default: nil
    }
  }
}
