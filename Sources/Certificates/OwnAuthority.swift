import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate authority of this data folder's own, made at the first start with TLS: who knows its pin, or has its
/// certificate, knows the server.
///
/// `tls-ca.pem` holds its key and its certificate, `tls-server.pem` those of the server, both mode 0600. The authority lasts
/// ten years, the server's certificate ninety days; it is made anew when thirty are left, or when names or addresses are not
/// in it.
public struct OwnAuthority: Sendable {
  static let days = 3650
  static let serverDays = 90
  static let renewalDays = 30

  private let key: P256.Signing.PrivateKey
  /// Its certificate.
  let certificate: Certificate
  private let folder: String

  /// The authority of a folder that is there, made when it has none. Throws ``TLSFault``.
  public init(folder: String, now: Date = Date()) throws {
    self.folder = folder
    let file = Self.file(in: folder)
    if !FileManager.default.fileExists(atPath: file) {
      let key = P256.Signing.PrivateKey()
      var random = SystemRandomNumberGenerator()
      let name = try DistinguishedName {
        CommonName("custody own CA \(String(UInt32.random(in: .min ... .max, using: &random), radix: 16))")
      }
      let certificate = try Certificate(
        version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
        notValidBefore: now.addingTimeInterval(-3600),
        notValidAfter: now.addingTimeInterval(Double(Self.days) * 86_400),
        issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
          SubjectKeyIdentifier(hash: .init(key.publicKey))
        }, issuerPrivateKey: .init(key))
      try SecretFile.create(file, try Self.text(key, [certificate]))
    }
    // Another process may have been first: the file that is there counts.
    (key, certificate) = try Self.read(file)
  }

  public static func file(in folder: String) -> String { folder + "/tls-ca.pem" }

  /// The certificate as PEM, for whoever is to trust the server.
  public var pem: String {
    get throws { try certificate.serializeAsPEM().pemString + "\n" }
  }

  /// The certificate in DER.
  public var der: [UInt8] { get throws { try certificate.serializeAsPEM().derBytes } }

  /// The pin of its key: see ``CertificatePin``.
  public var pin: String { get throws { try CertificatePin(of: certificate).description } }

  /// The server's certificate and key, made anew when they do not serve any longer.
  public func server(for names: ServerNames, now: Date) throws -> ServerIdentity {
    let file = folder + "/tls-server.pem"
    if FileManager.default.fileExists(atPath: file) {
      let (key, certificate) = try Self.read(file)
      if certificate.issuer == self.certificate.subject,
        certificate.notValidAfter > now.addingTimeInterval(Double(Self.renewalDays) * 86_400),
        certificate.notValidBefore <= now, try names.isCovered(by: certificate)
      {
        return try ServerIdentity(chain: [certificate, self.certificate], key: key)
      }
    }
    let key = P256.Signing.PrivateKey()
    let certificate = try Certificate(
      version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
      notValidBefore: now.addingTimeInterval(-3600),
      notValidAfter: min(now.addingTimeInterval(Double(Self.serverDays) * 86_400), self.certificate.notValidAfter),
      issuer: self.certificate.subject, subject: try DistinguishedName { CommonName(names.common) },
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        try ExtendedKeyUsage([.serverAuth])
        SubjectAlternativeNames(names.general)
        // RFC 5280, section 4.2.1.1.
        AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: .init(self.key.publicKey)).keyIdentifier)
        SubjectKeyIdentifier(hash: .init(key.publicKey))
      }, issuerPrivateKey: .init(self.key))
    try SecretFile.replace(file, try Self.text(key, [certificate]))
    return try ServerIdentity(chain: [certificate, self.certificate], key: key)
  }

  private static func text(_ key: P256.Signing.PrivateKey, _ certificates: [Certificate]) throws -> String {
    try ([key.pemRepresentation] + certificates.map { try $0.serializeAsPEM().pemString }).joined(separator: "\n")
      + "\n"
  }

  private static func read(_ file: String) throws -> (P256.Signing.PrivateKey, Certificate) {
    let text: String
    do {
      text = try String(contentsOfFile: file, encoding: .utf8)
    } catch {
      throw TLSFault.unreachable(path: file, reason: error.localizedDescription)
    }
    do {
      let documents = try PEMDocument.parseMultiple(pemString: text)
      guard documents.count == 2 else { throw TLSFault.unusable(path: file, reason: "it holds no key and certificate") }
      return (
        try P256.Signing.PrivateKey(pemRepresentation: documents[0].pemString),
        try Certificate(pemDocument: documents[1])
      )
    } catch let fault as TLSFault {
      throw fault
    } catch {
      throw TLSFault.unusable(path: file, reason: "\(error)")
    }
  }
}

/// What a server shows of itself, in PEM.
public struct ServerIdentity: Sendable {
  /// Its certificate first, then that of who signed it.
  public let chain: [String]
  public let key: String

  init(chain: [Certificate], key: P256.Signing.PrivateKey) throws {
    self.chain = try chain.map { try $0.serializeAsPEM().pemString }
    self.key = key.pemRepresentation
  }
}
