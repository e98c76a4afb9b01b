import CentralStore
import Custody
import Foundation
import Hummingbird
import SyncProtocol
import TamperEvidence

/// Where a station enrols itself by a one-time code: see ``SyncRoute/enrol``. Nobody has to be known to ask, so the code is
/// all that lets somebody in; what is wrong about it is told to nobody.
struct EnrolmentRoute: Sendable {
  private static let longest = 8192

  let configuration: CentralConfiguration
  let store: any CentralStore
  let now: @Sendable () -> Instant
  private let gate = PushGate(places: 4)

  init(configuration: CentralConfiguration, store: any CentralStore, now: @escaping @Sendable () -> Instant) {
    self.configuration = configuration
    self.store = store
    self.now = now
  }

  func add(to router: Router<CentralContext>) {
    router.post(RouterPath(SyncRoute.enrol)) { request, _ in try await enrol(request) }
  }

  private func enrol(_ request: Request) async throws -> Response {
    let answer = try await gate.enter { try await enrolled(try await read(request)) }
    guard let answer else { throw Problem.busy }
    var response = try JSONAnswer.response(answer)
    response.headers[named: SyncHeader.protocolVersion] = "\(SyncLimits.protocolVersion)"
    return response
  }

  private func read(_ request: Request) async throws -> EnrolmentRequest {
    let body = try await request.body.collect(upTo: Self.longest)
    let asked: EnrolmentRequest
    do {
      asked = try JSONDecoder().decode(EnrolmentRequest.self, from: Data(body.readableBytesView))
    } catch {
      throw Problem.malformedEnrolment("the request cannot be read")
    }
    guard let name = LogAuthor.isOrigin(asked.key.name) ? asked.key.name : nil, EnrolmentCode(asked.code) != nil else {
      throw Problem.malformedEnrolment("it names no station as SITE/STATION, or its code is none")
    }
    guard asked.isProved else { throw Problem.malformedEnrolment("both keys of \(name) must sign for it") }
    return asked
  }

  private func enrolled(_ asked: EnrolmentRequest) async throws -> EnrolmentResult {
    guard let code = EnrolmentCode(asked.code) else { throw Problem.malformedEnrolment("its code is none") }
    let enrolment = try await store.enrol(
      asked.key, requestKey: asked.requestKey, code: TokenDigest(of: code.presented), at: now())
    switch enrolment {
    case .refused(let refusal):
      throw Problem(
        status: 403, code: refusal.code, title: "Not enrolled", detail: refusal.sentence, remedy: refusal.remedy)
    case .enrolled(let station, let epoch):
      return EnrolmentResult(
        station: station.name, centre: configuration.name, log: store.logKey, epoch: epoch,
        held: try await store.chain(of: station), fingerprint: asked.fingerprint)
    }
  }
}
