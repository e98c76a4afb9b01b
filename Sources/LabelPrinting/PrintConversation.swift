import LabelDesign

/// One label on its way to a printer that takes bytes: asks for its state, sends, asks until it is printed. Decides, and does
/// nothing; whoever runs it carries out the actions in order and tells what came of each.
struct PrintConversation {
  /// What is to be done next.
  enum Action: Hashable {
    /// Sends a question; then `sent` or `lost`.
    case ask([UInt8])
    /// The label begins to go out: from here on it is not known any more that it is not printed. Then `began` or `abandoned`.
    case begin
    /// Sends the label; then `sent` or `lost`.
    case send([UInt8])
    /// Waits for what the printer sends, at most so long; then `heard`, `silence` or `lost`.
    case listen(Duration)
    /// Waits; then `waited`.
    case wait(Duration)
    /// Says that nothing more comes, and waits until the printer has taken it all; then `sent` or `lost`.
    case finish
    case end(PrintOutcome)
  }

  private enum Stage: Hashable {
    case before
    case sending
    case confirming
    case finishing
  }

  private let data: PrintData
  private let query: [UInt8]
  private let countsPages: Bool
  private let patience: PrintPatience
  private var answers: PrinterAnswers
  private var stage = Stage.before
  /// Since when nothing was heard, and how long it has held the label, in what was waited.
  private var silent = Duration.zero
  private var held = Duration.zero
  private var pagesLeft: Int
  private var tag: TagAnswer?
  private var lastStatus: PrinterStatus?
  private var isDone = false
  /// How often something came, one after the other, that says nothing.
  private var noise = 0
  /// After so much of it a printer counts as one that says nothing: it may be none, and never stop.
  private static let mostNoise = 1_000
  /// Told as it changes, for who watches.
  private(set) var status: PrinterStatus?

  /// - Parameter answersHere: whether the printer answers over the connection that there is.
  init(_ data: PrintData, on printer: PrinterProfile, answersHere: Bool, patience: PrintPatience) {
    self.data = data
    self.patience = patience
    query = answersHere ? printer.statusQuery : []
    countsPages = printer.language == .brotherQL
    answers = PrinterAnswers(of: printer)
    pagesLeft = data.labels
  }

  /// The first action.
  func start() -> Action { query.isEmpty ? .begin : .ask(query) }

  /// The label may go out.
  mutating func began() -> Action {
    stage = .sending
    // What it said before explains nothing of what comes.
    lastStatus = nil
    return .send(data.bytes)
  }

  /// The label may not go out after all.
  func abandoned(_ note: String) -> Action { .end(.notSent(PrinterStatus(note: note))) }

  /// What was to be sent has gone out whole.
  mutating func sent() -> Action {
    switch stage {
    case .before: return .listen(patience.answer)
    case .sending:
      guard !query.isEmpty else {
        stage = .finishing
        return .finish
      }
      stage = .confirming
      (silent, held) = (.zero, .zero)
      // Brother's printers tell by themselves, and take a question in the middle of a page for an end of it.
      return countsPages ? .listen(patience.poll) : .ask(query)
    case .confirming: return .listen(patience.answer)
    case .finishing: return .end(.printed(isConfirmed: false, tag: nil))
    }
  }

  /// Bytes have come.
  mutating func heard(_ bytes: [UInt8]) -> Action {
    let told = answers.take(bytes)
    noise = told.isEmpty ? noise + 1 : 0
    if noise > Self.mostNoise {
      noise = 0
      return silence()
    }
    silent = .zero
    var isStatusNew = false
    for answer in told {
      switch answer {
      case .status(let status):
        (lastStatus, self.status, isStatusNew) = (status, status, true)
      case .pagePrinted(let status):
        pagesLeft -= 1
        (lastStatus, self.status, isStatusNew) = (status, status, true)
      case .tag(let told): tag = told
      }
    }
    switch stage {
    case .before:
      guard isStatusNew, let status = lastStatus else { return .listen(patience.answer) }
      return status.isReady ? .begin : .end(.notSent(status))
    case .confirming: return confirming(isStatusNew)
    // What a printer says while it is sent something is listened to afterwards.
    case .sending, .finishing: return .listen(patience.poll)
    }
  }

  private mutating func confirming(_ isStatusNew: Bool) -> Action {
    if isStatusNew, let status = lastStatus {
      isDone = countsPages ? pagesLeft <= 0 : status.isDone
    }
    if isDone, tag != nil || !data.readsTag { return .end(.printed(isConfirmed: true, tag: tag)) }
    // The label is out, and what its tag says may still come.
    if isDone { return .listen(patience.answer) }
    guard isStatusNew else { return .listen(patience.answer) }
    return countsPages ? .listen(patience.poll) : .wait(patience.poll)
  }

  /// Nothing came for as long as was to be listened.
  mutating func silence() -> Action {
    switch stage {
    case .before: return .end(.notSent(.noAnswer))
    case .confirming:
      if isDone { return .end(.printed(isConfirmed: true, tag: tag)) }
      // A Brother printer is silent while it prints, and while something is the matter with it.
      if countsPages { held += patience.poll } else { silent += patience.answer }
      if let end = overdue() { return end }
      return countsPages ? .listen(patience.poll) : .ask(query)
    // Nobody listens there.
    case .sending, .finishing: return .end(unknown(data.bytes.count, lastStatus ?? .noAnswer))
    }
  }

  /// What was to be waited is over.
  mutating func waited() -> Action {
    held += patience.poll
    return overdue() ?? .ask(query)
  }

  /// Why enough has been waited, once it has.
  private func overdue() -> Action? {
    if silent >= patience.silence { return .end(unknown(data.bytes.count, .noAnswer)) }
    guard held >= patience.hold else { return nil }
    return .end(unknown(data.bytes.count, lastStatus ?? .noAnswer))
  }

  /// The connection is gone, or the printer takes no more: at most so many bytes of what was being sent went out.
  mutating func lost(_ bytesSent: Int, _ fault: LinkFault) -> Action {
    switch stage {
    case .before: return .end(.notSent(fault.status(lastStatus)))
    case .sending where bytesSent == 0: return .end(.notSent(fault.status(lastStatus)))
    case .sending: return .end(unknown(bytesSent, fault.status(lastStatus)))
    case .confirming where isDone: return .end(.printed(isConfirmed: true, tag: tag))
    case .confirming, .finishing: return .end(unknown(data.bytes.count, fault.status(lastStatus)))
    }
  }

  private func unknown(_ bytesSent: Int, _ status: PrinterStatus) -> PrintOutcome {
    .unknown(bytesSent: min(bytesSent, data.bytes.count), status)
  }
}
