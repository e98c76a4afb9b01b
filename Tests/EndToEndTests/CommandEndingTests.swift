import Foundation
import Testing

/// How commands end that cannot do what they were asked for: with a status, the reason and the remedy, and nothing else.
@Suite(.timeLimit(.minutes(25))) struct CommandEndingTests {
  private func station(_ folder: URL, _ further: String...) async throws -> (status: Int32, printed: String) {
    try await Program.finished(
      "custody", ["station", "--data", folder.appending(path: "new").path, "--port", "0", "--usb", "false"] + further)
  }

  @Test func `a port in use is told with whose it was to be, and nothing besides`() async throws {
    try await withTemporaryFolder { folder in
      let centre = folder.appending(path: "centre").path
      try await Program.custody(["central", "--data", centre, "--port", "0"]) { program in
        let port = try #require(Int(try await program.prints(/listens on http:\S+:(\d+)\//)))
        func ended(_ listener: String) -> String {
          """
          custody: The \(listener) cannot listen on 127.0.0.1, port \(port): the address is in use by another program.
          Stop it, or choose another port with --port.

          """
        }
        let desk = try await station(folder, "--port", "\(port)")
        #expect(desk.status == 3 && desk.printed == ended("desk"), "\(desk)")
        let second = try await Program.finished(
          "custody", ["central", "--data", centre + "-2", "--port", "\(port)"])
        #expect(second.status == 3 && second.printed == ended("centre"), "\(second)")
        // Of a demo it is the centre's port that is taken: one above its desk's.
        let demo = try await Program.finished(
          "custody", ["demo", "--data", folder.path + "/demo", "--port", "\(port - 1)", "--usb", "false"])
        #expect(demo.status == 3 && demo.printed == ended("centre"), "\(demo)")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(left == ["centre"], "No folder is made for what cannot start.")
      }
    }
  }

  @Test(arguments: [
    ("custody import nope.csv --data /tmp", "3"), ("custody station", "2"), ("custody verify", "2"),
    ("custody-audit verify /nowhere --key @/nowhere", "3"), ("custody-audit verify", "2"),
  ])
  func `an ending that nobody reads is the same ending`(_ command: String, _ status: String) async throws {
    // Every write to this device fails, as one to a pipe does whose reader went away.
    let line = "\(Program.products.path)/\(command) 2> /dev/full; echo \"=$?=\""
    try await Program.running("/bin/sh", ["-c", line]) { shell in
      let found = try await shell.prints(/=(\d+)=/)
      #expect(found == status)
    }
  }

  @Test func `an address that is none is wrong usage`() async throws {
    try await withTemporaryFolder { folder in
      // RFC 5737: of no machine.
      let foreign = try await station(folder, "--host", "203.0.113.7")
      #expect(foreign.status == 2 && foreign.printed.contains("it is not an address of this machine"), "\(foreign)")
      let centre = try await station(folder, "--centre-url", "foo")
      #expect(centre.status == 2, "\(centre)")
      #expect(
        centre.printed == """
          custody: centre.url is 'foo'; it must be an address such as https://centre.example.com.
          Set it by --centre-url or CUSTODY_CENTRE_URL.

          """)
      let made = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(made.isEmpty)
    }
  }

  @Test func `a file that is none is told in one sentence`() async throws {
    try await withTemporaryFolder { folder in
      let (empty, picture) = (
        folder.appending(path: "empty.csv"), Program.root.appending(path: "demo/label-AT-00042.png")
      )
      try Data().write(to: empty)
      let tries = [
        ("nope.csv", 3, "nope.csv cannot be read: there is no such file.\nCheck the path."),
        (folder.path, 3, "\(folder.path) cannot be read: it is a folder.\nName one file in it."),
        (empty.path, 2, "\(empty.path): The file is empty.\nExport it again, with a row of column names."),
        (
          picture.path, 2,
          "\(picture.path): The file is no CSV: it holds bytes that no text has.\n"
            + "Save the table as CSV UTF-8, and import that; barcodes of pictures are read by custody read."
        ),
      ]
      for (path, status, words) in tries {
        let found = try await Program.finished(
          "custody", ["import", path, "--data", folder.appending(path: "data").path])
        #expect(found.status == Int32(status) && found.printed == "custody: \(words)\n", "\(found)")
      }
    }
  }

  @Test func `a new station is said to be new`() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "assets.csv")
      try Data("tag,state\nAT-1,in stock\nAT-2,disposed\n".utf8).write(to: file)
      let arguments = ["import", file.path, "--data", folder.path + "/data", "--skip-bad-rows"]
      let first = try await Program.finished("custody", arguments)
      #expect(first.printed.contains("New station MAIN/DESK-1 made in \(folder.path)/data.\n"), "\(first)")
      // Leaving bad rows out is what was asked for; the words say that there were some.
      #expect(first.status == 0 && first.printed.contains("1 bad row left out"), "\(first)")
      let second = try await Program.finished("custody", arguments)
      #expect(second.status == 0 && !second.printed.contains("New station"), "\(second)")
    }
  }

  @Test func `help of the centre tells its settings, and every program its version`() async throws {
    let help = try await Program.finished("custody", ["central", "--help"])
    #expect(help.status == 0 && help.printed.contains("Examples:") && help.printed.contains("CUSTODY_READ_TOKEN"))
    let version = try await Program.finished("custody", ["--version"])
    let audit = try await Program.finished("custody-audit", ["--version"])
    #expect(version.status == 0 && audit == version)
  }
}
