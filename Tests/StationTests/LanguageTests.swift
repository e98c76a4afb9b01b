import CustodyLedger
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import Station

/// Pages in the language of who reads them.
@Suite("Languages of the pages", .timeLimit(.minutes(25))) struct LanguageTests {
  private static func page(_ api: APIUnderTest, _ headers: HTTPFields, path: String = "/sign-in") async throws
    -> (text: String, headers: HTTPFields)
  {
    let answer = try await api.get(path, as: path == "/sign-in" ? nil : api.kim, headers: headers)
    return (String(decoding: answer.bytes, as: UTF8.self), answer.headers)
  }

  @Test func `a browser that asks for German gets it, and caches are told what it hangs on`() async throws {
    try await APIUnderTest.run { api in
      let (page, headers) = try await Self.page(api, [.acceptLanguage: "de-AT, en;q=0.5"])
      for words in [#"<html lang="de""#, "Ausweis", "Anmelden", #"placeholder="Ausweis scannen""#, "/static/words/de"] {
        #expect(page.contains(words), "\(words) in \(page)")
      }
      #expect(!page.contains("Scan your badge"))
      #expect(headers[.vary] == "Accept-Language, Cookie")
      #expect(headers[.contentLanguage] == "de")
      #expect(headers[.contentLength].flatMap { Int($0) } == page.utf8.count)
    }
  }

  @Test(arguments: [nil, "en-GB", "fr, it;q=0.4", "*", ";;,,q="])
  func `without a language that the station has, pages are English as they were written`(accepted: String?) async throws
  {
    try await APIUnderTest.run { api in
      var headers: HTTPFields = [:]
      headers[.acceptLanguage] = accepted
      let page = try await Self.page(api, headers).text
      #expect(
        page.contains(#"<html lang="en""#) && page.contains("Scan your badge") && !page.contains("/static/words/"))
    }
  }

  @Test func `a choice is kept in the browser and counts for more than its setting`() async throws {
    try await APIUnderTest.run { api in
      let answer = try await api.ask(
        .post, "/language", as: nil, bytes: Array("language=de".utf8),
        headers: [.referer: "https://desk.example/assets?q=a%20b"])
      #expect(answer.status == .seeOther)
      #expect(answer.headers[.location] == "/assets?q=a%20b")
      let cookie = try #require(answer.headers[.setCookie])
      #expect(cookie.hasPrefix("custody-language=de;") && cookie.contains("HttpOnly"))
      for (cookie, words) in [("custody-language=de", "Geräte suchen"), ("custody-language=xx", "Search assets")] {
        let page = try await Self.page(api, [.cookie: cookie, .acceptLanguage: "en"], path: "/assets").text
        #expect(page.contains(words), "\(cookie)")
      }
      let unknown = try await api.ask(.post, "/language", as: nil, bytes: Array("language=xx".utf8))
      #expect(unknown.status == .unprocessableContent)
    }
  }

  @Test(arguments: [
    (nil, "/desk"), ("", "/desk"), ("https://desk.example", "/desk"), ("https://desk.example//evil.example", "/desk"),
    ("javascript:alert(1)", "/desk"), ("https://desk.example/counts/7", "/counts/7"),
  ])
  func `the way back stays on the station`(referer: String?, path: String) {
    #expect(DeskPages.path(ofPage: referer) == path)
  }

  @Test func `what a program asks for stays as it is`() async throws {
    try await APIUnderTest.run { api in
      let plain = try await api.get("/api/v1/assets/none", as: api.kim)
      let german = try await api.get("/api/v1/assets/none", as: api.kim, headers: [.acceptLanguage: "de"])
      #expect(plain.bytes == german.bytes)
      #expect(german.headers[.contentLanguage] == nil)
    }
  }

  @Test func `what is not there is told in German, and names stay names`() async throws {
    try await APIUnderTest.run { api in
      let headers: HTTPFields = [.acceptLanguage: "de", .accept: "text/html"]
      let page = try await Self.page(api, headers, path: "/nothing/here").text
      #expect(page.contains("Unter dieser Adresse gibt es keine Seite.") && page.contains("Kim"), "\(page)")
    }
  }

  @Test func `scripts are given the words that they ask for`() async throws {
    try await APIUnderTest.run { api in
      let answer = try await api.get("/static/words/de")
      let script = String(decoding: answer.bytes, as: UTF8.self)
      #expect(script.contains(#""{#0} min ago":"vor {#0} Min.""#), "\(script)")
      #expect(!script.contains("Geräte suchen"))
      #expect(try await api.get("/static/words/xx").status == .notFound)
    }
  }

  @Test(arguments: [
    ("de-DE,de;q=0.9,en;q=0.5", ["de", "de", "en"]), ("en;q=0.1, DE", ["de", "en"]), ("de;q=0, en", ["en"]), ("", []),
  ])
  func `languages are read in the order in which a browser prefers them`(header: String, wanted: [String]) {
    #expect(PageLanguages.preferred(header) == wanted)
  }

  /// A data folder with one language file, away afterwards.
  private static func folder<Answer>(_ name: String, _ json: String, _ body: (String) throws -> Answer) throws -> Answer
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let languages = folder.appending(path: "languages")
    try FileManager.default.createDirectory(at: languages, withIntermediateDirectories: true)
    try Data(json.utf8).write(to: languages.appending(path: name))
    return try body(folder.path)
  }

  @Test func `a file in the data folder is a language more`() throws {
    try Self.folder("fr.json", #"{"English": "Français", "Search": "Chercher"}"#) { folder in
      let languages = try PageLanguages(dataFolder: folder, standard: "fr")
      #expect(languages.all.map(\.code) == ["en", "de", "fr"])
      #expect(languages.choose(chosen: nil, accepted: nil).name == "Français")
      #expect(languages["fr"]?.page("<p>Search</p><p>Close</p>") == "<p>Chercher</p><p>Close</p>")
    }
  }

  @Test func `a file in the data folder changes single words of a language that ships`() throws {
    try Self.folder("de.json", #"{"Assets": "Inventar"}"#) { folder in
      let german = try #require(try PageLanguages(dataFolder: folder)["de"])
      #expect(german.page("<p>Assets</p><p>Search</p>") == "<p>Inventar</p><p>Suchen</p>")
    }
  }

  @Test(arguments: [
    ("counter, technician", "Zählung, Technik"), ("disposal operator", "Entsorgung"),
    ("acknowledged by signature", "mit Unterschrift bestätigt"),
    ("acknowledged with badge and PIN", "mit Ausweis und PIN bestätigt"),
    ("1 not on their list", "1 nicht auf ihrer Liste"),
    ("2 SSD: purged, verified", "2 SSD: mit Purge gelöscht, geprüft"),
    ("yesterday 10:42, Kim · together with Lee", "gestern 10:42, Kim · zusammen mit Lee"),
    ("Certificate C-1 · signed yesterday 10:42, Kim", "Zertifikat C-1 · unterschrieben gestern 10:42, Kim"),
  ])
  func `what is put together of pieces is German in each of them`(english: String, german: String) throws {
    let language = try #require(try PageLanguages(dataFolder: nil)["de"])
    #expect(language.page("<p>\(english)</p>") == "<p>\(german)</p>")
  }

  @Test(arguments: [
    ("fr.json", #"{"English": "Français", "Order {0}": "Commande"}"#, "Line 1, “Order {0}”"),
    ("fr.json", #"{"Search": "Chercher"}"#, "English"),
    ("french.json", "{}", "french.json"), ("en.json", "{}", "en.json"),
  ])
  func `a file that cannot be used is told with what is wrong in it`(name: String, json: String, told: String) throws {
    try Self.folder(name, json) { folder in
      let fault = try #require(throws: LanguageFault.self) { try PageLanguages(dataFolder: folder) }
      #expect("\(fault)".contains(told), "\(fault)")
    }
  }

  @Test func `a standard language that nobody has is told`() throws {
    let fault = try #require(throws: LanguageFault.self) { try PageLanguages(dataFolder: nil, standard: "xx") }
    #expect("\(fault)".contains("en, de"))
  }
}
