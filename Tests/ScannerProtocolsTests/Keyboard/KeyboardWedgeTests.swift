import ScannerProtocols
import Testing

struct KeyboardWedgeTests {
  private var wedge = KeyboardWedge(deviceID: "scanner")

  private func with(_ change: (inout KeyboardWedge.Configuration) -> Void) -> KeyboardWedge {
    var configuration = KeyboardWedge.Configuration()
    change(&configuration)
    return KeyboardWedge(deviceID: "scanner", configuration: configuration)
  }

  private let ab: [(modifiers: UInt8, usage: UInt8)] = [(0, keyA), (0, keyB)]
  private let enter: (modifiers: UInt8, usage: UInt8) = (0, keyEnter)

  // MARK: keys

  @Test mutating func `a scan ends with its terminator and keeps its reports`() throws {
    let actions = wedge.type([(leftShift, keyA), (0, 0x1E), enter])
    guard case .scan(let scan) = try #require(actions.first) else {
      Issue.record("no scan: \(actions)")
      return
    }
    #expect(actions.count == 1)
    #expect(scan.text == "A1")
    #expect(scan.terminated)
    #expect(!scan.followsFault)
    #expect(scan.deviceID == "scanner")
    #expect(scan.raw == report(2, keyA) + idle + report(0, 0x1E) + idle + report(0, keyEnter))
    #expect(scan.statistics.scans == 1)
    #expect(scan.statistics.reports == 5)
  }

  @Test mutating func `the shift that goes down before the first key is kept with it`() {
    var actions: [KeyboardWedge.Action] = []
    for bytes in [report(2), report(2, keyA), report(2), idle, report(0, keyEnter)] {
      actions += wedge.receive(report: bytes, at: .zero)
    }
    guard case .scan(let scan)? = actions.first else {
      Issue.record("no scan: \(actions)")
      return
    }
    #expect(scan.text == "A")
    #expect(scan.raw == report(2) + report(2, keyA) + report(2) + idle + report(0, keyEnter))
  }

  @Test mutating func `keys that overlap are typed in the order in which they go down`() {
    var actions: [KeyboardWedge.Action] = []
    for bytes in [report(0, keyA), report(0, keyA, keyB), report(0, keyC, keyB), report(0, keyC), report(0, keyEnter)] {
      actions += wedge.receive(report: bytes, at: .zero)
    }
    #expect(texts(actions) == ["abc"])
  }

  @Test mutating func `a key whose release was lost types again in the next scan`() {
    var actions = wedge.receive(report: report(0, keyA), at: .zero)
    for bytes in [report(0, keyA), idle, report(0, keyB), idle, report(0, keyEnter)] {
      actions += wedge.receive(report: bytes, at: .seconds(5))
    }
    #expect(texts(actions) == ["a", "ab"])
  }

  @Test mutating func `a key types again only after it was up`() {
    var actions: [KeyboardWedge.Action] = []
    for bytes in [report(0, keyA), report(0, keyA), idle, report(0, keyA), report(0, keyEnter)] {
      actions += wedge.receive(report: bytes, at: .zero)
    }
    #expect(texts(actions) == ["aa"])
  }

  @Test mutating func `one report with terminator and next key ends one scan and begins another`() {
    var actions = wedge.receive(report: report(0, keyA), at: .zero)
    actions += wedge.receive(report: report(0, keyEnter, keyB), at: .zero)
    actions += wedge.receive(report: idle, at: .zero)
    actions += wedge.receive(report: report(0, keyEnter), at: .zero)
    #expect(texts(actions) == ["a", "b"])
  }

  @Test mutating func `caps lock holds until it is pressed again`() {
    #expect(
      texts(
        wedge.type([(0, keyCapsLock), (0, keyA), (leftShift, keyB), (0, 0x1E), (0, keyCapsLock), (0, keyC), enter]))
        == ["Ab1c"])
  }

  @Test mutating func `control bracket and F8 both give GS`() {
    #expect(
      texts(wedge.type([(0, keyA), (leftControl, 0x30), (0, keyB), (0, 0x41), (0, keyC), enter])) == ["a\u{1D}b\u{1D}c"]
    )
  }

  // MARK: prefix and suffix

  @Test func `a suffix that is not configured belongs to the text`() {
    var tabOnly = with { $0.suffixes = [.tab] }
    #expect(texts(tabOnly.type([(0, keyA), enter, (0, keyB), (0, keyTab)])) == ["a\rb"])
    var enterOnly = with { $0.suffixes = [.enter] }
    #expect(texts(enterOnly.type([(0, keyA), (0, keyTab), (0, keyB), enter])) == ["a\tb"])
  }

  @Test func `a prefix is taken off where it stands, and only there`() {
    var wedge = with { $0.prefix = "ab" }
    #expect(texts(wedge.type(ab + [(0, keyC), enter] + [(0, keyC)] + ab + [enter])) == ["c", "cab"])
    #expect(texts(wedge.type(ab + [enter])) == [])
    #expect(wedge.statistics.emptyScans == 1)
  }

  @Test mutating func `a line feed after return does not begin the next scan`() {
    let lineFeed: (modifiers: UInt8, usage: UInt8) = (leftControl, 0x0D)
    #expect(texts(wedge.type(ab + [enter, lineFeed] + ab + [enter, lineFeed])) == ["ab", "ab"])
    #expect(wedge.deadline == nil)
  }

  @Test mutating func `a terminator alone is counted and is no scan`() {
    #expect(wedge.type([enter, enter, (0, keyTab)]).isEmpty)
    #expect(wedge.statistics.emptyScans == 3)
  }

  // MARK: time

  @Test mutating func `silence of the timeout ends a scan without terminator, and not a moment earlier`() {
    #expect(wedge.type(ab).isEmpty)
    // The last key went up at 3 ms.
    #expect(wedge.deadline == .milliseconds(303))
    #expect(wedge.tick(at: .milliseconds(302)).isEmpty)
    guard case .scan(let scan)? = wedge.tick(at: .milliseconds(303)).first else {
      Issue.record("no scan")
      return
    }
    #expect(scan.text == "ab")
    #expect(!scan.terminated)
    #expect(wedge.deadline == nil)
    #expect(wedge.tick(at: .seconds(9)).isEmpty)
  }

  @Test mutating func `a key after the silence begins a new scan even when nobody ticked`() {
    _ = wedge.type(ab)
    let actions = wedge.type([(0, keyC), enter], from: .seconds(1))
    #expect(texts(actions) == ["ab", "c"])
  }

  @Test mutating func `repeated reports of a held key do not put the silence off`() {
    _ = wedge.receive(report: report(0, keyA), at: .zero)
    for milliseconds in stride(from: 50, to: 300, by: 50) {
      #expect(wedge.receive(report: report(0, keyA), at: .milliseconds(milliseconds)).isEmpty)
    }
    #expect(texts(wedge.receive(report: report(0, keyA), at: .milliseconds(300))) == ["a"])
  }

  // MARK: hostile input

  @Test(
    arguments: [
      [0xFF, 0xEE, 0xDD], [], report(0, 0xE9), [0, 0, 1, 1, 1, 1, 1, 1], [UInt8](repeating: 7, count: 64),
    ] as [[UInt8]])
  func `garbage between scans is counted and harms none`(garbage: [UInt8]) {
    var wedge = wedge
    #expect(wedge.receive(report: garbage, at: .zero).isEmpty)
    #expect(texts(wedge.type(ab + [enter], from: .seconds(1))) == ["ab"])
    #expect(wedge.statistics.garbageReports == 1)
  }

  @Test mutating func `garbage in mid-scan rejects that scan alone`() throws {
    _ = wedge.type(ab)
    #expect(wedge.receive(report: [0, 0, 1, 1, 1, 1, 1, 1], at: .milliseconds(5)).isEmpty)
    let actions = wedge.type([enter] + ab + [enter], from: .milliseconds(6))
    let rejected = try #require(rejections(actions).first)
    #expect(rejected.reason == .garbage(.keyboardError(1)))
    #expect(rejected.characters == 2)
    #expect(rejected.message.contains("scanner"))
    #expect(texts(actions) == ["ab"])
  }

  @Test mutating func `an interruption in mid-scan rejects it, one shortly before a scan is noted in it`() {
    _ = wedge.type(ab)
    wedge.interrupt("stall", at: .milliseconds(5))
    #expect(rejections(wedge.type([enter], from: .milliseconds(6))).map(\.reason) == [.interrupted("stall")])
    wedge.interrupt("stall", at: .seconds(1))
    let soon = wedge.type(ab + [enter], from: .milliseconds(1_299))
    let later = wedge.type(ab + [enter], from: .seconds(2))
    let flags = (soon + later).compactMap { if case .scan(let scan) = $0 { scan.followsFault } else { nil } }
    #expect(flags == [true, false])
  }

  @Test mutating func `a key whose release was lost in an interruption types again`() {
    _ = wedge.receive(report: report(0, keyA), at: .zero)
    #expect(texts(wedge.receive(report: report(0, keyA, keyEnter), at: .zero)) == ["a"])
    // The reports that release both keys are lost.
    wedge.interrupt("stall", at: .zero)
    #expect(texts(wedge.type(ab + [enter], from: .seconds(1))) == ["ab"])
  }

  @Test mutating func `a key without a character rejects the scan and names the layout`() throws {
    let rejected = try #require(rejections(wedge.type([(0, keyA), (0, 0x64), (0x04, keyB), enter])).first)
    #expect(rejected.reason == .unmappedKeys(count: 2, first: 0x64, layout: "US"))
    #expect(rejected.remedy.contains("US"))
  }

  @Test func `the limit itself is a scan, one more is rejected once and ignored to its end`() throws {
    var wedge = with { $0.maximumLength = 4 }
    #expect(texts(wedge.type(ab + ab + [enter])) == ["abab"])
    let actions = wedge.type(ab + ab + ab + ab + [enter] + ab + [enter], from: .seconds(1))
    #expect(rejections(actions).map(\.reason) == [.tooLong(limit: 4)])
    #expect(rejections(actions).first?.message == "scanner: scan rejected: longer than 4 characters")
    #expect(texts(actions) == ["ab"])
  }

  @Test mutating func `scanners get ten thousand characters and not one more`() {
    let keys = [(modifiers: UInt8, usage: UInt8)](repeating: (0, keyA), count: 10_000)
    #expect(texts(wedge.type(keys + [enter])).map(\.utf8.count) == [10_000])
    #expect(
      rejections(wedge.type(keys + [(0, keyA), enter], from: .seconds(60))).map(\.message)
        == ["scanner: scan rejected: longer than 10000 characters"])
  }

  @Test func `a rejected scan without terminator is over after silence`() {
    var wedge = with { $0.maximumLength = 1 }
    #expect(rejections(wedge.type(ab)).count == 1)
    #expect(wedge.tick(at: .seconds(1)).isEmpty)
    #expect(texts(wedge.type([(0, keyC), enter], from: .seconds(2))) == ["c"])
  }

  @Test func `keys that type nothing cannot make a scan grow without end`() {
    var wedge = with { $0.maximumLength = 10 }
    var actions = wedge.type([(0, keyA)])
    for round in 0..<1_000 { actions += wedge.type([(0, keyCapsLock)], from: .milliseconds(2 + 2 * round)) }
    #expect(rejections(actions).map(\.reason) == [.tooLong(limit: 10)])
    #expect((rejections(actions).first?.raw.count ?? 0) <= 4 * 8 * 12)
    #expect(texts(wedge.type(ab + [enter], from: .seconds(60))) == ["ab"])
    wedge = with { $0.maximumLength = 10 }
    actions = []
    for _ in 0..<1_000 {
      actions += wedge.receive(report: report(leftShift, keyCapsLock), at: .zero)
      actions += wedge.receive(report: report(leftShift), at: .zero)
    }
    actions += wedge.type(ab + [enter], from: .seconds(60))
    #expect(rejections(actions).count <= 1)
    #expect(texts(actions) == ["ab"])
  }

  @Test mutating func `a device that vanishes hands over what it had typed, once`() throws {
    _ = wedge.type(ab)
    let vanished = wedge.vanish()
    let discarded = try #require(vanished)
    #expect(discarded.characters == 2)
    #expect(discarded.raw == report(0, keyA) + idle + report(0, keyB) + idle)
    let again = wedge.vanish()
    #expect(again == nil)
    #expect(wedge.tick(at: .seconds(9)).isEmpty)
  }

  @Test func `whatever bytes come, nothing traps, and a clean scan follows`() {
    var wedge = with { $0.maximumLength = 50 }
    // A linear congruential sequence (Numerical Recipes), so that every run sees the same bytes.
    var state: UInt32 = 1
    func next() -> UInt8 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    for step in 0..<50_000 {
      let length = next() < 200 ? 8 : Int(next() % 12)
      _ = wedge.receive(report: (0..<length).map { _ in next() }, at: .milliseconds(step))
    }
    _ = wedge.tick(at: .seconds(100))
    #expect(wedge.statistics.reports == 50_000)
    wedge = KeyboardWedge(deviceID: "scanner", configuration: wedge.configuration)
    #expect(texts(wedge.type(ab + [enter], from: .seconds(101))) == ["ab"])
  }
}
