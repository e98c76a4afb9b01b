import Custody
import LabelDesign
import LabelPrinting
import Logging
import ServiceLifecycle
import StationStore
import Synchronization

/// Prints what waits for the station's printers, each printer's labels in their order and one at a time.
///
/// A label is begun by a durable note, so that it is never sent twice by itself: not one byte out means that it is tried again, some
/// bytes out and no word of the printer means that somebody is asked. What became of it, and what stands of it in its asset's custody,
/// are one transaction.
struct PrintService: Service {
  let core: StationCore
  var clock: any Clock<Duration> = ContinuousClock()
  var patience = PrintPatience()
  /// How long a label that is under way at shutdown may still take.
  var grace = Duration.seconds(15)

  /// For how long the bytes of what was printed are kept, in milliseconds: 30 days.
  private static let payloadsKept: Int64 = 30 * 86_400_000

  private enum Ended { case printer, grace, orders }

  func run() async throws {
    try await recover()
    // Printers and templates may be others than when it was refused.
    try await core.retryOwedLabels()
    core.printers.start()
    await withGracefulShutdownHandler {
      await printAll()
    } onGracefulShutdown: {
      core.printers.stop()
      core.received.signal()
    }
  }

  /// What was being sent when the station stopped last is unknown from now on, and stands so in custody.
  private func recover() async throws {
    let lost = try await core.store.write { transaction in
      let stuck = try transaction.labelJobs(states: [.sending], limit: StationCore.longestBatch)
      try transaction.recoverLabelJobs()
      for job in stuck.reversed() { try transaction.recordLabel(job, .unknown) }
      try transaction.forgetPayloads(before: transaction.now.advanced(byMilliseconds: -Self.payloadsKept))
      return stuck
    }
    for job in lost {
      core.logger.warning(
        "a label was being sent when the station stopped",
        metadata: ["label": "\(job.request.name)", "printer": "\(job.printer)"])
    }
  }

  private func printAll() async {
    await withTaskGroup(of: Ended.self) { group in
      group.addTask {
        await orderOwedLabels()
        return .orders
      }
      // Somebody who prints on a printer that was taken away waits, and goes on when one of that name is set up again.
      var known: Set<String> = []
      while !core.printers.isStopping, !Task.isCancelled {
        do {
          for printer in try await core.store.read({ try $0.printers() }) where known.insert(printer.name).inserted {
            group.addTask {
              await serve(printer.name)
              return .printer
            }
          }
        } catch {
          core.logger.error("printers cannot be listed", metadata: ["error": "\(error)"])
        }
        await core.printers.changed.wait()
      }
      group.addTask {
        do { try await clock.sleep(for: grace) } catch {}
        return .grace
      }
      var left = known.count
      while left > 0, let ended = await group.next() {
        switch ended {
        case .printer: left -= 1
        // What is under way ends at once, and is asked about.
        case .grace: group.cancelAll()
        case .orders: break
        }
      }
      group.cancelAll()
    }
  }

  // MARK: One printer

  private struct Next: Sendable {
    let job: LabelJob
    let data: PrintData
    let printer: LabelPrinter
  }

  private func serve(_ name: String) async {
    var backoff = PrintBackoff()
    await askHowItIs(name)
    while !core.printers.isStopping, !Task.isCancelled {
      do {
        guard let next = try await next(of: name) else {
          if core.printers.takeLook(at: name) { await askHowItIs(name) }
          await core.printers.wake(of: name).wait()
          backoff.succeeded()
          continue
        }
        if try await print(next) {
          backoff.succeeded()
        } else {
          await pause(core.printers.wake(of: name), backoff.failed())
        }
      } catch {
        if Task.isCancelled { return }
        core.logger.error("labels cannot be printed", metadata: ["printer": "\(name)", "error": "\(error)"])
        await pause(core.printers.wake(of: name), backoff.failed())
      }
    }
  }

  /// Asks a printer when the station starts, and while somebody looks at its page: it says how it is before something is printed.
  private func askHowItIs(_ name: String) async {
    do {
      guard let kept = try await core.store.read({ try $0.printer(name) }) else { return }
      let (_, address, profile) = try core.labelPrinter(kept)
      let status = await LabelPrinter(address, profile: profile, patience: patience, clock: clock).status()
      if core.printers.note(status, of: name, at: core.clock.now()) { try core.publishPrinter(name) }
    } catch {
      core.logger.error("a printer cannot be asked", metadata: ["printer": "\(name)", "error": "\(error)"])
    }
  }

  /// What it has to print next; nil while it is paused, or somebody must look, or there is nothing.
  private func next(of name: String) async throws -> Next? {
    try await core.store.read { snapshot in
      guard let kept = try snapshot.printer(name), kept.paused == nil,
        let job = try snapshot.nextLabelJob(of: name), let payload = try snapshot.payload(of: job.id)
      else { return nil }
      let (_, address, profile) = try core.labelPrinter(kept)
      return Next(
        job: job,
        data: PrintData(
          name: job.request.name, bytes: payload, labels: job.request.labels, readsTag: job.request.epc != nil),
        printer: LabelPrinter(address, profile: profile, patience: patience, clock: clock))
    }
  }

