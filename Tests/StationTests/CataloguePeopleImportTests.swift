import Custody
import Foundation
import Station
import StationStore
import Testing

/// `custody import people.csv`, `locations.csv` and `orders.csv`.
@Suite struct CataloguePeopleImportTests {
  @Test("A person can sign in with the badge and PIN of their row; the same file again changes nothing")
  func signIn() async throws {
    try await withStation { store in
      let text = """
        Name,E-Mail,Title,Team,Badge,PIN,Roles,Active
        Kim Novák,Kim@Example.com,Technician,IT,B-1,730195,"technician, disposal operator",yes
        Liam O'Brien,liam@example.com,,Audit,,,auditor|viewer,no

        """
      let report = try await store.importing(.people, text)
      #expect(report.problems.isEmpty)
      #expect(report.imported == 2)
      #expect(report.notes.contains { $0.contains("PIN") })
      guard case .recognised(let person, let actor) = try await store.signIn(badge: "B-1", pin: "730195") else {
        Issue.record("not recognised")
        return
      }
      #expect(person.name == "Kim Novák")
      #expect(person.email == "kim@example.com")
      #expect(actor.roles == [.technician, .disposalOperator])
      let liam = try await store.read { try $0.person(email: "liam@example.com") }
      #expect(liam?.active == false)
      let again = try await store.importing(.people, text)
      #expect(again.skipped == 2)
      #expect(again.imported + again.updated == 0)
      let moved = try await store.importing(.people, "email,name,team\nkim@example.com,Kim Novák,Depot\n")
      #expect(moved.updated == 1)
      #expect(try await store.read { try $0.person(person.id) }?.team == "Depot")
      #expect(try await store.read { try $0.person(person.id) }?.title == "Technician")
      // What the file leaves out is kept, the roles too.
      #expect(try await store.read { try $0.roles(of: person.id, at: store.identity.site) } == actor.roles)
    }
  }

  @Test(
    "Each bad row is named, and nothing is imported",
    arguments: [
      ("name,pin\nKim,12345\n", 2, "import.pin"), ("name,email\nKim,nowhere\n", 2, "import.email"),
      ("name,roles\nKim,king\n", 2, "import.role"), ("name,site\nKim,a b\n", 2, "import.code"),
      ("name,email\n,kim@x.org\n", 2, "import.person.unnamed"),
      ("name,email\nKim,k@x.org\nKim B,K@x.org\n", 3, "import.row.twice"),
      ("name,badge\nKim,B1\nLiam,B1\n", 3, "import.row.twice"), ("name,active\nKim,perhaps\n", 2, "import.yesNo"),
    ])
  func bad(text: String, line: Int, code: String) async throws {
    try await withStation { store in
      let report = try await store.importing(.people, text)
      #expect(report.result == .refused)
      #expect(report.codes == [code])
      #expect(report.problems.map(\.line) == [line])
      #expect(try await store.read { try $0.people() }.isEmpty)
      // A secret never shows in a report.
      #expect(!report.words().joined().contains("12345") || code != "import.pin")
    }
  }

  @Test("A badge is not taken from somebody in silence")
  func badgeTaken() async throws {
    try await withStation { store in
      _ = try await store.importing(.people, "name,badge\nKim,B1\n")
      let report = try await store.importing(.people, "name,badge\nLiam,CUSTODY:BADGE:B1\n")
      #expect(report.codes == ["import.badge.taken"])
      #expect(report.problems[0].reason.contains("Kim"))
    }
  }

  @Test("Locations stand in others and at sites; a circle is refused")
  func locations() async throws {
    try await withStation { store in
      let text = "code,name,site,site name,parent\nA,Room A,,,\nA1,Shelf,,,A\nD1,Cage,DEPOT,Depot,\n"
      #expect(try await store.importing(.locations, text).imported == 3)
      #expect(try await store.importing(.locations, text).skipped == 3)
      let code = try #require(LocationCode("A1"))
      #expect(try await store.read { try $0.location(code) }?.parent?.text == "A")
      #expect(try await store.read { try $0.sites() }.map(\.code.text) == ["DEPOT", "HQ"])
      #expect(try await store.importing(.locations, "code,parent\nA,A1\n").codes == ["import.location.cycle"])
      #expect(try await store.importing(.locations, "code,parent\nB,C\n").codes == ["import.location.unknown"])
      #expect(try await store.importing(.locations, "code,site\nB,MOON\n").codes == ["import.site.unknown"])
      #expect(try await store.importing(.locations, "code\nB 1\n").codes == ["import.code"])
    }
  }

  @Test("An order's lines are kept, and each announced number becomes an expected asset, once")
  func orders() async throws {
    try await withStation { store in
      let text = """
        PO Number;Date;Supplier;Make;Model;Category;Part Number;Qty;Announced Serials;Announced Tags
        PO-1;2026-02-01;Bechtle;Lenovo;T14;Laptop;21HE;3;S1|S2;
        PO-1;;;Zebra;ZD421;Printer;ZD4;1;Z1;AT-00042

        """
      let report = try await store.importing(.orders, text)
      #expect(report.problems.isEmpty)
      #expect(report.imported == 2)
      #expect(report.announced == 3)
      let order = try #require(try await store.read { try $0.orders() }.first)
      #expect(order.orderedOn?.description == "2026-02-01")
      #expect(order.lines.map(\.line) == [1, 2])
      #expect(order.lines.map(\.quantity) == [3, 1])
      let printer = try #require(try await store.asset(tagged: "AT-00042"))
      #expect(printer.state == .expected)
      #expect(printer.serial == "Z1")
      #expect(printer.facts.orderLine == OrderLineReference(order: "PO-1", line: 2))
      let again = try await store.importing(.orders, text)
      #expect(again.skipped == 2)
      #expect(again.announced == 0)
      let more = try await store.importing(
        .orders, "order,line,make,model,category,part number,qty,serials\nPO-1,1,Lenovo,T14,Laptop,21HE,3,S1|S2|S3\n")
      #expect(more.announced == 1)
    }
  }

  @Test(
    "Each bad order row is named, and nothing is imported",
    arguments: [
      ("order,model,qty,serials\nPO-1,T14,1,S1|S2\n", 2, "import.order.surplus"),
      ("order,model,qty\nPO-1,T14,none\n", 2, "import.number"),
      ("order,model,line\nPO-1,T14,1\nPO-1,T15,1\n", 3, "import.row.twice"),
      ("order,model,supplier\nPO-1,T14,A\nPO-1,T15,B\n", 3, "import.order.contradiction"),
      ("order,model,serials\nPO-1,T14,S1\nPO-1,T15,S1\n", 3, "import.row.twice"),
      ("order,model\nPO-1,\n", 2, "import.order.model"), ("order,model\n,T14\n", 2, "import.order.unnamed"),
    ])
  func badOrders(text: String, line: Int, code: String) async throws {
    try await withStation { store in
      let report = try await store.importing(.orders, text)
      #expect(report.result == .refused)
      #expect(report.codes == [code])
      #expect(report.problems.map(\.line) == [line])
      #expect(try await store.read { try $0.orders() }.isEmpty)
      #expect(store.head.seq == 0)
    }
  }
}
