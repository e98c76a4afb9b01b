import AssetIdentifiers
import Custody
import CustodyLedger
import StationStore

extension StationCore {
  /// Hands a device's scan to the page that takes scans at the desk, as if it had been typed there; false when there is none. It is
  /// kept as a reading first: what comes of it, the page asks the station.
  func handToPage(_ scan: Scan) async throws -> Bool {
    guard let token = desk.operatorToken, pages.hasPage(of: token), let signedIn = try await signedIn(token) else {
      return false
    }
    let reading = KeptReading(
      at: clock.now(), raw: scan.shownBytes, symbologyIdentifier: scan.symbologyIdentifier, device: scan.device,
      session: nil, person: signedIn.person.id, outcome: .context, words: "Taken by the page that was open")
    _ = try await store.write { try $0.keep(reading) }
    // With its prefix a code keeps its meaning: ]C1 makes a GS1 element string of it.
    let typed = TypedScan(text: (scan.symbologyIdentifier ?? "") + scan.text, device: scan.device)
    return pages.hand("scan", try CanonicalEncoder().encode(typed, limit: .max), to: token)
  }

  /// Tells the page that takes scans at the desk of one that came to nothing.
  func tellPage(_ words: String, _ sentence: String, remedy: String) throws {
    guard let token = desk.operatorToken else { return }
    struct Refused: Encodable { let words, sentence, remedy: String }
    _ = pages.hand(
      "refused",
      try CanonicalEncoder().encode(Refused(words: words, sentence: sentence, remedy: remedy), limit: .max), to: token)
  }

  private struct TypedScan: Encodable {
    let text: String
    let device: String?
  }
}
