import Custody

/// What somebody decides about an exception, before it is judged.
struct Settling: Sendable {
  /// The badge and PIN of who stands by.
  struct SecondPerson: Sendable {
    let badge: String
    let pin: String
  }

  /// Which claim holds, where acts contest one another: an event's id, or the station that recorded it.
  var holds: String?
  /// Whether it is one thing, where that is the question.
  var identity: SettleDetails.Identity?
  var reason = ""
  var second: SecondPerson?
}

/// An exception that was settled just now.
struct Settled: Sendable {
  /// The exception as it stands after it.
  let exception: ExceptionReport
  /// The settlement, as it is sealed.
  let event: CustodyEvent
  /// The asset that the settlement is an event of.
  let asset: Asset?
}
