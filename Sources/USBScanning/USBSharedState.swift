import CLibUSB
import Dispatch
import ScannerProtocols
import Synchronization

/// What the event thread and the callers of `USBScanners` share.
final class USBSharedState: Sendable {
  private struct Fields {
    var hasBegun = false
    var isStopping = false
    /// The libusb context while there is one, as an address: only `stop` and the event thread use it, under the lock.
    var context: UInt?
    var devices: [USBDevice] = []
    /// What operators have said since the event thread last looked.
    var adopted: [String: DeviceAdoption]?
    /// What is to be done with tags' memory, by the readers' ids, and not handed over yet.
    var jobs: [(device: String, job: TagMemoryJob)] = []
    /// Errands that have ended since the event thread last looked.
    var endedErrands: [Int] = []
    var status = USBScanningStatus.idle
  }

  private let fields = Mutex(Fields())
  private let stopped = DispatchSemaphore(value: 0)

  var devices: [USBDevice] { fields.withLock { $0.devices } }
  var status: USBScanningStatus { fields.withLock { $0.status } }
  var isStopping: Bool { fields.withLock { $0.isStopping } }

  /// False when it was begun before.
  func begin() -> Bool {
    fields.withLock { fields in
      defer { fields.hasBegun = true }
      return !fields.hasBegun
    }
  }

  /// Tells the event thread to end, and wakes it.
  func stop() {
    fields.withLock {
      $0.isStopping = true
      if let context = $0.context { libusb_interrupt_event_handler(OpaquePointer(bitPattern: context)) }
    }
    stopped.signal()
  }

  /// Tells the event thread which devices are adopted, and wakes it.
  func setAdopted(_ adopted: [String: DeviceAdoption]) {
    fields.withLock {
      $0.adopted = adopted
      if let context = $0.context { libusb_interrupt_event_handler(OpaquePointer(bitPattern: context)) }
    }
  }

  /// What was told since it was last taken.
  func takeAdopted() -> [String: DeviceAdoption]? {
    fields.withLock { fields in
      defer { fields.adopted = nil }
      return fields.adopted
    }
  }

  /// Hands a job to the event thread, and wakes it.
  func add(_ job: TagMemoryJob, on device: String) {
    fields.withLock {
      $0.jobs.append((device, job))
      if let context = $0.context { libusb_interrupt_event_handler(OpaquePointer(bitPattern: context)) }
    }
  }

  /// The jobs that were added since they were last taken.
  func takeJobs() -> [(device: String, job: TagMemoryJob)] {
    fields.withLock { fields in
      defer { fields.jobs = [] }
      return fields.jobs
    }
  }

  /// Tells the event thread that an errand has ended, and wakes it.
  func endErrand(_ number: Int) {
    fields.withLock {
      $0.endedErrands.append(number)
      if let context = $0.context { libusb_interrupt_event_handler(OpaquePointer(bitPattern: context)) }
    }
  }

  /// The errands that have ended since they were last taken.
  func takeEndedErrands() -> [Int] {
    fields.withLock { fields in
      defer { fields.endedErrands = [] }
      return fields.endedErrands
    }
  }

  /// Waits, without a libusb context, until `stop` or for the given time.
  func wait(seconds: Int) {
    _ = stopped.wait(timeout: .now() + .seconds(seconds))
  }

  /// Publishes the context, or its end; must be called before the context is freed.
  func setContext(_ context: OpaquePointer?) {
    let address = context.map { UInt(bitPattern: $0) }
    fields.withLock { $0.context = address }
  }

  func publish(_ devices: [USBDevice]) { fields.withLock { $0.devices = devices } }
  func publish(_ status: USBScanningStatus) { fields.withLock { $0.status = status } }
}
