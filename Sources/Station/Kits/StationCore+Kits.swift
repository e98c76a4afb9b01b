import Custody
import CustodyLedger
import Kits
import StationStore

extension StationCore {
  /// Hands over the kit that a session puts together: all of it, or nothing. What `keep` writes is in the same commit.
  func handOverKit(
    in id: SessionID, by signedIn: SignedIn, device: String,
    keep: (@Sendable (ScanOutcome, StoreTransaction) throws -> Void)? = nil
  ) async throws -> ScanOutcome {
    try await kitAct(in: id, by: signedIn, device: device, keep: keep) { try $0.handOver() }
  }

  /// Takes an asset out of the kit that a session puts together.
  func takeOutOfKit(_ asset: AssetID, in id: SessionID, by signedIn: SignedIn, device: String) async throws
    -> ScanOutcome
  {
    try await kitAct(in: id, by: signedIn, device: device) { try $0.takeOut(asset) }
  }

  /// Lets the kit go that a session puts together; nothing of it stays.
  func letKitGo(in id: SessionID, by signedIn: SignedIn, device: String) async throws -> ScanOutcome {
    try await kitAct(in: id, by: signedIn, device: device) { try $0.letGo() }
  }

  /// Does something with a session's kit as a scan of its label would be: the reading is kept whatever comes of it.
  private func kitAct(
    in id: SessionID, by signedIn: SignedIn, device: String,
    keep: (@Sendable (ScanOutcome, StoreTransaction) throws -> Void)? = nil,
    _ act: @escaping @Sendable (inout ScanFlow) throws -> ScanOutcome
  ) async throws -> ScanOutcome {
    let site = store.identity.site
    let (outcome, desk) = try await store.write(urgent: true) { transaction -> (ScanOutcome, String?) in
      let session = try transaction.openSession(id, of: signedIn)
      let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      var flow = try ScanFlow(
        transaction: transaction, site: site, actor: signedIn.actor, session: session,
        scan: Scan(raw: Array((work.kit?.label ?? "CUSTODY:KIT:").utf8), source: .keyed, device: device), badge: nil)
      let outcome = try flow.run(act)
      try keep?(outcome, transaction)
      return (outcome, session.desk)
    }
    if desk == self.desk.name { self.desk.lastOutcome = outcome }
    try announce(outcome, desk: desk)
    return outcome
  }

  /// A kit, with how many could be made of the stock; throws the problem when there is none with this code.
  func kit(_ text: String) async throws -> KitReport {
    let report = try await store.read { snapshot in
      try KitCode(text).flatMap { try snapshot.kit($0) }.map { kit in
        try KitReport(kit, stock: snapshot.stockByKind(), in: snapshot)
      }
    }
    guard let report else {
      throw Problem.notFound("kit \(text.prefix(80))", remedy: "Look at the list of kits: GET /api/v1/kits.")
    }
    return report
  }
}

/// A kit as it is shown.
struct KitReport: Sendable {
  let kit: KitTemplate
  /// How many could be made of what is in stock, at most.
  let makeable: Int

  /// The report of a kit as it stands.
  init(_ kit: KitTemplate, stock: [KitStock], in snapshot: any StoreReading) throws {
    self.kit = kit
    makeable = kit.makeable(of: stock, tags: try snapshot.inStock(kit.tags))
  }

  /// All kits, by code.
  static func all(in snapshot: any StoreReading) throws -> [KitReport] {
    let kits = try snapshot.kits()
    guard !kits.isEmpty else { return [] }
    let stock = try snapshot.stockByKind()
    return try kits.map { try KitReport($0, stock: stock, in: snapshot) }
  }
}

extension StoreTransaction {
  /// Begins the kit of a session that is being opened; throws the problem when there is none with this code.
  func beginKit(_ code: KitCode, in session: SessionID) throws {
    guard let kit = try kit(code) else {
      throw Problem.malformed(
        "No kit has the code \(code).", pointer: "/kit", remedy: "See the kits: GET /api/v1/kits.")
    }
    try save(KitFilling(kit), of: session)
  }

  /// Ends the kit of a session that ends or turns to something else; throws the problem when things stand in it.
  func endKit(of session: SessionID) throws {
    try requireEmptyKit(of: session)
    try forgetKit(of: session)
  }

  /// Throws the problem when things stand in a session's kit.
  func requireEmptyKit(of session: SessionID) throws {
    guard let filling = try kitFilling(of: session), !filling.items.isEmpty else { return }
    let refusal = Refusal.unfinished(filling)
    throw Problem(
      .conflict, refusal.code, refusal.headline(for: .deploy), detail: refusal.sentence, remedy: refusal.remedy)
  }
}
