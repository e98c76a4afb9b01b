import CustodyLedger
import TamperEvidence

/// What `verify` found.
struct VerifyReport {
  let file: String
  let key: VerifierKey
  let fault: ChainFault?
  let entries: Int
  let head: ChainHead
  let station: String?
  let epoch: Int?
  /// Whether an expected head was compared.
  let tailChecked: Bool
  let elapsed: Duration

  func sentences() -> String {
    if let fault {
      var place = "entry \(fault.entry), byte \(fault.byteOffset)"
      if let seq = fault.seq { place += ", seq \(seq)" }
      if let eventID = fault.eventID { place += ", event \(eventID.printable)" }
      return """
        FOUND WANTING  \(file)
        where          \(place)
        check          \(fault.check.rawValue)
        what           \(fault.sentence.printable)
        meaning        \(fault.remedy.printable)
        before it      \(entries) entries verified, head \(head)
        """
    }
    let origin = station.map { ", station \($0.printable), epoch \(epoch ?? 0)" } ?? ""
    return """
      VERIFIED  \(file)\(origin)
      key       \(key.name)+\(key.keyID)
      entries   \(entries) (\(rate) a second)
      head      \(head)
      tail      \(tailChecked
        ? "ends at the expected head"
        : "not checked: without --expect-head, entries cut off the end cannot be seen")
      """
  }

  func json() throws -> String {
    struct Line: Encodable {
      let verified: Bool
      let file: String
      let key: String
      let entries: Int
      let head: String
      let station: String?
      let epoch: Int?
      let tailChecked: Bool
      let entriesPerSecond: Int
      let fault: ChainFault?
    }
    let line = Line(
      verified: fault == nil, file: file, key: key.description, entries: entries, head: head.description,
      station: station, epoch: epoch, tailChecked: tailChecked, entriesPerSecond: rate, fault: fault)
    return String(decoding: try CanonicalEncoder().encode(line, limit: .max), as: UTF8.self)
  }

  private var rate: Int {
    let seconds = elapsed / .seconds(1)
    return seconds > 0 ? Int(Double(entries) / seconds) : 0
  }
}
