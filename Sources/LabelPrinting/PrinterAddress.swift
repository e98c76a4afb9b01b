import LabelDesign

/// Where a printer is.
///
///     tcp://HOST[:PORT]                 raw bytes, port 9100 unless given
///     usb://VVVV:PPPP[/SERIAL]          the USB printer with these numbers, and this serial number where there are several
///     ipp://HOST[:PORT][/PATH]          IPP, port 631 and path /ipp/print unless given; ipps:// with TLS
///     file:///FOLDER                    no printer: every label becomes a file in a folder
public enum PrinterAddress: Hashable, Sendable, CustomStringConvertible {
  case tcp(host: String, port: Int)
  case usb(PrinterProfile.USBNumbers, serial: String?)
  case ipp(host: String, port: Int, path: String, isSecure: Bool)
  case file(folder: String)

  /// Reads an address; throws a sentence that says what is wrong with it.
  public init(_ text: String) throws(PrinterAddressError) {
    guard let mark = text.firstRange(of: "://") else {
      throw PrinterAddressError(
        "A printer's address begins with tcp://, usb://, ipp://, ipps:// or file://, such as tcp://10.0.0.9.")
    }
    let rest = text[mark.upperBound...]
    switch text[..<mark.lowerBound].lowercased() {
    case "tcp":
      let (host, port, path) = try Self.place(rest, standardPort: 9_100)
      guard path.isEmpty else { throw PrinterAddressError("Behind tcp://HOST:PORT nothing follows, unlike '\(path)'.") }
      self = .tcp(host: host, port: port)
    case "ipp", "ipps":
      let (host, port, path) = try Self.place(rest, standardPort: 631)
      self = .ipp(
        host: host, port: port, path: path.isEmpty || path == "/" ? "/ipp/print" : path,
        isSecure: text.lowercased().hasPrefix("ipps"))
    case "usb":
      let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let numbers = PrinterProfile.USBNumbers(parts[0]) else {
        throw PrinterAddressError(
          "A USB printer is written usb://VVVV:PPPP or usb://VVVV:PPPP/SERIAL, such as usb://0a5f:0166.")
      }
      let serial = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil
      guard (serial ?? "").utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw PrinterAddressError("A serial number has no blanks and no signs beyond ASCII.")
      }
      self = .usb(numbers, serial: serial)
    case "file":
      guard rest.hasPrefix("/"), rest.utf8.count > 1, !rest.contains("\0") else {
        throw PrinterAddressError("A folder is written file:///FOLDER, from the root on.")
      }
      self = .file(folder: String(rest))
    case let other:
      throw PrinterAddressError("There is no printer by \(other)://; there are tcp, usb, ipp, ipps and file.")
    }
  }

  private static func place(
    _ text: Substring, standardPort: Int
  ) throws(PrinterAddressError) -> (host: String, port: Int, path: String) {
    let authority = text.prefix { $0 != "/" }
    let path = text[authority.endIndex...]
    var host = authority
    var rest = authority[authority.endIndex...]
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = authority[authority.index(after: authority.startIndex)..<end]
      rest = authority[authority.index(after: end)...]
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      rest = authority[colon...]
    }
    var port = standardPort
    if !rest.isEmpty {
      guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()), (1...65_535).contains(number) else {
        throw PrinterAddressError("The port of a printer's address is a number from 1 to 65535.")
      }
      port = number
    }
    func isPlain(_ text: Substring, besides: String) -> Bool {
      text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !besides.utf8.contains($0) }
    }
    guard !host.isEmpty, host.utf8.count <= 253, isPlain(host, besides: "/@?#\\"), path.utf8.count <= 1_000,
      isPlain(path, besides: "\\")
    else {
      throw PrinterAddressError("A printer's address has a host name or IP address, such as tcp://10.0.0.9.")
    }
    return (String(host), port, String(path))
  }

  /// The address as it is written, with what was left out.
  public var description: String {
    func shown(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
    return switch self {
    case .tcp(let host, let port): "tcp://\(shown(host)):\(port)"
    case .usb(let numbers, let serial): "usb://\(numbers)" + (serial.map { "/\($0)" } ?? "")
    case .ipp(let host, let port, let path, let isSecure):
      "\(isSecure ? "ipps" : "ipp")://\(shown(host)):\(port)\(path)"
    case .file(let folder): "file://\(folder)"
    }
  }
}

/// Why a text is no printer's address: a sentence.
public struct PrinterAddressError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
