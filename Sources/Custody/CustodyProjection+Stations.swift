/// What is flagged about stations, not about assets: a chain that has forked, a clock far ahead.
public enum StationFlags {
  /// So many milliseconds may a station's clock be ahead of the centre's before that is a discrepancy: five minutes.
  public static let clockAhead: Int64 = 300_000
  /// Most events that one discrepancy about a station names: so many say enough, and a settlement must be able to name them all.
  public static let claims = 100
}

extension CustodyProjection {
  /// Records what was found out about a station. What is open of the kind already grows by it; what was said before, open or
  /// ended, is not said again.
  public func report(
    _ kind: Discrepancy.Kind, _ claims: [EventID], of station: String, at moment: Instant
  ) throws {
    let subject = DiscrepancySubject.station(station)
    let recorded = try discrepancies(about: subject).filter { $0.discrepancy.kind == kind }
    guard claims.isEmpty || !recorded.contains(where: { Set($0.discrepancy.claims).isSuperset(of: claims) }) else {
      return
    }
    guard let open = recorded.last(where: { $0.settledBy == nil }) else {
      return try write(.open(Discrepancy(kind, claims: claims)), about: subject, at: moment)
    }
    let grown = Discrepancy(kind, claims: open.discrepancy.claims + claims)
    guard grown.claims.count <= StationFlags.claims else { return }
    try write(.become(id: open.id, grown), about: subject, at: moment)
  }

  /// Ends what is open about these stations and a settlement names whole.
  public func settle(
    _ details: SettleDetails, of stations: some Sequence<String>, by event: EventID, at moment: Instant
  ) throws {
    for station in Set(stations).sorted() {
      let subject = DiscrepancySubject.station(station)
      for row in try discrepancies(about: subject)
      where row.settledBy == nil && row.discrepancy.kind == details.kind
        && Set(details.claims).isSuperset(of: row.discrepancy.claims)
      {
        try write(.end(id: row.id, by: event), about: subject, at: moment)
      }
    }
  }
}
