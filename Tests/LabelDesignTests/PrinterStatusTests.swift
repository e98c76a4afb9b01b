import Testing

@testable import LabelDesign

private func printer(_ language: PrinterLanguage, long: Bool = false) -> PrinterProfile {
  var printer = PrinterProfile(id: "p", name: "P", language: language, dotsPerInch: 203, widthInDots: 720)
  printer.tsplStatus = long ? .long : .short
  return printer
}

/// A `~HS` answer; `one` and `two` replace fields of the first two strings of the public sample by their letters' places.
private func hostStatus(one: [Int: String] = [:], two: [Int: String] = [:]) -> [UInt8] {
  var first = "000,0,0,1240,000,0,0,0,000,0,0,0".split(separator: ",").map(String.init)
  var second = "001,0,0,0,0,0,0,0,00000000,0,002".split(separator: ",").map(String.init)
  for (index, text) in one { first[index] = text }
  for (index, text) in two { second[index] = text }
  return [first.joined(separator: ","), second.joined(separator: ","), "0000,0"].flatMap {
    Array("\u{2}\($0)\u{3}\r\n".utf8)
  }
}

private func status(_ bytes: [UInt8], _ printer: PrinterProfile) throws -> PrinterStatus {
  var answers = PrinterAnswers(of: printer)
  let all = answers.take(bytes)
  #expect(all.count == 1)
  guard case .status(let status)? = all.first else { throw NoStatus() }
  return status
}

private struct NoStatus: Error {}

@Suite struct ZebraStatus {
  @Test func aZebraThatIsWellIsReadyAndDone() throws {
    let told = try status(hostStatus(), printer(.zpl))
    #expect(told.isReady && told.isDone && told.conditions.isEmpty)
    #expect(told.words == "ready")
  }

  /// The places of ZPL II Programming Guide, `~HS`.
  @Test(
    arguments: [(Int, Int, PrinterCondition)]([
      (1, 1, .mediaOut), (1, 2, .paused), (1, 5, .bufferFull), (1, 9, .memoryLost),
      (1, 10, .underTemperature),
      (1, 11, .overTemperature), (2, 2, .headOpen), (2, 3, .ribbonOut),
    ]))
  func aFlagIsItsCondition(string: Int, place: Int, condition: PrinterCondition) throws {
    let bytes = string == 1 ? hostStatus(one: [place: "1"]) : hostStatus(two: [place: "1"])
    let told = try status(bytes, printer(.zpl))
    #expect(told.conditions == [condition])
    #expect(!told.isReady)
  }

  @Test func whatIsStillToComeKeepsItBusy() throws {
    let left = try status(hostStatus(two: [8: "00000007"]), printer(.zpl))
    #expect(left.isReady && !left.isDone && left.labelsLeft == 7)
    let received = try status(hostStatus(one: [4: "002"]), printer(.zpl))
    #expect(received.isReady && !received.isDone)
  }

  @Test func aLabelThatWaitsToBeTakenHoldsNothingUp() throws {
    let told = try status(hostStatus(two: [7: "1"]), printer(.zpl))
    #expect(told.conditions == [.labelWaiting] && told.isReady)
  }

  @Test func anAnswerMayComeByteByByteAndBehindRubbish() throws {
    var answers = PrinterAnswers(of: printer(.zpl))
    var all: [PrinterAnswers.Answer] = []
    let broken = Array("\u{2}030,0,0\u{3}\r\n\u{2}001,0".utf8)
    for byte in broken + hostStatus(one: [1: "1"]) + hostStatus() { all += answers.take([byte]) }
    #expect(
      all == [.status(PrinterStatus(conditions: [.mediaOut], labelsLeft: 0)), .status(PrinterStatus(labelsLeft: 0))])
  }

  @Test func oneStringAloneIsNoAnswer() {
    var answers = PrinterAnswers(of: printer(.zpl))
    #expect(answers.take("\u{2}030,0,0,1245,000,0,0,0,000,0,0,0\u{3}\r\n".utf8).isEmpty)
  }

  @Test func whatWasReadOfATagIsTold() {
    var answers = PrinterAnswers(of: printer(.zpl))
    #expect(
      answers.take("EPC[3034257BF7194E4000001A85]\r\n".utf8) == [.tag(.epc(Array(hex: "3034257BF7194E4000001A85")))])
    #expect(answers.take("EPC[]\r\n".utf8) == [.tag(.unreadable(""))])
    #expect(answers.take("EPC[No Tag]\r\n".utf8) == [.tag(.unreadable("No Tag"))])
  }

  @Test func endlessRubbishTakesNoMemory() {
    var answers = PrinterAnswers(of: printer(.zpl))
    #expect(answers.take(repeatElement(UInt8(ascii: "x"), count: 100_000)).isEmpty)
    #expect(answers.take(hostStatus()).count == 1)
  }
}

