import Foundation
import Glibc
import Synchronization
import Testing

@testable import BarcodeVision

@Suite("zxing-cpp in its child process")
struct ZXingPoolTests {
  private let limit = Duration.seconds(60)

  /// A pool of this test's own, with the program that is built beside the tests.
  private func pool() throws -> ZXingPool {
    let path = try #require(ZXingPool.shared.path)
    #expect(access(path, X_OK) == 0, "custody-zxing is missing beside the tests: \(path)")
    return ZXingPool(path: path)
  }

  private func frame(_ name: String) throws -> GrayFrame { try GrayFrame(pictureAt: Vectors.path(name)) }

  @Test("A frame goes in, its symbols come out, and one child serves many frames")
  func answers() throws {
    let pool = try pool()
    for _ in 0..<20 {
      #expect(
        pool.symbols(in: try frame("qr.png"), .init(), within: limit)?.map(\.text) == [
          "http://code.google.com/p/zxing/"
        ])
      #expect(pool.symbols(in: try frame("none.png"), .init(), within: limit) == [])
    }
    #expect(pool.processes.idle.count == 1)
    #expect(pool.processes.busy.isEmpty)
  }

  @Test("A child that is killed in the middle of a frame costs nothing: another one answers")
  func killed() throws {
    let pool = try pool()
    _ = pool.symbols(in: try frame("none.png"), .init(), within: limit)
    let first = try #require(pool.processes.idle.first)
    // Stopped, it has the frame and cannot answer, however slow this test is.
    kill(first, SIGSTOP)
    let done = DispatchSemaphore(value: 0)
    let answer = Mutex<[Symbol]?>(nil)
    let frame = try frame("qr.png")
    DispatchQueue.global().async {
      let symbols = pool.symbols(in: frame, .init(), within: .seconds(60))
      answer.withLock { $0 = symbols }
      done.signal()
    }
    while pool.processes.busy != [first] { sched_yield() }
    kill(first, SIGKILL)
    #expect(done.wait(timeout: .now() + 120) == .success)
    #expect(answer.withLock { $0 }?.map(\.text) == ["http://code.google.com/p/zxing/"])
    #expect(pool.processes.idle.count == 1 && pool.processes.idle != [first])
    // No zombie: its process id means nothing any more.
    #expect(kill(first, 0) == -1 && errno == ESRCH)
  }

  @Test("A child that was killed between two frames is replaced unnoticed")
  func killedIdle() throws {
    let pool = try pool()
    _ = pool.symbols(in: try frame("none.png"), .init(), within: limit)
    kill(try #require(pool.processes.idle.first), SIGKILL)
    #expect(pool.symbols(in: try frame("qr.png"), .init(), within: limit)?.count == 1)
  }

  @Test("A child that hangs is given up in time, zbar reads the frame, and the next frame has a new child")
  func hangs() throws {
    let pool = try pool()
    _ = pool.symbols(in: try frame("none.png"), .init(), within: limit)
    let first = try #require(pool.processes.idle.first)
    kill(first, SIGSTOP)
    let symbols = try SymbolReader(zxing: pool).read(try frame("code128.jpg"))
    #expect(symbols.map(\.text) == ["419055603900009001012999"])
    #expect(symbols.first?.engine == .zbar)
    #expect(kill(first, 0) == -1 && errno == ESRCH)
    #expect(pool.symbols(in: try frame("qr.png"), .init(), within: limit)?.count == 1)
  }

  @Test("Programs that are missing, that end at once and that talk nonsense leave the reading to zbar")
  func brokenPrograms() throws {
    let folder = try ScratchFolder()
    for script in [nil, "exit 1", "echo nonsense nonsense nonsense", "head -c 100000 /dev/zero"] {
      let path = folder.url.appending(path: "child").path
      if let script {
        _ = try folder.write(Array("#!/bin/sh\n\(script)\n".utf8), to: "child")
        chmod(path, 0o755)
      }
      let pool = ZXingPool(path: path)
      #expect(pool.symbols(in: try frame("qr.png"), .init(), within: limit) == nil)
      let symbols = try SymbolReader(zxing: pool).read(try frame("qr.png"))
      #expect(symbols.map(\.text) == ["http://code.google.com/p/zxing/"])
      #expect(symbols.first?.engine == .zbar)
    }
  }

  @Test("Neither descriptors nor processes are left behind")
  func leaks() throws {
    var processes: [Int32] = []
    for _ in 0..<10 {
      let pool = try pool()
      _ = pool.symbols(in: try frame("none.png"), .init(), within: limit)
      processes += pool.processes.idle
    }
    #expect(processes.count == 10)
    #expect(processes.allSatisfy { kill($0, 0) == -1 })
    // The child has the four of the protocol and nothing of ours.
    let pool = try pool()
    _ = pool.symbols(in: try frame("none.png"), .init(), within: limit)
    let child = try #require(pool.processes.idle.first)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(child)/fd").count == 4)
  }
}
