import Foundation
import Testing

/// The commands of `custody devices`, with the real libusb and emulated devices.
@Suite(.serialized, .timeLimit(.minutes(25))) struct DeviceCommandTests {
  private let chafon = "10c4:ea60@1-1"
  private let ch340 = "1a86:7523@1-1"

  // MARK: probe

  @Test func `a reader that answers is named with the profile of its model, and was asked nothing else`() async throws {
    let run = try await RiggedCommand.custody(
      ["devices", "probe", chafon], with: try RiggedCommand.scenario("chafon", untilStart: true))
    #expect(run.status == 0)
    #expect(
      run.output
        == "UHFReader288M, 0.22: read it as chafon-uhfreader288, such as --adopt \(chafon)=chafon-uhfreader288\n")
    #expect(run.sent(to: "reader") == ["04ff211995"])
    #expect(run.log.contains("reader driver attached"))
  }

  @Test func `each kind of reader is asked in its own way until one answers`() async throws {
    let run = try await RiggedCommand.custody(
      ["devices", "probe", ch340], with: try RiggedCommand.scenario("mercury", untilStart: true))
    #expect(run.status == 0, "\(run)")
    #expect(run.output.contains("ThingMagic M6E Nano, 01.00.00.00: read it as thingmagic-m6e-ch340,"), "\(run)")
    // Chafon, M100, ThingMagic: who are you, and nothing else.
    #expect(
      run.sent(to: "reader") == [
        "04ff211995", "04ff211995", "04ff211995", "bb0003000100047e", "bb0003000100047e", "bb0003000100047e",
        "ff00031d0c",
      ])
  }

  @Test(
    arguments: [
      ("device x ch340 1a86:7523\nplug\n", "1a86:7523@1-1", 1, "Nothing answered that is known."),
      ("device x ch340 1a86:7523\nplug\n", "1a86:7523@1-9", 3, "1a86:7523@1-9 is not plugged in."),
      ("device x ch340 1a86:7523\ndeny\nplug\n", "1a86:7523@1-1", 3, "/etc/udev/rules.d/70-custody.rules"),
      ("device x keyboard 046d:c31c\nplug\n", "046d:c31c@1-1", 3, "serial"),
      ("", "my-reader", 2, "A device's id is such as 1a86:7523@1-1"),
    ])
  func `a device that is no reader is told for what it is`(
    scenario: String, id: String, status: Int32, words: String
  ) async throws {
    let run = try await RiggedCommand.custody(["devices", "probe", id], with: scenario + "start\n")
    #expect(run.status == status, "\(run)")
    #expect(run.output.isEmpty)
    #expect(run.errors.contains(words), "\(run.errors)")
  }

  @Test func `a reader that is pulled out while it is asked is told`() async throws {
    let run = try await RiggedCommand.custody(
      ["devices", "probe", ch340], with: "device x ch340 1a86:7523\nplug\nstart\nwait-read\nunplug\n")
    #expect(run.status == 3 && run.errors.contains("\(ch340) was pulled out."), "\(run)")
  }

  // MARK: tag-memory

  private static let readers = [
    ("chafon-memory", "10c4:ea60@1-1=chafon-uhfreader288", "00323038"),
    ("mercury-memory", "1a86:7523@1-1=thingmagic-m6e-ch340", "000000000000000000001545"),
  ]

  @Test(arguments: readers)
  func `a tag's memory is read, and an EPC is written and read back`(
    scenario: String, device: String, epc: String
  ) async throws {
    let text = try RiggedCommand.scenario(scenario)
    for (arguments, answer) in [
      (["--tid"], "e20034120130000012345678"), (["--user", "2"], "cafe0042"),
      (["--write-epc", "3034257BF400B7800004CB2F"], "written, and found as written"),
    ] {
      let run = try await RiggedCommand.custody(
        ["devices", "tag-memory", epc, "--device", device] + arguments, with: text)
      #expect(run.status == 0 && run.output == answer + "\n", "\(run)")
      // A reader that reads until it is stopped is not left while it is being started again.
      #expect(!device.contains("m6e") || run.sent(to: "reader").last == "ff032f0000025e86", "\(run)")
    }
  }

  @Test func `a write that the tag took by half is told with its word`() async throws {
    // The last byte of the EPC is read back as 2E, with the check that goes with it.
    let text = try RiggedCommand.scenario("chafon-memory").replacing("04cb2f 9654", with: "04cb2e 1f45")
    let run = try await RiggedCommand.custody(
      [
        "devices", "tag-memory", "00323038", "--device", "\(chafon)=chafon-uhfreader288", "--write-epc",
        "3034257BF400B7800004CB2F",
      ], with: text)
    // Word 0 is the CRC, 1 the PC, 2 to 7 the EPC.
    #expect(run.status == 1 && run.errors.contains("found otherwise from word 7 on"), "\(run)")
  }

  @Test func `a tag whose PC tells another length is another tag, and is not written`() async throws {
    // Selected by the begin of its EPC: its PC is 3400, of twelve bytes.
    let text = try RiggedCommand.scenario("chafon-memory").replacing("07000200100046b8", with: "07000200340015fc")
    let run = try await RiggedCommand.custody(
      [
        "devices", "tag-memory", "00323038", "--device", "\(chafon)=chafon-uhfreader288", "--write-epc",
        "3034257BF400B7800004CB2F",
      ], with: text)
    #expect(run.status == 1 && run.errors.contains("stands for an EPC of 12 bytes, not 4"), "\(run)")
    #expect(!run.sent(to: "reader").contains { $0.dropFirst(4).hasPrefix("03") }, "Nothing was written.")
  }

  @Test func `a locked tag is told, with what may help`() async throws {
    let text = try RiggedCommand.scenario("chafon-memory").replacing("050003001e47", with: "060003fc04f877")
    let run = try await RiggedCommand.custody(
      [
        "devices", "tag-memory", "00323038", "--device", "\(chafon)=chafon-uhfreader288", "--write-epc",
        "3034257BF400B7800004CB2F",
      ], with: text)
    #expect(run.status == 1 && run.errors.contains("the memory is locked"), "\(run)")
    #expect(run.errors.contains("--password"))
  }

  @Test(arguments: [
    ("00323038", ["--write-epc", "303425"], "3 bytes are no whole words"),
    ("003230", ["--tid"], "3 bytes are no whole"),
    ("00323038", ["--user", "0"], "0 words; give 1 to 32"), ("00323038", ["--user", "33"], "33 words; give 1 to 32"),
    ("00323038", ["--write-epc", String(repeating: "00", count: 64)], "the limit is 62"),
    ("00323038", ["--tid", "--user", "2"], "Say one of"), ("0032303", ["--tid"], "pairs of hexadecimal digits"),
    ("00323038", ["--tid", "--password", "12"], "eight hexadecimal digits"),
  ])
  func `what no reader can do is refused before one is claimed`(epc: String, arguments: [String], words: String)
    async throws
  {
    let run = try await RiggedCommand.custody(
      ["devices", "tag-memory", epc, "--device", "\(chafon)=chafon-uhfreader288"] + arguments,
      with: try RiggedCommand.scenario("chafon-memory"))
    #expect(run.status == 2 && run.errors.contains(words), "\(run)")
    #expect(!run.log.contains("reader opened"))
  }

  @Test func `of a tag's memory a line of JSON is written`() async throws {
    let text = try RiggedCommand.scenario("chafon-memory")
    let arguments = ["devices", "tag-memory", "00323038", "--device", "\(chafon)=chafon-uhfreader288", "--json"]
    let read = try await RiggedCommand.custody(arguments + ["--user", "2"], with: text)
    #expect(
      read.status == 0
        && read.output
          == #"{"device":"10c4:ea60@1-1","epc":"00323038","event":"tagMemory","memory":"cafe0042","message":"2 words were read"}"#
          + "\n",
      "\(read)")
    let locked = try await RiggedCommand.custody(
      arguments + ["--write-epc", "3034257BF400B7800004CB2F"],
      with: text.replacing("050003001e47", with: "060003fc04f877"))
    #expect(
      locked.status == 1 && locked.output.contains("the memory is locked") && locked.output.hasPrefix("{"), "\(locked)")
  }

  // MARK: decode

  @Test func `a HID POS scanner's reports are read by its report descriptor, or by a device folder`() async throws {
    try await withTemporaryFolder { place in
      // A report of seven bytes after the ID: length, then text; no symbology, nothing that goes on. HID 1.11, section 6.2.2.
      let descriptor = place.appending(path: "descriptor.hex").path
      try Data("058c 0902 a101 8505 1500 26ff00 7508 # by hand\n 9501 0501 093b 8102 058c 9506 09fe 820201 c0\n".utf8)
        .write(to: URL(filePath: descriptor))
      let capture = "05 03 41 54 31 00 00 00"
      let read = #"{"kind":"scan","terminated":true,"text":"AT1"}"# + "\n"
      let protocolOnly = ["--protocol", "hid-pos", "--report-descriptor", descriptor]
      #expect(try await decode(capture, protocolOnly) == (0, read))
      let folder = place.appending(path: "own").path
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("name: Own\nclaim: adopted\nprotocol: hid-pos\n".utf8).write(to: URL(filePath: folder + "/profile.yaml"))
      // Of the same profile, without a descriptor.
      let bare = place.appending(path: "bare").path
      try FileManager.default.copyItem(atPath: folder, toPath: bare)
      try FileManager.default.copyItem(atPath: descriptor, toPath: folder + "/report-descriptor.hex")
      #expect(try await decode(capture, ["--profile", folder]) == (0, read))
      #expect(try await decode(capture, ["--protocol", "hid-pos", "--profile", folder]) == (0, read))
      #expect(
        try await decode(capture, ["--profile", "generic-hid-pos", "--report-descriptor", descriptor]) == (0, read))
      for (arguments, status, words) in [
        (["--profile", bare], 2, "the device's report descriptor is needed"),
        (["--profile", "none"], 2, "none is no device folder, and none of the profiles"),
        ([], 2, "Say --protocol NAME or --profile FOLDER"),
        (["--protocol", "serial", "--profile", folder], 2, "speaks hid-pos: leave --protocol out"),
        (["--protocol", "serial", "--report-descriptor", descriptor], 2, "is for HID devices"),
        (["--profile", folder, "--layout", "DE"], 2, "--layout goes with --protocol keyboard"),
        (protocolOnly.dropLast() + ["/nowhere.hex"], 1, "/nowhere.hex: is missing"),
      ] as [([String], Int32, String)] {
        let (ended, printed) = try await decode(capture, arguments)
        #expect(ended == status && printed.contains(words), "\(arguments): \(ended) \(printed)")
      }
    }
  }

  private func decode(_ hexadecimal: String, _ arguments: [String]) async throws -> (status: Int32, printed: String) {
    try await Program.finishing(
      "/bin/sh",
      [
        "-c", #"program="$1"; shift; echo "$CAPTURE" | "$program" devices decode "$@""#, "sh",
        Program.products.appending(path: "custody").path,
      ] + arguments, environment: ["CAPTURE": hexadecimal])
  }

  // MARK: tag-memory of none

  @Test func `a reader that is not there is told at once`() async throws {
    let run = try await RiggedCommand.custody(
      ["devices", "tag-memory", "00323038", "--tid", "--device", "\(chafon)=chafon-uhfreader288"], with: "start\n")
    #expect(run.status == 3 && run.errors.contains("\(chafon) is not plugged in."), "\(run)")
  }
}
