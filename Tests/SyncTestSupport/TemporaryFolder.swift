import Foundation

/// A folder that is gone when the last reference to it is.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() throws {
    path = NSTemporaryDirectory() + "custody-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    // Nobody is left to hear of a folder that could not be removed; the system clears its temporary files.
    try? FileManager.default.removeItem(atPath: path)
  }
}
