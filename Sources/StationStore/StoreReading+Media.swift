import Custody
import Foundation
import GRDB

extension StoreReading {
  /// The assets on whose list of media each serial stands, letters alike and without surrounding blanks; in order of id.
  public func holders(ofMedia serials: Set<String>) throws -> [String: [Asset]] {
    var found: [String: [Asset]] = [:]
    for serial in Set(serials.map(Self.foldedSerial)) where !serial.isEmpty {
      let holders = try Data.fetchAll(
        db.cachedStatement(
          sql: "SELECT doc FROM asset WHERE id IN (SELECT asset FROM medium WHERE serial = ?) ORDER BY id"),
        arguments: [serial])
      if !holders.isEmpty { found[serial] = try holders.map { try Asset(document: $0) } }
    }
    return found
  }

  /// A drive's serial as it is compared here: ASCII, as drives' serials are, in small letters.
  public static func foldedSerial(_ serial: String) -> String {
    let bare = serial.trimmingCharacters(in: CharacterSet(charactersIn: " \t\n\r"))
    return String(decoding: bare.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
