import Custody
import Foundation
import Hummingbird
import ScannerProtocols
import StationStore

extension DeskPages {
  func addTags(to router: Router<StationContext>) {
    router.get("/tags", use: tags)
    router.get("/tags.csv", use: tagsCSV)
    router.get("/passages", use: passages)
    router.get("/passages.csv", use: passagesCSV)
    router.get("/passages/not-seen.csv", use: unseenCSV)
    router.get("/static/tags.js") { _, _ in try Self.file(.tagsScript, "text/javascript; charset=utf-8") }
  }

  /// How many tags the page shows; the API has them all.
  private static let mostTags = 200
  private static let mostPassages = 20

  @Sendable func tags(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let place = request.text("place")
    let present = core.tags.present
    let found = present.filter { place == nil || $0.place == place }
    // Tags come and go: who looks at a place that is empty now still sees its name.
    let places = Set(present.map(\.place)).union(place.map { [$0] } ?? []).sorted()
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let (tags, moments) = (TagPresenter(core: core, snapshot: snapshot), presenter.moments)
      let rows = try found.prefix(Self.mostTags).map { tag in
        TagRow(
          epc: hexadecimal(tag.epc).uppercased(), asset: try tags.asset(tag.epc).map { TagAssetView($0) },
          place: tag.place, antenna: tag.zone == nil ? nil : tag.antenna.words, signal: tag.strength?.words,
          count: tag.count, firstSeen: moments.view(tags.instant(tag.firstSeen)),
          lastSeen: moments.view(tags.instant(tag.lastSeen)))
      }
      let passages = try snapshot.passages(limit: Self.mostPassages).map { try tags.row($0, moments) }
      let all = StateChip(label: "All", href: "/tags", count: present.count, current: place == nil)
      let words = found.count == 1 ? "1 tag in view" : "\(found.count) tags in view"
      return TagListView(
        shell: try presenter.shell(title: "Tags", page: "list"), readers: core.readers.map { NetworkReaderView($0) },
        chips: [all]
          + places.map { name in
            StateChip(
              label: name, href: "/tags" + Self.query([("place", name)]),
              count: present.count { $0.place == name }, current: name == place)
          },
        rows: rows, csv: "/tags.csv" + Self.query([("place", place)]),
        words: found.count > Self.mostTags ? words + ", the first \(Self.mostTags) are shown" : words,
        passages: PassageRows(rows: passages), hasReaders: !core.readers.isEmpty, hasPassages: !passages.isEmpty,
        hasDoors: !core.options.tags.doorways.isEmpty || !passages.isEmpty)
    }
    return try renderer.page("tags", view)
  }

  /// Every tag in view, of the place that is looked at.
  @Sendable func tagsCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, place) = (core, request.text("place"))
    let found = core.tags.present.filter { place == nil || $0.place == place }
    let columns = [
      "epc", "tag", "serial", "asset", "place", "reader", "antenna", "dBm", "strength", "reads", "firstSeen",
      "lastSeen",
    ]
    return Self.csv(named: "tags.csv", columns) { (from: Int?) in
      try await core.store.read { snapshot -> CSVPage<Int> in
        let tags = TagPresenter(core: core, snapshot: snapshot)
        let start = from ?? 0
        let rows = try found.dropFirst(start).prefix(Self.listedAtOnce).map { tag -> [String?] in
          let asset = try tags.asset(tag.epc)
          var (dBm, strength): (String?, String?) = (nil, nil)
          switch tag.strength {
          case .dBm(let value): dBm = "\(value)"
          case .raw(let value): strength = "\(value)"
          case nil: break
          }
          return [
            hexadecimal(tag.epc).uppercased(), asset?.tag, asset?.serial, asset?.title, tag.place, tag.antenna.reader,
            tag.antenna.number == 0 ? nil : "\(tag.antenna.number)", dBm, strength, "\(tag.count)",
            tags.instant(tag.firstSeen).description, tags.instant(tag.lastSeen).description,
          ]
        }
        return (rows, start + rows.count < found.count ? start + rows.count : nil)
      }
    }
  }
}

extension TagSighting {
  /// Where it is: the zone, or reader and antenna.
  var place: String { zone ?? antenna.words }
}

extension TagAntenna {
  /// `dock, antenna 2`.
  var words: String { number == 0 ? reader : "\(reader), antenna \(number)" }
}

extension SignalStrength {
  /// With its unit.
  var words: String {
    switch self {
    case .dBm(let value): value < 0 ? "−\(-value) dBm" : "\(value) dBm"
    case .raw(let value): "\(value)"
    }
  }
}
