/// What a scan means.
///
/// The grammar of our own codes (bytes; `…` is any host and path):
/// ```
/// tag      = 2*4(A-Z) "-" 5*(0-9)                    at most 64 bytes; zeros count
/// tag URL  = ("http" / "https") "://" … "/a/" tag ["/"] ["?" …] ["#" …]
/// command  = "CUSTODY:CMD:" DeskCommand
/// location = "CUSTODY:LOC:" 1*64(A-Z a-z 0-9 - _ . /)
/// badge    = "CUSTODY:BADGE:" 1*128(A-Z a-z 0-9 - _ . ~ + / =)
/// ```
/// Everything else is text: it may be known as somebody's mark, or be unknown.
public enum AssetIdentifier: Hashable, Sendable {
  /// Our label's number, bare or out of its URL.
  case assetTag(String)
  /// A command label of the desk.
  case command(DeskCommand)
  /// A location by its code.
  case location(String)
  /// The token on a person's badge. It is personal: never log it.
  case badge(String)
  /// Anything else, trimmed of white space at both ends; GS, RS and EOT are kept.
  case text(String)

  /// Longest scan that is taken, bytes.
  public static let longestScan = 4096
}

extension AssetIdentifier: CustomStringConvertible {
  /// The normalised form, which reads as the same identifier again: `interpret(x.description) == x`.
  public var description: String {
    switch self {
    case .assetTag(let tag): tag
    case .command(let command): "CUSTODY:CMD:\(command.rawValue)"
    case .location(let code): "CUSTODY:LOC:\(code)"
    case .badge(let token): "CUSTODY:BADGE:\(token)"
    case .text(let text): text
    }
  }
}
