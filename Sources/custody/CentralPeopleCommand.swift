import ArgumentParser
import Central
import Foundation

struct CentralPeopleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "people",
    abstract: "Who signs in at the centre to read: by name, password and one-time code.",
    discussion: """
      Roles: viewer (assets, events, stations), manager (and exceptions), auditor (and dossiers, exact bytes, the log, who read
      what), admin (everything). The password, of 12 characters and more, is asked on the terminal, or read from --password-file.
      The secret for the authenticator (RFC 6238) is shown once.

      Examples:
        custody central people add ada --role auditor --data /var/lib/custody-centre
        custody central people list --data /var/lib/custody-centre
        custody central people reset ada --data /var/lib/custody-centre
        custody central people disable ada --data /var/lib/custody-centre
      """,
    subcommands: [Add.self, List.self, Disable.self, Reset.self])

  /// Carries out an order, and ends where it is refused.
  static func carryOut(_ order: PeopleOrder, _ flags: SettingFlags) async throws -> PeopleAnswer {
    let settings = try await flags.settings()
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say where the centre keeps its log: --data FOLDER.")
    }
    let answer = try await CentralControl.people(
      order, dataFolder: settings.dataFolder(standard: ""), database: settings.centralDatabase())
    if let refusal = answer.refusal { throw Ending(1, refusal, remedy: answer.remedy) }
    return answer
  }

  struct PasswordOption: ParsableArguments {
    @Option(help: "File with the password, readable to its owner alone; - for standard input.") var passwordFile:
      String?

    func password() throws -> String {
      guard let passwordFile else {
        let first = try SecretPrompt.ask("Password: ")
        guard try SecretPrompt.ask("Once more: ") == first else {
          throw Ending(1, "The two are not the same.", remedy: "Try again.")
        }
        return first
      }
      let bytes: Data
      if passwordFile == "-" {
        bytes = try FileHandle.standardInput.readToEnd() ?? Data()
      } else {
        var status = stat()
        guard stat(passwordFile, &status) == 0 else {
          throw Ending(3, "\(passwordFile) cannot be read: \(String(cString: strerror(errno))).")
        }
        guard status.st_mode & 0o077 == 0 else {
          throw Ending(1, "\(passwordFile) can be read by others.", remedy: "chmod 600 \(passwordFile)")
        }
        bytes = try Data(contentsOf: URL(fileURLWithPath: passwordFile))
      }
      return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
  }

  static func tell(_ answer: PeopleAnswer) throws {
    guard let address = answer.authenticator else { return }
    FileHandle.standardError.tell("For the authenticator, shown once (as a picture: qrencode -t ansiutf8):\n")
    try Running.answer(address)
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Adds somebody.",
      discussion: """
        Examples:
          custody central people add ada --role auditor --data /var/lib/custody-centre
        """)
    @Argument(help: "Name to sign in with: small letters, digits and ._-@.") var name: String
    @Option(help: "viewer, manager, auditor or admin.") var role: String
    @OptionGroup var password: PasswordOption
    @OptionGroup var flags: SettingFlags

    func run() async throws {
      try CentralPeopleCommand.tell(
        try await CentralPeopleCommand.carryOut(
          .add(name: name, role: role, password: try password.password()), flags))
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists everybody.",
      discussion: """
        Examples:
          custody central people list --data /var/lib/custody-centre
        """)
    @OptionGroup var flags: SettingFlags

    func run() async throws {
      for person in try await CentralPeopleCommand.carryOut(.list, flags).people {
        try Running.answer("\(person.name)\t\(person.role)\t\(person.state)")
      }
    }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets somebody in no longer; who is signed in is out within seconds.",
      discussion: """
        Examples:
          custody central people disable ada --data /var/lib/custody-centre
        """)
    @Argument(help: "Their name.") var name: String
    @OptionGroup var flags: SettingFlags

    func run() async throws { _ = try await CentralPeopleCommand.carryOut(.disable(name: name), flags) }
  }

  struct Reset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives somebody a new password and a new secret, and ends locks.",
      discussion: """
        Examples:
          custody central people reset ada --data /var/lib/custody-centre
        """)
    @Argument(help: "Their name.") var name: String
    @OptionGroup var password: PasswordOption
    @OptionGroup var flags: SettingFlags

    func run() async throws {
      try CentralPeopleCommand.tell(
        try await CentralPeopleCommand.carryOut(.reset(name: name, password: try password.password()), flags))
    }
  }
}
