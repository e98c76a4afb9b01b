import Custody
import CustodyLedger
import DisposalOrders
import StationStore
import TamperEvidence

/// The people of an act on an order.
struct DisposalPeople: Sendable {
  let actor: Actor
  /// The second person, badge and PIN seen; nil when there is none.
  var second: Actor?

  /// A manager among them, who approves what is taken back.
  var manager: Actor? { [actor, second].compactMap(\.self).first { $0.roles.contains(.manager) } }
}

extension StoreTransaction {
  /// An order by its number; throws the problem when there is none.
  func needDisposalOrder(_ number: DisposalNumber) throws -> DisposalOrder {
    guard let order = try disposalOrder(number) else { throw Problem.noDisposalOrder(number.text) }
    return order
  }

  /// Records and signs what an order's answer asks for, all of it or none, and keeps the order's new state. Throws the problem
  /// that says why not; then nothing of this transaction stays.
  func carryOut(
    _ answer: DisposalAnswer, on order: inout DisposalOrder, before: DisposalOrder, by people: DisposalPeople
  ) throws {
    switch answer {
    case .refuse(let refusal): throw Problem(disposal: refusal)
    case .act(let action):
      let intents = try intents(of: action, on: order, by: people)
      if !intents.isEmpty, case .refused(let refusal) = try record(together: intents) {
        throw Problem(disposalEvent: refusal)
      }
      if case .declare(let declaration) = action {
        order.signed(as: try signed(declaration, by: people.actor).description)
      }
      try save(order, before: before)
    }
  }

  private func signed(_ declaration: DisposalDeclaration, by actor: Actor) throws -> EntryHash {
    do {
      return try sign(declaration, by: actor)
    } catch let waiting as KeyInWaiting {
      throw Problem(
        .conflict, "disposal.notSigned", "Not done", detail: "It cannot be signed now: \(waiting)",
        remedy: "Do it again once the station has spoken with its centre.")
    }
  }

  private func intents(
    of action: DisposalAction, on order: DisposalOrder, by people: DisposalPeople
  ) throws -> [Intent] {
    switch action {
    case .keep, .declare: return []
    case .ship(let assets):
      var details = ShipDetails(
        carrier: order.terms.carrier ?? order.terms.vendor, destination: order.terms.vendor, order: order.number.text)
      details.sealNumber = order.seal
      let sightings = Dictionary(order.lines.map { ($0.asset, $0.sighting) }) { first, _ in first }
      return try assets.map { id in
        // What goes with this asset is what is fitted in it; what stands beside it on the pallet, the order's number says.
        details.contents = try parts(of: id).map(\.id)
        var intent = Intent(asset: id, details: .ship(details), actor: people.actor)
        intent.readings = [sightings[id] ?? nil].compactMap(\.self)
        return intent
      }
    case .dispose(let confirmed):
      let vehicle = [order.terms.vehicle, order.seal.map { "seal \($0)" }].compactMap(\.self).joined(separator: ", ")
      return confirmed.map { one in
        let details = DisposeDetails(
          order: order.number.text, route: order.terms.route, vendor: order.terms.vendor,
          vehicle: vehicle.isEmpty ? nil : vehicle, certificate: one.certificate)
        var intent = Intent(asset: one.asset, details: .dispose(details), actor: people.actor, witness: people.second)
        intent.evidence = [order.list?.file].compactMap(\.self)
        return intent
      }
    case .correctDeparture(let assets): return try corrections(of: .ship, assets, on: order, by: people)
    case .correctConfirmation(let assets): return try corrections(of: .dispose, assets, on: order, by: people)
    }
  }

  /// One `correct` for the newest event of that kind on the order, of each asset; what went along is taken back first.
  private func corrections(
    of verb: Verb, _ assets: [AssetID], on order: DisposalOrder, by people: DisposalPeople
  ) throws -> [Intent] {
    let reason = order.steps.last?.words ?? "taken back"
    var intents: [Intent] = []
    for id in assets {
      let rows = try entries(of: id)
      let corrected = Set(rows.filter { $0.misfit == nil }.compactMap(\.event.corrects))
      guard
        let event = rows.last(where: { row in
          row.misfit == nil && row.event.verb == verb && row.event.disposalOrder == order.number.text
            && !corrected.contains(row.event.eventID)
        })?.event
      else { continue }
      let along = Array(try companions(of: event.eventID, on: id).reversed())
      for one in along + [(event: event.eventID, asset: id)] {
        let (event, asset) = (one.event, one.asset)
        let details = CorrectDetails(event: event, reason: reason, approver: people.manager?.person)
        var intent = Intent(asset: asset, details: .correct(details), actor: people.actor)
        intent.approver = people.manager
        intents.append(intent)
      }
    }
    return intents
  }
}
