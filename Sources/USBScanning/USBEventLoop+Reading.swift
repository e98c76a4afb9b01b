import CLibUSB
import ScannerProtocols

/// Reads bring reports, or fail.
extension USBEventLoop {
  /// Reads that may fail one after the other before the device counts as faulty.
  private static let patientReads = 5
  /// Garbage reports in a row before the device is read more slowly, whatever its speed.
  private static let patientGarbage = 1_000
  private static let reclaimAfter = Duration.seconds(5)
  private static let tellEvery = Duration.seconds(10)
  private static let replug =
    "Nothing, if it stays alone. If it keeps happening, replug the scanner or use another cable or port."

  func readEnded(_ keyboard: ClaimedKeyboard, status: libusb_transfer_status, bytes: [UInt8]) {
    guard let session = session(of: keyboard) else { return }
    switch status {
    case LIBUSB_TRANSFER_COMPLETED:
      session.failedReads = 0
      if bytes.isEmpty {
        session.info.counters.emptyTransfers += 1
      } else {
        take(bytes, from: session, keyboard)
      }
    case LIBUSB_TRANSFER_NO_DEVICE:
      detach(session)
    case LIBUSB_TRANSFER_STALL:
      session.info.counters.stalls += 1
      interrupted(session, "stall", "stalled; the stall was cleared")
      do {
        try keyboard.clearHalt()
        retryRead(session)
      } catch {
        readFailed(session, error)
      }
    case LIBUSB_TRANSFER_OVERFLOW:
      session.info.counters.overflows += 1
      interrupted(session, "overflow", "sent more than its endpoint may")
      retryRead(session)
    case LIBUSB_TRANSFER_TIMED_OUT:
      retryRead(session)
    default:
      // An unplugged device may first fail like this, and be gone only when it is read again.
      session.info.counters.errors += 1
      session.wedge?.interrupt("transfer error", at: listened)
      retryRead(session)
      if sessions[session.device] != nil { tell(session, kind: "error", "failed on the wire", remedy: Self.replug) }
    }
  }

  private func take(_ bytes: [UInt8], from session: USBSession, _ keyboard: ClaimedKeyboard) {
    guard var wedge = session.wedge else { return }
    session.wedge = nil
    let garbage = wedge.statistics.garbageReports
    perform(wedge.receive(report: bytes, at: listened))
    session.garbageRun = wedge.statistics.garbageReports > garbage ? session.garbageRun + 1 : 0
    session.wedge = wedge
    if session.garbageRun > 0 && session.garbageRun.isMultiple(of: Self.patientGarbage) { keyboard.allowance.drain() }
  }

  private func interrupted(_ session: USBSession, _ cause: String, _ what: String) {
    session.wedge?.interrupt(cause, at: listened)
    tell(session, kind: cause, what, remedy: Self.replug)
  }

  /// Reads again, the more slowly the more often it failed.
  private func retryRead(_ session: USBSession) {
    session.failedReads += 1
    if session.failedReads > Self.patientReads {
      giveUp(session, "keeps failing")
    } else if session.failedReads == 1 {
      restart(session)
    } else {
      session.retryAt = .now + .milliseconds(10 << session.failedReads)
    }
  }

  func restart(_ session: USBSession) {
    do {
      try session.keyboard?.read()
    } catch {
      readFailed(session, error)
    }
  }

  func readFailed(_ session: USBSession, _ fault: USBFault) {
    if fault.isGone { detach(session) } else { giveUp(session, "cannot be read (\(fault.message))") }
  }

  /// Closes the device, and claims it anew later.
  private func giveUp(_ session: USBSession, _ what: String) {
    if let rejected = session.wedge?.abandon("a device that \(what)") { events.yield(.rejected(rejected)) }
    release(session)
    session.retryAt = .now + Self.reclaimAfter
    announce(session, as: .faulty)
    tell(session, kind: "faulty", what, remedy: "Replug the scanner. It is tried again every 5 seconds.")
  }

  func noteThrottling(_ session: USBSession) {
    session.info.counters.throttlings += 1
    tell(
      session, kind: "babble", "babbles: read more slowly",
      remedy: "Unplug the scanner; if it does the same elsewhere, it is broken.")
  }

  func perform(_ actions: [KeyboardWedge.Action]) {
    for action in actions {
      switch action {
      case .scan(let scan): events.yield(.scan(scan))
      case .rejected(let rejected): events.yield(.rejected(rejected))
      }
    }
  }

  /// Tells of a fault, naming the device; one kind of fault of one device at most every ten seconds.
  func tell(_ session: USBSession, kind: String, _ what: String, remedy: String) {
    let now = ContinuousClock.now
    if let last = session.lastTold[kind], last.duration(to: now) < Self.tellEvery { return }
    session.lastTold[kind] = now
    events.yield(
      .fault(session.current, message: "\(session.info.name) (\(session.info.id)) \(what)", remedy: remedy))
  }
}
