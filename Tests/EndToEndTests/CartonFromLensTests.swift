import Foundation
import Testing

/// Cartons that a phone, a camera or a folder shows to a desk that receives: they fill the desk's form by themselves.
@Suite(.serialized, .timeLimit(.minutes(25))) struct CartonFromLensTests {
  private static func vector(_ name: String) -> String {
    Program.root.appending(path: "Tests/Vectors/CartonReading/\(name)").path
  }

  private func receiving(_ demo: Demo, _ browser: Browser) async throws -> DeskInBrowser {
    let desk = DeskInBrowser(browser: browser, base: demo.desk)
    try await desk.signIn("DEMO-KIM", "135790")
    _ = try await desk.scan("CUSTODY:CMD:RECEIVE")
    _ = try await desk.scan("CUSTODY:LOC:STORE-A1")
    return desk
  }

  private func field(_ name: String, _ browser: Browser) async throws -> String? {
    try await browser.script(
      "return document.querySelector('#carton-form')?.elements.namedItem(arguments[0])?.value ?? null", .string(name)
    ).text
  }

  private func waits(for value: String, in name: String, _ browser: Browser) async throws {
    _ = try await eventually("the form has \(name) \(value)") {
      try await field(name, browser) == value ? true : nil
    }
  }

  /// Signs a phone in and waits for its screen.
  private func phone(_ base: String, _ browser: Browser) async throws {
    try await browser.resize(390, 844, mobile: true)
    try await browser.open(base + "/phone")
    try await browser.waits(for: "#sign-in")
    try await browser.type("DEMO-KIM", into: "#badge")
    try await browser.type("135790" + Browser.Key.enter, into: "#pin")
    try await browser.waits(for: "main.phone")
  }

  private func unknowns(_ browser: Browser) async throws -> Int {
    let answer = try await browser.script(
      "return fetch('/api/v1/readings?outcome=unknown').then((it) => it.json()).then((it) => it.items.length)")
    return Int(answer.number ?? -1)
  }

  @Test func `a photo of a phone fills the form of its person's desk, which the desk shows by itself`() async throws {
    try await Demo.run { demo in
      try await Browser.run { browser in
        let desk = try await receiving(demo, browser)
        let before = try await unknowns(browser)
        // A phone is reached by another name than localhost, where the browser gives no camera.
        let port = try #require(URL(string: demo.desk)?.port)
        try await Browser.run(with: ["--host-resolver-rules=MAP station.test 127.0.0.1"]) { hand in
          try await phone("http://station.test:\(port)", hand)
          #expect(try await hand.text("#workflow option:checked") == "Receive at desk")
          try await hand.picture("97-phone-with-desk")
          let shown = try await desk.act {
            try await hand.type(Self.vector("carton-switch.jpg"), into: "#photo")
          }
          #expect(shown.kind == "unknown" && shown.words == "Check, then confirm")
          try await waits(for: "FOC2614X0AB", in: "carton.serial", browser)
          #expect(try await field("facts.model", browser) == "Catalyst 9200L-24T")
          #expect(try await browser.text(".carton-picture figcaption") == "From a phone")
          // They are drawn once the picture has been loaded.
          _ = try await eventually("six outlines stand on the picture") {
            let outlines = try await browser.script("return document.querySelectorAll('.carton-frame .outline').length")
            return outlines == 6 ? true : nil
          }
          try await browser.picture("97-desk-from-phone")
          try await hand.waits(for: ".phone-carton")
          #expect(try await hand.text(".phone-carton")?.contains("FOC2614X0AB") == true)
          #expect(try await hand.script("return document.querySelectorAll('.phone-result').length") != 5)
          try await hand.picture("98-phone-carton-on-desk")
          let received = try await desk.act { try await browser.click(".button-receive") }
          #expect(received.words == "Received")
          try await hand.open("http://station.test:\(port)/phone")
          try await hand.waits(for: ".phone-accepted")
          #expect(try await hand.text(".phone-carton") == nil)
          try await hand.picture("98-phone-carton-received")
        }
        #expect(try await unknowns(browser) == before)
      }
    }
  }

  @Test func `a phone's camera lays the carton it is held at, once`() async throws {
    try await withTemporaryFolder { folder in
      let film = folder.appending(path: "carton.mjpeg").path
      let status = try await Program.running(
        "/usr/bin/ffmpeg",
        [
          "-nostdin", "-loglevel", "error", "-y", "-loop", "1", "-i", Self.vector("carton-switch.jpg"), "-vf",
          "scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:(ow-iw)/2:(oh-ih)/2:gray", "-r", "10", "-t",
          "4", "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", film,
        ]
      ) { ffmpeg in
        try await eventually("ffmpeg has made the film", within: .seconds(120)) { ffmpeg.status }
      }
      try #require(status == 0)
      try await Demo.run { demo in
        try await Browser.run { browser in
          _ = try await receiving(demo, browser)
          let before = try await unknowns(browser)
          try await Browser.run(with: [
            "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            "--use-file-for-fake-video-capture=\(film)",
          ]) { hand in
            try await phone(demo.desk, hand)
            try await waits(for: "FOC2614X0AB", in: "carton.serial", browser)
            try await hand.waits(for: ".phone-carton")
            try await hand.picture("99-phone-camera-carton")
            try await browser.picture("99-desk-from-phone-camera")
            // Set aside, it is not laid again while it is held before the phone.
            try await browser.click("form[action='/desk/carton'] [formaction]")
            let frames = try await hand.script("return performance.getEntriesByType('resource').length")
            _ = try await eventually("ten more frames were sent") {
              let now = try await hand.script("return performance.getEntriesByType('resource').length")
              return (now.number ?? 0) >= (frames.number ?? 0) + 10 ? true : nil
            }
            #expect(try await browser.text("#carton-form") == nil)
          }
          let aside = try await unknowns(browser) - before
          #expect((5...6).contains(aside), "the Data Matrix is small in the film")
        }
      }
    }
  }

  @Test func `pictures in the watched folder come to the desk one after the other, each when the one before is done`()
    async throws
  {
    try await withTemporaryFolder { folder in
      let watched = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: watched, withIntermediateDirectories: true)
      try await Demo.run(with: ["--watch-folder", watched.path]) { demo in
        try await Browser.run { browser in
          let desk = try await receiving(demo, browser)
          for name in ["carton-165627.png", "carton-165340.png"] {
            try FileManager.default.copyItem(atPath: Self.vector(name), toPath: watched.appending(path: name).path)
            try await browser.waits(for: "#carton-form")
          }
          #expect(try await field("carton.serial", browser) == "165627")
          #expect(try await browser.text(".carton-picture figcaption") == "From the watched folder")
          _ = try await eventually("the second is told of") {
            try await browser.text(".notice")?.contains("1 picture is in the watched folder") == true ? true : nil
          }
          try await browser.picture("97-desk-folder-waits")
          let record = try await eventually("the first is filed away") {
            let file = watched.appending(path: "done/carton-165627.png.json")
            guard FileManager.default.fileExists(atPath: file.deletingPathExtension().path) else { return JSON?.none }
            return try JSONDecoder().decode(JSON.self, from: Data(contentsOf: file))
          }
          #expect(record["carton"]["findings"].values.contains { $0["value"].text == "165627" }, "\(record)")
          #expect(record["scans"].values.isEmpty && record["error"] == .null)
          #expect(FileManager.default.fileExists(atPath: watched.appending(path: "carton-165340.png").path))
          try await browser.click("#carton-form [name='facts.orderLine'] option[value='PO-2031/6']")
          let received = try await desk.act { try await browser.click(".button-receive") }
          #expect(received.words == "Received")
          try await waits(for: "165340", in: "carton.serial", browser)
          _ = try await eventually("nothing is told to wait") {
            try await browser.text(".notice")?.contains("watched folder") == true ? nil : true
          }
        }
      }
    }
  }

  @Test func `a box before the desk's camera fills the form once, and is not laid again while it stands there`()
    async throws
  {
    try await Demo.run(with: ["--camera", "bench=file:\(Self.vector("carton-switch.jpg"))?loop"]) { demo in
      try await Browser.run { browser in
        let desk = DeskInBrowser(browser: browser, base: demo.desk)
        try await desk.signIn("DEMO-KIM", "135790")
        _ = try await desk.act { try await browser.type("CUSTODY:LOC:STORE-A1" + Browser.Key.enter) }
        try await browser.type("CUSTODY:CMD:RECEIVE" + Browser.Key.enter)
        try await waits(for: "FOC2614X0AB", in: "carton.serial", browser)
        #expect(try await browser.text(".carton-picture figcaption") == "From the camera bench")
        #expect(try await browser.script("return document.querySelectorAll('.carton-frame .outline').length") == 6)
        try await browser.picture("97-desk-from-camera")
        let received = try await desk.act { try await browser.click(".button-receive") }
        #expect(received.words == "Received")
        func frames() async throws -> Double {
          try await browser.script(
            "return fetch('/api/v1/cameras/bench').then((it) => it.json()).then((it) => it.sight?.frame ?? 0)"
          ).number ?? 0
        }
        let before = try await frames()
        _ = try await eventually("a hundred more frames came") { try await frames() > before + 100 ? true : nil }
        #expect(try await browser.text("#carton-form") == nil)
        #expect(try await browser.text(".result-headline") == "Received")
        try await browser.open(demo.desk + "/cameras/bench")
        try await browser.waits(for: "#lens-list .seen-line")
        try await browser.picture("97-camera-carton")
      }
    }
  }
}
