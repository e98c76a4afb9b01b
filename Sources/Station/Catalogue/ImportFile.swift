import Crypto
import Foundation
import StationStore

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

  /// Reads a file from disk. Throws ``StoreFault/unreachable(path:reason:)`` when it cannot be read or is larger than
  /// ``largest``.
  public init(path: String) throws {
    let data: Data
    do {
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      guard size <= Self.largest else {
        throw StoreFault.unreachable(path: path, reason: "it is larger than \(Self.largest >> 20) MiB; split it")
      }
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let fault as StoreFault {
      throw fault
    } catch {
      throw StoreFault.unreachable(path: path, reason: error.localizedDescription)
    }
    self.init(name: URL(fileURLWithPath: path).lastPathComponent, bytes: Array(data))
  }
}
