import ScannerProtocols

/// How it stands with a network reader.
public struct ReaderStatus: Hashable, Sendable {
  /// Where it has come to.
  public enum Phase: String, Hashable, Sendable {
    /// Not started, or stopped.
    case off
    /// A connection is being made.
    case connecting
    /// Connected; it is asked what it can do and told what to do.
    case settingUp
    /// It looks for tags.
    case reading
    /// It cannot be used; tried again by itself.
    case lost
  }

  /// Where it has come to.
  public var phase = Phase.off
  /// Why it is lost; or, while it reads, what is wrong that does not stop it. A sentence without its full stop.
  public var reason: String?
  /// What to do about the reason.
  public var remedy: String?
  /// What the reader can do; nil before it has said so. Kept while it is lost.
  public var capabilities: LLRPCapabilities?
  /// Antennas of which the reader has told that they are, or are not, plugged in.
  public var antennas: [Int: Bool] = [:]
  /// Connections that were made.
  public var connections = 0
  /// Attempts in a row that came to nothing.
  public var failures = 0

  /// Of a reader that was not started.
  public init() {}

  /// Its maker by IANA's number, as far as known here.
  public var maker: String? {
    switch capabilities?.manufacturer {
    // A reader that does not say who made it.
    case nil, 0?: nil
    case 25_882?: "Impinj"
    case 161?: "Zebra"
    case let other?: "maker \(other)"
    }
  }
}
