import Foundation
import Synchronization

/// What may keep whoever asks for it waiting, each on a thread of its own: the kernel answers some calls only when a device has
/// answered, and one that is dead is waited for for seconds. Lives on the event thread, which goes on meanwhile.
///
/// An errand must not handle libusb's events, as its synchronous transfers do: callbacks run on the event thread alone.
final class USBErrands {
  private let shared: USBSharedState
  private var next = 0
  /// What follows each errand that is under way.
  private var following: [Int: () -> Void] = [:]

  init(_ shared: USBSharedState) { self.shared = shared }

  var isIdle: Bool { following.isEmpty }

  /// Does `work` on another thread, then `follow` with its result on this one.
  func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value, then follow: @escaping (Value) -> Void) {
    let number = next
    next += 1
    let result = ErrandResult<Value>()
    following[number] = { if let value = result.value.withLock({ $0 }) { follow(value) } }
    let thread = Thread { [shared] in
      let value = work()
      result.value.withLock { $0 = value }
      shared.endErrand(number)
    }
    thread.name = "custody-usb-errand"
    thread.start()
  }

  /// Does what follows the errands that have ended.
  func followUp() {
    for number in shared.takeEndedErrands() { following.removeValue(forKey: number)?() }
  }
}

private final class ErrandResult<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
}
