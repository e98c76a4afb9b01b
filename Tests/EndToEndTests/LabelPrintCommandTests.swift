import Foundation
import Testing

/// `custody label print`: labels of assets, ordered from the command line by somebody who answers for them.
@Suite(.serialized, .timeLimit(.minutes(15))) struct LabelPrintCommandTests {
  private static let template = "asset-tag-50x25-qr"

  /// A demo, and two assets in stock.
  private func withDemo(_ body: (URL, Demo, [JSON]) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      try await Demo.run(in: folder) { demo in
        let token = try await signIn(demo)
        let assets = try await HTTP.json(
          .GET, demo.desk + "/api/v1/assets?state=inStock&limit=100", token: token
        ).body["items"].values.filter { $0["tag"].text != nil && $0["serial"].text != nil }
        try #require(assets.count > 3)
        try secret("135790", in: folder.appending(path: "pin"))
        try await body(folder, demo, assets)
      }
    }
  }

  private func signIn(_ demo: Demo, _ badge: String = "DEMO-KIM", _ pin: String = "135790") async throws -> String {
    let answer = try await HTTP.json(
      .POST, demo.desk + "/api/v1/sign-in", ["badge": .string(badge), "pin": .string(pin)])
    return try #require(answer.body["token"].text)
  }

  private func secret(_ text: String, in file: URL, mode: Int = 0o600) throws {
    try Data((text + "\n").utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
  }

  private func print(
    _ folder: URL, _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> (status: Int32, printed: String) {
    try await Program.finished(
      "custody", ["label", "print"] + arguments, environment: ["CUSTODY_DATA": folder.path].merging(environment) { $1 })
  }

  /// The `label` events of an asset, the newest last.
  private func labels(of asset: JSON, _ demo: Demo) async throws -> [JSON] {
    let id = try #require(asset["id"].text)
    let token = try await signIn(demo)
    return try await HTTP.json(.GET, demo.desk + "/api/v1/assets/\(id)/events", token: token).body["items"].values
      .map { $0["event"] }.filter { $0["type"].text == "label" }
  }

  @Test func `an asset's label is recorded as its operator's, by any of its marks`() async throws {
    try await withDemo { folder, demo, assets in
      let tag = try #require(assets[0]["tag"].text)
      let by = ["--operator", "DEMO-KIM", "--pin-file", folder.path + "/pin"]
      let printed = try await print(folder, [Self.template, "--asset", tag] + by)
      #expect(printed.status == 0)
      #expect(printed.printed == "1 of 1 printed on demo-printer for Kim Novák\n")
      let event = try #require(try await labels(of: assets[0], demo).first)
      #expect(event["details"]["mark"]["value"].text == tag)
      #expect(event["details"]["outcome"].text == "printed")
      #expect(event["authStrength"].text == "badgePINOffline")
      let kim = try await HTTP.json(.GET, demo.desk + "/api/v1/me", token: try await signIn(demo)).body["id"].text
      #expect(event["operator"].text == kim && kim != nil)

      let again = try await print(folder, [Self.template, "--asset", tag] + by)
      #expect(again.status == 1)
      #expect(
        again.printed == """
          custody: \(tag) was given a label already.
          Choose reprint, and say why: lost, torn, unreadable, never came out.

          """)
      let serial = try #require(assets[0]["serial"].text)
      let reprinted = try await print(
        folder, [Self.template, "--asset", serial, "--reprint", "torn", "--json", "--scan-back"] + by)
      #expect(reprinted.status == 0)
      let answer = try JSONDecoder().decode(JSON.self, from: Data(reprinted.printed.utf8))
      #expect(answer["batch"]["printed"].number == 1 && answer["labels"][0]["purpose"].text == "reprint")
      #expect(answer["labels"][0]["desk"].text == "desk-1")
      #expect(try await labels(of: assets[0], demo).last?["details"]["reason"].text == "torn")
    }
  }

  @Test func `a CSV file prints all of its assets or none, and tells the line`() async throws {
    try await withDemo { folder, demo, assets in
      let tags = try assets[0..<3].map { try #require($0["tag"].text) }
      let (good, bad) = (folder.appending(path: "good.csv"), folder.appending(path: "bad.csv"))
      try Data("asset,model\n\(tags[0]),\n\(tags[1]),Spare\n".utf8).write(to: good)
      try Data("asset\n\(tags[2])\nAT-99999\n".utf8).write(to: bad)
      let by = ["--operator", "DEMO-KIM", "--pin-file", folder.path + "/pin"]
      let refused = try await print(folder, [Self.template, "--csv", bad.path] + by)
      #expect(refused.status == 1)
      #expect(refused.printed.hasPrefix("custody: \(bad.path):3: Label 2: No asset is known here by AT-99999.\n"))
      #expect(try await labels(of: assets[2], demo).isEmpty)
      let printed = try await print(folder, [Self.template, "--csv", good.path] + by)
      #expect(printed.status == 0 && printed.printed.hasPrefix("2 of 2 printed"))
      #expect(try await labels(of: assets[0], demo).count == 1)
      #expect(try await labels(of: assets[1], demo).count == 1)
    }
  }

  @Test func `nobody, a wrong PIN, a role that may not, a PIN that others can read: refused, and nothing is printed`()
    async throws
  {
    try await withDemo { folder, demo, assets in
      let order = [Self.template, "--asset", try #require(assets[0]["tag"].text)]
      let nobody = try await print(folder, order)
      #expect(nobody.status == 2 && nobody.printed.contains("Name them: --operator BADGE."))
      // No terminal: the tests' programs have none of their own.
      let silent = try await Program.finishing(
        "/usr/bin/env",
        ["setsid", "--wait", Program.products.path + "/custody", "label", "print"] + order + [
          "--operator", "DEMO-KIM",
        ],
        environment: ["CUSTODY_DATA": folder.path])
      #expect(silent.status == 2 && silent.printed.contains("There is no terminal"), "\(silent)")
      let files = ["wrong": ("000000", 0o600), "liam": ("161803", 0o600), "open": ("135790", 0o644)]
      for (name, (pin, mode)) in files { try secret(pin, in: folder.appending(path: name), mode: mode) }
      let cases = [
        (["--operator", "DEMO-KIM", "--pin-file", folder.path + "/wrong"], Int32(1), "Badge or PIN is not right."),
        (
          ["--operator", "DEMO-LIAM", "--pin-file", folder.path + "/liam"], 1, "Your roles at this site do not let you"
        ),
        (["--operator", "DEMO-KIM", "--pin-file", folder.path + "/open"], 1, "can be read by others"),
        (["--operator", "DEMO-KIM", "--pin-file", folder.path + "/none"], 3, "cannot be read"),
        (["--pin-file", folder.path + "/pin"], 2, "--operator"),
      ]
      for (by, status, words) in cases {
        let ended = try await print(folder, order + by)
        #expect(ended.status == status && ended.printed.contains(words), "\(by): \(ended)")
      }
      let stale = try await print(folder, order, environment: ["CUSTODY_SESSION": "of-yesterday"])
      #expect(stale.status == 1 && stale.printed.contains("The sign-in has ended"))
      #expect(try await labels(of: assets[0], demo).isEmpty)
      let token = try await signIn(demo)
      let signedIn = try await print(folder, order, environment: ["CUSTODY_SESSION": token])
      #expect(signedIn.status == 0)
      // A token that was given is not taken away.
      let me = try await HTTP.json(.GET, demo.desk + "/api/v1/me", token: token)
      #expect(me.status == 200)
      let nowhere = try await print(folder.appending(path: "empty"), order + ["--operator", "DEMO-KIM"])
      #expect(nowhere.status == 3)
    }
  }

  @Test func `the PIN is asked for on the terminal, which does not show it`() async throws {
    try await withDemo { folder, demo, assets in
      let tag = try #require(assets[0]["tag"].text)
      let (log, command) = (folder.path + "/log", "\(Program.products.path)/custody label print \(Self.template)")
      // `script` is the terminal; the PIN is typed once it is asked for.
      let typing = "until grep -q 'PIN of' \(log) 2> /dev/null; do sleep 0.1; done; printf '135790\\n'"
      let line = "(\(typing)) | script -qefc '\(command) --asset \(tag) --operator DEMO-KIM' \(log)"
      let ended = try await Program.finishing(
        "/bin/sh", ["-c", line], environment: ["CUSTODY_DATA": folder.path])
      #expect(ended.status == 0 && ended.printed.contains("1 of 1 printed"), "\(ended)")
      #expect(!ended.printed.contains("135790"))
      #expect(try await labels(of: assets[0], demo).count == 1)
    }
  }
}
