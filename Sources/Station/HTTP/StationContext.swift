import Custody
import Hummingbird
import StationStore

/// What a request carries through the station.
struct StationContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Who is signed in; nil for nobody.
  var signedIn: SignedIn?

  init(source: Source) {
    coreContext = .init(source: source)
  }

  /// Pictures are the largest thing anybody sends.
  var maxUploadSize: Int { 64 << 20 }

  /// Who is signed in; throws the problem that says how to sign in.
  func requireSignedIn() throws -> SignedIn {
    guard let signedIn else { throw Problem.notSignedIn }
    return signedIn
  }
}
