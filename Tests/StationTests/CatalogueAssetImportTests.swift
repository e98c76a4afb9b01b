import Custody
import CustodyLedger
import Foundation
import Station
import StationStore
import Synchronization
import Testing

/// `custody import assets.csv`.
@Suite struct CatalogueAssetImportTests {
  @Test("A row becomes one signed registration that names the file and the line")
  func row() async throws {
    try await withStation { store in
      _ = try await store.importing(.people, "name,email\nKim Novák,kim@example.com\n")
      _ = try await store.importing(.locations, "code,name\nSTORE-A1,Storeroom\n")
      let text = """
        Inventarnummer;Seriennummer;Hersteller;Modell;Kategorie;Status;Standort;Zugewiesen an;Kaufdatum;Kaufpreis;\
        Währung;Garantiemonate;Festplatten;Bemerkung
        AT-1;PF1;Lenovo;T14;Laptop;Im Einsatz;storeroom;kim@example.com;15.03.2024;1.349,00;EUR;36;S4EV1|S4EV2;Kratzer

        """
      let file = ImportFile(name: "assets.csv", bytes: Array(text.utf8))
      let report = try await CatalogueImport(.assets, into: store).run(file)
      #expect(report.problems.isEmpty)
      #expect(report.imported == 1)
      #expect(report.customColumns == ["Bemerkung"])
      let asset = try #require(try await store.asset(tagged: "AT-1"))
      #expect(asset.serial == "PF1")
      #expect(asset.state == .deployed)
      #expect(asset.location?.text == "STORE-A1")
      let kim = try await store.read { try $0.person(email: "kim@example.com") }
      #expect(asset.custodian == .person(try #require(kim).id))
      #expect(asset.facts.category == "laptop")
      #expect(asset.facts.price == Money(amount: "1349.00", currency: "EUR"))
      #expect(asset.facts.warrantyEnd?.description == "2027-03-15")
      #expect(asset.facts.media?.map(\.serial) == ["S4EV1", "S4EV2"])
      #expect(asset.facts.custom == ["Bemerkung": "Kratzer"])
      let event = try #require(try await store.read { try $0.firstEvent(of: asset.id) })
      #expect(event.authStrength == .system)
      guard case .register(let details) = event.details else { throw WrongVerb() }
      #expect(details.source == .file(sha256: file.digest, row: 2))
    }
  }

  struct WrongVerb: Error {}

