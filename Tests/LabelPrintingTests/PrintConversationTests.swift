import LabelDesign
import Testing

@testable import LabelPrinting

private func zebra() -> PrinterProfile {
  PrinterProfile(id: "z", name: "Zebra", language: .zpl, dotsPerInch: 203, widthInDots: 832)
}

private let query = Array("~HS\r\n".utf8)
private let label = Array("^XA^XZ".utf8)

private func answer(paperOut: Bool = false, formats: Int = 0, left: Int = 0) -> [UInt8] {
  [
    "030,\(paperOut ? 1 : 0),0,1245,00\(formats),0,0,0,000,0,0,0", "001,0,0,0,0,2,6,0,0000000\(left),1,000", "1234,0",
  ].flatMap { Array("\u{2}\($0)\u{3}\r\n".utf8) }
}

/// A conversation about one label, as it reads on the wire.
private struct Talk {
  var conversation: PrintConversation
  var patience = PrintPatience()

  init(_ printer: PrinterProfile = zebra(), answersHere: Bool = true, readsTag: Bool = false, labels: Int = 1) {
    patience.poll = .seconds(1)
    (patience.answer, patience.silence, patience.hold) = (.seconds(3), .seconds(9), .seconds(5))
    conversation = PrintConversation(
      PrintData(name: "x", bytes: label, labels: labels, readsTag: readsTag), on: printer, answersHere: answersHere,
      patience: patience)
  }
}

@Suite struct ConversationWithAZebra {
  @Test func itIsAskedSentAndAskedUntilItIsDone() {
    var talk = Talk()
    #expect(talk.conversation.start() == .ask(query))
    #expect(talk.conversation.sent() == .listen(.seconds(3)))
    #expect(talk.conversation.heard(answer()) == .begin)
    #expect(talk.conversation.began() == .send(label))
    #expect(talk.conversation.sent() == .ask(query))
    #expect(talk.conversation.sent() == .listen(.seconds(3)))
    #expect(talk.conversation.heard(answer(formats: 1)) == .wait(.seconds(1)))
    #expect(talk.conversation.waited() == .ask(query))
    #expect(talk.conversation.sent() == .listen(.seconds(3)))
    #expect(talk.conversation.heard(answer()) == .end(.printed(isConfirmed: true, tag: nil)))
  }

  @Test func noAnswerBeforeIsBlockedAndNothingIsSent() {
    var talk = Talk()
    _ = talk.conversation.sent()
    #expect(talk.conversation.silence() == .end(.notSent(.noAnswer)))
  }

