/// Why a camera gives no pictures.
public enum CameraFault: Error, Sendable, Equatable {
  /// There is no `ffmpeg` on the path.
  case ffmpegMissing
  /// The device or file is not there.
  case missing(path: String)
  /// The permissions do not let us open the device or file.
  case permissionDenied(path: String, isDevice: Bool)
  /// ffmpeg could not be started; `code` is the `errno`.
  case notStarted(code: Int32)
  /// The source ended; with the last thing that ffmpeg said of it, without secrets, if it said anything.
  case ended(words: String?)
  /// No frame came for so long.
  case silent(Duration)
  /// What came is no stream of frames.
  case garbled
}

extension CameraFault: CustomStringConvertible {
  /// One sentence that says what is wrong.
  public var description: String {
    switch self {
    case .ffmpegMissing: "The program ffmpeg, which takes pictures from cameras, is not installed."
    case .missing(let path): "There is no \(path)."
    case .permissionDenied(let path, _): "Permission to open \(path) is denied."
    case .notStarted(let code): "ffmpeg could not be started (system error \(code))."
    case .ended(let words): "The stream ended" + (words.map { ": \($0)" } ?? ".")
    case .silent(let time):
      switch Int((time / .seconds(1)).rounded(.up)) {
      case 1: "No picture came for 1 second."
      case let seconds: "No picture came for \(seconds) seconds."
      }
    case .garbled: "What came is no stream of pictures, or its pictures are too large."
    }
  }

  /// One sentence that says what to do about it.
  public var remedy: String {
    switch self {
    case .ffmpegMissing: "Install it: sudo apt-get install ffmpeg. The camera then starts by itself."
    case .missing: "Plug the camera in, or correct its path; `custody devices` lists the cameras of this machine."
    case .permissionDenied(_, true):
      "Put the station's user into the group video (sudo usermod -aG video USER) and start anew."
    case .permissionDenied(_, false): "Give the station's user permission to read it."
    case .notStarted: "Free some memory or processes; it is tried again."
    case .ended(let words?) where words.contains("401") || words.contains("403"):
      "Check the user name and password in the camera's address."
    case .ended(let words?) where words.contains("Device or resource busy"):
      "Another program uses the camera: end that."
    case .ended, .silent: "Check that the camera is on and reachable, and its address; it is tried again."
    case .garbled: "Check that the address is that of the camera's video."
    }
  }
}
