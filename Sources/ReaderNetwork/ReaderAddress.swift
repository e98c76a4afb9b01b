import ScannerProtocols

/// Where a network reader is, and how it is to be set: `llrp://HOST[:PORT][?OPTION=VALUE&…]`, or `llrps://` for TLS.
///
/// Ports are 5084 and 5085 unless given. The options, each at most once:
///
///     antennas=1+2      only these, from 1; all of them otherwise
///     power=27          transmit power in dBm, the reader's next lower step; its own choice otherwise
///     mode=1002         Gen2 mode by the reader's own number; its own choice otherwise
///     session=1         Gen2 session, 0 to 3; 1 otherwise
///     population=32     about how many tags are in the field, 1 to 65535
///     prefix=3034       only tags whose EPC begins with these bytes, as the reader's own filter
///     keepalive=10      seconds between signs of life, 1 to 600
///     ca=FILE           (llrps) the certificates to trust, PEM, in place of the system's
///     name=NAME         (llrps) the name that the reader's certificate has, where it is not HOST
public struct ReaderAddress: Hashable, Sendable, CustomStringConvertible {
  /// Host name or IP address.
  public let host: String
  /// TCP port.
  public let port: Int
  /// How TLS is done; nil for none.
  public let tls: TLS?
  /// How the reader is set.
  public let configuration: LLRPSession.Configuration

  /// How TLS is done.
  public struct TLS: Hashable, Sendable {
    /// File of the certificates to trust, PEM; nil for the system's.
    public let authorities: String?
    /// The name that the reader's certificate must have; nil for the host.
    public let name: String?
  }

  /// The address without its options.
  public var description: String {
    let shown = host.contains(":") ? "[\(host)]" : host
    return (tls == nil ? "llrp://" : "llrps://") + shown + ":\(port)"
  }

  /// Reads an address; throws a sentence that says what is wrong with it.
  public init(_ text: String) throws(ReaderAddressError) {
    let isSecure = text.hasPrefix("llrps://")
    guard isSecure || text.hasPrefix("llrp://") else {
      throw ReaderAddressError("A reader's address begins with llrp:// or, for TLS, llrps://.")
    }
    let parts = text.dropFirst(isSecure ? 8 : 7).split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    (host, port) = try Self.place(parts[0], standardPort: isSecure ? 5085 : 5084)
    var options = try Options(parts.count > 1 ? parts[1] : "")
    var inventory = LLRPInventory()
    inventory.session = UInt8(try options.number("session", in: 0...3) ?? Int(inventory.session))
    inventory.population = UInt16(try options.number("population", in: 1...65_535) ?? Int(inventory.population))
    inventory.mode = try options.number("mode", in: 0...65_535).map(UInt16.init)
    inventory.antennas = try options.numbers("antennas", in: 1...64).map(UInt16.init)
    inventory.epcPrefix = try options.bytes("prefix", atMost: 31)
    var configuration = LLRPSession.Configuration(
      inventory: inventory, power: try options.number("power", in: 0...40))
    if let seconds = try options.number("keepalive", in: 1...600) { configuration.keepAlive = .seconds(seconds) }
    self.configuration = configuration
    let (authorities, name) = (options.text("ca"), options.text("name"))
    guard isSecure || (authorities == nil && name == nil) else {
      throw ReaderAddressError("ca and name are for TLS: write the address with llrps://.")
    }
    tls = isSecure ? TLS(authorities: authorities, name: name) : nil
    try options.expectNoOthers()
  }

  private static func place(
    _ text: Substring, standardPort: Int
  ) throws(ReaderAddressError) -> (host: String, port: Int) {
    var host = text
    var port = standardPort
    var isBracketed = false
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      isBracketed = true
    }
    let rest = isBracketed ? text[host.endIndex...].dropFirst() : text.drop { $0 != ":" }
    if !isBracketed { host = text.prefix { $0 != ":" } }
    if !rest.isEmpty {
      guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()), (1...65_535).contains(number) else {
        throw ReaderAddressError("The port of a reader's address is a number from 1 to 65535.")
      }
      port = number
    }
    guard !host.isEmpty, host.utf8.count <= 253,
      host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@") })
    else { throw ReaderAddressError("A reader's address has a host name or IP address, such as llrp://10.0.0.5.") }
    return (String(host), port)
  }
}

/// Why a text is no reader's address, or no antenna: a sentence.
public struct ReaderAddressError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and what is wanted.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// What stands behind the question mark.
private struct Options {
  private var left: [(name: Substring, value: Substring)] = []

  init(_ text: Substring) throws(ReaderAddressError) {
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[1].isEmpty else {
        throw ReaderAddressError("'\(pair)' is no option; options are written NAME=VALUE, with & between them.")
      }
      guard !left.contains(where: { $0.name == parts[0] }) else {
        throw ReaderAddressError("The option \(parts[0]) stands there twice.")
      }
      left.append((parts[0], parts[1]))
    }
  }

  mutating func text(_ name: String) -> String? {
    guard let index = left.firstIndex(where: { $0.name == name }) else { return nil }
    return String(left.remove(at: index).value)
  }

  mutating func number(_ name: String, in bounds: ClosedRange<Int>) throws(ReaderAddressError) -> Int? {
    guard let text = text(name) else { return nil }
    guard let number = Int(text), bounds.contains(number) else {
      throw ReaderAddressError(
        "\(name) is '\(text)'; it must be a number from \(bounds.lowerBound) to \(bounds.upperBound).")
    }
    return number
  }

  mutating func numbers(_ name: String, in bounds: ClosedRange<Int>) throws(ReaderAddressError) -> [Int] {
    guard let text = text(name) else { return [] }
    let numbers = text.split(separator: "+", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    guard numbers.allSatisfy(bounds.contains) else {
      throw ReaderAddressError(
        "\(name) is '\(text)'; it must be numbers from \(bounds.lowerBound) with + between them.")
    }
    return numbers
  }

  mutating func bytes(_ name: String, atMost limit: Int) throws(ReaderAddressError) -> [UInt8] {
    guard let text = text(name) else { return [] }
    let digits = text.map(\.hexDigitValue)
    guard digits.count.isMultiple(of: 2), digits.count <= 2 * limit, !digits.contains(nil) else {
      throw ReaderAddressError("\(name) is '\(text)'; it must be at most \(limit) whole bytes in hexadecimal.")
    }
    let values = digits.compactMap(\.self)
    return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
  }

  func expectNoOthers() throws(ReaderAddressError) {
    guard let other = left.first else { return }
    throw ReaderAddressError(
      "There is no option '\(other.name)'; there are antennas, power, mode, session, population, prefix, keepalive, ca "
        + "and name.")
  }
}
