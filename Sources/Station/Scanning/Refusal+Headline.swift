import Custody

extension Refusal {
  /// At most five words that can be read from a metre away: what stands in the way, where there is a word for it.
  func headline(for verb: Verb?) -> String {
    if code == "kit.twice" { return "In the kit already" }
    if kind == .duplicate { return verb.map { "Already \($0.words.done.lowercased())" } ?? "Already done" }
    switch code.split(separator: ".").last {
    case "mediumNotSanitized": return "Not wiped"
    case "mediaUnknown": return "Drives unknown"
    case "legalHold": return "On legal hold"
    case "role", "needsManager": return "Not allowed"
    case "witnessMissing", "witnessNotAuthenticated", "witnessSame", "witnessRole": return "Second person needed"
    case "approver": return "Approval needed"
    case "state": return verb.map { "Cannot be \($0.words.done.lowercased())" } ?? "Refused"
    case "otherMark", "otherTag": return "Not the printed label"
    case "tagUnread": return "RFID tag not read"
    case "ambiguous": return "Not one asset only"
    default: break
    }
    switch code {
    case "custody.sanitize.stale": return "Wiped before it was used"
    case "scan.approver.missing": return "Approval needed"
    case "scan.detail.missing": return "Something is missing"
    case "scan.sanitize.noMedium": return "No drive in it"
    case "scan.label.awaited": return "Scan the new label"
    case "scan.label.typed": return "Scan it, not type it"
    case "scan.badge.unknown": return "Unknown badge"
    case "scan.location.unknown": return "Unknown location"
    case "scan.kit.unknown": return "Unknown kit"
    case "kit.notOfThis": return "Not of this kit"
    case "kit.slotFull": return "One too many"
    case "kit.otherKit": return "Of another kit"
    case "kit.incomplete": return "Kit not complete"
    case "kit.licence": return "No place for a licence"
    case "kit.unfinished": return "Kit not handed over"
    case "kit.nobody": return "Nobody named"
    case "kit.none": return "No kit in hand"
    case "kit.notInIt": return "Not in the kit"
    default: return "Refused"
    }
  }
}
