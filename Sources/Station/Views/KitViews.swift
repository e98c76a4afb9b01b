import Kits

/// The kit that a session puts together. Rendered by `kit-in-hand.mustache`.
struct KitInHandView: Sendable {
  var code: String
  /// Such as `2 of 4`.
  var progress: String
  var done: Int
  var total: Int
  var isComplete: Bool
  /// What is still to scan, the optional last.
  var open: [SessionLine]
  var items: [KitItemView]
  /// What is taken along without being scanned.
  var licences: [KitLicenceView]
}

/// One licence of a kit.
struct KitLicenceView: Sendable {
  var product: String
  var number: String?
  /// What it is installed on.
  var wanted: String

  init(_ licence: KitLicence) {
    (product, number, wanted) = (licence.product, licence.number, licence.wanted)
  }
}

/// One thing that stands in a kit.
struct KitItemView: Sendable {
  /// Its id, by which it is taken out.
  var asset: String
  var name: String
  var title: String
  var slot: String
  var href: String
}

/// The list of kits. Rendered by `kits.mustache`.
struct KitListView: Sendable {
  var shell: ShellView
  var rows: [KitRowView]
  /// Whether the one who is signed in may import kits.
  var mayImport: Bool
}

/// One kit of the list.
struct KitRowView: Sendable {
  var code: String
  var href: String
  var title: String
  /// Its slots in a line.
  var slots: String
  var label: String
  /// Such as `3 from stock`.
  var makeable: String
}

/// One kit with its slots. Rendered by `kit.mustache`.
struct KitPageView: Sendable {
  var shell: ShellView
  var code: String
  var title: String
  var label: String
  /// Where its label is printed.
  var labelPage: String
  var makeable: String
  var mayDeploy: Bool
  var slots: [KitSlotView]
  var licences: [KitLicenceView]
}

/// One slot of a kit.
struct KitSlotView: Sendable {
  var number: Int
  var title: String
  /// What it asks for.
  var wanted: String
  var quantity: Int
  var isOptional: Bool
}
