/// What is fixed in Brother's raster commands.
enum BrotherRaster {
  /// How many zero bytes end whatever the printer was in the middle of.
  static let invalidating = 200
  /// `ESC @`.
  static let initialize: [UInt8] = [0x1B, 0x40]
  /// Rows of the shortest and longest label on a continuous roll, at 300 dots to the inch.
  static let rows = 150...11_811
}

extension PrintedLabel {
  /// The label as raster commands (Brother QL-800/810W/820NWB Raster Command Reference).
  func brotherRaster(for printer: PrinterProfile) throws(PrinterLanguageFault) -> [UInt8] {
    guard let (tape, isTurned) = BrotherTape.fitting(media, wideHead: printer.widthInDots > 720) else {
      throw .noSuchTape(media, printer: printer.name)
    }
    let page = try printable(isTurned ? picture.turnedRight() : picture, on: tape)
    var bytes = Array(repeating: UInt8(0), count: BrotherRaster.invalidating) + BrotherRaster.initialize
    for copy in 0..<copies {
      bytes += control(tape, rows: page.height, isFirst: copy == 0, compresses: printer.compresses)
      appendRaster(page, on: tape, for: printer, to: &bytes)
      // FF prints and goes on; Control-Z prints, feeds and cuts.
      bytes.append(copy == copies - 1 ? 0x1A : 0x0C)
    }
    return bytes
  }

  /// The part of the picture that can be printed; nothing black may lie outside of it.
  private func printable(_ whole: Bitmap, on tape: BrotherTape) throws(PrinterLanguageFault) -> Bitmap {
    let isContinuous = tape.length == 0
    let part: Bitmap
    if whole.width == tape.printable.width, isContinuous || whole.height == tape.printable.height {
      part = whole
    } else {
      guard (whole.width - tape.whole.width).magnitude <= Self.rounding,
        isContinuous || (whole.height - tape.whole.height).magnitude <= Self.rounding,
        whole.height > 2 * tape.margin
      else { throw otherSize(whole, tape) }
      // On a continuous roll what is fed before and after is a part of the label's length.
      let height = isContinuous ? whole.height - 2 * tape.margin : tape.printable.height
      part = try cutOut(tape.printable.width, height, of: whole)
    }
    guard !isContinuous || BrotherRaster.rows.contains(part.height) else { throw otherSize(whole, tape) }
    return part
  }

  /// How far a label's dots may be from the printer's own count: the printer rounds its sizes down, by up to 0.6 mm.
  private static let rounding = 8

  private func otherSize(_ picture: Bitmap, _ tape: BrotherTape) -> PrinterLanguageFault {
    let wanted =
      tape.length > 0
      ? "\(tape.whole.width) × \(tape.whole.height) or, without its edges, "
        + "\(tape.printable.width) × \(tape.printable.height)"
      : "\(tape.whole.width) wide and at least 220 long or, without its edges, \(tape.printable.width) wide and at least 150"
    return .pictureOfAnotherSize(width: picture.width, height: picture.height, wanted: wanted)
  }

  /// The middle of a picture.
  private func cutOut(_ width: Int, _ height: Int, of whole: Bitmap) throws(PrinterLanguageFault) -> Bitmap {
    let (left, top) = ((whole.width - width) / 2, (whole.height - height) / 2)
    var part = Bitmap(width: width, height: height)
    var lost = 0
    for row in 0..<whole.height {
      for column in 0..<whole.width where whole[column, row] {
        if (0..<width).contains(column - left), (0..<height).contains(row - top) {
          part[column - left, row - top] = true
        } else {
          lost += 1
        }
      }
    }
    guard lost == 0 else { throw .outsidePrintable(dots: lost, of: media) }
    return part
  }

  private func control(_ tape: BrotherTape, rows: Int, isFirst: Bool, compresses: Bool) -> [UInt8] {
    let count = UInt32(rows)
    var bytes: [UInt8] = [0x1B, 0x69, 0x61, 0x01]  // ESC i a: raster mode
    // ESC i z: media type, width and length are valid, quality first, recovery on; then what they are.
    bytes += [0x1B, 0x69, 0x7A, 0xCE, tape.length > 0 ? 0x0B : 0x0A, UInt8(tape.width), UInt8(tape.length)]
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * UInt32($0))) }
    bytes += [isFirst ? 0 : 1, 0]
    bytes += [0x1B, 0x69, 0x4D, 0x40]  // ESC i M: cut by itself
    bytes += [0x1B, 0x69, 0x41, 0x01]  // ESC i A: after each label
    bytes += [0x1B, 0x69, 0x4B, 0x08]  // ESC i K: cut at the end, 300 dots to the inch
    bytes += [0x1B, 0x69, 0x64, UInt8(tape.margin), 0]  // ESC i d
    if compresses { bytes += [0x4D, 0x02] }  // M: PackBits
    return bytes
  }

  /// A `g` for every row, mirrored: the head's first pin is at the right.
  private func appendRaster(_ page: Bitmap, on tape: BrotherTape, for printer: PrinterProfile, to bytes: inout [UInt8])
  {
    let perRow = printer.widthInDots / 8
    // The wide head begins 44 pins further out.
    let offset = tape.offset + (printer.widthInDots > 720 ? 44 : 0)
    for row in 0..<page.height {
      var pins = [UInt8](repeating: 0, count: perRow)
      for column in 0..<page.width where page[column, row] {
        let pin = offset + page.width - 1 - column
        pins[pin / 8] |= 0x80 >> UInt8(pin % 8)
      }
      guard printer.compresses else {
        bytes += [0x67, 0x00, UInt8(perRow)] + pins
        continue
      }
      if pins.allSatisfy({ $0 == 0 }) {
        bytes.append(0x5A)  // Z: a row without dots
        continue
      }
      let packed = PackBits.encode(pins)
      // What compression makes longer is sent as it is, as one piece of bytes that all differ.
      let line = packed.count > perRow ? [UInt8(perRow - 1)] + pins : packed
      bytes += [0x67, 0x00, UInt8(line.count)] + line
    }
  }
}
