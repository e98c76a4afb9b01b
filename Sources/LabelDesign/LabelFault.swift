/// Why a file of a label folder cannot be used. Names the place.
public struct LabelFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, as it was named.
  public let file: String
  /// The line, from 1; nil when the fault is of the file as a whole.
  public let line: Int?
  /// What is wrong, and what is wanted.
  public let message: String

  /// A fault.
  public init(file: String, line: Int?, message: String) {
    self.file = file
    self.line = line
    self.message = message
  }

  /// `FILE:LINE: message`.
  public var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(message)" }
}
