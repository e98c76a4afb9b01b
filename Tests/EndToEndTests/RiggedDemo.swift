import Foundation
import Testing

/// A real `custody demo` with the real libusb and emulated devices: see `Tests/Rig/README.md`.
struct RiggedDemo: Sendable {
  let demo: Demo
  /// The data folder.
  let data: String
  private let fifo: String

  /// A demo with the devices that a scenario plugs in.
  static func run(
    _ scenario: String = "device scanner keyboard 05e0:1200\nplug\n", with further: [String] = [],
    _ body: (RiggedDemo) async throws -> Void
  ) async throws {
    let rig = Program.root.appending(path: "Tests/Rig")
    let made = try await Program.running("/usr/bin/env", ["make", "--silent", "-C", rig.path]) { make in
      try await eventually("the rig is built", within: .seconds(180)) { make.status }
    }
    try #require(made == 0)
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "desk.rig")
      let (fifo, data) = (folder.appending(path: "control").path, folder.appending(path: "data").path)
      try await DemoCatalogueCopy.shared.put(at: URL(filePath: data))
      try Data("\(scenario)start\ncontrol $USB_RIG_CONTROL\n".utf8).write(to: file)
      try await Program.running(
        rig.appending(path: ".build/usb-rig").path,
        [
          file.path, "--", Program.products.appending(path: "custody").path, "demo", "--data", data, "--port", "0",
        ] + further,
        environment: ["USB_RIG_CONTROL": fifo]
      ) { program in
        try await body(RiggedDemo(demo: try await Demo.started(program), data: data, fifo: fifo))
      }
    }
  }

  /// Has the rig carry out a step.
  func control(_ line: String) async throws {
    _ = try await eventually("the rig takes a step") { () -> Bool? in
      let descriptor = open(fifo, O_WRONLY | O_NONBLOCK)
      guard descriptor >= 0 else { return nil }
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try handle.write(contentsOf: Data((line + "\n").utf8))
      return true
    }
  }
}
