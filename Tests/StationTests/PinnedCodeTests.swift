import Custody
import StationStore
import StationSync
import SyncProtocol
import SyncTestSupport
import Testing

@testable import Station

/// A code that says by what its centre is known.
@Suite struct PinnedCodeTests {
  private static let secret: [UInt8] = [0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB0]
  private let plain = EnrolmentCode(random: PinnedCodeTests.secret)
  private let pinned = EnrolmentCode(
    random: PinnedCodeTests.secret, pin: EnrolmentCode.Pin(certificate: Array("abc".utf8)))

  @Test(
    "it is not presented in clear",
    arguments: [
      "http://centre.example.com", "HTTP://centre.example.com:8470", "http://10.0.0.1:8470", "http://[2001:db8::1]",
      "http://127.0.0.1.example.com", "http://localhost.example.com",
    ])
  func clear(_ address: String) throws {
    let refusal = try #require(StationEnrolmentRefused(presenting: pinned, at: address))
    #expect(refusal.description.contains(address) && refusal.remedy.contains("https://"))
    #expect(StationEnrolmentRefused(presenting: plain, at: address) == nil)
  }

  @Test(
    "it is presented over TLS, and on this very machine",
    arguments: [
      "https://centre.example.com", "HTTPS://10.0.0.1:8470", "http://127.0.0.1:8470", "http://localhost:8470",
      "http://[::1]:8470",
    ])
  func safe(_ address: String) {
    #expect(StationEnrolmentRefused(presenting: pinned, at: address) == nil)
  }

  /// Notes whether anything was asked.
  private struct Unasked: CentralTransport {
    func exchange(_ request: CentralRequest) async throws(SyncError) -> CentralAnswer {
      throw .unreachable(reason: "it was asked")
    }
  }

  @Test("a station asks nothing of a centre by it in clear")
  func unasked() async throws {
    let folder = try TemporaryFolder()
    let identity = StationIdentity(site: try #require(SiteCode("HQ")), station: try #require(StationCode("DESK-1")))
    let store = try StationStore(folder: folder.path + "/station", identity: identity)
    await #expect(throws: StationEnrolmentRefused.self) {
      try await store.enrol(at: "http://centre.example.com", code: pinned, isNewKey: false, over: Unasked())
    }
    await #expect(throws: SyncError.unreachable(reason: "it was asked")) {
      try await store.enrol(at: "http://centre.example.com", code: plain, isNewKey: false, over: Unasked())
    }
    try store.close()
  }
}
