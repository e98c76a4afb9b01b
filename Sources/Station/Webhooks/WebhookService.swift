import AsyncHTTPClient
import Custody
import CustodyLedger
import Foundation
import NIOCore
import ServiceLifecycle
import StationStore
import Webhooks

/// Tells receivers of custody events, each one's messages in the ledger's order. What was told is noted after the receiver has it:
/// one that stops in between is told again, and knows it by the id.
struct WebhookService: Service {
  let core: StationCore
  /// Looks for what is due this often, when nothing wakes it.
  static let interval = Duration.seconds(5)

  func run() async throws {
    await withGracefulShutdownHandler {
      while !Task.isShuttingDownGracefully, !Task.isCancelled {
        do {
          try await core.tellReceivers(over: Self.http)
        } catch {
          core.logger.error("receivers could not be told", metadata: ["error": "\(error)"])
        }
        await core.told.wait(atMost: Self.interval)
      }
    } onGracefulShutdown: {
      core.told.signal()
    }
  }

  /// Redirects are not followed: a receiver is who was named, and nobody else.
  static let http: HTTPClient = {
    var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(10)))
    configuration.redirectConfiguration = .disallow
    configuration.connectionPool.retryConnectionEstablishment = false
    // Events come in bursts; nobody is kept waiting for a connection that is not needed any more.
    configuration.connectionPool.idleTimeout = .seconds(5)
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()
}

extension Wake {
  /// Waits for a signal, or for so long.
  func wait(atMost limit: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      group.addTask {
        // A sleep that is cut short is the end.
        do { try await Task.sleep(for: limit) } catch {}
      }
      await group.next()
      group.cancelAll()
    }
  }
}

extension StationCore {
  /// How long a receiver may take for its answer.
  private static let answerLimit = TimeAmount.seconds(15)
  /// Messages that go to one receiver before the next one's turn.
  private static let mostAtOnce = 100

  /// Sends what is due to every receiver that is to be told now.
  func tellReceivers(over http: HTTPClient) async throws {
    let receivers = try await store.read { try $0.webhooks() }.filter(\.isActive)
    await withTaskGroup(of: Void.self) { group in
      for receiver in receivers {
        group.addTask {
          do {
            try await self.tell(receiver, over: http)
          } catch {
            self.logger.error(
              "a receiver could not be told", metadata: ["url": "\(receiver.host)", "error": "\(error)"])
          }
        }
      }
    }
  }

  private func tell(_ receiver: StoredWebhook, over http: HTTPClient) async throws {
    var receiver = receiver
    var course = try receiver.whereItStands()
    for _ in 0..<Self.mostAtOnce {
      if let moment = course.notBefore, moment > clock.now() { return }
      guard let row = try await next(for: &receiver, course) else { return }
      let outcome = try await send(row, to: receiver, over: http)
      let step = course.note(outcome, at: clock.now())
      switch step {
      case .next: receiver.upTo = row.arrival
      case .again: break
      case .setAside: receiver.upTo = row.arrival
      case .stop: receiver.isActive = false
      }
      try receiver.stands(at: course)
      let (noted, arrival) = (receiver, row.arrival)
      try await store.write { transaction in
        guard try transaction.webhook(noted.id) != nil else { return }
        if case .setAside(let reason) = step { try transaction.setAside(arrival, for: noted.id, reason: reason) }
        try transaction.note(noted)
      }
      if step == .again || !receiver.isActive { return }
    }
  }

  /// The next entry that the receiver is told of; entries of other verbs are done with.
  private func next(for receiver: inout StoredWebhook, _ course: WebhookCourse) async throws -> EntryRow? {
    while true {
      let upTo = receiver.upTo
      let verbs = Set(receiver.verbs)
      let page = try await store.read { try $0.entries(after: upTo, limit: verbs.isEmpty ? 1 : 200) }
      guard let last = page.last else { return nil }
      if let row = page.first(where: { verbs.isEmpty || verbs.contains($0.event.verb.rawValue) }) { return row }
      receiver.upTo = last.arrival
      let noted = receiver
      try await store.write { try $0.note(noted) }
    }
  }

  /// Sends one event; what came of it.
  func send(
    _ row: EntryRow, to receiver: StoredWebhook, over http: HTTPClient
  ) async throws -> WebhookCourse.Outcome {
    let event = try CloudEvent(row.event, hash: row.hash)
    guard let secret = WebhookSecret(bytes: store.webhookSecret(of: receiver.id)) else {
      throw StoreFault.damaged(reason: "the secret of a receiver has not 32 bytes")
    }
    let signature = WebhookSignature(
      id: event.id, timestamp: clock.now().milliseconds / 1000, body: event.bytes, secret: secret)
    var request = HTTPClientRequest(url: receiver.url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: CloudEvent.mediaType)
    for header in signature.headers { request.headers.add(name: header.name, value: header.value) }
    request.body = .bytes(ByteBuffer(bytes: event.bytes))
    do {
      let response = try await http.execute(request, timeout: Self.answerLimit)
      // Read to its end, so that the connection can be used again; what is longer than any receiver has to say is cut off.
      var length = 0
      for try await part in response.body {
        length += part.readableBytes
        if length > 64 << 10 { break }
      }
      return .answered(Int(response.status.code))
    } catch let error as CancellationError {
      throw error
    } catch {
      return .unreachable("\(error)")
    }
  }
}

extension StoredWebhook {
  /// The host alone: the rest of an address may hold a password.
  var host: String { URLComponents(string: url)?.host ?? "?" }

  func whereItStands() throws -> WebhookCourse {
    course.isEmpty ? WebhookCourse() : try JSONDecoder().decode(WebhookCourse.self, from: Data(course.utf8))
  }

  mutating func stands(at new: WebhookCourse) throws {
    course = String(decoding: try JSONEncoder().encode(new), as: UTF8.self)
  }
}
