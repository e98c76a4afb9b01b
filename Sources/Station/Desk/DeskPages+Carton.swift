import CartonReading
import Custody
import CustodyLedger
import Hummingbird
import StationStore

extension DeskPages {
  func addCartons(to router: Router<StationContext>) {
    router.post("/desk/carton", use: receiveCarton)
    router.post("/desk/carton/aside", use: setCartonAside)
    router.post("/desk/corrections", use: correct)
  }

  /// Receives the carton with exactly what its form showed.
  @Sendable func receiveCarton(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      let session = try await session(for: signedIn)
      guard let shown = try await core.carton(in: session), String(shown.carton.number) == form["carton.number"]
      else {
        throw Problem.noCarton
      }
      var details: CanonicalJSON = [:]
      if let fault = DetailField.lay(form, over: &details) { return "\(fault.label) must be \(fault.wanted)." }
      details[path: "identifiers"] = Self.identifiers(in: form)
      let held = form.filter { DetailField.ofSession.contains($0.key) }
      let taken = details
      _ = try await core.changeDetails(of: session, held, by: signedIn)
      core.desk.lastOutcome = try await core.scan(.confirmation(of: shown, details: taken), in: session, by: signedIn)
      return nil
    }
  }

  @Sendable func setCartonAside(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      try await core.setCartonAside(in: try await session(for: signedIn), by: signedIn)
      core.desk.lastOutcome = nil
      return nil
    }
  }

  @Sendable func correct(_ request: Request, _ context: StationContext) async throws -> Response {
    try await once(request, context) { signedIn in
      let form = try await request.form()
      guard let field = form["field"].flatMap(CartonField.init), let mark = form["mark"].flatMap(Int.init),
        let part = form["part"].flatMap(Int.init)
      else { throw Problem.malformed("A correction names mark, part and field.", pointer: "/field") }
      let choice = DeskCarton.Choice(
        mark: mark, part: part, field: field, value: form["value"], by: signedIn.person.id,
        name: signedIn.person.name)
      let session = try await session(for: signedIn)
      let (shown, work) = try await core.correct(choice, product: nil, in: session, by: signedIn)
      var outcome = ScanOutcome(
        result: .context, words: "", at: core.clock.now(),
        scan: Scan(raw: shown.carton.marks[mark].symbol.bytes, source: .keyed, device: "page"))
      outcome.show(shown.reading, in: work)
      outcome.work = work
      outcome.reading = shown.carton.marks[mark].reading
      outcome.session = session
      core.desk.lastOutcome = outcome
      return nil
    }
  }

  /// The marks that the form shows.
  private static func identifiers(in form: [String: String]) -> CanonicalJSON {
    let fields: [(String, BoundIdentifier.Kind)] = [
      ("carton.assetTag", .tag), ("carton.serial", .serial), ("carton.mac", .mac), ("carton.imei", .imei),
    ]
    return .array(
      fields.flatMap { name, kind in
        (form[name] ?? "").split(whereSeparator: { ",; \n".contains($0) }).map { value in
          ["kind": .string(kind.rawValue), "value": .string(String(value))]
        }
      })
  }
}

extension DetailField {
  /// Lays the carton's form over details; gives back the first field that cannot be taken.
  fileprivate static func lay(_ form: [String: String], over details: inout CanonicalJSON) -> FieldFault? {
    for field in carton {
      guard let text = form[field.path] else { continue }
      switch field.value(of: text) {
      case .success(let value?): details[path: field.path] = value
      // What was emptied is not recorded, whatever the code or the session says.
      case .success(nil): details[path: field.path] = .null
      case .failure(let fault): return fault
      }
    }
    return nil
  }
}
