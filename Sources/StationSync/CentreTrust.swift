import AsyncHTTPClient
import Certificates
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import SyncProtocol
import Synchronization
import X509

/// By what a station knows its centre's certificate.
public enum CentreTrust: Hashable, Sendable {
  /// The system's authorities.
  case system
  /// This certificate of an authority, in DER, and no other.
  case authority([UInt8])
  /// The authority whose key has this pin, and no other. Its certificate comes from the centre.
  case pin(CertificatePin)

  /// Reads a pin (`sha256/…`) or the path of a certificate in PEM. Throws ``SyncError/untrusted(reason:remedy:)`` for
  /// anything else.
  public init(_ text: String) throws(SyncError) {
    if text.hasPrefix("sha256/") {
      guard let pin = CertificatePin(text) else {
        throw .untrusted(
          reason: "'\(text)' is no pin", remedy: "Give it as `custody central ca` prints it: sha256/ and 44 characters."
        )
      }
      self = .pin(pin)
      return
    }
    do {
      let certificate = try Certificate(pemEncoded: try String(contentsOfFile: text, encoding: .utf8))
      self = .authority(try Self.der(certificate))
    } catch {
      throw .untrusted(
        reason: "\(text) holds no certificate in PEM",
        remedy: "Give the file that `custody central ca` printed at the centre, or the pin of that certificate.")
    }
  }

  private static func der(_ certificate: Certificate) throws -> [UInt8] {
    try certificate.serializeAsPEM().derBytes
  }

  /// Connections for the life of the process, by the authority that they trust.
  private static let clients = Mutex<[[UInt8]: HTTPClient]>([:])

  /// The connections to use for a centre. Throws ``SyncError``.
  func client(for base: String) async throws(SyncError) -> HTTPClient {
    switch self {
    case .system: return HTTPTransport.sharedHTTP
    case .authority(let der): return try Self.client(trusting: der)
    case .pin(let pin):
      if let known = Self.known.withLock({ $0[pin] }) { return try Self.client(trusting: known) }
      guard base.hasPrefix("https") else { return HTTPTransport.sharedHTTP }
      let der = try await Self.certificate(
        of: base, pin: "\(pin)",
        remedy: "If the centre was set up anew, give its new pin as centre.ca; if not, somebody else answers there."
      ) { CertificatePin(ofDER: $0) == pin }
      Self.known.withLock { $0[pin] = der }
      return try Self.client(trusting: der)
    }
  }

  /// The authority that a one-time code names, as the centre shows its certificate; whatever follows believes no other. Throws
  /// ``SyncError`` where the centre cannot be reached or shows none that the code names.
  public static func authority(of base: String, named pin: EnrolmentCode.Pin) async throws(SyncError) -> [UInt8] {
    try await certificate(
      of: base, pin: "that the code names",
      remedy: "Make a new code at the centre. If its pin is the same, somebody else answers at this address."
    ) { pin.matches(certificate: $0) }
  }

  private static func certificate(
    of base: String, pin: String, remedy: String, where isMeant: ([UInt8]) -> Bool
  ) async throws(SyncError) -> [UInt8] {
    let chain = try await CentreCertificate.chain(of: base)
    guard let der = chain.first(where: isMeant) else {
      throw .untrusted(
        reason: "none of the \(chain.count) certificates that it shows has the pin \(pin)", remedy: remedy)
    }
    return der
  }

  /// The certificates that pins turned out to mean.
  private static let known = Mutex<[CertificatePin: [UInt8]]>([:])

  private static func client(trusting der: [UInt8]) throws(SyncError) -> HTTPClient {
    do {
      return try clients.withLock { clients in
        if let client = clients[der] { return client }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: der, format: .der)])
        tls.minimumTLSVersion = .tlsv12
        var configuration = HTTPTransport.configuration
        configuration.tlsConfiguration = tls
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        clients[der] = client
        return client
      }
    } catch {
      throw .untrusted(
        reason: "the authority's certificate cannot be used: \(error)", remedy: "Give another as centre.ca.")
    }
  }
}

