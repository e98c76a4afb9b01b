import LabelDesign

/// A printer that can be asked how it is and given labels. Holds nothing open between two calls; not for several at a time.
public struct LabelPrinter: Sendable {
  public let address: PrinterAddress
  public let profile: PrinterProfile
  public var patience: PrintPatience
  private let clock: any Clock<Duration>

  public init(
    _ address: PrinterAddress, profile: PrinterProfile, patience: PrintPatience = PrintPatience(),
    clock: any Clock<Duration> = .continuous
  ) {
    self.address = address
    self.profile = profile
    self.patience = patience
    self.clock = clock
  }

  /// Whether the printer can say how it is over this connection.
  public var answers: Bool {
    switch address {
    case .tcp: profile.language != .document && profile.answersOnNetwork
    case .usb: profile.language != .document
    case .ipp, .file: true
    }
  }

  /// How it is. A printer that gives no answer is blocked; one that cannot say is as it seems, with a note that says so.
  public func status() async -> PrinterStatus {
    switch address {
    case .file(let folder): return FilePrinter(folder: folder).status()
    case .ipp: return await IPPPrinter(address, patience: patience, clock: clock).status()
    case .tcp, .usb: break
    }
    let link: any PrinterLink
    do {
      link = try await open()
    } catch {
      return error.status(nil)
    }
    let status = await status(over: link)
    await link.close()
    return status
  }

  private func status(over link: any PrinterLink) async -> PrinterStatus {
    guard answers, !profile.statusQuery.isEmpty else {
      return await link.portStatus() ?? PrinterStatus(note: "it can be reached, and does not say how it is")
    }
    let (bytesSent, fault) = await link.send(profile.statusQuery, patience: patience.answer, clock: clock)
    if let fault, bytesSent < profile.statusQuery.count { return fault.status(await link.portStatus()) }
    var answers = PrinterAnswers(of: profile)
    while true {
      switch await link.inbox.take(within: patience.answer, clock: clock) {
      case .bytes(let bytes):
        for case .status(let status) in answers.take(bytes) { return status }
      case .nothing:
        if let port = await link.portStatus(), !port.isReady { return port }
        return .noAnswer
      case .ended(let fault): return fault.status(nil)
      }
    }
  }

  /// Prints a label, or a document.
  ///
  /// - Parameters:
  ///   - willSend: runs right before the first byte goes out; when it throws, none does.
  ///   - onStatus: hears what the printer says meanwhile.
  /// - Returns: what came of it, in bounded time: see ``PrintPatience``. A task that is cancelled ends at once.
  public func print(
    _ data: PrintData, willSend: @Sendable () async throws -> Void = {},
    onStatus: @Sendable (PrinterStatus) -> Void = { _ in }
  ) async -> PrintOutcome {
    switch address {
    case .file(let folder):
      return await FilePrinter(folder: folder).print(data, language: profile.language, willSend: willSend)
    case .ipp:
      return await IPPPrinter(address, patience: patience, clock: clock).print(
        data, format: profile.language == .document ? "application/pdf" : "application/octet-stream",
        willSend: willSend,
        onStatus: onStatus)
    case .tcp, .usb: break
    }
    let link: any PrinterLink
    do {
      link = try await open()
    } catch {
      return .notSent(error.status(nil))
    }
    var outcome = await converse(data, over: link, willSend, onStatus)
    // A printer that says nothing may still let its connection tell what is the matter.
    if outcome == .notSent(.noAnswer), let port = await link.portStatus(), !port.isReady { outcome = .notSent(port) }
    await link.close()
    return outcome
  }

  private func converse(
    _ data: PrintData, over link: any PrinterLink, _ willSend: @Sendable () async throws -> Void,
    _ onStatus: @Sendable (PrinterStatus) -> Void
  ) async -> PrintOutcome {
    var conversation = PrintConversation(data, on: profile, answersHere: answers, patience: patience)
    var action = conversation.start()
    var told: PrinterStatus?
    while true {
      if let status = conversation.status, status != told {
        told = status
        onStatus(status)
      }
      if Task.isCancelled, !action.isEnd { action = conversation.lost(0, .stopped) }
      switch action {
      case .ask(let bytes):
        let (sent, fault) = await link.send(bytes, patience: patience.answer, clock: clock)
        action = fault.map { conversation.lost(sent, $0) } ?? conversation.sent()
      case .begin:
        do {
          try await willSend()
          action = conversation.began()
        } catch {
          action = conversation.abandoned("\(error)")
        }
      case .send(let bytes):
        let (sent, fault) = await link.send(bytes, patience: patience.stall, clock: clock)
        if let fault {
          // What the printer said last may tell why.
          if case .bytes(let bytes) = await link.inbox.take(within: .zero, clock: clock) {
            _ = conversation.heard(bytes)
          }
          action = conversation.lost(sent, fault)
        } else {
          action = conversation.sent()
        }
      case .listen(let time):
        switch await link.inbox.take(within: time, clock: clock) {
        case .bytes(let bytes): action = conversation.heard(bytes)
        case .nothing: action = conversation.silence()
        case .ended(let fault): action = conversation.lost(0, fault)
        }
      case .wait(let time):
        do {
          try await clock.sleep(for: time)
          action = conversation.waited()
        } catch {
          action = conversation.lost(0, .stopped)
        }
      case .finish:
        let fault = await link.finish(patience: patience.answer, clock: clock)
        action = fault.map { conversation.lost(0, $0) } ?? conversation.sent()
      case .end(let outcome): return outcome
      }
    }
  }

  private func open() async throws(LinkFault) -> any PrinterLink {
    switch address {
    case .tcp(let host, let port): try await TCPLink(host: host, port: port, patience: patience)
    case .usb(let numbers, let serial): try await USBLink.open(numbers, serial: serial)
    case .ipp, .file: throw LinkFault(.fault, "\(address) takes no raw bytes")
    }
  }
}

extension PrintConversation.Action {
  fileprivate var isEnd: Bool { if case .end = self { true } else { false } }
}

extension LinkFault {
  /// The station stops, or the job is called off.
  static let stopped = LinkFault(.noAnswer, "the station stopped waiting for it")
}
