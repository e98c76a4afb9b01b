/// What a wedge has collected since the last scan ended.
struct ScanInProgress: Sendable {
  /// Whether a key that counts was pressed; before that only modifiers were.
  var hasBegun = false
  /// Whether it was rejected already and the rest is being ignored.
  var isRejected = false
  var followsFault = false
  var text = ""
  var characters = 0
  var raw: [UInt8] = []
  /// A dead key whose letter has not come yet.
  var accent: Unicode.Scalar?
  /// The number that is being typed on the keypad while Alt is held.
  var altCode: AltCode?
  /// The first thing that makes the text unusable.
  var defect: RejectedScan.Reason?

  mutating func append(_ character: Unicode.Scalar) {
    text.unicodeScalars.append(character)
    characters += 1
  }

  mutating func keep(_ report: [UInt8]) {
    if !isRejected { raw += report }
  }

  mutating func noteUnmapped(_ usage: UInt8, layout: String) {
    switch defect {
    case .none: defect = .unmappedKeys(count: 1, first: usage, layout: layout)
    case .unmappedKeys(let count, let first, _): defect = .unmappedKeys(count: count + 1, first: first, layout: layout)
    default: break
    }
  }
}
