/// What a printer says of itself, whatever its language.
public struct PrinterStatus: Hashable, Sendable {
  /// What is the matter with it, the worst first; empty when all is well.
  public var conditions: [PrinterCondition]
  /// Whether it is printing, or has something left to print.
  public var isBusy: Bool
  /// Labels that are still to come of what it was sent; nil when it does not say.
  public var labelsLeft: Int?
  /// Millimetres of the labels that are in it, when it says so; the length is 0 on a continuous roll.
  public var media: Media?
  /// What it says in its own words, beside the conditions.
  public var note: String?

  /// The size of a roll.
  public struct Media: Hashable, Sendable {
    public let width: Int
    public let length: Int
  }

  public init(
    conditions: [PrinterCondition] = [], isBusy: Bool = false, labelsLeft: Int? = nil, media: Media? = nil,
    note: String? = nil
  ) {
    self.conditions = conditions.sorted { ($0.blocks ? 0 : 1) < ($1.blocks ? 0 : 1) }
    self.isBusy = isBusy
    self.labelsLeft = labelsLeft
    self.media = media
    self.note = note
  }

  /// No answer came: the same as being blocked, never as being well.
  public static let noAnswer = PrinterStatus(conditions: [.noAnswer])

  /// Whether a label that is sent now is printed.
  public var isReady: Bool { !conditions.contains { $0.blocks } }

  /// Whether everything that was sent has been printed.
  public var isDone: Bool { isReady && !isBusy && (labelsLeft ?? 0) == 0 }

  /// The state as `ready`, `printing` or what is the matter.
  public var words: String {
    let what = conditions.map(\.words).joined(separator: "; ")
    let said = what.isEmpty ? (isBusy ? "printing" : "ready") : what
    return note.map { "\(said) (\($0))" } ?? said
  }

  /// What to do about the worst of it; nil when nothing is the matter.
  public var remedy: String? { conditions.first?.remedy }
}
