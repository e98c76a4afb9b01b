import AsyncHTTPClient
import CentralStore
import Certificates
import Custody
import CustodyLedger
import Foundation
import Hummingbird
import SyncProtocol

/// What `custody central code` asks of a centre.
public struct CodeOrder: Codable, Sendable {
  /// `SITE/STATION`.
  public var station: String

  /// An order of a code.
  public init(station: String) { self.station = station }
}

/// What `custody central code` is answered: a code that is shown here once, or why there is none.
public struct CodeAnswer: Codable, Sendable {
  public var code: String?
  /// When it is over.
  public var until: Instant?
  public var refusal: Refusal?
}

/// What `custody central revoke` asks of a centre.
public struct RevocationOrder: Codable, Sendable {
  /// `SITE/STATION`.
  public var station: String
  /// The last entry that counts; nil for the last that the centre holds.
  public var lastGood: ChainPlace?
  /// False where the epoch of `lastGood` was left open, which stands for the only one.
  public var epochIsSaid: Bool
  public var reason: String

  /// An order of a revocation.
  public init(station: String, lastGood: ChainPlace?, epochIsSaid: Bool = true, reason: String) {
    self.station = station
    self.lastGood = lastGood
    self.epochIsSaid = epochIsSaid
    self.reason = reason
  }
}

/// What `custody central revoke` is answered.
public struct RevocationAnswer: Codable, Sendable {
  /// The end of the chain as far as it counts now; nil when nothing of it does.
  public var held: HeldChain?
  /// How many entries of the station are kept and do not count.
  public var quarantined: Int
  public var refusal: Refusal?
}

extension CentralServer {
  func issueCode(_ order: CodeOrder) async throws -> CodeAnswer {
    guard LogAuthor.isOrigin(order.station) else {
      return CodeAnswer(
        refusal: Refusal(
          "central.code.station", "'\(order.station)' names no station.",
          remedy: "Give SITE/STATION, as the station itself says at its start, such as HQ/DESK-1."))
    }
    let (code, until, refusal) = try await store.issueCode(for: order.station, pin: try authorityPin(), at: now())
    return refusal.map { CodeAnswer(refusal: $0) } ?? CodeAnswer(code: code.description, until: until)
  }

  /// The authority by which stations are to know this centre, where it is one of its own.
  private func authorityPin() throws -> EnrolmentCode.Pin? {
    let folder = configuration.dataFolder
    if case .given? = configuration.tls { return nil }
    guard FileManager.default.fileExists(atPath: OwnAuthority.file(in: folder)) else { return nil }
    return EnrolmentCode.Pin(certificate: try OwnAuthority(folder: folder).der)
  }

  func revoke(_ order: RevocationOrder) async throws -> RevocationAnswer {
    if order.lastGood != nil, !order.epochIsSaid, let known = try await store.station(named: order.station) {
      let held = try await store.chain(of: known)?.epoch ?? 1
      if held > 1 {
        return RevocationAnswer(
          quarantined: 0,
          refusal: Refusal(
            "central.revoke.epoch", "\(order.station) has begun \(held) epochs, and each counts its entries from 1.",
            remedy: "Say of which the last good entry is: --epoch."))
      }
    }
    if let refusal = try await store.revoke(
      order.station, after: order.lastGood, reason: order.reason, at: now())
    {
      return RevocationAnswer(quarantined: 0, refusal: refusal)
    }
    let record = try await store.stations().first { $0.station.name == order.station }
    // What the record holds last may be what counts no more.
    let counts = if let record { try await store.chain(of: record.station) } else { nil as HeldChain? }
    return RevocationAnswer(held: counts, quarantined: record?.quarantined ?? 0)
  }
}

extension CentralControl {
  /// Makes a one-time code by which a station can be enrolled: through the running centre if there is one, else in its folder.
  /// Throws ``CentralFault``.
  public static func code(
    _ order: CodeOrder, dataFolder: String, database: CentralDatabase? = nil
  ) async throws -> CodeAnswer {
    try await withCentre(dataFolder, database) {
      try await $0.issueCode(order)
    } running: { socket, folder, owner in
      try await tell(order, at: "/code", by: socket, folder: folder, owner: owner)
    }
  }

  /// Trusts a station no further than an entry: through the running centre if there is one, else in its folder. Throws
  /// ``CentralFault``.
  public static func revoke(
    _ order: RevocationOrder, dataFolder: String, database: CentralDatabase? = nil
  ) async throws -> RevocationAnswer {
    // A folder that is mistyped must not become a new centre.
    _ = try logKey(dataFolder: dataFolder)
    return try await withCentre(dataFolder, database) {
      try await $0.revoke(order)
    } running: { socket, folder, owner in
      try await tell(order, at: "/revoke", by: socket, folder: folder, owner: owner)
    }
  }

  private static func tell<Answer: Decodable>(
    _ order: some Encodable, at uri: String, by socket: String, folder: String, owner: String
  ) async throws -> Answer {
    guard let url = URL(httpURLWithSocketPath: socket, uri: uri) else {
      throw CentralFault.unreachable(path: socket, reason: "this is no path of a socket")
    }
    do {
      var request = HTTPClientRequest(url: url.absoluteString)
      request.method = .POST
      request.body = .bytes(try JSONEncoder().encode(order))
      let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
      let body = try await response.body.collect(upTo: 1 << 16)
      return try JSONDecoder().decode(Answer.self, from: Data(body.readableBytesView))
    } catch {
      throw CentralFault.unreachable(path: socket, reason: "\(owner) holds \(folder), but did not answer: \(error)")
    }
  }
}

extension Request {
  /// What a command asks, in JSON.
  func read<Order: Decodable>() async throws -> Order {
    let body = try await body.collect(upTo: 1 << 16)
    do {
      return try JSONDecoder().decode(Order.self, from: Data(body.readableBytesView))
    } catch {
      throw Problem(
        status: 400, code: "http.malformed", title: "Malformed", detail: "The request cannot be read: \(error).",
        remedy: "Use the command of the same version.")
    }
  }
}
