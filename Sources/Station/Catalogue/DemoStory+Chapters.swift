import Custody

/// The forty assets: 5 expected, 9 in stock, 12 deployed, 4 quarantined, 2 in repair, 3 retired, 2 disposed of,
/// 2 in transit, 1 missing.
extension DemoStory {
  /// The order: ten received, five only announced.
  mutating func tellOrder() {
    receive(26, line: 1, .thinkPad, "PF4XK7Q1", ago: 20)
    receive(27, line: 1, .thinkPad, "PF4XK7Q2", ago: 20)
    receive(28, line: 1, .thinkPad, "PF4XK7R8", ago: 20)
    receive(29, line: 1, .thinkPad, "PF4XK7T0", ago: 19)
    receive(30, line: 2, .monitor, "CN0V7X3F64180", ago: 19)
    receive(31, line: 2, .monitor, "CN0V7X3F64181", ago: 19)
    receive(32, line: 2, .monitor, "CN0V7X3F64195", ago: 12)
    receive(33, line: 3, .dock, "7M2KQ83", ago: 12)
    receive(34, line: 4, .macBook, "FVFGK1XPQ05N", ago: 9)
    receive(35, line: 7, .switch, "FOC2714L0QZ", ago: 9)
    deploy(26, to: .kim, ago: 15, loanFor: 60)
    deploy(27, to: .liam, ago: 14)
    announce(36, line: 1, .thinkPad, "PF4XK81C")
    announce(37, line: 1, .thinkPad, "PF4XK81D")
    announce(39, line: 4, .macBook, "FVFGK1XPQ06A")
    // The supplier's dispatch advice lists what is inside of this one.
    announce(42, line: 6, .latitude, "9KX2RT3", tag: DemoCatalogue.announcedTag, listingMedia: true)
    for (index, further) in DemoCatalogue.furtherAnnouncements.enumerated() {
      let model = DemoModel(
        manufacturer: further.manufacturer, model: further.model, category: further.category, price: nil)
      announce(43 + index, line: 5, model, further.serial)
    }
  }

  /// With their custodians.
  mutating func tellDeployed() {
    receive(1, .thinkPad, "PF3T9M20", ago: 168)
    deploy(1, to: .liam, ago: 160)
    receive(2, .latitude, "8JQ4RX3", ago: 168)
    deploy(2, to: .grace, ago: 158)
    receive(3, .macBook, "C02ZL1A8MD6T", ago: 167)
    deploy(3, to: .fatima, ago: 151)
    receive(4, .latitude, "8JQ4RZ3", ago: 167)
    deploy(4, toTeam: "Design", ago: 140)
    receive(5, .phone, "DNPXK2Q0N735", ago: 150)
    deploy(5, to: .tomas, ago: 133)
    receive(6, .phone, "DNPXK2Q9N735", ago: 150)
    deploy(6, to: .kim, ago: 133)
    passOn(6, to: .aiko, ago: 48)
    receive(7, .monitor, "CN0V7X3F51007", ago: 149)
    deploy(7, to: .liam, ago: 131)
    receive(8, .monitor, "CN0V7X3F51010", ago: 149)
    deploy(8, toTeam: "Design", ago: 131)
    receive(9, .switch, "FOC2544K1AB", ago: 148)
    deploy(9, toTeam: "Network", ago: 147)
    receive(10, .server, "4Y1CZR3", ago: 148)
    deploy(10, toTeam: "Platform", ago: 146)
  }

  /// Back from somebody: in stock again, in quarantine, in repair, missing.
  mutating func tellReturned() {
    receive(11, .latitude, "8JQ4S13", ago: 166)
    deploy(11, to: .tomas, ago: 155)
    takeBack(11, ago: 40, condition: "B", missing: ["charger"])
    sanitize(11, .latitude, "8JQ4S13", ago: 38)
    triage(11, ago: 38, to: .inStock, grade: "B")

    receive(12, .eliteBook, "5CG1234KLM", ago: 165)
    deploy(12, to: .grace, ago: 150)
    takeBack(12, ago: 3, condition: "C")

    receive(13, .eliteBook, "5CG1234KLP", ago: 165)
    deploy(13, toTeam: "Design", ago: 149)
    takeBack(13, ago: 6, condition: "B")
    sanitize(13, .eliteBook, "5CG1234KLP", ago: 2)

    receive(14, .phone, "DNPXK2R3N735", ago: 150)
    deploy(14, toTeam: "Field service", ago: 120)
    lose(14, ago: 60, "Left in a taxi", incident: "INC-5521")
    tell(
      14, 52, by: .kim, .found(FoundDetails(location: places.quarantine, condition: "B", incident: "INC-5521")))

    receive(15, .handheld, "19274522501183", ago: 146)
    deploy(15, toTeam: "Warehouse", ago: 144)
    takeBack(15, ago: 70, condition: "C")
    repair(15, ago: 69, vendor: "Zebra OneCare", rma: "RMA-40117")
    var outcome = RepairInDetails(outcome: "Scan engine replaced")
    outcome.location = places.quarantine
    outcome.condition = "B"
    tell(15, 30, by: .kim, .repairIn(outcome))

    receive(16, .latitude, "8JQ4T23", ago: 164)
    deploy(16, to: .aiko, ago: 150)
    takeBack(16, ago: 11, condition: "broken")
    repair(16, ago: 10, vendor: "Dell ProSupport", rma: "SR-190266412")

    receive(17, .handheld, "19274522501207", ago: 146)
    deploy(17, toTeam: "Warehouse", ago: 144)
    takeBack(17, ago: 8, condition: "broken")
    triage(17, ago: 8, to: .inRepair, grade: "D", vendor: "Zebra OneCare")

    receive(25, .handheld, "19274522501190", ago: 146)
    deploy(25, toTeam: "Warehouse", ago: 144)
    lose(25, ago: 17, "Not found at the end of the shift", incident: "INC-5798")
  }

