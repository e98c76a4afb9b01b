/// What the reader is asked, one after the other.
extension LLRPSession {
  mutating func proceed(at now: Duration) -> [Action] {
    if !queue.isEmpty { return ask(queue.removeFirst(), at: now) }
    guard !jobs.isEmpty else {
      state = .idle
      due = nil
      return []
    }
    var steps = TagMemorySteps(jobs.removeFirst())
    let next = steps.begin()
    self.steps = steps
    return follow(next, at: now)
  }

  mutating func operationEnded(at now: Duration) -> [Action] {
    let answer = self.answer ?? .noTag
    self.answer = nil
    guard let next = steps?.take(answer) else { return proceed(at: now) }
    return follow(next, at: now)
  }

  mutating func follow(_ next: TagMemorySteps.Next, at now: Duration) -> [Action] {
    guard let job = steps?.job else { return proceed(at: now) }
    switch next {
    case .perform(let operation, let epc):
      accessSpecID += 1
      return ask(.addAccessSpec(operation, epc: epc, password: job.password), at: now)
    case .end(let outcome):
      steps = nil
      return [.finished(job, outcome)] + proceed(at: now)
    }
  }

  mutating func ask(_ request: Request, at now: Duration) -> [Action] {
    let id = nextID()
    do {
      let message = stamped(try message(request, id: id))
      state = .asking(request, id: id)
      due = now + configuration.answerTimeout
      return [.send(message)]
    } catch {
      guard let job = steps?.job else {
        return [.fault(.impossible("\(error)"))] + end("the reader cannot be set so: \(error)")
      }
      steps = nil
      let fault = (error as? TagMemoryFault) ?? .unsupported("\(error)")
      return [.finished(job, .impossible(fault))] + proceed(at: now)
    }
  }

  func message(_ request: Request, id: UInt32) throws -> LLRPMessage {
    switch request {
    case .capabilities: return try .getReaderCapabilities(id: id)
    case .configuration:
      let parts = configuration.keepAlive.components
      let milliseconds = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
      return try .setReaderConfig(id: id, keepAliveMilliseconds: UInt32(clamping: milliseconds))
    case .deleteAccessSpecs: return try .accessSpec(.delete, 0, id: id)
    case .deleteROSpecs: return try .roSpec(.delete, 0, id: id)
    case .addROSpec:
      var inventory = inventory
      inventory.transmitPower = inventory.transmitPower ?? power
      return try .addROSpec(try inventory.roSpec(), id: id)
    case .enableROSpec: return try .roSpec(.enable, configuration.inventory.roSpecID, id: id)
    case .addAccessSpec(let operation, let epc, let password):
      let access = try LLRPAccess(
        accessSpecID: accessSpecID, epc: epc, operations: [operation], password: password)
      return try .addAccessSpec(try access.accessSpec(), id: id)
    case .enableAccessSpec: return try .accessSpec(.enable, accessSpecID, id: id)
    case .deleteAccessSpec: return try .accessSpec(.delete, accessSpecID, id: id)
    }
  }

  mutating func end(_ reason: String) -> [Action] {
    vanish() + [.disconnect(reason)]
  }

  mutating func nextID() -> UInt32 {
    lastID &+= 1
    return lastID
  }

  /// In the version that the reader speaks.
  func stamped(_ message: LLRPMessage) -> LLRPMessage {
    var message = message
    message.version = version
    return message
  }
}

extension LLRPSession.Request {
  /// The type of the answer.
  var answer: UInt16 {
    switch self {
    case .capabilities: 11
    case .configuration: 13
    case .deleteAccessSpecs, .deleteAccessSpec: 51
    case .deleteROSpecs: 31
    case .addROSpec: 30
    case .enableROSpec: 34
    case .addAccessSpec: 50
    case .enableAccessSpec: 52
    }
  }

  /// The name of what is asked.
  var name: String { LLRPDefinition.message(answer - 10)?.name ?? "message \(answer - 10)" }
}
