import Foundation

/// A folder that is gone when the last reference to it is.
public final class TemporaryFolder: Sendable {
  public let path: String

  /// A new folder in the system's folder for temporary files, or in another.
  public init(in parent: String = NSTemporaryDirectory()) throws {
    path = (parent.hasSuffix("/") ? parent : parent + "/") + "custody-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // Nobody is left to hear of a folder that could not be removed; the system clears its temporary files.
    try? FileManager.default.removeItem(atPath: path)
  }
}
