import ArgumentParser
import Backup
import Central
import Certificates
import Custody
import Foundation
import StationStore

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Makes a data folder of a backup.",
    discussion: """
      Only into a folder that is not there or empty. Every file is checked against the manifest, and the database by SQLite,
      before the folder gets its name: an interrupted restore leaves nothing under it. With --check nothing is written.

      A station gets a new key when it starts: enrol it again at the centre. Badges and PINs are made with pepper.key, which
      no backup holds: with a copy of it, --pepper FILE keeps them, else import the people again with badge and PIN.
      A centre needs the key of its log: --log-key FILE; the key of its people's badges and PINs: --reference-pepper FILE; and,
      where it serves over TLS with a CA of its own, that one: --tls-ca FILE. What is still missing is told.

      Do not start the old folder again beside the restored one: two that sign as one station are a fork.

      Examples:
        custody restore /mnt/backups/custody-HQ-DESK-1-20261122T040000Z.tar --data /var/lib/custody
        custody restore centre.tar --data /srv/centre --log-key /media/safe/log.key \\
          --reference-pepper /media/safe/reference-pepper.key --tls-ca /media/safe/tls-ca.pem
        custody restore centre.tar --check
      """)

  @Argument(help: "The backup.") var file: String
  @Flag(help: "Only check that the backup is whole.") var check = false
  @Option(help: "Copy of the station's pepper.key; keeps badges and PINs.") var pepper: String?
  @Option(help: "Copy of the centre's log.key.") var logKey: String?
  @Option(help: "Copy of the centre's reference-pepper.key; keeps badges and PINs of its people.")
  var referencePepper: String?
  @Option(
    name: .customLong("tls-ca"), help: "Copy of the centre's or station's tls-ca.pem; whoever trusts its CA goes on to."
  ) var tlsCA: String?
  @OptionGroup var flags: SettingFlags

  func run() async throws {
    let bar = ProgressBar()
    defer { bar.end() }
    if check {
      let manifest = try BackupReader.read(file) { bar.show("MB checked", Int($0 >> 20), of: Int($1 >> 20)) }
      bar.end()
      try Running.answer(
        "\(manifest.kind.rawValue) \(manifest.name) as of \(manifest.taken), head \(manifest.head): "
          + "\(manifest.files.count) files, \(manifest.bytes) bytes, whole")
      return
    }
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the data are to be: --data FOLDER.")
    }
    let place = try RestorePlace(settings.dataFolder(standard: ""))
    let folder = place.folder
    let told: String
    do {
      let manifest = try BackupReader.read(file, into: place.staging) {
        bar.show("MB restored", Int($0 >> 20), of: Int($1 >> 20))
      }
      bar.end()
      told = try prepare(manifest, in: place)
    } catch {
      try place.abandon()
      throw error
    }
    try place.finish()
    FileHandle.standardError.tell(told + "\n")
    try Running.answer(folder)
  }

  private func prepare(_ manifest: BackupManifest, in place: RestorePlace) throws -> String {
    let what = "\(manifest.kind.rawValue.capitalized) \(manifest.name) restored as of \(manifest.taken)."
    switch manifest.kind {
    case .station:
      guard logKey == nil else {
        throw Ending(2, "A station has no log.key.", remedy: "Leave --log-key out, or restore the centre's backup.")
      }
      guard referencePepper == nil else {
        throw Ending(
          2, "A station has no reference-pepper.key.", remedy: "Give its pepper.key with --pepper, or leave it out.")
      }
      if let pepper { try place.add(pepper: pepper, as: "pepper.key") }
      if let tlsCA { try place.add(authority: tlsCA) }
      let people = try Restoration.prepare(
        "\(place.staging)/\(manifest.kind.database)",
        at: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)), keepsBadges: pepper != nil)
      return """
        \(what) It makes a new key when it starts: enrol it again with `custody central enrol`.
        \(people == 0 ? "Badges and PINs are kept." : "\(people) people have no badge and PIN until they are imported again.")
        """
    case .centre:
      guard pepper == nil else {
        throw Ending(
          2, "A centre has no pepper.key.", remedy: "Give its reference-pepper.key with --reference-pepper.")
      }
      try CentralControl.prepareRestored(place, logKey: logKey)
      if let referencePepper { try place.add(pepper: referencePepper, as: CentreKey.referencePepper.rawValue) }
      if let tlsCA { try place.add(authority: tlsCA) }
      let given = [(CentreKey.log, logKey), (.referencePepper, referencePepper), (.authority, tlsCA)]
      return CentreKey.told(of: what, missing: given.filter { $0.1 == nil }.map { $0.0 })
    }
  }
}

/// A file of a centre's folder that no backup holds and that does not come back by itself.
enum CentreKey: String {
  case log = "log.key"
  case referencePepper = "reference-pepper.key"
  case authority = "tls-ca.pem"

  /// What follows where it is missing.
  private var consequence: String {
    switch self {
    case .log: "without it the centre does not start, and stations trust the log of no other key."
    case .referencePepper:
      "without it badges and PINs that were imported at the centre are known to no new station, and nobody can be imported; "
        + "if no people were, it is made anew."
    case .authority:
      "if the centre served over TLS with its own CA: with a new one no station or browser that knows the old one comes back "
        + "until it is given the new pin (custody central ca), or is enrolled again."
    }
  }

  /// What is said after a restore: which files are still missing, and what follows from it.
  static func told(of what: String, missing: [CentreKey]) -> String {
    guard !missing.isEmpty else { return what }
    return
      (["\(what) Not in a backup: copy into the folder before you start it"]
      + missing.map { "- its \($0.rawValue): \($0.consequence)" }).joined(separator: "\n")
  }
}

extension RestorePlace {
  /// Copies a pepper of the owner's into the folder.
  fileprivate func add(pepper file: String, as name: String) throws {
    try add(key: file, as: name)
    guard try Data(contentsOf: URL(fileURLWithPath: "\(staging)/\(name)")).count == 32 else {
      throw BackupFault.foreignKey(file: file, reason: "a pepper has 32 bytes")
    }
  }

  /// Copies the own CA of the data folder into it.
  fileprivate func add(authority file: String) throws {
    try add(key: file, as: CentreKey.authority.rawValue)
    do {
      _ = try OwnAuthority(folder: staging)
    } catch is TLSFault {
      throw BackupFault.foreignKey(file: file, reason: "it holds no key and certificate of a CA")
    }
  }
}
