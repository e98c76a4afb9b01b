import CentralStore
import Custody
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import SyncTestSupport
import Testing

@testable import Central

/// What the owner of the data folder takes out by commands is written down too.
@Suite(.timeLimit(.minutes(10))) struct ExportRecordTests {
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  @Test("by the control socket: what is taken out, and nothing else")
  func socket() async throws {
    let central = try await CentralUnderTest()
    let control = try ControlSocket(folder: central.folder.path, server: central.server).application(
      logger: Self.quiet)
    try await central.test { client in
      var writer = try ChainWriter(1)
      let registered = try writer.register("AT-1")
      _ = try await central.push([registered.entry], by: client)
      let asset = registered.event.asset
      try await control.test(.router) { owner in
        for (uri, status) in [
          ("/dossier?asset=\(asset)", HTTPResponse.Status.ok), ("/epcis?", .ok), ("/backup", .ok),
          ("/log/checkpoint", .ok), ("/log/tile/0/000.p/1", .ok), ("/check", .ok), ("//backup", .notFound),
        ] {
          let answer = try await owner.execute(uri: uri, method: .get)
          #expect(answer.status == status, "\(uri) \(answer.text.prefix(300))")
        }
        #expect(try await owner.execute(uri: "/dossier?asset=nobody", method: .get).status != .ok)
      }
      let records = try await central.server.store.readRecords(before: .max, limit: 100)
      #expect(
        records.reversed().map { "\($0.who): \($0.what) \($0.subject) by \($0.address)" } == [
          "folder owner: evidence.export /dossier?asset=\(asset) by socket",
          "folder owner: evidence.export /epcis by socket", "folder owner: data.export /backup by socket",
          "folder owner: evidence.export /log/checkpoint by socket",
        ])
    }
  }

  @Test("from the folder of a centre that is stopped")
  func folder() async throws {
    let folder = try TemporaryFolder()
    let data = folder.path + "/centre"
    let server = try await CentralServer(CentralConfiguration(dataFolder: data))
    try await server.store.close()
    let period = try EvidenceQuery(from: "2026-11-01")
    try await CentralControl.epcis(period, dataFolder: data) { _ in }
    _ = try await CentralControl.exportLog(dataFolder: data, to: folder.path + "/log")
    try await CentralControl.backup(dataFolder: data) { _ in
    } running: { _ in
      Issue.record("no centre runs")
    }
    await #expect(throws: CentralRefusal.self) {
      try await CentralControl.dossier(EvidenceQuery(asset: "nobody"), dataFolder: data)
    }
    let answer = try await CentralControl.people(.records(before: nil, limit: 100), dataFolder: data)
    #expect(
      answer.records.reversed().map { "\($0.who): \($0.what) \($0.subject) from the \($0.address)" } == [
        "folder owner: evidence.export /epcis?from=2026%2D11%2D01 from the folder",
        "folder owner: evidence.export /log/checkpoint from the folder",
        "folder owner: data.export /backup from the folder",
      ])
  }
}
