import Testing

/// The program, with the real libusb, against emulated scanners. Each test runs the scenario of the same name.
@Suite(.serialized) struct RigScenarioTests {
  private let scanner = "05e0:1200@1-1"

  @Test func `a scan comes out as typed, with its reports, and the kernel gets its device back`() async throws {
    let outcome = try await Rig.run("scan")
    #expect(outcome.scans == ["ABC-0123xyz"])
    let scan = try #require(outcome.of("scan").first)
    #expect(scan.device == scanner)
    #expect(scan.terminated == true)
    #expect(scan.followsFault == false)
    // Twelve keys, pressed and released; the release of Enter follows the scan's end. Shift+A is 02 00 04.
    #expect(scan.raw?.hasPrefix("02000400000000000000000000000000") == true)
    #expect(scan.raw?.hasSuffix("0000280000000000") == true)
    #expect(scan.raw?.count == (12 * 2 - 1) * 16)
    let device = try #require(outcome.of("attached").first?.details)
    #expect(device.state == "claimed")
    #expect(device.name == "Symbol/Zebra scanner")
    let handed = outcome.log.filter {
      $0.hasPrefix("scanner driver") || $0 == "scanner claimed" || $0 == "scanner released"
    }
    #expect(handed == ["scanner driver detached", "scanner claimed", "scanner released", "scanner driver attached"])
  }

  @Test func `every printable character of ASCII and the separators of ISO 15434 come through`() async throws {
    let outcome = try await Rig.run("symbols")
    #expect(
      outcome.scans == [##"!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~ 019azAZ"##, "[)>\u{1E}06\u{1D}PLN\u{4}"])
  }

  @Test func `tab and enter end a scan and are not part of it`() async throws {
    #expect(try await Rig.run("suffixes").scans == ["WITH-TAB", "WITH-ENTER"])
  }

  @Test func `a scan without terminator comes out after silence, and says so`() async throws {
    let scans = try await Rig.run("unterminated").of("scan")
    #expect(scans.map(\.text) == ["OPEN-END"])
    #expect(scans.first?.terminated == false)
  }

  @Test(arguments: ["unplug-mid-scan", "unplug-proto-mid-scan"])
  func `what a vanished device had typed is handed over and is no scan`(scenario: String) async throws {
    let outcome = try await Rig.run(scenario)
    #expect(outcome.scans.isEmpty)
    #expect(outcome.of("rejected").isEmpty)
    let detached = try #require(outcome.of("detached").first)
    #expect(outcome.of("detached").count == 1)
    #expect(detached.device == scanner)
    #expect(detached.discardedCharacters == 3)
    #expect(detached.raw?.hasPrefix("0200040000000000") == true)
  }

  @Test func `a scanner works again each time it is plugged in`() async throws {
    let outcome = try await Rig.run("replug")
    #expect(outcome.scans == ["FIRST", "SECOND", "THIRD"])
    let order = outcome.events.map(\.event).filter { $0 != "status" && $0 != "fault" }
    #expect(
      order == ["attached", "scan", "detached", "attached", "scan", "detached", "attached", "scan"])
    #expect(outcome.of("detached").allSatisfy { $0.discardedCharacters == nil })
  }

  @Test func `a scanner that is plugged in later is claimed`() async throws {
    #expect(try await Rig.run("late").scans == ["LATE"])
  }

  @Test func `a stall is cleared, told, and the next scan comes`() async throws {
    let outcome = try await Rig.run("stall")
    #expect(outcome.scans == ["AFTER-STALL"])
    #expect(outcome.log.contains("scanner halt cleared"))
    let fault = try #require(outcome.of("fault").first)
    #expect(fault.device == scanner)
    #expect(fault.details?.counters.stalls == 1)
  }

  @Test func `while the stall of a device that answers nothing is cleared, another one scans`() async throws {
    let outcome = try await Rig.run("dead-control-pipe")
    #expect(outcome.scans == ["NOT-HELD-BACK", "MENDED"])
    let asked = try #require(outcome.log.firstIndex(of: "broken clearing of its halt unanswered"))
    let scanned = try #require(outcome.log.firstIndex { $0.hasPrefix("scanner typed at") })
    let givenUp = try #require(outcome.log.firstIndex(of: "broken request given up by the kernel"))
    #expect(asked < scanned)
    #expect(scanned < givenUp)
    #expect(outcome.of("changed").map(\.details?.state) == ["faulty", "claimed"])
    #expect(outcome.of("changed").allSatisfy { $0.device == "05e0:1200@1-1" })
  }

