import BarcodeVision
import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension API {
  /// Largest frame that a browser posts, bytes.
  static let largestFrame = 2 << 20

  /// One frame of a phone's camera: what counts in it is scanned in the session, as if a scanner had read it.
  @Sendable func frame(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id: SessionID = try UUIDPath.id("id", in: context)
    var watch = try core.phones.take(id, at: .now, repeatAfter: core.options.repeatAfter)
    defer { core.phones.giveBack(watch, to: id) }
    let buffer = try await request.body.collect(upTo: Self.largestFrame)
    let bytes = Array(buffer.readableBytesView)
    _ = try await core.store.read { snapshot in
      guard try snapshot.session(id) != nil else { throw Problem.notFound("session \(id)") }
    }
    let frame = try await core.pictures.run { () throws(PictureError) in try GrayFrame(picture: bytes) }
    let answer = try await watch.take(frame, at: .now, core: core) { try await core.scan($0, in: id, by: signedIn) }
    struct Answer: Encodable {
      let width: Int
      let height: Int
      let symbols: [SightedSymbol]
      let scans: [ScanResource]
    }
    return try .json(
      Answer(
        width: frame.width, height: frame.height, symbols: answer.symbols,
        scans: answer.outcomes.map(ScanResource.init)))
  }
}
