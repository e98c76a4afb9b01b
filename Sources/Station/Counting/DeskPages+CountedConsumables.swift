import Custody
import Hummingbird
import StationStore
import StockCounting

extension DeskPages {
  /// How much more of a consumable there is, or that what was said last of it is taken back.
  @Sendable func sayConsumable(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try request.requireOperator(signedIn)
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    let form = try await request.form()
    do {
      guard let spot = ConsumableSpot(code: form["code"], place: form["place"]) else {
        throw Problem.malformed("code and place are needed.", pointer: "/code")
      }
      let own = try await core.ownCounter(in: count.id, of: signedIn)
      var sent = SentObservation(
        id: try await core.newObservationID(), counter: own.counter.id, at: core.clock.now(), place: spot.place,
        means: .keyed, text: spot.code.text)
      if form["undo"] == "yes" {
        sent.undoes = try await core.store.read { snapshot -> ObservationID? in
          let (counter, code) = (own.counter.id, spot.code)
          if let here = try snapshot.lastWord(of: counter, on: code, at: spot.place, in: count.id) { return here }
          // What was said at a place within this one, or around it, may stand in its line; what was said elsewhere does not.
          guard let last = try snapshot.lastWord(of: counter, on: code, at: nil, in: count.id),
            let place = try snapshot.observation(last, of: count.id)?.observation.place,
            try snapshot.placeTree().relation(of: place, to: spot.place) == .same
          else { return nil }
          return last
        }
        guard sent.undoes != nil else {
          throw Problem(
            .conflict, "count.consumable.nothing", "Nothing to take back",
            detail: "Nothing that you said of \(spot.code) here stands any more.",
            remedy: "What others said they take back themselves.")
        }
      } else {
        guard let quantity = form["quantity"].flatMap({ Int($0) }), (0...Consumable.mostUnits).contains(quantity) else {
          throw Problem.malformed(
            "The quantity is a whole number from 0.", pointer: "/quantity", remedy: "Type how many more there are.")
        }
        sent.quantity = quantity
      }
      let taken = try await core.take([sent], in: count.id, by: signedIn)
      if case .refuse(let refusal)? = taken.first?.taking { throw Problem(counting: refusal, at: core.clock) }
      return Self.back(to: count, ["seen": sent.id.description])
    } catch let problem as Problem where problem.status.code < 500 {
      var shown = CountShown()
      shown.refuse(problem, id: form["id"])
      return try await countPage(count, context, shown, status: problem.status)
    }
  }

  /// Accepts what was counted of a consumable at a place.
  @Sendable func acceptConsumable(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let count = try await core.stockCount(try UUIDPath.id("id", in: context))
    let form = try await request.form()
    do {
      guard let spot = ConsumableSpot(code: form["code"], place: form["place"]) else {
        throw Problem.malformed("code and place are needed.", pointer: "/code")
      }
      let outcomes = try await core.acceptConsumables(
        [spot], of: count.id, because: form["reason"]?.nonEmpty.map { String($0.prefix(1000)) }, by: signedIn)
      if case .refused(let refusal)? = outcomes.first?.outcome { throw Problem(counting: refusal, at: core.clock) }
      return Self.back(to: count)
    } catch let problem as Problem where problem.status.code < 500 {
      var shown = CountShown()
      shown.refuse(problem, id: nil)
      return try await countPage(count, context, shown, status: problem.status)
    }
  }
}
