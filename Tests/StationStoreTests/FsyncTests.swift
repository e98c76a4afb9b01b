import Foundation
import Testing

/// A kill keeps the page cache, a power cut does not: that an answer waits for the disk shows only in the order of the
/// station's system calls.
struct FsyncTests {
  @Test func theAnswerToAScanFollowsTheSyncOfItsWrites() async throws {
    let scans = 12
    let folder = try await Prepared.folder(assets: scans)
    let log = folder.path + "/strace"
    // -D: the station stays our child. -y: descriptors with what they are.
    let station = try StationProgram.station(
      in: folder.path,
      wrapper: [
        "strace", "-D", "-f", "-y", "-s", "64", "-o", log, "-e", "signal=none", "-e",
        "trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg",
      ])
    let client = try await StationClient(try await station.address())
    for number in 0..<scans { _ = try await client.accepted(Prepared.tag(number)) }
    station.signal(SIGTERM)
    #expect(try await station.ends() == 0)
    let lines = try await eventually("strace ends") {
      let text = try String(contentsOfFile: log, encoding: .utf8)
      return text.split(separator: "\n").contains {
        $0.hasPrefix("\(station.processIdentifier) ") && $0.contains("+++ exited")
      }
        ? text : nil
    }.split(separator: "\n")

    var order = Order()
    for line in lines { order.take(line) }
    // Sign-in and session come first; the scans are the last answers.
    #expect(order.answers.count == scans + 2)
    for (number, answer) in order.answers.suffix(scans).enumerated() {
      #expect(answer.written > 0, "scan \(number) was answered without a write to the log")
      #expect(answer.synced && !answer.unsynced, "scan \(number) was answered before its writes were on disk")
    }
  }

  /// What happened to the write-ahead log before each answer.
  private struct Order {
    struct Answer {
      var written = 0
      /// The log was synced since it was last written to, and before the answer began.
      var synced = false
      var unsynced = false
    }
    var answers: [Answer] = []
    private var current = Answer()
    /// Threads in the middle of a sync of the log.
    private var syncing: Set<Substring> = []

    /// `PID call(3</path>, …) = …`, in two lines when another thread came between: a sync counts from where it ended,
    /// an answer from where it began.
    mutating func take(_ line: Substring) {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { return }
      let (thread, call) = (parts[0], parts[1].drop { $0 == " " })
      let isSync = call.hasPrefix("fdatasync(") || call.hasPrefix("fsync(")
      if isSync, call.contains("station.db-wal>") {
        if call.hasSuffix("<unfinished ...>") { syncing.insert(thread) } else if call.hasSuffix("= 0") { sync() }
      } else if call.hasPrefix("<... fdatasync resumed>") || call.hasPrefix("<... fsync resumed>") {
        if syncing.remove(thread) != nil, call.hasSuffix("= 0") { sync() }
      } else if call.hasPrefix("pwrite64("), call.contains("station.db-wal>") {
        current.written += 1
        current.synced = false
        current.unsynced = true
      } else if call.contains("\"HTTP/1.1 20") {
        answers.append(current)
        current = Answer()
      }
    }

    private mutating func sync() {
      current.synced = true
      current.unsynced = false
    }
  }
}
