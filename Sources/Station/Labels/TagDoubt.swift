import CustodyLedger
import LabelDesign
import StationStore

/// Why the RFID tag of a label that came out is not taken for the asset's: its printer, which read it after writing it, says something
/// else, or says nothing of it.
struct TagDoubt: Hashable, Sendable {
  let words: String
  let remedy: String

  /// Nil when the tag says what it must, or the label has none.
  init?(wanted: [UInt8]?, read: TagAnswer?) {
    guard let wanted else { return nil }
    let epc = hexadecimal(wanted).uppercased()
    switch read {
    case .epc(wanted): return nil
    case .epc(let other):
      words = "The label came out, and its RFID tag says \(hexadecimal(other).uppercased()) in place of \(epc)."
      remedy = "Take it off the roll and destroy it; then have it printed again."
    case .unreadable, nil:
      words = "The label came out, and the printer could not read its RFID tag back."
      remedy =
        "Hold it to an RFID reader: if that tells \(epc), the label is there; else destroy it and print it again."
    }
  }
}

extension LabelJob {
  /// Whether its printer read another EPC from the label's tag than it was to write.
  var hasOtherTag: Bool { tagRead.map { $0 != request.epc } ?? false }
}
