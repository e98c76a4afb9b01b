import CLibUSB
import ScannerProtocols

/// What the event thread does: waits for libusb, acts on what it heard, and ends scans that fell silent.
final class USBEventLoop {
  private(set) var rules: DeviceRules
  /// Whether every transfer is told.
  let records: Bool
  let shared: USBSharedState
  let events: EventOutbox
  let inbox = ReportInbox()
  let errands: USBErrands
  /// By libusb's device pointer, which stays the same from arrival to leaving.
  var sessions: [OpaquePointer: USBSession] = [:]
  /// Devices that the kernel may not have looked at yet: how often they were looked at, and when that is done again. Each is referenced.
  var undecided: [OpaquePointer: (looks: Int, due: ContinuousClock.Instant)] = [:]
  /// Whether what was plugged in at the begin has been seen.
  private(set) var isListening = false
  /// Devices that wait for their last transfer to come back.
  var ending: [ClaimedDevice] = []
  /// How long devices have been listened to. Stands still while this thread does anything else, so that a machine
  /// that is too busy to listen does not take that for the end of a scan.
  var listened: Duration = .zero

  private static let retrySeconds = 5
  private static let longestWait = Duration.seconds(60)

  init(
    rules: DeviceRules, records: Bool, shared: USBSharedState, events: AsyncStream<USBScanningEvent>.Continuation
  ) {
    self.rules = rules
    self.records = records
    self.shared = shared
    errands = USBErrands(shared)
    self.events = EventOutbox(events)
  }

  /// Runs until `shared` is stopped.
  func run() {
    var lastReason: String?
    while !shared.isStopping {
      do {
        try listen()
      } catch {
        let reason = error.message
        publish(.unavailable(reason))
        if reason != lastReason {
          events.yield(
            .fault(
              nil, message: "USB cannot be used: \(reason)",
              remedy: "Scanners work as soon as it can; it is tried every \(Self.retrySeconds) seconds. "
                + "In a container, pass /dev/bus/usb and /run/udev through."))
        }
        lastReason = reason
        events.flush()
        shared.wait(seconds: Self.retrySeconds)
      }
    }
    publish(.stopped)
  }

  private func listen() throws(USBFault) {
    var created: OpaquePointer?
    try USBFault.check(libusb_init(&created), "libusb_init")
    guard let context = created else { throw USBFault(call: "libusb_init", code: LIBUSB_ERROR_OTHER.rawValue) }
    shared.setContext(context)
    defer {
      closeAll(context)
      shared.setContext(nil)
      // An errand that the kernel never came back from has a device of this context in its hands.
      if errands.isIdle { libusb_exit(context) }
    }
    guard libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG.rawValue) != 0 else {
      throw USBFault(call: "hot-plug", code: LIBUSB_ERROR_NOT_SUPPORTED.rawValue)
    }
    // Inbox and loop outlive the context, and with it the callback.
    var registration: libusb_hotplug_callback_handle = 0
    try USBFault.check(
      libusb_hotplug_register_callback(
        context, Int32(LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue),
        Int32(LIBUSB_HOTPLUG_ENUMERATE.rawValue), LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
        LIBUSB_HOTPLUG_MATCH_ANY,
        { _, device, event, inbox in
          guard let device, let inbox else { return 0 }
          libusb_ref_device(device)
          let arrived = event == LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED
          Unmanaged<ReportInbox>.fromOpaque(inbox).takeUnretainedValue().append(
            arrived ? .arrived(device) : .left(device))
          return 0
        }, Unmanaged.passUnretained(inbox).toOpaque(), &registration),
      "libusb_hotplug_register_callback")
    actOnNotices()
    publish(.listening(relevant: sessions.count))
    isListening = true
    while !shared.isStopping {
      try wait(context)
      errands.followUp()
      actOnNotices()
      if let adopted = shared.takeAdopted() {
        rules.adopted = adopted
        followRules()
      }
      for (device, job) in shared.takeJobs() { perform(job, on: device) }
      actOnTime()
      publishDevices()
    }
  }

  private func wait(_ context: OpaquePointer) throws(USBFault) {
    let clock = ContinuousClock()
    let longest = longestWait(from: clock.now)
    let (seconds, attoseconds) = longest.components
    var timeout = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    let start = clock.now
    let code = libusb_handle_events_timeout_completed(context, &timeout, nil)
    let elapsed = start.duration(to: clock.now)
    for session in sessions.values { session.claimed?.allowance.refill(after: elapsed) }
    if inbox.notices.isEmpty {
      listened += min(elapsed, longest)
    } else {
      // What came came in time, however late this thread was woken.
      listened += min(elapsed, max(.zero, longest - .milliseconds(1)))
    }
    if code != LIBUSB_ERROR_INTERRUPTED.rawValue { try USBFault.check(code, "libusb_handle_events") }
  }

  private func longestWait(from now: ContinuousClock.Instant) -> Duration {
    var longest = Self.longestWait
    for session in sessions.values {
      // A microsecond more: timeval cuts off what is finer.
      if let deadline = session.conversation?.deadline {
        longest = min(longest, deadline - listened + .microseconds(1))
      }
      if let retryAt = session.retryAt { longest = min(longest, now.duration(to: retryAt) + .microseconds(1)) }
      if let listenAt = session.listenAt { longest = min(longest, now.duration(to: listenAt) + .microseconds(1)) }
      if let claimed = session.claimed, claimed.isThrottled {
        longest = min(longest, claimed.allowance.untilResume + .milliseconds(1))
      }
    }
    for (_, due) in undecided.values { longest = min(longest, now.duration(to: due) + .microseconds(1)) }
    return max(.zero, longest)
  }

  /// Ends every transfer, waits for the last of them, and gives the devices back.
  private func closeAll(_ context: OpaquePointer) {
    isListening = false
    for device in undecided.keys { libusb_unref_device(device) }
    undecided = [:]
    for session in sessions.values { release(session, properly: true) }
    sessions = [:]
    let giveUp = ContinuousClock.now + .seconds(2)
    closeEnded()
    while !(ending.isEmpty && errands.isIdle) && ContinuousClock.now < giveUp {
      var timeout = timeval(tv_sec: 0, tv_usec: 20_000)
      libusb_handle_events_timeout_completed(context, &timeout, nil)
      errands.followUp()
      closeEnded()
    }
    // What never came back stays open: closing it under a read in flight is undefined. The process is ending.
    ending = []
    for notice in inbox.take() {
      if case .arrived(let device) = notice { libusb_unref_device(device) }
      if case .left(let device) = notice { libusb_unref_device(device) }
    }
    publishDevices()
  }

  /// Shows the devices as they are now, then tells what happened.
  func publishDevices() {
    defer { events.flush() }
    let devices = sessions.values.map(\.current).sorted { ($0.port, $0.address) < ($1.port, $1.address) }
    shared.publish(devices)
    if case .listening(let before) = shared.status, before != devices.count {
      shared.publish(.listening(relevant: devices.count))
    }
  }

  private func publish(_ status: USBScanningStatus) {
    shared.publish(status)
    events.yield(.status(status))
    publishDevices()
  }
}
