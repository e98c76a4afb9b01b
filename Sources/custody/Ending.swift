import Foundation
import Station
import StationStore

/// How a command ends when it does not end well: a status, what happened, and what to do.
struct Ending: Error {
  /// 1 refused or found wanting, 2 wrong usage, 3 cannot reach, 4 internal fault.
  let status: Int32
  let message: String

  init(_ status: Int32, _ sentence: String, remedy: String? = nil) {
    self.status = status
    message = [sentence, remedy].compactMap { $0 }.joined(separator: "\n")
  }

  /// Any error as an ending.
  init(_ error: any Error) {
    switch error {
    case let ending as Ending:
      self = ending
    case let fault as StoreFault:
      let status: Int32 =
        switch fault {
        case .inUse, .unreachable, .foreignFolder, .newer: 3
        default: 4
        }
      self.init(status, fault.description, remedy: fault.remedy)
    default:
      self.init(4, "\(error)")
    }
  }

  func exit() -> Never {
    if !message.isEmpty { FileHandle.standardError.write(Data("custody: \(message)\n".utf8)) }
    Foundation.exit(status)
  }
}
