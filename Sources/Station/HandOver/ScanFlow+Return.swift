import Custody
import CustodyLedger
import StationStore

extension ScanFlow {
  /// Takes the badge of who gives things back: what they have is expected from now on.
  mutating func takeBack(from person: Person) throws -> ScanOutcome {
    work.takeBack(from: person.id)
    let held = try transaction.assets(of: person.id).count
    var outcome = blank(.context, "From: \(person.name)")
    outcome.sentence = held == 0 ? "\(person.name) has nothing on record." : "\(counted(held, "thing")) on record."
    return outcome
  }

  /// Says of something that came back what is to be done with it, and whether it is somebody else's.
  mutating func tell(_ outcome: inout ScanOutcome, returned after: Asset, before: Asset?) throws {
    // It was said of this one; the next thing is thought to be whole and complete.
    if work.workflow == .return {
      for path in ["condition", "missingAccessories", "licencesToReclaim"] { work.details[path: path] = nil }
    }
    var sentences: [String] = []
    if let leaver = work.leaver {
      if before?.custodian == .person(leaver) {
        work.broughtBack = (work.broughtBack ?? 0) + 1
        let left = try transaction.assets(of: leaver).count
        sentences.append(left == 0 ? "That was the last." : "\(left) still to come.")
      } else {
        let holder = try before?.custodian.flatMap { custodian -> String? in
          guard case .person(let person) = custodian else { return nil }
          return try transaction.person(person)?.name
        }
        outcome.result = .acceptedWithNote
        outcome.words = "Another's, taken back"
        sentences.append(holder.map { "It was with \($0)." } ?? "It was on no person's record.")
      }
    }
    if case .return(let details)? = outcome.events.first?.details {
      if !details.missingAccessories.isEmpty {
        outcome.result = .acceptedWithNote
        sentences.append("Missing: \(details.missingAccessories.joined(separator: ", ")).")
      }
      if !details.licencesToReclaim.isEmpty {
        sentences.append("Reclaim: \(details.licencesToReclaim.joined(separator: ", ")).")
      }
    }
    if after.isDataBearing { sentences.append("Quarantined until it is triaged.") }
    outcome.sentence = sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }
}
