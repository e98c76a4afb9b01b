/// Metrics in Prometheus' text form (exposition format 0.0.4): each with its help, its kind, and samples with labels.
public struct MetricsText: Sendable {
  /// What a text is served as.
  public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  /// What a metric is: a number that only grows until a restart, or one that goes up and down.
  public enum Kind: String, Sendable { case counter, gauge }

  /// The text so far.
  public private(set) var text = ""

  /// An empty text.
  public init() {}

  /// Adds a metric without labels.
  public mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
    add(name, kind, help, [([], value)])
  }

  /// Adds a metric with its samples. One without samples is left out.
  public mutating func add(
    _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [(String, String)], value: Double)]
  ) {
    guard !samples.isEmpty else { return }
    text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    for (labels, value) in samples {
      text += name
      if !labels.isEmpty {
        text += "{" + labels.map { "\($0)=\"\(Self.escaped($1, quotes: true))\"" }.joined(separator: ",") + "}"
      }
      text += " \(Self.number(value))\n"
    }
  }

  /// Adds a histogram without labels.
  public mutating func add(_ name: String, _ help: String, _ histogram: LatencyHistogram.Snapshot) {
    text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) histogram\n"
    var count = 0
    for (bound, found) in zip(LatencyHistogram.bounds, histogram.counts) {
      count += found
      text += "\(name)_bucket{le=\"\(Self.number(bound))\"} \(count)\n"
    }
    text += "\(name)_bucket{le=\"+Inf\"} \(histogram.count)\n\(name)_sum \(Self.number(histogram.sum))\n"
    text += "\(name)_count \(histogram.count)\n"
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    if let whole = Int64(exactly: value), abs(whole) < 1 << 53 { return "\(whole)" }
    return "\(value)"
  }

  private static func escaped(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
