import ArgumentParser
import DeviceProfiles
import Foundation
import ScannerProtocols
import USBScanning

struct DevicesTagMemory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag-memory", abstract: "Reads the memory of one RFID tag, or gives it another EPC.",
    discussion: """
      The one tag with that EPC is meant, never whichever answers first. What is written is read back and compared.

      Examples:
        custody devices tag-memory 30751FEB705C5904E3D50D70 --device 1a86:7523@1-1=m100-r200 --tid --json
        custody devices tag-memory 30751FEB705C5904E3D50D70 --device 1a86:7523@1-1=m100-r200 --write-epc 3034257BF400B7800004CB2F
      """)

  @Argument(help: "The tag's EPC, in hexadecimal.") var epc: String
  @Option(help: ArgumentHelp("The reader, and its profile.", valueName: "DEVICE=PROFILE")) var device: String
  @Flag(help: "Read the tag's own identity, six words.") var tid = false
  @Option(help: "Read so many words of user memory from its begin.") var user: Int?
  @Option(help: "Give the tag this EPC, in hexadecimal: whole words of two bytes.") var writeEpc: String?
  @Option(help: "Access password, eight hexadecimal digits.") var password: String?
  @Flag(help: "Write a line of JSON: device, epc, message, and memory where it was read.") var json = false
  @OptionGroup var known: KnownDevices

  private func work() throws -> TagMemoryJob.Work {
    switch (tid, user, writeEpc) {
    case (true, nil, nil): .operation(.readTID)
    case (false, let words?, nil): .operation(.read(.user, wordPointer: 0, wordCount: words))
    case (false, nil, let epc?): .writeEPC(try Self.bytes(epc, "--write-epc"))
    default: throw ValidationError("Say one of --tid, --user WORDS and --write-epc EPC.")
    }
  }

  func validate() throws {
    // What no reader could do is told before one is claimed.
    if let fault = Self.fault(try work(), tag: try Self.bytes(epc, "EPC")) { throw ValidationError("\(fault).") }
    if let password, UInt32(password, radix: 16) == nil || password.count != 8 {
      throw ValidationError("--password wants eight hexadecimal digits.")
    }
  }

  func run() async throws {
    let job = TagMemoryJob(
      id: 1, epc: try Self.bytes(epc, "EPC"), work: try work(),
      password: password.flatMap { UInt32($0, radix: 16) } ?? 0)
    let id = String(device.prefix { $0 != "=" })
    let folders = try known.folders()
    let scanners = try DeviceOptions.parse(["--adopt", device]).scanners(folders)
    var isAsked = false
    var ending: TagMemoryOutcome?
    try await scanners.follow(for: .seconds(60)) { event in
      try scanners.requireReach(of: id, event)
      switch event {
      case .changed(let changed) where changed.id == id && changed.state == .silent:
        return .enough
      case .changed(let changed) where changed.id == id && changed.identity != nil:
        if !isAsked { scanners.perform(job, on: id) }
        isAsked = true
      case .fault(_, let message, let remedy): FileHandle.standardError.tell("\(message). \(remedy)\n")
      case .finished(id, job, let outcome):
        ending = outcome
        return .enough
      default: break
      }
      return .more
    }
    guard let outcome = ending else {
      throw Ending(3, "The reader \(id) did not answer.", remedy: "custody devices doctor says what is wrong.")
    }
    if json { try Running.answer(try USBScanningEvent.finished(id, job, outcome).jsonLine()) }
    if case .read(let bytes) = outcome {
      guard !json else { return }
      return try Running.answer(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
    guard outcome.isGood else { throw Ending(1, "\(outcome).", remedy: Self.remedy(outcome)) }
    if !json { try Running.answer("\(outcome)") }
  }

  private static func fault(_ work: TagMemoryJob.Work, tag: [UInt8]) -> TagMemoryFault? {
    do throws(TagMemoryFault) {
      _ = try EPCWrite(epc: tag)
      switch work {
      case .operation(let operation): try operation.check()
      case .writeEPC(let epc): _ = try EPCWrite(epc: epc)
      }
      return nil
    } catch {
      return error
    }
  }

  private static func remedy(_ outcome: TagMemoryOutcome) -> String? {
    switch outcome {
    case .impossible(.wrongPC): "It is another tag, with an EPC that begins alike: give its whole EPC."
    case .impossible: nil
    case .refused(let refusal) where !refusal.isTransient: "Give the access password, if the tag has one: --password."
    case .differs: "Read the tag again before it is used."
    case .refused, .noAnswer, .read, .verified: "Hold the tag still, near the antenna and alone, and try again."
    }
  }

  private static func bytes(_ text: String, _ what: String) throws -> [UInt8] {
    let nibbles = text.compactMap(\.hexDigitValue)
    guard !nibbles.isEmpty, nibbles.count == text.count, nibbles.count.isMultiple(of: 2) else {
      throw ValidationError("\(what) wants pairs of hexadecimal digits, not \(text).")
    }
    return stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
  }
}
