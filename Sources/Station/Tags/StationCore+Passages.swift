import Custody
import CustodyLedger
import ScannerProtocols
import StationStore

extension StationCore {
  /// How many passages one transaction keeps: a scan waits behind no more than that.
  private static let together = 100

  /// Judges and keeps the passages that have come since, and tells who listens of them; those that cannot be kept now wait for
  /// the next time.
  func keepPassages() async {
    let (passages, lost) = tags.takeUnkept()
    if lost > 0 { logger.error("passages through doors were lost", metadata: ["count": "\(lost)"]) }
    var rest = passages[...]
    do {
      while !rest.isEmpty {
        let part = rest.prefix(Self.together)
        let judged = try await store.write { [self] transaction in
          let presenter = TagPresenter(core: self, snapshot: transaction)
          let judged = try part.compactMap { try presenter.judge($0, in: transaction) }
          try transaction.prunePassages()
          return judged
        }
        rest = rest.dropFirst(part.count)
        for each in judged { tell(each) }
      }
      if !passages.isEmpty { tags.keepingWorks() }
    } catch {
      if tags.putBack(Array(rest)) {
        logger.error("passages through doors cannot be kept at present", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Takes away the passages that are kept no longer.
  func prunePassages() async {
    do {
      while try await store.write({ try $0.prunePassages() }) > 0 {}
    } catch {
      logger.warning("old passages could not be taken away", metadata: ["error": "\(error)"])
    }
  }

  /// Tells the page of tags of a passage that is kept by now; and the desk, when somebody has to look into it.
  private func tell(_ judged: JudgedPassage) {
    do {
      if tagsLive.listenerCount > 0 {
        let resource = PassageResource(judged.passage, asset: judged.asset)
        tagsLive.publish("passage", try CanonicalEncoder().encode(resource, limit: .max))
      }
      if let followUp = judged.followUp {
        let notice = DoorNotice(
          followUp: followUp, door: judged.passage.doorway, asset: judged.asset?.displayName ?? "",
          to: PassageResource.side(judged.passage.direction))
        live.publish("door", try CanonicalEncoder().encode(notice, limit: .max))
      }
    } catch {
      logger.error("pages could not be told of a passage", metadata: ["error": "\(error)"])
    }
  }
}

/// A passage as it was kept; with the follow-up that it raised, where none of its asset and door was open.
private struct JudgedPassage: Sendable {
  let passage: KeptPassage
  let asset: Asset?
  let followUp: Int64?
}

/// What the desk is told when something went through a door that should not have.
private struct DoorNotice: Encodable {
  let followUp: Int64
  let door: String
  /// How the asset is called.
  let asset: String
  let to: String
}

extension TagPresenter {
  /// Of a tag that lies in a doorway, which comes and goes there without a direction, one passage is kept in so many milliseconds:
  /// it must not push out what went through.
  private static let undirectedPause: Int64 = 600_000

  /// Judges a passage by the record as it stands in this transaction, and keeps it so; what is not expected waits for somebody.
  /// Nil for one that is not kept.
  fileprivate func judge(_ each: TagPassage, in transaction: StoreTransaction) throws -> JudgedPassage? {
    let direction: DoorDirection? = each.passage.to.map { $0 == .inside ? .inwards : .outwards }
    let at = instant(each.passage.at)
    if direction == nil, let last = try transaction.passages(epc: each.passage.epc, limit: 1).first,
      last.direction == nil, last.doorway == each.doorway,
      at.milliseconds - last.at.milliseconds < Self.undirectedPause
    {
      return nil
    }
    let (subject, asset) = try standing(of: each.passage.epc, direction)
    let judgement = DoorJudgement(of: subject, going: direction)
    var passage = KeptPassage(
      at: at, doorway: each.doorway, direction: direction, epc: each.passage.epc,
      asset: asset?.id, judgement: judgement, state: asset?.state, custodian: asset?.custodian)
    passage.id = try transaction.keep(passage)
    guard judgement.verdict == .notExpected, let asset else {
      return JudgedPassage(passage: passage, asset: asset, followUp: nil)
    }
    let words = [judgement.sentence, "Door \(each.doorway).", judgement.remedy].compactMap(\.self)
    var followUp = FollowUp(kind: FollowUpKind.door.rawValue, at: passage.at, words: words.joined(separator: " "))
    followUp.asset = asset.id
    followUp.doorway = each.doorway
    return JudgedPassage(passage: passage, asset: asset, followUp: try transaction.keepOnce(followUp))
  }

  /// What a tag stands for now, with what a door has to know of it.
  private func standing(
    of epc: [UInt8], _ direction: DoorDirection?
  ) throws -> (subject: DoorJudgement.Subject, asset: Asset?) {
    switch try resolution(epc) {
    case .ambiguous: return (.ambiguous, nil)
    case .unknown: return (.unknown, nil)
    case .asset(let id):
      guard let asset = try snapshot.asset(id) else { return (.unknown, nil) }
      var parts: [Asset] = []
      var order: DoorJudgement.Consignment?
      if direction == .outwards {
        parts = try snapshot.parts(of: id)
        if asset.state == .retired { order = try snapshot.consignment(of: id) }
      }
      return (.asset(asset, parts: parts, order: order), asset)
    }
  }
}
