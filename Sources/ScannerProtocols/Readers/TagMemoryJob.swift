/// Something to do with the memory of one tag, from begin to end.
public struct TagMemoryJob: Hashable, Sendable {
  /// What is to be done.
  public enum Work: Hashable, Sendable {
    /// Read or write; a write is read back and compared.
    case operation(TagMemoryOperation)
    /// Give the tag another EPC: its PC is read, PC and EPC are written, then read back under the new EPC.
    case writeEPC([UInt8])
  }

  /// The caller's own number for it.
  public let id: Int
  /// The EPC of the tag that is meant.
  public let epc: [UInt8]
  /// What is to be done.
  public let work: Work
  /// The access password, 0 for none.
  public let password: UInt32

  /// A job.
  public init(id: Int, epc: [UInt8], work: Work, password: UInt32 = 0) {
    self.id = id
    self.epc = epc
    self.work = work
    self.password = password
  }
}

/// How a job ended.
public enum TagMemoryOutcome: Hashable, Sendable {
  /// The words that were asked for.
  case read([UInt8])
  /// Written, and found as written.
  case verified
  /// Written, and found otherwise: the tag must be looked at again.
  case differs(word: Int)
  /// Reader or tag said no.
  case refused(ReaderRefusal)
  /// It was never sent.
  case impossible(TagMemoryFault)
  /// The reader did not answer, or made no sense. What was being written may be written or not.
  case noAnswer(String)
}

extension TagMemoryOutcome: CustomStringConvertible {
  /// How it ended, in words.
  public var description: String {
    switch self {
    case .read(let bytes): "\(bytes.count / 2) words were read"
    case .verified: "written, and found as written"
    case .differs(let word): "written, and found otherwise from word \(word) on; look at the tag again"
    case .refused(let refusal): "refused: \(refusal)"
    case .impossible(let fault): "not sent: \(fault)"
    case .noAnswer(let reason): "\(reason); what was being written may be written or not"
    }
  }

  /// Whether it was done as asked.
  public var isGood: Bool {
    switch self {
    case .read, .verified: true
    case .differs, .refused, .impossible, .noAnswer: false
    }
  }
}

/// The steps of a job, one operation after the other.
struct TagMemorySteps: Sendable {
  let job: TagMemoryJob
  /// The operation under way, and the EPC to which the tag answers.
  var last: (TagMemoryOperation, epc: [UInt8])
  private var stage = Stage.begin

  private enum Stage: Hashable, Sendable {
    case begin
    case reading
    case readingControl
    case writing(TagMemoryOperation, readBack: TagMemoryOperation, epc: [UInt8], wanted: [UInt8])
    case verifying(wanted: [UInt8], word: Int)
  }

  enum Next: Hashable, Sendable {
    case perform(TagMemoryOperation, epc: [UInt8])
    case end(TagMemoryOutcome)
  }

  init(_ job: TagMemoryJob) {
    self.job = job
    last = (.readTID, job.epc)
  }

  /// The first operation.
  mutating func begin() -> Next {
    switch job.work {
    case .operation(let operation):
      do throws(TagMemoryFault) { try operation.check() } catch { return .end(.impossible(error)) }
      guard case .write(let bank, let pointer, let bytes) = operation else {
        stage = .reading
        return .perform(operation, epc: job.epc)
      }
      let readBack = TagMemoryOperation.read(bank, wordPointer: pointer, wordCount: bytes.count / 2)
      stage = .writing(operation, readBack: readBack, epc: job.epc, wanted: bytes)
      return .perform(operation, epc: job.epc)
    case .writeEPC(let epc):
      do throws(TagMemoryFault) { _ = try EPCWrite(epc: epc) } catch { return .end(.impossible(error)) }
      stage = .readingControl
      return .perform(.read(.epc, wordPointer: 1, wordCount: 1), epc: job.epc)
    }
  }

  /// What follows from the answer to the last operation.
  mutating func take(_ answer: ReaderAnswer) -> Next {
    switch (stage, answer) {
    case (_, .refused(let refusal)): return .end(.refused(refusal))
    case (_, .noTag):
      return .end(.refused(ReaderRefusal(code: 0, meaning: "the tag is not in the field", isTransient: true)))
    case (_, .unreadable(let reason)): return .end(.noAnswer(reason))
    case (.reading, .memory(let bytes)): return .end(.read(bytes))
    case (.readingControl, .memory(let bytes)):
      guard bytes.count >= 2, case .writeEPC(let epc) = job.work else { return .end(.noAnswer("no PC in the answer")) }
      do throws(TagMemoryFault) {
        let control = ProtocolControl(rawValue: bytes[...].bigEndian16(0))
        // Readers select by how an EPC begins: a tag with a longer one is another tag.
        guard control.epcLength == job.epc.count else { throw .wrongPC(control, length: job.epc.count) }
        let write = try EPCWrite(epc: epc, current: control)
        guard case .write(_, _, let words) = write.write else { return .end(.noAnswer("nothing to write")) }
        stage = .writing(write.write, readBack: write.readBack, epc: epc, wanted: words)
        return .perform(write.write, epc: job.epc)
      } catch {
        return .end(.impossible(error))
      }
    case (.writing(let operation, let readBack, let epc, let wanted), .done):
      guard case .write(_, let pointer, _) = operation else { return .end(.noAnswer("nothing was written")) }
      stage = .verifying(wanted: wanted, word: Int(pointer))
      return .perform(readBack, epc: epc)
    case (.verifying(let wanted, let word), .memory(let found)):
      guard let place = wanted.indices.first(where: { $0 >= found.count || found[$0] != wanted[$0] }) else {
        return .end(.verified)
      }
      return .end(.differs(word: word + place / 2))
    default: return .end(.noAnswer("an answer to something else"))
    }
  }
}
