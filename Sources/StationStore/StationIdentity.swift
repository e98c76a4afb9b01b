import Custody

/// Which station this is, and at which site. Fixed for the life of a data folder.
public struct StationIdentity: Hashable, Sendable {
  public let site: SiteCode
  public let station: StationCode

  /// A station at a site.
  public init(site: SiteCode, station: StationCode) {
    self.site = site
    self.station = station
  }

  /// The name that the station's verifier key carries: `site/station`.
  public var keyName: String { "\(site)/\(station)" }
}

extension CustodyEvent {
  /// The chain that the event stands in: `site/station`, as the station's verifier key is named. Two sites may both
  /// have a `DESK-1`.
  public var chainName: String { "\(site)/\(station)" }
}
