/// Fits one text into its width: as it is, smaller, or in several lines; or says that it cannot.
struct TextFitting {
  let block: TextBlock
  /// The field that lengthens it, for refusals.
  let field: String?
  let measure: TextMeasure

  /// How much finer each try is when text is made smaller.
  private static let step = 0.95

  /// The lines, each with its runs; none for a text that says nothing.
  func lines(_ runs: [PlacedText.Run]) throws(LabelRefusal) -> [[PlacedText.Run]] {
    let runs = runs.filter { !$0.text.isEmpty }
    guard !runs.allSatisfy({ $0.text.allSatisfy { $0 == " " } }) else { return [] }
    for run in runs {
      let extent = measure(run.text.filter { $0 != "\n" }, run.font)
      if let missing = extent.missing.first {
        throw LabelRefusal(
          "label.text.noGlyph", "There is no typeface for “\(missing)” on this machine.",
          remedy: "Install one that has it (such as fonts-noto-cjk), or write it otherwise.", field: field,
          box: block.name)
      }
    }
    guard let width = block.width else { return [runs] }
    if block.lines == 1 { return [try line(runs, width)] }
    return try wrapped(runs[0], width)
  }

  private func line(_ runs: [PlacedText.Run], _ width: Double) throws(LabelRefusal) -> [PlacedText.Run] {
    let natural = runs.reduce(0) { $0 + measure($1.text, $1.font).width * $1.size }
    if natural <= width { return runs }
    let greatest = runs.map(\.size).max() ?? 1
    guard case .shrink(let least) = block.fit, natural * least / greatest <= width else {
      throw misfit(runs.map(\.text).joined(), needed: natural * (least(of: greatest) / greatest), width)
    }
    // A hair below, for the drawing's own rounding.
    let factor = width / natural * 0.999
    return runs.map { run in
      var run = run
      run.size *= max(factor, least / greatest)
      return run
    }
  }

  private func least(of size: Double) -> Double {
    if case .shrink(let least) = block.fit { return least }
    return size
  }

  private func wrapped(_ run: PlacedText.Run, _ width: Double) throws(LabelRefusal) -> [[PlacedText.Run]] {
    let least = least(of: run.size)
    // Lines come closer as text gets smaller, so that more of them have the room of the first.
    let height = Double(block.lines - 1) * block.lineHeight * run.size
    var size = run.size
    while true {
      let room = Int((height / (block.lineHeight * size) + 1e-6).rounded(.down)) + 1
      if let lines = broken(run, width: width / size, most: room) {
        return lines.map { text in
          var line = run
          line.text = text
          line.size = size
          return [line]
        }
      }
      guard size > least else { break }
      size = max(least, size * Self.step)
    }
    throw LabelRefusal(
      "label.text.doesNotFit",
      "“\(run.text.prefix(40))…” has no room: \(millimetres(width)) mm in \(block.lines) lines.",
      remedy: remedy, field: field, box: block.name)
  }

  /// The text in at most so many lines of a width, in ems; nil when it does not go.
  private func broken(_ run: PlacedText.Run, width: Double, most: Int) -> [String]? {
    var lines: [String] = []
    for paragraph in run.text.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = ""
      for word in paragraph.split(separator: " ") {
        let longer = line.isEmpty ? String(word) : line + " " + word
        if measure(longer, run.font).width <= width {
          line = longer
          continue
        }
        if !line.isEmpty { lines.append(line) }
        line = String(word)
        while measure(line, run.font).width > width {
          guard block.breaksAnywhere, lines.count < most else { return nil }
          let head = prefix(of: line, run.font, width)
          guard head > 0 else { return nil }
          lines.append(String(line.prefix(head)))
          line = String(line.dropFirst(head))
        }
        guard lines.count < most else { return nil }
      }
      lines.append(line)
      guard lines.count <= most else { return nil }
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  /// How many characters of a word fit.
  private func prefix(of word: String, _ font: LabelFont, _ width: Double) -> Int {
    var (low, high) = (0, word.count)
    while low < high {
      let middle = (low + high + 1) / 2
      if measure(String(word.prefix(middle)), font).width <= width { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func misfit(_ text: String, needed: Double, _ width: Double) -> LabelRefusal {
    LabelRefusal(
      "label.text.doesNotFit",
      "“\(text)” is \(millimetres((needed * 10).rounded(.up) / 10)) mm wide at its smallest; there are \(millimetres(width)).",
      remedy: remedy, field: field, box: block.name)
  }

  private var remedy: String {
    field.map { "Shorten \($0), or take a template with more room for it." }
      ?? "Give the text more room in the template."
  }
}
