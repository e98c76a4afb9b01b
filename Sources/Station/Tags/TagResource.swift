import AssetIdentifiers
import Custody
import ReaderNetwork
import ScannerProtocols
import StationStore

/// A tag in the field, as machines are told of it.
struct TagResource: Encodable {
  /// What one antenna has seen of it.
  struct Heard: Encodable {
    let reader: String
    let antenna: Int?
    let count: Int
    let signal: Int?
    let strongest: Int?
    let lastSeen: Instant
  }

  /// Hexadecimal.
  let epc: String
  /// `urn:epc:tag:…`, or `urn:epc:raw:…` for bits that are no EPC of GS1.
  let uri: String?
  /// Protocol control word, hexadecimal.
  let control: String?
  let asset: TagAsset?
  let reader: String
  let antenna: Int?
  let zone: String?
  /// How strong it is heard; in dBm, unless `signalUnit` says otherwise.
  let signal: Int?
  let signalUnit: String?
  let count: Int
  let firstSeen: Instant
  let lastSeen: Instant
  let heard: [Heard]

  init(_ sighting: TagSighting, asset: Asset?, instant: (Duration) -> Instant) {
    epc = hexadecimal(sighting.epc).uppercased()
    uri = Self.uri(sighting.epc)
    control = sighting.control.map { hexadecimal([UInt8($0.rawValue >> 8), UInt8($0.rawValue & 255)]).uppercased() }
    self.asset = asset.map { TagAsset($0) }
    reader = sighting.antenna.reader
    antenna = sighting.antenna.shown
    zone = sighting.zone
    signal = sighting.strength?.value
    signalUnit =
      switch sighting.strength {
      case .dBm?: "dBm"
      case .raw?: "raw"
      case nil: nil
      }
    count = sighting.count
    firstSeen = instant(sighting.firstSeen)
    lastSeen = instant(sighting.lastSeen)
    heard = sighting.heard.sorted { ($0.key.reader, $0.key.number) < ($1.key.reader, $1.key.number) }.map {
      Heard(
        reader: $0.key.reader, antenna: $0.key.shown, count: $0.value.count, signal: $0.value.strength?.value,
        strongest: $0.value.strongest?.value, lastSeen: instant($0.value.lastSeen))
    }
  }

  private static func uri(_ epc: [UInt8]) -> String? {
    do throws(IdentifierError) {
      return try EPC(binary: epc).uri
    } catch {
      return nil
    }
  }
}

/// The asset that a tag belongs to.
struct TagAsset: Encodable {
  let id: AssetID
  let name: String
  let title: String
  let state: String

  init(_ asset: Asset) {
    (id, name, title, state) = (asset.id, asset.displayName, asset.title, asset.state.rawValue)
  }
}

/// A tag that went through a doorway: a sighting, no change of custody, with what was made of it then.
struct PassageResource: Encodable {
  /// Counts up.
  let id: String
  let doorway: String
  /// `inside` or `outside`: where it is now; `unknown` where the reader could not tell.
  let to: String
  let at: Instant
  let epc: String
  let asset: TagAsset?
  /// `expected`, `notExpected`, `unknown` or `undirected`; nil of one that was kept before passages were judged, as are the
  /// other members that follow.
  let verdict: String?
  let code: String?
  let sentence: String?
  let remedy: String?
  /// Where the asset stood then.
  let state: String?
  /// `person:…`, `team:…` or `place:…`.
  let custodian: String?

  init(_ passage: KeptPassage, asset: Asset?) {
    id = String(passage.id)
    doorway = passage.doorway
    to = Self.side(passage.direction)
    at = passage.at
    epc = hexadecimal(passage.epc).uppercased()
    self.asset = asset.map { TagAsset($0) }
    verdict = passage.judgement?.verdict.rawValue
    code = passage.judgement?.code
    sentence = passage.judgement?.sentence
    remedy = passage.judgement?.remedy
    state = passage.state?.rawValue
    custodian = passage.custodian?.key
  }

  /// Where something is that went that way.
  static func side(_ direction: DoorDirection?) -> String {
    switch direction {
    case .inwards?: "inside"
    case .outwards?: "outside"
    case nil: "unknown"
    }
  }
}

/// A reader on the network, as machines are told of it.
struct ReaderResource: Encodable {
  let id: String
  let address: String
  let state: String
  /// What is wrong; nil while all is well.
  let reason: String?
  let remedy: String?
  let maker: String?
  let model: Int64?
  let firmware: String?
  /// How many antennas it can have.
  let antennas: Int?
  let connections: Int
  let failures: Int

  init(_ reader: NetworkReader) {
    let status = reader.status
    id = reader.name
    address = reader.address.description
    state = status.phase.rawValue
    reason = status.reason
    remedy = status.remedy
    maker = status.maker
    model = status.capabilities.map { Int64($0.model) }
    firmware = status.capabilities?.firmware
    antennas = status.capabilities?.antennas
    connections = status.connections
    failures = status.failures
  }
}

/// How it stands with a reader, for who watches over the station.
struct ReaderHealth: Encodable {
  let name: String
  let state: String
  /// In words, with the reason.
  let words: String
  let remedy: String?

  init(_ reader: NetworkReader) {
    let status = reader.status
    name = reader.name
    state = status.phase.rawValue
    words = status.phase.words + (status.reason.map { ": \($0)" } ?? "")
    remedy = status.remedy
  }
}

extension ReaderStatus.Phase {
  /// As people say it.
  var words: String {
    switch self {
    case .off: "Off"
    case .connecting: "Connecting"
    case .settingUp: "Being set up"
    case .reading: "Reading"
    case .lost: "No connection"
    }
  }
}

extension TagAntenna {
  /// The number, where the reader tells one.
  var shown: Int? { number == 0 ? nil : number }
}
