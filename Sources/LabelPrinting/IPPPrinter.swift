import CCups
import LabelDesign

/// A printer that speaks IPP (RFC 8011), spoken to without a print server between.
struct IPPPrinter: Sendable {
  private let connection: IPPConnection
  private let patience: PrintPatience
  private let clock: any Clock<Duration>

  /// - Precondition: the address is one of IPP.
  init(_ address: PrinterAddress, patience: PrintPatience, clock: any Clock<Duration>) {
    guard case .ipp(let host, let port, let path, let isSecure) = address else {
      preconditionFailure("\(address) is no IPP address")
    }
    connection = IPPConnection(host: host, port: port, path: path, isSecure: isSecure, patience: patience)
    self.patience = patience
    self.clock = clock
  }

  func status() async -> PrinterStatus {
    let request = IPPRequest(
      operation: Int32(CUSTODY_IPP_OP_GET_PRINTER_ATTRIBUTES),
      asksFor: ["printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs"])
    switch await connection.send(request) {
    case .answer(let answer): return PrinterStatus(ipp: answer)
    case .refused(let words): return PrinterStatus(conditions: [.fault], note: words)
    case .lost(_, let fault): return fault.status(nil)
    }
  }

  func print(
    _ data: PrintData, format: String, willSend: @Sendable () async throws -> Void,
    onStatus: @Sendable (PrinterStatus) -> Void
  ) async -> PrintOutcome {
    let before = await status()
    guard before.isReady else { return .notSent(before) }
    do {
      try await willSend()
    } catch {
      return .notSent(PrinterStatus(note: "\(error)"))
    }
    let operation = Int32(CUSTODY_IPP_TAG_OPERATION)
    let request = IPPRequest(
      operation: Int32(CUSTODY_IPP_OP_PRINT_JOB),
      strings: [
        (operation, Int32(CUSTODY_IPP_TAG_NAME), "job-name", data.name),
        (operation, Int32(CUSTODY_IPP_TAG_MIMETYPE), "document-format", format),
      ], asksFor: ["job-id"])
    switch await connection.send(request, document: data.bytes, stall: patience.stall) {
    case .refused(let words): return .notSent(PrinterStatus(conditions: [.notAccepting], note: words))
    case .lost(0, let fault): return .notSent(fault.status(nil))
    case .lost(let count, let fault): return .unknown(bytesSent: min(count, data.bytes.count), fault.status(nil))
    case .answer(let answer):
      guard let id = answer.integers["job-id"] else {
        return .unknown(
          bytesSent: data.bytes.count, PrinterStatus(conditions: [.transmission], note: "it named no job"))
      }
      return await finished(Int32(id), data.bytes.count, onStatus)
    }
  }

  /// Asks for the job until it has ended.
  private func finished(_ job: Int32, _ count: Int, _ onStatus: @Sendable (PrinterStatus) -> Void) async -> PrintOutcome
  {
    let request = IPPRequest(
      operation: Int32(CUSTODY_IPP_OP_GET_JOB_ATTRIBUTES), jobID: job,
      asksFor: ["job-state", "job-state-reasons", "job-printer-state-message", "job-impressions-completed"])
    var (held, silent) = (Duration.zero, Duration.zero)
    var last: PrinterStatus?
    while true {
      switch await connection.send(request) {
      case .answer(let answer):
        silent = .zero
        switch answer.integers["job-state"] {
        case 9?: return .printed(isConfirmed: true, tag: nil)
        case 7?, 8?:
          let status = await endedStatus(answer)
          // What it began may be printed in part.
          return (answer.integers["job-impressions-completed"] ?? 0) > 0
            ? .unknown(bytesSent: count, status) : .rejected(status)
        default:
          let status = await status()
          if status != last { onStatus(status) }
          last = status
        }
      case .refused(let words):
        // A printer that forgets its jobs at once has nothing more to say of this one.
        return .unknown(bytesSent: count, PrinterStatus(conditions: [.fault], note: words))
      case .lost(_, let fault):
        silent += patience.answer
        last = fault.status(nil)
      }
      guard held < patience.hold, silent < patience.silence else {
        return .unknown(bytesSent: count, last ?? .noAnswer)
      }
      do { try await clock.sleep(for: patience.poll) } catch {
        return .unknown(bytesSent: count, LinkFault.stopped.status(last))
      }
      held += patience.poll
    }
  }

  /// Why a job was given up, as far as printer and job say.
  private func endedStatus(_ job: IPPAnswer) async -> PrinterStatus {
    var status = await status()
    let words =
      (job.words["job-printer-state-message"] ?? []) + (job.words["job-state-reasons"] ?? []).filter { $0 != "none" }
    if !words.isEmpty { status.note = words.joined(separator: ", ") }
    if status.conditions.isEmpty {
      status.conditions = [job.integers["job-state"] == 7 ? .notAccepting : .fault]
    }
    return status
  }
}

extension PrinterStatus {
  /// What `printer-state` and `printer-state-reasons` say (RFC 8011, 5.4.11 and 5.4.12).
  init(ipp answer: IPPAnswer) {
    let known: [(String, PrinterCondition)] = [
      ("cover-open", .headOpen), ("door-open", .headOpen), ("interlock-open", .headOpen), ("media-empty", .mediaOut),
      ("media-needed", .mediaOut), ("media-jam", .mediaJam), ("input-tray-missing", .mediaOut), ("paused", .paused),
      ("moving-to-paused", .paused), ("marker-supply-empty", .ribbonOut), ("toner-empty", .ribbonOut),
      ("output-area-full", .labelWaiting), ("spool-area-full", .bufferFull), ("shutdown", .turnedOff),
      ("offline", .unreachable), ("timed-out", .unreachable), ("connecting-to-device", .unreachable),
      ("media-low", .mediaLow),
    ]
    var conditions: [PrinterCondition] = []
    let state = answer.integers["printer-state"]
    // Of a printer that is not stopped the message says as much: "Idle."
    var notes = state == 5 ? answer.words["printer-state-message"]?.filter { !$0.isEmpty } ?? [] : []
    for reason in answer.words["printer-state-reasons"] ?? [] where reason != "none" {
      if let condition = known.first(where: { reason.hasPrefix($0.0) })?.1 {
        if !conditions.contains(condition) { conditions.append(condition) }
      } else if !notes.contains(reason) {
        notes.append(reason)
        if reason.hasSuffix("-error") { conditions.append(.fault) }
      }
    }
    if answer.flags["printer-is-accepting-jobs"] == false { conditions.append(.notAccepting) }
    if state == 5, !conditions.contains(where: \.blocks) { conditions.append(.fault) }
    self.init(conditions: conditions, isBusy: state == 4, note: notes.isEmpty ? nil : notes.joined(separator: ", "))
  }
}
