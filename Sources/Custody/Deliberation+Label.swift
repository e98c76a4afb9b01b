extension Deliberation {
  func label(_ details: LabelDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    try check(details.reason, "reason")
    try check(details.template, "template")
    try check(details.printer, "printer")
    guard asset.identifiers.contains(details.mark) else {
      throw Refusal(
        code("notBound"), "\(asset.name) does not carry the \(details.mark.kind.rawValue) \(details.mark.value).",
        remedy: "Bind the mark to it first, or print one that it carries.")
    }
    if let epc = details.epc, !Self.isEPC(epc) {
      throw Refusal(
        code("epc"), "'\(epc.prefix(70))' is not an EPC that a tag can hold.",
        remedy: "An EPC is 1 to 31 words of four hexadecimal digits, in capitals.")
    }
    guard LabelDetails.copiesAtOnce.contains(details.copies) else {
      throw LabelDetails.refusal(ofCopies: details.copies)
    }
    guard details.purpose == .first || details.reason != nil else {
      throw Refusal(
        code("reasonMissing"), "It is not said why \(asset.name) gets a label again.",
        remedy: "Enter why: lost, torn, unreadable, never came out.")
    }
    guard (details.replaces != nil) == (details.purpose == .replacement), details.replaces != details.mark else {
      throw Refusal(
        code("replaces"), "A replacement, and nothing else, names another mark that stood on the label before.",
        remedy: "Choose reprint for the same mark, and replacement for a new one.")
    }
    return draft(asset, .label(details), to: asset.standing)
  }

  func proveLabel(_ details: ProveLabelDetails) throws(Refusal) -> EventDraft {
    let asset = try startable()
    guard let label = asset.label else {
      throw Refusal(
        code("notPrinted"), "No label was printed here for \(asset.name).", remedy: "Print its label first.")
    }
    guard details.mark == label.mark else {
      throw Refusal(
        code("otherMark"), "The label says \(details.mark.value), and \(label.mark.value) was printed.",
        remedy: "Scan the new label; take the old one off.")
    }
    guard !label.isProven else { throw duplicate(asset, "has its label proved") }
    if let epc = label.epc {
      guard let read = details.epc else {
        throw Refusal(
          code("tagUnread"), "The code of \(asset.name) is right, and its RFID tag was not read.",
          remedy: "Hold the label to the RFID reader and scan its code again; if its tag stays silent, print a new one."
        )
      }
      guard read == epc else {
        throw Refusal(
          code("otherTag"), "The label's code is \(asset.name)'s, and its RFID tag says \(read) in place of \(epc).",
          remedy: "Take this label off and print a new one.")
      }
    }
    var details = details
    details.label = label.event
    return draft(asset, .proveLabel(details), to: asset.standing)
  }

  /// One to 31 words of four capital hexadecimal digits: what the length field of a Gen2 tag's PC word can state.
  private static func isEPC(_ text: String) -> Bool {
    let digits = text.utf8
    return (4...124).contains(digits.count) && digits.count % 4 == 0
      && digits.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x46).contains($0) }
  }
}
