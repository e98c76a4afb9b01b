import CLibUSB
import ScannerProtocols

/// Reads bring scans and tags, or fail.
extension USBEventLoop {
  /// Reads that may fail one after the other before the device counts as faulty.
  private static let patientReads = 5
  /// Garbage reports in a row before the device is read more slowly, whatever its speed.
  private static let patientGarbage = 1_000
  private static let reclaimAfter = Duration.seconds(5)
  private static let tellEvery = Duration.seconds(10)
  private static let wireFaults: Set<String> = ["stall", "overflow", "error", "babble"]
  private static let replug =
    "Nothing, if it stays alone. If it keeps happening, replug the scanner or use another cable or port."

  func readEnded(
    _ session: USBSession, _ claimed: ClaimedDevice, _ source: DeviceSource, status: libusb_transfer_status,
    bytes: [UInt8]
  ) {
    switch status {
    case LIBUSB_TRANSFER_COMPLETED:
      session.failedReads = 0
      if bytes.isEmpty {
        session.info.counters.emptyTransfers += 1
      } else {
        take(bytes, from: session, claimed, source)
      }
    case LIBUSB_TRANSFER_NO_DEVICE:
      detach(session)
    case LIBUSB_TRANSFER_STALL:
      session.info.counters.stalls += 1
      interrupted(session, "stall", "stalled; the stall is being cleared")
      claimed.clearHalt(source)
    case LIBUSB_TRANSFER_OVERFLOW:
      session.info.counters.overflows += 1
      interrupted(session, "overflow", "sent more than its endpoint may")
      retryRead(session)
    case LIBUSB_TRANSFER_TIMED_OUT:
      retryRead(session)
    default:
      // An unplugged device may first fail like this, and be gone only when it is read again.
      session.info.counters.errors += 1
      session.conversation?.interrupt("transfer error", at: listened)
      retryRead(session)
      if sessions[session.device] != nil { tell(session, kind: "error", "failed on the wire", remedy: Self.replug) }
    }
  }

  func haltCleared(_ session: USBSession, code: Int32) {
    if code < 0 {
      readFailed(session, USBFault(call: "libusb_clear_halt", code: code))
    } else {
      retryRead(session)
    }
  }

  private func take(_ bytes: [UInt8], from session: USBSession, _ claimed: ClaimedDevice, _ source: DeviceSource) {
    guard var conversation = session.conversation else { return }
    session.conversation = nil
    let garbage = conversation.statistics?.garbageReports ?? 0
    var content = bytes
    if source == .main, let adapter = claimed.plan.adapter {
      let line = adapter.receive(bytes)
      content = line.bytes
      if let fault = line.faults.first {
        session.info.counters.errors += 1
        conversation.interrupt("\(fault.rawValue) on the line", at: listened)
      }
    }
    if records, !content.isEmpty { events.yield(.recorded(session.info.id, .transfer(content))) }
    // An FTDI chip sends its status again and again, without a byte of the line.
    let actions = content.isEmpty ? [] : conversation.receive(content, from: source, at: listened)
    session.garbageRun = (conversation.statistics?.garbageReports ?? 0) > garbage ? session.garbageRun + 1 : 0
    session.conversation = conversation
    if session.garbageRun > 0 && session.garbageRun.isMultiple(of: Self.patientGarbage) { claimed.allowance.drain() }
    perform(actions, session)
  }

  /// What was to be sent was not taken: the device is closed, and claimed anew later.
  func notWritten(_ session: USBSession, status: libusb_transfer_status) {
    if status == LIBUSB_TRANSFER_NO_DEVICE { return detach(session) }
    session.info.counters.errors += 1
    giveUp(session, "does not take what is sent to it")
  }

