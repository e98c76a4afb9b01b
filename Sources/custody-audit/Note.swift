import ArgumentParser
import CustodyLedger
import Foundation
import TamperEvidence

/// `custody-audit note FILE --key VKEY… [--json]`
struct Note: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verifies a signed note (C2SP signed-note), such as a log's checkpoint.",
    discussion: """
      Prints the text and who signed it. A note is refused when none of the keys signed it, or when a signature by one of
      them is wrong; signatures by other keys are passed over.

      Examples:
        custody-audit note checkpoint --key @centre.vkey
        curl -s https://centre.example.com/log/checkpoint | custody-audit note - --key @centre.vkey --key @witness.vkey
      """)

  @Argument(help: "The note; - for standard input.")
  var file: String

  @Option(name: .long, help: "A verifier key, NAME+HASH+KEY, or @PATH of a file that holds it. May be given again.")
  var key: [String]

  @Flag(name: .long, help: "Print one line of JSON instead of sentences.")
  var json = false

  func validate() throws {
    if key.isEmpty { throw ValidationError("Give at least one --key.") }
  }

  func run() throws {
    let keys = try key.map(Input.key)
    let bytes = try Input.bytes(file, limit: 1 << 20)
    let outcome: Result<VerifiedNote, SignedNoteError>
    do throws(SignedNoteError) {
      outcome = .success(try SignedNote(bytes: bytes).verified(by: keys))
    } catch {
      outcome = .failure(error)
    }
    print(try json ? line(outcome) : sentences(outcome))
    if case .failure = outcome { throw AuditOutcome.foundWanting }
  }

  private func sentences(_ outcome: Result<VerifiedNote, SignedNoteError>) -> String {
    switch outcome {
    case .failure(let error): return "FOUND WANTING  \(file)\nwhat      \(error)".printableLines
    case .success(let note):
      var lines = ["VERIFIED  \(file)"] + note.signers.map { "signed by \($0.name)+\($0.keyID)" }
      lines.append("")
      return (lines.joined(separator: "\n") + "\n" + note.text.dropLast()).printableLines
    }
  }

  private func line(_ outcome: Result<VerifiedNote, SignedNoteError>) throws -> String {
    struct Line: Encodable {
      var verified = false
      let file: String
      var text: String?
      var signers: [VerifierKey] = []
      var fault: String?
    }
    var line = Line(file: file)
    switch outcome {
    case .failure(let error): line.fault = error.description
    case .success(let note):
      line.verified = true
      line.text = note.text
      line.signers = note.signers
    }
    return String(decoding: try CanonicalEncoder().encode(line, limit: .max), as: UTF8.self)
  }
}

extension String {
  /// Each line made safe for a terminal.
  var printableLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }.joined(separator: "\n")
  }
}
