/// What may be the matter with a printer.
public enum PrinterCondition: String, Hashable, Sendable, CaseIterable {
  case noAnswer
  case unreachable
  case headOpen
  case mediaOut
  case mediaJam
  case wrongMedia
  case ribbonOut
  case overTemperature
  case underTemperature
  case cutterJam
  case paused
  case labelWaiting
  case bufferFull
  case memoryLost
  case inUse
  case turnedOff
  case transmission
  case notAccepting
  case fault
  case mediaLow
  case cooling

  /// Whether nothing is printed as long as it lasts.
  public var blocks: Bool {
    switch self {
    case .mediaLow, .labelWaiting, .cooling: false
    default: true
    }
  }

  /// What is the matter, without a full stop.
  public var words: String {
    switch self {
    case .noAnswer: "the printer does not answer"
    case .unreachable: "the printer cannot be reached"
    case .headOpen: "the print head or the cover is open"
    case .mediaOut: "the labels have run out"
    case .mediaJam: "a label is stuck, or the gap is not found"
    case .wrongMedia: "other labels are loaded than the job is for"
    case .ribbonOut: "the ribbon has run out or is not fitted"
    case .overTemperature: "the print head is too hot"
    case .underTemperature: "the print head is too cold"
    case .cutterJam: "the cutter is stuck"
    case .paused: "the printer is paused"
    case .labelWaiting: "a printed label waits to be taken"
    case .bufferFull: "the printer's memory is full"
    case .memoryLost: "the printer has lost its settings"
    case .inUse: "the printer is in use by another"
    case .turnedOff: "the printer is being turned off"
    case .transmission: "the printer did not understand what it was sent"
    case .notAccepting: "the printer accepts no jobs"
    case .fault: "the printer reports a fault"
    case .mediaLow: "the labels are running out"
    case .cooling: "the print head is cooling down"
    }
  }

  /// What to do about it, a sentence.
  public var remedy: String {
    switch self {
    case .noAnswer:
      "Look at it: labels or ribbon may be out, the head open or too hot; then switch it off and on."
    case .unreachable: "Check its power, its cable and its address."
    case .headOpen: "Close it until it clicks."
    case .mediaOut: "Load labels, and press Feed once."
    case .mediaJam: "Open it, take the label out, and calibrate it to the labels."
    case .wrongMedia: "Load the labels that the job is for, or cancel it and choose another size."
    case .ribbonOut: "Fit a ribbon; for direct thermal labels set the printer to direct thermal."
    case .overTemperature: "Wait some minutes; print less dark if it comes again."
    case .underTemperature: "Let it warm up; bring it into a warmer room."
    case .cutterJam: "Switch it off, take the label out of the cutter, and switch it on."
    case .paused: "Press Pause on the printer."
    case .labelWaiting: "Take the label."
    case .bufferFull: "Wait; if it lasts, switch it off and on."
    case .memoryLost: "Have it looked after; its settings must be made anew."
    case .inUse: "Wait until the other has finished."
    case .turnedOff: "Switch it on."
    case .transmission: "Check that its profile is the right one, and its cable."
    case .notAccepting: "Switch it to accept jobs on its own page."
    case .fault: "Look at its display; switch it off and on."
    case .mediaLow: "Have labels at hand."
    case .cooling: "It goes on by itself."
    }
  }
}
