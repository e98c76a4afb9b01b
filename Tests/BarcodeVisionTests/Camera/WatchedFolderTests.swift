import Foundation
import Glibc
import Testing

@testable import BarcodeVision

@Suite("Watched folder", .timeLimit(.minutes(25))) struct WatchedFolderTests {
  private func run(_ folder: WatchedFolder, _ body: (inout AsyncStream<String>.AsyncIterator) async throws -> Void)
    async throws
  {
    let running = Task { await folder.run() }
    var names = folder.names.makeAsyncIterator()
    let result: Result<Void, any Error>
    do { result = .success(try await body(&names)) } catch { result = .failure(error) }
    running.cancel()
    await running.value
    try result.get()
  }

  @Test("a file that is being written is handed out once it is closed, also when it was begun before the start")
  func halfWritten() async throws {
    let scratch = try ScratchFolder()
    let folder = try WatchedFolder(scratch.url.path)
    let early = open(folder.path + "/early.png", O_WRONLY | O_CREAT, 0o644)
    try await run(folder) { names in
      let late = open(folder.path + "/late.png", O_WRONLY | O_CREAT, 0o644)
      _ = write(late, "half", 4)
      // Whole at once: heard of first, though it came last.
      _ = try scratch.write([1], to: "whole.png")
      #expect(await names.next() == "whole.png")
      close(late)
      #expect(await names.next() == "late.png")
      close(early)
      #expect(await names.next() == "early.png")
    }
  }

  @Test("what was there before comes oldest first; hidden and unfinished names, folders and pipes are left alone")
  func before() async throws {
    let scratch = try ScratchFolder()
    let folder = try WatchedFolder(scratch.url.path)
    for (name, age) in [("new.png", 10.0), ("old.png", 100), (".hidden.png", 50), ("x.png.part", 60)] {
      let path = try scratch.write([1], to: name)
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
    }
    mkfifo(folder.path + "/pipe.png", 0o644)
    symlink("/etc/hostname", folder.path + "/link.png")
    try await run(folder) { names in
      #expect(await names.next() == "old.png")
      #expect(await names.next() == "new.png")
      rename(folder.path + "/x.png.part", folder.path + "/x.png")
      #expect(await names.next() == "x.png")
    }
    #expect(FileManager.default.fileExists(atPath: folder.path + "/.hidden.png"))
  }

  @Test("a file is moved away with its record beside it, and nothing is ever overwritten")
  func filing() throws {
    let scratch = try ScratchFolder()
    let folder = try WatchedFolder(scratch.url.path + "/")
    func text(_ path: String) throws -> String { try String(contentsOfFile: folder.path + path, encoding: .utf8) }
    for number in 1...3 {
      _ = try scratch.write(Array("\(number)".utf8), to: "a.png")
      let name = try folder.file("a.png", to: .done, record: Array("{\(number)}".utf8))
      #expect(name == ["a.png", "a-2.png", "a-3.png"][number - 1])
      #expect(try text("/done/\(name)") == "\(number)" && text("/done/\(name).json") == "{\(number)}")
    }
    // Somebody else's record in the way is as good a reason for another number.
    _ = try scratch.write([1], to: "done/b.json")
    _ = try scratch.write([1], to: "b")
    #expect(try folder.file("b", to: .done, record: []) == "b-2")
    #expect(throws: PictureError.missing) { try folder.file("gone.png", to: .failed, record: []) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/failed").isEmpty)
  }

  @Test("a folder that vanishes is named, and is watched again when it is back, with what was put into it by then")
  func vanishes() async throws {
    let scratch = try ScratchFolder()
    let place = scratch.url.path + "/in"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    let folder = try WatchedFolder(place)
    let (changes, mailbox) = AsyncStream.makeStream(of: WatchedFolderError?.self)
    let running = Task { await folder.run { mailbox.yield($0) } }
    defer { running.cancel() }
    var names = folder.names.makeAsyncIterator()
    var heard = changes.makeAsyncIterator()
    #expect(await heard.next() == .some(nil))
    for away in [true, false] {
      // Deleted, and moved away as an unmounted share's mount point may be.
      if away {
        try FileManager.default.removeItem(atPath: place)
      } else {
        try FileManager.default.moveItem(atPath: place, toPath: place + "-old")
      }
      let fault = try #require(await heard.next() ?? nil)
      #expect(fault == WatchedFolderError(path: place, kind: .missing))
      #expect(fault.description.contains(place) && fault.remedy.contains("mkdir -p"))
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
      _ = try scratch.write([1], to: "in/back-\(away).png")
      // It may have been looked for in vain meanwhile.
      while let change = await heard.next(), change != nil {}
      #expect(await names.next() == "back-\(away).png")
      #expect(try folder.file("back-\(away).png", to: .done, record: []) == "back-\(away).png")
    }
    running.cancel()
    await running.value
  }

  @Test("a folder that is missing, is none or cannot be written is named")
  func unusable() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write([], to: "file")
    #expect(throws: WatchedFolderError(path: "/nonexistent", kind: .missing)) { try WatchedFolder("/nonexistent") }
    #expect(throws: WatchedFolderError(path: file, kind: .noFolder)) { try WatchedFolder(file) }
    // Where `done` cannot be made: root may write anywhere but here.
    #expect(throws: WatchedFolderError(path: "/proc", kind: .notWritable)) { try WatchedFolder("/proc") }
  }
}
