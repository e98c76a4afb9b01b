import CustodyLedger
import Hummingbird
import StationStore

extension LocalAPI {
  /// The routes by which commands list and settle exceptions. What cannot be done is answered as `{code, detail, remedy}`.
  func addExceptions(to router: Router<StationContext>) {
    router.get("/local/exceptions", use: exceptions)
    router.post("/local/exceptions/{id}/settle", use: settle)
  }

  @Sendable func exceptions(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      Page(
        items: try await core.exceptions(
          before: .max, openOnly: request.text("settled") != "true",
          limit: try request.number("limit", default: 500, in: 1...500)
        ).map(ExceptionResource.init), next: nil)
    }
  }

  /// Settles one, as an act of the one who shows a token: only a person settles.
  @Sendable func settle(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      guard let token = SignInMiddleware.token(of: request), let signedIn = try await core.signedIn(token) else {
        throw Problem(
          .unauthorized, "access.notSignedIn", "Not signed in",
          detail: "Nobody is signed in, and only a person settles.",
          remedy: "Name the operator, or take a new token from POST /api/v1/sign-in.")
      }
      let settling = try Settling(try await request.json())
      return SettledResource(try await core.settle(try API.exceptionID(context), settling, by: signedIn))
    }
  }
}
