import CLibUSB
import ScannerProtocols

/// Devices come, are claimed, and go.
extension USBEventLoop {
  /// Claims fail for a moment after a device arrived, while udev and the kernel still work on it.
  private static let firstRetry = Duration.milliseconds(50)
  private static let patientClaims = 6
  private static let slowRetry = Duration.seconds(5)
  private static let permissionRetry = Duration.seconds(2)
  /// How often, and after how long at first, a device is looked at that has just arrived: the kernel reads meanwhile what it is.
  private static let patientLooks = 6
  private static let nextLook = Duration.milliseconds(20)

  func actOnNotices() {
    while !inbox.notices.isEmpty {
      for notice in inbox.take() {
        switch notice {
        case .arrived(let device):
          arrived(device)
          libusb_unref_device(device)
        case .left(let device):
          if let session = sessions[device] { detach(session) }
          if undecided.removeValue(forKey: device) != nil { libusb_unref_device(device) }
          libusb_unref_device(device)
        case .controlled(let claimed, let status, let bytes):
          if let session = session(of: claimed) { controlled(session, status: status, bytes: bytes) }
        case .read(let claimed, let source, let status, let bytes):
          if let session = session(of: claimed) { readEnded(session, claimed, source, status: status, bytes: bytes) }
        case .haltCleared(let claimed, let code):
          if let session = session(of: claimed) { haltCleared(session, code: code) }
        case .notWritten(let claimed, let status):
          if let session = session(of: claimed) { notWritten(session, status: status) }
        case .notRestarted(let claimed, let code):
          guard let session = session(of: claimed) else { continue }
          readFailed(session, USBFault(call: "libusb_submit_transfer", code: code))
        case .throttled(let claimed):
          if let session = session(of: claimed) { noteThrottling(session) }
        }
      }
      closeEnded()
    }
  }

  /// Does what is due: ends silent scans, asks readers again, claims and reads again.
  func actOnTime() {
    let now = ContinuousClock.now
    for session in Array(sessions.values) {
      if let actions = session.conversation?.tick(at: listened) { perform(actions, session) }
      if let claimed = session.claimed, claimed.isThrottled, claimed.allowance.mayResume { restart(session) }
      if let listenAt = session.listenAt, now >= listenAt {
        session.listenAt = nil
        beginListening(session)
      }
      if let retryAt = session.retryAt, now >= retryAt {
        session.retryAt = nil
        if session.claimed == nil { claim(session) } else { restart(session) }
      }
    }
    for (device, waiting) in undecided where now >= waiting.due { look(at: device, looks: waiting.looks) }
    closeEnded()
  }

  /// Gives devices back whose profile has changed, and claims them by the new one.
  func followRules() {
    for session in Array(sessions.values) {
      guard session.follow(rules) || session.isListenedTo && !mayListen(session) else {
        planListening(session)
        continue
      }
      session.isListenedTo = false
      session.listenAt = nil
      (session.info.heard, session.info.unheard) = (nil, nil)
      if let rejected = session.conversation?.abandon("another profile") { events.yield(.rejected(rejected)) }
      release(session, properly: true)
      session.conversation = nil
      session.info.identity = nil
      session.failedClaims = 0
      session.retryAt = nil
      if session.profile == nil {
        leaveAlone(session)
      } else {
        announce(session, as: .claiming)
        claim(session)
      }
    }
    closeEnded()
  }

  func session(of claimed: ClaimedDevice) -> USBSession? {
    guard let session = sessions[claimed.device], session.claimed === claimed else { return nil }
    return session
  }

  private func arrived(_ device: OpaquePointer) {
    guard sessions[device] == nil, undecided[device] == nil else { return }
    libusb_ref_device(device)
    // What was there before us has been there long enough.
    look(at: device, looks: isListening ? 0 : Self.patientLooks)
  }

