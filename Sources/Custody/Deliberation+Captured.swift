/// What was captured is checked where it enters, so that nothing blank or malformed is ever signed.
extension Deliberation {
  /// Longest text of one field, bytes.
  static let longestText = 4096
  /// Longest mark, bytes.
  static let longestIdentifier = 512

  /// Refuses a text that is there but says nothing, is too long, or holds control characters but tab and line breaks.
  func check(_ text: String?, _ field: String) throws(Refusal) {
    guard let text else { return }
    guard !isBlank(text) else {
      throw Refusal(
        "custody.text.blank", "The field \(field) is blank.", remedy: "Fill in the field \(field), or leave it out.")
    }
    guard text.utf8.count <= Self.longestText else {
      throw Refusal(
        "custody.text.tooLong", "The field \(field) is longer than \(Self.longestText) bytes.",
        remedy: "Shorten it, and keep the long text as evidence.")
    }
    guard text.utf8.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || (0x09...0x0A).contains($0) || $0 == 0x0D }) else {
      throw Refusal(
        "custody.text.controlCharacter", "The field \(field) holds a control character.",
        remedy: "Type the field \(field) anew.")
    }
  }

  /// As above; `texts` in one field.
  func check(_ texts: [String], _ field: String) throws(Refusal) { for text in texts { try check(text, field) } }

  func isBlank(_ text: String?) -> Bool { text?.unicodeScalars.allSatisfy(\.properties.isWhitespace) ?? true }

  func check(_ date: CalendarDate?, _ field: String) throws(Refusal) {
    // 0000-01-01 to 9999-12-31: what `YYYY-MM-DD` can write.
    guard let date, !(-719_528...2_932_896).contains(date.daysSince1970) else { return }
    throw Refusal(
      "custody.date.range", "The field \(field) is not a day between the years 0000 and 9999.",
      remedy: "Enter the day as YYYY-MM-DD.")
  }

  func check(_ moment: Instant?, _ field: String) throws(Refusal) {
    guard let moment, !(-62_167_219_200_000...253_402_300_799_999).contains(moment.milliseconds) else { return }
    throw Refusal(
      "custody.date.range", "The field \(field) is not a moment between the years 0000 and 9999.",
      remedy: "Enter it as YYYY-MM-DDTHH:MM:SS.")
  }

  func check(_ custodian: Custodian?) throws(Refusal) {
    guard case .team(let team)? = custodian else { return }
    try check(team, "team")
    guard team.count <= 200 else {
      throw Refusal(
        "custody.team.length", "The team's name is longer than 200 characters.", remedy: "Enter the team's short name.")
    }
  }

  func check(_ facts: AssetFacts) throws(Refusal) {
    try check(facts.manufacturer, "manufacturer")
    try check(facts.model, "model")
    try check(facts.category, "category")
    try check(facts.owner, "owner")
    try check(facts.department, "department")
    try check(facts.costCentre, "cost centre")
    try check(facts.supplier, "supplier")
    try check(facts.classification, "classification")
    if let licences = facts.licences { try check(licences, "licences") }
    if let custom = facts.custom {
      for (name, value) in custom {
        try check(name, "name of a custom field")
        try check(value, name)
      }
    }
    if let line = facts.orderLine {
      try check(line.order, "order")
      guard line.line >= 1 else {
        throw Refusal(
          "custody.order.line", "Order \(line.order) has no line \(line.line).", remedy: "Lines are counted from 1.")
      }
    }
    if let price = facts.price { try check(price) }
    try check(facts.purchaseDate, "purchase date")
    try check(facts.warrantyEnd, "warranty end")
    try check(facts.refreshDate, "refresh date")
    if let media = facts.media { try check(media) }
  }

  private func check(_ price: Money) throws(Refusal) {
    let digits = price.amount.hasPrefix("-") ? price.amount.dropFirst() : price.amount[...]
    let parts = digits.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard price.amount.utf8.count <= 40,
      parts.allSatisfy({ part in !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) } })
    else {
      throw Refusal(
        "custody.money.amount", "'\(price.amount.prefix(50))' is not an amount of money.",
        remedy: "Enter it like 1234.50, without a currency sign or thousands separators.")
    }
    guard price.currency.utf8.count == 3, price.currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
      throw Refusal(
        "custody.money.currency", "'\(price.currency.prefix(10))' is not a currency code.",
        remedy: "Enter the three capital letters of ISO 4217, such as EUR.")
    }
  }

  func check(_ media: [Medium]) throws(Refusal) {
    var seen: Set<String> = []
    for medium in media {
      try check(medium)
      guard seen.insert(medium.serial).inserted else {
        throw Refusal(
          "custody.media.duplicate", "Drive \(medium.serial) stands in the list twice.", remedy: "Take one of them off."
        )
      }
    }
  }

  func check(_ medium: Medium) throws(Refusal) {
    try check(medium.serial, "drive serial")
    try check(medium.type, "drive type")
    try check(medium.manufacturer, "drive manufacturer")
    try check(medium.model, "drive model")
    guard (medium.capacity ?? 0) >= 0 else {
      throw Refusal(
        "custody.media.capacity", "The size of drive \(medium.serial) is less than nothing.",
        remedy: "Enter its size in bytes, or leave it out.")
    }
  }

  /// Checks marks, and gives those that the asset does not carry yet.
  func newMarks(_ marks: [BoundIdentifier]) throws(Refusal) -> [BoundIdentifier] {
    var new: [BoundIdentifier] = []
    for mark in marks {
      try check(mark)
      if asset?.identifiers.contains(mark) != true, !new.contains(mark) { new.append(mark) }
    }
    return new
  }

  func check(_ mark: BoundIdentifier) throws(Refusal) {
    guard !isBlank(mark.value) else {
      throw Refusal("custody.identifier.blank", "The \(mark.kind.rawValue) is blank.", remedy: "Scan it again.")
    }
    guard mark.value.utf8.count <= Self.longestIdentifier else {
      throw Refusal(
        "custody.identifier.tooLong", "The \(mark.kind.rawValue) is longer than \(Self.longestIdentifier) bytes.",
        remedy: "Scan the right one of the barcodes.")
    }
    guard mark.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw Refusal(
        "custody.identifier.controlCharacter", "The \(mark.kind.rawValue) holds a control character.",
        remedy: "Scan it again; if it stays so, check the scanner's settings.")
    }
    if let owner = circumstances.claims[mark], owner != intent.asset {
      throw Refusal(
        "custody.identifier.taken", "The \(mark.kind.rawValue) \(mark.value) is on another asset already: \(owner).",
        remedy: "Look at both; take it off the wrong one, or put a new label on this one.")
    }
  }

  func check(_ word: Acknowledgement) throws(Refusal) {
    try check(word.text, "acknowledged text")
    guard word.method == .signature else { return }
    guard let digest = word.signature, intent.evidence.contains(where: { $0.digest == digest }) else {
      throw Refusal(
        "custody.acknowledgement.signatureMissing", "The signature itself is not among the evidence.",
        remedy: "Let them sign again.")
    }
  }
}