@Suite struct TSCStatus {
  /// The table of TSPL2 Programming Language, `ESC ! ?`.
  @Test(
    arguments: [
      (0x01 as UInt8, [PrinterCondition.headOpen]), (0x02, [.mediaJam]), (0x03, [.headOpen, .mediaJam]),
      (0x04, [.mediaOut]),
      (0x08, [.ribbonOut]), (0x0C, [.mediaOut, .ribbonOut]), (0x10, [.paused]), (0x80, [.overTemperature]),
      (0x40, [.headOpen]),
    ] as [(UInt8, [PrinterCondition])])
  func aBitIsItsCondition(byte: UInt8, conditions: [PrinterCondition]) throws {
    #expect(try status([byte], printer(.tspl)).conditions == conditions)
  }

  @Test func zeroIsReadyAndPrintingIsBusy() throws {
    #expect(try status([0x00], printer(.tspl)).isDone)
    let printing = try status([0x20], printer(.tspl))
    #expect(printing.isReady && !printing.isDone)
  }

  /// The tables of `ESC ! S`, by the characters that the manual shows.
  @Test(
    arguments: [(String, [PrinterCondition], Bool)]([
      ("@@@@", [], true), ("`@@@", [.paused], false), ("P@@@", [], false), ("W@@@", [], false),
      ("E@@A", [.mediaOut], false), ("E@@B", [.mediaJam], false), ("E@@D", [.ribbonOut], false),
      ("E@@`", [.headOpen], false),
      ("E@A@", [.overTemperature], false), ("E@H@", [.cutterJam], false), ("E@@@", [.fault], false),
      ("@H@@", [.bufferFull], false),
      ("@A@@", [.mediaLow], true),
    ]))
  func fourLettersAreItsState(letters: String, conditions: [PrinterCondition], isDone: Bool) throws {
    let told = try status([0x02] + Array(letters.utf8) + [0x03, 0x0D, 0x0A], printer(.tspl, long: true))
    #expect(told.conditions == conditions)
    #expect(told.isDone == isDone)
  }

  @Test func aBrokenAnswerIsDroppedAndTheNextFound() {
    var answers = PrinterAnswers(of: printer(.tspl, long: true))
    let frame = [0x02] + Array("@@@@".utf8) + [0x03, 0x0D, 0x0A]
    #expect(answers.take([0x02, 0x40] + frame + frame) == [.status(PrinterStatus()), .status(PrinterStatus())])
  }
}

@Suite struct BrotherStatuses {
  /// Answers of a QL-820-like printer as DEBUG.md of brother_ql prints them: to a request, and at the change of phase.
  private let reply = Array(
    hex: "80 20 42 30 4F 30 00 00 00 00 3E 0A 00 00 15 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00")
  private let phase = Array(
    hex: "80 20 42 30 4F 30 00 00 00 00 3E 0A 00 00 15 00 00 00 06 01 00 00 00 00 00 00 00 00 00 00 00 00")

  @Test func aReplyTellsTheRollThatIsIn() throws {
    let told = try status(reply, printer(.brotherQL))
    #expect(told.isDone)
    #expect(told.media == .init(width: 62, length: 0))
    #expect(try status(phase, printer(.brotherQL)).isBusy)
  }

  /// The tables "Error information 1" and "2".
  @Test(
    arguments: [(Int, UInt8, PrinterCondition)]([
      (8, 0x01, .mediaOut), (8, 0x02, .mediaOut), (8, 0x04, .cutterJam), (8, 0x10, .inUse),
      (8, 0x20, .turnedOff), (8, 0x80, .fault), (9, 0x01, .wrongMedia), (9, 0x02, .bufferFull),
      (9, 0x04, .transmission),
      (9, 0x10, .headOpen), (9, 0x40, .mediaJam), (9, 0x80, .fault),
    ]))
  func anErrorBitIsItsCondition(place: Int, bit: UInt8, condition: PrinterCondition) throws {
    var bytes = reply
    (bytes[18], bytes[place]) = (2, bit)
    #expect(try status(bytes, printer(.brotherQL)).conditions == [condition])
  }

  @Test func aPrintedPageIsCounted() {
    var bytes = reply
    bytes[18] = 1
    var answers = PrinterAnswers(of: printer(.brotherQL))
    // The first byte of an answer that was lost, then two whole ones.
    #expect(answers.take([0x80] + bytes + bytes).count == 2)
  }

  @Test func coolingIsNoFault() throws {
    var bytes = reply
    (bytes[18], bytes[22]) = (5, 3)
    let told = try status(bytes, printer(.brotherQL))
    #expect(told.conditions == [.cooling] && told.isReady)
  }
}

@Test func noAnswerIsNeverWell() {
  #expect(!PrinterStatus.noAnswer.isReady && !PrinterStatus.noAnswer.isDone)
  #expect(PrinterStatus.noAnswer.remedy != nil)
}

@Test(arguments: PrinterCondition.allCases) func everyConditionHasWordsAndARemedy(condition: PrinterCondition) {
  #expect(!condition.words.isEmpty && !condition.words.hasSuffix("."))
  #expect(condition.remedy.hasSuffix("."))
}

@Test func whatBlocksStandsFirst() {
  let told = PrinterStatus(conditions: [.mediaLow, .headOpen])
  #expect(told.conditions == [.headOpen, .mediaLow])
  #expect(told.remedy == PrinterCondition.headOpen.remedy)
}