  @Test func whatIsTheMatterBeforeIsToldAndNothingIsSent() {
    var talk = Talk()
    _ = talk.conversation.sent()
    #expect(
      talk.conversation.heard(answer(paperOut: true))
        == .end(.notSent(PrinterStatus(conditions: [.mediaOut], labelsLeft: 0))))
  }

  @Test func anAnswerInPiecesIsWaitedFor() {
    var talk = Talk()
    _ = talk.conversation.sent()
    let bytes = answer()
    for byte in bytes.dropLast(3) { #expect(talk.conversation.heard([byte]) == .listen(.seconds(3))) }
    #expect(talk.conversation.heard(Array(bytes.suffix(3))) == .begin)
  }

  /// As far as the label's last byte.
  private func sentTalk(readsTag: Bool = false) -> Talk {
    var talk = Talk(readsTag: readsTag)
    _ = (talk.conversation.sent(), talk.conversation.heard(answer()), talk.conversation.began())
    _ = talk.conversation.sent()
    return talk
  }

  @Test func labelsThatRunOutHoldItAndItGoesOn() {
    var talk = sentTalk()
    _ = talk.conversation.sent()
    #expect(talk.conversation.heard(answer(paperOut: true, left: 1)) == .wait(.seconds(1)))
    #expect(talk.conversation.status?.conditions == [.mediaOut])
    _ = (talk.conversation.waited(), talk.conversation.sent())
    #expect(talk.conversation.heard(answer()) == .end(.printed(isConfirmed: true, tag: nil)))
  }

  @Test func whatItHoldsTooLongIsUnknown() {
    var talk = sentTalk()
    let out = PrinterStatus(conditions: [.mediaOut], isBusy: true, labelsLeft: 1)
    for _ in 0..<4 {
      _ = talk.conversation.sent()
      #expect(talk.conversation.heard(answer(paperOut: true, left: 1)) == .wait(.seconds(1)))
      #expect(talk.conversation.waited() == .ask(query))
    }
    _ = talk.conversation.heard(answer(paperOut: true, left: 1))
    #expect(talk.conversation.waited() == .end(.unknown(bytesSent: label.count, out)))
  }

  @Test func silenceAfterwardsIsUnknownAndNeverPrinted() {
    var talk = sentTalk()
    for _ in 0..<2 {
      _ = talk.conversation.sent()
      #expect(talk.conversation.silence() == .ask(query))
    }
    #expect(talk.conversation.silence() == .end(.unknown(bytesSent: label.count, .noAnswer)))
  }

  @Test func aConnectionLostBeforeTheFirstByteIsNotSent() {
    var talk = Talk()
    _ = (talk.conversation.sent(), talk.conversation.heard(answer()), talk.conversation.began())
    let fault = LinkFault(.unreachable, "gone")
    #expect(
      talk.conversation.lost(0, fault) == .end(.notSent(PrinterStatus(conditions: [.unreachable], note: "gone"))))
    #expect(
      talk.conversation.lost(1, fault)
        == .end(.unknown(bytesSent: 1, PrinterStatus(conditions: [.unreachable], note: "gone"))))
  }

  @Test func aTagIsWaitedForAndItsAbsenceTold() {
    var talk = sentTalk(readsTag: true)
    _ = talk.conversation.sent()
    // The label is out: only the tag is listened for, and not for as long as a label may be held.
    #expect(talk.conversation.heard(answer()) == .listen(.seconds(3)))
    var late = talk
    #expect(
      late.conversation.heard(Array("EPC[30340000]\r\n".utf8))
        == .end(.printed(isConfirmed: true, tag: .epc([0x30, 0x34, 0, 0]))))
    #expect(talk.conversation.silence() == .end(.printed(isConfirmed: true, tag: nil)))
  }

  @Test func whoeverChattersWithoutEndIsNoPrinter() {
    var talk = Talk()
    _ = talk.conversation.sent()
    for _ in 0..<1_000 { #expect(talk.conversation.heard(Array("junk".utf8)) == .listen(.seconds(3))) }
    #expect(talk.conversation.heard(Array("junk".utf8)) == .end(.notSent(.noAnswer)))
  }

  @Test func aLabelThatMayNotGoOutDoesNot() {
    let talk = Talk()
    #expect(talk.conversation.abandoned("called off") == .end(.notSent(PrinterStatus(note: "called off"))))
  }
}

@Suite struct ConversationWithABrother {
  private func brother() -> PrinterProfile {
    PrinterProfile(id: "q", name: "QL", language: .brotherQL, dotsPerInch: 300, widthInDots: 720)
  }

  private func status(_ kind: UInt8, error: UInt8 = 0) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes.replaceSubrange(0..<3, with: [0x80, 0x20, 0x42])
    (bytes[8], bytes[18]) = (error, kind)
    return bytes
  }

  @Test func itTellsOfEveryPageByItself() {
    var talk = Talk(brother(), labels: 2)
    _ = (talk.conversation.start(), talk.conversation.sent())
    #expect(talk.conversation.heard(status(0)) == .begin)
    _ = talk.conversation.began()
    #expect(talk.conversation.sent() == .listen(.seconds(1)))
    #expect(talk.conversation.heard(status(6)) == .listen(.seconds(1)))
    #expect(talk.conversation.heard(status(1)) == .listen(.seconds(1)))
    #expect(talk.conversation.silence() == .listen(.seconds(1)))
    #expect(talk.conversation.heard(status(1)) == .end(.printed(isConfirmed: true, tag: nil)))
  }

  @Test func overANetworkItSaysNothingAndIsNotConfirmed() {
    var talk = Talk(brother(), answersHere: false)
    #expect(talk.conversation.start() == .begin)
    #expect(talk.conversation.began() == .send(label))
    #expect(talk.conversation.sent() == .finish)
    #expect(talk.conversation.sent() == .end(.printed(isConfirmed: false, tag: nil)))
  }

  @Test func aConnectionBrokenOffAtTheEndIsUnknown() {
    var talk = Talk(brother(), answersHere: false)
    _ = (talk.conversation.start(), talk.conversation.began(), talk.conversation.sent())
    guard case .end(.unknown(label.count, _)) = talk.conversation.lost(0, .closed) else {
      Issue.record("it is not known what became of it")
      return
    }
  }
}
