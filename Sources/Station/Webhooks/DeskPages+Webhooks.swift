import Custody
import Foundation
import Hummingbird
import StationStore
import Synchronization
import Webhooks

extension DeskPages {
  func addWebhooks(to router: Router<StationContext>) {
    router.get("/webhooks", use: webhooks)
    router.get("/webhooks.csv", use: webhooksCSV)
    router.post("/webhooks", use: addWebhook)
    router.get("/webhooks/{id}", use: webhook)
    router.get("/webhooks/{id}/letters.csv", use: deadLettersCSV)
    router.post("/webhooks/{id}/{act}", use: actOnWebhook)
    router.post("/webhooks/{id}/letters/{letter}/again", use: sendLetterAgain)
  }

  // MARK: All

  @Sendable func webhooks(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try signedIn.requireWebhooks()
    let added = request.text("added").flatMap(StoredWebhook.UUIDBytes.init)
    let secret = added.flatMap { id in
      unshownSecrets.take(id, for: signedIn.token) ? WebhookSecret(bytes: core.store.webhookSecret(of: id)) : nil
    }
    return try await webhooksPage(context, secret: secret?.description)
  }

  private func webhooksPage(
    _ context: StationContext, secret: String? = nil, faulty: (form: [String: String], problem: Problem)? = nil
  ) async throws -> Response {
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      let last = try snapshot.lastArrival()
      let rows = try snapshot.webhooks().map { webhook in
        let letters = try snapshot.deadLetterCount(of: webhook.id)
        let course = try webhook.whereItStands()
        return ListRow(cells: [
          ListCell(webhook.host, href: Self.href(of: webhook.id), small: [webhook.url]),
          ListCell(webhook.words(of: course, presenter.moments), small: [course.trouble]),
          ListCell(webhook.verbs.isEmpty ? "every event" : webhook.verbs.joined(separator: ", ")),
          ListCell("\(last - webhook.upTo)", before: "to be told"), ListCell("\(letters)", before: "not taken"),
          ListCell(ways: [webhook.switching]),
        ])
      }
      var view = ListPageView(
        shell: try presenter.shell(title: "Webhooks", page: "list"), title: "Webhooks",
        words: "Programs that are told of what is recorded here.", csv: "/webhooks.csv")
      view.problem = faulty.map {
        ProblemView(title: $0.problem.title, detail: $0.problem.detail, remedy: $0.problem.remedy)
      }
      view.once = secret.map {
        OnceView(words: "The secret. It is shown once: keep it where the receiver is set up.", text: $0)
      }
      view.forms = [Self.form(faulty?.form ?? [:], isOpen: rows.isEmpty || faulty != nil)]
      view.tables = [
        ListTable(
          head: ["Receiver", "State", "Is told of", "To be told", "Not taken", ""], rows: rows,
          empty: ProblemView(title: "Nobody is told.", remedy: "Add the address of a receiver."))
      ]
      return view
    }
    return try renderer.page("list-page", view, status: faulty?.problem.status ?? .ok)
  }

  /// Every receiver, without its secret.
  @Sendable func webhooksCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let core = core
    let columns = [
      "webhook", "address", "active", "isToldOf", "failingSince", "trouble", "toBeTold", "notTaken", "addedAt",
      "addedBy",
    ]
    return Self.csv(named: "webhooks.csv", columns) { (_: Int?) in
      try await core.store.read { snapshot -> CSVPage<Int> in
        let last = try snapshot.lastArrival()
        let rows = try snapshot.webhooks().map { webhook -> [String?] in
          let course = try webhook.whereItStands()
          return [
            webhook.id.description, webhook.url, webhook.isActive ? "yes" : "no", webhook.verbs.joined(separator: ", "),
            course.failingSince?.description, course.trouble, "\(last - webhook.upTo)",
            "\(try snapshot.deadLetterCount(of: webhook.id))", webhook.at.description,
            try snapshot.personName(webhook.by),
          ]
        }
        return (rows, nil)
      }
    }
  }

  private static func form(_ sent: [String: String], isOpen: Bool) -> ContextForm {
    var url = FormField(.input, "url", "Address", value: sent["url"] ?? "", prefix: "webhook")
    (url.required, url.wide, url.hint) = (true, true, "https://host/path")
    let kinds = Verb.allCases.map { verb in
      var field = FormField(.checkbox, "verb-\(verb.rawValue)", verb.words.done, prefix: "webhook")
      field.checked = sent[field.name] != nil
      return field
    }
    var form = ContextForm(
      id: "webhook-add", action: "/webhooks", title: "Add a receiver", submit: "Add",
      groups: [
        FieldGroup(fields: [url]),
        FieldGroup(legend: "Only some events; none chosen: all", folded: true, fields: kinds),
      ])
    form.open = isOpen
    return form
  }

  @Sendable func addWebhook(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try signedIn.requireWebhooks()
    let form = try await request.form()
    let verbs = Verb.allCases.map(\.rawValue).filter { form["verb-\($0)"] != nil }
    do {
      let webhook = try await core.addWebhook(
        (form["url"] ?? "").trimmingCharacters(in: .whitespaces), verbs: verbs, by: signedIn)
      unshownSecrets.add(webhook.id, for: signedIn.token)
      return .redirect(to: "/webhooks" + Self.query([("added", webhook.id.description)]), type: .normal)
    } catch let problem as Problem where problem.status == .unprocessableContent || problem.status == .conflict {
      return try await webhooksPage(context, faulty: (form, problem))
    }
  }

  // MARK: One

  static func href(of webhook: StoredWebhook.UUIDBytes) -> String { "/webhooks/\(webhook)" }

  @Sendable func webhook(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let before = Int64(try request.number("before", default: Int.max, in: 0...Int.max))
    return try await webhookPage(context, before: before)
  }

  private func webhookPage(_ context: StationContext, before: Int64 = .max, refused: Problem? = nil) async throws
    -> Response
  {
    let id: StoredWebhook.UUIDBytes = try UUIDPath.id("id", in: context)
    let view = try await core.store.read { snapshot -> ListPageView? in
      guard let webhook = try snapshot.webhook(id) else { return nil }
      let presenter = presenter(snapshot, context)
      let course = try webhook.whereItStands()
      let found = try snapshot.deadLetters(of: id, before: before, limit: Self.listedOnPage + 1)
      let shown = found.prefix(Self.listedOnPage)
      let rows = try shown.map { letter in
        let event = try snapshot.entry(at: letter.arrival)?.event
        let asset = try event.flatMap { try snapshot.asset($0.asset) }
        return ListRow(cells: [
          ListCell(event?.verb.words.done ?? "An event"), asset.map { ListCell($0) } ?? ListCell(),
          ListCell(at: presenter.moments.view(letter.at), before: "set aside"), ListCell(letter.reason),
          ListCell(ways: [
            WayView(label: "Send again", action: Self.href(of: id) + "/letters/\(letter.id)/again")
          ]),
        ])
      }
      var view = ListPageView(
        shell: try presenter.shell(title: "Webhook \(webhook.host)", page: "list"), title: webhook.host,
        words: webhook.words(of: course, presenter.moments) + ".")
      view.problem = refused.map { ProblemView(title: $0.title, detail: $0.detail, remedy: $0.remedy) }
      view.ways = [
        WayView(label: "Webhooks", href: "/webhooks", isQuiet: true), webhook.switching,
        WayView(label: "Send what waits", action: Self.href(of: id) + "/resume", isQuiet: true),
        WayView(label: "Delete it, with its dead letters", action: Self.href(of: id) + "/remove", isQuiet: true),
      ]
      view.csv = Self.href(of: id) + "/letters.csv"
      view.facts = [
        FactView(label: "Address", value: webhook.url, code: true),
        FactView(
          label: "Is told of",
          value: webhook.verbs.isEmpty ? "every event" : webhook.verbs.joined(separator: ", ")),
        FactView(label: "To be told", value: "\(try snapshot.lastArrival() - webhook.upTo)"),
      ]
      if let told = try snapshot.entry(at: webhook.upTo) {
        view.facts.append(
          FactView(label: "Done up to the event of", value: presenter.moments.dated(told.event.wallClock)))
      }
      if let trouble = course.trouble { view.facts.append(FactView(label: "Trouble", value: trouble)) }
      if let moment = course.notBefore {
        view.facts.append(FactView(label: "Next try", value: presenter.moments.dated(moment)))
      }
      view.tables = [
        ListTable(
          title: "Dead letters", words: "What it did not take. It goes on with the next; these wait here.",
          head: ["Event", "Asset", "Set aside", "Why", ""], rows: rows,
          empty: ProblemView(title: "It has taken everything."),
          paging: PagingView(
            words: "\(rows.count) shown", previous: before == .max ? nil : Self.href(of: id),
            next: found.count > rows.count ? shown.last.map { Self.href(of: id) + "?before=\($0.id)" } : nil))
      ]
      return view
    }
    guard let view else { throw Problem.notFound("webhook \(id)", remedy: "Look at the list of webhooks.") }
    return try renderer.page("list-page", view, status: refused?.status ?? .ok)
  }

  @Sendable func deadLettersCSV(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let id: StoredWebhook.UUIDBytes = try UUIDPath.id("id", in: context)
    let core = core
    return Self.csv(named: "dead-letters.csv", ["event", "type", "asset", "setAside", "reason"]) { (before: Int64?) in
      try await core.store.read { snapshot -> CSVPage<Int64> in
        let found = try snapshot.deadLetters(of: id, before: before ?? .max, limit: 500)
        let rows = try found.map { letter -> [String?] in
          let event = try snapshot.entry(at: letter.arrival)?.event
          return [
            event?.eventID.description, event?.verb.rawValue, event?.asset.description, letter.at.description,
            letter.reason,
          ]
        }
        return (rows, found.count == 500 ? found.last?.id : nil)
      }
    }
  }

  @Sendable func actOnWebhook(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let id: StoredWebhook.UUIDBytes = try UUIDPath.id("id", in: context)
    switch context.parameters.get("act") {
    case "resume": _ = try await core.resumeWebhook(id)
    case "pause": try await core.pauseWebhook(id)
    case "remove":
      guard try await core.store.write({ try $0.removeWebhook(id) }) else { throw Problem.notFound("webhook \(id)") }
      return .redirect(to: "/webhooks", type: .normal)
    default: throw Problem.nothingHere
    }
    return .redirect(to: Self.href(of: id), type: .normal)
  }

  @Sendable func sendLetterAgain(_ request: Request, _ context: StationContext) async throws -> Response {
    try context.requireSignedIn().requireWebhooks()
    let id: StoredWebhook.UUIDBytes = try UUIDPath.id("id", in: context)
    guard let letter = Int64(context.parameters.get("letter") ?? "") else { throw Problem.nothingHere }
    do {
      try await core.sendAgain(letter, of: id)
      return .redirect(to: Self.href(of: id), type: .normal)
    } catch let problem as Problem where problem.status == .badGateway {
      return try await webhookPage(context, refused: problem)
    }
  }
}

