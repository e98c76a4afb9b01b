import CentralStore
import Foundation

/// The file `reference-pepper.key` in the centre's data folder (mode 0600): 32 random bytes that badges and PINs of its
/// reference data are made with. Stations get them with the data and keep them in a key file too, so that no database alone
/// gives a PIN away. Several centres on one database need the same file, as they need the same log.key.
enum PepperFile {
  static func path(in folder: String) -> String {
    URL(fileURLWithPath: folder).standardizedFileURL.path + "/reference-pepper.key"
  }

  /// The bytes in the file; nil when there is none.
  static func read(in folder: String) throws -> [UInt8]? {
    let file = path(in: folder)
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let bytes: [UInt8]
    do {
      bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    } catch {
      throw CentralFault.unreachable(path: file, reason: error.localizedDescription)
    }
    guard bytes.count == 32 else { throw CentralFault.unreachable(path: file, reason: "it does not hold 32 bytes") }
    return bytes
  }

  /// The bytes in the file, made now when there are none; throws ``CentralFault/keyLost(file:)`` where badges or PINs were made
  /// with others.
  static func readOrMake(in folder: String, isNeeded: Bool) throws -> [UInt8] {
    if let bytes = try read(in: folder) { return bytes }
    let file = path(in: folder)
    guard !isNeeded else { throw CentralFault.keyLost(file: file) }
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    try LogKeyFile.write(Data(bytes), to: file)
    // Another process of the same centre may have been first: the file that is there counts.
    guard let kept = try read(in: folder) else { throw CentralFault.keyLost(file: file) }
    return kept
  }
}
