import RequestTokens
import StationStore
import StationSync

extension StationStore {
  /// Where the station's centre is: what is set, else where it was enrolled; nil for none.
  public func centreAddress(set: String?) async throws -> String? {
    if let set { return set }
    return try await read { try $0.enrolment()?.centre }
  }

  /// The client of the station's centre: with requests that it signs, where it was enrolled by a code; else with the token
  /// that it was given. Its certificate is believed as is set, else by the authority that the code named. Nil without a centre. Throws ``SyncError`` for an address that is none.
  func centralClient(
    at set: String?, token: String?, trusting trust: CentreTrust = .system,
    over transport: (any CentralTransport)? = nil, timeouts: CentralClient.Timeouts = .init()
  ) async throws -> CentralClient? {
    guard let base = try await centreAddress(set: set) else { return nil }
    let (enrolment, log) = try await read { (try $0.enrolment(), try $0.logKey()) }
    let named = trust == .system ? enrolment?.authority.map(CentreTrust.authority) : nil
    let transport = transport ?? HTTPTransport(to: base, trusting: named ?? trust)
    guard enrolment != nil, let log, let key = try folder.existingRequestKey() else {
      return try CentralClient(base: base, token: token ?? "", over: transport, timeouts: timeouts)
    }
    let signer = try RequestSigner(key: key, centre: log) { [clock] in clock.now() }
    return try CentralClient(base: base, signer: signer, over: transport, timeouts: timeouts)
  }
}
