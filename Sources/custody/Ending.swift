import Backup
import BarcodeVision
import CentralStore
import Certificates
import DeviceProfiles
import Foundation
import LabelDesign
import LabelRendering
import Station
import StationStore

/// How a command ends when it does not end well: a status, what happened, and what to do.
struct Ending: Error {
  /// 0 nothing more to do, 1 refused or found wanting, 2 wrong usage, 3 cannot reach, 4 internal fault.
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
    case let fault as CentralFault:
      let status: Int32 =
        switch fault {
        case .databaseAddress: 2
        case .inUse, .unreachable, .unavailable, .databaseRefused: 3
        default: 4
        }
      self.init(status, fault.description, remedy: fault.remedy)
    case let fault as TLSFault:
      self.init(3, fault.description, remedy: fault.remedy)
    case let fault as BackupFault:
      let status: Int32 =
        switch fault {
        case .damaged, .stranger, .occupied, .foreignKey, .name: 1
        case .unreachable, .noRoom, .busy: 3
        }
      self.init(status, fault.description, remedy: fault.remedy)
    case let error as WatchedFolderError:
      self.init(3, error.description, remedy: error.remedy)
    case let fault as DeviceProfileFault:
      self.init(1, fault.description, remedy: "devices/README.md tells what a device folder holds.")
    case let fault as LabelFault:
      self.init(1, fault.description, remedy: "labels/README.md tells what a template holds.")
    case let refusal as LabelRefusal:
      self.init(1, refusal.sentence, remedy: refusal.remedy)
    case let fault as LabelRenderingFault:
      self.init(4, fault.description, remedy: fault.remedy)
    case let error as NSError where Self.isReaderGone(error):
      self.init(0, "")
    default:
      self.init(4, "\(error)")
    }
  }

  /// Whether output went to a pipe whose reader has seen enough, such as `head`: no fault, and nothing to say.
  private static func isReaderGone(_ error: NSError) -> Bool {
    if error.domain == NSPOSIXErrorDomain { return error.code == Int(EPIPE) }
    return (error.userInfo[NSUnderlyingErrorKey] as? NSError).map(isReaderGone) ?? false
  }

  func exit() -> Never {
    if !message.isEmpty { FileHandle.standardError.tell("custody: \(message)\n") }
    Foundation.exit(status)
  }
}
