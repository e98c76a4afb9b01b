/// Weighs the claims of a carton's parts against each other.
struct Resolution {
  private(set) var findings: [Finding] = []
  private(set) var conflicts: [Conflict] = []
  private(set) var leftovers: [Leftover] = []

  private struct Candidate {
    let part: CartonPart
    let claim: Claim
  }

  private let knowledge: CartonKnowledge
  private var candidates: [Candidate] = []
  /// Serial numbers that nothing but their form speaks for wait until it is known whether there is a better one.
  private var guesses: [Candidate] = []
  /// The parts that are left over.
  private var left: Set<CartonPart> = []

  init(knowing knowledge: CartonKnowledge) { self.knowledge = knowledge }

  /// Takes a part with its readings, the surest first.
  mutating func add(_ read: ReadPart, _ claims: [Claim]) {
    guard let best = claims.first else {
      let isLong = read.part.text.utf8.count > Carton.longestValue
      return leave(read.part, read.otherwise ?? (isLong ? "longer than any such number" : "no known form"))
    }
    if best.field == .other {
      return leave(read.part, best.reason.words)
    }
    let rivals = claims.filter { $0.confidence == best.confidence }
    if rivals.allSatisfy({ $0.field == .serial && $0.confidence == .guess }) {
      return guesses += rivals.map { Candidate(part: read.part, claim: $0) }
    }
    if rivals.count > 1 {
      return conflict("\(read.part.text) could be " + list(rivals.map(\.field)), rivals.map { ($0, read.part) })
    }
    candidates.append(Candidate(part: read.part, claim: best))
  }

  /// Decides every field.
  mutating func settle() {
    for field in CartonField.allCases where field != .serial && field != .other { settle(field, among: candidates) }
    settle(.serial, among: candidates)
    // The same text as that of a finding is that finding on another face.
    let places = Dictionary(findings.enumerated().map { ($1.value, $0) }) { first, _ in first }
    guesses.removeAll { guess in
      guard let index = places[guess.claim.value] else { return false }
      findings[index].add(guess.part)
      return true
    }
    let repeated = Set(findings.flatMap(\.sources))
    guesses.removeAll { repeated.contains($0.part) }
    let hasSerial = findings.contains { $0.field == .serial } || conflicts.contains { $0.concerns(.serial) }
    if hasSerial {
      for guess in guesses { leave(guess.part, "the serial number is another code") }
    } else {
      settle(.serial, among: guesses)
    }
    addCompanions()
    findings.sort { ($0.field.rank, $0.value) < ($1.field.rank, $1.value) }
    conflicts.sort { ($0.candidates[0].field.rank, $0.words) < ($1.candidates[0].field.rank, $1.words) }
    leftovers.sort { CartonPart.precedes($0.part, $1.part) }
  }

  private mutating func settle(_ field: CartonField, among all: [Candidate]) {
    let own = all.filter { $0.claim.field == field }
    guard let top = own.map(\.claim.confidence).max() else { return }
    // Two faces of a carton, or two symbologies, may say the same: that is one finding.
    var found: [Finding] = []
    var places: [String: Int] = [:]
    for candidate in own {
      let key = candidate.claim.facts[0].key
      if let index = places[key] {
        found[index] = found[index].joined(candidate.claim, candidate.part)
      } else {
        places[key] = found.count
        found.append(Finding(candidate.claim, candidate.part))
      }
    }
    found.sort { ($1.confidence, $0.value) < ($0.confidence, $1.value) }
    if field.mayRepeat { return findings += found }
    if field == .gtin { found = withoutCases(found) }
    var best = found.filter { $0.confidence == top }
    if field == .partNumber, best.count > 1 { best = preferred(best) }
    for weaker in found where weaker.confidence < top {
      for part in weaker.sources { leave(part, "a weaker candidate for the \(field.words)") }
    }
    if best.count == 1 || (field == .serial && isQuantity(best.count)) {
      findings += best
    } else if best.count > 1 {
      let sameCode = Set(best.flatMap(\.sources)).count == 1
      conflicts.append(
        Conflict(
          words: sameCode
            ? "one code gives \(best.count) readings as the \(field.words)"
            : "\(best.count) codes could be the \(field.words)",
          candidates: best.sorted { $0.value < $1.value }))
    }
  }

