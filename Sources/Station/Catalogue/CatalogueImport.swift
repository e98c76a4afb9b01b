import Custody
import StationStore
import Synchronization

/// Brings a CSV file into a station: all of it or nothing, in one transaction; the same file again changes nothing.
///
/// A row that cannot be taken is reported with its line, its column and what to do; then nothing at all is written,
/// unless ``Options/skipBadRows`` says otherwise. Every asset becomes one signed `register` event that names the file's
/// SHA-256 and the row's line, or one `expect` event where it is only announced.
///
/// The recording of a large file holds the station's writer: a hundred thousand assets take some seconds, in which scans
/// wait.
public struct CatalogueImport: Sendable {
  /// What a file holds.
  public enum Kind: String, Hashable, Sendable, Encodable, CaseIterable {
    case assets, people, orders, locations, kits, consumables
  }

  /// How it is imported.
  public struct Options: Hashable, Sendable {
    /// Import the good rows, and give the others back in ``ImportReport/rejected``.
    public var skipBadRows = false
    /// Make the locations that a file of assets names and nobody knows; else they make their rows bad.
    public var createLocations = false
    /// ISO 4217 code of prices that name no currency.
    public var currency: String?
    /// Find out what would come of it, and write nothing.
    public var dryRun = false
    /// Who imports; nil is the system.
    public var actor: Actor?

    /// All or nothing, by the system.
    public init() {}
  }

  public let kind: Kind
  public let options: Options
  let store: StationStore
  let pace: ImportPace

  /// An import into `store`. `progress` is called at most ten times a second of `clock`, and once at the end, from
  /// whatever thread does the work: it must be quick.
  public init(
    _ kind: Kind, into store: StationStore, options: Options = Options(),
    clock: some Clock<Duration> = ContinuousClock(),
    progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
  ) {
    self.kind = kind
    self.options = options
    self.store = store
    let start = clock.now
    pace = ImportPace(elapsed: { start.duration(to: clock.now) }, report: progress)
  }

  /// Imports `file`.
  ///
  /// A file that is wrong gives a report that says so. Throws `CancellationError` when the task is cancelled before the
  /// transaction is complete, and ``StoreFault`` when the store is at fault; in both cases nothing was imported.
  public func run(_ file: ImportFile) async throws -> ImportReport {
    var report =
      switch kind {
      case .assets: try await importAssets(file)
      case .people: try await importPeople(file)
      case .orders: try await importOrders(file)
      case .locations: try await importLocations(file)
      case .kits: try await importKits(file)
      case .consumables: try await importConsumables(file)
      }
    if ![.assets, .kits, .consumables].contains(kind), try await store.read({ try $0.takesReference() }) {
      report.notes.append(
        "This station has a centre that rules people, locations and orders: what was imported here holds until the centre has "
          + "its own. Import the file there: custody central import.")
    }
    return report
  }

  /// Which kind a file is by its name, such as `assets-2026.csv`; else by its columns. Nil when neither tells.
  public static func kind(of file: ImportFile) -> Kind? {
    let name = file.name.lowercased()
    if let kind = Kind.allCases.first(where: { name.hasPrefix($0.rawValue) }) { return kind }
    return titles(of: file).flatMap { kind(titles: $0) }
  }

  /// Which kind a file is by its columns where that is not `kind`, and more of them mean something there than in `kind`; nil
  /// where it may well be of `kind`.
  static func otherKind(of file: ImportFile, than kind: Kind) -> Kind? {
    guard let titles = titles(of: file), let other = Self.kind(titles: titles), other != kind,
      understood(titles, as: other) > understood(titles, as: kind)
    else { return nil }
    return other
  }

  private static func kind(titles: Set<HeaderKey>) -> Kind? {
    func names(_ columns: [String]) -> Bool { columns.contains { titles.contains(HeaderKey($0)) } }
    if names(KitColumn.kit.names) { return .kits }
    if names(ConsumableColumn.toleranceQuantity.names + ConsumableColumn.toleranceValue.names) { return .consumables }
    if names(OrderColumn.quantity.names) { return .orders }
    if names(AssetColumn.tag.names + AssetColumn.serial.names) { return .assets }
    if names(PersonColumn.email.names) { return .people }
    return names(LocationColumn.code.names) ? .locations : nil
  }

  /// How many of the titles mean something in a file of a kind.
  private static func understood(_ titles: Set<HeaderKey>, as kind: Kind) -> Int {
    func count<Column: ImportColumn>(_ columns: Column.Type) -> Int {
      titles.intersection(columns.allCases.flatMap { $0.names }.map { HeaderKey($0) }).count
    }
    switch kind {
    case .assets: return count(AssetColumn.self)
    case .people: return count(PersonColumn.self)
    case .orders: return count(OrderColumn.self)
    case .locations: return count(LocationColumn.self)
    case .kits: return count(KitColumn.self)
    case .consumables: return count(ConsumableColumn.self)
    }
  }

