import Custody

extension StockCount {
  /// What becomes of a wish to take an observation back.
  public enum TakingBack: Hashable, Sendable {
    /// It counts no more.
    case takeBack
    /// It was taken back before: nothing to do.
    case again
    case refuse(Refusal)
  }

  /// Somebody wants to take an observation of a counter back; `isTakenBack` tells whether that was done before. Only who made it
  /// may, and only while the count is open: a closing has signed what it holds.
  public func takeBack(of counter: CounterID, by person: PersonID, isTakenBack: Bool) -> TakingBack {
    guard counters[counter]?.person == person else {
      return .refuse(
        Refusal(
          "count.undo.other", "Somebody else scanned that.",
          remedy: "Ask them to take it back, or scan it where it is."))
    }
    if isTakenBack { return .again }
    guard closed == nil else {
      return .refuse(
        Refusal(
          "count.closed", "The count was closed before this came: what was scanned stays in it.",
          remedy: "Open a recount: it names this one."))
    }
    return .takeBack
  }
}
