import StationStore

extension EntryRow {
  /// Whom the proof of the entry rests on so far.
  var proof: TimelineEntry.Proof { isProved ? .proved : logIndex != nil ? .centre : .station }
}

extension TimelineEntry.Proof {
  /// As a page says it.
  var words: String {
    switch self {
    case .station: "Sealed on this station"
    case .centre: "Held by the centre"
    case .proved: "Held by the centre (proved)"
    }
  }

  /// Name of the icon.
  var icon: String {
    switch self {
    case .station: "seal"
    case .centre: "centre"
    case .proved: "proved"
    }
  }

  /// As the API says it.
  var code: String {
    switch self {
    case .station: "sealed"
    case .centre: "held"
    case .proved: "proved"
    }
  }
}