  /// Somebody called it off, or paused its printer, before its first byte went out.
  private struct CalledOff: Error {}

  /// Prints a label; gives back false when the printer took nothing and is to be left alone for a while.
  private func print(_ next: Next) async throws -> Bool {
    let (job, name) = (next.job, next.job.printer)
    let isCalledOff = Atomic(false)
    let outcome = await next.printer.print(next.data) {
      guard try await core.store.write({ try $0.beginSending(job.id) }) else {
        isCalledOff.store(true, ordering: .relaxed)
        throw CalledOff()
      }
      core.printers.sends(job.id, to: name)
    } onStatus: { status in
      guard core.printers.note(status, of: name, at: core.clock.now()) else { return }
      do {
        try core.publishPrinter(name)
      } catch {
        core.logger.error("a page cannot be told of a printer", metadata: ["error": "\(error)"])
      }
    }
    core.printers.sends(nil, to: name)
    if isCalledOff.load(ordering: .relaxed) { return true }
    return try await settle(job, outcome)
  }

  /// Keeps what became of a label. Tried until it is kept: the store may be full for a while, and what went out did go out.
  private func settle(_ job: LabelJob, _ outcome: PrintOutcome) async throws -> Bool {
    var backoff = PrintBackoff()
    while true {
      do {
        let settled = try await core.store.write { transaction in
          let refusal = try Self.keep(outcome, of: job, in: transaction)
          return (try transaction.job(job.id), refusal)
        }
        tell(settled.0, outcome, settled.1)
        break
      } catch {
        core.logger.error(
          "what became of a label cannot be kept",
          metadata: ["label": "\(job.request.name)", "outcome": "\(outcome)", "error": "\(error)"])
        // What is not kept stays `sending`, and is asked about at the next start.
        try await clock.sleep(for: backoff.failed())
      }
    }
    if case .notSent = outcome { return false }
    return true
  }

  /// Gives back why nothing stands of it in custody, if that is so. What is kept already is not kept again: of one sending there is
  /// one event.
  static func keep(_ outcome: PrintOutcome, of job: LabelJob, in transaction: StoreTransaction) throws
    -> Refusal?
  {
    switch outcome {
    case .notSent(let status):
      try transaction.notSent(job.id, words: status.words, remedy: status.remedy)
    case .rejected(let status):
      try transaction.failed(job.id, words: status.words, remedy: status.remedy)
    case .unknown(let count, let status):
      let isNews = try transaction.becameUnknown(
        job.id, bytesSent: count, words: "Nobody knows whether it was printed: \(status.words).",
        remedy: "Look at the printer: is the label there?")
      guard isNews else { return nil }
      return try transaction.recordLabel(job, .unknown).refusal
    case .printed(let isConfirmed, let tag):
      var read: [UInt8]?
      if case .epc(let bytes)? = tag { read = bytes }
      if isConfirmed, let doubt = TagDoubt(wanted: job.request.epc, read: tag) {
        // The label is out; that it is the asset's is not sure, and the next may be wrong in the same way.
        let isNews = try transaction.becameUnknown(
          job.id, bytesSent: job.length, words: doubt.words, remedy: doubt.remedy, tagRead: read)
        return isNews ? try transaction.recordLabel(job, .unknown).refusal : nil
      }
      guard try transaction.printed(job.id, confirmedBy: isConfirmed ? .printer : .nobody, tagRead: read) else {
        return nil
      }
      return try transaction.recordLabel(job, .printed, readBack: read).refusal
    }
    return nil
  }

  private func tell(_ job: LabelJob, _ outcome: PrintOutcome, _ refusal: Refusal?) {
    switch outcome {
    case .notSent(let status), .rejected(let status), .unknown(_, let status):
      core.printers.note(status, of: job.printer, at: core.clock.now())
    case .printed: break
    }
    if let refusal {
      core.logger.error(
        "a printed label stands in no custody",
        metadata: ["label": "\(job.request.name)", "reason": "\(refusal.sentence)"])
    }
    if job.request.asset != nil { core.recorded.signal() }
    do {
      try core.publish(job)
      try core.publishPrinter(job.printer)
    } catch {
      core.logger.error("a page cannot be told of a label", metadata: ["error": "\(error)"])
    }
  }

  /// Waits until a time is over, or somebody wants it tried again.
  private func pause(_ wake: Wake, _ time: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await wake.wait() }
      group.addTask { do { try await clock.sleep(for: time) } catch {} }
      await group.next()
      group.cancelAll()
    }
  }

  // MARK: Labels of what was received

  private func orderOwedLabels() async {
    var backoff = PrintBackoff()
    while !core.printers.isStopping, !Task.isCancelled {
      do {
        try await core.orderOwedLabels()
        backoff.succeeded()
        await core.received.wait()
      } catch {
        if Task.isCancelled { return }
        // They stay owed: the store may be full for a while.
        core.logger.error("what was received got no label", metadata: ["error": "\(error)"])
        await pause(core.received, backoff.failed())
      }
    }
  }
}
