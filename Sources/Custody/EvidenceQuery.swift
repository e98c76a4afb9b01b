/// What evidence is asked for: of one asset, of one order, of a period. Read alike from a command's options and a request's
/// query.
public struct EvidenceQuery: Hashable, Sendable {
  /// Why a query cannot be read.
  public struct Fault: Error, Hashable, Sendable {
    /// One sentence.
    public let sentence: String
    public let remedy: String

    /// A fault.
    public init(_ sentence: String, remedy: String) {
      self.sentence = sentence
      self.remedy = remedy
    }
  }

  /// An asset's id or one of its marks.
  public let asset: String?
  /// A purchase or disposal order.
  public let order: String?
  /// By the stations' clocks; all of time when no bound was given.
  public let period: Period
  private let from: String?
  private let to: String?

  /// A query of what was given. `from` and `to` are days or moments in UTC; a day is wholly in.
  public init(asset: String? = nil, order: String? = nil, from: String? = nil, to: String? = nil) throws(Fault) {
    func moment(_ text: String?, isEnd: Bool) throws(Fault) -> Instant? {
      guard let text else { return nil }
      guard let moment = Instant(bound: text, isEnd: isEnd) else {
        throw Fault("'\(text)' is no day and no moment.", remedy: "Give 2026-11-21, or 2026-11-21T08:15:30Z in UTC.")
      }
      return moment
    }
    guard let period = Period(from: try moment(from, isEnd: false), to: try moment(to, isEnd: true)) else {
      throw Fault("The period ends before it begins.", remedy: "Give a later end; the day of the end is wholly in.")
    }
    (self.asset, self.order, self.period) = (asset, order, period)
    (self.from, self.to) = (from, to)
  }

  /// As a request's query, in which every value still is to be escaped.
  public var parameters: [(name: String, value: String)] {
    [("asset", asset), ("order", order), ("from", from), ("to", to)].compactMap { name, value in
      value.map { (name, $0) }
    }
  }
}