  /// Finds out whether a referenced device is one that could be read; later again, if that is not to be known yet.
  private func look(at device: OpaquePointer, looks: Int) {
    var mayChange = looks < Self.patientLooks
    let session = USBSession(device, rules: rules, mayChange: &mayChange)
    if session == nil, mayChange {
      undecided[device] = (looks + 1, .now + Self.nextLook * (1 << looks))
      return
    }
    undecided[device] = nil
    defer { libusb_unref_device(device) }
    guard let session else { return }
    sessions[device] = session
    if session.profile == nil {
      leaveAlone(session)
    } else {
      session.info.state = .claiming
      claim(session)
    }
  }

  /// Tells of a device that has no profile.
  private func leaveAlone(_ session: USBSession) {
    guard let unreadable = session.unreadable else {
      planListening(session)
      return announce(session, as: .adoptable)
    }
    fail(
      session, as: .faulty, kind: "descriptor", "cannot be read: \(unreadable)",
      remedy: "Set the scanner to keyboard or serial mode with its manual's set-up barcode, or update its firmware. "
        + "One of Honeywell's can be read all the same: give it the profile honeywell-hid-pos.")
  }

  func claim(_ session: USBSession) {
    guard let spoken = session.spoken, let kind = ProtocolKind(spoken.protocol) else { return }
    // The claim before has to be given back first.
    guard !ending.contains(where: { $0.device == session.device }) else {
      session.retryAt = .now + Self.firstRetry
      return
    }
    guard
      let plan = InterfacePlan(session.device, session.identifier, for: kind, interface: spoken.interface)
    else {
      fail(session, as: .faulty, kind: "mode", kind.absence.what, remedy: kind.absence.remedy)
      return
    }
    do throws(SerialLineFault) {
      session.setup = try Self.setup(of: plan, spoken.protocol)
    } catch {
      fail(session, as: .faulty, kind: "line", "cannot be set up: \(error)", remedy: "Correct its profile.")
      return
    }
    do throws(USBFault) {
      session.claimed = try ClaimedDevice(session.device, plan: plan, inbox: inbox, errands: errands)
      try nextRequest(session)
    } catch {
      release(session)
      claimFailed(session, error)
    }
  }

  /// What is requested before the first read.
  private static func setup(
    of plan: InterfacePlan, _ deviceProtocol: DeviceProtocol
  ) throws(SerialLineFault) -> [USBSession.SetupStep] {
    let interface = UInt8(plan.interfaces[0])
    if let line = deviceProtocol.line, let adapter = plan.adapter {
      return try adapter.requests(for: line).map { .init(request: $0, mayFail: false) }
    }
    if plan.hasBootProtocol {
      return [.init(request: .setProtocol(boot: true, interface: interface), mayFail: true)]
    }
    switch deviceProtocol {
    case .keyboard, .hidPOS(.descriptor):
      let length = plan.reportDescriptorLength ?? UInt16(HIDReportDescriptor.maximumLength)
      return [
        .init(
          request: .reportDescriptor(interface: interface, length: length), mayFail: false,
          bringsReportDescriptor: true)
      ]
    case .hidPOS(.honeywell):
      // A scanner of theirs that is in this mode already may refuse.
      return [.init(request: .setFeature(HIDPOSLayout.honeywellSwitch, interface: interface), mayFail: true)]
    default: return []
    }
  }

  /// Goes on with the set-up, or begins to read when nothing is left of it.
  private func nextRequest(_ session: USBSession) throws(USBFault) {
    guard let claimed = session.claimed else { return }
    if let step = session.setup.first {
      try claimed.control(step.request)
    } else {
      try ready(session, claimed)
    }
  }

  private func controlled(_ session: USBSession, status: libusb_transfer_status, bytes: [UInt8]) {
    guard !session.setup.isEmpty else { return }
    let step = session.setup.removeFirst()
    if status == LIBUSB_TRANSFER_NO_DEVICE { return detach(session) }
    guard status == LIBUSB_TRANSFER_COMPLETED || step.mayFail else {
      release(session)
      return claimFailed(
        session,
        USBFault(
          call: "control request \(step.request.request)",
          code: (status == LIBUSB_TRANSFER_STALL ? LIBUSB_ERROR_PIPE : LIBUSB_ERROR_IO).rawValue))
    }
    if step.bringsReportDescriptor { session.reportDescriptor = bytes }
    do throws(USBFault) {
      try nextRequest(session)
    } catch {
      if error.isGone { return detach(session) }
      release(session)
      claimFailed(session, error)
    }
  }

