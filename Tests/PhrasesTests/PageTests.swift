import Testing

@testable import Phrases

@Suite struct PageTests {
  private func translate(_ page: String) throws -> String {
    let book = try Phrasebook(
      file: Array(
        #"""
        {"Search": "Suchen", "Close": "Schließen", "Order {0}": "Bestellung {0}", "Fish & chips": "Fisch & <Pommes>",
         "Nothing is recorded yet.": "Noch ist nichts erfasst."}
        """#.utf8))
    return String(decoding: book.translate(page: Array(page.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    ("<p>Search</p>", "<p>Suchen</p>"),
    ("<p>\n  Nothing is\n  recorded yet.\n</p>", "<p>\n  Noch ist nichts erfasst.\n</p>"),
    ("<h1>Order <b>PO-1</b></h1>", "<h1>Order <b>PO-1</b></h1>"),
    ("<h1>Order PO-1</h1>", "<h1>Bestellung PO-1</h1>"),
    ("<p>Fish &amp; chips</p>", "<p>Fisch &amp; &lt;Pommes&gt;</p>"),
    ("<h1>Order &lt;b&gt;</h1>", "<h1>Bestellung &lt;b&gt;</h1>"),
    (
      #"<input placeholder="Search" name="Search" value="Search">"#,
      #"<input placeholder="Suchen" name="Search" value="Search">"#
    ),
    (#"<input type="submit" value="Close">"#, #"<input type="submit" value="Schließen">"#),
    (
      #"<a title='Close' aria-label="Search" href=/x>Close</a>"#,
      #"<a title='Schließen' aria-label="Suchen" href=/x>Schließen</a>"#
    ),
    (#"<title>Search · Desk 1</title>"#, #"<title>Suchen · Desk 1</title>"#),
  ])
  func `what people read is translated`(page: String, wanted: String) throws {
    #expect(try translate(page) == wanted)
  }

  @Test(arguments: [
    "<script>Search</script>", "<style>Search</style>", "<code>Search</code>", "<textarea>Search</textarea>",
    "<pre><b>Search</b></pre>", "<kbd>Close</kbd>", "<!-- <p>Search</p> -->",
    #"<td translate="no">Search</td>"#, #"<div translate="no"><div title="Close">Search</div>Close</div>"#,
    #"<span translate="no" title="Search">x</span>"#,
    "<script>if (a < b) \"<p>Search\"</script>", "<textarea><p>Search</p></textarea>",
  ])
  func `what is no language, or not ours, stays`(page: String) throws {
    #expect(try translate(page) == page)
    #expect(try translate(page + "<p>Close</p>") == page + "<p>Schließen</p>")
  }

  @Test func `a mark in an attribute ends no tag`() throws {
    #expect(try translate(#"<a title="a > b" href="x">Close</a>"#) == #"<a title="a > b" href="x">Schließen</a>"#)
  }

  @Test(arguments: [
    "<", "<p", "<p title=\"", "a < b", "<p title=>", "</", "<!--", "<code>", "<a =b>", "<>", "<p/", "<script>",
  ])
  func `a page that breaks off stays as it is`(page: String) throws {
    #expect(try translate(page) == page)
  }
}
