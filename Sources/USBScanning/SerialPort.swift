import Glibc

/// The kernel's serial port of a device, such as /dev/ttyUSB0, and who has it open.
///
/// The kernel takes a port from under a program that has it open when its device is claimed, and tells nobody how often it is open.
struct SerialPort {
  enum Use: Hashable, Sendable {
    /// Nobody has it open, or there is no port.
    case free
    /// A program has it open.
    case open(port: String, by: String)
    /// There are programs that may have it open, and whose files may not be looked at.
    case hidden(port: String)
  }

  /// Its node, such as /dev/ttyUSB0.
  let node: String

  /// The port of the interfaces whose folders in /sys these are; nil where the kernel has made none.
  init?(ofInterfaces folders: [String]) {
    // A serial chip's driver names it in the interface's folder, the CDC-ACM one in a folder tty.
    let names = folders.flatMap {
      Self.entries(of: $0).filter { $0.hasPrefix("ttyUSB") } + Self.entries(of: $0 + "/tty")
    }
    guard let name = names.first else { return nil }
    node = "/dev/\(name)"
  }

  init(node: String) { self.node = node }

  /// Who has it open now. Looks at every process; takes milliseconds.
  var use: Use {
    if let owner = lockOwner { return .open(port: node, by: owner) }
    var isHidden = false
    var status = stat()
    let isThere = stat(node, &status) == 0
    for process in Self.entries(of: "/proc") where process.allSatisfy(\.isNumber) {
      let files = "/proc/\(process)/fd"
      guard let listing = opendir(files) else {
        // One that has ended meanwhile has nothing open; the kernel's own threads never have.
        if errno == EACCES, !isThere || Self.mayOpen(status, process) { isHidden = true }
        continue
      }
      closedir(listing)
      if Self.entries(of: files).contains(where: { Self.target("\(files)/\($0)") == node }) {
        return .open(port: node, by: Self.name(process))
      }
    }
    return isHidden ? .hidden(port: node) : .free
  }

  /// Who has a lock file for it, as programs for modems and power supplies make them (FHS 3.0, section 5.9).
  private var lockOwner: String? {
    let name = node.split(separator: "/").last ?? ""
    for folder in ["/run/lock", "/var/lock"] {
      guard let bytes = Self.contents("\(folder)/LCK..\(name)") else { continue }
      let text = String(decoding: bytes, as: UTF8.self).filter(\.isNumber)
      // Signal 0 is sent to nobody; a process of somebody else refuses it, and is there.
      guard let process = pid_t(text), process > 0, kill(process, 0) == 0 || errno == EPERM else { continue }
      return Self.name(text)
    }
    return nil
  }

  /// Whether a process may open a node of that owner, group and mode: root, its owner, or one of the group.
  private static func mayOpen(_ node: stat, _ process: String) -> Bool {
    guard let bytes = contents("/proc/\(process)/status") else { return false }
    var mayOpen = node.st_mode & 0o006 != 0
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
      let numbers = fields.dropFirst().compactMap { UInt32($0) }
      switch fields.first {
      case "Kthread:": if numbers.first == 1 { return false }
      case "Uid:": if numbers.contains(0) || numbers.contains(node.st_uid) { mayOpen = true }
      case "Gid:", "Groups:": if numbers.contains(node.st_gid) { mayOpen = true }
      default: break
      }
    }
    return mayOpen
  }

  private static func name(_ process: String) -> String {
    let bytes = contents("/proc/\(process)/comm") ?? []
    let name = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    return name.isEmpty ? "process \(process)" : "\(name) (process \(process))"
  }

  /// The beginning of a small file; nil of one that is not there or not ours to read.
  private static func contents(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }

  private static func target(_ link: String) -> String? {
    var bytes = [CChar](repeating: 0, count: 512)
    let length = readlink(link, &bytes, bytes.count)
    return length > 0 ? String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  private static func entries(of folder: String) -> [String] {
    guard let listing = opendir(folder) else { return [] }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }
}
