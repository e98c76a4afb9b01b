import Crypto
import Foundation
import SwiftASN1
import X509

/// The SHA-256 of a certificate's public key (its SubjectPublicKeyInfo, RFC 7469 section 2.4), written `sha256/BASE64`.
public struct CertificatePin: Hashable, Sendable, CustomStringConvertible {
  public let digest: [UInt8]

  /// The pin of a certificate.
  public init(of certificate: Certificate) throws {
    var serializer = DER.Serializer()
    try serializer.serialize(certificate.publicKey)
    digest = Array(SHA256.hash(data: serializer.serializedBytes))
  }

  /// The pin of a certificate in DER; nil for bytes that are none.
  public init?(ofDER bytes: [UInt8]) {
    do {
      try self.init(of: try Certificate(derEncoded: bytes))
    } catch {
      return nil
    }
  }

  /// Reads `sha256/BASE64`; nil for anything else.
  public init?(_ text: String) {
    guard text.hasPrefix("sha256/") else { return nil }
    // curl writes two slashes. A pin may begin with one itself: 32 bytes have 44 characters.
    let rest = text.dropFirst(text.hasPrefix("sha256//") && text.utf8.count == 52 ? 8 : 7)
    guard let data = Data(base64Encoded: String(rest)), data.count == 32 else { return nil }
    digest = Array(data)
  }

  public var description: String { "sha256/" + Data(digest).base64EncodedString() }
}
