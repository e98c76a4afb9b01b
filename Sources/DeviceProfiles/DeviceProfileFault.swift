/// Why a file of a device folder cannot be used. Names the place.
public struct DeviceProfileFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, as it was named.
  public let file: String
  /// The line, from 1; nil when the fault is of the file as a whole.
  public let line: Int?
  /// What is wrong, and what is wanted.
  public let message: String

  /// `FILE:LINE: message`.
  public var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(message)" }
}
