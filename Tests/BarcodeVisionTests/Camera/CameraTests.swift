import Foundation
import Synchronization
import Testing

@testable import BarcodeVision

/// Cameras with the real ffmpeg. Waiting is for what happens, never for a time.
@Suite("Camera: with ffmpeg", .timeLimit(.minutes(25))) struct CameraTests {
  /// Long with a child, which a busy machine may start slowly; short between two of them.
  private let patience = Camera.Patience(
    firstFrame: .seconds(60), frame: .seconds(30),
    backoff: Backoff(first: .milliseconds(50), ceiling: .milliseconds(100)))

  private struct Failure: Error {}

  /// Runs a camera while `body` looks at it, and waits until it has stopped.
  private func run(
    _ camera: Camera, _ body: (_ changes: AsyncStream<CameraStatus>) async throws -> Void
  ) async throws {
    let (changes, mailbox) = AsyncStream.makeStream(of: CameraStatus.self)
    let running = Task { await camera.run { mailbox.yield($0) } }
    let result: Result<Void, any Error>
    do { result = .success(try await body(changes)) } catch { result = .failure(error) }
    running.cancel()
    await running.value
    #expect(Self.children(with: camera.source.description).isEmpty, "a child was left behind")
    try result.get()
  }

  /// Waits for a camera to come into a phase.
  @discardableResult
  private func wait(
    for phase: CameraStatus.Phase, in changes: AsyncStream<CameraStatus>
  ) async throws -> CameraStatus {
    for await change in changes where change.phase == phase { return change }
    throw Failure()
  }

  /// Waits until something has come true, leaving the processor to those who make it so.
  private func until(_ isTrue: () -> Bool) async throws {
    while !isTrue() { try await Task.sleep(for: .milliseconds(5)) }
  }

  /// Texts that the camera's frames show, until there are `count` frames that show any.
  private func texts(_ camera: Camera, frames count: Int = 1) async throws -> [String] {
    var texts: [String] = []
    var frames = 0
    for await frame in camera.frames {
      let symbols = try SymbolReader().read(frame.gray)
      texts += symbols.map(\.text)
      if !symbols.isEmpty { frames += 1 }
      if frames == count { return texts }
    }
    throw Failure()
  }

  /// Process ids of this process's children whose command line holds a text, zombies included.
  private static func children(with text: String) -> [pid_t] {
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return processes.compactMap { pid_t($0) }.filter { id in
      guard let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
        let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 2,
        pid_t(String(fields[1])) == getpid()
      else { return false }
      let command = (try? Data(contentsOf: URL(filePath: "/proc/\(id)/cmdline"))) ?? Data()
      return String(decoding: command, as: UTF8.self).contains(text)
    }
  }

  /// A camera that shows a picture of the vectors again and again, under a path of its own.
  private func looping(_ picture: String, in folder: ScratchFolder) throws -> Camera {
    let path = try folder.write(Vectors.bytes(picture), to: picture)
    return Camera(name: "looping", source: .file(path: path, loops: true), patience: patience)
  }

  @Test("a file is read frame by frame, and over at its end")
  func file() async throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Vectors.bytes("qr.png"), to: "one frame.png")
    let camera = Camera(name: "file", source: .file(path: path, loops: false), patience: patience)
    try await run(camera) { changes in
      #expect(try await texts(camera) == ["http://code.google.com/p/zxing/"])
      try await wait(for: .ended, in: changes)
    }
    let still = try GrayFrame(pictureAt: path)
    #expect(camera.status.frames == 1 && camera.status.restarts == 0)
    #expect(camera.newest?.gray.width == still.width && camera.newest?.gray.height == still.height)
  }

  @Test("a JPEG picture is shown for ever too, whatever its name")
  func jpegPicture() async throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Vectors.bytes("code128.jpg"), to: "100%d.jpg")
    let camera = Camera(name: "still", source: .file(path: path, loops: true), patience: patience)
    try await run(camera) { _ in
      let seen = try await texts(camera, frames: 3)
      #expect(seen == Array(repeating: "419055603900009001012999", count: 3))
    }
    #expect(camera.status.restarts == 0)
  }

  @Test("MJPEG over HTTP is read; when the line is cut it is taken up again")
  func http() async throws {
    let server = try MotionJPEGServer([try Vectors.bytes("code128.jpg")])
    defer { server.stop() }
    let camera = Camera(
      name: "net", source: try CameraSource("http://127.0.0.1:\(server.port)/video"), patience: patience)
    try await run(camera) { changes in
      #expect(try await texts(camera) == ["419055603900009001012999"])
      try await wait(for: .running, in: changes)
      server.cut()
      let fault = try await wait(for: .failed, in: changes)
      #expect(fault.reason?.hasPrefix("The stream ended") == true)
      try await wait(for: .running, in: changes)
      #expect(try await texts(camera) == ["419055603900009001012999"])
    }
    #expect(server.connections >= 2)
  }

  @Test("ffmpeg killed in mid-stream is started anew, and the camera reads again")
  func killed() async throws {
    let folder = try ScratchFolder()
    let camera = try looping("qr.png", in: folder)
    try await run(camera) { changes in
      _ = try await texts(camera)
      try await wait(for: .running, in: changes)
      let children = Self.children(with: folder.url.path)
      #expect(children.count == 1)
      for child in children { kill(child, SIGKILL) }
      try await wait(for: .failed, in: changes)
      #expect(try await wait(for: .running, in: changes).restarts >= 1)
      #expect(try await texts(camera) == ["http://code.google.com/p/zxing/"])
      #expect(Self.children(with: folder.url.path).allSatisfy { !children.contains($0) })
    }
  }

  @Test("a camera that never gives a frame is given up and tried again")
  func silent() async throws {
    let server = try MotionJPEGServer([])
    defer { server.stop() }
    let camera = Camera(
      name: "silent", source: try CameraSource("http://127.0.0.1:\(server.port)/video"),
      // A child on a busy machine may be given up before it has connected: how many there were tells nothing, what the
      // server heard does. So the wait between them stays short.
      patience: Camera.Patience(
        firstFrame: .milliseconds(600), frame: .seconds(5),
        backoff: Backoff(first: .milliseconds(20), ceiling: .milliseconds(20))))
    try await run(camera) { changes in
      let fault = try await wait(for: .failed, in: changes)
      #expect(fault.reason == "No picture came for 1 second." && fault.frames == 0)
      try await until { server.connections >= 2 }
    }
    #expect(camera.status.frames == 0 && camera.status.restarts >= 1)
  }

  @Test("what is no video is said to be none; so is what is not there")
  func garbage() async throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Array(repeating: 0x41, count: 100_000), to: "garbage.mp4")
    for (source, reason) in [
      (CameraSource.file(path: path, loops: false), "Invalid data found when processing input"),
      (.file(path: folder.url.path + "/none.mp4", loops: false), "There is no \(folder.url.path)/none.mp4."),
      (.device(path: folder.url.path + "/video9", .init()), "There is no \(folder.url.path)/video9."),
      (try CameraSource("http://user:s3cret@127.0.0.1:1/x"), "http://127.0.0.1:1/x: Connection refused"),
    ] {
      let camera = Camera(name: "bad", source: source, patience: patience)
      try await run(camera) { changes in
        let fault = try await wait(for: .failed, in: changes)
        #expect(fault.reason?.contains(reason) == true, "\(fault)")
        #expect(fault.reason?.contains("s3cret") == false)
        #expect(fault.remedy?.isEmpty == false)
      }
    }
  }

  @Test("of many frames that nobody takes the newest is kept, and the others are counted")
  func newestWins() async throws {
    let folder = try ScratchFolder()
    let camera = try looping("qr.png", in: folder)
    try await run(camera) { changes in
      try await wait(for: .running, in: changes)
      try await until { camera.status.frames >= 10 }
      var frames = camera.frames.makeAsyncIterator()
      let first = try #require(await frames.next())
      #expect(first.number >= 10)
      #expect(camera.status.dropped >= 9)
      let second = try #require(await frames.next())
      #expect(second.number > first.number)
    }
  }

  @Test("a camera that changes its resolution goes on, in one size")
  func resolution() async throws {
    let wide = try GrayFrame(width: 64, height: 48, bytes: .init(repeating: 90, count: 64 * 48)).map { try $0.jpeg() }
    let tall = try GrayFrame(width: 80, height: 120, bytes: .init(repeating: 90, count: 9600)).map { try $0.jpeg() }
    let server = try MotionJPEGServer([try #require(wide), try #require(tall)])
    defer { server.stop() }
    let camera = Camera(
      name: "changing", source: try CameraSource("http://127.0.0.1:\(server.port)/"), patience: patience)
    try await run(camera) { changes in
      var sizes: [String] = []
      for await frame in camera.frames {
        sizes.append("\(frame.gray.width)x\(frame.gray.height)")
        if sizes.count == 6 { break }
      }
      #expect(Set(sizes).count == 1, "\(sizes)")
      #expect(camera.status.restarts == 0)
    }
  }

  @Test("a dead camera does not hold back another")
  func twoCameras() async throws {
    let folder = try ScratchFolder()
    let server = try MotionJPEGServer([])
    defer { server.stop() }
    let dead = Camera(
      name: "dead", source: try CameraSource("http://127.0.0.1:\(server.port)/"), patience: patience)
    let alive = try looping("qr.png", in: folder)
    try await run(dead) { _ in
      try await run(alive) { _ in
        let texts = try await texts(alive, frames: 5)
        #expect(texts.count == 5)
      }
    }
    #expect(dead.status.frames == 0)
  }

  @Test("twenty cameras one after another leave no descriptor and no process behind")
  func leaks() async throws {
    func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    let folder = try ScratchFolder()
    func once() async throws {
      let camera = try looping("qr.png", in: folder)
      try await run(camera) { changes in try await wait(for: .running, in: changes) }
    }
    // Other tests run beside this one and have files open: a leak is more than they ever have.
    try await once()
    let before = try descriptors()
    for _ in 0..<20 { try await once() }
    let after = try descriptors()
    #expect(after < before + 20)
  }

  @Test("without ffmpeg on the path it is named, with what to do")
  func noFFmpeg() throws {
    let folder = try ScratchFolder()
    #expect(Executable.path(of: "ffmpeg", in: folder.url.path + ":/nowhere") == nil)
    let file = try folder.write([], to: "ffmpeg")
    #expect(Executable.path(of: "ffmpeg", in: folder.url.path) == nil, "it may not be run")
    chmod(file, 0o755)
    #expect(Executable.path(of: "ffmpeg", in: "/nowhere:" + folder.url.path) == file)
    #expect(CameraFault.ffmpegMissing.remedy.contains("apt-get install ffmpeg"))
  }

  @Test("a frame as a small JPEG shows what the frame shows")
  func jpeg() throws {
    let frame = try GrayFrame(pictureAt: Vectors.path("qr.png"))
    let again = try GrayFrame(picture: try frame.jpeg(quality: 80))
    #expect(try SymbolReader().read(again).map(\.text) == ["http://code.google.com/p/zxing/"])
    let shrunk = try #require(GrayFrame(width: 5, height: 3, bytes: [1, 3, 5, 7, 9, 5, 7, 9, 11, 9, 0, 0, 0, 0, 0]))
    #expect(shrunk.shrunk(toWidth: 3) == GrayFrame(width: 2, height: 1, bytes: [4, 8]))
    #expect(shrunk.shrunk(toWidth: 5) == shrunk)
  }
}
