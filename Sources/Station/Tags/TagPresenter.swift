import AssetIdentifiers
import Custody
import CustodyLedger
import ScannerProtocols
import StationStore

/// Says what tags mean: the asset that each belongs to, and moments as the station's clock has them.
struct TagPresenter {
  let core: StationCore
  let snapshot: any StoreReading
  /// One moment, on the stopwatch that reads are dated by and on the clock on the wall.
  private let now: (elapsed: Duration, wall: Instant)

  init(core: StationCore, snapshot: any StoreReading) {
    self.core = core
    self.snapshot = snapshot
    now = (core.tags.time.elapsed, core.clock.now())
  }

  func instant(_ time: Duration) -> Instant {
    let parts = (now.elapsed - time).components
    return now.wall.advanced(byMilliseconds: -(parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000))
  }

  /// Which asset the tag belongs to.
  func resolution(_ epc: [UInt8]) throws -> Resolution {
    let digits = hexadecimal(epc).uppercased()
    let meaning: AssetIdentifier?
    do throws(IdentifierError) {
      meaning = .epc(try EPC(binary: epc))
    } catch {
      // Bits that are no EPC of GS1: such a tag is known by them alone.
      meaning = nil
    }
    return try meaning.map { try snapshot.resolve($0, scanned: digits) } ?? snapshot.resolve(digits)
  }

  func asset(_ epc: [UInt8]) throws -> Asset? {
    guard case .asset(let id) = try resolution(epc) else { return nil }
    return try snapshot.asset(id)
  }

  func resource(_ sighting: TagSighting) throws -> TagResource {
    TagResource(sighting, asset: try asset(sighting.epc), instant: instant)
  }

  func resource(_ passage: KeptPassage) throws -> PassageResource {
    PassageResource(passage, asset: try asset(passage))
  }

  /// The asset that the tag belonged to when it went through; for a tag that nothing had then, the one that has it now.
  func asset(_ passage: KeptPassage) throws -> Asset? {
    try passage.asset.map { try snapshot.asset($0) } ?? asset(passage.epc)
  }

  func row(_ passage: KeptPassage, _ moments: Moments) throws -> PassageRow {
    PassageRow(
      id: String(passage.id), at: moments.view(passage.at), doorway: passage.doorway,
      words: passage.words, icon: passage.icon, epc: hexadecimal(passage.epc).uppercased(),
      asset: try asset(passage).map { TagAssetView($0) }, verdict: passage.judgement.map { DoorVerdictView($0) },
      stood: try passage.state.map { state in
        let names = AssetPresenter(snapshot: snapshot, moments: moments)
        return [state.label, try names.name(passage.custodian)].compactMap(\.self).joined(separator: " · ")
      })
  }

  /// Something that happened, as it is told to who listens; nil of a passage, which is told of once it is judged and kept.
  func event(_ news: TagField.News) throws -> (name: String, data: [UInt8])? {
    struct Told: Encodable {
      let event: String
      var from: String?
      let tag: TagResource
    }
    let told: Told
    switch news {
    case .tag(.arrived(let tag)): told = Told(event: "arrived", tag: try resource(tag))
    case .tag(.present(let tag)): told = Told(event: "present", tag: try resource(tag))
    case .tag(.moved(let tag, let from)): told = Told(event: "moved", from: from, tag: try resource(tag))
    case .tag(.gone(let tag)): told = Told(event: "gone", tag: try resource(tag))
    case .passage: return nil
    }
    return ("tag", try CanonicalEncoder().encode(told, limit: .max))
  }
}
