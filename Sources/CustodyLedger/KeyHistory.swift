import TamperEvidence

/// Which key was good for which entry: enrolments, rotations and revocations, judged by (station, epoch, seq) alone. No
/// clock is asked, and the order in which statements arrive does not matter.
public struct KeyHistory: Sendable {
  /// What the history says of one place in one station's chain.
  public enum Judgement: Hashable, Sendable {
    /// This key must have signed the entry.
    case key(VerifierKey)
    /// This key signed it or somebody who had it: the station was revoked after `lastGood`, so that the entry counts for
    /// nothing.
    case revoked(VerifierKey, lastGood: ChainPlace)
    /// The station has opened a new epoch that follows `last`, so that the entry beyond it counts for nothing.
    case closed(VerifierKey, last: ChainPlace)
    /// No enrolment covers the place.
    case unknown
  }

  /// A statement that has no part in the history, and why.
  public struct Fault: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: String, Hashable, Sendable, Codable {
      /// It cannot be read as a statement.
      case form
      /// It is not signed by the key that must sign it.
      case signature
      /// It contradicts another statement, or itself.
      case conflict
    }

    /// Its place among the entries that were given, from 0.
    public let index: Int
    /// What is wrong.
    public let reason: Reason
    /// One sentence.
    public let sentence: String
  }

  /// One key of a station, and the places that it is good for.
  private struct Tenure: Sendable {
    let key: VerifierKey
    /// The first place that it signs.
    let from: ChainPlace
    /// The epoch of the enrolment that it goes back to.
    let enrolledEpoch: Int
  }

  /// Who enrols and revokes.
  public let authority: VerifierKey
  /// The statements that have no part in the history, in the order they were given.
  public private(set) var faults: [Fault] = []
  private var tenures: [String: [Tenure]] = [:]
  private var revocations: [String: [KeyRevocation]] = [:]
  /// By station and epoch: the last entry that counts in an epoch that was closed.
  private var closings: [String: [Int: ChainPlace]] = [:]

  /// The history that `statements` tell, in whatever order; those that tell nothing valid are named in `faults`.
  ///
  /// - Parameter vouched: keys that the reader answers for, where no enrolment of their station is stated: good from its
  ///   first epoch on.
  public init(authority: VerifierKey, statements: [UnverifiedEntry], vouched: [VerifierKey] = []) {
    self.authority = authority
    var read: [(index: Int, entry: UnverifiedEntry, statement: StationStatement)] = []
    for (index, entry) in statements.enumerated() {
      do {
        read.append((index, entry, try CanonicalDecoder().decode(StationStatement.self, from: entry.entry.event)))
      } catch {
        faults.append(Fault(index: index, reason: .form, sentence: "It is no statement: \(error)."))
      }
    }
    // What a station states of itself is judged by the keys before it, so that comes last and in order of the chains.
    func turn(_ statement: StationStatement) -> Int {
      switch statement.details {
      case .enrol, .revoke: 0
      case .rotate, .openEpoch, .erase, .closeCount, .closeSession, .disposalOrder: 1
      }
    }
    read.sort { left, right in
      (turn(left.statement), left.statement.place, left.index) < (
        turn(right.statement), right.statement.place, right.index
      )
    }
    let enrolled = Set(read.compactMap { Self.enrolled(by: $0.statement) })
    for key in vouched where !enrolled.contains(key.name) && key.name != authority.name {
      insert(Tenure(key: key, from: ChainPlace(epoch: 1, seq: 1), enrolledEpoch: 1), of: key.name)
    }
    for (index, entry, statement) in read {
      do throws(Fault) {
        try take(statement, entry, index)
      } catch {
        faults.append(error)
      }
    }
    faults.sort { $0.index < $1.index }
  }

  private static func enrolled(by statement: StationStatement) -> String? {
    if case .enrol(let enrolment) = statement.details { enrolment.subject } else { nil }
  }

  /// Every key that signs or signed for a station, oldest first.
  public func keys(of station: String) -> [VerifierKey] {
    station == authority.name ? [authority] : (tenures[station] ?? []).map(\.key)
  }

  /// The key that signs for a station now, as far as the statements go; nil for one that is not enrolled.
  public func newestKey(of station: String) -> VerifierKey? { keys(of: station).last }

  /// Which key was good for the entry at `place` of `station`, which is named `site/station`.
  public func judgement(of station: String, at place: ChainPlace) -> Judgement {
    guard station != authority.name else { return .key(authority) }
    guard let tenure = tenures[station]?.last(where: { $0.from <= place }) else { return .unknown }
    // A revocation ends what goes back to the same enrolment; a later enrolment begins anew.
    let revoked = revocations[station]?.filter { $0.epoch >= tenure.enrolledEpoch && $0.lastGood < place }
      .map(\.lastGood).min()
    if let revoked { return .revoked(tenure.key, lastGood: revoked) }
    if let last = closings[station]?[place.epoch], last < place { return .closed(tenure.key, last: last) }
    return .key(tenure.key)
  }

  private mutating func take(_ statement: StationStatement, _ entry: UnverifiedEntry, _ index: Int) throws(Fault) {
    func fault(_ reason: Fault.Reason, _ sentence: String) -> Fault {
      Fault(index: index, reason: reason, sentence: sentence)
    }
    let signer: VerifierKey
    switch statement.details {
    case .enrol, .revoke:
      guard statement.author == authority.name else {
        throw fault(.signature, "It is of \(statement.author); only \(authority.name) enrols and revokes.")
      }
      signer = authority
    case .rotate, .openEpoch, .erase, .closeCount, .closeSession, .disposalOrder:
      switch judgement(of: statement.author, at: statement.place) {
      case .key(let key): signer = key
      case .revoked(let key, let lastGood):
        // Whoever signs after it by the key that it names is told as one of the revoked, not as a stranger.
        if case .rotate(let rotation) = statement.details, rotation.key.name.utf8.elementsEqual(statement.author.utf8),
          statement.keyID == key.keyID, entry.verify(with: key) != nil,
          let before = tenures[statement.author]?.last(where: { $0.from <= statement.place })
        {
          let from = ChainPlace(epoch: statement.place.epoch, seq: statement.place.seq + 1)
          if tenures[statement.author]?.contains(where: { $0.from == from }) != true {
            insert(
              Tenure(key: rotation.key, from: from, enrolledEpoch: before.enrolledEpoch), of: statement.author)
          }
        }
        throw fault(.signature, "\(statement.author) was revoked after \(lastGood).")
      case .closed(_, let last):
        throw fault(.signature, "\(statement.author) closed this epoch after \(last).")
      case .unknown:
        throw fault(.signature, "No enrolment of \(statement.author) covers \(statement.place).")
      }
    }
    guard statement.keyID == signer.keyID, entry.verify(with: signer) != nil else {
      throw fault(.signature, "It is not signed by key \(signer.name)+\(signer.keyID).")
    }
    switch statement.details {
    case .enrol(let enrolment):
      let from = ChainPlace(epoch: enrolment.epoch, seq: 1)
      guard enrolment.epoch >= 1, enrolment.subject != authority.name else {
        throw fault(.conflict, "It enrols \(enrolment.subject) from epoch \(enrolment.epoch) on.")
      }
      if let other = tenures[enrolment.subject]?.first(where: { $0.from == from }) {
        guard other.key == enrolment.key else {
          throw fault(.conflict, "Another key of \(enrolment.subject) is enrolled from epoch \(enrolment.epoch) on.")
        }
        return
      }
      insert(Tenure(key: enrolment.key, from: from, enrolledEpoch: enrolment.epoch), of: enrolment.subject)
    case .revoke(let revocation):
      guard revocation.epoch >= 1, revocation.lastGoodSeq >= 0 else {
        throw fault(.conflict, "It revokes after \(revocation.lastGood), which is no place in a chain.")
      }
      revocations[revocation.subject, default: []].append(revocation)
    case .rotate(let rotation):
      guard rotation.key.name.utf8.elementsEqual(statement.author.utf8) else {
        throw fault(.conflict, "It hands \(statement.author) over to a key of \(rotation.key.name).")
      }
      let from = ChainPlace(epoch: statement.place.epoch, seq: statement.place.seq + 1)
      guard let before = tenures[statement.author]?.last(where: { $0.from < from }) else { return }
      if let other = tenures[statement.author]?.first(where: { $0.from == from }) {
        guard other.key == rotation.key else {
          throw fault(.conflict, "\(statement.author) hands over to two keys at \(statement.place).")
        }
        return
      }
      insert(Tenure(key: rotation.key, from: from, enrolledEpoch: before.enrolledEpoch), of: statement.author)
    case .openEpoch(let opening):
      guard statement.place.seq == 1, opening.previousEpoch == statement.place.epoch - 1, opening.lastSeq >= 0 else {
        throw fault(.conflict, "It opens an epoch at \(statement.place) after epoch \(opening.previousEpoch).")
      }
      closings[statement.author, default: [:]][opening.previousEpoch] =
        ChainPlace(epoch: opening.previousEpoch, seq: opening.lastSeq)
    case .erase, .closeCount, .closeSession, .disposalOrder: break
    }
  }

  private mutating func insert(_ tenure: Tenure, of station: String) {
    tenures[station, default: []].append(tenure)
    tenures[station]?.sort { $0.from < $1.from }
  }
}
