import Custody
import CustodyLedger
import Hummingbird
import ReaderNetwork
import ScannerProtocols

extension API {
  /// Who may write tags.
  private static let writers: Set<Role> = [.technician, .manager, .admin]

  /// Reads or writes the memory of one tag that a network reader hears. A write is read back and compared.
  @Sendable func operation(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let name = context.parameters.get("id") ?? ""
    guard let reader = core.readers.first(where: { $0.name == name }) else {
      throw Problem.notFound("reader '\(name)'", remedy: "GET /api/v1/readers lists them.")
    }
    let body = try await request.json()
    let epc = try body.bytes(at: "epc")
    let work: TagMemoryJob.Work
    switch body[path: "operation"]?.text {
    case "readTID": work = .operation(.readTID)
    case "read":
      work = .operation(
        .read(try body.bank(), wordPointer: try body.word("word"), wordCount: Int(try body.word("count"))))
    case "write":
      work = .operation(
        .write(try body.bank(), wordPointer: try body.word("word"), bytes: try body.bytes(at: "bytes")))
    case "writeEPC": work = .writeEPC(try body.bytes(at: "newEPC"))
    case let other:
      throw Problem.malformed(
        "operation is '\(other ?? "")'; it must be readTID, read, write or writeEPC.", pointer: "/operation")
    }
    let isWrite =
      switch work {
      case .operation(.read): false
      case .operation(.write), .writeEPC: true
      }
    guard !isWrite || !signedIn.actor.roles.isDisjoint(with: Self.writers) else {
      throw Problem.forbidden("Writing a tag", needs: Self.writers.map(\.rawValue).sorted().joined(separator: ", "))
    }
    var password: UInt32 = 0
    if body[path: "password"] != nil {
      let bytes = try body.bytes(at: "password")
      guard bytes.count == 4 else {
        throw Problem.malformed("password has \(bytes.count) bytes, not 4.", pointer: "/password")
      }
      password = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
    let outcome = await reader.perform(work, on: epc, password: password)
    if isWrite {
      core.logger.notice(
        "tag memory written",
        metadata: [
          "reader": "\(name)", "epc": "\(hexadecimal(epc))", "by": "\(signedIn.person.id)", "outcome": "\(outcome)",
        ])
    }
    return try .json(try TagMemoryResource(outcome))
  }
}

/// How an operation on a tag's memory ended well.
private struct TagMemoryResource: Encodable {
  /// `read` or `verified`.
  let outcome: String
  /// Hexadecimal; of a read.
  var bytes: String?

  /// Throws the problem that says why it did not end well.
  init(_ outcome: TagMemoryOutcome) throws {
    switch outcome {
    case .read(let bytes): (self.outcome, self.bytes) = ("read", hexadecimal(bytes).uppercased())
    case .verified: self.outcome = "verified"
    case .differs(let word):
      throw Problem(
        .conflict, "tag.differs", "Written wrongly", detail: "Word \(word) of the tag is not what was written.",
        remedy: "Bring the tag closer to the antenna and write it again.")
    case .refused(let refusal):
      throw Problem(
        .conflict, "tag.refused", "Not done", detail: "The tag or the reader says no: \(refusal.meaning).",
        remedy: refusal.isTransient
          ? "Bring the tag closer to the antenna and try again." : "Check bank, words and password.")
    case .impossible(let fault):
      throw Problem.malformed("This cannot be done with a tag's memory: \(fault).", pointer: "/operation")
    case .noAnswer(let reason):
      throw Problem(
        .serviceUnavailable, "tag.noAnswer", "No answer", detail: "There was no answer: \(reason).",
        remedy: "Look at the reader's state; read the tag before you write it again.")
    }
  }
}

extension CanonicalJSON {
  /// Whole bytes in hexadecimal, at most 64.
  fileprivate func bytes(at name: String) throws -> [UInt8] {
    let digits = (self[path: name]?.text ?? "").map(\.hexDigitValue)
    guard !digits.isEmpty, digits.count <= 128, digits.count.isMultiple(of: 2), !digits.contains(nil) else {
      throw Problem.malformed("\(name) must be 1 to 64 whole bytes in hexadecimal.", pointer: "/\(name)")
    }
    let values = digits.compactMap(\.self)
    return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
  }

  fileprivate func word(_ name: String) throws -> UInt16 {
    guard case .integer(let number)? = self[path: name], let word = UInt16(exactly: number) else {
      throw Problem.malformed("\(name) must be a number from 0 to 65535.", pointer: "/\(name)")
    }
    return word
  }

  fileprivate func bank() throws -> MemoryBank {
    switch self[path: "bank"]?.text {
    case "reserved": return .reserved
    case "epc": return .epc
    case "tid": return .tid
    case "user": return .user
    case let other:
      throw Problem.malformed(
        "bank is '\(other ?? "")'; it must be epc, tid, user or reserved.", pointer: "/bank")
    }
  }
}
