import CLibPQ
import CentralStore

/// Where a PostgreSQL database is, and as whom: what libpq takes as `postgresql://USER@HOST:PORT/DATABASE?sslmode=…`
/// (PostgreSQL documentation §34.1.1.2), and the password apart from it. Never shows the password.
public struct PostgresAddress: Sendable, CustomStringConvertible {
  /// The address as it was given; it has no password.
  let uri: String
  /// Nil leaves it to libpq: its password file, or none.
  let password: String?
  /// Host, port and database; nothing secret.
  public let description: String

  /// Reads an address. Throws ``CentralFault/databaseAddress(reason:)`` for what is none, and for one with a password
  /// in it, which would stand in the list of processes for everybody to read.
  public init(_ uri: String, password: String? = nil) throws(CentralFault) {
    guard uri.hasPrefix("postgresql://") || uri.hasPrefix("postgres://") else {
      throw .databaseAddress(reason: "it does not begin with postgresql://")
    }
    // C would take what stands before a zero byte for the whole.
    guard !uri.utf8.contains(0), password?.utf8.contains(0) != true else {
      throw .databaseAddress(reason: "it has a zero byte in it")
    }
    let options = try Self.options(uri)
    guard options["password"] == nil else { throw .databaseAddress(reason: "it has a password in it") }
    self.uri = uri
    self.password = password
    let host = options["host"] ?? options["hostaddr"] ?? "the standard host"
    description =
      "\(options["dbname"] ?? "the standard database") at \(host)" + (options["port"].map { ":\($0)" } ?? "")
  }

  private static func options(_ uri: String) throws(CentralFault) -> [String: String] {
    let pq = try LibPQ.shared().functions
    var fault: UnsafeMutablePointer<CChar>?
    guard let first = pq.PQconninfoParse(uri, &fault) else {
      // libpq's own words may repeat a password.
      pq.PQfreemem(fault)
      throw .databaseAddress(reason: "libpq cannot read it")
    }
    defer { pq.PQconninfoFree(first) }
    var options: [String: String] = [:]
    var option = first
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { options[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return options
  }
}
