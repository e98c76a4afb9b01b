import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore

extension DeskPages {
  func addPeople(to router: Router<StationContext>) {
    router.get("/people", use: people)
    router.get("/people.csv", use: peopleCSV)
    router.get("/people/{id}", use: person)
  }

  /// Hand-overs of each kind that are looked through for what somebody signed.
  private static let handOversLookedAt = 2000

  // MARK: All

  @Sendable func people(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let query = request.text("q") ?? ""
    let place = try request.text("after").map { try PersonPlace(text: $0) }
    let site = core.store.identity.site
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let found = try snapshot.people(matching: query, after: place, limit: Self.listedOnPage + 1)
      let shown = found.prefix(Self.listedOnPage)
      let access = try signedIn.maySeeAccess ? PeopleAccess(in: snapshot, at: site) : nil
      let rows = try shown.map { person in
        let held = try snapshot.heldCount(by: .person(person.id))
        var cells = [
          ListCell(
            person.name, href: Self.href(of: person.id), small: [person.title, person.active ? nil : "not active"]),
          ListCell(person.team), ListCell("\(held)", before: "has"),
        ]
        if let access { cells += try access.cells(of: person.id) }
        cells.append(ListCell(ways: Self.leaving(person, held: held, by: signedIn)))
        return ListRow(cells: cells)
      }
      let filters = [("q", query.isEmpty ? nil : query)]
      var view = ListPageView(
        shell: try presenter.shell(title: "People", page: "list"), title: "People",
        words: "Who works here, and how much each has.", csv: "/people.csv" + Self.query(filters))
      view.ways = [WayView.importing(.people, by: signedIn)].compactMap(\.self)
      view.search = ListSearchView(action: "/people", query: query, placeholder: "Name, title or department")
      view.tables = [
        ListTable(
          head: ["Name", "Department", "Has"] + (access == nil ? [] : ["May", "Badge", "PIN"]) + [""], rows: rows,
          empty: ProblemView(
            title: "Nobody fits.", detail: query.isEmpty ? nil : "No name, title or department has “\(query)” in it.",
            remedy: "Import people: custody import people.csv"),
          paging: PagingView(
            words: "\(rows.count) shown", previous: place == nil ? nil : "/people" + Self.query(filters),
            next: found.count > rows.count
              ? shown.last.map { "/people" + Self.query(filters + [("after", PersonPlace($0).text)]) } : nil))
      ]
      return view
    }
    return try renderer.page("list-page", view)
  }

  /// Everybody who fits what was searched for, in the columns that an import takes.
  @Sendable func peopleCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    let withAccess = try context.requireSignedIn().maySeeAccess
    let (export, query) = (CatalogueExport(from: core.store), request.text("q"))
    return Self.file(named: "people.csv") { sink in
      _ = try await export.people(as: .csv, matching: query, withAccess: withAccess, to: sink)
    }
  }

  static func href(of person: PersonID) -> String { "/people/\(person)" }

  /// Takes back all that somebody has: of who leaves.
  private static func leaving(_ person: Person, held: Int, by signedIn: SignedIn) -> [WayView] {
    guard held > 0, signedIn.may(.return) else { return [] }
    return [
      WayView(
        label: "Take back all", action: "/desk/begin",
        fields: [
          HiddenField(name: "workflow", value: Verb.return.rawValue),
          HiddenField(name: "leaver", value: person.id.description),
        ], isQuiet: true)
    ]
  }

  // MARK: One

  @Sendable func person(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    guard let id = context.parameters.get("id").flatMap(PersonID.init) else { throw Problem.nobody }
    let after = request.text("after").flatMap(AssetID.init)
    let site = core.store.identity.site
    // What somebody signed is between them and those who answer for the equipment.
    let seesWords = signedIn.maySeeAccess || signedIn.person.id == id
    let view = try await core.store.read { snapshot -> ListPageView? in
      guard let person = try snapshot.person(id) else { return nil }
      let presenter = presenter(snapshot, context)
      let held = try snapshot.heldCount(by: .person(id))
      var view = ListPageView(
        shell: try presenter.shell(title: "Person \(person.name)", page: "list"), title: person.name,
        words: held == 0 ? "Has nothing on record." : "Has \(counted(held, "thing")) on record.")
      view.ways = [WayView(label: "People", href: "/people", isQuiet: true)]
      view.ways += Self.leaving(person, held: held, by: signedIn)
      view.facts = [("Title", person.title), ("Department", person.team), ("E-mail", person.email)].compactMap {
        label, value in value.map { FactView(label: label, value: $0) }
      }
      if !person.active { view.facts.append(FactView(label: "Active", value: "no")) }
      if seesWords { view.facts += try PeopleAccess(in: snapshot, at: site).facts(of: id) }
      view.tables = [try holdings(of: person, after: after, in: snapshot, presenter)]
      if seesWords { view.tables.append(try words(of: id, in: snapshot, presenter)) }
      return view
    }
    guard let view else { throw Problem.nobody }
    return try renderer.page("list-page", view)
  }

  private func holdings(
    of person: Person, after: AssetID?, in snapshot: any StoreReading, _ presenter: DeskPresenter
  ) throws -> ListTable {
    let found = try snapshot.assets(custodian: .person(person.id), after: after, limit: Self.listedOnPage + 1)
    let shown = found.prefix(Self.listedOnPage)
    let names = AssetPresenter(snapshot: snapshot, moments: presenter.moments)
    let rows = try shown.map { asset in
      let since = try snapshot.newestEntry(of: asset.id, among: [.deploy, .transfer, .register])?.event
      let receipt = since.flatMap { event -> WayView? in
        guard event.verb.document != nil else { return nil }
        return WayView(label: "Receipt", href: "/assets/\(asset.id)/documents/\(event.eventID)", isQuiet: true)
      }
      let isOverdue = asset.expectedReturn.map { $0 < presenter.moments.today } ?? false
      var state = ListCell()
      state.chips = [asset.state.view]
      return ListRow(cells: [
        ListCell(asset), state, ListCell(at: since.map { presenter.moments.view($0.wallClock) }, before: "since"),
        ListCell(
          asset.expectedReturn?.description, small: [isOverdue ? "overdue" : nil],
          before: asset.expectedReturn == nil ? nil : "due back"),
        ListCell(try names.place(asset.location)), ListCell(ways: [receipt].compactMap(\.self)),
      ])
    }
    let path = Self.href(of: person.id)
    return ListTable(
      title: "Has", head: ["Asset", "State", "Since", "Due back", "Location", ""], rows: rows,
      empty: ProblemView(title: "Nothing on record.", remedy: "What is handed out to them stands here."),
      paging: PagingView(
        words: "\(rows.count) shown", previous: after == nil ? nil : path,
        next: found.count > rows.count ? shown.last.map { path + Self.query([("after", $0.id.description)]) } : nil))
  }

  /// What somebody acknowledged: the text as it was shown, when, and how.
  private func words(of person: PersonID, in snapshot: any StoreReading, _ presenter: DeskPresenter) throws -> ListTable
  {
    let rows = try snapshot.handOvers(acknowledgedBy: person, within: Self.handOversLookedAt, limit: Self.listedOnPage)
      .flatMap { row -> [ListRow] in
        let asset = try snapshot.asset(row.event.asset)
        return row.event.acknowledgements.filter { $0.person == person }.map { word in
          ListRow(cells: [
            ListCell(at: presenter.moments.view(row.event.wallClock)), ListCell(row.event.verb.words.done),
            asset.map { ListCell($0) } ?? ListCell(String(row.event.asset.description.suffix(12)), isCode: true),
            ListCell("“\(word.text)”", small: [word.method.words]),
            ListCell(
              ways: [
                WayView(label: "Event", href: "/assets/\(row.event.asset)#event-\(row.event.eventID)", isQuiet: true)
              ]),
          ])
        }
      }
    return ListTable(
      title: "Acknowledged",
      words:
        "The text as it was shown. Of the last \(Self.handOversLookedAt) hand-overs of each kind; all stands in the ledger.",
      head: ["When", "At", "Asset", "Text", ""], rows: rows,
      empty: ProblemView(
        title: "Nothing acknowledged.", remedy: "Signatures, PINs and badges of hand-overs stand here."))
  }
}

