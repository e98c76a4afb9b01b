/// Why a label cannot be said in a printer's language.
public enum PrinterLanguageFault: Error, Hashable, Sendable, CustomStringConvertible {
  case mediaOutOfBounds(width: Double, height: Double, gap: Double)
  case copiesOutOfBounds(Int)
  case copiesOfTag(Int)
  case pictureTooLarge(width: Int, height: Int, widest: Int, highest: Int)
  /// No roll of that width, or no die-cut label of that size, is made for the printer.
  case noSuchTape(LabelMedia, printer: String)
  /// There are black dots where the printer cannot print, so many of them.
  case outsidePrintable(dots: Int, of: LabelMedia)
  /// The picture has neither the size of the label nor that of its printable part.
  case pictureOfAnotherSize(width: Int, height: Int, wanted: String)
  case noTagEncoder(printer: String)
  case epcLength(Int)
  case wantsDocument(printer: String)

  /// A stable name, dotted.
  public var code: String {
    switch self {
    case .mediaOutOfBounds: "print.media.bounds"
    case .copiesOutOfBounds: "print.copies.bounds"
    case .copiesOfTag: "print.copies.tag"
    case .pictureTooLarge: "print.picture.tooLarge"
    case .noSuchTape: "print.media.noSuchTape"
    case .outsidePrintable: "print.picture.outsidePrintable"
    case .pictureOfAnotherSize: "print.picture.otherSize"
    case .noTagEncoder: "print.tag.noEncoder"
    case .epcLength: "print.tag.length"
    case .wantsDocument: "print.document.wanted"
    }
  }

  /// What is wrong, a sentence.
  public var description: String {
    switch self {
    case .mediaOutOfBounds(let width, let height, let gap):
      "A label of \(width) × \(height) mm with a gap of \(gap) mm is out of bounds."
    case .copiesOutOfBounds(let copies): PrintedLabel.words(ofCopies: copies)
    case .copiesOfTag(let copies): "\(copies) labels would carry the same EPC in their tags."
    case .pictureTooLarge(let width, let height, let widest, let highest):
      "The label is \(width) × \(height) dots; the printer takes at most \(widest) × \(highest)."
    case .noSuchTape(let media, let printer): "There is no roll for labels of \(media) that the \(printer) takes."
    case .outsidePrintable(let dots, let media):
      "\(dots) dots of the label lie where a label of \(media) cannot be printed."
    case .pictureOfAnotherSize(let width, let height, let wanted):
      "The label is \(width) × \(height) dots; on this roll it must be \(wanted)."
    case .noTagEncoder(let printer): "The \(printer) does not write RFID tags."
    case .epcLength(let count): "An EPC has 2 to 62 bytes, two by two; this one has \(count)."
    case .wantsDocument(let printer): "The \(printer) takes documents, not the dots of a label."
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .mediaOutOfBounds: "Give each side between 1 and 1000 mm, and the gap between 0 and 100 mm."
    case .copiesOutOfBounds: "Ask for fewer at a time."
    case .copiesOfTag: "Print one label for each asset."
    case .pictureTooLarge: "Take a smaller template, or a printer that is wide enough."
    case .noSuchTape: "Take the size of a roll that is sold for it, such as 62 mm wide or 29 × 90 mm."
    case .outsidePrintable: "Leave 1.5 mm free at the sides of the template, and 3 mm at its ends."
    case .pictureOfAnotherSize: "Render the template for this printer's resolution and this label size."
    case .noTagEncoder: "Choose a printer that does, or print without writing the tag."
    case .epcLength: "Give the EPC in whole words of sixteen bits; 96 bits are 12 bytes."
    case .wantsDocument: "Send it the label as PDF."
    }
  }
}
