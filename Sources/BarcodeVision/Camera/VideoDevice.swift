import Glibc

/// A camera of this machine, as the kernel lists it (Video4Linux).
public struct VideoDevice: Sendable, Equatable, Codable {
  /// Such as `/dev/video0`.
  public let path: String
  /// What its maker calls it.
  public let name: String
  /// Whether this process may open it.
  public let isPermitted: Bool

  /// What to write into the settings for it.
  public var source: String { path }

  /// All of them, in the order of their numbers. Of a camera's several nodes only the first gives pictures; the others
  /// (index 1 and up) give data about them and are left out.
  public static func all(in folder: String = "/sys/class/video4linux", devices: String = "/dev") -> [VideoDevice] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix("video"), Int(name.dropFirst(5)) != nil { names.append(name) }
    }
    return names.sorted { Int($0.dropFirst(5)) ?? 0 < Int($1.dropFirst(5)) ?? 0 }.compactMap { name in
      guard (line("\(folder)/\(name)/index") ?? "0") == "0" else { return nil }
      let path = "\(devices)/\(name)"
      return VideoDevice(
        path: path, name: line("\(folder)/\(name)/name") ?? name, isPermitted: access(path, R_OK | W_OK) == 0)
    }
  }

  /// The first line of a file of a few bytes; nil when it cannot be read.
  private static func line(_ path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 256)
    guard fgets(&buffer, 256, file) != nil else { return nil }
    return String(decoding: buffer.prefix { $0 != 0 && $0 != 0x0A }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
