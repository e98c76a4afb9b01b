/// What the reader sends.
extension LLRPSession {
  mutating func take(_ message: LLRPMessage, at now: Duration) -> [Action] {
    version = message.version
    do throws(LLRPFault) {
      switch message.type {
      case 61: return try report(message, at: now)
      case 62: return [.send(stamped(.keepAliveAck(id: message.id)))]
      default: break
      }
      guard let content = try message.content() else { return [] }
      if message.type == 63 {
        toldTime = LLRPReaderEvent.time(content) ?? toldTime
        return LLRPReaderEvent.events(content).flatMap { take($0, at: now) }
      }
      if message.type == 100 {
        let status = LLRPStatus(content)?.description ?? "an error without a reason"
        if case .asking(let request, let id) = state, id == message.id {
          return refused(request, status, at: now)
        }
        return [.fault(.reported(status))]
      }
      guard case .asking(let request, let id) = state, id == message.id, message.type == request.answer else {
        return []
      }
      if let status = LLRPStatus(content), !status.isSuccess { return refused(request, "\(status)", at: now) }
      return try answered(request, content, at: now)
    } catch {
      let trouble = LLRPTrouble.senseless(message.name, reason: "\(error)")
      guard case .asking(let request, let id) = state, id == message.id, message.type == request.answer else {
        return [.fault(trouble)]
      }
      // A reader that describes itself badly may read well; any other answer is needed.
      return request == .capabilities ? [.fault(trouble)] + proceed(at: now) : end("\(trouble)")
    }
  }

  mutating func take(_ event: LLRPReaderEvent, at now: Duration) -> [Action] {
    switch event {
    case .connection(let refusal?): return end(refusal)
    case .connection:
      guard state == .connecting else { return [] }
      queue = [.capabilities, .configuration, .deleteAccessSpecs, .deleteROSpecs, .addROSpec, .enableROSpec]
      return proceed(at: now)
    case .closing: return end("the reader closes the connection")
    default: return [.event(event)]
    }
  }

  mutating func report(_ message: LLRPMessage, at now: Duration) throws(LLRPFault) -> [Action] {
    let found = try reports.read(message)
    var actions: [Action] = found.isEmpty ? [] : [.tags(found)]
    guard state == .waitingForTag else { return actions }
    for report in found where report.accessSpecID == accessSpecID {
      guard let result = report.results.first else { continue }
      answer =
        if result.result != 0 {
          .refused(
            ReaderRefusal(code: UInt16(result.result), meaning: result.meaning, isTransient: result.result <= 2))
        } else if let bytes = result.bytes {
          .memory(bytes)
        } else {
          .done
        }
      actions += ask(.deleteAccessSpec, at: now)
      break
    }
    return actions
  }

  mutating func answered(
    _ request: Request, _ content: LLRPElement, at now: Duration
  ) throws(LLRPFault) -> [Action] {
    switch request {
    case .capabilities:
      let capabilities = try LLRPCapabilities(content)
      power = configuration.power.flatMap { capabilities.transmitPower(atMost: $0)?.index }
      return [.capabilities(capabilities)] + inventory.fit(to: capabilities).map(Action.fault) + proceed(at: now)
    case .enableROSpec:
      let release = Action.send(stamped(.enableEventsAndReports(id: nextID())))
      return [release, .running] + proceed(at: now)
    case .addAccessSpec: return ask(.enableAccessSpec, at: now)
    case .enableAccessSpec:
      state = .waitingForTag
      due = now + configuration.tagTimeout
      return []
    case .deleteAccessSpec: return operationEnded(at: now)
    default: return proceed(at: now)
    }
  }

  mutating func refused(_ request: Request, _ reason: String, at now: Duration) -> [Action] {
    switch request {
    case .addROSpec, .enableROSpec:
      // Without an inventory there is nothing to wait for.
      return [.fault(.inventoryRefused(reason))] + end("the reader refuses the inventory")
    case .addAccessSpec:
      answer = .refused(ReaderRefusal(code: 0, meaning: reason, isTransient: false))
      return operationEnded(at: now)
    case .enableAccessSpec:
      answer = .refused(ReaderRefusal(code: 0, meaning: reason, isTransient: false))
      return ask(.deleteAccessSpec, at: now)
    case .deleteAccessSpec: return operationEnded(at: now)
    // A reader without any spec may refuse to delete all of them.
    case .deleteAccessSpecs, .deleteROSpecs: return proceed(at: now)
    default: return [.fault(.requestRefused(request.name, reason: reason))] + proceed(at: now)
    }
  }
}
