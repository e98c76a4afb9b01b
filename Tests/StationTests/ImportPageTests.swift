import Custody
import Hummingbird
import StationStore
import Testing

@testable import Station

/// Files that come in over the page, as a browser without our script sends them.
@Suite("Pages: import") struct ImportPageTests {
  private static let orders = """
    order number,line,model,quantity,serials
    PO-7,1,Dock,2,S-1|S-2
    PO-7,2,Cable,5,

    """

  private func look(_ kind: String, _ text: String, _ api: APIUnderTest, as who: SignedIn) async throws -> APIAnswer {
    let body =
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"l.csv\"\r\nContent-Type: text/csv\r\n\r\n"
      + text + "\r\n--b--\r\n"
    return try await api.ask(
      .post, "/import?kind=\(kind)", as: who, bytes: Array(body.utf8),
      headers: [.contentType: "multipart/form-data; boundary=b", .accept: "text/html"])
  }

  /// The file that the page offers to import.
  private func waiting(_ page: APIAnswer) throws -> String {
    String(try #require(page.description.firstMatch(of: #/name="file" value="([0-9a-f]{64})"/#), "\(page)").output.1)
  }

  @Test func `a file is looked at without a trace, then imported, once`() async throws {
    try await APIUnderTest.run { api in
      let head = api.core.store.head.seq
      let looked = try await look("orders", Self.orders, api, as: api.lee)
      #expect(looked.status == .ok && looked.description.contains("2 new, 0 changed, 0 there already."), "\(looked)")
      #expect(looked.description.contains("Announced by number: 2."))
      #expect(looked.description.contains("<code>PO-7/1</code>") && looked.description.contains("<b>New</b>"))
      #expect(api.core.store.head.seq == head)
      #expect(try await api.core.store.read { try $0.orders() } == [])

      let file = try waiting(looked)
      let other = try await api.form("/import/take", [("kind", "orders"), ("file", file)], as: api.kim)
      #expect(other.description.contains("Only an admin or a manager may import."), "\(other)")
      let taken = try await api.form("/import/take", [("kind", "orders"), ("file", file)], as: api.lee)
      #expect(taken.status == .ok && taken.description.contains("2 new, 0 changed, 0 there already."), "\(taken)")
      #expect(api.core.store.head.seq == head + 2)
      #expect(try await api.core.store.read { try $0.orders() }.map(\.number) == ["PO-7"])
      let again = try await api.form("/import/take", [("kind", "orders"), ("file", file)], as: api.lee)
      #expect(again.status == .conflict && again.description.contains("Choose the file again"), "\(again)")
      let known = try await look("orders", Self.orders, api, as: api.lee)
      #expect(known.description.contains("Nothing to import") && !known.description.contains("/import/take"))
    }
  }

  @Test func `what is wrong stands beside its line, and nothing waits to be imported`() async throws {
    try await APIUnderTest.run { api in
      let looked = try await look("orders", Self.orders + "PO-8,1,,1,\n", api, as: api.lee)
      #expect(looked.status == .unprocessableContent)
      for words in ["Nothing was imported", "1 of 3 rows cannot be taken.", ">4</td>", "The line names no model."] {
        #expect(looked.description.contains(words), "\(words)")
      }
      #expect(!looked.description.contains("/import/take"))
      let picture = try await look("orders", "\u{0}\u{1}\u{2}", api, as: api.lee)
      #expect(picture.description.contains("The file cannot be read."), "\(picture)")
      let nothing = try await look("orders", "", api, as: api.lee)
      #expect(nothing.description.contains("No file was chosen, or it is empty."))
    }
  }

  @Test func `each list leads to its import for who may, and people are for an admin`() async throws {
    try await APIUnderTest.run { api in
      for kind in ["orders", "locations", "kits"] {
        let link = "href=\"/import?kind=\(kind)\""
        #expect(try await api.page("/\(kind)", as: api.lee).contains(link), "\(kind)")
        #expect(!(try await api.page("/\(kind)", as: api.kim)).contains(link), "\(kind)")
      }
      #expect(!(try await api.page("/people", as: api.lee)).contains("/import?kind=people"))
      let refused = try await look("people", "name\nEve\n", api, as: api.lee)
      #expect(refused.status == .forbidden && refused.description.contains("Only an admin may import people."))
      #expect(try await api.core.store.read { try $0.people() }.count == 5)
      let odd = try await api.ask(.get, "/import?kind=spells", as: api.lee, headers: [.accept: "text/html"])
      #expect(odd.status == .unprocessableContent)
    }
  }

  @Test(arguments: [
    ("orders", "asset tag,serial number,order number,model,location\nAT-9,S-9,PO-7,Dock,STORE\n", "These are assets"),
    ("locations", "asset tag,serial number,model,location\nAT-9,S-9,Dock,STORE\n", "custody import l.csv"),
    ("locations", "name,email,title,site\nEve,eve@example.com,IT,HQ\n", "These are people"),
    ("orders", "code,name,site\nSTORE,Store,HQ\n", "Choose Locations above, then the file again."),
    ("kits", "order number,line,model,quantity\nPO-7,1,Dock,2\n", "The file has the columns of Orders"),
  ])
  func `a file under the wrong list is told where it belongs, and brings nothing`(
    kind: String, text: String, words: String
  ) async throws {
    try await APIUnderTest.run { api in
      let looked = try await look(kind, text, api, as: api.lee)
      #expect(looked.status == .unprocessableContent && looked.description.contains(words), "\(looked)")
      #expect(!looked.description.contains("/import/take"))
    }
  }

  @Test func `columns that two lists share leave a file where it was chosen`() throws {
    for (kind, text) in [
      (CatalogueImport.Kind.orders, "order number,model,serial"), (.locations, "code,name,site,email"),
      (.people, "name,team"), (.kits, "kit,slot,quantity,category"),
    ] {
      let file = ImportFile(name: "assets.csv", bytes: Array(text.utf8))
      #expect(CatalogueImport.otherKind(of: file, than: kind) == nil, "\(text)")
    }
  }

  @Test func `a dry run of the API says what would come, and leaves nothing behind`() async throws {
    try await APIUnderTest.run { api in
      let answer = try await api.ask(
        .post, "/api/v1/imports?kind=orders&dryRun=true", as: api.lee, bytes: Array(Self.orders.utf8),
        headers: [.contentType: "text/csv"])
      #expect(try answer["dryRun"] == true && answer["imported"] == .integer(2) && answer["announced"] == .integer(2))
      #expect(try await api.core.store.read { try $0.orders() } == [])
    }
  }
}