  /// Of several part numbers the one that is ordered by counts, then the maker's own (data identifier 1P), before the
  /// supplier's and the customer's numbers for the same thing.
  private mutating func preferred(_ found: [Finding]) -> [Finding] {
    func precedence(_ finding: Finding) -> Int {
      if knowledge.partNumber(folded(finding.value)) != nil { return 2 }
      if case .dataIdentifier("1P", _) = finding.reason { return 1 }
      return 0
    }
    let top = found.map(precedence).max() ?? 0
    for other in found where precedence(other) < top {
      for part in other.sources { leave(part, "another number for the same part") }
    }
    return found.filter { precedence($0) == top }
  }

  /// A case's GTIN-14 is the item's with a packaging digit before it and a check digit of its own (GS1 General
  /// Specifications §2.1): the item's counts.
  private mutating func withoutCases(_ found: [Finding]) -> [Finding] {
    func isCase(_ finding: Finding) -> Bool { finding.value.count == 14 && finding.value.first != "0" }
    func core(_ finding: Finding) -> Substring {
      (String(repeating: "0", count: max(0, 14 - finding.value.count)) + finding.value).dropFirst().dropLast()
    }
    let items = Set(found.filter { !isCase($0) }.map(core))
    return found.filter { outer in
      let hasItem = isCase(outer) && items.contains(core(outer))
      if hasItem { for part in outer.sources { leave(part, "the GTIN of the case; the item's is another code") } }
      return !hasItem
    }
  }

  /// Several serial numbers are real where the carton says that it holds so many.
  private func isQuantity(_ count: Int) -> Bool {
    count > 1 && findings.contains { $0.field == .quantity && Int($0.value) == count }
  }

  /// What a serial number's own form says beside it fills fields that nothing better fills.
  private mutating func addCompanions() {
    let taken = Set(findings.map(\.field)).union(conflicts.flatMap { $0.candidates.map(\.field) })
    let used = Set(findings.flatMap(\.sources))
    for candidate in candidates where used.contains(candidate.part) {
      for fact in candidate.claim.facts.dropFirst() where !taken.contains(fact.field) {
        findings.append(
          Finding(Claim(fact.field, fact.value, candidate.claim.reason, candidate.claim.confidence), candidate.part))
      }
    }
  }

  private mutating func conflict(_ words: String, _ claims: [(Claim, CartonPart)]) {
    conflicts.append(Conflict(words: words, candidates: claims.map { Finding($0.0, $0.1) }))
  }

  private mutating func leave(_ part: CartonPart, _ words: String) {
    guard left.insert(part).inserted else { return }
    leftovers.append(Leftover(part: part, words: words))
  }

  private func list(_ fields: [CartonField]) -> String {
    var seen: [String] = []
    for field in fields where !seen.contains(field.words) { seen.append(field.words) }
    return seen.joined(separator: " or ")
  }
}

extension Finding {
  init(_ claim: Claim, _ part: CartonPart) {
    self.init(
      field: claim.field, value: claim.value, sources: [part], reason: claim.reason, confidence: claim.confidence)
  }

  /// The same thing said once more: the better reason counts.
  fileprivate func joined(_ claim: Claim, _ part: CartonPart) -> Finding {
    let isBetter = claim.confidence > confidence
    var joined = Finding(
      field: field, value: isBetter ? claim.value : value, sources: sources,
      reason: isBetter ? claim.reason : reason, confidence: max(confidence, claim.confidence))
    joined.add(part)
    return joined
  }

  fileprivate mutating func add(_ part: CartonPart) {
    if !sources.contains(part) { sources.append(part) }
    sources.sort(by: CartonPart.precedes)
  }
}

extension Conflict {
  fileprivate func concerns(_ field: CartonField) -> Bool { candidates.contains { $0.field == field } }
}
