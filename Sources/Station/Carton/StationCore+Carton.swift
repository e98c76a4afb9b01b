import BarcodeVision
import CartonReading
import Custody
import CustodyLedger
import StationStore

extension StationCore {
  /// Puts the carton of a picture on the desk. Without one, such as when it shows a badge, its codes are laid all the same.
  /// What showed it is named by `source`; unless it is `replacing` what lies there, another carton keeps its place, and
  /// ``Problem/anotherCarton`` is thrown.
  func lay(
    _ symbols: [Symbol], of picture: EvidenceReference?, width: Int, height: Int, from source: String? = nil,
    replacing: Bool = true, in id: SessionID, by signedIn: SignedIn
  ) async throws -> (outcome: ScanOutcome, shown: CartonOnDesk) {
    let marks = symbols.map { symbol in
      DeskCarton.Mark(
        raw: base64(symbol.raw), symbologyIdentifier: symbol.symbologyIdentifier, symbology: symbol.symbology.rawValue,
        corners: picture == nil ? [] : symbol.corners.points.map { [$0.x, $0.y] }, reading: 0)
    }
    var carton = DeskCarton(
      picture: picture, width: picture == nil ? 0 : width, height: picture == nil ? 0 : height, marks: marks)
    carton.source = source
    return try await lay(carton, replacing: replacing, in: id, by: signedIn)
  }

  /// Puts the carton of a burst of scans on the desk, such as those of a scanner that reads all codes of a label.
  func lay(
    burst scans: [Scan], in id: SessionID, by signedIn: SignedIn,
    keep: (@Sendable (CartonOnDesk, StoreTransaction) throws -> Void)? = nil
  ) async throws -> CartonOnDesk {
    guard !scans.contains(where: \.holdsBadge) else {
      throw Problem.malformed(
        "A badge is no code of a carton.", pointer: "/scans",
        remedy: "Scan it by itself: POST /api/v1/sessions/{id}/scans.")
    }
    let marks = scans.map { scan in
      DeskCarton.Mark(
        raw: base64(scan.raw), symbologyIdentifier: scan.symbologyIdentifier, symbology: "unknown", corners: [],
        reading: 0)
    }
    let carton = DeskCarton(picture: nil, width: 0, height: 0, marks: marks)
    return try await lay(carton, in: id, by: signedIn, keep: keep).shown
  }

  /// Puts a carton on the desk: its symbols are kept, and shown with what they mean, until it is received or set aside.
  private func lay(
    _ whole: DeskCarton, replacing: Bool = true, in id: SessionID, by signedIn: SignedIn,
    keep: (@Sendable (CartonOnDesk, StoreTransaction) throws -> Void)? = nil
  ) async throws -> (outcome: ScanOutcome, shown: CartonOnDesk) {
    let (outcome, shown, place) = try await store.write { transaction in
      var session = try transaction.openSession(id, of: signedIn)
      var work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard work.workflow == .receive else { throw Problem.notReceiving }
      guard replacing || work.carton == nil else { throw Problem.anotherCarton }
      try transaction.setAside(&work)
      var bytes = 0
      var carton = whole
      carton.marks = []
      var outcome = ScanOutcome(
        result: .context, words: "Carton: check and confirm", at: transaction.now,
        scan: Scan(raw: whole.marks.first?.symbol.bytes ?? [], source: .symbol, device: carton.device))
      for var mark in whole.marks {
        let symbol = mark.symbol
        let fits = carton.marks.count < DeskCarton.mostMarks && bytes + symbol.bytes.count <= DeskCarton.largest
        var reading = KeptReading(
          at: transaction.now, raw: symbol.bytes, symbologyIdentifier: symbol.symbologyIdentifier,
          device: carton.device, session: id, person: signedIn.person.id, outcome: fits ? .context : .unknown,
          words: fits ? "On a carton" : "Too many codes at once")
        reading.code = DeskCarton.readingCode
        let scan = Scan(raw: symbol.bytes, source: .symbol, symbologyIdentifier: symbol.symbologyIdentifier)
        mark.reading = try transaction.keep(reading, marks: scan.marks)
        outcome.reading = mark.reading
        guard fits else { continue }
        bytes += symbol.bytes.count
        carton.marks.append(mark)
      }
      work.carton = carton
      session.document = try CanonicalEncoder().encode(work)
      try transaction.save(session)
      outcome.session = id
      outcome.work = work
      let shown = CartonOnDesk(
        carton: carton, reading: carton.reading(knowing: try transaction.cartonKnowledge(for: work)))
      outcome.show(shown.reading, in: work)
      try keep?(shown, transaction)
      return (outcome, shown, session.desk)
    }
    // Shown before it is told: a page that hears of it asks at once.
    if place == desk.name { desk.lastOutcome = outcome }
    try announce(outcome, desk: place)
    return (outcome, shown)
  }

