/// What the reader is told, one after the other.
extension UHFReaderSession {
  /// What comes next when nothing is under way.
  mutating func proceed(at now: Duration) -> [Action] {
    if !settings.isEmpty {
      let setting = settings.removeFirst()
      return ask(.setting(setting.name), setting.command, at: now)
    }
    if !jobs.isEmpty {
      var steps = TagMemorySteps(jobs.removeFirst())
      let next = steps.begin()
      self.steps = steps
      return follow(next, at: now)
    }
    guard configuration.takesInventory else {
      step = .pausing
      outbox = []
      due = nil
      return []
    }
    return ask(.inventory, Reader.readsContinuously ? .startInventory : .inventory, at: now)
  }

  mutating func follow(_ next: TagMemorySteps.Next, at now: Duration) -> [Action] {
    switch next {
    case .perform(let operation, let epc):
      guard let job = steps?.job else { return proceed(at: now) }
      steps?.last = (operation, epc)
      return perform(job, (operation, epc), at: now)
    case .end(let outcome): return endJob(outcome, at: now)
    }
  }

  mutating func perform(
    _ job: TagMemoryJob, _ operation: (TagMemoryOperation, epc: [UInt8]), at now: Duration
  ) -> [Action] {
    do throws(TagMemoryFault) {
      let command = ReaderCommand.memory(operation.0, epc: operation.epc, password: job.password)
      return send(.memory, try reader.bytes(for: command), at: now)
    } catch {
      return endJob(.impossible(error), at: now)
    }
  }

  mutating func endJob(_ outcome: TagMemoryOutcome, at now: Duration) -> [Action] {
    guard let job = steps?.job else { return proceed(at: now) }
    steps = nil
    repeats = 0
    return [.finished(job, outcome)] + proceed(at: now)
  }

  mutating func rest(at now: Duration) -> [Action] {
    guard jobs.isEmpty else { return proceed(at: now) }
    step = .pausing
    outbox = []
    due = now + configuration.pause
    return []
  }

  mutating func listen(at now: Duration) {
    step = .listening
    outbox = []
    due = now + configuration.answerTimeout
  }

  mutating func lose(at now: Duration) -> [Action] {
    step = .recovering
    outbox = []
    due = now + configuration.recovery
    return [.lost]
  }

  mutating func ask(_ step: Step, _ command: ReaderCommand, at now: Duration) -> [Action] {
    do throws(TagMemoryFault) {
      return send(step, try reader.bytes(for: command), at: now)
    } catch {
      // A setting that this reader does not have.
      return [.fault("\(error)")] + proceed(at: now)
    }
  }

  mutating func send(_ step: Step, _ frames: [[UInt8]], at now: Duration) -> [Action] {
    self.step = step
    outbox = frames
    tries = 0
    due = now + configuration.answerTimeout
    return outbox.first.map { [.send($0)] } ?? []
  }

  /// The next frame of the command under way; nil when all were answered.
  mutating func next(at now: Duration) -> [Action]? {
    guard outbox.count > 1 else { return nil }
    outbox.removeFirst()
    tries = 0
    due = now + configuration.answerTimeout
    return outbox.first.map { [.send($0)] }
  }
}
