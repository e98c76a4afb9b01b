import Crypto
import Foundation

/// Writes a backup as a tar archive: the database, the files beside it, the manifest and its hash.
public struct BackupWriter: Sendable {
  /// Bytes that are read and handed over at a time.
  private static let chunk = 1 << 18
  static let manifestName = "manifest.json"
  static let hashName = "manifest.sha256"

  private let source: BackupSource
  private let paths: [(path: String, file: String, length: Int64)]

  /// Bytes of all files, for showing progress.
  public var total: Int64 { paths.reduce(0) { $0 + $1.length } }

  /// Lists what there is to write. Files that appear later are not in it.
  public init(_ source: BackupSource) throws {
    self.source = source
    var paths = [(path: source.kind.database, file: source.snapshot, length: try Self.length(source.snapshot))]
    for folder in BackupSource.folders {
      for path in try Self.files(below: "\(source.folder)/\(folder)") {
        let file = "\(source.folder)/\(folder)/\(path)"
        let length = try Self.length(file)
        guard TarHeader(name: "\(folder)/\(path)", size: length) != nil else { throw BackupFault.name(path: file) }
        paths.append(("\(folder)/\(path)", file, length))
      }
    }
    self.paths = paths
  }

  /// Writes all of it, in portions.
  ///
  /// - Parameter version: of this program.
  @discardableResult
  public func write(version: String, to sink: ([UInt8]) async throws -> Void) async throws -> BackupManifest {
    var files: [BackupManifest.File] = []
    for (path, file, length) in paths {
      files.append(try await add(file, length, as: path, to: sink))
    }
    let manifest = BackupManifest(
      format: BackupManifest.format, kind: source.kind, name: source.name,
      taken: source.taken.formatted(
        .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted)),
      version: version, head: source.head, verifierKey: source.verifierKey, missing: source.missing, files: files)
    let bytes = Array(try manifest.encoded())
    try await add(bytes, as: Self.manifestName, to: sink)
    try await add(Array((hex(SHA256.hash(data: bytes)) + "\n").utf8), as: Self.hashName, to: sink)
    try await sink([UInt8](repeating: 0, count: 1024))
    return manifest
  }

  private func add(_ bytes: [UInt8], as name: String, to sink: ([UInt8]) async throws -> Void) async throws {
    guard let header = TarHeader(name: name, size: Int64(bytes.count)) else { throw BackupFault.name(path: name) }
    let padding = [UInt8](repeating: 0, count: TarHeader.padding(after: header.size))
    try await sink(header.bytes + bytes + padding)
  }

  private func add(
    _ file: String, _ length: Int64, as name: String, to sink: ([UInt8]) async throws -> Void
  ) async throws -> BackupManifest.File {
    guard let header = TarHeader(name: name, size: length) else { throw BackupFault.name(path: file) }
    guard let handle = FileHandle(forReadingAtPath: file) else {
      throw BackupFault.unreachable(path: file, reason: String(cString: strerror(errno)))
    }
    try await sink(header.bytes)
    var hash = SHA256()
    var left = length
    do {
      while left > 0 {
        let part = try handle.read(upToCount: Int(min(left, Int64(Self.chunk)))) ?? Data()
        guard !part.isEmpty else {
          throw BackupFault.unreachable(path: file, reason: "it became shorter while it was read")
        }
        hash.update(data: part)
        left -= Int64(part.count)
        try await sink(Array(part))
      }
      try handle.close()
    } catch {
      try handle.close()
      throw error
    }
    let padding = TarHeader.padding(after: length)
    if padding > 0 { try await sink([UInt8](repeating: 0, count: padding)) }
    return BackupManifest.File(path: name, length: length, sha256: hex(hash.finalize()))
  }

  /// Files below a folder, sorted; none where there is no folder. What is hidden or only begun stays out, and so does
  /// whatever is no regular file.
  private static func files(below folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    var found: [String] = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where !name.hasPrefix(".") && !name.hasSuffix(".partial") {
      var status = stat()
      // One that is gone by now was only begun.
      guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: found += try files(below: "\(folder)/\(name)").map { "\(name)/\($0)" }
      case S_IFREG: found.append(name)
      default: continue
      }
    }
    return found.sorted()
  }

  private static func length(_ file: String) throws -> Int64 {
    var status = stat()
    guard stat(file, &status) == 0 else {
      throw BackupFault.unreachable(path: file, reason: String(cString: strerror(errno)))
    }
    return Int64(status.st_size)
  }
}

/// Lowercase hexadecimal.
func hex(_ bytes: some Sequence<UInt8>) -> String {
  var text = ""
  for byte in bytes {
    if byte < 16 { text += "0" }
    text += String(byte, radix: 16)
  }
  return text
}
