import Custody

/// The custody of one asset, newest first. Rendered by `timeline.mustache`.
struct TimelineView: Sendable {
  var entries: [TimelineEntry]
  /// Set when older events stand on the asset's own page.
  var more: TimelineMore?
}

/// A link to what is not shown.
struct TimelineMore: Sendable {
  var href: String
  /// Such as `14 older events`.
  var words: String
}

extension TimelineMore {
  /// What a station says that began with a snapshot, of the events about an asset that are older than its ledger.
  init(asset: AssetID, ledgerBegins index: Int64?) {
    self.init(
      href: "/assets/\(asset)",
      words: "Older events are at the centre, which cannot be asked now: this station's ledger begins at entry "
        + "\(index ?? 0) of its log. Try again")
  }
}

/// One event of the timeline. Rendered by `timeline-entry.mustache`.
struct TimelineEntry: Sendable {
  /// Whom the proof of an event rests on so far; the case names are classes of the page.
  enum Proof: Sendable { case station, centre, proved }
  /// Anchor on the asset's page, `event-{id}`.
  var anchor: String
  /// Name of the icon: the verb's raw value.
  var icon: String
  /// Such as `Received`.
  var verb: String
  /// Custodian or state before and after; nil where nothing moved.
  var from: String?
  var to: String?
  /// Operator, with the witness where there was one.
  var who: String
  var place: String?
  /// One line of what was recorded, such as `Grade B, two missing screws`.
  var note: String?
  var at: MomentView
  var proof: Proof
  /// Such as `Sealed on this station` or `Held by the centre`.
  var proofWords: String
  /// Name of the icon: `seal`, `centre` or `proved`.
  var proofIcon: String
  /// The proof itself, where there is one.
  var proofHref: String?
  /// The paper that the event gives; nil where there is none.
  var document: EventLink?
  /// Set when a later event corrects this one: it is struck through.
  var correctedBy: EventLink?
  /// Set on a correction: the event it corrects.
  var corrects: EventLink?
}

/// A link to another event of the same asset.
struct EventLink: Sendable {
  var href: String
  var words: String
}
