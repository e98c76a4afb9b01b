import CustodyLedger
import Foundation
import StationStore
import StationSync
import SyncProtocol
import TamperEvidence

/// Why a station was not enrolled.
public struct StationEnrolmentRefused: Error, Sendable, CustomStringConvertible {
  public let description: String
  public let remedy: String

  /// Why a code is not presented at an address; nil where it may be. A code with a pin says that the centre is to prove who it
  /// is: over plain HTTP nobody does, and whoever listens on the way could use the code first.
  init?(presenting code: EnrolmentCode, at centre: String) {
    guard code.pin != nil, let url = URL(string: centre), url.scheme?.lowercased() == "http",
      !LoopbackName.matches(url.host ?? "")
    else { return nil }
    description = "The code has the pin of a centre with TLS, and \(centre) is without: the code would go in clear."
    remedy = "Say https:// for that centre, or make a code at a centre without TLS, which has no pin."
  }

  init(description: String, remedy: String) {
    self.description = description
    self.remedy = remedy
  }
}

extension StationStore {
  /// Enrols the station at its centre by a one-time code, and notes all that it needs to go on by itself. Nothing is noted
  /// unless the centre has let it in; where the answer is lost, the same code gives it again.
  ///
  /// - Parameters:
  ///   - pinned: the key of the centre's log, as the station was told it otherwise; another is not believed.
  ///   - authority: the authority's certificate, in DER, that the code names and `transport` trusts.
  public func enrol(
    at centre: String?, code: EnrolmentCode, isNewKey: Bool, pinned: VerifierKey? = nil,
    authority: [UInt8]? = nil, over transport: (any CentralTransport)? = nil
  ) async throws -> EnrolmentResult {
    guard let centre = try await centreAddress(set: centre) else {
      throw StationEnrolmentRefused(
        description: "No centre was named.", remedy: "Say where it is: --centre https://centre.example.com.")
    }
    if let refusal = StationEnrolmentRefused(presenting: code, at: centre) { throw refusal }
    let client = try CentralClient(base: centre, token: "", over: transport)
    let trusted = try await read { try $0.logKey() }
    let key = try enrolmentKey(new: isNewKey)
    let asked = try EnrolmentRequest(code: code, key: key, requestKey: try nextRequestKey())
    let result = try await client.enrol(asked)
    for other in [trusted, pinned].compactMap(\.self) where other != result.log {
      throw StationEnrolmentRefused(
        description: "The centre's log is signed by \(result.log), but this station trusts \(other).",
        remedy: "Check the address. A station that is to leave its centre for another starts in a new folder.")
    }
    try await enrolled(
      CentreEnrolment(centre: client.base, epoch: result.epoch, authority: authority), log: result.log,
      key: key.verifierKey)
    return result
  }
}
