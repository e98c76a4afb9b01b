import Foundation
import ScannerProtocols

/// The scanners and readers that are plugged into this machine.
///
/// One thread talks to libusb. A device is claimed, and taken away from the console, only when a profile claims it or an
/// operator has adopted it; any other keyboard or serial device is listed, and nothing is said to it. A machine without USB is no fault: the status says so, and it keeps waiting.
public final class USBScanners: Sendable {
  /// What happens, in order; for one consumer. Nothing is dropped: a consumer that falls behind finds everything later.
  public let events: AsyncStream<USBScanningEvent>

  private let continuation: AsyncStream<USBScanningEvent>.Continuation
  private let rules: DeviceRules
  private let shared = USBSharedState()

  /// Scanners and readers of the given profiles; the first profile that claims a device counts.
  ///
  /// - Parameter adopted: profiles' ids by devices' ids, as operators have said. It goes before the profiles' own claims; an
  ///   empty id leaves a device alone.
  public init(profiles: [DeviceProfile], adopted: [String: String] = [:]) {
    rules = DeviceRules(profiles: profiles, adopted: adopted)
    (events, continuation) = AsyncStream.makeStream(of: USBScanningEvent.self)
  }

  /// The devices as they are now, ordered by port.
  public func devices() -> [USBDevice] { shared.devices }

  /// Whether devices are heard of.
  public var status: USBScanningStatus { shared.status }

  /// Says anew which devices are adopted; devices whose profile changes are given back, and claimed by the new one.
  public func setAdopted(_ adopted: [String: String]) { shared.setAdopted(adopted) }

  /// Reads scanners until the task is cancelled, then gives every device back to the kernel, finishes `events` and
  /// returns.
  ///
  /// - Throws: `USBScanningError.ranBefore` when called a second time.
  public func run() async throws {
    guard shared.begin() else { throw USBScanningError.ranBefore }
    await withTaskCancellationHandler {
      await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
        let thread = Thread { [shared, rules, continuation] in
          USBEventLoop(rules: rules, shared: shared, events: continuation).run()
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
