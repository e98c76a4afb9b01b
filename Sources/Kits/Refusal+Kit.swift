import Custody

/// What a kit does not take, and why it is not handed over. The codes stand in `docs/refusals.md`.
extension Refusal {
  static func twice(_ name: String) -> Refusal {
    Refusal(
      "kit.twice", "\(name) is in this kit already.", remedy: "Scan the next one.", kind: .duplicate)
  }

  static func notOfThisKit(_ name: String, _ open: String?) -> Refusal {
    Refusal(
      "kit.notOfThis", "\(name) fits no slot of this kit.",
      remedy: open.map { "Still to scan: \($0)." } ?? "Nothing more is needed: hand the kit over.")
  }

  static func slotFull(_ name: String, _ slot: String, _ open: String?) -> Refusal {
    Refusal(
      "kit.slotFull", "\(name) is one too many: \(slot) is complete.",
      remedy: open.map { "Still to scan: \($0). To swap it, take the other one out first." }
        ?? "Hand the kit over; to swap it, take the other one out first.")
  }

  static func neededElsewhere(_ name: String, _ kit: KitCode) -> Refusal {
    Refusal(
      "kit.otherKit", "\(name) belongs to the kit \(kit), which asks for this very asset.",
      remedy: "Take another one, or hand out the kit \(kit).")
  }

  static func licenceWithoutPlace(_ licence: KitLicence, in kit: KitCode) -> Refusal {
    Refusal(
      "kit.licence", "Nothing of the kit \(kit) is there to install \(licence.product) on: \(licence.wanted).",
      remedy: "Scan such a thing into the kit, or have the kit's licence mended by an import.")
  }

  /// A kit that lacks something is handed over.
  public static func incomplete(_ filling: KitFilling) -> Refusal {
    Refusal(
      "kit.incomplete", "The kit \(filling.template.code) is not complete: \(filling.filled) of \(filling.required).",
      remedy: "Still to scan: \(filling.stillToScan ?? "something of it").")
  }

  /// Something else is begun while things stand in a kit that nobody has handed over.
  public static func unfinished(_ filling: KitFilling) -> Refusal {
    let count = filling.items.count
    return Refusal(
      "kit.unfinished",
      "The kit \(filling.template.code) is not handed over yet: \(count) \(count == 1 ? "thing is" : "things are") in it.",
      remedy: "Hand it over, or let it go.")
  }
}
