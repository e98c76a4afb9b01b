/// A roll for Brother's QL printers: its size in whole millimetres as the printer names it, and where on it can be printed, in
/// dots of 300 to the inch (Raster Command Reference, "Page size" and "Raster line").
struct BrotherTape: Hashable, Sendable {
  let width: Int
  /// 0 on a continuous roll.
  let length: Int
  /// The label's own size; the height is 0 on a continuous roll.
  let whole: (width: Int, height: Int)
  let printable: (width: Int, height: Int)
  /// Pins of the head that stay unused at its right end.
  let offset: Int
  /// Dots to feed before and after.
  var margin = 0
  /// Whether the wide head of a QL-1050 and later is needed.
  var isWide = false

  static func == (one: BrotherTape, other: BrotherTape) -> Bool {
    (one.width, one.length) == (other.width, other.length)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(width)
    hasher.combine(length)
  }

  private static func roll(_ width: Int, _ whole: Int, _ printable: Int, _ offset: Int, isWide: Bool = false) -> Self {
    BrotherTape(
      width: width, length: 0, whole: (whole, 0), printable: (printable, 0), offset: offset, margin: 35, isWide: isWide)
  }

  private static func label(
    _ width: Int, _ length: Int, _ whole: (Int, Int), _ printable: (Int, Int), _ offset: Int, isWide: Bool = false
  ) -> Self {
    BrotherTape(width: width, length: length, whole: whole, printable: printable, offset: offset, isWide: isWide)
  }

  /// What is sold (DK rolls).
  static let all: [BrotherTape] = [
    .roll(12, 142, 106, 29), .roll(29, 342, 306, 6), .roll(38, 449, 413, 12), .roll(50, 590, 554, 12),
    .roll(54, 636, 590, 0), .roll(62, 732, 696, 12), .roll(102, 1_200, 1_164, 12, isWide: true),
    .label(17, 54, (201, 636), (165, 566), 0), .label(17, 87, (201, 1_026), (165, 956), 0),
    .label(23, 23, (272, 272), (202, 202), 42), .label(29, 42, (342, 495), (306, 425), 6),
    .label(29, 90, (342, 1_061), (306, 991), 6), .label(38, 90, (449, 1_061), (413, 991), 12),
    .label(39, 48, (461, 565), (425, 495), 6), .label(52, 29, (614, 341), (578, 271), 0),
    .label(62, 29, (732, 341), (696, 271), 12), .label(62, 100, (732, 1_179), (696, 1_109), 12),
    .label(102, 51, (1_200, 596), (1_164, 526), 12, isWide: true),
    .label(102, 153, (1_200, 1_804), (1_164, 1_660), 12, isWide: true),
  ]

  /// The roll for labels of a size, and whether they lie across it, a quarter turned; nil when none is made. A die-cut label goes
  /// before a piece of a continuous roll.
  static func fitting(_ media: LabelMedia, wideHead: Bool) -> (tape: BrotherTape, isTurned: Bool)? {
    let taken = all.filter { wideHead || !$0.isWide }
    func tape(_ width: Double, _ length: Double) -> BrotherTape? {
      let isNear = { (one: Double, other: Int) in (one - Double(other)).magnitude < 0.6 }
      return taken.first { $0.length > 0 && isNear(width, $0.width) && isNear(length, $0.length) }
        ?? taken.first { $0.length == 0 && isNear(width, $0.width) }
    }
    let (straight, across) = (tape(media.width, media.height), tape(media.height, media.width))
    if let straight, straight.length > 0 { return (straight, false) }
    if let across, across.length > 0 { return (across, true) }
    return straight.map { ($0, false) } ?? across.map { ($0, true) }
  }
}
