import BarcodeVision
import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  /// Largest frame that a browser posts, bytes.
  static let largestFrame = 2 << 20

  /// One frame of a phone's camera: what counts in it is scanned in the session, as if a scanner had read it; in a receive
  /// session the codes of an unknown carton are laid there together. A phone's own session stands for its person's desk
  /// while they receive there.
  @Sendable func frame(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    let now = core.options.frameTime()
    var watch = try core.phones.take(id, at: now, repeatAfter: core.options.repeatAfter)
    defer { core.phones.giveBack(watch, to: id) }
    let buffer = try await request.body.collect(upTo: Self.largestFrame)
    let bytes = Array(buffer.readableBytesView)
    let session = try await core.session(shownAs: id, to: signedIn)
    let place = try await core.place(of: session, shownBy: signedIn)
    let frame = try await core.pictures.run { () throws(PictureError) in try GrayFrame(picture: bytes) }
    let answer = try await watch.take(
      frame, at: now, core: core, receiving: { place.receiving },
      scan: { try await core.scan($0, in: place.session, by: signedIn) })
    // A frame is no sign of life, but somebody holds before the camera what was scanned.
    if !answer.outcomes.isEmpty || answer.carton != nil { _ = try await core.signedIn(signedIn.token) }
    struct Answer: Encodable {
      let width: Int
      let height: Int
      let symbols: [SightedSymbol]
      let scans: [ScanResource]
      let carton: CartonResource?
    }
    return try .json(
      Answer(
        width: frame.width, height: frame.height, symbols: answer.symbols,
        scans: answer.outcomes.map(ScanResource.init), carton: answer.carton.map(CartonResource.init)))
  }
}