  /// Takes what the operator says of one code of the carton on the desk. It holds for this carton at once; it is
  /// remembered for the model as soon as that is known, at the latest when the carton is received.
  func correct(
    _ choice: DeskCarton.Choice, product: KnownProduct?, in id: SessionID, by signedIn: SignedIn,
    keep: (@Sendable (CartonOnDesk, StoreTransaction) throws -> Void)? = nil
  ) async throws -> (shown: CartonOnDesk, work: WorkSession) {
    try signedIn.requireReceiving("Correcting what a carton's code is")
    return try await store.write { transaction in
      var session = try transaction.openSession(id, of: signedIn)
      var work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard var carton = work.carton else { throw Problem.noCarton }
      guard carton.marks.indices.contains(choice.mark),
        let part = carton.marks[choice.mark].symbol.part(choice.part)
      else {
        throw Problem.malformed(
          "The carton has no code \(choice.mark) with a part \(choice.part).", pointer: "/mark",
          remedy: "Name a mark and part of the carton: GET /api/v1/sessions/{id}/carton.")
      }
      if let value = choice.value, value.isEmpty || !part.text.contains(value) {
        throw Problem.malformed(
          "The code says \(part.text), which has no \(value) in it.", pointer: "/value",
          remedy: "Choose one of the code's own readings; what is not in it is entered in the form.")
      }
      let symbol = carton.marks[choice.mark].symbol
      let spoken = Set(carton.marks.indices.filter { carton.marks[$0].symbol == symbol })
      carton.choices.removeAll { spoken.contains($0.mark) && $0.part == choice.part }
      // One code is chosen over others for a field that there is one of: an earlier choice of another steps back.
      if !choice.field.mayRepeat { carton.choices.removeAll { $0.field == choice.field } }
      carton.choices.append(choice)
      work.carton = carton
      let knowledge = try transaction.cartonKnowledge(for: work)
      let reading = carton.reading(knowing: knowledge)
      if let product = product ?? reading.namedProduct {
        try transaction.teach(choice, part, of: product)
      }
      session.document = try CanonicalEncoder().encode(work)
      try transaction.save(session)
      let shown = CartonOnDesk(carton: carton, reading: reading)
      try keep?(shown, transaction)
      return (shown, work)
    }
  }

  /// Forgets what was said of a code; who did so and when is kept. Throws the problem when it holds no longer, or never did.
  func forgetCorrection(_ id: String, by signedIn: SignedIn) async throws {
    try signedIn.requireReceiving("Taking back what was said of a carton's code")
    let person = signedIn.person.id
    guard let number = Int64(id), try await store.write({ try $0.end(number, by: person) }) else {
      throw Problem.notFound(
        "correction \(id) that holds", remedy: "It may have been forgotten already: look at the list of corrections.")
    }
  }

  /// Takes the carton off the desk unreceived: its codes stand among the unknown ones.
  func setCartonAside(in id: SessionID, by signedIn: SignedIn) async throws {
    try await store.write { transaction in
      var session = try transaction.openSession(id, of: signedIn)
      var work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      guard work.carton != nil else { throw Problem.noCarton }
      try transaction.setAside(&work)
      session.document = try CanonicalEncoder().encode(work)
      try transaction.save(session)
    }
  }

  /// The carton on the desk of a session, with what its codes mean; nil when there is none.
  func carton(in id: SessionID) async throws -> CartonOnDesk? {
    try await store.read { snapshot in
      guard let session = try snapshot.session(id) else { throw Problem.notFound("session \(id)") }
      let work = try CanonicalDecoder().decode(WorkSession.self, from: session.document)
      return try snapshot.cartonOnDesk(work)
    }
  }
}

/// The carton on a desk with what its codes mean.
struct CartonOnDesk: Sendable {
  let carton: DeskCarton
  let reading: Carton
}

extension StoreReading {
  func cartonOnDesk(_ work: WorkSession) throws -> CartonOnDesk? {
    guard let carton = work.carton else { return nil }
    return CartonOnDesk(carton: carton, reading: carton.reading(knowing: try cartonKnowledge(for: work)))
  }
}

extension ScanOutcome {
  /// Says in words what a carton's codes came to, and what they leave open in a session.
  mutating func show(_ reading: Carton, in work: WorkSession) {
    let found = reading.findings.count
    result = .context
    asksAboutCarton = true
    let hasModel =
      reading.namedProduct != nil || !reading.findings(.model).isEmpty || work.details[path: "facts.model"] != nil
      || work.details[path: "facts.orderLine"] != nil
    if let conflict = reading.conflicts.first {
      words = "Which code is which?"
      sentence = conflict.words.prefix(1).uppercased() + conflict.words.dropFirst() + "."
      remedy = "Tap the right one below."
    } else {
      words = "Check, then confirm"
      sentence = "\(found) \(found == 1 ? "field" : "fields") read from the carton; nothing is recorded yet."
      remedy =
        if reading.name == nil {
          "Neither serial number nor asset tag: tap its code, or stick a label on it and scan that."
        } else if !hasModel {
          "Choose the order line or enter the model; then Enter receives it."
        } else {
          "Enter or the button receives it; scanning its new asset tag does too."
        }
    }
  }
}

extension Problem {
  static let noCarton = Problem(
    .conflict, "carton.none", "No carton", detail: "No carton lies on this desk.",
    remedy: "Take a picture of one in a receive session: POST /api/v1/sessions/{id}/pictures.")

  static let anotherCarton = Problem(
    .conflict, "carton.another", "Another carton", detail: "Another carton lies on this desk.",
    remedy: "Receive it or set it aside first.")

  static let notReceiving = Problem(
    .conflict, "carton.notReceiving", "Not receiving", detail: "Cartons are looked at in receive sessions only.",
    remedy: "Turn the session to receive, or scan the codes one by one.")
}

extension SignedIn {
  /// What is said of codes holds for everybody's next carton: it is for those who may receive.
  func requireReceiving(_ what: String) throws(Problem) {
    guard actor.roles.isDisjoint(with: Verb.receive.roles) else { return }
    throw .forbidden(what, needs: Verb.receive.roles.map(\.words).sorted().joined(separator: ", "))
  }
}
