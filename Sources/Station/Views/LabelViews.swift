/// The label templates. Rendered by `labels.mustache`.
struct LabelListView: Sendable {
  var shell: ShellView
  var labels: [LabelCardView]
  var sheets: [LabelCardView]
  /// Folders of the site's own that cannot be used.
  var faults: [ProblemView]
  /// Nil for who may put none in.
  var upload: LabelUploadView?
}

/// One template as a card.
struct LabelCardView: Sendable {
  var href: String
  /// Nil for native ZPL.
  var picture: String?
  var name: String
  /// Such as `50 × 25 mm`.
  var size: String
  /// Such as `QR code, Code 128`.
  var symbologies: String
  var isOwn: Bool
}

/// A template that is put in, and why the last one was not taken.
struct LabelUploadView: Sendable {
  var name = ""
  var fault: LabelUploadFault?
}

/// Where an uploaded template is wrong.
struct LabelUploadFault: Sendable {
  /// Such as `template.svg, line 12`.
  var place: String
  var reason: String
  /// The line itself; nil where there is none.
  var source: String?
}

/// One template with its fields and what they give. Rendered by `label.mustache`.
struct LabelPageView: Sendable {
  var shell: ShellView
  var id: String
  var name: String
  /// What is known of it: size, gap, symbologies, where it comes from.
  var facts: [DeviceFact]
  var notes: [String]
  var fields: [FormField]
  /// Fills the fields from what the station knows; nil where it knows nothing that fits.
  var chooser: LabelChooser?
  /// What is wrong with the whole of it; what is wrong with one field stands at the field.
  var problem: ProblemView?
  /// Whether it is native ZPL, which nobody can draw but its printer.
  var isNative: Bool
  /// Whether something is wrong.
  var isRefused: Bool
  var pictures: [LabelPictureView]
  /// What a printer burns; nil for sheets, and while something is wrong.
  var burn: LabelBurnView?
  var resolution: FormField?
  /// Nil for sheets.
  var print: LabelPrintView?
  /// Whether the site may take it away.
  var canRemove: Bool
}

/// A page as a picture.
struct LabelPictureView: Sendable {
  /// A `data:` address.
  var source: String
  var words: String
  var width: Int
  var height: Int
}

/// The very dots.
struct LabelBurnView: Sendable {
  var picture: LabelPictureView
  /// Such as `400 × 200 dots at 203 dpi`.
  var words: String
}

/// Whose facts fill the fields.
struct LabelChooser: Sendable {
  var field: FormField
}

/// Printer and copies.
struct LabelPrintView: Sendable {
  var printer: FormField
  var copies: FormField
  /// Why it is printed again; nil for a template that makes no labels of assets.
  var reason: FormField?
  /// Why nothing can be printed; nil when it can.
  var missing: String?
}
