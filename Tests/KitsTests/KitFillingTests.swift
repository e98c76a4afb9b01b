import Custody
import Foundation
import Testing

@testable import Kits

@Suite struct KitFillingTests {
  static func id(_ number: Int) -> AssetID {
    AssetID(at: Instant(milliseconds: 0), random: (0, UInt64(number)))
  }

  static func asset(
    _ number: Int, _ category: String?, _ model: String? = nil, by maker: String? = nil, tag: String? = nil
  ) -> Asset {
    var asset = Asset(
      id: id(number), state: .inStock, head: EventID(at: Instant(milliseconds: 0), random: (1, UInt64(number))),
      at: Instant(milliseconds: 0), verb: .receive, operator: nil)
    asset.facts.category = category
    asset.facts.model = model
    asset.facts.manufacturer = maker
    asset.identifiers = [BoundIdentifier(.tag, tag ?? "AT-\(number)")]
    return asset
  }

  static func kit(_ slots: KitSlot...) throws -> KitTemplate {
    KitTemplate(code: try #require(KitCode("JOINER")), title: "Joiner", slots: slots)
  }

  private static func expect(
    _ result: Result<KitSlot, Refusal>, _ code: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard case .failure(let refusal) = result else {
      Issue.record("it was taken", sourceLocation: sourceLocation)
      return
    }
    #expect(refusal.code == code, sourceLocation: sourceLocation)
    #expect(!refusal.sentence.isEmpty && !refusal.remedy.isEmpty, sourceLocation: sourceLocation)
  }

  private static func title(_ result: Result<KitSlot, Refusal>) -> String? {
    if case .success(let slot) = result { slot.title } else { nil }
  }

  @Test func `each asset goes to its slot, and what is open is told until nothing is`() throws {
    var filling = KitFilling(
      try Self.kit(
        KitSlot("Laptop", category: "laptop"), KitSlot("Dock", category: "dock"),
        KitSlot("Screen", category: "monitor", quantity: 2), KitSlot("Bag", category: "bag", isOptional: true)))
    #expect(filling.stillToScan == "Laptop, Dock, 2 × Screen")
    #expect(Self.title(filling.take(Self.asset(1, "Monitor "))) == "Screen")
    #expect(Self.title(filling.take(Self.asset(2, "laptop"))) == "Laptop")
    #expect(Self.title(filling.take(Self.asset(3, "DOCK"))) == "Dock")
    #expect(filling.stillToScan == "Screen")
    #expect(!filling.isComplete)
    #expect(Self.title(filling.take(Self.asset(4, "monitor"))) == "Screen")
    // The bag is optional: it is still open, and nothing waits for it.
    #expect(filling.isComplete && filling.stillToScan == nil)
    #expect(filling.open.map(\.slot.title) == ["Bag"])
    #expect(filling.filled == 4 && filling.required == 4)
  }

  @Test func `a narrower slot is filled before a wider one`() throws {
    var filling = KitFilling(
      try Self.kit(
        KitSlot("Any laptop", category: "laptop"), KitSlot("Any Dell", manufacturer: "Dell"),
        KitSlot("The model", manufacturer: "Dell", model: "Latitude 5540"), KitSlot("The very one", tag: "AT-9")))
    let dell = { Self.asset($0, "laptop", "Latitude 5540", by: "Dell") }
    #expect(Self.title(filling.take(dell(9))) == "The very one")
    #expect(Self.title(filling.take(dell(1))) == "The model")
    #expect(Self.title(filling.take(dell(2))) == "Any laptop")
    #expect(Self.title(filling.take(dell(3))) == "Any Dell")
    Self.expect(filling.take(dell(4)), "kit.slotFull")
  }

  @Test func `what fits together fits in whatever order it is scanned`() throws {
    // A Dell laptop stands in either slot, a Dell dock and an HP laptop in one of them only.
    let kit = try Self.kit(KitSlot("Dell", manufacturer: "Dell"), KitSlot("Laptop", category: "laptop"))
    let both = Self.asset(1, "laptop", "L", by: "Dell")
    for other in [Self.asset(2, "dock", "D", by: "Dell"), Self.asset(3, "laptop", "E", by: "HP")] {
      for order in [[both, other], [other, both]] {
        var filling = KitFilling(kit)
        for asset in order { #expect(Self.title(filling.take(asset)) != nil) }
        #expect(filling.isComplete)
        #expect(filling.items.map(\.asset) == order.map(\.id))
      }
    }
  }

  @Test func `an optional slot never takes what a required one lacks, and gives it back when one comes free`() throws {
    var filling = KitFilling(
      try Self.kit(KitSlot("Spare", model: "D1", isOptional: true), KitSlot("Dock", category: "dock")))
    #expect(Self.title(filling.take(Self.asset(1, "dock", "D1"))) == "Dock")
    #expect(Self.title(filling.take(Self.asset(2, "dock", "D1"))) == "Spare")
    #expect(filling.filled == 1 && filling.isComplete)
    #expect(filling.remove(Self.id(1))?.name == "AT-1")
    #expect(filling.isComplete)
    #expect(filling.open.map(\.slot.title) == ["Spare"])
  }

  @Test func `what it does not take leaves it as it was, with the reason`() throws {
    var filling = KitFilling(try Self.kit(KitSlot("Laptop", category: "laptop"), KitSlot("Dock", category: "dock")))
    _ = filling.take(Self.asset(1, "laptop"))
    let before = filling
    Self.expect(filling.take(Self.asset(1, "laptop")), "kit.twice")
    Self.expect(filling.take(Self.asset(2, "laptop")), "kit.slotFull")
    Self.expect(filling.take(Self.asset(3, "phone")), "kit.notOfThis")
    Self.expect(filling.take(Self.asset(4, nil)), "kit.notOfThis")
    Self.expect(filling.take(Self.asset(5, "dock"), neededBy: KitCode("BOARDROOM")), "kit.otherKit")
    #expect(filling == before)
    #expect(filling.remove(Self.id(7)) == nil)
    guard case .failure(let full) = filling.take(Self.asset(2, "laptop")) else { return }
    #expect(full.remedy.contains("Dock"))
    guard case .failure(let twice) = filling.take(Self.asset(1, "laptop")) else { return }
    #expect(twice.kind == .duplicate)
  }

  @Test func `the very asset of a slot is taken for it by its tag alone, though another kit asks for it too`() throws {
    var filling = KitFilling(try Self.kit(KitSlot("Demo phone", tag: "AT-00042")))
    Self.expect(filling.take(Self.asset(1, "phone", tag: "at-00042")), "kit.notOfThis")
    let wanted = Self.asset(2, nil, tag: "AT-00042")
    #expect(Self.title(filling.take(wanted, neededBy: KitCode("OTHER"))) == "Demo phone")
    #expect(filling.isComplete)
  }

  @Test func `taken out and scanned again it stands where it stood`() throws {
    var filling = KitFilling(try Self.kit(KitSlot("Laptop", category: "laptop"), KitSlot("Dock", category: "dock")))
    _ = filling.take(Self.asset(1, "laptop"))
    _ = filling.take(Self.asset(2, "dock"))
    filling.remove(Self.id(1))
    #expect(!filling.isComplete && filling.stillToScan == "Laptop")
    #expect(Self.title(filling.take(Self.asset(1, "laptop"))) == "Laptop")
    #expect(filling.isComplete)
  }

  @Test func `a kit without anything required is complete with something in it, and not before`() throws {
    var filling = KitFilling(try Self.kit(KitSlot("Bag", category: "bag", isOptional: true)))
    #expect(!filling.isComplete)
    _ = filling.take(Self.asset(1, "bag"))
    #expect(filling.isComplete)
  }

  @Test func `a slot that asks for nothing takes nothing`() throws {
    var filling = KitFilling(try Self.kit(KitSlot("Anything"), KitSlot("Laptop", category: "laptop")))
    Self.expect(filling.take(Self.asset(1, "dock", "M", by: "Dell")), "kit.notOfThis")
  }

  @Test func `500 slots that any of 500 assets fits are filled, and no more`() throws {
    let slots = (0..<500).map { KitSlot("Slot \($0)", category: "dock") }
    var filling = KitFilling(KitTemplate(code: try #require(KitCode("HUGE")), title: "", slots: slots))
    for number in 0..<500 { #expect(Self.title(filling.take(Self.asset(number, "dock"))) != nil) }
    #expect(filling.isComplete && filling.filled == 500)
    Self.expect(filling.take(Self.asset(500, "dock")), "kit.slotFull")

    // Each of 100 stands in the slot of its model; what fits the first alone makes that one move.
    let chain = (0..<100).map { KitSlot("S\($0)", model: "M\($0)") } + [KitSlot("End", category: "dock")]
    var moved = KitFilling(KitTemplate(code: try #require(KitCode("CHAIN")), title: "", slots: chain))
    for number in 0..<100 { _ = moved.take(Self.asset(number, "dock", "M\(number)")) }
    #expect(Self.title(moved.take(Self.asset(100, "bag", "M0"))) == "S0")
    #expect(moved.isComplete)
  }

  @Test func `odd names are kept as they are and break nothing`() throws {
    let odd = "=HYPERLINK(\"x\")\u{202E}\u{1F4BB}, \"quoted\"\n"
    var filling = KitFilling(try Self.kit(KitSlot(odd, category: odd)))
    #expect(filling.stillToScan == odd)
    #expect(Self.title(filling.take(Self.asset(1, odd))) == odd)
  }
}

@Suite struct KitTemplateTests {
  @Test func `a licence goes on what it names, else on the first laptop, else on what bears data`() throws {
    var kit = try KitFillingTests.kit(KitSlot("Phone", category: "phone"), KitSlot("Laptop", category: "laptop"))
    let phone = KitFillingTests.asset(1, "phone")
    let laptop = KitFillingTests.asset(2, " Laptop")
    let dock = KitFillingTests.asset(3, "dock")
    kit.licences = [KitLicence("Office", number: "4711"), KitLicence("Mobile", category: "Phone"), KitLicence("VPN")]
    #expect(
      try kit.licences(on: [phone, laptop]).get() == [
        laptop.id: ["Office (4711)", "VPN"], phone.id: ["Mobile"],
      ])
    kit.licences = [KitLicence("Office")]
    #expect(try kit.licences(on: [dock, phone]).get() == [phone.id: ["Office"]])
    guard case .failure(let refusal) = kit.licences(on: [dock]) else {
      Issue.record("a dock took it")
      return
    }
    #expect(refusal.code == "kit.licence" && refusal.sentence.contains("Office"))
    kit.licences = []
    #expect(try kit.licences(on: []).get() == [:])
  }

  @Test func `a kit that was kept before kits had licences is read`() throws {
    let kept = #"{"code":"JOINER","slots":[],"title":"Joiner"}"#
    let kit = try JSONDecoder().decode(KitTemplate.self, from: Data(kept.utf8))
    #expect(kit.title == "Joiner" && kit.licences.isEmpty)
    var licensed = kit
    licensed.licences = [KitLicence("Office", number: "1", category: "laptop")]
    #expect(try JSONDecoder().decode(KitTemplate.self, from: JSONEncoder().encode(licensed)) == licensed)
  }

  @Test(arguments: ["JOINER", "a", "new-joiner_2.0", String(repeating: "x", count: 64)])
  func `letters, digits and a few signs are a code`(_ text: String) { #expect(KitCode(text)?.text == text) }

  @Test(arguments: ["", "A B", "A/B", "..", ".", "Ä", "=A", "A\n", String(repeating: "x", count: 65)])
  func `what could not stand in a label or an address is no code`(_ text: String) { #expect(KitCode(text) == nil) }

  @Test func `the scarcest thing decides how many can be made`() throws {
    let kit = KitTemplate(
      code: try #require(KitCode("J")), title: "",
      slots: [
        KitSlot("Laptop", category: "laptop"), KitSlot("Left", category: "monitor"),
        KitSlot("Right", category: "Monitor"), KitSlot("Bag", category: "bag", isOptional: true),
      ])
    let stock = [
      KitStock(manufacturer: "Dell", model: "A", category: "laptop", count: 9),
      KitStock(manufacturer: "HP", model: "B", category: "laptop", count: 1),
      KitStock(manufacturer: "Dell", model: "U", category: "monitor", count: 7),
    ]
    // Two slots ask for the same: 7 monitors are for 3 kits.
    #expect(kit.makeable(of: stock, tags: []) == 3)
    #expect(kit.makeable(of: [], tags: []) == 0)
    let special = KitTemplate(
      code: kit.code, title: "", slots: [KitSlot("Laptop", category: "laptop"), KitSlot("Very one", tag: "AT-1")])
    #expect(special.makeable(of: stock, tags: ["AT-1"]) == 1)
    #expect(special.makeable(of: stock, tags: []) == 0)
  }
}
