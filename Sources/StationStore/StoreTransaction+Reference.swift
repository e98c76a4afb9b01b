import Custody
import Foundation
import GRDB
import SyncProtocol

extension StoreReading {
  /// Up to which version of the centre's reference data this station is; nil before its first page, and when this program knows
  /// kinds of things that the one before left out.
  public func referenceVersion() throws -> Int64? {
    guard try meta("referenceKinds") == ReferenceKind.known else { return nil }
    return try meta("referenceVersion").flatMap(Int64.init)
  }

  /// Whether the centre rules any people or places of this station.
  public func takesReference() throws -> Bool {
    try meta("referenceVersion").flatMap(Int64.init).map { $0 > 0 } ?? false
  }

  func meta(_ key: String) throws -> String? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: [key])
  }

  /// Whether the centre has this thing, so that it is the centre's to change.
  func isFromCentre(_ kind: ReferenceKind, _ key: String) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(sql: "SELECT EXISTS(SELECT 1 FROM from_centre WHERE kind = ? AND key = ?)"),
      arguments: [kind.rawValue, key]) ?? false
  }

  /// All that this station knows, as the feed has it: for a centre's import, which works on a station of its own.
  public func reference(at site: SiteCode) throws -> [ReferenceChange] {
    var all: [ReferenceChange] = []
    func add(_ kind: ReferenceKind, _ key: String, _ value: some Encodable) throws {
      all.append(ReferenceChange(kind: kind, key: key, value: try ReferenceText.of(value)))
    }
    for site in try sites() { try add(.site, site.code.text, ReferenceValue.Site(name: site.name)) }
    for place in try locations() {
      try add(
        .location, place.code.text,
        ReferenceValue.Location(site: place.site.text, name: place.name, parent: place.parent?.text))
    }
    for person in try people() {
      var roles: [String: [String]] = [:]
      for row in try Row.fetchAll(
        db, sql: "SELECT site, role FROM role WHERE person = ? ORDER BY site, role", arguments: [person.id])
      {
        roles[row["site"], default: []].append(row["role"])
      }
      try add(
        .person, "\(person.id)",
        ReferenceValue.Person(
          name: person.name, title: person.title, email: person.email, team: person.team, active: person.active,
          roles: roles))
    }
    for row in try Row.fetchAll(db, sql: "SELECT token, person FROM badge") {
      let (token, person): (Data, PersonID) = (row["token"], row["person"])
      try add(.badge, token.hexadecimal, ReferenceValue.Badge(person: "\(person)"))
    }
    for row in try Row.fetchAll(db, sql: "SELECT person, salt, hash FROM pin") {
      let (person, salt, hash): (PersonID, Data, Data) = (row["person"], row["salt"], row["hash"])
      try add(
        .pin, "\(person)",
        ReferenceValue.PIN(salt: salt.base64EncodedString(), hash: hash.base64EncodedString()))
    }
    for order in try orders() {
      try add(
        .order, order.number,
        ReferenceValue.Order(
          supplier: order.supplier, orderedOn: order.orderedOn?.description,
          lines: order.lines.map { line in
            ReferenceValue.Order.Line(
              line: line.line, manufacturer: line.manufacturer, model: line.model, category: line.category,
              partNumber: line.partNumber, quantity: line.quantity)
          }))
    }
    return all
  }
}

extension StoreTransaction {
  /// Takes in a page of the centre's reference data, whole with its version. What the station had imported itself stays until
  /// the centre has its own. A thing that cannot be read throws ``StoreFault/damaged(reason:)`` and takes the page back.
  public func take(_ page: ReferencePage) throws {
    for item in page.items {
      // Of a newer centre: it is asked for again by a program that knows it, see ``StoreReading/referenceVersion()``.
      guard let kind = ReferenceKind(rawValue: item.kind) else { continue }
      do {
        try take(kind, item.key, item.value)
      } catch let error as DecodingError {
        throw StoreFault.damaged(reason: "the centre's \(item.kind) \(item.key.prefix(64)) cannot be read: \(error)")
      }
      try db.cachedStatement(
        sql: item.value == nil
          ? "DELETE FROM from_centre WHERE kind = ? AND key = ?"
          : "INSERT OR REPLACE INTO from_centre(kind, key) VALUES (?,?)"
      ).execute(arguments: [item.kind, item.key])
    }
    try db.execute(
      sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('referenceVersion', ?), ('referenceKinds', ?)",
      arguments: [String(page.version), ReferenceKind.known])
  }

