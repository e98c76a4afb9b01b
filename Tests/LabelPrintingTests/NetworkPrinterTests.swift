import ClockTestSupport
import LabelDesign
import LabelPrinting
import Synchronization
import Testing

private let zebra = PrinterProfile(id: "z", name: "Zebra", language: .zpl, dotsPerInch: 203, widthInDots: 832)
private let label = Array("^XA^FO1,1^GFA,2,2,1,8001^FS^XZ\n".utf8)
/// Longer than what the kernel takes for a printer that reads nothing.
private let longLabel =
  Array("^XA^FX".utf8) + Array(repeating: UInt8(ascii: "x"), count: 16 << 20) + Array("^XZ\n".utf8)

/// An emulated printer on a free port, and what prints on it.
private func withPrinter(
  _ profile: PrinterProfile = zebra, clock: any Clock<Duration> = .continuous,
  _ body: (EmulatedPrinter, LabelPrinter) async throws -> Void
) async throws {
  let emulated = EmulatedPrinter(PrinterEmulation(profile.language))
  let port = try await emulated.start()
  // As long as the busiest machine may take. Tests of silence set what they wait for.
  var patience = PrintPatience()
  for wait in [\PrintPatience.connection, \.answer, \.stall, \.hold, \.silence] {
    patience[keyPath: wait] = .seconds(600)
  }
  patience.poll = .milliseconds(1)
  let printer = LabelPrinter(.tcp(host: "127.0.0.1", port: port), profile: profile, patience: patience, clock: clock)
  do {
    try await body(emulated, printer)
  } catch {
    try await emulated.stop()
    throw error
  }
  try await emulated.stop()
}