  @Test(arguments: ["stall-mid-scan", "garbage-mid-scan"])
  func `a scan that may have lost a character is rejected, and the next one comes`(scenario: String) async throws {
    let outcome = try await Rig.run(scenario)
    #expect(outcome.scans == ["IT-0034"])
    let rejected = try #require(outcome.of("rejected").first)
    #expect(outcome.of("rejected").count == 1)
    #expect(rejected.device == scanner)
    #expect(rejected.raw?.isEmpty == false)
    #expect(rejected.remedy?.isEmpty == false)
  }

  @Test(arguments: [("proto", "AFTER-PROTO"), ("overflow", "AFTER-OVERFLOW")])
  func `an error on the wire costs no later scan`(scenario: String, text: String) async throws {
    let outcome = try await Rig.run(scenario)
    #expect(outcome.scans == [text])
    #expect(outcome.of("fault").map(\.device) == [scanner])
    #expect(outcome.of("detached").isEmpty)
  }

  @Test func `a device that keeps failing is faulty, and its partial scan is rejected`() async throws {
    let outcome = try await Rig.run("dead-wire")
    #expect(outcome.scans.isEmpty)
    #expect(outcome.of("rejected").count == 1)
    #expect(outcome.of("changed").map(\.details?.state) == ["faulty"])
    #expect(outcome.log.contains("scanner driver attached"))
  }

  @Test func `garbage between scans is counted and harms none`() async throws {
    let outcome = try await Rig.run("garbage")
    #expect(outcome.scans == ["AFTER-GARBAGE"])
    #expect(outcome.of("rejected").isEmpty)
  }

  @Test func `transfers without a byte do not disturb a scan`() async throws {
    #expect(try await Rig.run("empty-transfers").scans == ["IT-00012"])
  }

  @Test func `two scanners that type at once keep their texts apart`() async throws {
    let scans = try await Rig.run("two-devices").of("scan")
    #expect(scans.map(\.text) == ["ONE-11", "TWO-22"])
    #expect(scans.map(\.device) == ["05e0:1200@1-1", "0c2e:0200@1-2"])
  }

  @Test func `of two hundred scans in a burst none is lost`() async throws {
    let outcome = try await Rig.run("burst")
    let expected = (1...200).map { "BURST-" + String(repeating: "0", count: 4 - String($0).count) + String($0) }
    #expect(outcome.scans == expected)
    #expect(outcome.of("fault").isEmpty)
  }

  @Test func `an unknown keyboard is listed and never opened`() async throws {
    let outcome = try await Rig.run("unknown-keyboard")
    #expect(outcome.scans == ["OPEN"])
    let board = try #require(outcome.of("attached").first { $0.device == "046d:c31c@1-1" }?.details)
    #expect(board.state == "adoptable")
    #expect(board.name == "Keyboard board")
    #expect(!outcome.log.contains { $0.hasPrefix("board ") && $0 != "board plugged" })
  }

  @Test func `a device without permission is named with its udev rule, and works once it is permitted`() async throws {
    let outcome = try await Rig.run("denied")
    #expect(outcome.of("attached").first?.details?.state == "noPermission")
    let remedy = try #require(outcome.of("fault").first?.remedy)
    #expect(remedy.contains(#"ATTR{idVendor}=="05e0", ATTR{idProduct}=="1200", TAG+="uaccess""#))
    #expect(remedy.contains("/etc/udev/rules.d/70-"))
    #expect(outcome.of("changed").first?.details?.state == "claimed")
    #expect(outcome.scans == ["PERMITTED"])
  }

  @Test func `a babbling device is named and slowed, and its neighbour scans on`() async throws {
    let outcome = try await Rig.run("babble")
    #expect(outcome.scans == ["STILL-HERE"])
    let fault = try #require(outcome.of("fault").first)
    #expect(fault.device == "05e0:1200@1-1")
    #expect(fault.message?.contains("babbles") == true)
    #expect((fault.details?.counters.wedge.garbageReports ?? 0) >= 1_000)
  }

  @Test func `scans can be made on demand through the control FIFO`() async throws {
    let outcome = try await Rig.run(
      "control", control: "type ON-DEMAND\nunplug\nsleep 200\nplug\nwait-read\ntype AGAIN\nterminate\n")
    #expect(outcome.scans == ["ON-DEMAND", "AGAIN"])
  }
}
