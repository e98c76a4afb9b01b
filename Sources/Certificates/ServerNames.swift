import Foundation
import NIOCore
import SwiftASN1
import X509

/// What a server is called by.
public struct ServerNames: Hashable, Sendable {
  /// Names of the domain system, lowercase.
  let names: [String]
  /// Addresses, 4 or 16 bytes each.
  let addresses: [[UInt8]]

  /// This machine's name and addresses, and what else is given.
  public init(host: String, further: [String] = []) throws {
    var texts = ["localhost", "127.0.0.1", "::1", ProcessInfo.processInfo.hostName.lowercased()]
    if !["0.0.0.0", "::"].contains(host) { texts.append(host.lowercased()) }
    texts += further.map { $0.lowercased() }
    for device in try System.enumerateDevices() {
      if let address = device.address?.ipAddress { texts.append(address) }
    }
    self.init(texts)
  }

  /// Names and addresses as texts; what is neither is left out.
  public init(_ texts: [String]) {
    var (names, addresses): ([String], [[UInt8]]) = ([], [])
    for text in texts {
      if let address = Self.bytes(of: text) {
        if !addresses.contains(address) { addresses.append(address) }
      } else if !text.isEmpty, text.utf8.count <= 253,
        text.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }),
        !names.contains(text)
      {
        names.append(text)
      }
    }
    self.names = names
    self.addresses = addresses
  }

  /// Whether there is a name, and not addresses alone.
  public var isName: Bool { !names.isEmpty }

  /// For people alone: what it is checked by are the names and addresses. At most 64 characters (RFC 5280, appendix A.1).
  var common: String { String((names.first { $0 != "localhost" } ?? "localhost").prefix(64)) }

  var general: [GeneralName] {
    names.map { .dnsName($0) } + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
  }

  /// Whether a certificate is for all of them.
  public func isCovered(by certificate: Certificate) throws -> Bool {
    let held = try certificate.extensions.subjectAlternativeNames.map { Set($0) } ?? []
    return general.allSatisfy(held.contains)
  }

  /// The bytes of an address; nil for a name. A scope (`%eth0`) does not belong to it.
  static func bytes(of text: String) -> [UInt8]? {
    let text = String(text.prefix { $0 != "%" })
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 { return withUnsafeBytes(of: four) { Array($0) } }
    var six = in6_addr()
    if inet_pton(AF_INET6, text, &six) == 1 { return withUnsafeBytes(of: six) { Array($0) } }
    return nil
  }
}
