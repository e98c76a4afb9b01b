import Crypto
import Foundation

/// A file to import, whole in memory: its rows are checked before the first is recorded, and its SHA-256 stands in
/// every event that comes of it.
public struct ImportFile: Sendable {
  /// Largest file that is taken, bytes.
  public static let largest = 256 << 20

  /// Its name, for messages.
  public let name: String
  public let bytes: [UInt8]
  /// SHA-256 of the bytes, lowercase hexadecimal.
  public let digest: String

  /// A file from its bytes.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
    digest = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
  }

  /// Reads a file from disk.
  public init(path: String) throws(ImportFileError) {
    func fail(_ reason: String, _ remedy: String) -> ImportFileError {
      ImportFileError(description: "\(path) cannot be read: \(reason).", remedy: remedy)
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw fail("there is no such file", "Check the path.")
    }
    guard !isFolder.boolValue else { throw fail("it is a folder", "Name one file in it.") }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw fail("this user may not read it", "Check its permissions.")
    }
    let data: Data
    do {
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      guard size <= Self.largest else {
        throw fail("it is larger than \(Self.largest >> 20) MiB", "Split it; each part needs the row of column names.")
      }
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let error as ImportFileError {
      throw error
    } catch {
      throw fail(error.localizedDescription, "Check the disk that it is on.")
    }
    self.init(name: URL(fileURLWithPath: path).lastPathComponent, bytes: Array(data))
  }
}

/// Why a file to import cannot be read.
public struct ImportFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence that names the file.
  public let description: String
  /// What to do about it.
  public let remedy: String
}
