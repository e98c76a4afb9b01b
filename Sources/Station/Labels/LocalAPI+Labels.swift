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
    router.get("/local/label-batches/{id}", use: labelBatch)
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
      switch try await core.order(try LabelOrder.orders(in: body), by: .folderOwner) {
      case .success(let ordered): return ordered
      case .failure(let refusal): throw Problem(label: refusal)
      }
    }
  }

  @Sendable func labelBatch(_ request: Request, _ context: StationContext) async throws -> Response {
    await answer { try await core.labelBatch(try UUIDPath.id("id", in: context)) }
  }

  private func answer(_ body: () async throws -> some Encodable) async -> Response {
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
