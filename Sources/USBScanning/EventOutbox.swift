/// What the event thread has to tell, kept back until the devices that it tells of can be asked for as they are now: who hears
/// that a device has gone, and asks for the devices, must not find it among them. Used on the event thread alone.
final class EventOutbox {
  private let events: AsyncStream<USBScanningEvent>.Continuation
  private var waiting: [USBScanningEvent] = []

  init(_ events: AsyncStream<USBScanningEvent>.Continuation) { self.events = events }

  func yield(_ event: USBScanningEvent) { waiting.append(event) }

  /// Tells all of it, in order.
  func flush() {
    for event in waiting { events.yield(event) }
    waiting = []
  }
}
