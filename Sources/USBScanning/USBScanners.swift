import Foundation
import ScannerProtocols

/// The scanners that are plugged into this machine.
///
/// One thread talks to libusb. A device is claimed, and taken away from the console, only when it matches a profile; any
/// other keyboard is listed and left alone. A machine without USB is no fault: the status says so, and it keeps waiting.
public final class USBScanners: Sendable {
  /// What happens, in order; for one consumer. Nothing is dropped: a consumer that falls behind finds everything later.
  public let events: AsyncStream<USBScanningEvent>

  private let continuation: AsyncStream<USBScanningEvent>.Continuation
  private let profiles: [DeviceProfile]
  private let shared = USBSharedState()

  /// Scanners of the given profiles; the first profile that matches a device counts.
  public init(profiles: [DeviceProfile]) {
    self.profiles = profiles
    (events, continuation) = AsyncStream.makeStream(of: USBScanningEvent.self)
  }

  /// The devices as they are now, ordered by port.
  public func devices() -> [USBDevice] { shared.devices }

  /// Whether devices are heard of.
  public var status: USBScanningStatus { shared.status }

  /// Reads scanners until the task is cancelled, then gives every device back to the kernel, finishes `events` and
  /// returns.
  ///
  /// - Throws: `USBScanningError.ranBefore` when called a second time.
  public func run() async throws {
    guard shared.begin() else { throw USBScanningError.ranBefore }
    await withTaskCancellationHandler {
      await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
        let thread = Thread { [shared, profiles, continuation] in
          USBEventLoop(profiles: profiles, shared: shared, events: continuation).run()
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
