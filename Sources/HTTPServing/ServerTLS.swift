import Certificates
import Foundation
import Logging
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The TLS of a server: the certificate it shows, and that this is renewed while it runs. As a service it looks after it
/// every ten minutes; connections that are open stay as they are.
public final class ServerTLS: Service {
  /// Where the certificate comes from.
  public enum Source: Hashable, Sendable {
    /// PEM files that somebody else renews: looked at again when they change.
    case given(certificate: String, key: String)
    /// An authority of the data folder's own, and further names that the server is called by.
    case own(folder: String, names: [String])
  }

  public let source: Source
  private let host: String
  private let now: @Sendable () -> Date
  private let logger: Logger
  private let current: Mutex<NIOSSLContext>

  /// The TLS of a server that listens on `host`. Throws ``TLSFault``.
  public init(
    _ source: Source, host: String, logger: Logger, now: @escaping @Sendable () -> Date = { Date() }
  ) throws {
    self.source = source
    self.host = host
    self.now = now
    self.logger = logger
    current = Mutex(try Self.context(source, host, now()))
  }

  /// Whether the certificate is of an authority that nobody else knows.
  public var isOwn: Bool { if case .own = source { true } else { false } }

  /// What a connection is opened with.
  var context: NIOSSLContext { current.withLock { $0 } }

  /// The certificate of the own authority, as PEM; nil for a given certificate.
  public var authority: OwnAuthority? {
    get throws {
      guard case .own(let folder, _) = source else { return nil }
      return try OwnAuthority(folder: folder, now: now())
    }
  }

  public func run() async throws {
    await cancelWhenGracefulShutdown { [self] in
      while !Task.isCancelled {
        do {
          try await Task.sleep(for: .seconds(600))
        } catch {
          return  // The server stops.
        }
        renew()
      }
    }
  }

  /// Takes a newer certificate. One that cannot be had leaves the present one in use, and is told.
  func renew() {
    do {
      let context = try Self.context(source, host, now())
      current.withLock { $0 = context }
    } catch {
      logger.error("the TLS certificate cannot be renewed", metadata: ["error": "\(error)"])
    }
  }

  private static func context(_ source: Source, _ host: String, _ now: Date) throws -> NIOSSLContext {
    var configuration: TLSConfiguration
    let place: String
    switch source {
    case .own(let folder, let further):
      place = OwnAuthority.file(in: folder)
      let own = try OwnAuthority(folder: folder, now: now).server(
        for: try ServerNames(host: host, further: further), now: now)
      configuration = .makeServerConfiguration(
        certificateChain: try own.chain.map {
          .certificate(try NIOSSLCertificate(bytes: Array($0.utf8), format: .pem))
        }, privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(own.key.utf8), format: .pem)))
    case .given(let certificate, let key):
      place = certificate
      func bytes(_ path: String) throws -> [UInt8] {
        do {
          return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
          throw TLSFault.unreachable(path: path, reason: error.localizedDescription)
        }
      }
      let (chainBytes, keyBytes) = (try bytes(certificate), try bytes(key))
      let chain: [NIOSSLCertificate]
      do {
        chain = try NIOSSLCertificate.fromPEMBytes(chainBytes)
      } catch {
        throw TLSFault.unusable(path: certificate, reason: "it holds no certificate in PEM")
      }
      guard let first = chain.first else {
        throw TLSFault.unusable(path: certificate, reason: "it holds no certificate in PEM")
      }
      let expiry = Date(timeIntervalSince1970: Double(first.notValidAfter))
      guard expiry > now else {
        throw TLSFault.unusable(path: certificate, reason: "its certificate expired on \(expiry.formatted(.iso8601))")
      }
      let privateKey: NIOSSLPrivateKey
      do {
        privateKey = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem)
      } catch {
        throw TLSFault.unusable(path: key, reason: "it holds no key in PEM without a password")
      }
      configuration = .makeServerConfiguration(
        certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    }
    configuration.minimumTLSVersion = .tlsv12
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw TLSFault.unusable(path: place, reason: "certificate and key do not go together (\(error))")
    }
  }
}
