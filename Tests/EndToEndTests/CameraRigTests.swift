import Foundation
import Testing

/// Cameras of this machine and of the network, emulated: see `Tests/Rig/README.md`. The frames go through the real ffmpeg.
@Suite(.serialized, .timeLimit(.minutes(25))) struct CameraRigTests {
  private static let label = Program.root.appending(path: "demo/label-AT-00042.png").path
  private static let rig = Program.root.appending(path: "Tests/Rig")

  /// A rig, built.
  private func rig(_ name: String) async throws -> String {
    let status = try await Program.running("/usr/bin/env", ["make", "--silent", "-C", Self.rig.path]) { make in
      try await eventually("the rigs are built", within: .seconds(120)) { make.status }
    }
    try #require(status == 0)
    return Self.rig.appending(path: ".build/\(name)").path
  }

  private func ffmpeg(_ arguments: [String]) async throws {
    let status = try await Program.running("/usr/bin/ffmpeg", ["-nostdin", "-loglevel", "error", "-y"] + arguments) {
      ffmpeg in try await eventually("ffmpeg has made it", within: .seconds(120)) { ffmpeg.status }
    }
    try #require(status == 0)
  }

  private func signIn(_ demo: Demo) async throws -> String {
    // As the desk's page does: what a camera sees is scanned for who is signed in there.
    _ = try await HTTP.request(
      .POST, demo.desk + "/sign-in", body: Data("badge=DEMO-KIM&pin=135790".utf8),
      headers: [("Content-Type", "application/x-www-form-urlencoded")])
    let answer = try await HTTP.json(.POST, demo.desk + "/api/v1/sign-in", ["badge": "DEMO-KIM", "pin": "135790"])
    return try #require(answer.body["token"].text, "\(answer)")
  }

  /// Waits until the demo's label was read through a camera. On a busy machine the camera may see it before the sign-in is
  /// done, and a label that stays in view counts once: then the reading is nobody's.
  private func reads(_ device: String, _ demo: Demo, _ token: String) async throws {
    _ = try await eventually("\(device) reads the label", within: .seconds(60)) {
      let kept = try await HTTP.json(.GET, demo.desk + "/api/v1/readings", token: token).body["items"].values
      return kept.contains { $0["device"].text == device && ["lookup", "unassigned"].contains($0["outcome"].text) }
        ? true : nil
    }
  }

  /// Waits until a camera is at something; gives back all that is told of it.
  private func camera(_ name: String, is state: String, _ demo: Demo, _ token: String) async throws -> JSON {
    try await eventually("\(name) is \(state)", within: .seconds(60)) {
      let camera = try await HTTP.json(.GET, demo.desk + "/api/v1/cameras/\(name)", token: token).body
      return camera["state"].text == state ? camera : nil
    }
  }

  @Test func `a camera of this machine is listed and read; unplugged it is told, and plugged in it is read again`()
    async throws
  {
    let rig = try await rig("camera-rig")
    try await withTemporaryFolder { folder in
      let frame = folder.appending(path: "label.gray").path
      let gone = folder.appending(path: "gone")
      try await ffmpeg(["-i", Self.label, "-vf", "scale=640:480", "-pix_fmt", "gray", "-f", "rawvideo", frame])
      let custody = Program.products.appending(path: "custody").path
      let plugged = [frame, "640", "480", "--", custody]
      let listed = try await Program.running(rig, plugged + ["devices"]) { program in
        let status = try await eventually("devices are listed") { program.statusOnceRead }
        return (status, program.printed)
      }
      #expect(listed.0 == 0 && listed.1.contains("/dev/video0  camera  Rig camera"), "\(listed)")

      let arguments = ["demo", "--data", folder.appending(path: "data").path, "--port", "0", "--usb", "false"]
      try await Program.running(
        rig, plugged + arguments + ["--camera", "bench=/dev/video0?size=640x480"],
        environment: ["CAMERA_RIG_UNPLUGGED": gone.path]
      ) { program in
        let demo = try await Demo.started(program)
        let token = try await signIn(demo)
        try await reads("camera:bench", demo, token)
        let running = try await camera("bench", is: "running", demo, token)
        #expect(running["width"].number == 640 && running["height"].number == 480, "\(running)")

        try Data().write(to: gone)
        let failed = try await camera("bench", is: "failed", demo, token)
        #expect(failed["reason"].text?.contains("No such device") == true, "\(failed)")
        #expect(failed["remedy"].text?.isEmpty == false)
        try FileManager.default.removeItem(at: gone)
        let again = try await camera("bench", is: "running", demo, token)
        #expect((again["restarts"].number ?? 0) >= 1 && (again["frames"].number ?? 0) > 0)
      }
    }
  }

  @Test
  func `a network camera is read with its password, which stands nowhere; a wrong one is told, and stands nowhere`()
    async throws
  {
    let rig = try await rig("rtsp-rig")
    try await withTemporaryFolder { folder in
      let film = folder.appending(path: "label.h264").path
      try await ffmpeg([
        "-loop", "1", "-i", Self.label, "-t", "1", "-r", "10", "-vf",
        "scale=trunc(iw/2)*2:trunc(ih/2)*2,format=yuv420p", "-c:v", "libx264", "-threads", "1", "-g", "1",
        "-x264-params", "slices=1", "-f", "h264", film,
      ])
      // A quote in it is the worst that a quoted address can meet. The rig's own argument is not the station's.
      let (right, wrong) = ("s3cr'et", "wr0ng")
      try await Program.running(rig, [film, "kim:\(right)"]) { network in
        let port = try await network.prints(/port (\d+)/)
        func source(_ password: String) -> String { "rtsp://kim:\(password)@127.0.0.1:\(port)/live" }
        // In the environment, which is its owner's alone to read; what is written on the command line is everybody's.
        try await Demo.run(
          environment: ["CUSTODY_CAMERA": "dock=\(source(right)),gate=\(source(wrong))"]
        ) { demo in
          let token = try await signIn(demo)
          try await reads("camera:dock", demo, token)
          let refused = try await camera("gate", is: "failed", demo, token)
          #expect(refused["reason"].text?.contains("401 Unauthorized") == true, "\(refused)")
          #expect(refused["reason"].text?.contains("rtsp://127.0.0.1:\(port)/live") == true, "\(refused)")
          #expect(refused["remedy"].text == "Check the user name and password in the camera's address.")

          let commands = try ffmpegCommands()
          #expect(commands.contains { $0.contains("concat") }, "\(commands)")
          var told = commands
          for path in [
            "/health", "/api/v1/health", "/api/v1/cameras", "/api/v1/cameras/dock", "/api/v1/cameras/gate",
            "/api/v1/readings", "/devices", "/cameras/dock", "/cameras/gate", "/desk",
          ] {
            let answer = try await HTTP.request(.GET, demo.desk + path, token: token)
            told.append(answer.text)
          }
          told.append(demo.program.printed)
          #expect(told.contains { $0.contains("gate") } && told.contains { $0.contains("camera fault") })
          for text in told {
            for secret in [right, "s3cr", wrong, "kim:"] { #expect(!text.contains(secret), "\(secret) in \(text)") }
          }
        }
      }
    }
  }

  /// The command lines of all ffmpeg processes, as any user of the machine reads them.
  private func ffmpegCommands() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.compactMap { id in
      // A process may be gone by now.
      guard let bytes = FileManager.default.contents(atPath: "/proc/\(id)/cmdline") else { return nil }
      let command = String(decoding: bytes, as: UTF8.self).replacing("\0", with: " ")
      return command.contains("image2pipe") ? command : nil
    }
  }
}
