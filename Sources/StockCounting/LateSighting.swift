import Custody

/// That an asset was seen by an observation that came in after its count was closed. It does not count; but nobody declares missing
/// over it what was there.
public struct LateSighting: Hashable, Sendable {
  /// When it was made, by the counter's clock.
  public let at: Instant
  /// Who counted.
  public let by: PersonID
  /// Nil where nobody had said where they stood.
  public let place: LocationCode?

  /// A late sighting.
  public init(at moment: Instant, by person: PersonID, place: LocationCode?) {
    at = moment
    by = person
    self.place = place
  }

  /// Why the asset is not declared missing by this count: `count.accept.seenLate`, with when and by whom it was seen.
  public var refusal: Refusal {
    Refusal(
      "count.accept.seenLate",
      place.map { "It was seen at \($0), which came in after the count was closed." }
        ?? "It was seen, which came in after the count was closed.",
      remedy: "Count again.", previousAt: at, previousBy: by)
  }
}
