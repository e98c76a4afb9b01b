import Hummingbird
import StationStore

extension DeskPages {
  func addHandOver(to router: Router<StationContext>) {
    router.post("/desk/sign", use: sign)
    router.post("/desk/acknowledge", use: acknowledge)
  }

  /// The signature as the page draws it: a data URL of a PNG.
  @Sendable func sign(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let picture = try await request.form().drawnPicture()
      _ = try await core.sign(picture, in: try await session(for: signedIn), by: signedIn)
      return nil
    }
  }

  @Sendable func acknowledge(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      _ = try await core.acknowledge(
        badge: form["badge"] ?? "", pin: form["pin"] ?? "", in: try await session(for: signedIn), by: signedIn)
      return nil
    }
  }
}
