import Foundation
import Testing

/// Numbers of asset tags, from the centre to the label.
@Suite(.timeLimit(.minutes(25))) struct TagNumbersTests {
  private static let assets =
    "serial,manufacturer,model,category,state,location\n"
    + (1...3).map { "SN-LBL-%-\($0),Dell,U2723QE,monitor,inStock,STORE\n" }.joined()

  /// Has every asset of a station labelled with a new number; gives back the numbers.
  private func label(_ station: SignedInStation) async throws -> [String] {
    let folder = station.station.folder.appending(path: "labels-out")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).count
    let printer = try await HTTP.json(
      .POST, station.base + "/api/v1/printers", token: station.token,
      [
        "name": "out", "address": .string("file://\(folder.path)"), "profile": "zpl-generic-203",
        "labels": ["50x25"],
      ])
    #expect(printer.status == 201, "\(printer)")
    let assets = try await HTTP.json(
      .GET, station.base + "/api/v1/assets?limit=100", token: station.token
    ).body["items"].values.filter {
      $0["tag"].text == nil && $0["serial"].text?.hasPrefix("SN-LBL-\(station.station.code)") == true
    }
    let ids = assets.map { $0["id"] }
    // The centre gives numbers as soon as it was reached.
    let ordered = try await eventually("there are numbers") { () -> JSON? in
      let answer = try await HTTP.json(
        .POST, station.base + "/api/v1/labels", token: station.token,
        ["template": "asset-tag-50x25-code128", "assets": .array(ids), "newTag": .bool(true)])
      if answer.body["code"].text == "label.number.none" { return nil }
      return answer.body
    }
    #expect(ordered["jobs"].values.count == ids.count, "\(ordered)")
    var tags: [String] = []
    for id in ids {
      let tag = try await HTTP.json(
        .GET, station.base + "/api/v1/assets/\(id.text ?? "")", token: station.token
      ).body["tag"].text
      tags.append(try #require(tag))
    }
    _ = try await eventually("the labels are printed") {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).count == before + ids.count ? true : nil
    }
    return tags
  }

  @Test func `two stations of one centre never give the same number, also while it is down`() async throws {
    try await withTemporaryFolder { place in
      let folder = place.appending(path: "centre")
      func station(_ code: String) async throws -> StationUnderTest {
        try await StationUnderTest.enrolled(
          code, in: place, centre: folder, assets: Self.assets.replacing("%", with: code))
      }
      let (one, two) = (try await station("DESK-1"), try await station("DESK-2"))
      var port = "0"
      func withCentre<Answer>(_ body: (String) async throws -> Answer) async throws -> Answer {
        try await Program.custody(["central", "--data", folder.path, "--port", port]) { program in
          let base = try await program.prints(/listens on (http:\S+)\//)
          port = try #require(base.split(separator: ":").last.map(String.init))
          return try await body(base)
        }
      }
      let (first, base) = try await withCentre { base in
        (try await one.run(centre: base) { try await label($0) }, base)
      }
      let second = try await withCentre { base in
        try await two.run(centre: base) { try await label($0) }
      }
      #expect(first.count == 3)
      #expect(second.count == 3)
      #expect(Set(first + second).count == 6, "\(first) \(second)")
      // The centre is down: the numbers that were given before are used.
      let third = try await one.run(centre: base) { station in
        try await station.importAssets(
          "serial,manufacturer,model,category,state,location\nSN-LBL-DESK-1-OFF,Dell,U2723QE,monitor,inStock,STORE\n")
        return try await label(station)
      }
      #expect(third.count == 1)
      #expect(Set(first + second + third).count == 7, "\(first) \(second) \(third)")
    }
  }
}
