import CentralStore

/// How a centre is set up.
public struct CentralConfiguration: Sendable {
  /// Fewest characters of a read token.
  public static let shortestReadToken = 16

  /// The centre's name, shown on its pages and told to stations.
  public var name: String
  /// Version of the program, told to stations.
  public var version: String
  /// The folder of its log's key and, without a ``database``, of its database, which one process owns then.
  public var dataFolder: String
  /// The address of a PostgreSQL database, `postgresql://USER@HOST/DATABASE`, which several processes may share; they need
  /// one log's key. Nil keeps everything in the folder.
  public var database: String?
  /// The password for it; nil leaves it to libpq's password file.
  public var databasePassword: String?
  /// The address it listens on. Other machines reach it only when this is not a loopback address, and then pages and
  /// reading need ``readToken``.
  public var host: String
  /// The port it listens on; 0 takes a free one.
  public var port: Int
  /// The secret that pages and reading ask for. Nil lets everybody on this machine read.
  public var readToken: String?
  /// The log's origin, `SITE/STATION`, such as `centre.example.com/log`; nil takes what the log has, or a random one at the
  /// first start. Once the log has begun it cannot be another.
  public var logOrigin: String?

  /// A centre on this machine only, unless said otherwise.
  public init(
    name: String = "Centre", version: String = "0", dataFolder: String, host: String = "127.0.0.1", port: Int = 8470,
    readToken: String? = nil, logOrigin: String? = nil, database: String? = nil, databasePassword: String? = nil
  ) {
    self.name = name
    self.version = version
    self.dataFolder = dataFolder
    self.host = host
    self.port = port
    self.readToken = readToken
    self.logOrigin = logOrigin
    self.database = database
    self.databasePassword = databasePassword
  }

  /// Whether only this machine can reach it.
  public var isLoopback: Bool { LoopbackName.matches(host) }

  /// Throws ``CentralConfigurationError`` for what would be unsafe or cannot work.
  public func validate() throws(CentralConfigurationError) {
    guard (0...65_535).contains(port) else { throw .port(port) }
    if let logOrigin, !LogAuthor.isOrigin(logOrigin) { throw .logOrigin(logOrigin) }
    if let readToken {
      guard readToken.utf8.count >= Self.shortestReadToken else { throw .shortReadToken }
    } else {
      guard isLoopback else { throw .openToTheNetwork(host: host) }
    }
  }
}

/// Why a centre does not start as it is set up.
public enum CentralConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// It would show everything to everybody on the network.
  case openToTheNetwork(host: String)
  /// A read token that can be guessed.
  case shortReadToken
  /// No TCP port.
  case port(Int)
  /// No name that a log can have.
  case logOrigin(String)

  /// One sentence, and what to do.
  public var description: String {
    switch self {
    case .openToTheNetwork(let host):
      "The centre would listen on \(host) and show everything to everybody who reaches it. Set a read token, or listen "
        + "on 127.0.0.1."
    case .shortReadToken:
      "The read token is shorter than \(CentralConfiguration.shortestReadToken) characters. Take a random one, such as "
        + "'openssl rand -hex 16' prints."
    case .logOrigin(let origin):
      "'\(origin)' is no origin of a log. Give SITE/STATION, such as centre.example.com/log: letters, digits and -_./, at "
        + "most 64 on each side of the last slash."
    case .port(let port): "\(port) is no port. Give one from 1 to 65535, or 0 for a free one."
    }
  }
}

/// Names and addresses that mean this very machine.
enum LoopbackName {
  static func matches(_ host: String) -> Bool {
    let host = host.lowercased()
    if host == "localhost" || host == "::1" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Whether a Host header field (RFC 9110 §7.2) names this machine, whatever its port.
  static func matches(authority: String) -> Bool {
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return false }
      return matches(String(authority[...end]))
    }
    return matches(String(authority.prefix { $0 != ":" }))
  }
}
