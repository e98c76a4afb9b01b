import Foundation
import Glibc
import StationStore
import SyncTestSupport
import Testing

/// `custody station` where something is in its way: a sentence, a remedy and a status.
struct ProgramFaultTests {
  /// The limit on file sizes stands for a full disk: it needs no rights, and only this process has it.
  @Test func aStationOnAFullDiskSaysSoAndRecordsAgainWhenThereIsRoom() async throws {
    let folder = try await Prepared.folder(assets: 300)
    // The signal of that limit as the system has it, whatever the test was started by.
    let station = try StationProgram.station(in: folder.path, wrapper: ["--default-signal=XFSZ"])
    let address = try await station.address()
    let client = try await StationClient(address)
    var acknowledged = [try await client.accepted(Prepared.tag(0))]

    try Self.limitFiles(of: station, to: "\(Self.logSize(folder))")
    var refused: StationClient.Answer?
    // The log may be written from its start again; it reaches its old size within these scans.
    for number in 1..<300 where refused == nil {
      let answer = try await client.scan(Prepared.tag(number))
      if answer.status == 200 {
        acknowledged.append(try JSONDecoder().decode(StationClient.ScanAnswer.self, from: answer.body))
      } else {
        refused = answer
      }
    }
    let answer = try #require(refused)
    #expect(answer.status == 503)
    let problem = try JSONDecoder().decode(StationClient.ProblemAnswer.self, from: answer.body)
    #expect(problem.code == "store.readOnly")
    #expect(problem.remedy.contains("Free disk space"))
    let health = try await StationClient.request("GET", address + "/health")
    #expect(health.status == 503 && health.text.contains(#""status":"readOnly""#))
    let desk = try await StationClient.request("GET", address + "/desk", token: client.token, accept: "text/html")
    #expect(desk.status == 200 && desk.text.contains("Read-only"))

    try Self.limitFiles(of: station, to: "unlimited")
    let again = try await eventually("the station records again") { () -> StationClient.ScanAnswer? in
      let answer = try await client.scan(Prepared.tag(299))
      return answer.status == 200 ? try JSONDecoder().decode(StationClient.ScanAnswer.self, from: answer.body) : nil
    }
    let mended = try await StationClient.request("GET", address + "/health")
    #expect(mended.status == 200 && mended.text.contains(#""status":"ok""#))
    station.signal(SIGTERM)
    #expect(try await station.ends() == 0)

    let store = try StationStore(folder: folder.path + "/data", identity: nil)
    let rows = try await store.read { try $0.entries(after: 0, limit: .max) }
    for answer in acknowledged + [again] {
      let recorded = try #require(answer.decision.recorded.first)
      #expect(rows.contains { $0.event.eventID.description == recorded.eventID && $0.event.seq == recorded.seq })
    }
    #expect(rows.count == 300 + acknowledged.count + 1)
    try await store.expectWhole()
    try store.close()
  }

  @Test func aPortInUseEndsWithStatus3AndARemedy() async throws {
    let folder = try await Prepared.folder(assets: 0)
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        try #require(bind(socket, generic, length) == 0 && listen(socket, 1) == 0)
        try #require(getsockname(socket, generic, &length) == 0)
      }
    }
    let port = UInt16(bigEndian: address.sin_port)
    let station = try StationProgram(
      ["station", "--data", folder.path + "/data", "--port", "\(port)", "--usb", "false"], in: folder.path)
    #expect(try await station.ends() == 3)
    // The whole of it: no log.
    #expect(
      try station.complaints == """
        custody: The desk cannot listen on 127.0.0.1, port \(port): the address is in use by another program.
        Stop it, or choose another port with --port.

        """)
  }

  @Test(arguments: ["file", "proc"])
  func aDataFolderThatCannotBeEndsWithStatus3(_ kind: String) async throws {
    let folder = try TemporaryFolder()
    let path = kind == "file" ? folder.path + "/data" : "/proc/custody"
    if kind == "file" { try Data("x".utf8).write(to: URL(filePath: path)) }
    let station = try StationProgram(["station", "--data", path, "--port", "0", "--usb", "false"], in: folder.path)
    #expect(try await station.ends() == 3)
    #expect(try station.complaints.contains("\(path)") && station.complaints.contains("cannot be used"))
    #expect(try station.complaints.contains("this user may write to it"))
  }

  private static func logSize(_ folder: TemporaryFolder) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/data/station.db-wal")
    return try #require((attributes[.size] as? NSNumber)?.intValue)
  }

  /// The soft limit alone, which whoever owns the process may raise again.
  private static func limitFiles(of station: StationProgram, to bytes: String) throws {
    let prlimit = Process()
    prlimit.executableURL = URL(filePath: "/usr/bin/prlimit")
    prlimit.arguments = ["--pid", "\(station.processIdentifier)", "--fsize=\(bytes):"]
    try prlimit.run()
    prlimit.waitUntilExit()
    try #require(prlimit.terminationStatus == 0)
  }
}
