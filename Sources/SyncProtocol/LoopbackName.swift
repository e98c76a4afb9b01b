/// Names and addresses that mean this very machine.
public enum LoopbackName {
  /// Whether a host is this machine.
  public static func matches(_ host: String) -> Bool {
    let host = host.lowercased()
    if host == "localhost" || host == "::1" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Whether a Host header field (RFC 9110 §7.2) names this machine, whatever its port.
  public static func matches(authority: String) -> Bool {
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return false }
      return matches(String(authority[...end]))
    }
    return matches(String(authority.prefix { $0 != ":" }))
  }
}
