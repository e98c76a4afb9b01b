import CustodyLedger
import Hummingbird
import SanitizationReports
import StationStore

extension LocalAPI {
  /// The routes by which a command imports wipe reports. What cannot be done is answered as `{code, detail, remedy}`.
  func addWipeReports(to router: Router<StationContext>) {
    router.post("/local/wipe-reports", use: readWipeReports)
    router.post("/local/wipe-reports/record", use: recordWipeReports)
  }

  /// The largest request with reports, bytes: what an upload may hold, in base64.
  static let largestReports = ReportFile.limit / 3 * 4 + 1 << 20

  @Sendable func readWipeReports(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      let buffer = try await request.body.collect(upTo: Self.largestReports)
      return try await core.readWipes(
        asked: try CanonicalJSON(bytes: Array(buffer.readableBytesView), limit: Self.largestReports))
    }
  }

  /// Records them, as an act of the one who shows a token: only a person records a wipe.
  @Sendable func recordWipeReports(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      guard let token = SignInMiddleware.token(of: request), let signedIn = try await core.signedIn(token) else {
        throw Problem(
          .unauthorized, "access.notSignedIn", "Not signed in",
          detail: "Nobody is signed in, and only a person records a wipe.",
          remedy: "Name the operator, or take a new token from POST /api/v1/sign-in.")
      }
      return try await core.recordWipes(asked: try await request.json(), by: signedIn)
    }
  }
}
