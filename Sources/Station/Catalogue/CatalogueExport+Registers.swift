import Custody
import StationStore

extension CatalogueExport {
  /// Writes people by name, of all or of those with a text in their name, title or team. Gives back how many.
  ///
  /// In CSV its columns are those of an import of people, which passes over those that say how many assets somebody has and
  /// whether they have a badge and a PIN: neither badge nor PIN is ever written.
  /// - Parameter withAccess: with what each may do at the station's site, and by what they are recognised.
  @discardableResult
  public func people(
    as format: Format, matching text: String? = nil, withAccess: Bool, to sink: Sink
  ) async throws -> Int {
    var (csv, json) = (CSVWriter(), JSONArrayWriter())
    if format == .csv {
      let known = ["name", "email", "title", "department", "active", "assets"]
      csv.append(known + (withAccess ? ["roles", "has badge", "has PIN"] : []))
      try await sink(csv.take())
    }
    let site = store.identity.site
    var (place, count): (PersonPlace?, Int) = (nil, 0)
    while true {
      let after = place
      let people = try await store.read { snapshot in
        let access = try withAccess ? PeopleAccess(in: snapshot, at: site) : nil
        return try snapshot.people(matching: text, after: after, limit: Self.page).map {
          try ExportedPerson($0, access, in: snapshot)
        }
      }
      guard let last = people.last else { break }
      var bytes: [UInt8] = []
      for person in people {
        switch format {
        case .csv: csv.append(person.cells(withAccess: withAccess))
        case .json: bytes += try json.element(person)
        }
      }
      try await sink(format == .csv ? csv.take() : bytes)
      (place, count) = (PersonPlace(name: last.name, id: last.id), count + people.count)
    }
    if format == .json { try await sink(json.end()) }
    return count
  }

  /// Writes locations, each followed by what is in it. Gives back how many.
  ///
  /// In CSV its columns are those of an import of locations, which passes over the last four.
  @discardableResult
  public func locations(as format: Format, to sink: Sink) async throws -> Int {
    let locations = try await store.read { snapshot in
      let tree = try LocationTree(in: snapshot)
      return try tree.places.map { try ExportedLocation($0.location, tree, in: snapshot) }
    }
    switch format {
    case .csv:
      var csv = CSVWriter()
      csv.append(["code", "name", "site", "site name", "parent", "assets", "lastCounted", "accuracy", "label"])
      for location in locations { csv.append(location.cells) }
      try await sink(csv.take())
    case .json:
      var json = JSONArrayWriter()
      for location in locations { try await sink(json.element(location)) }
      try await sink(json.end())
    }
    return locations.count
  }
}

/// A person as they are exported.
private struct ExportedPerson: Sendable, Encodable {
  let id: PersonID
  let name: String
  let email: String?
  let title: String?
  let team: String?
  let active: Bool
  let assets: Int
  /// Nil to who is not shown it.
  let roles: [String]?
  let hasBadge: Bool?
  let hasPIN: Bool?

  init(_ person: Person, _ access: PeopleAccess?, in snapshot: any StoreReading) throws {
    id = person.id
    name = person.name
    email = person.email
    title = person.title
    team = person.team
    active = person.active
    assets = try snapshot.heldCount(by: .person(person.id))
    roles = try access?.roles(of: person.id).map(\.rawValue)
    hasBadge = access?.hasBadge(person.id)
    hasPIN = access?.hasPIN(person.id)
  }

  func cells(withAccess: Bool) -> [String?] {
    let known: [String?] = [name, email, title, team, Self.word(active), "\(assets)"]
    guard withAccess else { return known }
    return known + [roles?.joined(separator: ", "), hasBadge.map(Self.word), hasPIN.map(Self.word)]
  }

  private static func word(_ yes: Bool) -> String { yes ? "yes" : "no" }
}

/// A location as it is exported.
private struct ExportedLocation: Sendable, Encodable {
  let code: LocationCode
  let name: String
  let site: SiteCode
  /// Nil where nobody has named the site.
  let siteName: String?
  let parent: LocationCode?
  let assets: Int
  let lastCounted: Instant?
  let accuracy: String?
  /// What its label says.
  let label: String

  init(_ location: Location, _ tree: LocationTree, in snapshot: any StoreReading) throws {
    code = location.code
    name = location.name
    site = location.site
    siteName = tree.statedName(of: location.site)
    parent = location.parent
    assets = try snapshot.assetCount(at: location.code)
    let count = tree.lastCount(of: location.code)
    lastCounted = count?.closedAt
    accuracy = count?.percent
    label = "CUSTODY:LOC:\(location.code)"
  }

  var cells: [String?] {
    [
      code.text, name, site.text, siteName, parent?.text, "\(assets)", lastCounted?.description, accuracy, label,
    ]
  }
}
