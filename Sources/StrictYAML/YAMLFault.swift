import Yams

/// Why a YAML file cannot be used. Names the place.
public struct YAMLFault: Error, Hashable, Sendable, CustomStringConvertible {
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

  /// What the YAML reader found.
  init(_ error: any Error, file: String) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
      .composer(_, let problem, let mark, _)?:
      self.init(file: file, line: mark.line, message: "is no YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context)?:
      let names = duplicates.sorted().map { "`\($0)`" }.joined(separator: ", ")
      self.init(file: file, line: context.mark.line, message: "\(names) stands twice in this mapping")
    default: self.init(file: file, line: nil, message: "is no YAML: \(error)")
    }
  }
}
