import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL

/// Carries requests over HTTP/1.1. The centre's certificate is verified as ``CentreTrust`` says; no request is sent before.
public struct HTTPTransport: CentralTransport {
  private let base: String
  private let http: HTTPClient?
  private let trust: CentreTrust

  /// Connections for the life of the process. Unlike `HTTPClient.shared` it says at once that nobody listens, rather
  /// than trying again until the time is over: when to try again is ``SyncBackoff``'s to say.
  public static let sharedHTTP = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

  static let configuration: HTTPClient.Configuration = {
    var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(10)))
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.redirectConfiguration = .disallow
    return configuration
  }()

  /// To the centre at a base address, without a slash at its end, over connections that `http` keeps; without it, over
  /// those of the process that `trust` the centre so.
  public init(to base: String, over http: HTTPClient? = nil, trusting trust: CentreTrust = .system) {
    self.base = base
    self.http = http
    self.trust = trust
  }

  public func exchange(_ request: CentralRequest) async throws(SyncError) -> CentralAnswer {
    var carried = HTTPClientRequest(url: base + request.path)
    carried.method = request.method
    carried.headers = request.headers
    if !request.body.isEmpty { carried.body = .bytes(request.body) }
    let connections: HTTPClient
    if let http { connections = http } else { connections = try await trust.client(for: base) }
    do {
      let response = try await connections.execute(carried, timeout: TimeAmount(request.timeout))
      return CentralAnswer(status: Int(response.status.code), headers: response.headers, body: response.body)
    } catch  where Self.isOfTLS(error) {
      throw await CentreCertificate.distrust(of: base, trust, now: Date())
    } catch {
      throw .unreachable(reason: "\(error)")
    }
  }

  /// Whether the handshake failed, before anything was asked.
  private static func isOfTLS(_ error: any Error) -> Bool {
    if error is NIOSSLExtraError || error is BoringSSLError { return true }
    if case .handshakeFailed? = error as? NIOSSLError { return true }
    return false
  }
}
