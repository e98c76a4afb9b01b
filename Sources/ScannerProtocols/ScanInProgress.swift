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
  /// The first thing that makes the text unusable.
  var defect: RejectedScan.Reason?

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
