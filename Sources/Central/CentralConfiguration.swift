import CentralStore
import HTTPServing
import SyncProtocol

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
  /// A PostgreSQL database, which several processes may share; they need one log's key. Nil keeps everything in the folder.
  public var database: CentralDatabase?
  /// The address it listens on. Other machines reach it only when this is not a loopback address, and then pages and
  /// reading need ``readToken``.
  public var host: String
  /// The port it listens on; 0 takes a free one.
  public var port: Int
  /// The secret that pages and reading ask for. Nil lets everybody on this machine read.
  public var readToken: String?
  /// How it is served over TLS; nil serves in the clear.
  public var tls: ServerTLS.Source?
  /// Whether browsers and stations come through a TLS proxy, which says in `X-Forwarded-For` for whom.
  public var isBehindProxy = false
  /// Whether browsers see it over TLS, so that cookies travel nowhere else.
  var isSecure: Bool { tls != nil || isBehindProxy }
  /// Whether browsers may be told to use nothing but TLS here (RFC 6797): not for an authority of one's own, whose change would
  /// lock them out.
  var isStrictTransport: Bool { if case .given? = tls { true } else { false } }
  /// The log's origin, `SITE/STATION`, such as `centre.example.com/log`; nil takes what the log has, or a random one at the
  /// first start. Once the log has begun it cannot be another.
  public var logOrigin: String?
  /// By how many entries the log grows before a snapshot for new stations is made of it.
  public var snapshotGrowth = 10_000
  /// Days after which files of assets that nothing open disagrees about are let go; nil keeps them.
  public var blobsKeep: Int?
  /// Most bytes that all files may have together: 100 GiB.
  public var blobsLimit: Int64 = 100 << 30

  /// A centre on this machine only, unless said otherwise.
  public init(
    name: String = "Centre", version: String = "0", dataFolder: String, host: String = "127.0.0.1", port: Int = 8470,
    readToken: String? = nil, logOrigin: String? = nil, database: CentralDatabase? = nil
  ) {
    self.name = name
    self.version = version
    self.dataFolder = dataFolder
    self.host = host
    self.port = port
    self.readToken = readToken
    self.logOrigin = logOrigin
    self.database = database
  }

  /// Whether only this machine can reach it.
  public var isLoopback: Bool { LoopbackName.matches(host) }

  /// Throws ``CentralConfigurationError`` for what would be unsafe or cannot work.
  ///
  /// - Parameter isReadOnlyBySignIn: whether there are people who sign in, so that it needs no read token.
  public func validate(isReadOnlyBySignIn: Bool = false) throws(CentralConfigurationError) {
    guard (0...65_535).contains(port) else { throw .port(port) }
    if let logOrigin, !LogAuthor.isOrigin(logOrigin) { throw .logOrigin(logOrigin) }
    if let readToken {
      guard readToken.utf8.count >= Self.shortestReadToken else { throw .shortReadToken }
    } else {
      guard isLoopback || isReadOnlyBySignIn else { throw .openToTheNetwork(host: host) }
    }
  }
}

/// Where a centre's PostgreSQL database is.
public struct CentralDatabase: Sendable {
  /// `postgresql://USER@HOST:PORT/DATABASE`, without a password.
  public var address: String
  /// Nil leaves it to libpq's password file.
  public var password: String?

  /// A database.
  public init(address: String, password: String? = nil) {
    self.address = address
    self.password = password
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
      "The centre would listen on \(host) and show everything to everybody who reaches it. Set a read token, add people who "
        + "sign in (custody central people add), or listen on 127.0.0.1."
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
