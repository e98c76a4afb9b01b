import BarcodeVision
import Custody
import CustodyLedger
import Hummingbird
import StationStore
import StockCounting

extension API {
  func addPhone(to v1: RouterGroup<StationContext>) {
    v1.get("/counts/{id}/sheet", use: countSheet)
    v1.post("/symbols", use: symbols)
  }

  /// Most lines of a count that a phone keeps.
  static let mostSheetLines = 20_000

  /// What a counter's device keeps of a count, to tell by itself what a scan is while the station cannot be asked: the lines with
  /// every mark of their assets, and which place is in which. Of a blind count, and of one with more lines than a phone keeps, the
  /// places alone.
  @Sendable func countSheet(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    let sheet = try await core.store.read { snapshot in
      let lines = count.hides ? nil : try snapshot.countSheet(of: count.id, limit: Self.mostSheetLines)
      return CountSheetResource(
        count: count.id, blind: count.blind, open: count.ending == nil,
        complete: lines != nil, expected: count.hides ? nil : count.expected,
        places: try snapshot.locations().map { .init(code: $0.code, name: $0.name, parent: $0.parent) },
        lines: (lines ?? []).map(CountSheetResource.Line.init),
        consumables: try snapshot.codes(ofConsumables: count).map {
          .init(code: $0.code.text, key: $0.code.key, name: $0.name)
        })
    }
    return try .json(sheet)
  }

  /// What codes a picture shows. Nothing is scanned and nothing is kept: a phone decides by itself what its codes are for. Of a live
  /// frame, what carries no checksum is `waiting`: it counts when the next frame shows it too.
  @Sendable func symbols(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let isStill = request.text("still") == "true"
    let now = core.options.frameTime()
    let turn = try core.glances.take(signedIn.person.id, at: now)
    let buffer = try await request.body.collect(upTo: Self.largestFrame)
    let bytes = Array(buffer.readableBytesView)
    let frame = try await core.pictures.run { () throws(PictureError) in try GrayFrame(picture: bytes) }
    let sighted: [SightedSymbol]
    if isStill {
      sighted = try await core.pictures.read(frame).map { SightedSymbol($0, .counted) }
    } else {
      let look = try await core.pictures.look(at: frame, effort: .live(turn: turn))
      var filter = RepeatFilter()
      let sure = Set(filter.take(look.certain, at: now).map(\.mark))
      sighted =
        look.certain.map { SightedSymbol($0, sure.contains($0.mark) ? .counted : .waiting) }
        + look.doubtful.map { SightedSymbol($0, .doubtful) }
    }
    struct Answer: Encodable {
      let width: Int
      let height: Int
      let symbols: [SightedSymbol]
    }
    return try .json(Answer(width: frame.width, height: frame.height, symbols: sighted))
  }
}

/// A count as a device keeps it.
private struct CountSheetResource: Encodable {
  struct Place: Encodable {
    let code: LocationCode
    let name: String
    let parent: LocationCode?
  }

  struct Line: Encodable {
    /// As ``CountLine/Subject/path``.
    let line: String
    let name: String
    let title: String?
    let expected: Bool
    let result: CountLine.Result
    /// Where it is recorded.
    let place: LocationCode?
    /// Where it was seen last; nil when it was not, or no place was named.
    let seenAt: LocationCode?
    let marks: [String]

    init(_ kept: CountSheetLine) {
      line = kept.line.subject.path
      switch kept.line.subject {
      case .asset(let id):
        name = kept.name ?? String(id.description.suffix(12))
        marks = kept.marks
      case .code(let code): (name, marks) = (String(code.prefix(80)), [code])
      }
      title = kept.title
      expected = kept.isExpected
      result = kept.line.result
      place = kept.line.recorded?.location
      seenAt = kept.line.sighting?.place
    }
  }

  /// What counts one more with each scan.
  struct Stock: Encodable {
    let code: String
    /// What codes are compared by: a GTIN of 14 digits, else the code in capitals.
    let key: String
    let name: String
  }

  let count: CountID
  let blind: Bool
  let open: Bool
  /// Whether all lines are here.
  let complete: Bool
  /// How many assets are expected; nil while a blind count is open.
  let expected: Int?
  let places: [Place]
  let lines: [Line]
  /// Consumables by which a scan is known, each once; none but in a count of a location.
  let consumables: [Stock]
}
