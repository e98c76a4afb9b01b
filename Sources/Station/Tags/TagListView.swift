import Custody
import ReaderNetwork
import ScannerProtocols
import StationStore

/// The tags in the field of the readers. Rendered by `tags.mustache`.
struct TagListView: Sendable {
  var shell: ShellView
  var readers: [NetworkReaderView]
  /// All, and one for each zone, or antenna without one.
  var chips: [StateChip]
  var rows: [TagRow]
  /// The same list as CSV.
  var csv: String
  /// Such as `300 tags, the first 200 shown`.
  var words: String
  /// The newest passages.
  var passages: PassageRows
  var hasReaders: Bool
  var hasPassages: Bool
  /// Whether a doorway is set up.
  var hasDoors: Bool
}

/// One tag. Rendered by `tags.mustache`.
struct TagRow: Sendable {
  var epc: String
  /// The asset that it belongs to; nil for a tag that no asset has.
  var asset: TagAssetView?
  /// The zone, or reader and antenna.
  var place: String
  /// Reader and antenna, where there is a zone.
  var antenna: String?
  var signal: String?
  var count: Int
  var firstSeen: MomentView
  var lastSeen: MomentView
}

/// The asset of a tag.
struct TagAssetView: Sendable {
  var href: String
  var name: String
  var title: String
  var state: StateView

  init(_ asset: Asset) {
    (href, name, title, state) = (asset.href, asset.displayName, asset.title, asset.state.view)
  }
}

/// Passages. Rendered by `passage-table.mustache`.
struct PassageRows: Sendable {
  var rows: [PassageRow]
}

/// A tag that went through a doorway.
struct PassageRow: Sendable {
  var id: String
  var at: MomentView
  var doorway: String
  var words: String
  var icon: String
  var epc: String
  var asset: TagAssetView?
  /// What was made of it; nil of one that was kept before passages were judged.
  var verdict: DoorVerdictView?
  /// The state that the asset was in then, and who had it.
  var stood: String?
}

/// What was made of a passage. Rendered by `passage-table.mustache`.
struct DoorVerdictView: Sendable {
  var label: String
  /// Name of the icon, and of the colour: `good`, `bad` or `odd`.
  var icon: String
  var kind: String
  var sentence: String
  var remedy: String?

  init(_ judgement: DoorJudgement) {
    let made: (label: String, icon: String, kind: String) =
      switch judgement.verdict {
      case .expected: ("Expected", "check", "good")
      case .notExpected: ("Not expected", "warning", "bad")
      case .unknown: ("Unknown tag", "question", "odd")
      case .undirected: ("No verdict", "question", "odd")
      }
    (label, icon, kind) = (made.label, made.icon, made.kind)
    (sentence, remedy) = (judgement.sentence, judgement.remedy)
  }
}

extension KeptPassage {
  /// Which way it went.
  var words: String {
    switch direction {
    case .inwards?: "came in"
    case .outwards?: "went out"
    case nil: "was in the doorway"
    }
  }

  /// Name of the icon.
  var icon: String {
    switch direction {
    case .inwards?: "receive"
    case .outwards?: "deploy"
    case nil: "question"
    }
  }
}

extension ReaderStatus.Phase {
  /// What stands over the reason that something is wrong.
  fileprivate var title: String {
    switch self {
    case .reading: "The reader reads, with a reservation"
    case .settingUp: "The reader is being set up, with a reservation"
    case .connecting: "The reader is being connected again"
    case .lost, .off: "The reader cannot be used"
    }
  }
}

/// A reader on the network. Rendered by `reader-card.mustache`.
struct NetworkReaderView: Sendable {
  var id: String
  var address: String
  var lamp: LampView
  /// Such as `Impinj, firmware 5.14, 4 antennas`; nil before it has said so.
  var kind: String?
  var problem: ProblemView?

  init(_ reader: NetworkReader) {
    self.init(reader.name, at: reader.address, reader.status)
  }

  init(_ name: String, at place: ReaderAddress, _ status: ReaderStatus) {
    id = name
    address = place.description
    lamp =
      switch status.phase {
      case .off: LampView(state: .off, words: status.phase.words)
      case .connecting, .settingUp: LampView(state: .busy, words: status.phase.words)
      case .reading: LampView(state: status.reason == nil ? .good : .bad, words: status.phase.words)
      case .lost: LampView(state: .bad, words: status.phase.words)
      }
    if let can = status.capabilities {
      let parts = [
        status.maker, can.firmware.isEmpty ? nil : "firmware \(can.firmware)",
        can.antennas > 0 ? can.antennas == 1 ? "1 antenna" : "\(can.antennas) antennas" : nil,
      ]
      kind = parts.compactMap(\.self).joined(separator: ", ")
    }
    if let reason = status.reason {
      problem = ProblemView(
        title: status.phase.title,
        detail: reason.prefix(1).uppercased() + reason.dropFirst() + ".", remedy: status.remedy)
    }
  }
}