/// What people may do at the site, and by what they are recognised.
struct PeopleAccess {
  private let snapshot: any StoreReading
  private let site: SiteCode
  private let withBadge: Set<PersonID>
  private let withPIN: Set<PersonID>

  init(in snapshot: any StoreReading, at site: SiteCode) throws {
    (self.snapshot, self.site) = (snapshot, site)
    withBadge = try snapshot.peopleWithBadge()
    withPIN = try snapshot.peopleWithPIN()
  }

  /// What somebody may do at the site.
  func roles(of person: PersonID) throws -> [Role] {
    let roles = try snapshot.roles(of: person, at: site)
    return Role.allCases.filter(roles.contains)
  }

  func hasBadge(_ person: PersonID) -> Bool { withBadge.contains(person) }

  func hasPIN(_ person: PersonID) -> Bool { withPIN.contains(person) }

  private func words(of person: PersonID) throws -> String {
    try roles(of: person).map(\.words).joined(separator: ", ")
  }

  func cells(of person: PersonID) throws -> [ListCell] {
    let roles = try words(of: person)
    return [
      ListCell(roles.isEmpty ? "nothing" : roles, before: "may"),
      ListCell(withBadge.contains(person) ? "yes" : "no", before: "badge"),
      ListCell(withPIN.contains(person) ? "set" : "not set", before: "PIN"),
    ]
  }

  func facts(of person: PersonID) throws -> [FactView] {
    let roles = try words(of: person)
    return [
      FactView(label: "May here", value: roles.isEmpty ? "nothing" : roles),
      FactView(label: "Badge", value: withBadge.contains(person) ? "yes" : "no"),
      FactView(label: "PIN", value: withPIN.contains(person) ? "set" : "not set"),
    ]
  }
}

extension SignedIn {
  /// Whether they are shown what others may do here, by what they are recognised, and what they signed.
  var maySeeAccess: Bool { !actor.roles.isDisjoint(with: [.manager, .admin, .auditor]) }
}

extension CustodyEvent {
  /// The words of people on both sides.
  var acknowledgements: [Acknowledgement] {
    switch details {
    case .deploy(let details): [details.acknowledgement].compactMap(\.self)
    case .return(let details): [details.acknowledgement].compactMap(\.self)
    case .transfer(let details): details.acknowledgements
    default: []
    }
  }
}

extension Problem {
  fileprivate static let nobody = Problem.notFound("such person", remedy: "Look at the list of people.")
}

extension PersonPlace {
  init(_ person: Person) { self.init(name: person.name, id: person.id) }

  /// As an address has it: the id, a dot, the name.
  var text: String { "\(id).\(name)" }

  /// Reads what `text` writes; throws the problem for anything else.
  init(text: String) throws {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let id = PersonID(String(parts[0])) else {
      throw Problem.malformed(
        "after is no place in this list.", pointer: "/after", remedy: "Go to the list's first page.")
    }
    self.init(name: String(parts[1]), id: id)
  }
}
