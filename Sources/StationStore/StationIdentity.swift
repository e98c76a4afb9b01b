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
