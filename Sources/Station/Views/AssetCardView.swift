/// One asset with all that is known of it. Rendered by `asset-card.mustache`.
struct AssetCardView: Sendable {
  /// Its page, `/assets/{id}`.
  var href: String
  /// Asset tag, else serial, else the word for none.
  var tag: String
  /// Manufacturer and model.
  var title: String
  var state: StateView
  /// What must not be overlooked: legal hold, contested, overdue.
  var flags: [FlagView] = []
  /// Who has it, where it is, and what it is known by.
  var facts: [FactView]
  /// What else is known: bought where, for whom, until when. Folded away on the desk, so that custody stays in sight.
  var furtherFacts: [FactView] = []
  /// Nil for a thing that bears no data.
  var media: MediaView?
}

/// A lifecycle state as a chip.
struct StateView: Sendable {
  /// The state's raw value, used as a class.
  var code: String
  var label: String
}

/// A warning on an asset.
struct FlagView: Sendable {
  var icon: String
  var words: String
}

/// One fact with its name.
struct FactView: Sendable {
  var label: String
  var value: String
  /// Whether the value is a code, set in the monospaced face.
  var code = false
  /// Where the value leads, such as the parent's page.
  var href: String?
}

/// The media list of a data-bearing asset. Rendered by `media.mustache`.
struct MediaView: Sendable {
  /// Such as `1 of 2 wiped` or `Media list unknown`.
  var words: String
  var media: [MediumView]
}

/// One medium and how its data stands.
struct MediumView: Sendable {
  /// How the data stands; the case names are classes of the page.
  enum State: Sendable { case notWiped, failed, wiped }
  var serial: String
  /// Such as `NVMe 512 GB Samsung`.
  var description: String?
  var state: State
  /// Name of the icon: `warning`, `cross` or `check`.
  var icon: String
  /// Such as `Purged, verified` or `No record`.
  var words: String
  /// Such as `nwipe 0.36, full read, by Kim Larsen`.
  var detail: String?
  var at: MomentView?
  /// The event with the record.
  var href: String?
}