  /// Why a file cannot be read as CSV at all; nil when it can.
  public static func problem(of file: ImportFile) -> ImportProblem? {
    do throws(CSVDialect.Fault) {
      _ = try CSVDialect.sniff(file.bytes)
      return nil
    } catch {
      return ImportProblem(error)
    }
  }

  private static func titles(of file: ImportFile) -> Set<HeaderKey>? {
    do throws(CSVDialect.Fault) {
      let dialect = try CSVDialect.sniff(file.bytes)
      var reader = CSVReader(file.bytes, delimiter: dialect.delimiter, from: dialect.start, line: dialect.line)
      return reader.next().map { Set($0.cells.map { HeaderKey($0) }) }
    } catch {
      return nil
    }
  }
}

/// What a transaction found and did.
struct ImportOutcome: Sendable {
  var imported = 0
  var updated = 0
  var skipped = 0
  var announced = 0
  var problems: [ImportProblem] = []
  var bad: [Int: Range<Int>] = [:]
  var newLocations: [String] = []
  /// What rows come to, of the first so many.
  var lines: [ImportLine] = []

  mutating func note(_ line: Int, _ effect: ImportLine.Effect, _ what: String) {
    if lines.count < ImportLine.most { lines.append(ImportLine(line: line, effect: effect, what: what)) }
  }
}

extension CatalogueImport {
  /// Thrown to undo a transaction that found bad rows.
  private struct BadRows: Error {
    let outcome: ImportOutcome
  }

  /// Thrown to undo a transaction that was to show what would come of it.
  private struct Rehearsed: Error {
    let outcome: ImportOutcome
  }

  /// Checks and records what `table` holds, all or nothing, and reports. A dry run is recorded too, and undone: so the rules of
  /// custody have their say, and not only ours.
  ///
  /// - Parameters:
  ///   - check: compares the rows with what the store knows; must not write.
  ///   - record: writes what `check` found good.
  func finish<Row, Checked: Sendable>(
    _ file: ImportFile, _ table: ImportTable<Row>, pace: ImportPace,
    check: @escaping @Sendable (any StoreReading, inout ImportOutcome, inout Steps) throws -> Checked,
    record: @escaping @Sendable (Checked, StoreTransaction, inout ImportOutcome, inout Steps) throws -> Void
  ) async throws -> ImportReport {
    var report = ImportReport(kind: kind, file: file, table: table)
    let (skipBadRows, dryRun) = (options.skipBadRows, options.dryRun)
    report.dryRun = dryRun
    if table.isBroken || (!table.problems.isEmpty && !skipBadRows) {
      // Nothing will be written; but all that is wrong is told at once.
      guard !table.isBroken else { return report.refused() }
      let outcome = try await store.read { snapshot in
        var outcome = ImportOutcome()
        var steps = Steps(pace: pace, isCancelled: { false })
        _ = try check(snapshot, &outcome, &steps)
        return outcome
      }
      report.add(outcome, of: file, table)
      return report.refused()
    }
    let flag = CancellationFlag()
    do {
      let outcome = try await withTaskCancellationHandler {
        try await store.write { transaction in
          var outcome = ImportOutcome()
          var steps = Steps(pace: pace, isCancelled: { flag.isSet })
          let checked = try check(transaction, &outcome, &steps)
          guard outcome.problems.isEmpty || skipBadRows else { throw BadRows(outcome: outcome) }
          try record(checked, transaction, &outcome, &steps)
          guard outcome.problems.isEmpty || skipBadRows else { throw BadRows(outcome: outcome) }
          guard !dryRun else { throw Rehearsed(outcome: outcome) }
          return outcome
        }
      } onCancel: {
        flag.set()
      }
      report.add(outcome, of: file, table)
    } catch let rehearsed as Rehearsed {
      report.add(rehearsed.outcome, of: file, table)
    } catch let bad as BadRows {
      report.add(bad.outcome, of: file, table)
      return report.refused()
    }
    pace.tellEnd(report.read)
    return report
  }

  /// Counts work as it goes, tells of it, and stops when the task is cancelled.
  struct Steps {
    var pace: ImportPace
    let isCancelled: @Sendable () -> Bool

    mutating func step(_ phase: ImportProgress.Phase, _ done: Int, of total: Int) throws {
      if done & 63 == 0, isCancelled() { throw CancellationError() }
      pace.tell(phase, done, of: total)
    }
  }
}

/// Carries a task's cancellation into the store's writer, which runs outside any task.
private final class CancellationFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
