import Foundation
import Testing

@testable import HTTPServing

struct MetricsTextTests {
  /// What the reference parser of Prometheus' Python client makes of a text: `name{labels} value` lines, sorted.
  private func parsed(_ text: String) throws -> [String] {
    let script = """
      import sys
      from prometheus_client.parser import text_string_to_metric_families as parse
      for family in parse(sys.stdin.read()):
          for sample in family.samples:
              print(family.type, sample.name, sorted(sample.labels.items()), sample.value)
      """
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/python3")
    python.arguments = ["-c", script]
    let (input, output) = (Pipe(), Pipe())
    python.standardInput = input
    python.standardOutput = output
    try python.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
    return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func prometheusOwnParserReadsWhatWasMeant() throws {
    var text = MetricsText()
    text.add("custody_a", .gauge, "Backslash \\ and\nline \"quoted\".", 3)
    text.add(
      "custody_b_total", .counter, "Labels.",
      [
        ([("site", "H\"Q\\\n"), ("station", "Störung 1")], 0.25), ([], 1e21), ([("x", "nan")], .nan),
        ([("x", "inf")], .infinity),
      ])
    text.add("custody_none", .gauge, "Nothing to say.", [])
    let histogram = LatencyHistogram()
    for milliseconds in [1, 5, 6, 2_000, 90_000] { histogram.note(.milliseconds(milliseconds)) }
    text.add("custody_c_seconds", "How long.", histogram.snapshot)
    #expect(
      try parsed(text.text) == [
        "gauge custody_a [] 3.0",
        "counter custody_b_total [('site', 'H\"Q\\\\\\n'), ('station', 'Störung 1')] 0.25",
        "counter custody_b_total [] 1e+21", "counter custody_b_total [('x', 'nan')] nan",
        "counter custody_b_total [('x', 'inf')] inf",
      ]
        + zip(
          ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "30", "+Inf"],
          [2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5]
        ).map { "histogram custody_c_seconds_bucket [('le', '\($0)')] \($1).0" } + [
          "histogram custody_c_seconds_sum [] 92.012", "histogram custody_c_seconds_count [] 5.0",
        ])
  }

  @Test func countersAreOfABoundedNumberOfLabels() {
    let counters = Counters()
    for number in 0..<2_000 { counters.count("\(number)") }
    counters.count("7")
    #expect(counters.all.count == 500)
    #expect(counters.all.first { $0.label == "7" }?.count == 2)
  }
}
