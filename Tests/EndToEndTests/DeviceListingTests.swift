import Foundation
import Testing

/// What `custody devices` says of the devices that are there, with the real libusb and emulated ones.
@Suite(.serialized, .timeLimit(.minutes(25))) struct DeviceListingTests {
  private let known = "device scanner keyboard 05e0:1200\nplug\n"
  private let unknown = "device board keyboard 046d:c31c\nplug\n"

  // MARK: list

  @Test func `the list says of every device how it is read or could be`() async throws {
    let scenario = known + unknown + "device chip ch340 1a86:7523\nplug\nstart\n"
    let text = try await RiggedCommand.custody(["devices"], with: scenario)
    #expect(text.status == 0)
    #expect(
      text.output.contains(
        """
        05e0:1200@1-1  read  zebra-keyboard (keyboard)  Symbol/Zebra scanner
        046d:c31c@1-2  left alone  keyboard?  Keyboard board
        1a86:7523@1-3  left alone  serial?  Keyboard chip

        """), "\(text)")
    let json = try await RiggedCommand.custody(["devices", "--json"], with: scenario)
    struct Listing: Decodable {
      struct Item: Decodable {
        let id: String
        let state: String
      }
      let items: [Item]
    }
    let listing = try JSONDecoder().decode(Listing.self, from: Data(json.output.utf8))
    #expect(listing.items.map(\.id) == ["05e0:1200@1-1", "046d:c31c@1-2", "1a86:7523@1-3"])
    #expect(listing.items.map(\.state) == ["claimed", "adoptable", "adoptable"])
    // Only the known one was touched.
    #expect(!json.log.contains { $0 == "board opened" || $0 == "chip opened" })
  }

  @Test func `of a device that another program has, the way to a station's devices is told`() async throws {
    let run = try await RiggedCommand.custody(
      ["devices"], with: "device scanner keyboard 05e0:1200\nbusy 1000\nplug\nstart\n")
    #expect(run.status == 0 && run.output.contains("05e0:1200@1-1  faulty"), "\(run)")
    #expect(run.output.contains("custody devices --data FOLDER"), "\(run)")
  }

  // MARK: udev

  @Test func `rules for the person at the machine, and for a group where there is nobody`() async throws {
    let plain = try await Program.finished("custody", ["devices", "--udev"])
    let line =
      #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="05e0", ATTR{idProduct}=="1200", TAG+="uaccess""#
    #expect(plain.status == 0 && plain.printed.contains(line + "\n"), "\(plain)")
    let grouped = try await Program.finished("custody", ["devices", "--udev", "--group", "custody-usb"])
    #expect(grouped.status == 0)
    #expect(grouped.printed.contains(line + #", GROUP="custody-usb", MODE="0660""# + "\n"), "\(grouped)")
    let rules = grouped.printed.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(rules.allSatisfy { $0.hasSuffix(#"GROUP="custody-usb", MODE="0660""#) })
    for name in [#"x", RUN+="/bin/sh"#, "", "Über", "a b", "9x", String(repeating: "a", count: 33)] {
      let refused = try await Program.finished("custody", ["devices", "--udev", "--group", name])
      #expect(refused.status == 2 && refused.printed.contains("--group wants a group's name"), "\(name): \(refused)")
    }
    let alone = try await Program.finished("custody", ["devices", "--group", "custody"])
    #expect(alone.status == 2 && alone.printed.contains("--group goes with --udev"), "\(alone)")
  }

  @Test func `the rules hold what was adopted at a station as well`() async throws {
    try await RiggedDemo.run(unknown) { rig in
      let signedIn = try await HTTP.json(
        .POST, rig.demo.desk + "/api/v1/sign-in", ["badge": "DEMO-KIM", "pin": "135790"])
      let set = try await HTTP.json(
        .PUT, rig.demo.desk + "/api/v1/devices/046d%3Ac31c%401-1/setting",
        token: signedIn.body["token"].text, ["profile": "generic-keyboard"])
      try #require(set.status == 200, "\(set)")
      let line = #"ATTR{idVendor}=="046d", ATTR{idProduct}=="c31c", TAG+="uaccess""#
      let plain = try await Program.finished("custody", ["devices", "--udev"])
      #expect(!plain.printed.contains(line))
      let rules = try await Program.finished(
        "custody", ["devices", "--udev", "--data", rig.data, "--group", "custody"])
      #expect(
        rules.status == 0
          && rules.printed.contains(
            "# adopted: 046d:c31c@1-1 as generic-keyboard\n"
              + #"SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", \#(line), GROUP="custody", MODE="0660""# + "\n"),
        "\(rules)")
      // Those that are known are there as before.
      #expect(rules.printed.contains(#"ATTR{idProduct}=="1200""#))
    }
    let none = try await Program.finished("custody", ["devices", "--udev", "--data", "/nowhere"])
    #expect(none.status == 3 && none.printed.contains("holds no station"), "\(none)")
  }

  // MARK: tags

  @Test func `tags are told as they come and go`() async throws {
    let scenario = try RiggedCommand.scenario("chafon").replacing("sleep 400", with: "sleep 1100")
    let arguments = [
      "devices", "tags", "--adopt", "10c4:ea60@1-1=chafon-uhfreader288", "--silence", "500",
    ]
    let text = try await RiggedCommand.custody(arguments, with: scenario)
    #expect(text.status == 0)
    #expect(
      text.output == """
        arrived  00323038  10c4:ea60@1-1:1  109  1×
        gone  00323038  10c4:ea60@1-1:1  109  1×

        """, "\(text)")
    let json = try await RiggedCommand.custody(arguments + ["--json"], with: scenario)
    let tag =
      #""tag":{"antenna":1,"count":1,"epc":"00323038","reader":"10c4:ea60@1-1","signal":109,"signalUnit":"raw"}}"#
    #expect(
      json.output.split(separator: "\n")
        == [#"{"event":"arrived","# + tag, #"{"event":"gone","# + tag].map { Substring($0) },
      "\(json)")
    let raw = try await RiggedCommand.custody(arguments + ["--raw", "--json"], with: scenario)
    #expect(raw.output == #"{"event":"read","# + tag + "\n", "\(raw)")
  }

  @Test(arguments: [
    (["llrp://10.0.0.5", "--data", "/tmp"], 2, "Say one of"), (["--watch"], 2, "--watch goes with --data"),
    (["--data", "/nowhere"], 3, "holds no station"), (["10.0.0.5"], 2, "begins with llrp://"),
    (["--silence", "1"], 2, "500 to 3600000"), (["--raw", "--data", "/tmp"], 2, "--raw is for readers"),
  ])
  func `tags of no source, or of two, are wrong usage`(arguments: [String], status: Int32, words: String) async throws {
    let run = try await Program.finished("custody", ["devices", "tags"] + arguments)
    #expect(run.status == status && run.printed.contains(words), "\(run)")
  }

  // MARK: doctor

  @Test func `the doctor finds what is wrong with a device, and says what to do`() async throws {
    let good = try await RiggedCommand.custody(["devices", "doctor"], with: known + unknown + "start\n")
    #expect(good.output.contains("  Symbol/Zebra scanner (05e0:1200@1-1) is read as zebra-keyboard."), "\(good)")
    #expect(
      good.output.contains(
        "Keyboard board (046d:c31c@1-2) is a keyboard, and left alone.\n    If it is a scanner, adopt"))
    let denied = "device scanner keyboard 05e0:1200\ndeny\nplug\nstart\n"
    let bad = try await RiggedCommand.custody(["devices", "doctor"], with: denied)
    #expect(bad.status == 1)
    #expect(bad.output.contains("! Symbol/Zebra scanner (05e0:1200@1-1) may not be opened"), "\(bad)")
    #expect(bad.output.contains(#"ATTR{idProduct}=="1200", TAG+="uaccess""#))
    #expect(bad.errors.isEmpty)
    let json = try await RiggedCommand.custody(["devices", "doctor", "--json"], with: denied)
    #expect(json.status == 1)
    struct Finding: Decodable {
      let isWrong: Bool
      let what: String
      let remedy: String?
    }
    let findings = try json.output.split(separator: "\n").map {
      try JSONDecoder().decode(Finding.self, from: Data($0.utf8))
    }
    #expect(findings.contains { $0.isWrong && $0.what.contains("05e0:1200@1-1") && $0.remedy != nil })
  }

  @Test func `the doctor names a reader that does not answer, and a device that is not there`() async throws {
    let run = try await RiggedCommand.custody(
      ["devices", "doctor", "--adopt", "1a86:7523@1-1=m100-r200", "--adopt", "1a86:7523@1-7=m100-r200"],
      with: "device reader ch340 1a86:7523\nplug\nstart\n")
    #expect(run.status == 1)
    #expect(run.output.contains("! M100 or R200 UHF reader (1a86:7523@1-1) does not answer."), "\(run)")
    #expect(run.output.contains("! 1a86:7523@1-7 is not plugged in."), "\(run)")
  }

  // MARK: record

  @Test func `what a device sends becomes a folder that is checked, and whose reads are the scans`() async throws {
    try await withTemporaryFolder { place in
      let folder = place.appending(path: "acme").path
      let run = try await RiggedCommand.custody(
        ["devices", "record", folder, "--device", "046d:c31c@1-1", "--profile", "generic-keyboard", "--reads", "2"],
        with: unknown + "start\nwait-read\ntype AT-00029\ntype SN42\n")
      #expect(run.status == 0 && run.output.contains("2 reading(s)"), "\(run)")
      #expect(run.errors.contains("scan 1: AT-00029"))
      #expect(
        try String(contentsOfFile: folder + "/reads.jsonl", encoding: .utf8) == """
          {"kind":"scan","terminated":true,"text":"AT-00029"}
          {"kind":"scan","terminated":true,"text":"SN42"}

          """)
      #expect(try String(contentsOfFile: folder + "/profile.yaml", encoding: .utf8).contains("usb: [046d:c31c]"))
      let checked = try await Program.finished("custody", ["devices", "profiles", folder])
      #expect(checked.status == 0 && checked.printed.hasPrefix("acme  keyboard  adopted  046d:c31c"), "\(checked)")
      let again = try await RiggedCommand.custody(
        ["devices", "record", folder, "--device", "046d:c31c@1-1", "--profile", "generic-keyboard"],
        with: unknown + "start\n")
      #expect(again.status == 2 && again.errors.contains("is there already"), "\(again)")
    }
  }

  @Test func `what was recorded is known to a station that is given its folder; a fault in another stops nobody`()
    async throws
  {
    try await withTemporaryFolder { place in
      let own = place.appending(path: "own").path
      let run = try await RiggedCommand.custody(
        [
          "devices", "record", own + "/acme", "--device", "046d:c31c@1-1", "--profile", "generic-keyboard", "--reads",
          "1",
          "--always",
        ], with: unknown + "start\nwait-read\ntype AT-00029\n")
      #expect(run.status == 0, "\(run)")
      try FileManager.default.createDirectory(atPath: own + "/bad", withIntermediateDirectories: true)
      try Data("name: Bad\nprotocol: keybord\n".utf8).write(to: URL(filePath: own + "/bad/profile.yaml"))
      let listed = try await RiggedCommand.custody(["devices", "--device-folder", own], with: unknown + "start\n")
      #expect(
        listed.status == 0 && listed.output.contains("046d:c31c@1-1  read  acme (keyboard)  Emulated Keyboard board\n"),
        "\(listed)")
      #expect(listed.errors.contains("\(own)/bad/profile.yaml:2: `protocol` must be one of"), "\(listed)")
      let doctor = try await RiggedCommand.custody(
        ["devices", "doctor", "--device-folder", own], with: unknown + "start\n")
      #expect(
        doctor.status == 1 && doctor.output.contains("! The device folder is not used: \(own)/bad/profile.yaml:2:"),
        "\(doctor)")
      try await RiggedDemo.run(unknown, with: ["--device-folder", own]) { rig in
        try await rig.control("wait-read")
        let list = try await Program.finished("custody", ["devices", "--data", rig.data])
        #expect(list.printed.contains("046d:c31c@1-1  read  acme (keyboard)  Emulated Keyboard board\n"), "\(list)")
        #expect(rig.demo.program.printed.contains("\(own)/bad/profile.yaml:2: `protocol` must be one of"))
        let found = try await Program.finished("custody", ["devices", "doctor", "--data", rig.data])
        #expect(found.printed.contains("  Emulated Keyboard board (046d:c31c@1-1) is read as acme."), "\(found)")
      }
    }
  }

  @Test func `a device that sends nothing makes no folder`() async throws {
    try await withTemporaryFolder { place in
      let folder = place.appending(path: "acme").path
      let run = try await RiggedCommand.custody(
        ["devices", "record", folder, "--device", "046d:c31c@1-1", "--profile", "generic-keyboard"],
        with: unknown + "start\nwait-read\nterminate\n")
      #expect(run.status == 1 && run.errors.contains("The device has sent nothing; no folder was made."), "\(run)")
      #expect(!FileManager.default.fileExists(atPath: folder))
      let unsaid = try await RiggedCommand.custody(
        ["devices", "record", folder, "--device", "046d:c31c@1-1"], with: unknown + "start\n")
      #expect(unsaid.status == 2 && unsaid.errors.contains("Say how the device is read: --profile"), "\(unsaid)")
    }
  }

  // MARK: a station's

  @Test func `the devices of a running station are listed and watched through its folder`() async throws {
    try await RiggedDemo.run { rig in
      try await rig.control("wait-read")
      let list = try await Program.finished("custody", ["devices", "--data", rig.data])
      #expect(list.status == 0)
      #expect(
        list.printed.contains("05e0:1200@1-1  read  zebra-keyboard (keyboard)  Symbol/Zebra scanner\n"), "\(list)")
      let json = try await Program.finished("custody", ["devices", "list", "--json", "--data", rig.data])
      #expect(json.printed.contains(#""id":"05e0:1200@1-1""#) && json.printed.hasPrefix("{"), "\(json)")
      try await Program.custody(["devices", "--watch", "--data", rig.data]) { watch in
        _ = try await watch.prints(/(\+ Symbol\/Zebra scanner \(05e0:1200@1-1\): read)/)
        try await rig.control("type AT-00029")
        _ = try await watch.prints(/(05e0:1200@1-1: \S.*)/)
        try await rig.control("unplug")
        let tags = try await Program.finished("custody", ["devices", "tags", "--data", rig.data])
        #expect(tags.status == 0 && tags.printed == "0 tags\n", "\(tags)")
        _ = try await watch.prints(/(- Symbol\/Zebra scanner \(05e0:1200@1-1\))/)
      }
    }
    try await withTemporaryFolder { folder in
      let none = try await Program.finished("custody", ["devices", "--data", folder.path])
      #expect(none.status == 3 && none.printed.contains("No station runs on"), "\(none)")
    }
    let both = try await Program.finished(
      "custody", ["devices", "--data", "/tmp", "--adopt", "046d:c31c@1-1=generic-keyboard"])
    #expect(both.status == 2 && both.printed.contains("adopted on its page Devices"), "\(both)")
  }
}
