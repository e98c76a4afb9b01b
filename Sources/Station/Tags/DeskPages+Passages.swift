import Custody
import Foundation
import Hummingbird
import ScannerProtocols
import StationStore

extension DeskPages {
  private static let passagesOfPage = 50

  /// What went through doors, and a door's comparison with the record over a period.
  @Sendable func passages(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let before = try request.number("before", default: Int.max, in: 0...Int.max)
    let choice = try PassageChoice(request, Moments(clock: core.clock))
    let doors = Set(core.options.tags.doorways.keys).union(choice.door.map { [$0] } ?? []).sorted()
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let most = KeptPassage.mostKept.formatted(.number.locale(Locale(identifier: "en")))
      var view = PassageListView(
        shell: try presenter.shell(title: "Through doors", page: "list"),
        kept: "kept for \(KeptPassage.keptDays) days, the newest \(most) at most",
        chips: [DoorChip(label: "All", href: "/passages" + choice.query(at: nil), current: choice.door == nil)]
          + doors.map { name in
            DoorChip(label: name, href: "/passages" + choice.query(at: name), current: name == choice.door)
          },
        comparison: try DoorComparisonView(choice, in: snapshot),
        csv: (choice.shown == .unseen ? "/passages/not-seen.csv" : "/passages.csv") + choice.query(), rows: [],
        unseen: [], isUnseen: choice.shown == .unseen, isChosen: choice.shown != nil || choice.period.isGiven,
        paging: PagingView(words: ""))
      var next: String?
      if choice.shown == .unseen {
        (view.unseen, next) = try unseenRows(choice, before: before, in: snapshot, presenter.moments)
      } else {
        (view.rows, next) = try passageRows(choice, before: before, in: snapshot, presenter.moments)
      }
      view.paging = PagingView(
        words: "\(view.rows.count + view.unseen.count) shown",
        previous: before == .max ? nil : "/passages" + choice.query(),
        next: next.map { "/passages" + choice.query(before: $0) })
      return view
    }
    return try renderer.page("passages", view)
  }

  /// A page of passages, and the place behind which the next one begins.
  private func passageRows(
    _ choice: PassageChoice, before: Int, in snapshot: any StoreReading, _ moments: Moments
  ) throws -> ([PassageRow], String?) {
    let tags = TagPresenter(core: core, snapshot: snapshot)
    let found = try snapshot.passages(
      before: Int64(before), doorway: choice.door, finding: choice.finding, during: choice.listed,
      limit: Self.passagesOfPage + 1)
    let shown = found.prefix(Self.passagesOfPage)
    let rows = try shown.map { try tags.row($0, moments) }
    return (rows, found.count > shown.count ? shown.last.map { "\($0.id)" } : nil)
  }

  /// A page of what left by record and was not seen, and the place behind which the next one begins.
  private func unseenRows(
    _ choice: PassageChoice, before: Int, in snapshot: any StoreReading, _ moments: Moments
  ) throws -> ([UnseenRow], String?) {
    let names = AssetPresenter(snapshot: snapshot, moments: moments)
    let found = try snapshot.unseenDepartures(
      doorway: choice.door, during: choice.period.moments, before: before == .max ? nil : Int64(before),
      limit: Self.passagesOfPage + 1)
    let shown = found.prefix(Self.passagesOfPage)
    let rows = try shown.map { departure in
      let words = try departure.words(names)
      return UnseenRow(
        at: moments.view(departure.entry.event.wallClock),
        asset: try snapshot.asset(departure.asset).map { TagAssetView($0) }, left: words.left, to: words.to,
        untagged: departure.isTagged ? nil : "no RFID tag on record")
    }
    return (rows, found.count > shown.count ? shown.last.map { "\($0.entry.arrival)" } : nil)
  }

  /// What went through the door that is looked at, or through any, as far as it is kept: all of it, or what the page lists of a
  /// comparison; the newest first.
  @Sendable func passagesCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, choice) = (core, try PassageChoice(request, Moments(clock: core.clock)))
    guard choice.shown != .unseen else { return try await unseenCSV(request, context) }
    let columns = [
      "passage", "at", "door", "direction", "epc", "tag", "serial", "asset", "verdict", "code", "sentence", "remedy",
      "state",
    ]
    return Self.csv(named: "passages.csv", columns) { (before: Int64?) in
      try await core.store.read { snapshot -> CSVPage<Int64> in
        let tags = TagPresenter(core: core, snapshot: snapshot)
        let found = try snapshot.passages(
          before: before ?? .max, doorway: choice.door, finding: choice.finding, during: choice.listed,
          limit: Self.listedAtOnce)
        let rows = try found.map { passage -> [String?] in
          let asset = try tags.asset(passage)
          let made = passage.judgement
          return [
            "\(passage.id)", passage.at.description, passage.doorway, passage.way,
            hexadecimal(passage.epc).uppercased(), asset?.tag, asset?.serial, asset?.title, made?.verdict.rawValue,
            made?.code, made?.sentence, made?.remedy, passage.state?.rawValue,
          ]
        }
        return (rows, found.count == Self.listedAtOnce ? found.last?.id : nil)
      }
    }
  }

  /// What left by record in the period and was not seen at the door that is looked at, or at any; the newest first.
  @Sendable func unseenCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let (core, choice) = (core, try PassageChoice(request, Moments(clock: core.clock)))
    let columns = ["at", "tag", "serial", "asset", "verb", "order", "hasTag", "state", "door"]
    return Self.csv(named: "not-seen.csv", columns) { (before: Int64?) in
      try await core.store.read { snapshot -> CSVPage<Int64> in
        let found = try snapshot.unseenDepartures(
          doorway: choice.door, during: choice.period.moments, before: before, limit: Self.listedAtOnce)
        let rows = try found.map { departure -> [String?] in
          let asset = try snapshot.asset(departure.asset)
          let left = UnseenResource(departure, asset: asset)
          return [
            left.at.description, asset?.tag, asset?.serial, asset?.title, left.verb, left.order,
            left.isTagged ? "yes" : "no", asset?.state.rawValue, choice.door,
          ]
        }
        return (rows, found.count == Self.listedAtOnce ? found.last?.entry.arrival : nil)
      }
    }
  }
}

extension KeptPassage {
  /// Which way it went, in a file; nil where that could not be told.
  fileprivate var way: String? {
    switch direction {
    case .inwards?: "in"
    case .outwards?: "out"
    case nil: nil
    }
  }
}
