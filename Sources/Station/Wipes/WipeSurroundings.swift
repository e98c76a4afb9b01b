import Custody
import Foundation
import SanitizationReports
import StationStore

/// What NIST SP 800-88r2 §4.6 wants recorded of a wipe and no tool's report says: told once for all reports of an upload. Nil for
/// what is not said.
struct WipeSurroundings: Hashable, Sendable {
  /// Where it was done.
  var place: String?
  /// Confidentiality categorisation of the data, in the site's words.
  var categorisation: String?
  /// Where the media go next.
  var destination: String?

  /// Without blanks around them; what is blank is not said.
  init(place: String? = nil, categorisation: String? = nil, destination: String? = nil) {
    func said(_ text: String?) -> String? {
      text.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    self.place = said(place)
    self.categorisation = said(categorisation)
    self.destination = said(destination)
  }
}

extension StoreReading {
  /// Adds to the record of a medium of `asset` what was said, and what is known here: from whom it came, the asset's own
  /// classification where no other is said, and the tag of a drive that is an asset of its own.
  func complete(_ record: inout SanitizationRecord, of asset: Asset, _ said: WipeSurroundings) throws {
    record.place = said.place
    record.categorisation = said.categorisation ?? asset.facts.classification
    record.destination = said.destination
    record.sourceUser = try lastHolder(of: asset.id)
    // A tag on the computer is no property number of the drive in it.
    if let serial = asset.serial, WipeReport.folded(serial) == WipeReport.folded(record.medium.serial) {
      record.propertyNumber = asset.tag
    }
  }

  /// The person who had the asset last, by the events that count; nil where it was a team or a place, or nobody had it.
  func lastHolder(of asset: AssetID) throws -> PersonID? {
    let events = try history(of: asset)
    let takenBack = Set(events.compactMap(\.corrects))
    for event in events.reversed() where event.verb != .correct && !takenBack.contains(event.eventID) {
      guard let custodian = event.to?.custodian ?? event.from?.custodian else { continue }
      if case .person(let person) = custodian { return person }
      return nil
    }
    return nil
  }
}