  private func interrupted(_ session: USBSession, _ cause: String, _ what: String) {
    session.conversation?.interrupt(cause, at: listened)
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
      try session.claimed?.read()
    } catch {
      readFailed(session, error)
    }
  }

  func readFailed(_ session: USBSession, _ fault: USBFault) {
    if fault.isGone { detach(session) } else { giveUp(session, "cannot be read (\(fault.message))") }
  }

  /// Closes the device, and claims it anew later.
  private func giveUp(_ session: USBSession, _ what: String) {
    if session.isListenedTo { return stopListening(session, "it \(what)", again: true) }
    if let rejected = session.conversation?.abandon("a device that \(what)") { events.yield(.rejected(rejected)) }
    release(session)
    session.retryAt = .now + Self.reclaimAfter
    fail(session, as: .faulty, kind: "faulty", what, remedy: "Replug the scanner. It is tried again every 5 seconds.")
  }

  func noteThrottling(_ session: USBSession) {
    session.info.counters.throttlings += 1
    if session.isListenedTo { return stopListening(session, "it sends without a pause", again: false) }
    tell(
      session, kind: "babble", "babbles: read more slowly",
      remedy: "Unplug the scanner; if it does the same elsewhere, it is broken.")
  }

  func perform(_ actions: [DeviceAction], _ session: USBSession) {
    for action in actions {
      switch action {
      case .scan(let scan):
        session.info.fault = nil
        events.yield(.scan(scan))
      case .rejected(let rejected): events.yield(.rejected(rejected))
      case .tags(let tags):
        // What failed on the wire is over; what the reader says of itself it takes back itself.
        if !tags.isEmpty, Self.wireFaults.contains(session.faultKind) { clearFault(session) }
        events.yield(.tags(session.info.id, tags))
      case .well: clearFault(session)
      case .send(let bytes):
        do {
          try session.claimed?.send(bytes)
        } catch {
          return readFailed(session, error)
        }
      case .identified(let identity):
        session.info.identity = [identity.model, identity.firmware].compactMap(\.self).joined(separator: ", ")
        session.info.state = .claimed
        session.info.fault = nil
        events.yield(.changed(session.current))
      case .heard(let heard):
        session.info.heard = heard
        events.yield(.changed(session.current))
      case .fault(let text): tell(session, kind: text, "says: \(text)", remedy: "Mend it; reading goes on meanwhile.")
      case .lost:
        // It is asked again and again: that it still does not answer is no news.
        if session.info.state == .silent { continue }
        fail(
          session, as: .silent, kind: "silent", "does not answer",
          remedy: "Check its power and its profile (baud rate, protocol). It is asked again every few seconds.")
      case .finished(let job, let outcome): events.yield(.finished(session.info.id, job, outcome))
      }
    }
  }

  private func clearFault(_ session: USBSession) {
    guard session.info.fault != nil, session.info.state == .claimed else { return }
    session.info.fault = nil
    session.faultKind = ""
    events.yield(.changed(session.current))
  }

  /// Asks a reader for something to be done with a tag's memory.
  func perform(_ job: TagMemoryJob, on device: String) {
    guard let session = sessions.values.first(where: { $0.info.id == device }), session.claimed != nil,
      let actions = session.conversation?.perform(job, at: listened)
    else {
      events.yield(.finished(device, job, .impossible(.unsupported("\(device) is no reader that is read now"))))
      return
    }
    perform(actions, session)
  }

  /// Tells of a device that cannot be read: whoever is told its state is told why as well.
  func fail(_ session: USBSession, as state: USBDevice.State, kind: String, _ what: String, remedy: String) {
    session.info.fault = Self.fault(session, what, remedy)
    announce(session, as: state)
    tell(session, kind: kind, what, remedy: remedy)
  }

  private static func fault(_ session: USBSession, _ what: String, _ remedy: String) -> USBDevice.Fault {
    USBDevice.Fault(message: "\(session.info.name) (\(session.info.id)) \(what)", remedy: remedy)
  }

  /// Tells of a fault, naming the device; one kind of fault of one device at most every ten seconds.
  func tell(_ session: USBSession, kind: String, _ what: String, remedy: String) {
    let fault = Self.fault(session, what, remedy)
    session.info.fault = fault
    session.faultKind = kind
    let now = ContinuousClock.now
    if let last = session.lastTold[kind], last.duration(to: now) < Self.tellEvery { return }
    session.lastTold[kind] = now
    events.yield(
      .fault(session.current, message: fault.message, remedy: remedy))
  }
}