  private func take(_ kind: ReferenceKind, _ key: String, _ text: String?) throws {
    switch kind {
    case .site:
      guard let code = SiteCode(key) else { throw malformed(kind, key) }
      guard let text else { return try delete("site", "code", key) }
      try save(Site(code: code, name: try ReferenceText.read(text, ReferenceValue.Site.self).name))
    case .location:
      guard let code = LocationCode(key) else { throw malformed(kind, key) }
      guard let text else { return try delete("location", "code", key) }
      let value = try ReferenceText.read(text, ReferenceValue.Location.self)
      guard let site = SiteCode(value.site) else { throw malformed(kind, key) }
      try save(Location(code: code, site: site, name: value.name, parent: value.parent.flatMap(LocationCode.init)))
    case .person:
      guard let id = PersonID(key) else { throw malformed(kind, key) }
      try take(try text.map { try ReferenceText.read($0, ReferenceValue.Person.self) }, of: id)
    case .badge:
      guard let token = Data(hexadecimal: key), token.count == 32 else { throw malformed(kind, key) }
      changesPeople = true
      guard let text else {
        return try db.execute(sql: "DELETE FROM badge WHERE token = ?", arguments: [token])
      }
      guard let person = PersonID(try ReferenceText.read(text, ReferenceValue.Badge.self).person) else {
        throw malformed(kind, key)
      }
      try saveBadge(token, of: person)
    case .pin:
      guard let person = PersonID(key) else { throw malformed(kind, key) }
      changesPeople = true
      guard let text else { return try db.execute(sql: "DELETE FROM pin WHERE person = ?", arguments: [person]) }
      let value = try ReferenceText.read(text, ReferenceValue.PIN.self)
      guard let salt = Data(base64Encoded: value.salt), let hash = Data(base64Encoded: value.hash), hash.count == 32
      else { throw malformed(kind, key) }
      try take(PINHash(salt: Array(salt), hash: Array(hash)), of: person)
    case .order:
      try db.execute(sql: "DELETE FROM order_line WHERE number = ?", arguments: [key])
      guard let text else { return try delete("purchase_order", "number", key) }
      let value = try ReferenceText.read(text, ReferenceValue.Order.self)
      try save(
        PurchaseOrder(
          number: key, supplier: value.supplier, orderedOn: value.orderedOn.flatMap(CalendarDate.init),
          lines: value.lines.map { line in
            PurchaseOrder.Line(
              line: line.line, manufacturer: line.manufacturer, model: line.model, category: line.category,
              partNumber: line.partNumber, quantity: line.quantity)
          }))
    }
  }

  /// A person as the centre has them; one that it removed keeps the name, which events refer to, and may nothing any more.
  private func take(_ value: ReferenceValue.Person?, of id: PersonID) throws {
    changesPeople = true
    guard let value else {
      guard var person = try person(id) else { return }
      person.active = false
      try save(person)
      return try retire(id)
    }
    // Of the same address an own one: it was the same person, and events name it. It keeps its name and nothing else.
    if let email = value.email?.lowercased(), var own = try person(email: email), own.id != id {
      own.email = nil
      own.active = false
      try save(own)
      try retire(own.id)
    }
    try save(
      Person(
        id: id, name: value.name, title: value.title, email: value.email, team: value.team, active: value.active))
    try db.execute(sql: "DELETE FROM role WHERE person = ?", arguments: [id])
    for (site, roles) in value.roles {
      guard let code = SiteCode(site) else { throw malformed(.person, "\(id)") }
      // A role of a newer program is none here.
      try setRoles(Set(roles.compactMap(Role.init(rawValue:))), of: id, at: code)
    }
  }

  /// Takes badge, PIN and roles from a person.
  private func retire(_ id: PersonID) throws {
    for table in ["badge", "pin", "role"] {
      try db.execute(sql: "DELETE FROM \(table) WHERE person = ?", arguments: [id])
    }
  }

  /// A PIN of the centre's; one that is the same keeps its count of failures.
  private func take(_ pin: PINHash, of person: PersonID) throws {
    try db.execute(
      sql: """
        INSERT INTO pin(person, salt, hash, failures, locked_until, pepper) VALUES (?,?,?,0,0,1)
        ON CONFLICT(person) DO UPDATE SET salt = excluded.salt, hash = excluded.hash, pepper = 1, failures = 0,
          locked_until = 0 WHERE hash <> excluded.hash OR salt <> excluded.salt
        """, arguments: [person, Data(pin.salt), Data(pin.hash)])
  }

  private func delete(_ table: String, _ column: String, _ key: String) throws {
    try db.execute(sql: "DELETE FROM \(table) WHERE \(column) = ?", arguments: [key])
  }

  private func malformed(_ kind: ReferenceKind, _ key: String) -> StoreFault {
    .damaged(reason: "the centre's \(kind.rawValue) \(key.prefix(64)) cannot be read")
  }
}

extension ReferenceKind {
  /// The kinds that this program knows, in one text.
  fileprivate static let known = allCases.map(\.rawValue).sorted().joined(separator: ",")
}

/// Values of reference data as JSON with sorted keys: the same value has the same text.
enum ReferenceText {
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func read<Value: Decodable>(_ text: String, _ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}

extension Data {
  fileprivate var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }

  fileprivate init?(hexadecimal text: String) {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    self.init()
    for at in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(decoding: digits[at...at + 1], as: UTF8.self), radix: 16) else { return nil }
      append(byte)
    }
  }
}
