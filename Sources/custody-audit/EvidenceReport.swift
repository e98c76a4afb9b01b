import CustodyLedger
import TamperEvidence

/// What `verify` found in a dossier or a log.
struct EvidenceReport {
  let file: String
  let kind: String
  let key: VerifierKey
  let failures: [EvidenceFailure]
  let failureCount: Int
  /// What was read of it, for a reader: label and value.
  let facts: [(label: String, value: String)]
  let entries: Int
  let checkpoint: Checkpoint?
  let histories: [DossierReport.History]
  let elapsed: Duration

  var isVerified: Bool { failureCount == 0 }

  init(file: String, key: VerifierKey, dossier report: DossierReport, elapsed: Duration) {
    self.file = file
    self.key = key
    self.elapsed = elapsed
    kind = "dossier"
    failures = report.failures
    failureCount = report.failures.count
    entries = report.entries
    checkpoint = report.checkpoint
    histories = report.histories
    var facts: [(label: String, value: String)] = []
    if let subject = report.subject { facts.append(("about", subject.description)) }
    facts.append(("entries", "\(report.entries), \(report.lines.count) of them good"))
    facts += report.lines.map { line in
      ("  \(line.index)", "\(line.type) by \(line.station) at \(line.wallClock), event \(line.eventID)")
    }
    facts += report.histories.map { ("proved", $0.sentence) }
    switch report.subject {
    case .order, .period: facts.append(("", "whether further assets belong to it needs a full-log audit"))
    case .asset, nil: break
    }
    facts += report.withheld.map { ("left out", "file \($0.digest): \($0.reason)") }
    self.facts = facts
  }

  init(file: String, key: VerifierKey, audit: LogAudit, checkpoint: Checkpoint, elapsed: Duration) {
    self.file = file
    self.key = key
    self.checkpoint = checkpoint
    self.elapsed = elapsed
    kind = "log"
    failures = audit.failures
    failureCount = audit.failureCount
    entries = Int(audit.tree.size)
    histories = []
    let seconds = elapsed / .seconds(1)
    let rate = seconds > 0 ? Int(Double(entries) / seconds) : 0
    facts = [
      ("entries", "\(entries) (\(rate) a second)"),
      ("authors", "\(audit.stations) chains' authors, the centre among them; \(audit.assets) assets"),
    ]
  }

  init(file: String, key: VerifierKey, failure: EvidenceFailure) {
    self.file = file
    self.key = key
    kind = "log"
    failures = [failure]
    failureCount = 1
    facts = []
    entries = 0
    checkpoint = nil
    histories = []
    elapsed = .zero
  }

  func sentences() -> String {
    var lines = ["\(isVerified ? "VERIFIED" : "FOUND WANTING")  \(file), a \(kind)"]
    func add(_ label: String, _ value: String) {
      lines.append(label.padded(to: 10) + value.printable)
    }
    for failure in failures { add("wrong", failure.description) }
    if failureCount > failures.count { add("", "and \(failureCount - failures.count) more") }
    add("key", "\(key.name)+\(key.keyID)")
    if let checkpoint { add("log", "\(checkpoint.origin), \(checkpoint.size) entries, root \(checkpoint.root)") }
    for (label, value) in facts { add(label, value) }
    return lines.joined(separator: "\n")
  }

  func json() throws -> String {
    struct Line: Encodable {
      struct Head: Encodable {
        let origin: String
        let size: String
        let root: TreeHash
      }
      let verified: Bool
      let kind: String
      let file: String
      let key: String
      let entries: Int
      let checkpoint: Head?
      let failures: [EvidenceFailure]
      let failureCount: Int
      let histories: [DossierReport.History]
    }
    let line = Line(
      verified: isVerified, kind: kind, file: file, key: key.description, entries: entries,
      checkpoint: checkpoint.map { .init(origin: $0.origin, size: String($0.size), root: $0.root) },
      failures: failures, failureCount: failureCount, histories: histories)
    return String(decoding: try CanonicalEncoder().encode(line, limit: .max), as: UTF8.self)
  }
}

extension String {
  /// The text with spaces up to a column, one at least.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(1, width - count))
  }
}
