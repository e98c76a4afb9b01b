/// Why a server has no TLS as it was told to: thrown at the start, with what to do about it.
public enum TLSFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// A file cannot be read or written.
  case unreachable(path: String, reason: String)
  /// A file holds no certificate or key, or the two do not go together.
  case unusable(path: String, reason: String)

  /// One sentence that names the file.
  public var description: String {
    switch self {
    case .unreachable(let path, let reason): "\(path) cannot be used: \(reason)."
    case .unusable(let path, let reason): "\(path) is of no use for TLS: \(reason)."
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .unreachable: "Check that the file is there and that this user may read it."
    case .unusable:
      "Give a PEM file with the server's certificate first and those that signed it after it, and one with its key; or leave "
        + "both out and say --tls, which makes its own."
    }
  }
}
