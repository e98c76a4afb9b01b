/// Where a camera's pictures come from, as the settings name it.
///
/// | form | what |
/// |---|---|
/// | `/dev/video0`, `v4l2:/dev/video0?size=1280x720&rate=30&format=mjpeg` | a camera of this machine (V4L2) |
/// | `rtsp://…`, `rtsps://…` | a network camera |
/// | `http://…`, `https://…` | MJPEG over HTTP |
/// | `file:PATH`, `file:PATH?loop` | a video or picture file, once or for ever, at the speed at which it was taken |
public enum CameraSource: Sendable, Equatable {
  /// What a V4L2 device is asked for; what is nil is left to its driver.
  public struct Mode: Sendable, Equatable {
    /// Pixels, 16 to 8192 a side.
    public var width: Int?
    public var height: Int?
    /// Frames a second, 1 to 240.
    public var rate: Int?
    /// How the device packs its frames, such as `mjpeg` or `yuyv422`.
    public var format: String?

    /// A mode that leaves everything to the driver.
    public init() {}
  }

  case device(path: String, Mode)
  case rtsp(url: String)
  case http(url: String)
  case file(path: String, loops: Bool)

  /// Reads a source as it stands in the settings; throws what is wrong with it.
  public init(_ text: String) throws(CameraSourceError) {
    func wrong(_ reason: String) -> CameraSourceError { CameraSourceError(source: Self.redacted(text), reason: reason) }
    guard !text.isEmpty else { throw wrong("it is empty") }
    guard text.utf8.count <= 2048 else { throw wrong("it is longer than 2,048 bytes") }
    guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw wrong("it holds a control character")
    }
    let lowercased = text.lowercased()
    func has(_ prefixes: String...) -> Bool { prefixes.contains { lowercased.hasPrefix($0) } }
    if has("rtsp://", "rtsps://", "http://", "https://") {
      guard !text.contains(" ") else { throw wrong("an address holds no blanks") }
      guard let host = Self.host(of: text), !host.isEmpty else { throw wrong("it names no host") }
      self = has("rtsp") ? .rtsp(url: text) : .http(url: text)
    } else if has("file:") {
      let (path, options) = Self.parts(of: String(text.dropFirst(5)))
      guard !path.isEmpty else { throw wrong("it names no file") }
      switch options {
      case nil: self = .file(path: path, loops: false)
      case "loop": self = .file(path: path, loops: true)
      case let other?: throw wrong("a file has the option ?loop, not ?\(other)")
      }
    } else if has("/dev/", "v4l2:") {
      let (path, options) = Self.parts(of: has("v4l2:") ? String(text.dropFirst(5)) : text)
      guard path.hasPrefix("/") else { throw wrong("a device is named by its whole path, such as /dev/video0") }
      self = .device(path: path, try Self.mode(options ?? "", wrong))
    } else {
      throw wrong("it is no kind of source that is known")
    }
  }

  private static func mode(
    _ options: String, _ wrong: (String) -> CameraSourceError
  ) throws(CameraSourceError) -> Mode {
    var mode = Mode()
    for option in options.split(separator: "&") {
      let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
      let value = pair.count == 2 ? pair[1] : ""
      switch pair[0] {
      case "size":
        let sides = value.split(separator: "x").compactMap { Int($0) }
        guard sides.count == 2, sides.allSatisfy((16...8192).contains) else {
          throw wrong("size is WIDTHxHEIGHT, 16 to 8192 pixels a side, such as size=1280x720")
        }
        (mode.width, mode.height) = (sides[0], sides[1])
      case "rate":
        guard let rate = Int(value), (1...240).contains(rate) else {
          throw wrong("rate is 1 to 240 frames a second")
        }
        mode.rate = rate
      case "format":
        guard !value.isEmpty, value.utf8.allSatisfy({ ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || (0x30...0x39) ~= $0 })
        else { throw wrong("format is a name such as mjpeg or yuyv422") }
        mode.format = value
      default: throw wrong("a device has the options size, rate and format, not \(pair[0])")
      }
    }
    return mode
  }

  private static func parts(of text: String) -> (String, String?) {
    guard let mark = text.lastIndex(of: "?") else { return (text, nil) }
    return (String(text[..<mark]), String(text[text.index(after: mark)...]))
  }

  private static func host(of url: String) -> Substring? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@") else { return authority }
    return authority[authority.index(after: at)...]
  }

  /// A text that may hold addresses, without what is secret in them: names, passwords and what follows a `?`.
  static func redacted(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let scheme = rest.firstRange(of: "://") {
      result += rest[..<scheme.upperBound]
      // A password may hold a slash, a quote or an @ that nobody escaped: all before the last @ of the word is taken for it.
      let word = rest[scheme.upperBound...].prefix { !$0.isWhitespace }
      var shown = word
      if let at = word.lastIndex(of: "@") { shown = word[word.index(after: at)...] }
      if let query = shown.firstIndex(of: "?") {
        result += shown[..<query] + (shown.hasSuffix(":") ? "?…:" : "?…")
      } else {
        result += shown
      }
      rest = rest[word.endIndex...]
    }
    return result + rest
  }
}

extension CameraSource: CustomStringConvertible {
  /// The source as it may be shown and logged: without user names, passwords and query strings.
  public var description: String {
    switch self {
    case .device(let path, _): path
    case .rtsp(let url), .http(let url): Self.redacted(url)
    case .file(let path, _): path
    }
  }
}

/// Why a text names no camera.
public struct CameraSourceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The text, without what is secret in it.
  public let source: String
  let reason: String

  /// One sentence that says what is wrong.
  public var description: String { "'\(source)' names no camera: \(reason)." }

  /// One sentence that says what to write instead.
  public var remedy: String {
    "Write /dev/video0, rtsp://HOST/PATH, http://HOST/PATH for MJPEG, or file:PATH."
  }
}