/// Receivers that were added on the page and whose secret their page has not shown yet: it is shown once, to who added them.
final class UnshownSecrets: Sendable {
  private let waiting = Mutex<[StoredWebhook.UUIDBytes: String]>([:])

  /// Lets a person's next page show a receiver's secret.
  func add(_ id: StoredWebhook.UUIDBytes, for token: String) { waiting.withLock { $0[id] = token } }

  /// Whether the secret is to be shown now; never again after that.
  func take(_ id: StoredWebhook.UUIDBytes, for token: String) -> Bool {
    waiting.withLock { waiting in
      guard waiting[id] == token else { return false }
      waiting[id] = nil
      return true
    }
  }
}

extension StoredWebhook {
  /// How it stands, in words.
  fileprivate func words(of course: WebhookCourse, _ moments: Moments) -> String {
    guard isActive else { return "Off: nothing is sent" }
    return course.failingSince.map { "Failing since \(moments.dated($0))" } ?? "On"
  }

  /// Switches it off or on.
  fileprivate var switching: WayView {
    WayView(
      label: isActive ? "Switch off" : "Switch on",
      action: DeskPages.href(of: id) + (isActive ? "/pause" : "/resume"), isQuiet: isActive)
  }
}

extension StoreReading {
  /// The entry that became known here as this one; nil when there is none.
  fileprivate func entry(at arrival: Int64) throws -> EntryRow? {
    try entries(after: arrival - 1, limit: 1).first { $0.arrival == arrival }
  }
}
