import Custody
import Foundation
import Testing

@testable import StationStore

private func request(_ name: String) -> LabelRequest {
  LabelRequest(name: name, document: Array("{}".utf8), payload: Array("^XA\(name)^XZ".utf8))
}

extension StationStore {
  /// Sets a printer up and queues labels on it.
  @discardableResult
  fileprivate func queue(_ names: [String], on printer: String = "zebra") async throws -> [LabelJobID] {
    try await write { transaction in
      if try transaction.printer(printer) == nil { try transaction.setPrinter(printer, Array("{}".utf8), by: Desk.ann) }
      return try transaction.queueLabels(names.map(request), on: printer, by: Desk.ann).jobs
    }
  }

  fileprivate func next(_ printer: String = "zebra") async throws -> String? {
    try await read { try $0.nextLabelJob(of: printer)?.request.name }
  }

  fileprivate func state(_ id: LabelJobID) async throws -> LabelJob.State? {
    try await read { try $0.labelJob(id)?.state }
  }
}

@Suite struct LabelQueue {
  @Test func labelsGoOutInTheOrderInWhichTheyWereAskedFor() async throws {
    try await Desk.run { store in
      let jobs = try await store.queue(["a", "b"])
      try await store.queue(["x"], on: "brother")
      #expect(try await store.next() == "a")
      #expect(try await store.next("brother") == "x")
      let done1 = try await store.write { try $0.beginSending(jobs[0]) }
      #expect(done1)
      #expect(try await store.next() == nil, "one at a time")
      try await store.write { _ = try $0.printed(jobs[0], confirmedBy: .printer) }
      #expect(try await store.next() == "b")
      let job = try #require(try await store.read { try $0.labelJob(jobs[0]) })
      #expect(job.state == .printed && job.attempts == 1 && job.bytesSent == job.length && job.confirmation == .printer)
    }
  }

  @Test func whatWasNotSentKeepsItsPlace() async throws {
    try await Desk.run { store in
      let jobs = try await store.queue(["a", "b"])
      _ = try await store.write { try $0.beginSending(jobs[0]) }
      try await store.write { _ = try $0.notSent(jobs[0], words: "head open", remedy: "Close it.") }
      #expect(try await store.next() == "a")
      #expect(try await store.read { try $0.labelJob(jobs[0])?.words } == "head open")
    }
  }

  @Test func anUnknownOutcomeHoldsTheQueueUntilSomebodyHasLooked() async throws {
    try await Desk.run { store in
      let jobs = try await store.queue(["a", "b", "c"])
      for (job, isThere) in [(jobs[0], true), (jobs[1], false)] {
        _ = try await store.write { try $0.beginSending(job) }
        try await store.write { _ = try $0.becameUnknown(job, bytesSent: 3, words: "reset", remedy: nil) }
        #expect(try await store.next() == nil)
        if isThere {
          let done2 = try await store.write { try $0.labelIsThere(job) }
          #expect(done2)
          #expect(try await store.next() == "b")
        } else {
          let done3 = try await store.write { try $0.printAgain(job) }
          #expect(done3)
          #expect(try await store.next() == "b", "in its old place")
        }
      }
      let (there, again) = try await store.read { (try $0.labelJob(jobs[0]), try $0.labelJob(jobs[1])) }
      #expect(there?.state == .printed && there?.confirmation == .person)
      #expect(again?.words == "Printed again; it may exist twice.")
    }
  }

  @Test func aStationThatStoppedInTheMiddleAsksAndHasTheVeryBytes() async throws {
    let folder = try Desk.folder()
    var store = try Desk.open(folder.path)
    let jobs = try await store.queue(["a", "b"])
    _ = try await store.write { try $0.beginSending(jobs[0]) }
    try store.close()
    store = try Desk.open(folder.path)
    let done4 = try await store.write { try $0.recoverLabelJobs() }
    #expect(done4 == 1)
    #expect(try await store.state(jobs[0]) == .unknown)
    #expect(try await store.state(jobs[1]) == .queued)
    #expect(try await store.next() == nil)
    #expect(try await store.read { try $0.payload(of: jobs[0]) } == Array("^XAa^XZ".utf8))
    try store.close()
  }

