import Custody
import CustodyLedger
import StationStore

extension StationCore {
  /// Label jobs, the newest first: of one printer, one batch, one asset, or all.
  func labelJobs(
    printer: String? = nil, batch: LabelBatchID? = nil, asset: AssetID? = nil, states: [LabelJob.State] = [],
    before position: Int64? = nil, limit: Int = 50
  ) async throws -> [LabelJobResource] {
    try await store.read { snapshot in
      try snapshot.labelJobs(
        printer: printer, batch: batch, asset: asset, states: states, before: position, limit: limit
      ).map { try LabelJobResource($0) }
    }
  }

  /// A label job. Throws the problem when there is none.
  func labelJob(_ id: LabelJobID) async throws -> LabelJobResource {
    try await store.read { try LabelJobResource($0.job(id)) }
  }

  /// How far labels that were asked for together are. Throws the problem when there is no such batch.
  func labelBatch(_ id: LabelBatchID) async throws -> LabelBatchResource {
    try await store.read { try $0.progress(of: id) }
  }

  // MARK: What people say of a job

  /// Calls a job off; of one whose outcome is unknown it says that nothing came out.
  func cancelLabel(_ id: LabelJobID, by orderer: LabelOrderer) async throws -> LabelJobResource {
    try await change(id, by: orderer) { job, transaction in
      guard try transaction.cancelLabel(id) else { throw Problem.label(job, "and cannot be called off") }
      if job.state == .unknown, let asset = job.request.asset { try transaction.stopAwaiting(labelOf: asset) }
    }
  }

  /// Somebody has looked at a job whose outcome was unknown: its label is there. Now it is to be scanned back. One whose RFID tag says
  /// something else is no label of its asset, wherever it is.
  func confirmLabel(_ id: LabelJobID, by orderer: LabelOrderer) async throws -> LabelJobResource {
    try await change(id, by: orderer) { job, transaction in
      if job.state == .unknown, job.hasOtherTag {
        throw Problem(
          .conflict, "label.otherTag", "Another tag", detail: job.words ?? "The label's RFID tag says something else.",
          remedy: job.remedy ?? "Destroy it, and have it printed again.")
      }
      guard try transaction.labelIsThere(id) else { throw Problem.label(job, "so there is nothing to confirm") }
      if let asset = job.request.asset, let desk = try job.document().desk,
        let label = try transaction.asset(asset)?.label, !label.isProven
      {
        try transaction.await(
          labelOf: asset, printed: label.event, readBack: job.tagRead.map { hexadecimal($0).uppercased() }, at: desk)
      }
    }
  }

  /// Has a label printed once more that failed, or of which nobody knows; it may then exist twice, and the reprint stands in the
  /// asset's custody with its reason.
  func printAgain(_ id: LabelJobID, reason: String?, by orderer: LabelOrderer) async throws -> LabelJobResource {
    try await change(id, by: orderer) { job, transaction in
      var document = try job.document()
      if job.state == .unknown {
        // The first may be in custody already: what is printed now is another one.
        let why =
          reason ?? job.tagRead.map { "The RFID tag of the one before says \(hexadecimal($0).uppercased())." }
          ?? "It was not known whether it was printed; it may exist twice."
        if document.purpose == .first { document.purpose = .reprint }
        document.reason = [document.reason, why].compactMap { $0 }.joined(separator: " ")
      }
      let bytes = try CanonicalEncoder().encode(document, limit: .max)
      guard try transaction.printAgain(id, document: bytes) else {
        throw Problem.label(job, "and cannot be printed again from here: order it as a reprint")
      }
    }
  }

  /// Holds a job back, or lets it take its turn again.
  func setHeld(_ isHeld: Bool, label id: LabelJobID, by orderer: LabelOrderer) async throws -> LabelJobResource {
    try await change(id, by: orderer) { job, transaction in
      guard job.state == .queued else { throw Problem.label(job, "and no longer waits") }
      _ = try transaction.setHeld(isHeld, label: id)
    }
  }

  // MARK: And of a batch

  func cancelBatch(_ id: LabelBatchID, by orderer: LabelOrderer) async throws -> LabelBatchResource {
    try await change(id, by: orderer) { _ = try $0.cancelLabels(of: id) }
  }

  /// Holds back what has not begun of a batch: other labels are printed meanwhile.
  func holdBatch(_ id: LabelBatchID, by orderer: LabelOrderer) async throws -> LabelBatchResource {
    try await change(id, by: orderer) { try $0.holdLabels(of: id) }
  }

  func releaseBatch(_ id: LabelBatchID, by orderer: LabelOrderer) async throws -> LabelBatchResource {
    try await change(id, by: orderer) { try $0.releaseLabels(of: id) }
  }

  // MARK: Telling

