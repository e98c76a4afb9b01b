import LabelDesign

/// A connection that takes bytes to a printer and brings bytes back. Made open; closed once.
protocol PrinterLink: Sendable {
  /// Sends all of it. Never throws: tells how many bytes went out at most, and what ended it, if it was not the last of them.
  func send(_ bytes: [UInt8], patience: Duration, clock: any Clock<Duration>) async -> (
    bytesSent: Int, fault: LinkFault?
  )
  /// What the printer sends.
  var inbox: LinkInbox { get }
  /// Says that nothing more comes, and waits until what was sent is taken, as far as the connection can tell.
  func finish(patience: Duration, clock: any Clock<Duration>) async -> LinkFault?
  /// What the connection itself can say of the printer, beside what the printer says; nil when it can say nothing.
  func portStatus() async -> PrinterStatus?
  func close() async
}
