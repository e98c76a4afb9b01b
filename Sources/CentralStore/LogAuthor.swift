import Custody
import CustodyLedger
import TamperEvidence

/// The centre as one who signs: the log's tree heads, and statements of its own such as enrolments, which stand in a chain of
/// the centre's in the same log.
///
/// The name of its key is the log's origin, `SITE/STATION`, such as `centre.example.com/log`, fixed for ever at the first
/// start: what stands before the last slash is the site of its statements, the rest their station.
public struct LogAuthor: Sendable {
  public let key: SigningKey
  public let site: SiteCode
  public let station: StationCode

  /// Nil when the key's name is no `SITE/STATION` that statements can carry.
  public init?(_ key: SigningKey) {
    guard let (site, station) = Self.parts(of: key.name) else { return nil }
    self.key = key
    self.site = site
    self.station = station
  }

  /// The log's origin: the name of the key.
  public var origin: String { key.name }

  /// Whether a text can be a log's origin.
  public static func isOrigin(_ text: String) -> Bool { parts(of: text) != nil }

  private static func parts(of name: String) -> (SiteCode, StationCode)? {
    guard let slash = name.lastIndex(of: "/"), let site = SiteCode(String(name[..<slash])),
      let station = StationCode(String(name[name.index(after: slash)...]))
    else { return nil }
    return (site, station)
  }
}