  /// Header, rows, and for each expected problem its line and code.
  struct BadFile: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let problems: [(Int, String)]
    var testDescription: String { name }
  }

  static let badFiles = [
    BadFile(name: "no mark", text: "tag,model\n,T14\n", problems: [(2, "import.asset.unnamed")]),
    BadFile(name: "unknown state", text: "tag,status\nA1,sleeping\n", problems: [(2, "import.state.unknown")]),
    BadFile(name: "disposed", text: "tag,status\nA1,Entsorgt\n", problems: [(2, "import.state.disposed")]),
    BadFile(name: "unknown person", text: "tag,assigned to\nA1,Nobody\n", problems: [(2, "import.custodian.unknown")]),
    BadFile(name: "nobody has it", text: "tag,status\nA1,deployed\n", problems: [(2, "import.custodian.missing")]),
    BadFile(
      name: "in stock with somebody", text: "tag,status,custodian\nA1,in stock,team:X\n",
      problems: [(2, "import.custodian.unexpected")]),
    BadFile(name: "unknown location", text: "tag,location\nA1,Mars\n", problems: [(2, "import.location.unknown")]),
    BadFile(name: "ambiguous day", text: "tag,purchased\nA1,03/04/2025\n", problems: [(2, "import.date.ambiguous")]),
    BadFile(name: "no day", text: "tag,purchased\nA1,2025-02-30\n", problems: [(2, "import.date.unreadable")]),
    BadFile(name: "no currency", text: "tag,price\nA1,12.00\n", problems: [(2, "import.price.currency")]),
    BadFile(name: "price", text: "tag,price,currency\nA1,cheap,EUR\n", problems: [(2, "import.price.unreadable")]),
    BadFile(
      name: "ambiguous price", text: "tag,price,currency\nA1,\"1,234\",EUR\n", problems: [(2, "import.price.ambiguous")]
    ),
    BadFile(name: "yes or no", text: "tag,legal hold\nA1,maybe\n", problems: [(2, "import.yesNo")]),
    BadFile(name: "warranty", text: "tag,warranty\nA1,lifetime\n", problems: [(2, "import.warranty")]),
    BadFile(name: "order line", text: "tag,order,order line\nA1,PO-1,x\n", problems: [(2, "import.number")]),
    BadFile(name: "line alone", text: "tag,order line\nA1,3\n", problems: [(2, "import.order.lineAlone")]),
    BadFile(
      name: "drive twice", text: "tag,drive serials\nA1,S1|S1\n", problems: [(2, "import.drives.twice")]),
    BadFile(
      name: "drive types", text: "tag,drive serials,drive types\nA1,S1|S2,ssd\n", problems: [(2, "import.drives.count")]
    ),
    BadFile(
      name: "expected without order", text: "tag,status\nA1,ordered\n",
      problems: [(2, "import.expected.model"), (2, "import.expected.order")]),
    BadFile(name: "same tag twice", text: "tag\nA1\nA2\nA1\n", problems: [(4, "import.row.twice")]),
    BadFile(
      name: "same serial of one maker", text: "serial,make\nS1,HP\nS1,hp\n", problems: [(3, "import.row.twice")]),
    BadFile(name: "too few cells", text: "tag,model\nA1\n", problems: [(2, "import.row.cells")]),
    BadFile(name: "too many cells", text: "tag,model\nA1,T14,x\n", problems: [(2, "import.row.cells")]),
    BadFile(name: "text after quote", text: "tag,model\nA1,\"T\"14\n", problems: [(2, "import.row.textAfterQuote")]),
    BadFile(name: "NUL", text: "tag,model\nA1,T\u{0}14\n", problems: [(2, "import.text.controlCharacter")]),
    BadFile(
      name: "long text", text: "tag,model\nA1,\(String(repeating: "x", count: 5000))\n",
      problems: [(2, "import.text.tooLong")]),
    BadFile(
      name: "many drives", text: "tag,drives\nA1,\((1...129).map { "D\($0)" }.joined(separator: "|"))\n",
      problems: [(2, "import.list.tooLong")]),
    BadFile(name: "quote never closes", text: "tag\nA1\n\"A2\nA3\n", problems: [(3, "import.row.quoteNeverCloses")]),
    BadFile(name: "empty", text: "", problems: [(1, "import.file.empty")]),
    BadFile(name: "no tag column", text: "model\nT14\n", problems: [(1, "import.header.missing")]),
    BadFile(name: "column twice", text: "tag,Tag\nA1,A2\n", problems: [(1, "import.header.twice")]),
    BadFile(
      name: "five thousand columns", text: "tag" + String(repeating: ",c", count: 5000) + "\n",
      problems: [(1, "import.header.form")]),
  ]

  @Test("Each bad row is named by line and reason, and nothing of its file is imported", arguments: badFiles)
  func bad(file: BadFile) async throws {
    try await withStation { store in
      let report = try await store.importing(.assets, file.text)
      #expect(report.result == .refused)
      #expect(report.imported == 0)
      #expect(report.problems.map(\.line) == file.problems.map(\.0))
      #expect(report.codes == file.problems.map(\.1))
      #expect(report.problems.allSatisfy { !$0.reason.isEmpty && !$0.remedy.isEmpty })
      #expect(try await store.all().isEmpty)
      #expect(store.head.seq == 0)
    }
  }

  @Test("Good rows before and after a bad one are not imported; with skipBadRows they are, and the bad ones come back")
  func allOrNothing() async throws {
    try await withStation { store in
      let text = "tag,purchased,note\r\nA1,2025-01-01,\"x, y\"\r\nA2,soon,z\r\nA3,,\r\n"
      #expect(try await store.importing(.assets, text).result == .refused)
      #expect(store.head.seq == 0)

      var options = CatalogueImport.Options()
      options.skipBadRows = true
      let report = try await store.importing(.assets, text, options: options)
      #expect(report.result == .imported)
      #expect(report.imported == 2)
      #expect(report.badRows == 1)
      #expect(try await store.all().compactMap(\.tag).sorted() == ["A1", "A3"])
      let rejected = String(decoding: try #require(report.rejected), as: UTF8.self)
      #expect(rejected.hasPrefix("import problem,tag,purchased,note\r\n"))
      #expect(rejected.contains("\r\nline 3: ") || rejected.contains("\r\n\"line 3: "))
      #expect(rejected.hasSuffix(",A2,soon,z\r\n"))

      // The rejected rows, mended, are a file that can be imported as it is.
      let mended = try await store.importing(.assets, rejected.replacing("soon", with: "2025-02-01"))
      #expect(mended.imported == 1)
      #expect(mended.ignoredColumns == ["import problem"])
      #expect(try await store.asset(tagged: "A2")?.facts.custom == ["note": "z"])
    }
  }

  @Test("A rule that only custody itself judges also undoes everything")
  func refusedByCustody() async throws {
    try await withStation { store in
      var options = CatalogueImport.Options()
      options.actor = try await store.write { transaction in
        Actor(person: transaction.newID(), roles: [.viewer], authStrength: .badgePIN)
      }
      let report = try await store.importing(.assets, "tag\nA1\nA2\n", options: options)
      #expect(report.result == .refused)
      #expect(report.codes == ["custody.register.role", "custody.register.role"])
      #expect(store.head.seq == 0)
      options.actor = Actor(
        person: try #require(options.actor).person, roles: [.technician], authStrength: .badgePIN)
      #expect(try await store.importing(.assets, "tag\nA1\nA2\n", options: options).imported == 2)
      let event = try #require(try await store.read { try $0.entries(after: 0, limit: 1) }.first).event
      #expect(event.operator == options.actor?.person)
    }
  }

  @Test("The longest rows that are taken fit into an entry")
  func longest() async throws {
    try await withStation { store in
      // Backslashes take two bytes in JSON, and the names of a drive's fields more than the drive.
      let note = String(repeating: "\\", count: 3500)
      let drives = (100..<228).map { "D\($0)" }.joined(separator: "|")
      let types = Array(repeating: "ssd", count: 128).joined(separator: "|")
      let header = "tag,n1,n2,n3,n4,drive serials,drive types,drive manufacturers,drive models,drive sizes\n"
      let row =
        "A1,\(note),\(note),\(note),\(note),\(drives),\(types),\(types),\(types),"
        + Array(repeating: "1", count: 128).joined(separator: "|") + "\n"
      let report = try await store.importing(.assets, header + row)
      #expect(report.codes == ["import.row.tooLong"])
      let shorter = try await store.importing(
        .assets, header + row.replacing(note, with: String(note.dropLast(200))))
      #expect(shorter.problems.isEmpty)
      #expect(shorter.imported == 1)
      #expect(try await store.asset(tagged: "A1")?.facts.media?.count == 128)
    }
  }

  @Test("The same file again records nothing, even when much has happened since")
  func again() async throws {
    try await withStation { store in
      let text = "tag,model,status,order,order line\nA1,T14,in stock,,\nA2,T14,ordered,PO-1,3\n"
      #expect(try await store.importing(.assets, text).imported == 2)
      let again = try await store.importing(.assets, text)
      #expect(again.imported == 0)
      #expect(again.skipped == 2)
      #expect(again.words()[0].contains("2 already there"))
      let asset = try #require(try await store.asset(tagged: "A1"))
      let expected = try #require(try await store.asset(tagged: "A2"))
      try await store.write { transaction in
        let actor = Actor(person: transaction.newID(), roles: [.technician], authStrength: .badgePIN)
        _ = try transaction.record(
          Intent(asset: asset.id, details: .deploy(DeployDetails(recipient: .team("X"))), actor: actor))
        guard let place = LocationCode("STORE-A1") else { return }
        _ = try transaction.record(
          Intent(asset: expected.id, details: .receive(ReceiveDetails(location: place)), actor: actor))
      }
      #expect(store.head.seq == 4)
      #expect(try await store.importing(.assets, text).skipped == 2)
      // Another file that says the same is no conflict either.
      #expect(try await store.importing(.assets, text + "\n").skipped == 2)
      #expect(store.head.seq == 4)
    }
  }

  @Test("A row about a known asset with other facts is a conflict, and changes nothing")
  func conflict() async throws {
    try await withStation { store in
      _ = try await store.importing(.assets, "tag,serial,model\nA1,S1,T14\nA2,S2,T14\n")
      let report = try await store.importing(.assets, "tag,model\nA1,T14s\n")
      #expect(report.codes == ["import.asset.conflict"])
      #expect(report.problems[0].reason.contains("model"))
      #expect(report.problems[0].reason.contains("T14s"))
      let crossed = try await store.importing(.assets, "tag,serial\nA1,S2\n")
      #expect(crossed.codes == ["import.asset.conflict"])
      #expect(store.head.seq == 2)
    }
  }

  @Test("What a Snipe-IT export says of a checked out asset is understood")
  func snipeIT() async throws {
    try await withStation { store in
      _ = try await store.importing(.people, "name,email\nKim Novák,kim@example.com\n")
      let text = """
        "ID","Company","Asset Name","Asset Tag","Model","Model No.","Category","Manufacturer","Serial","Purchased",\
        "Cost","Order Number","Supplier","Location","Checked Out","Status","Warranty","Expected Checkin","Notes"
        "1","Acme","kims-laptop","AT-7","ThinkPad T14","21HE","Laptop","Lenovo","PF9","2024-01-31","1,299.00","PO-9",\
        "Bechtle","Berlin / Room 2","Kim Novák","Ready to Deploy","13 months","2026-12-01","'=not a formula"

        """
      var options = CatalogueImport.Options()
      options.createLocations = true
      options.currency = "EUR"
      let report = try await store.importing(.assets, text, options: options)
      #expect(report.problems.isEmpty)
      #expect(report.ignoredColumns == ["ID"])
      #expect(report.customColumns == ["Asset Name", "Model No.", "Notes"])
      #expect(report.newLocations == ["BERLIN-ROOM-2"])
      let asset = try #require(try await store.asset(tagged: "AT-7"))
      #expect(asset.state == .deployed)
      #expect(asset.expectedReturn?.description == "2026-12-01")
      #expect(asset.facts.owner == "Acme")
      #expect(asset.facts.price == Money(amount: "1299.00", currency: "EUR"))
      #expect(asset.facts.warrantyEnd?.description == "2025-02-28")
      // Nobody knows the order's line yet, so its number is kept as it stands.
      #expect(asset.facts.custom?["order number"] == "PO-9")
      #expect(asset.facts.custom?["Notes"] == "=not a formula")
      let location = try await store.read { try $0.locations() }
      #expect(location.map(\.name) == ["Berlin / Room 2"])
    }
  }

  @Test("Progress comes at most ten times a second and at the end; a cancelled import leaves nothing")
  func progress() async throws {
    let text = "tag\n" + (1...2000).map { "A\($0)\n" }.joined()
    let file = ImportFile(name: "assets.csv", bytes: Array(text.utf8))
    try await withStation { store in
      let told = Mutex<[ImportProgress]>([])
      let clock = StandingClock()
      let report = try await CatalogueImport(.assets, into: store, clock: clock) { progress in
        told.withLock { $0.append(progress) }
      }.run(file)
      #expect(report.imported == 2000)
      // No time passes on this clock: only the beginning and the end are told.
      #expect(told.withLock { $0.map(\.phase) } == [.reading, .recording])
      #expect(told.withLock { $0.last?.done } == 2000)
    }
  }

  @Test("A cancelled import leaves nothing, and the next one works")
  func cancelled() async throws {
    let text = "tag\n" + (1...2000).map { "A\($0)\n" }.joined()
    let file = ImportFile(name: "assets.csv", bytes: Array(text.utf8))
    try await withStation { store in
      let canceller = Canceller()
      // Every look at this clock is a second later, so that every step is told.
      let running = CatalogueImport(.assets, into: store, clock: LeapingClock()) { progress in
        if progress.phase == .recording, progress.done > 500 { canceller.cancel() }
      }
      let (gate, open) = AsyncStream<Void>.makeStream()
      let work = Task {
        for await _ in gate {}
        return try await running.run(file)
      }
      canceller.take(work)
      open.finish()
      let result = await work.result
      #expect(throws: CancellationError.self) { try result.get() }
      #expect(store.head.seq == 0)
      let left = try await store.all()
      #expect(left.isEmpty)
      let next = try await store.importing(.assets, "tag\nA1\n")
      #expect(next.imported == 1)
    }
  }
}

/// Cancels a task from wherever its progress is told.
final class Canceller: Sendable {
  private let task = Mutex<Task<ImportReport, any Error>?>(nil)

  func take(_ task: Task<ImportReport, any Error>) { self.task.withLock { $0 = task } }
  func cancel() { task.withLock { $0 }?.cancel() }
}

/// A clock on which no time passes.
struct StandingClock: Clock {
  var now: ContinuousClock.Instant { Self.origin }
  var minimumResolution: Duration { .zero }
  private static let origin = ContinuousClock.now
  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {}
}

/// A clock that is a second later whenever it is asked.
final class LeapingClock: Clock {
  private let instant = Mutex(ContinuousClock.now)
  var now: ContinuousClock.Instant {
    instant.withLock { instant in
      instant = instant.advanced(by: .seconds(1))
      return instant
    }
  }
  var minimumResolution: Duration { .zero }
  func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {}
}