  @Test func aPausedPrinterBeginsNothing() async throws {
    try await Desk.run { store in
      let jobs = try await store.queue(["a"])
      let done5 = try await store.write { try $0.pausePrinter("zebra", by: Desk.bob) }
      #expect(done5)
      #expect(try await store.read { try $0.printer("zebra")?.paused?.by } == Desk.bob)
      let done6 = try await store.write { try $0.beginSending(jobs[0]) }
      #expect(done6 == false)
      #expect(try await store.state(jobs[0]) == .queued)
      let done7 = try await store.write { try $0.resumePrinter("zebra") }
      #expect(done7)
      let done8 = try await store.write { try $0.beginSending(jobs[0]) }
      #expect(done8)
    }
  }

  @Test func whatWasCalledOffIsNotSent() async throws {
    try await Desk.run { store in
      let (batch, jobs) = try await store.write { transaction in
        try transaction.setPrinter("zebra", [], by: Desk.ann)
        return try transaction.queueLabels(["a", "b", "c"].map(request), on: "zebra", by: Desk.ann)
      }
      _ = try await store.write { try $0.beginSending(jobs[0]) }
      let done9 = try await store.write { try $0.cancelLabels(of: batch) }
      #expect(done9 == 2)
      let done10 = try await store.write { try $0.cancelLabel(jobs[0]) }
      #expect(done10 == false, "its bytes are on their way")
      let done11 = try await store.write { try $0.beginSending(jobs[1]) }
      #expect(done11 == false)
      #expect(try await store.read { try $0.labelJobCounts(batch: batch) } == [.sending: 1, .cancelled: 2])
    }
  }

  @Test func whatHasEndedStaysAsItEnded() async throws {
    try await Desk.run { store in
      let job = try await store.queue(["a"])[0]
      _ = try await store.write { try $0.beginSending(job) }
      _ = try await store.write { try $0.printed(job, confirmedBy: .printer) }
      let changed = try await store.write { transaction in
        [
          try transaction.beginSending(job), try transaction.notSent(job, words: "", remedy: nil),
          try transaction.becameUnknown(job, bytesSent: 0, words: "", remedy: nil), try transaction.labelIsThere(job),
          try transaction.printAgain(job), try transaction.cancelLabel(job),
        ]
      }
      #expect(changed == Array(repeating: false, count: 6))
      #expect(try await store.state(job) == .printed)
    }
  }

  @Test func aPrinterWithWorkIsNotForgotten() async throws {
    try await Desk.run { store in
      let job = try await store.queue(["a"])[0]
      let done12 = try await store.write { try $0.removePrinter("zebra") }
      #expect(done12 == false)
      _ = try await store.write { try $0.cancelLabel(job) }
      let done13 = try await store.write { try $0.removePrinter("zebra") }
      #expect(done13)
      #expect(try await store.read { try $0.printers() }.isEmpty)
    }
  }

  @Test func bytesOfWhatIsLongDoneAreForgottenAndTheRestStays() async throws {
    let clock = TestClock()
    try await Desk.run(clock: clock) { store in
      let jobs = try await store.queue(["a", "b"])
      _ = try await store.write { try $0.beginSending(jobs[0]) }
      _ = try await store.write { try $0.printed(jobs[0], confirmedBy: .nobody) }
      clock.advance(seconds: 60)
      let done14 = try await store.write { try $0.forgetPayloads(before: clock.now()) }
      #expect(done14 == 1)
      #expect(try await store.read { try $0.payload(of: jobs[0]) } == nil)
      #expect(try await store.read { try $0.payload(of: jobs[1]) } != nil)
      let page = try await store.read { try $0.labelJobs(printer: "zebra", limit: 1) }
      #expect(page.map(\.request.name) == ["b"])
      let older = try await store.read { try $0.labelJobs(printer: "zebra", before: page[0].position, limit: 5) }
      #expect(older.map(\.request.name) == ["a"])
    }
  }
}
