import NIOHTTP1
import RequestTokens
import SyncProtocol
import TamperEvidence

/// Signs each request of a station with its request key, and has another transport carry it. Where the centre refuses a token
/// for its time, and signs what the time is, the request is made once more by that time.
public struct SigningTransport: CentralTransport {
  private let signer: RequestSigner
  private let transport: any CentralTransport

  /// Signs what `transport` carries.
  public init(_ signer: RequestSigner, over transport: any CentralTransport) {
    self.signer = signer
    self.transport = transport
  }

  public func exchange(_ request: CentralRequest) async throws(SyncError) -> CentralAnswer {
    let (answer, id) = try await signed(request)
    guard answer.status == 401, signer.learn(answer.headers.first(name: SyncHeader.time), about: id) else {
      return answer
    }
    return try await signed(request).answer
  }

  private func signed(_ request: CentralRequest) async throws(SyncError) -> (answer: CentralAnswer, id: String) {
    let made: (token: String, id: String)
    do {
      made = try await signer.token(method: request.method.rawValue, target: request.path, body: request.body)
    } catch {
      throw .protocol(reason: "the request cannot be signed: \(error)")
    }
    var signed = request
    signed.headers.replaceOrAdd(name: "authorization", value: "Bearer \(made.token)")
    return (try await transport.exchange(signed), made.id)
  }
}