  /// Out of service, on the way out, and gone.
  mutating func tellGone() {
    takeOut(18, .eliteBook, "5CG1097XYA", ago: 44)
    retire(18, ago: 43, "End of life: older than five years")

    receive(19, .latitude, "5RT8PQ3", ago: 163, bought: 60)
    takeBackAfterUse(19, ago: 42)
    sanitize(19, .latitude, "5RT8PQ3", ago: 41, passes: false)
    retire(19, ago: 41, "Drive failed while it was wiped: to be destroyed")

    receive(20, .optiPlex, "3KX7WD3", ago: 163, bought: 60)
    takeBackAfterUse(20, ago: 36)
    var hold = AssetFacts()
    hold.legalHold = true
    tell(20, 35, by: .kim, .amend(AmendDetails(set: hold, reason: "Case 2026-114: keep as it is")))
    retire(20, ago: 34, "Replaced by a laptop")

    takeOut(21, .eliteBook, "5CG1097XYB", ago: 92)
    retire(21, ago: 91, "End of life: older than five years")
    departOnOrder(21, ago: 80, "DO-0007", seal: "SEAL-300417")
    dispose(21, ago: 76, "DO-0007", seal: "SEAL-300417", certificate: "GC-2291-A")

    takeOut(22, .latitude, "5RT8PR3", ago: 92)
    retire(22, ago: 91, "Display broken, repair costs more than it is worth")
    departOnOrder(22, ago: 80, "DO-0007", seal: "SEAL-300417")
    dispose(22, ago: 76, "DO-0007", seal: "SEAL-300417", certificate: "GC-2291-A")

    receive(23, .monitor, "CN0V7X3F51044", ago: 149)
    var toDepot = ShipDetails(carrier: "DHL", toLocation: places.depotCage)
    toDepot.trackingNumber = "JJD0003141592653"
    tell(23, 2, by: .kim, .ship(toDepot))

    takeOut(24, .optiPlex, "3KX7WF3", ago: 29)
    retire(24, ago: 28, "Replaced by a laptop")
    departOnOrder(24, ago: 4, "DO-0008", seal: "SEAL-300422")
  }

  private mutating func passOn(_ number: Int, to who: Who, ago days: Int) {
    let word = Acknowledgement(
      method: .pin, person: person(who), text: "I have taken \(Self.tag(number)) over and answer for it.")
    tell(
      number, days, by: .kim,
      .transfer(TransferDetails(custodian: .person(person(who)), acknowledgements: [word], reason: "Changed teams")))
  }

  private mutating func lose(_ number: Int, ago days: Int, _ reason: String, incident: String) {
    tell(
      number, days, by: .kim,
      .declareMissing(MissingDetails(reason: reason, since: day(ago: days + 1), incident: incident)))
  }

  private mutating func repair(_ number: Int, ago days: Int, vendor: String, rma: String) {
    tell(number, days, by: .kim, .repairOut(RepairOutDetails(vendor: vendor, mediaPresent: true, rma: rma)))
  }

  private mutating func takeBackAfterUse(_ number: Int, ago days: Int) {
    deploy(number, toTeam: "Accounting", ago: 150)
    takeBack(number, ago: days, condition: "C")
  }

  /// Five years old, used, given back and wiped.
  private mutating func takeOut(_ number: Int, _ model: DemoModel, _ serial: String, ago days: Int) {
    receive(number, model, serial, ago: 163, bought: 60)
    takeBackAfterUse(number, ago: days + 2)
    sanitize(number, model, serial, ago: days)
  }
}
