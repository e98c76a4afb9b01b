import Crypto
import Foundation

/// Reads a backup from its first byte to its last, and believes none of them: every header has the one form, every file
/// the hash that the manifest says, nothing is missing and nothing stands behind. Nobody signs it: a file that no backup has,
/// such as a key that somebody else knows, is refused before it is written.
public struct BackupReader {
  private static let chunk = 1 << 18
  /// A manifest of a million files has about 150 MB.
  private static let longestManifest = 512 << 20

  private let path: String
  private let handle: FileHandle
  private let progress: (_ done: Int64, _ total: Int64) -> Void
  private let total: Int64
  private var done: Int64 = 0

  private init(_ path: String, progress: @escaping (_ done: Int64, _ total: Int64) -> Void) throws {
    self.path = path
    self.progress = progress
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw BackupFault.unreachable(path: path, reason: String(cString: strerror(errno)))
    }
    self.handle = handle
    do {
      total = Int64(clamping: try handle.seekToEnd())
      try handle.seek(toOffset: 0)
    } catch {
      throw BackupFault.unreachable(path: path, reason: error.localizedDescription)
    }
  }

  /// Checks a backup, and gives what it holds. With a folder, which is there and empty, its files are written below it and
  /// are on disk when the call returns. Throws ``BackupFault/damaged(file:reason:)`` and ``BackupFault/stranger(file:name:)``
  /// that name the file in it.
  public static func read(
    _ path: String, into folder: String? = nil,
    progress: @escaping (_ done: Int64, _ total: Int64) -> Void = { _, _ in }
  ) throws -> BackupManifest {
    var reader = try BackupReader(path, progress: progress)
    let manifest: BackupManifest
    do {
      manifest = try reader.run(into: folder)
    } catch {
      try reader.handle.close()
      throw error
    }
    try reader.handle.close()
    return manifest
  }

  private mutating func run(into folder: String?) throws -> BackupManifest {
    var found: [BackupManifest.File] = []
    var names: Set<String> = []
    while true {
      guard let header = TarHeader(bytes: try bytes(TarHeader.length)) else {
        throw damaged(
          found.isEmpty
            ? "it does not begin as one that custody made"
            : "behind \(found.last?.path ?? "") stands no header of a file that custody wrote")
      }
      guard header.name != BackupWriter.manifestName else { return try finish(header, found) }
      // Whose backup it is stands in the manifest, behind the files.
      guard BackupManifest.Kind.allCases.contains(where: { BackupSource.holds(header.name, of: $0) }) else {
        throw BackupFault.stranger(file: path, name: header.name)
      }
      guard names.insert(header.name).inserted else { throw damaged("it holds \(header.name) twice") }
      found.append(try file(header, into: folder))
    }
  }

  private mutating func finish(_ header: TarHeader, _ found: [BackupManifest.File]) throws -> BackupManifest {
    guard header.size <= Self.longestManifest else { throw damaged("its manifest has \(header.size) bytes") }
    let content = try bytes(Int(header.size))
    try padding(after: header)
    guard let trailer = TarHeader(bytes: try bytes(TarHeader.length)), trailer.name == BackupWriter.hashName,
      trailer.size == 65
    else { throw damaged("the hash of its manifest is missing") }
    let kept = String(decoding: try bytes(65), as: UTF8.self)
    try padding(after: trailer)
    guard kept == hex(SHA256.hash(data: content)) + "\n" else { throw damaged("its manifest does not have its hash") }
    guard try bytes(1024).allSatisfy({ $0 == 0 }), done == total else {
      throw damaged("something stands behind its end")
    }
    let manifest: BackupManifest
    do {
      manifest = try JSONDecoder().decode(BackupManifest.self, from: Data(content))
    } catch {
      throw damaged("its manifest cannot be read: \(error)")
    }
    guard manifest.format == BackupManifest.format else {
      throw damaged("its format is '\(manifest.format)', and this program reads \(BackupManifest.format)")
    }
    if let other = found.first(where: { !BackupSource.holds($0.path, of: manifest.kind) }) {
      throw BackupFault.stranger(file: path, name: other.path)
    }
    for (file, wanted) in zip(found, manifest.files) where file != wanted {
      throw damaged("\(file.path) does not have the length and SHA-256 that the manifest says")
    }
    guard found.count == manifest.files.count else {
      throw damaged("it holds \(found.count) files, and its manifest names \(manifest.files.count)")
    }
    guard found.contains(where: { $0.path == manifest.kind.database }) else {
      throw damaged("it holds no \(manifest.kind.database)")
    }
    return manifest
  }

  private mutating func file(_ header: TarHeader, into folder: String?) throws -> BackupManifest.File {
    var output: FileHandle?
    if let folder {
      let path = "\(folder)/\(header.name)"
      do {
        try FileManager.default.createDirectory(
          atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
      } catch {
        throw BackupFault.unreachable(path: path, reason: error.localizedDescription)
      }
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else {
        throw BackupFault.unreachable(path: path, reason: String(cString: strerror(errno)))
      }
      output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
    var hash = SHA256()
    var left = header.size
    while left > 0 {
      let part = try bytes(Int(min(left, Int64(Self.chunk))))
      hash.update(data: part)
      left -= Int64(part.count)
      try write(part, to: output, of: header)
    }
    do {
      try output?.synchronize()
      try output?.close()
    } catch {
      throw BackupFault.unreachable(path: "\(folder ?? "")/\(header.name)", reason: error.localizedDescription)
    }
    try padding(after: header)
    return BackupManifest.File(path: header.name, length: header.size, sha256: hex(hash.finalize()))
  }

  private func write(_ part: [UInt8], to output: FileHandle?, of header: TarHeader) throws {
    do {
      try output?.write(contentsOf: Data(part))
    } catch {
      throw BackupFault.unreachable(path: header.name, reason: error.localizedDescription)
    }
  }

  private mutating func padding(after header: TarHeader) throws {
    let padding = TarHeader.padding(after: header.size)
    guard try bytes(padding).allSatisfy({ $0 == 0 }) else {
      throw damaged("behind \(header.name) stands something that custody did not write")
    }
  }

  private mutating func bytes(_ count: Int) throws -> [UInt8] {
    guard count <= total - done else { throw damaged("it ends early, after \(total) bytes") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    do {
      while bytes.count < count {
        let part = try handle.read(upToCount: count - bytes.count) ?? Data()
        guard !part.isEmpty else { throw damaged("it ends early, after \(done + Int64(bytes.count)) bytes") }
        bytes += part
      }
    } catch let error where !(error is BackupFault) {
      throw BackupFault.unreachable(path: path, reason: error.localizedDescription)
    }
    done += Int64(count)
    progress(done, total)
    return bytes
  }

  private func damaged(_ reason: String) -> BackupFault { .damaged(file: path, reason: reason) }
}
