import HTTPServing
import HTTPTypes
import Hummingbird

/// Who asks too often waits (OWASP ASVS 5.0, 6.3.1 and 2.4.1). Wrong PINs of one badge have their own growing delay besides:
/// see ``StationStore/signIn(badge:pin:)``.
struct RateLimitMiddleware: RouterMiddleware {
  typealias Context = StationContext
  let core: StationCore
  /// Sign-ins by address: a shift that begins passes, guessing does not.
  private let signIns = TokenBuckets(burst: 60, perMinute: 30)
  /// Everything else by address, of other machines. Programs on this machine may be as fast as they can.
  private let requests = TokenBuckets(burst: 1200, perMinute: 6000)

  init(core: StationCore) { self.core = core }

  func handle(
    _ request: Request, context: StationContext, next: (Request, StationContext) async throws -> Response
  ) async throws -> Response {
    let path = request.uri.path
    let isSignIn = request.method == .post && (path == "/sign-in" || path == "/api/v1/sign-in")
    let isFarAway = !context.isLocal || core.options.isBehindProxy
    guard isSignIn || isFarAway else { return try await next(request, context) }
    let address = context.address(of: request, isBehindProxy: core.options.isBehindProxy)
    if let seconds = (isSignIn ? signIns : requests).take(address) {
      core.metrics.limited.count(isSignIn ? "sign-in" : "request")
      var problem = Problem(
        .tooManyRequests, "access.tooOften", "Too often",
        detail: "There were too many \(isSignIn ? "sign-ins" : "requests") from this address.",
        remedy: "Wait \(counted(seconds, "second")), then try again.")
      problem.retryAfter = Int64(seconds)
      throw problem
    }
    return try await next(request, context)
  }
}

extension StationContext {
  /// Where a request comes from: the connection's address, or what the proxy says, whose own entry is the last.
  func address(of request: Request, isBehindProxy: Bool) -> String {
    if isBehindProxy, let said = request.headers[.xForwardedFor]?.split(separator: ",").last {
      return String(said.trimmingCharacters(in: .whitespaces).prefix(64))
    }
    return remoteAddress ?? "unknown"
  }
}

extension HTTPField.Name {
  static let xForwardedFor = Self("X-Forwarded-For") ?? .origin
}
