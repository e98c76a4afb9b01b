import AssetIdentifiers
import Custody
import StationStore

extension StoreTransaction {
  /// The next asset tag, for good; or why there is none.
  ///
  /// A station of a centre uses the numbers that the centre gave it. One that works alone is its own authority: it goes
  /// on after the highest number that it knows.
  func nextTag(in series: TagSeries, hasCentre: Bool) throws -> Result<String, Refusal> {
    if let tag = try drawTag(in: series) { return .success(tag) }
    let highest = hasCentre ? series.highest : try highestTagNumber(in: series)
    guard highest < series.highest else {
      let full = try highestTagNumber(in: series) >= series.highest
      return .failure(
        full
          ? Refusal(
            "label.number.exhausted", "Every number from \(series.letters)-1 to \(series.highest) is used.",
            remedy: "Set asset.tag.digits higher, or other letters, and start the station again.")
          : Refusal(
            "label.number.none",
            "The centre has given this station no numbers for asset tags yet, or they are used up.",
            remedy: "Connect the station to its centre for a moment; or stick on a label that is numbered already."))
    }
    try own(
      TagBlock(letters: series.letters, first: highest + 1, last: min(highest + 1000, series.highest)))
    guard let tag = try drawTag(in: series) else {
      throw StoreFault.damaged(reason: "no number of a new block of asset tags could be taken")
    }
    return .success(tag)
  }
}
