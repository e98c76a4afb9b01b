import Custody

/// What a word in a status column means as a state.
enum StateWords {
  /// What a word says.
  enum Meaning: Hashable {
    case state(LifecycleState)
    /// Snipe-IT keeps this label on what is handed out too: the custodian decides.
    case deployable
  }

  /// Reads English and German words, our own, and those of Snipe-IT, InvenTree and ServiceNow.
  static func meaning(_ word: String) -> Meaning? { meanings[word.lowercased()] ?? meanings[HeaderKey(word).text] }

  private static let meanings: [String: Meaning] = {
    var meanings: [String: Meaning] = [:]
    // Words as they are usually written are kept beside their keys: a key costs more to make than to look up.
    func add(_ word: String, _ meaning: Meaning) {
      meanings[word] = meaning
      meanings[HeaderKey(word).text] = meaning
    }
    for (state, words) in words { for word in words { add(word, .state(state)) } }
    for state in LifecycleState.allCases { add(state.rawValue.lowercased(), .state(state)) }
    for word in ["ready to deploy", "deployable", "requestable"] { add(word, .deployable) }
    return meanings
  }()

  private static let words: [(LifecycleState, [String])] = [
    (.expected, ["expected", "ordered", "on order", "announced", "bestellt", "erwartet"]),
    (
      .inStock,
      [
        "in stock", "stock", "available", "ok", "spare", "new", "in store", "lager", "im lager", "auf lager",
        "verfügbar",
        "verfuegbar", "frei",
      ]
    ),
    (
      .deployed,
      [
        "deployed", "assigned", "in use", "checked out", "active", "installed", "on loan", "loaned", "im einsatz",
        "in benutzung", "in verwendung", "ausgegeben", "zugewiesen", "aktiv", "verliehen",
      ]
    ),
    (
      .quarantined,
      [
        "quarantined", "quarantine", "pending", "attention needed", "damaged", "rejected", "returned", "in inspection",
        "quarantäne", "in quarantäne", "in prüfung", "zurückgegeben",
      ]
    ),
    (
      .inRepair,
      [
        "in repair", "repair", "broken", "out for repair", "in maintenance", "maintenance", "out for diagnostics",
        "defective", "defekt", "in reparatur", "reparatur", "wartung",
      ]
    ),
    (
      .retired,
      ["retired", "archived", "end of life", "decommissioned", "ausgemustert", "archiviert", "stillgelegt"]
    ),
    (.missing, ["missing", "lost", "stolen", "lost/stolen", "absent", "vermisst", "verloren", "gestohlen"]),
    (.inTransit, ["in transit", "shipped", "unterwegs", "versandt"]),
    (.disposed, ["disposed", "disposed of", "destroyed", "scrapped", "sold", "entsorgt", "verschrottet", "verkauft"]),
  ]
}
