import CLibUSB
import ScannerProtocols

/// Devices come, are claimed, and go.
extension USBEventLoop {
  /// Claims fail for a moment after a device arrived, while udev and the kernel still work on it.
  private static let firstRetry = Duration.milliseconds(50)
  private static let patientClaims = 6
  private static let slowRetry = Duration.seconds(5)
  private static let permissionRetry = Duration.seconds(2)

  func actOnNotices() {
    while !inbox.notices.isEmpty {
      for notice in inbox.take() {
        switch notice {
        case .arrived(let device):
          arrived(device)
          libusb_unref_device(device)
        case .left(let device):
          if let session = sessions[device] { detach(session) }
          libusb_unref_device(device)
        case .read(let keyboard, let status, let bytes):
          readEnded(keyboard, status: status, bytes: bytes)
        case .notRestarted(let keyboard, let code):
          guard let session = session(of: keyboard) else { continue }
          readFailed(session, USBFault(call: "libusb_submit_transfer", code: code))
        case .throttled(let keyboard):
          if let session = session(of: keyboard) { noteThrottling(session) }
        }
      }
      closeEnded()
    }
  }

  /// Does what is due: ends silent scans, claims and reads again.
  func actOnTime() {
    let now = ContinuousClock.now
    for session in Array(sessions.values) {
      if let actions = session.wedge?.tick(at: listened) { perform(actions) }
      if let keyboard = session.keyboard, keyboard.isThrottled, keyboard.allowance.mayResume { restart(session) }
      if let retryAt = session.retryAt, now >= retryAt {
        session.retryAt = nil
        if session.keyboard == nil { claim(session) } else { restart(session) }
      }
    }
    closeEnded()
  }

  func session(of keyboard: ClaimedKeyboard) -> USBSession? {
    guard let session = sessions[keyboard.device], session.keyboard === keyboard else { return nil }
    return session
  }

  private func arrived(_ device: OpaquePointer) {
    guard sessions[device] == nil, let session = USBSession(device, profiles: profiles) else { return }
    sessions[device] = session
    if session.profile == nil { announce(session) } else { claim(session) }
  }

  private func claim(_ session: USBSession) {
    guard let profile = session.profile else { return }
    guard let endpoint = session.endpoint else {
      announce(session, as: .faulty)
      tell(
        session, kind: "mode", "has no keyboard interface",
        remedy: "Set the scanner to keyboard mode (USB HID keyboard) with its manual's set-up barcode.")
      return
    }
    do {
      session.keyboard = try ClaimedKeyboard(session.device, endpoint: endpoint, inbox: inbox)
    } catch {
      claimFailed(session, error)
      return
    }
    session.failedClaims = 0
    session.failedReads = 0
    if case .keyboard(let configuration) = profile.deviceProtocol {
      // Counters go on when a faulty device is claimed again.
      session.wedge = session.wedge ?? KeyboardWedge(deviceID: session.info.id, configuration: configuration)
    }
    announce(session, as: .claimed)
  }

  private func claimFailed(_ session: USBSession, _ fault: USBFault) {
    session.failedClaims += 1
    if fault.isPermission {
      announce(session, as: .noPermission)
      if session.failedClaims == 1 {
        tell(
          session, kind: "permission", "may not be opened (\(fault.message))",
          remedy: UdevRule.remedy(vendorID: session.info.vendorID, productID: session.info.productID))
      }
      session.retryAt = .now + Self.permissionRetry
    } else if session.failedClaims < Self.patientClaims {
      session.retryAt = .now + Self.firstRetry * (1 << (session.failedClaims - 1))
    } else {
      if session.failedClaims == Self.patientClaims {
        announce(session, as: .faulty)
        tell(
          session, kind: "claim", "cannot be claimed (\(fault.message))",
          remedy: "End the program that uses the scanner, or replug it.")
      }
      session.retryAt = .now + Self.slowRetry
    }
  }

  /// Tells of a device, once; later of its new state.
  func announce(_ session: USBSession, as state: USBDevice.State? = nil) {
    let before = session.info.state
    if let state { session.info.state = state }
    if !session.isAnnounced {
      session.isAnnounced = true
      events.yield(.attached(session.current))
    } else if session.info.state != before {
      events.yield(.changed(session.current))
    }
  }

  /// The device is gone: what it had typed of a scan is handed over, and nothing of it is a scan.
  func detach(_ session: USBSession) {
    sessions[session.device] = nil
    let discarded = session.wedge?.vanish()
    release(session)
    events.yield(.detached(session.current, discarded: discarded))
  }

  /// Gives the device back as soon as its read has ended.
  func release(_ session: USBSession) {
    guard let keyboard = session.keyboard else { return }
    session.keyboard = nil
    keyboard.end()
    ending.append(keyboard)
  }

  func closeEnded() {
    for keyboard in ending where !keyboard.isReading { keyboard.close() }
    ending.removeAll { !$0.isReading }
  }
}