/// The certificate that a centre shows, looked at when it is not believed, so that people are told why.
enum CentreCertificate {
  /// The certificates in DER, the centre's own first. Nothing of them is verified, and the connection is given up.
  static func chain(of base: String) async throws(SyncError) -> [[UInt8]] {
    guard let url = URL(string: base), let host = url.host?.trimmingCharacters(in: ["[", "]"]) else {
      throw .protocol(reason: "'\(base)' is no address")
    }
    let found = Mutex<[[UInt8]]>([])
    do {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.certificateVerification = .noHostnameVerification
      let context = try NIOSSLContext(configuration: tls)
      let name = ServerNames([host]).isName ? host : nil
      let end = CompletionPromise()
      let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(10))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: context, serverHostname: name) {
                (certificates: [NIOSSLCertificate], promise: EventLoopPromise<NIOSSLVerificationResult>) in
                do {
                  let bytes = try certificates.map { try $0.toDERBytes() }
                  found.withLock { $0 = bytes }
                } catch {
                  end.fault.withLock { $0 = "\(error)" }
                }
                promise.succeed(NIOSSLVerificationResult.failed)
              })
            try channel.pipeline.syncOperations.addHandler(EndOfHandshake(end))
          }
        }.connect(host: host, port: url.port ?? 443).get()
      let timeout = channel.eventLoop.scheduleTask(in: TimeAmount.seconds(10)) {
        channel.close(mode: .all, promise: nil)
      }
      try await channel.closeFuture.get()
      timeout.cancel()
      let chain = found.withLock { $0 }
      guard chain.isEmpty else { return chain }
      throw SyncError.untrusted(
        reason: "what listens at \(base) shows no certificate\(end.fault.withLock { $0 }.map { " (\($0))" } ?? "")",
        remedy: "Is TLS on there? Start the centre with --tls, or say http:// in centre.url.")
    } catch let error as SyncError {
      throw error
    } catch {
      throw .unreachable(reason: "\(error)")
    }
  }

  /// Why a certificate is not believed.
  static func distrust(of base: String, _ trust: CentreTrust, now: Date) async -> SyncError {
    let chain: [Certificate]
    do {
      chain = try await Self.chain(of: base).map { try Certificate(derEncoded: $0) }
    } catch let error as SyncError {
      return error
    } catch {
      return .untrusted(
        reason: "the certificate that it shows cannot be read: \(error)", remedy: "Look at the centre's certificate.")
    }
    guard let own = chain.first, let host = URL(string: base)?.host?.trimmingCharacters(in: ["[", "]"]) else {
      return .unreachable(reason: "it shows no certificate")
    }
    let clock = "Look at the clocks of both machines first (here it is \(now.formatted(.iso8601)))"
    if own.notValidAfter < now {
      return .untrusted(
        reason: "its certificate expired on \(own.notValidAfter.formatted(.iso8601))",
        remedy: "\(clock), then renew it at the centre; one of its own CA is renewed by itself.")
    }
    if own.notValidBefore > now {
      return .untrusted(
        reason: "its certificate is not valid before \(own.notValidBefore.formatted(.iso8601))", remedy: "\(clock).")
    }
    do {
      guard try ServerNames([host.lowercased()]).isCovered(by: own) else {
        let names = try own.extensions.subjectAlternativeNames.map { $0.map { "\($0)" }.joined(separator: ", ") }
        return .untrusted(
          reason: "its certificate is not for '\(host)' but for \(names ?? "nobody")",
          remedy: "Use one of these names in centre.url, or add the name at the centre with --tls-name.")
      }
    } catch {
      return .untrusted(reason: "the names in its certificate cannot be read: \(error)", remedy: "Make another.")
    }
    let wanted =
      switch trust {
      case .system: "the system's authorities do not know who signed it"
      case .authority, .pin: "it was not signed by the authority that is set"
      }
    return .untrusted(
      reason: "its certificate is of '\(own.issuer)', and \(wanted)",
      remedy:
        "Set centre.ca to what `custody central ca` prints at the centre. If it was right until now and nothing was "
        + "changed there, somebody else answers.")
  }
}

/// What is known when a handshake that is looked at has ended.
private final class CompletionPromise: Sendable {
  let fault = Mutex<String?>(nil)
}

/// Ends the connection at the end of its handshake, however it ends.
private final class EndOfHandshake: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let end: CompletionPromise

  init(_ end: CompletionPromise) { self.end = end }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end.fault.withLock { $0 = "\(error)" }
    context.close(promise: nil)
  }
}
