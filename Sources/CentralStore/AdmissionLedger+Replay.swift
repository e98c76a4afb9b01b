import Custody
import CustodyLedger
import TamperEvidence

extension AdmissionLedger {
  /// Logs an entry of a log that was lost again, at the index that it had: what stations signed by the rules of admission,
  /// what the centre itself stated as it stated it. When it was received is not known any more; the moment that the entry itself
  /// names stands for it.
  ///
  /// Throws ``CentralFault/damaged(reason:)`` for an entry that cannot have stood there.
  public func replay(_ entry: UnverifiedEntry, at index: Int64) throws {
    let content = EntryContent(eventBytes: entry.entry.event)
    let moment = Self.moment(of: content)
    guard let name = content.header?.station else {
      throw CentralFault.damaged(reason: "entry \(index) of the copies does not say who made it")
    }
    let given: Int64?
    if name == sequencer.author.origin {
      given = try replay(own: entry, content, at: moment)
    } else {
      guard let station = try enrolledStation(named: name) else {
        throw CentralFault.damaged(
          reason: "entry \(index) of the copies is of \(name), which no entry before it enrols")
      }
      let keys = try keys(of: station)
      let checked = CheckedEntry.check([entry], from: station, by: keys)
      given = try admit(checked, from: station, by: keys, at: moment).first?.logIndex
    }
    guard given == index else {
      throw CentralFault.damaged(
        reason: "entry \(index) of the copies, of \(name), is not one that a log can have there")
    }
  }

  private static func moment(of content: EntryContent) -> Instant {
    switch content {
    case .event(let event): event.wallClock
    case .statement(let statement): statement.wallClock
    case .unsupported, .unreadable: Instant(milliseconds: 0)
    }
  }

  /// What the centre had stated. Nil for what it never states.
  private func replay(own entry: UnverifiedEntry, _ content: EntryContent, at moment: Instant) throws -> Int64? {
    let key = sequencer.author.key.verifierKey
    guard case .statement(let statement) = content, let verified = entry.verify(with: key) else { return nil }
    let index = try add(
      CheckedEntry(own: verified, by: key), from: sequencer.author.origin, at: moment, holdsPlace: true)
    try mark(index, .stated, nil)
    switch statement.details {
    case .enrol(let enrolment):
      let name = enrolment.key.name
      let isKnown = try enrolledStation(named: name) != nil
      // Whoever had a token or a request key before is let in by a new code.
      try put(EnrolledStation(key: enrolment.key, enrolledAt: moment), token: .nobodys)
      if isKnown {
        try put(key: enrolment.key, ofStation: name)
        try put(freeze: nil, ofStation: name)
      }
      try put(statedAt: index, ofStation: name)
      try put(keyStatement: entry.entry.bytes, at: index, about: name)
    case .revoke(let revocation):
      try put(keyStatement: entry.entry.bytes, at: index, about: revocation.subject)
      guard let station = try enrolledStation(named: revocation.subject) else { return nil }
      let end = ChainPlace(epoch: revocation.epoch, seq: revocation.lastGoodSeq)
      try judgeAgain(station.name, beyond: end, by: try keys(of: station).history, at: moment)
    case .rotate, .openEpoch, .erase, .closeCount, .closeSession, .disposalOrder: return nil
    }
    return index
  }
}
