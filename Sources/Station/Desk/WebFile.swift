import Foundation

/// A file that ships with the station: templates, style sheet, script, the API's description.
enum WebFile: String, CaseIterable {
  case openAPI = "openapi.json"
  case styleSheet = "desk.css"
  case script = "desk.js"
  case cartonScript = "carton.js"
  case signatureScript = "signature.js"
  case cameraScript = "camera.js"
  case tagsScript = "tags.js"
  case devicesScript = "devices.js"
  case labelsScript = "labels.js"
  case phoneScript = "phone.js"
  case phoneQueueScript = "phone-queue.js"
  case phoneCountScript = "phone-count.js"
  case phoneSignScript = "phone-sign.js"
  case phoneWorker = "phone-worker.js"
  case phoneApp = "phone.webmanifest"
  case disposalScript = "disposal.js"
  case countScript = "count.js"
  case searchScript = "search.js"
  case listenScript = "listen.js"
  case icon = "icon.svg"

  /// Where the files lie: beside the executable, or in the build folder.
  static let folder = Bundle.module.bundlePath + "/Web"

  /// The file's bytes; throws when the installation is incomplete.
  func bytes() throws -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(fileURLWithPath: Self.folder + "/" + rawValue)))
    } catch {
      throw InstallationFault(file: rawValue)
    }
  }
}

/// A file that should have come with the executable is not there.
struct InstallationFault: Error, CustomStringConvertible {
  let file: String

  var description: String {
    "The file \(file) is missing beside the executable: copy the whole build folder, with its .resources, or build again."
  }
}
