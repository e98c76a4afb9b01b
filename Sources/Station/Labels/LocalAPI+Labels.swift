import Custody
import CustodyLedger
import Hummingbird
import LabelDesign
import StationStore

extension LocalAPI {
  /// The routes by which commands reach printers and labels. What cannot be done is answered as `{code, detail, remedy}`.
  func addLabels(to router: Router<StationContext>) {
    router.get("/local/printers", use: printers)
    router.post("/local/printers", use: addPrinter)
    router.post("/local/printers/{name}/remove", use: removePrinter)
    router.post("/local/printers/{name}/pause", use: pausePrinter)
    router.post("/local/printers/{name}/resume", use: resumePrinter)
    router.get("/local/labels", use: labelQueue)
    router.post("/local/labels", use: orderLabels)
    router.post("/local/labels/{id}/{answer}", use: answerLabel)
    router.get("/local/label-batches/{id}", use: labelBatch)
    router.get("/local/label-batches/{id}/labels", use: labelsOfBatch)
    router.post("/local/sign-in", use: signIn)
    router.post("/local/sign-out", use: signOut)
  }

  /// The largest order of labels: a batch with what each is to say.
  private static let largestOrder = 16 << 20

  @Sendable func printers(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer { try await core.printerStates() }
  }

  @Sendable func addPrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      let (name, setting) = try PrinterSetting.named(in: try await request.json())
      return try await core.setPrinter(name, setting, by: .folderOwner)
    }
  }

  @Sendable func removePrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      let name = context.parameters.get("name") ?? ""
      try await core.removePrinter(name, by: .folderOwner)
      return ["removed": name]
    }
  }

  @Sendable func pausePrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer { try await core.pausePrinter(context.parameters.get("name") ?? "", by: .folderOwner) }
  }

  @Sendable func resumePrinter(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer { try await core.resumePrinter(context.parameters.get("name") ?? "", by: .folderOwner) }
  }

  @Sendable func labelQueue(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      try await core.labelJobs(
        printer: request.text("printer"), states: request.text("all") == "true" ? [] : [.queued, .sending, .unknown],
        limit: try request.number("limit", default: 100, in: 1...StationCore.longestBatch))
    }
  }

  @Sendable func orderLabels(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      let buffer = try await request.body.collect(upTo: Self.largestOrder)
      let body = try CanonicalJSON(bytes: Array(buffer.readableBytesView), limit: Self.largestOrder)
      let orderer = try await orderer(request)
      var orders = try await core.labelOrders(in: body)
      // A command need not know what the station calls its desk.
      if body[path: "scanBack"] == .bool(true) { for index in orders.indices { orders[index].desk = core.desk.name } }
      switch try await core.order(orders, by: orderer) {
      case .success(let ordered): return ordered
      case .failure(let refusal): throw Problem(label: refusal)
      }
    }
  }

  @Sendable func labelBatch(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer { try await core.labelBatch(try UUIDPath.id("id", in: context)) }
  }

  /// What somebody who has looked says of a label: `there`, `again` or `gone`.
  @Sendable func answerLabel(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      let id: LabelJobID = try UUIDPath.id("id", in: context)
      let orderer = try await orderer(request)
      if orderer.actor == nil, let asset = try await core.labelJob(id).asset {
        throw Problem(
          .unprocessableContent, "custody.actor.missing", "Nobody signed in",
          detail: "It is the label of the asset \(asset), and only a person can say what became of it.",
          remedy: "Say who you are: --operator BADGE; or answer at the desk.")
      }
      switch context.parameters.get("answer") {
      case "there": return try await core.confirmLabel(id, by: orderer)
      case "again": return try await core.printAgain(id, reason: request.text("reason"), by: orderer)
      case "gone": return try await core.cancelLabel(id, by: orderer)
      default: throw Problem.nothingHere
      }
    }
  }

  @Sendable func labelsOfBatch(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      let id: LabelBatchID = try UUIDPath.id("id", in: context)
      return Array(try await core.labelJobs(batch: id, limit: StationCore.longestBatch).reversed())
    }
  }

  /// Signs in who acts by a command: `{badge, pin}`. What they ask for afterwards with the token is theirs in custody.
  @Sendable func signIn(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer {
      let body = try await request.json()
      guard let badge = body[path: "badge"]?.text, let pin = body[path: "pin"]?.text else {
        throw Problem.malformed("badge and pin are needed, both as text.", pointer: "/badge")
      }
      let signedIn = try await core.signIn(badge: badge, pin: pin)
      return ["token": signedIn.token, "name": signedIn.person.name]
    }
  }

  @Sendable func signOut(_ request: Request, _ context: StationContext) async throws -> Response {
    if let token = SignInMiddleware.token(of: request) { core.signOut(token) }
    return try .json(["signedOut": true])
  }

  /// Whose request it is: the one's who shows a token, else the owner of the folder, who is no person of the catalogue.
  private func orderer(_ request: Request) async throws -> LabelOrderer {
    guard let token = SignInMiddleware.token(of: request) else { return .folderOwner }
    guard let signedIn = try await core.signedIn(token) else {
      throw Problem(
        .unauthorized, "access.notSignedIn", "Not signed in", detail: "The sign-in has ended, or never was.",
        remedy: "Sign in anew: name the operator, or take a new token from POST /api/v1/sign-in.")
    }
    return LabelOrderer(signedIn)
  }

  func answer(_ body: () async throws -> some Encodable) async -> Response {
    do {
      return try .json(try await body())
    } catch {
      let problem = Problem(error)
      if problem.status == .internalServerError {
        core.logger.error("a command could not be carried out", metadata: ["error": "\(error)"])
      }
      do {
        return try .json(["code": problem.code, "detail": problem.detail, "remedy": problem.remedy])
      } catch {
        return Response(status: .internalServerError)
      }
    }
  }
}
