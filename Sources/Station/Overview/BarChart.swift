/// A bar chart as an SVG drawing: rows of a name, a bar and a number, each a link. The numbers stand in the text, so nothing is
/// told by length or colour alone. Drawn on the server, sized by the page.
struct BarChart: Sendable {
  /// One row.
  struct Bar: Sendable {
    var name: String
    /// At least 0.
    var value: Int
    var href: String?
    /// Class of the bar's colour: `good`, `odd`, `bad`.
    var kind = "odd"
  }

  /// What is read out in its place.
  var title: String
  var bars: [Bar]
  /// What a whole bar stands for; nil is the largest value.
  var most: Int?

  private static let rowHeight = 40
  private static let (nameWidth, barWidth, numberWidth) = (290, 300, 80)

  /// The drawing.
  var svg: String {
    let largest = most ?? max(1, bars.map(\.value).max() ?? 1)
    let (width, height) = (Self.nameWidth + Self.barWidth + Self.numberWidth, Self.rowHeight * max(1, bars.count))
    var rows = ""
    for (index, bar) in bars.enumerated() {
      let y = index * Self.rowHeight
      // What is there is seen, however little it is beside the rest.
      let length = bar.value == 0 ? 0 : max(4, bar.value * Self.barWidth / largest)
      let text = """
        <text x="0" y="\(y + 26)">\(Self.escaped(Self.short(bar.name)))</text>\
        <rect class="bar-\(bar.kind)" x="\(Self.nameWidth)" y="\(y + 8)" width="\(length)" height="24" rx="4"/>\
        <text class="chart-number" x="\(Self.nameWidth + length + 8)" y="\(y + 26)">\(bar.value)</text>
        """
      rows += bar.href.map { "<a href=\"\(Self.escaped($0))\">\(text)</a>" } ?? text
    }
    return """
      <svg class="chart" viewBox="0 0 \(width) \(height)" role="group" aria-label="\(Self.escaped(title))">\(rows)</svg>
      """
  }

  /// A name as its column can hold it; the list that it leads to has all of it.
  private static func short(_ name: String) -> String { name.count > 32 ? name.prefix(31) + "…" : name }

  /// Text that is safe in an element and in an attribute.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }
}
