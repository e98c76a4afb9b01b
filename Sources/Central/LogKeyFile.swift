import CentralStore
import Foundation
import TamperEvidence

/// The file `log.key` in the centre's data folder (mode 0600): the key that signs the log's tree heads and the centre's own
/// statements. It is made once; its name, the log's origin, never changes.
enum LogKeyFile {
  static func path(in folder: String) -> String {
    URL(fileURLWithPath: folder).standardizedFileURL.path + "/log.key"
  }

  /// The key that is there, or a new one of the origin that is wanted, whose file is on disk before it signs anything.
  /// Throws ``CentralFault/keyLost(file:)`` where one is needed and is not there.
  static func author(in folder: String, origin wanted: String?, isNeeded: Bool) throws -> LogAuthor {
    let file = path(in: folder)
    if let author = try read(file) {
      guard wanted == nil || wanted == author.origin else {
        throw CentralFault.foreignLog(
          key: "\(author.key.verifierKey)", reason: "this log's origin is \(author.origin), not \(wanted ?? "")")
      }
      return author
    }
    guard !isNeeded else { throw CentralFault.keyLost(file: file) }
    var random = SystemRandomNumberGenerator()
    let origin = wanted ?? String(format: "centre-%08x/log", UInt32.random(in: .min ... .max, using: &random))
    let key = try SigningKey(name: origin, seed: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    try write(Data((key.secretText + "\n").utf8), to: file)
    // Another process of the same centre may have been first: the file that is there counts.
    guard let author = try read(file) else { throw CentralFault.keyLost(file: file) }
    return author
  }

  /// The key in the file; nil when there is no file.
  static func read(_ file: String) throws -> LogAuthor? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let text: String
    do {
      text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
    } catch {
      throw CentralFault.unreachable(path: file, reason: error.localizedDescription)
    }
    do {
      guard let author = LogAuthor(try SigningKey(secretText: text.trimmingCharacters(in: .whitespacesAndNewlines)))
      else { throw CentralFault.unreachable(path: file, reason: "its name is no SITE/STATION") }
      return author
    } catch let error as KeyError {
      throw CentralFault.unreachable(path: file, reason: "it holds no signing key: \(error)")
    }
  }

  /// Writes beside, syncs, and gives the file its name if nobody has: it is there whole or not at all, and never replaced.
  static func write(_ data: Data, to file: String) throws {
    let partial = "\(file).\(UUID().uuidString).partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw fault(partial) }
    defer { unlink(partial) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try handle.write(contentsOf: data)
      try handle.synchronize()
      try handle.close()
    } catch {
      throw CentralFault.unreachable(path: partial, reason: error.localizedDescription)
    }
    guard link(partial, file) == 0 || errno == EEXIST else { throw fault(file) }
    let folder = open((file as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw fault(file) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw fault(file) }
  }

  private static func fault(_ path: String) -> CentralFault {
    .unreachable(path: path, reason: String(cString: strerror(errno)))
  }
}
