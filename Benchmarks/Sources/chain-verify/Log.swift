import Crypto
import Custody
import CustodyLedger
import SyncTestSupport
import TamperEvidence

/// A log of eight stations whose assets are registered, handed out, taken back and retired: the audit of all of it, and the
/// dossier of one asset.
func measureLog(entries: Int) throws {
  var log = try SampleLog()
  var stations = try (1...8).map { try ChainWriter(UInt8($0)) }
  for station in stations { try log.enrol(station) }
  var assets: [AssetID] = []
  var number = 0
  while log.entries.count < entries {
    let station = number % stations.count
    number += 1
    stations[station].seenCheckpoint = number % 64 < 8 ? log.seen : stations[station].seenCheckpoint
    let registered = try stations[station].register("AT-\(number)")
    let asset = registered.event.asset
    assets.append(asset)
    log.append(registered)
    log.append(try stations[station].deploy(asset))
    log.append(try stations[station].takeBack(asset))
    log.append(try stations[station].retire(asset))
  }
  let head = try log.checkpoint

  // What the audit reads: whole bundles of entries, as the log serves them.
  let bundles = try stride(from: 0, to: log.entries.count, by: Tile.fullWidth).map { start in
    try TileEntries(log.entries[start..<min(start + Tile.fullWidth, log.entries.count)].map(\.entry.bytes)).bytes
  }
  var signed: [(key: Curve25519.Signing.PublicKey, signature: [UInt8], message: [UInt8])] = []
  var keys: [String: Curve25519.Signing.PublicKey] = [:]
  for writer in stations + [log.centre] {
    keys[writer.key.keyID] = try Curve25519.Signing.PublicKey(rawRepresentation: writer.key.verifierKey.publicKey)
  }
  for logged in log.entries {
    let header = try CanonicalDecoder().decode(EntryHeader.self, from: logged.entry.event)
    guard let key = keys[header.keyID] else { continue }
    signed.append(
      (
        key, Array(logged.entry.signature),
        PreAuthenticationEncoding.bytes(payloadType: LedgerEntry.payloadType, payload: Array(logged.entry.event))
      ))
  }
  var ratios: [Double] = []
  for _ in 0..<5 {
    let bareStart = ContinuousClock.now
    var good = 0
    for item in signed where item.key.isValidSignature(item.signature, for: item.message) { good += 1 }
    let bare = Double(good) / (bareStart.duration(to: .now) / .seconds(1))

    let start = ContinuousClock.now
    var statements: [UnverifiedEntry] = []
    for bundle in bundles {
      for entry in try TileEntries(bytes: bundle).entries {
        if let statement = LogAudit.statement(in: entry) { statements.append(statement) }
      }
    }
    var audit = LogAudit(checkpoint: head, key: log.key, statements: statements)
    for bundle in bundles {
      for entry in try TileEntries(bytes: bundle).entries { audit.next(entry) }
    }
    audit.finish()
    let rate = Double(log.entries.count) / (start.duration(to: .now) / .seconds(1))
    guard audit.failureCount == 0, good == log.entries.count else {
      preconditionFailure("the log is not what it should be: \(audit.failures.prefix(3))")
    }
    ratios.append(rate / bare)
    print("bare Ed25519 \(Int(bare))/s   log audit \(Int(rate)) entries/s   ratio \(rounded(rate / bare))")
  }
  print("log of \(log.entries.count) entries: median ratio \(rounded(ratios.sorted()[2])) (target 0.75)")

  let asset = assets[assets.count / 2]
  let seen = try log.entries.filter { $0.asset == asset }.compactMap { logged in
    try CanonicalDecoder().decode(CustodyEvent.self, from: logged.entry.event).seenCheckpoint?.size
  }
  let dossier = try log.dossier(of: asset, seen: seen)
  let report = Dossier.verify(bytes: dossier, key: log.key)
  guard report.isVerified else { preconditionFailure("the dossier does not verify: \(report.failures)") }
  let time = microseconds(20) { _ = Dossier.verify(bytes: dossier, key: log.key) }
  print(
    "dossier of an asset, \(report.entries) entries, \(dossier.count) bytes: verified in \(rounded(time / 1000)) ms (target 50)"
  )
}
