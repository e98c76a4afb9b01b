import DeviceProfiles
import Foundation
import Testing

/// Device folders of one's own, beside those that come with the program.
struct DeviceFoldersTests {
  private func own(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let place = FileManager.default.temporaryDirectory.appending(path: "device-folders-\(UUID().uuidString)")
    defer {
      do { try FileManager.default.removeItem(at: place) } catch { Issue.record(error) }
    }
    for (name, text) in files {
      let file = place.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    try body(place.path)
  }

  private static let acme = "name: Acme\nusb: [05e0:1200]\nprotocol: keyboard\nsources: [ours]\n"

  @Test func `one's own come first, and take the place of a shipped one of the same name`() throws {
    let shipped = try DeviceFolder.shipped()
    try own(["acme/profile.yaml": Self.acme, "zebra-keyboard/profile.yaml": Self.acme, "README.md": "ours"]) { path in
      let folders = try DeviceFolders(own: path)
      #expect(folders.faults.isEmpty)
      #expect(folders.all.prefix(2).map(\.path) == [path + "/acme", path + "/zebra-keyboard"])
      #expect(folders.all.count == shipped.count + 1)
      #expect(folders.all.filter { $0.profile.id == "zebra-keyboard" }.map(\.profile.name) == ["Acme"])
      #expect(folders.folder("acme")?.profile.name == "Acme" && folders.folder("none") == nil)
    }
  }

  @Test func `a fault is named with file and line, and the others count`() throws {
    try own(["acme/profile.yaml": Self.acme, "bad/profile.yaml": "name: A\nprotocol: keybord\n", "empty/x": ""]) {
      path in
      let folders = try DeviceFolders(own: path)
      #expect(folders.all.first?.profile.id == "acme")
      #expect(
        folders.faults.map(\.description).map { String($0.dropFirst(path.count)).prefix(38) } == [
          "/bad/profile.yaml:2: `protocol` must b", "/empty/profile.yaml: is missing",
        ])
    }
  }

  @Test func `one device folder alone, none, and one that is not there`() throws {
    try own(["profile.yaml": Self.acme]) { path in
      let alone = try DeviceFolders(own: path)
      #expect(alone.all.first?.profile.name == "Acme")
    }
    let shipped = try DeviceFolder.shipped()
    #expect(try DeviceFolders().all == shipped)
    let missing = try DeviceFolders(own: "/nowhere/devices")
    #expect(missing.all == shipped)
    #expect(missing.faults.map(\.description).first?.hasPrefix("/nowhere/devices: cannot be listed") == true)
  }
}
