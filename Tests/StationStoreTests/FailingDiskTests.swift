import Foundation
import Glibc
import StationStore
import SyncTestSupport
import Testing

/// A disk that fails in the middle of work. `Tests/Rig/disk-fault.c` makes it fail, for the station's log alone.
struct FailingDiskTests {
  private static let shim = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Rig/.build/disk-fault.so").path

  @Test(
    "what cannot be written or synced (EIO) is not acknowledged; recording goes on once the disk does",
    arguments: ["write", "sync"])
  func failing(_ call: String) async throws {
    try #require(FileManager.default.fileExists(atPath: Self.shim), "make -C Tests/Rig has not been run")
    let folder = try await Prepared.folder(assets: 12)
    let fault = folder.path + "/fault"
    let station = try StationProgram.station(
      in: folder.path,
      wrapper: ["LD_PRELOAD=\(Self.shim)", "DISK_FAULT_FILE=/station.db-wal", "DISK_FAULT_WHEN=\(fault)"])
    let address = try await station.address()
    let client = try await StationClient(address)
    var acknowledged: [StationClient.ScanAnswer] = []
    for number in 0..<4 { acknowledged.append(try await client.accepted(Prepared.tag(number))) }

    try Data(call.utf8).write(to: URL(filePath: fault))
    let answer = try await client.scan(Prepared.tag(4))
    #expect(answer.status == 503)
    let problem = try JSONDecoder().decode(StationClient.ProblemAnswer.self, from: answer.body)
    #expect(problem.code == "store.readOnly" && problem.detail.contains("disk I/O error"), "\(answer.text)")
    let health = try await StationClient.request("GET", address + "/health")
    #expect(health.status == 503 && health.text.contains(#""status":"readOnly""#))
    // Reading goes on.
    let desk = try await StationClient.request("GET", address + "/desk", token: client.token, accept: "text/html")
    #expect(desk.status == 200 && desk.text.contains("Read-only"))

    try FileManager.default.removeItem(atPath: fault)
    acknowledged.append(
      try await eventually("the station records again") { () -> StationClient.ScanAnswer? in
        let answer = try await client.scan(Prepared.tag(5))
        return answer.status == 200 ? try JSONDecoder().decode(StationClient.ScanAnswer.self, from: answer.body) : nil
      })
    // Whatever the disk kept of it: what was acknowledged is there after a kill, and nothing twice.
    station.signal(SIGKILL)
    #expect(try await station.ends() == -SIGKILL)
    let store = try StationStore(folder: folder.path + "/data", identity: nil)
    let rows = try await store.read { try $0.entries(after: 0, limit: .max) }
    for answer in acknowledged {
      let recorded = try #require(answer.decision.recorded.first)
      #expect(rows.contains { $0.event.eventID.description == recorded.eventID && $0.event.seq == recorded.seq })
    }
    #expect(rows.count == 12 + acknowledged.count)
    try await store.expectWhole()
    try store.close()
  }
}
