/// What the reader answers.
extension UHFReaderSession {
  mutating func take(_ answer: ReaderAnswer, at now: Duration) -> [Action] {
    switch answer {
    case .tags(let tags, let isLast):
      var actions = [Action.tags(tags)] + well(at: now)
      if step == .inventory, !Reader.readsContinuously {
        if isLast { actions += next(at: now) ?? rest(at: now) } else { due = now + configuration.answerTimeout }
      } else if isListening {
        listen(at: now)
      }
      return actions
    case .keepAlive:
      if isListening { listen(at: now) }
      return well(at: now)
    case .unreadable(let reason) where step == .listening || step == .inventory:
      return fault("the reader's answer makes no sense: \(reason)", at: now)
    default: break
    }
    switch step {
    case .identify:
      guard case .identity(let identity) = answer else { return [] }
      return [.identified(identity)] + proceed(at: now)
    case .setting(let name):
      var actions: [Action] = []
      if case .refused(let refusal) = answer { actions.append(.fault("the \(name) is not set: \(refusal)")) }
      return actions + proceed(at: now)
    case .inventory: return inventory(answer, at: now)
    case .listening:
      listen(at: now)
      if case .refused(let refusal) = answer, !refusal.isTransient { return fault("\(refusal)", at: now) }
      return []
    case .stop:
      // A last sign of the round that is being stopped is not the answer.
      if case .noTag = answer { return [] }
      return next(at: now) ?? proceed(at: now)
    case .memory:
      if case .identity = answer { return [] }
      if outbox.count > 1, case .done = answer { return next(at: now) ?? [] }
      return memory(answer, at: now)
    case .pausing, .recovering: return []
    }
  }

  mutating func inventory(_ answer: ReaderAnswer, at now: Duration) -> [Action] {
    var actions: [Action] = []
    if case .refused(let refusal) = answer, !refusal.isTransient { actions += fault("\(refusal)", at: now) }
    if case .noTag = answer { actions += well(at: now) }
    if let more = next(at: now) { return actions + more }
    guard Reader.readsContinuously else { return actions + rest(at: now) }
    // What was asked for while the inventory was being started.
    guard jobs.isEmpty else { return actions + ask(.stop, .stopInventory, at: now) }
    listen(at: now)
    return actions
  }

  /// Whether tags say that the inventory runs; while it is still being started, they may be of one that ran before.
  var isListening: Bool { step == .listening || step == .inventory && outbox.count <= 1 }

  /// A fault of every round is told every ten seconds.
  mutating func fault(_ text: String, at now: Duration) -> [Action] {
    if let lastFault, lastFault.text == text, now - lastFault.toldAt < .seconds(10) {
      self.lastFault?.at = now
      return []
    }
    lastFault = (text, now, now)
    return [.fault(text)]
  }

  /// The reader has answered well. A fault of one antenna comes in turn with the tags of the others: it is over when it has not come
  /// for two seconds.
  mutating func well(at now: Duration) -> [Action] {
    guard let lastFault, now - lastFault.at >= .seconds(2) else { return [] }
    self.lastFault = nil
    return [.well]
  }

  mutating func memory(_ answer: ReaderAnswer, at now: Duration) -> [Action] {
    let isTransient: Bool =
      switch answer {
      case .noTag: true
      case .refused(let refusal): refusal.isTransient
      default: false
      }
    if isTransient, repeats < configuration.retries, let steps {
      repeats += 1
      return perform(steps.job, steps.last, at: now)
    }
    guard let next = steps?.take(answer) else { return proceed(at: now) }
    repeats = 0
    return follow(next, at: now)
  }
}
