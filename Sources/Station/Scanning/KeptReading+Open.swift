import Foundation
import StationStore

extension [KeptReading] {
  /// Of a session's readings, newest first: whether nothing has settled each of them yet. What was odd is settled once the same
  /// asset, or the same code, was taken after it, or once an asset carries the code.
  var areOpen: [Bool] {
    var settled: Set<Data> = []
    return map { reading in
      // Of a scan that did not come whole nobody knows what it was: the next that was taken is thought to be it.
      if reading.raw.isEmpty { return settled.isEmpty }
      let keys = [reading.asset.map { Data("\($0)".utf8) }, Data(reading.raw)].compactMap(\.self)
      let isOpen = settled.isDisjoint(with: keys) && reading.knownAs == nil
      if reading.outcome == .accepted || reading.outcome == .acceptedWithNote { settled.formUnion(keys) }
      return isOpen
    }
  }
}
