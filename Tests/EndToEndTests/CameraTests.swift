import Foundation
import Testing

/// Live cameras, a phone and a watched folder, with the real ffmpeg and a real browser.
@Suite(.serialized, .timeLimit(.minutes(25))) struct CameraTests {
  private static let label = Program.root.appending(path: "demo/label-AT-00042.png").path

  /// A film of the demo's label, 1280 × 720, a second of nothing before it; made by ffmpeg.
  private func film(_ path: String, seconds: Int = 6, _ options: [String]) async throws {
    let status = try await Program.running(
      "/usr/bin/ffmpeg",
      [
        "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "color=c=0x707070:s=1280x720:r=10", "-loop", "1",
        "-i", Self.label, "-filter_complex",
        "[1]scale=700:-2[l];[0][l]overlay=x='if(lt(t,1),-900,200+20*sin(t))':y=200:shortest=1", "-t", "\(seconds)",
      ] + options + [path]
    ) { ffmpeg in
      try await eventually("ffmpeg has made the film", within: .seconds(120)) { ffmpeg.status }
    }
    try #require(status == 0)
  }

  private func signIn(_ demo: Demo, _ badge: String, _ pin: String) async throws -> String {
    let answer = try await HTTP.json(
      .POST, demo.desk + "/api/v1/sign-in", ["badge": .string(badge), "pin": .string(pin)])
    return try #require(answer.body["token"].text, "\(answer)")
  }

  @Test func `what a camera sees runs the desk's session, and its page shows it; a dead one is told`() async throws {
    try await withTemporaryFolder { folder in
      let film = folder.appending(path: "label.mkv").path
      try await self.film(film, ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"])
      try await Demo.run(
        with: ["--camera", "door=file:\(film)?loop", "--camera", "dock=rtsp://kim:s3cret@127.0.0.1:1/x"]
      ) { demo in
        try await Browser.run { browser in
          let desk = DeskInBrowser(browser: browser, base: demo.desk)
          // The camera has seen the label before anybody was signed in; it is not taken away and shown again.
          let refused = try await eventually("the label is refused: nobody is signed in") {
            let token = try await signIn(demo, "DEMO-KIM", "135790")
            let kept = try await HTTP.json(.GET, demo.desk + "/api/v1/readings", token: token).body["items"].values
            return kept.isEmpty ? nil : kept
          }
          #expect(refused.first?["words"].text == "Sign in first", "\(refused)")
          try await desk.signIn("DEMO-KIM", "135790")
          _ = try await eventually("the label counts once somebody is") {
            let token = try await signIn(demo, "DEMO-KIM", "135790")
            let kept = try await HTTP.json(.GET, demo.desk + "/api/v1/readings", token: token).body["items"].values
            return kept.contains { $0["outcome"].text == "lookup" } ? true : nil
          }
          _ = try await desk.act { try await browser.type("CUSTODY:LOC:STORE-A1" + Browser.Key.enter) }
          let shown = try await desk.scan("CUSTODY:CMD:RECEIVE")
          #expect(shown.kind == "accepted", "\(shown)")
          // The label comes and goes: while it is away for a second only, it does not count again.
          let token = try await signIn(demo, "DEMO-KIM", "135790")
          try await browser.open(demo.desk + "/cameras/door")
          try await browser.waits(for: "#lens-marks .mark")
          _ = try await eventually("the picture is shown") {
            try await browser.script(
              "const p = document.querySelector('#lens-picture'); return p.naturalWidth > 0 && p.src.startsWith('blob:')"
            ).isTrue ? true : nil
          }
          // The list is drawn anew with every change: between two pictures it may be another, or none.
          _ = try await eventually("the label stands in the list") {
            try await browser.text("#lens-list")?.contains("AT-00042") == true ? true : nil
          }
          try await browser.picture("90-camera")
          for (dark, name) in [(false, "91-camera-phone"), (true, "92-camera-phone-dark")] {
            try await browser.resize(390, 844, mobile: true)
            try await browser.prefer(dark: dark)
            try await browser.waits(for: "#lens-marks .mark")
            let overhang = try await browser.script(
              "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            #expect(overhang == 0)
            try await browser.picture(name)
          }
          try await browser.resize(1280, 800)
          try await browser.picture("92-camera-dark")
          try await browser.prefer(dark: false)
          try await browser.open(demo.desk + "/cameras/dock")
          try await browser.waits(for: ".problem")
          try await browser.picture("92-camera-without-picture")
          try await browser.open(demo.desk + "/devices")
          try await browser.waits(for: ".device")
          let devices = try await browser.text("#devices") ?? ""
          #expect(
            devices.contains("Running") && devices.contains("No picture") && devices.contains("refused"), "\(devices)")
          #expect(!devices.contains("s3cret"))
          let overhang = try await browser.script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
          #expect(overhang == 0)
          try await browser.picture("93-devices-cameras")
          let cameras = try await HTTP.json(.GET, demo.desk + "/api/v1/cameras", token: token).body["items"].values
          #expect(cameras.first?["state"].text == "running" && cameras.last?["state"].text == "failed", "\(cameras)")
          let readings = try await HTTP.json(.GET, demo.desk + "/api/v1/readings", token: token).body["items"].values
          #expect(readings.contains { $0["device"].text == "camera:door" }, "\(readings)")
        }
        #expect(!demo.program.printed.contains("s3cret"))
      }
    }
  }

  @Test func `a phone's camera scans; held before it a code is one scan`() async throws {
    try await withTemporaryFolder { folder in
      let film = folder.appending(path: "label.mjpeg").path
      try await self.film(film, ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"])
      try await Demo.run { demo in
        try await Browser.run(with: [
          "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
          "--use-file-for-fake-video-capture=\(film)",
        ]) { browser in
          try await browser.resize(390, 844, mobile: true)
          try await browser.open(demo.desk + "/phone")
          try await browser.waits(for: "#sign-in")
          try await browser.type("DEMO-KIM", into: "#badge")
          try await browser.type("135790" + Browser.Key.enter, into: "#pin")
          try await browser.waits(for: "main.phone")
          try await browser.waits(for: "#phone-results .phone-result")
          #expect(try await browser.text("#phone-results .phone-result code") == "AT-00042")
          try await browser.waits(for: "#phone-marks .mark")
          let overhang = try await browser.script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
          #expect(overhang == 0)
          try await browser.picture("94-phone-scan")
          try await browser.prefer(dark: true)
          try await browser.picture("94-phone-scan-dark")
          #expect(try await browser.script("return document.querySelectorAll('.phone-result').length") == 1)
        }
      }
    }
  }

  @Test func `where a page may not use the camera a photo is taken`() async throws {
    try await Demo.run { demo in
      // Another name than localhost, and no encryption: the browser gives no camera.
      let port = try #require(URL(string: demo.desk)?.port)
      try await Browser.run(with: ["--host-resolver-rules=MAP station.test 127.0.0.1"]) { browser in
        try await browser.resize(390, 844, mobile: true)
        try await browser.open("http://station.test:\(port)/phone")
        try await browser.waits(for: "#sign-in")
        try await browser.type("DEMO-KIM", into: "#badge")
        try await browser.type("135790" + Browser.Key.enter, into: "#pin")
        try await browser.waits(for: "main.phone")
        #expect(try await browser.text("#phone-why")?.contains("not encrypted") == true)
        try await browser.picture("95-phone-photo")
        try await browser.type(Self.label, into: "#photo")
        try await browser.waits(for: "#phone-results .phone-result")
        #expect(try await browser.text("#phone-results .phone-result code") == "AT-00042")
        try await browser.picture("96-phone-photo-read")
      }
    }
  }

  @Test func `pictures in a watched folder are scanned at the desk, and filed away with what came of them`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let watched = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: watched, withIntermediateDirectories: true)
      // One that was there before the start.
      try Data("junk".utf8).write(to: watched.appending(path: "junk.jpg"))
      try await Demo.run(with: ["--watch-folder", watched.path]) { demo in
        // It waits for somebody who answers for it. Signed in at the desk, as its page does.
        _ = try await HTTP.request(
          .POST, demo.desk + "/sign-in", body: Data("badge=DEMO-KIM&pin=135790".utf8),
          headers: [("Content-Type", "application/x-www-form-urlencoded")])
        try await waits(for: "failed/junk.jpg.json", in: watched)
        for (name, place) in [("label.png", "done/label.png"), ("label.png", "done/label-2.png")] {
          try FileManager.default.copyItem(atPath: Self.label, toPath: watched.appending(path: name).path)
          let record = try await waits(for: place + ".json", in: watched)
          #expect(record["symbols"][0]["text"].text == "AT-00042" && record["error"] == .null, "\(record)")
          #expect(FileManager.default.fileExists(atPath: watched.appending(path: place).path))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: watched.path).sorted() == ["done", "failed"])

        // A folder that vanishes is told on every page, and comes back by itself.
        let token = try await signIn(demo, "DEMO-KIM", "135790")
        func notices() async throws -> String {
          try await HTTP.request(.GET, demo.desk + "/devices", token: token).text
        }
        try FileManager.default.moveItem(at: watched, to: folder.appending(path: "away"))
        _ = try await eventually("it is told that the folder is gone") {
          try await notices().contains("The watched folder is gone: There is no folder") ? true : nil
        }
        #expect(try await notices().contains("mkdir -p"))
        try FileManager.default.moveItem(at: folder.appending(path: "away"), to: watched)
        _ = try await eventually("it is told no longer") {
          try await notices().contains("The watched folder is gone") ? nil : true
        }
        #expect(demo.program.printed.contains("watched folder is back"))
        try FileManager.default.copyItem(atPath: Self.label, toPath: watched.appending(path: "label.png").path)
        try await waits(for: "done/label-3.png.json", in: watched)
      }
    }
  }

  @discardableResult
  private func waits(for path: String, in folder: URL) async throws -> JSON {
    try await eventually("\(path) is written") {
      let record = folder.appending(path: path)
      // The record comes first, the picture after it.
      guard FileManager.default.fileExists(atPath: record.deletingPathExtension().path) else { return nil }
      return try JSONDecoder().decode(JSON.self, from: Data(contentsOf: record))
    }
  }

  @Test func `a folder that is not there, a camera that is none, and no ffmpeg are named, with what to do`()
    async throws
  {
    let folder = ["--data", "/nonexistent/data"]
    let bad = try await Program.finished("custody", ["demo", "--camera", "door=webcam"] + folder)
    #expect(bad.status == 2 && bad.printed.contains("names no camera") && bad.printed.contains("--camera"), "\(bad)")
    try await withTemporaryFolder { place in
      let missing = try await Program.finished(
        "custody",
        [
          "demo", "--port", "0", "--usb", "false", "--data", place.path, "--watch-folder", place.path + "/none",
        ])
      #expect(
        missing.status == 3 && missing.printed.contains("There is no folder") && missing.printed.contains("mkdir"))
    }
    try await Demo.run(with: ["--camera", "door=/dev/null"], environment: ["PATH": "/nonexistent"]) { demo in
      let said = try await demo.program.prints(/(The program ffmpeg[^\n]*apt-get install ffmpeg)/)
      #expect(said.contains("not installed"))
    }
  }
}
