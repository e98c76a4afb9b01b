/// One label as a printer is to print it: the picture, what it is printed on, and how often.
public struct PrintedLabel: Hashable, Sendable {
  /// The dots, as many to the millimetre as the printer's head has.
  public let picture: Bitmap
  public let media: LabelMedia
  /// How many of the same; see ``copiesAtOnce``.
  public let copies: Int
  /// What goes into the RFID tag in the label; nil leaves it as it is.
  public let tag: TagEncoding?

  /// How many of one label may be asked for. A custody event says no more either (`LabelDetails.copiesAtOnce`).
  public static let copiesAtOnce = 1...999

  static func words(ofCopies copies: Int) -> String {
    "\(copies) copies are asked for; \(copiesAtOnce.lowerBound) to \(copiesAtOnce.upperBound) can be."
  }

  /// A label of which some are printed. A tag's EPC is one thing's alone: with a tag there is one copy.
  public init(
    picture: Bitmap, media: LabelMedia, copies: Int = 1, tag: TagEncoding? = nil
  ) throws(PrinterLanguageFault) {
    guard Self.copiesAtOnce.contains(copies) else { throw .copiesOutOfBounds(copies) }
    guard tag == nil || copies == 1 else { throw .copiesOfTag(copies) }
    self.picture = picture
    self.media = media
    self.copies = copies
    self.tag = tag
  }

  /// What the printer is sent.
  ///
  /// The same label and profile give the same bytes.
  /// - Throws: when the printer cannot print it as it is; nothing is cut off or scaled.
  public func bytes(for printer: PrinterProfile) throws(PrinterLanguageFault) -> [UInt8] {
    guard tag == nil || printer.encodesTags else { throw .noTagEncoder(printer: printer.name) }
    guard picture.height <= Self.mostRows else {
      throw .pictureTooLarge(
        width: picture.width, height: picture.height, widest: printer.widthInDots, highest: Self.mostRows)
    }
    switch printer.language {
    case .zpl: return try zpl(for: printer)
    case .tspl: return try tspl(for: printer)
    case .brotherQL: return try brotherRaster(for: printer)
    case .document: throw .wantsDocument(printer: printer.name)
    }
  }

  /// The longest label in dots: `^LL` and `^FO` go to 32,000 (ZPL II Programming Guide).
  static let mostRows = 32_000

  /// Throws when the picture is wider than the head.
  func checkWidth(for printer: PrinterProfile) throws(PrinterLanguageFault) {
    guard picture.width <= printer.widthInDots else {
      throw .pictureTooLarge(
        width: picture.width, height: picture.height, widest: printer.widthInDots, highest: Self.mostRows)
    }
  }
}
