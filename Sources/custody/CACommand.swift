import ArgumentParser
import Certificates
import Foundation

/// What `custody station ca` and `custody central ca` print.
struct OwnAuthorityText {
  /// The folder's authority; made where the folder is there and has none yet.
  static func print(_ flags: SettingFlags, pinOnly: Bool, database: String) async throws {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say whose: --data FOLDER.")
    }
    var folder = settings.dataFolder(standard: "")
    let part = database == "station.db" ? "/station" : "/centre"
    if FileManager.default.fileExists(atPath: folder + part + "/" + database) { folder += part }
    guard FileManager.default.fileExists(atPath: folder) else {
      throw Ending(3, "\(folder) is not there.", remedy: "Check --data; start once with --tls.")
    }
    let authority = try OwnAuthority(folder: folder)
    if pinOnly { return try Running.answer(try authority.pin) }
    FileHandle.standardError.tell("Pin: \(try authority.pin)\n")
    FileHandle.standardOutput.tell(try authority.pem)
  }
}

struct CentralCACommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ca",
    abstract: "Prints the certificate and the pin of the centre's own CA.",
    discussion: """
      With --tls the centre serves with a certificate of its own CA. Stations trust it by the pin or the certificate.

      Examples:
        custody central ca --data /var/lib/custody-centre > centre-ca.pem
        custody station --data /var/lib/custody --centre-url https://centre:8470 --centre-ca centre-ca.pem
        CUSTODY_CENTRE_CA=$(custody central ca --pin --data /var/lib/custody-centre) custody station …
      """)

  @Flag(help: "Print the pin alone.") var pin = false
  @OptionGroup var flags: SettingFlags

  func run() async throws { try await OwnAuthorityText.print(flags, pinOnly: pin, database: "central.db") }
}

struct StationCACommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ca",
    abstract: "Prints the certificate and the pin of the station's own CA.",
    discussion: """
      With --tls the desk is served with a certificate of its own CA. A browser or a phone trusts it once this certificate is
      installed there; it is at /ca.crt of the desk too.

      Examples:
        custody station ca --data /var/lib/custody > desk-ca.pem
      """)

  @Flag(help: "Print the pin alone.") var pin = false
  @OptionGroup var flags: SettingFlags

  func run() async throws { try await OwnAuthorityText.print(flags, pinOnly: pin, database: "station.db") }
}