  /// Tells pages of a job's new state.
  func publish(_ job: LabelJob) throws {
    struct Notice: Encodable {
      let job: LabelJobID
      let state: LabelJob.State
      let printer: String
      let batch: LabelBatchID
      let asset: AssetID?
    }
    let notice = Notice(
      job: job.id, state: job.state, printer: job.printer, batch: job.batch, asset: job.request.asset)
    live.publish("labels", try CanonicalEncoder().encode(notice, limit: .max))
  }

  private func change(
    _ id: LabelJobID, by orderer: LabelOrderer, _ body: @escaping @Sendable (LabelJob, StoreTransaction) throws -> Void
  ) async throws -> LabelJobResource {
    try orderer.requirePrinting()
    let job = try await store.write { transaction in
      try body(try transaction.job(id), transaction)
      return try transaction.job(id)
    }
    printers.signal(job.printer)
    try publish(job)
    try publishPrinter(job.printer)
    return try LabelJobResource(job)
  }

  private func change(
    _ id: LabelBatchID, by orderer: LabelOrderer, _ body: @escaping @Sendable (StoreTransaction) throws -> Void
  ) async throws -> LabelBatchResource {
    try orderer.requirePrinting()
    let (progress, names) = try await store.write { transaction in
      _ = try transaction.progress(of: id)
      try body(transaction)
      let names = Set(
        try transaction.labelJobs(batch: id, limit: Self.longestBatch).map(\.printer))
      return (try transaction.progress(of: id), names)
    }
    for name in names {
      printers.signal(name)
      try publishPrinter(name)
    }
    return progress
  }
}

extension StoreReading {
  /// A label job. Throws the problem when there is none.
  func job(_ id: LabelJobID) throws -> LabelJob {
    guard let job = try labelJob(id) else {
      throw Problem.notFound("label \(id)", remedy: "GET /api/v1/labels lists those that there are.")
    }
    return job
  }

  /// How far a batch is. The rate is that of its newest labels.
  func progress(of batch: LabelBatchID) throws -> LabelBatchResource {
    let counts = try labelJobCounts(batch: batch)
    guard !counts.isEmpty else { throw Problem.notFound("batch \(batch) of labels") }
    func count(_ state: LabelJob.State) -> Int { counts[state] ?? 0 }
    let newest = try newestPrints(of: batch, limit: 21)
    var perMinute: Double?
    if let last = newest.first, let first = newest.last, last > first {
      perMinute = Double(newest.count - 1) * 60_000 / Double(last.milliseconds - first.milliseconds)
    }
    let held = try heldLabels(of: batch)
    let left = count(.queued) + count(.sending)
    let goesOn = held == 0 && count(.unknown) == 0
    return LabelBatchResource(
      id: batch, total: counts.values.reduce(0, +), queued: count(.queued), sending: count(.sending),
      printed: count(.printed), unknown: count(.unknown), failed: count(.failed), cancelled: count(.cancelled),
      held: held, perMinute: perMinute.map { Int($0.rounded()) },
      secondsLeft: left == 0 ? 0 : goesOn ? perMinute.map { Int((Double(left) * 60 / $0).rounded(.up)) } : nil)
  }
}

extension LabelJobResource {
  init(_ job: LabelJob) throws {
    let document = try job.document()
    id = job.id
    position = job.position
    batch = job.batch
    printer = job.printer
    state = job.state
    isHeld = job.heldAt != nil
    name = job.request.name
    template = document.template
    fields = document.fields
    asset = job.request.asset
    mark = document.mark
    purpose = job.request.asset == nil ? nil : document.purpose
    reason = document.reason
    desk = document.desk
    labels = job.request.labels
    bytes = job.length
    bytesSent = job.bytesSent
    attempts = job.attempts
    confirmation = job.confirmation
    epc = job.request.epc.map { hexadecimal($0).uppercased() }
    tagRead = job.tagRead.map { hexadecimal($0).uppercased() }
    words = job.words
    remedy = job.remedy
    person = job.person
    askedAt = job.askedAt
    changedAt = job.changedAt
  }
}

extension LabelJob.State: Encodable {
  /// As in "it is WORDS".
  var words: String {
    switch self {
    case .queued: "waiting for its printer"
    case .sending: "being sent"
    case .printed: "printed"
    case .unknown: "perhaps printed"
    case .failed: "not printed"
    case .cancelled: "called off"
    }
  }
}

extension LabelJob.Confirmation: Encodable {}

extension Problem {
  static func label(_ job: LabelJob, _ consequence: String) -> Problem {
    Problem(
      .conflict, "label.state", "Not in that state",
      detail: "The label \(job.request.name) is \(job.state.words), \(consequence).",
      remedy: "Look at it again; its state has changed.")
  }
}