@Suite(.timeLimit(.minutes(25))) struct NetworkPrinters {
  @Test func aLabelArrivesAsItIsAndIsConfirmed() async throws {
    try await withPrinter { emulated, printer in
      #expect(await printer.print(PrintData(name: "a", bytes: label)) == .printed(isConfirmed: true, tag: nil))
      #expect(emulated.printed == [Array(label.dropLast())])
      #expect(await printer.status() == PrinterStatus(labelsLeft: 0))
    }
  }

  @Test func whatIsTheMatterIsToldAndNothingArrives() async throws {
    try await withPrinter { emulated, printer in
      emulated.change { $0.conditions = [.headOpen, .ribbonOut] }
      let outcome = await printer.print(PrintData(name: "a", bytes: label)) { Issue.record("it must not begin") }
      #expect(outcome == .notSent(PrinterStatus(conditions: [.headOpen, .ribbonOut], labelsLeft: 0)))
      #expect(emulated.printed.isEmpty && emulated.waiting.isEmpty)
    }
  }

  @Test func aPrinterThatSaysNothingIsBlocked() async throws {
    try await withPrinter { emulated, printer in
      emulated.change { $0.isSilent = true }
      var printer = printer
      printer.patience.answer = .milliseconds(500)
      let outcome = await printer.print(PrintData(name: "a", bytes: label)) { Issue.record("it must not begin") }
      // On a busy machine it may be the question that does not get away in time.
      guard case .notSent(let status) = outcome else {
        Issue.record("nothing of it was sent")
        return
      }
      #expect(status.conditions == [.noAnswer])
      #expect(!(await printer.status()).isReady)
    }
  }

  @Test func labelsThatRunOutInTheMiddleAreWaitedFor() async throws {
    try await withPrinter { emulated, printer in
      let data = PrintData(name: "a", bytes: label)
      let outcome = await printer.print(data) {
        emulated.change { $0.conditions = [.mediaOut] }
      } onStatus: { status in
        // Somebody loads labels.
        if status.conditions == [.mediaOut] { emulated.change { $0.conditions = [] } }
      }
      #expect(outcome == .printed(isConfirmed: true, tag: nil))
      #expect(emulated.printed.count == 1)
    }
  }

  @Test func aConnectionBrokenOffInTheMiddleIsUnknown() async throws {
    try await withPrinter { emulated, printer in
      emulated.fault = .reset(after: 100_000)
      guard case .unknown(let bytesSent, let status) = await printer.print(PrintData(name: "a", bytes: longLabel))
      else {
        Issue.record("it is not known what became of it")
        return
      }
      #expect((1...longLabel.count).contains(bytesSent))
      #expect(status.conditions == [.unreachable])
      #expect(emulated.printed.isEmpty)
    }
  }

  @Test func aConnectionBrokenOffAtTheQuestionIsNotSent() async throws {
    try await withPrinter { emulated, printer in
      emulated.fault = .reset(after: 1)
      guard case .notSent(let status) = await printer.print(PrintData(name: "a", bytes: label)) else {
        Issue.record("nothing of it was sent")
        return
      }
      #expect(status.conditions == [.unreachable])
    }
  }

  @Test func aPrinterThatTakesNoMoreIsGivenUp() async throws {
    try await withPrinter { emulated, printer in
      emulated.fault = .hang(after: 50_000)
      var printer = printer
      printer.patience.stall = .milliseconds(500)
      guard case .unknown(let bytesSent, let status) = await printer.print(PrintData(name: "a", bytes: longLabel))
      else {
        Issue.record("it is not known what became of it")
        return
      }
      #expect(bytesSent < longLabel.count)
      #expect(status.conditions == [.noAnswer])
    }
  }

  @Test func nobodyListensThere() async throws {
    let emulated = EmulatedPrinter(PrinterEmulation(.zpl))
    let port = try await emulated.start()
    try await emulated.stop()
    let printer = LabelPrinter(.tcp(host: "127.0.0.1", port: port), profile: zebra)
    let status = await printer.status()
    #expect(status.conditions == [.unreachable])
    #expect(status.note == "127.0.0.1 refuses port \(port)")
    #expect(await printer.print(PrintData(name: "a", bytes: label)) == .notSent(status))
  }

  @Test func twoStationsOnOnePrinterComeOneAfterTheOther() async throws {
    try await withPrinter { emulated, printer in
      async let one = printer.print(PrintData(name: "a", bytes: label))
      async let other = printer.print(PrintData(name: "b", bytes: label))
      let outcomes = await [one, other]
      #expect(outcomes == [.printed(isConfirmed: true, tag: nil), .printed(isConfirmed: true, tag: nil)])
      #expect(emulated.printed.count == 2)
    }
  }

  @Test func whatIsReadBackOfATagIsTold() async throws {
    var printer = zebra
    printer.encodesTags = true
    let tag = try TagEncoding(epc: [0x30, 0x34, 0x25, 0x7B, 0xF7, 0x19, 0x4E, 0x40, 0, 0, 0x1A, 0x85])
    let bytes = try PrintedLabel(
      picture: Bitmap(width: 8, height: 8), media: LabelMedia(width: 50, height: 25), tag: tag
    ).bytes(for: printer)
    try await withPrinter(printer) { emulated, printer in
      let data = PrintData(name: "a", bytes: bytes, readsTag: true)
      #expect(await printer.print(data) == .printed(isConfirmed: true, tag: .epc(tag.epc)))
      emulated.change { $0.tagRead = "0000" }
      #expect(await printer.print(data) == .printed(isConfirmed: true, tag: .epc([0, 0])))
    }
  }

  @Test func aLabelThatIsCalledOffAtTheLastMomentIsNotSent() async throws {
    struct CalledOff: Error {}
    try await withPrinter { emulated, printer in
      guard case .notSent = await printer.print(PrintData(name: "a", bytes: label), willSend: { throw CalledOff() })
      else {
        Issue.record("nothing of it was sent")
        return
      }
      #expect(emulated.printed.isEmpty)
    }
  }

  @Test func aBrotherOnTheNetworkIsSentToAndNotConfirmed() async throws {
    var brother = PrinterProfile(id: "q", name: "QL", language: .brotherQL, dotsPerInch: 300, widthInDots: 720)
    brother.answersOnNetwork = false
    let bytes = try PrintedLabel(
      picture: Bitmap(width: 696, height: 271), media: LabelMedia(width: 62, height: 29), copies: 2
    ).bytes(for: brother)
    try await withPrinter(brother, clock: ManualClock()) { emulated, printer in
      #expect(
        await printer.print(PrintData(name: "a", bytes: bytes, labels: 2)) == .printed(isConfirmed: false, tag: nil))
    }
  }

  @Test func aTSCPrinterTellsWhenItIsDone() async throws {
    let tsc = PrinterProfile(id: "t", name: "TSC", language: .tspl, dotsPerInch: 203, widthInDots: 864)
    let bytes = try PrintedLabel(picture: Bitmap(width: 16, height: 8), media: LabelMedia(width: 50, height: 25)).bytes(
      for: tsc)
    try await withPrinter(tsc) { emulated, printer in
      #expect(await printer.print(PrintData(name: "a", bytes: bytes)) == .printed(isConfirmed: true, tag: nil))
      #expect(emulated.printed == [bytes])
      emulated.change { $0.conditions = [.mediaOut] }
      #expect(await printer.status() == PrinterStatus(conditions: [.mediaOut]))
    }
  }

  @Test func whoIsCancelledInTheMiddleEnds() async throws {
    try await withPrinter { emulated, printer in
      let begun = Mutex<Task<PrintOutcome, Never>?>(nil)
      let task = Task {
        await printer.print(PrintData(name: "a", bytes: label)) {
          emulated.change { $0.conditions = [.mediaOut] }
        } onStatus: { status in
          if status.conditions == [.mediaOut] { begun.withLock { $0?.cancel() } }
        }
      }
      begun.withLock { $0 = task }
      guard case .unknown(label.count, _) = await task.value else {
        Issue.record("it is not known what became of it")
        return
      }
    }
  }
}
