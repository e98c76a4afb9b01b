import Foundation
import ScannerProtocols

/// The scanners and readers that are plugged into this machine.
///
/// One thread talks to libusb. A device is claimed, and taken away from the console, only when a profile claims it or an
/// operator has adopted it; any other keyboard or serial device is listed, and nothing is said to it; serial ones
/// are listened to, if that is wanted. A machine without USB is no fault: the status says so, and it keeps waiting.
public final class USBScanners: Sendable {
  /// What happens, in order; for one consumer. Nothing is dropped: a consumer that falls behind finds everything later.
  public let events: AsyncStream<USBScanningEvent>

  private let continuation: AsyncStream<USBScanningEvent>.Continuation
  private let rules: DeviceRules
  private let records: Bool
  private let shared = USBSharedState()

  /// Scanners and readers of the given profiles; the first profile that claims a device counts.
  ///
  /// - Parameters:
  ///   - adopted: what operators have said, by devices' ids. It goes before the profiles' own claims.
  ///   - listens: whether devices on a serial line are listened to that nobody has said anything of. Nothing is sent to them.
  ///   - records: whether `events` tells every transfer too.
  public init(
    profiles: [DeviceProfile], adopted: [String: DeviceAdoption] = [:], listens: Bool = false, records: Bool = false
  ) {
    rules = DeviceRules(profiles: profiles, adopted: adopted, listens: listens)
    self.records = records
    (events, continuation) = AsyncStream.makeStream(of: USBScanningEvent.self)
  }

  /// The devices as they are now, ordered by port.
  public func devices() -> [USBDevice] { shared.devices }

  /// Whether devices are heard of.
  public var status: USBScanningStatus { shared.status }

  /// Says anew which devices are adopted; devices whose profile changes are given back, and claimed by the new one.
  public func setAdopted(_ adopted: [String: DeviceAdoption]) { shared.setAdopted(adopted) }

  /// Has a reader read or write a tag's memory. `events` tells how it ended, also where there is no such reader.
  public func perform(_ job: TagMemoryJob, on device: String) { shared.add(job, on: device) }

  /// Reads scanners until the task is cancelled, then gives every device back to the kernel, finishes `events` and
  /// returns.
  ///
  /// - Throws: `USBScanningError.ranBefore` when called a second time.
  public func run() async throws {
    guard shared.begin() else { throw USBScanningError.ranBefore }
    await withTaskCancellationHandler {
      await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
        let thread = Thread { [shared, rules, records, continuation] in
          USBEventLoop(rules: rules, records: records, shared: shared, events: continuation).run()
          ended.resume()
        }
        thread.name = "custody-usb"
        thread.start()
      }
    } onCancel: {
      shared.stop()
    }
    continuation.finish()
  }
}

/// Misuse of `USBScanners`.
public enum USBScanningError: Error, Hashable, Sendable {
  /// `run()` was called twice; make another `USBScanners`.
  case ranBefore
}