  private func ready(_ session: USBSession, _ claimed: ClaimedDevice) throws(USBFault) {
    guard let spoken = session.spoken else { return }
    let descriptor = claimed.plan.hasBootProtocol ? nil : session.reportDescriptor
    do throws(CaptureFault) {
      // Counters go on when a faulty device is claimed again.
      if session.conversation == nil {
        session.conversation =
          session.isListenedTo
          ? ListeningConversation()
          : try spoken.protocol.conversation(deviceID: session.info.id, reportDescriptor: descriptor)
      }
    } catch {
      release(session)
      fail(
        session, as: .faulty, kind: "descriptor", "cannot be read as \(spoken.protocol.name): \(error)",
        remedy: "Give it another profile, or set the scanner to another mode.")
      return
    }
    if records, let descriptor { events.yield(.recorded(session.info.id, .reportDescriptor(descriptor))) }
    try claimed.startReading(
      length: max(Int(claimed.plan.input.packetSize), KeyboardReport.length, session.conversation?.longestReport ?? 0))
    session.failedClaims = 0
    session.failedReads = 0
    announce(session, as: session.isListenedTo ? .listening : .claimed)
    if let actions = session.conversation?.start(at: listened) { perform(actions, session) }
  }

  private func claimFailed(_ session: USBSession, _ fault: USBFault) {
    if session.isListenedTo {
      return stopListening(
        session,
        fault.isPermission ? "the station may not open it" : "it cannot be opened (\(fault.message))", again: true)
    }
    session.failedClaims += 1
    if fault.isPermission {
      if session.failedClaims == 1 {
        fail(
          session, as: .noPermission, kind: "permission", "may not be opened (\(fault.message))",
          remedy: UdevRule.remedy(vendorID: session.info.vendorID, productID: session.info.productID))
      } else {
        announce(session, as: .noPermission)
      }
      session.retryAt = .now + Self.permissionRetry
    } else if session.failedClaims < Self.patientClaims {
      session.retryAt = .now + Self.firstRetry * (1 << (session.failedClaims - 1))
    } else {
      if session.failedClaims == Self.patientClaims {
        fail(
          session, as: .faulty, kind: "claim", "cannot be claimed (\(fault.message))",
          remedy:
            "End the program that uses the device, or replug it. The devices of a station that runs: custody devices "
            + "--data FOLDER.")
      }
      session.retryAt = .now + Self.slowRetry
    }
  }

  /// Tells of a device, once; later of its new state.
  func announce(_ session: USBSession, as state: USBDevice.State? = nil) {
    let before = session.info.state
    if let state { session.info.state = state }
    if let state, [.claimed, .adoptable, .claiming, .listening].contains(state) { session.info.fault = nil }
    if !session.isAnnounced {
      session.isAnnounced = true
      events.yield(.attached(session.current))
    } else if session.info.state != before {
      events.yield(.changed(session.current))
    }
  }

  /// The device is gone: what it had sent of a scan is handed over, and nothing of it is a scan.
  func detach(_ session: USBSession) {
    sessions[session.device] = nil
    let discarded = session.conversation?.vanish()
    release(session)
    events.yield(.detached(session.current, discarded: discarded))
  }

  /// Gives the device back as soon as its transfers have ended; `properly` where it is well, and may be told that nobody listens
  /// any more.
  func release(_ session: USBSession, properly: Bool = false) {
    session.setup = []
    guard let claimed = session.claimed else { return }
    if properly { claimed.farewell = session.conversation?.farewell ?? [] }
    session.claimed = nil
    claimed.end()
    ending.append(claimed)
  }

  func closeEnded() {
    for claimed in ending { claimed.close() }
    ending.removeAll { $0.isClosed }
  }
}
