import Custody
import LabelDesign
import LabelPrinting
import StationStore
import Testing

@testable import Station

@Suite("Labels: printed once", .timeLimit(.minutes(25)))
struct PrintServiceTests {
  @Test("a label is printed, confirmed by the printer, recorded in custody, and awaited at its desk; the order is kept")
  func prints() async throws {
    try await PrintingUnderTest.run { test in
      let ids = [
        try await test.api.register("DK-00001"), try await test.api.register("DK-00002"),
        try await test.api.register("DK-00003"),
      ]
      var jobs: [LabelJobID] = []
      for id in ids { jobs.append(try await test.order(id) { $0.desk = test.api.core.desk.name }) }
      #expect(try await test.refused(ids[0]) == "label.waiting")
      try await test.printing {
        for job in jobs {
          let printed = try await test.until(job, is: .printed)
          #expect(printed.confirmation == .printer)
          #expect(printed.attempts == 1)
        }
      }
      let kept = try await test.api.core.store.read { [jobs] store in try jobs.map { try store.payload(of: $0) } }
      // The printer leaves out the white space between two formats.
      #expect(test.printer.printed.map(Self.trimmed) == kept.map { Self.trimmed($0 ?? []) })
      let events = try await test.labelEvents(ids[0])
      #expect(events.count == 1)
      #expect(events.first?.mark == BoundIdentifier(.tag, "DK-00001"))
      #expect(events.first?.outcome == .printed)
      #expect(try await test.asset(ids[0]).label?.isProven == false)
      let desk = test.api.core.desk.name
      #expect(try await test.api.core.store.read { try $0.awaitedLabels(at: desk) }.count == 3)
      // A label that is there already is not printed again without a reason.
      #expect(try await test.refused(ids[0]) == "label.printed")
      #expect(try await test.refused(ids[0]) { $0.purpose = .reprint } == "custody.label.reasonMissing")
      #expect(try await test.refused(ids[0]) { ($0.purpose, $0.reason) = (.reprint, "torn") } == nil)
    }
  }

  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    Array(bytes.drop { $0 == 10 }.reversed().drop { $0 == 10 }.reversed())
  }

  @Test("a printer that is out of labels is sent nothing, says so, and prints when it has some")
  func outOfMedia() async throws {
    try await PrintingUnderTest.run { test in
      let id = try await test.api.register("DK-00001")
      test.printer.change { $0.conditions = [.mediaOut] }
      let job = try await test.order(id)
      try await test.printing {
        let words = try await eventually("the job says why it waits") { try await test.api.core.labelJob(job).words }
        #expect(words == "the labels have run out")
        let state = try await test.api.core.printerState("desk")
        #expect(state.state == .blocked)
        #expect(state.remedy == "Load labels, and press Feed once.")
        #expect(test.printer.printed.isEmpty && test.printer.waiting.isEmpty)
        test.printer.change { $0.conditions = [] }
        _ = try await test.api.core.resumePrinter("desk", by: LabelOrderer(test.api.kim))
        _ = try await test.until(job, is: .printed)
      }
      #expect(test.printer.printed.count == 1)
    }
  }

  @Test("a printer that says nothing is never taken for one that is well; one that is off keeps its labels waiting")
  func silentAndOff() async throws {
    try await PrintingUnderTest.run { test in
      let id = try await test.api.register("DK-00001")
      test.printer.change { $0.isSilent = true }
      let job = try await test.order(id)
      try await test.printing(withLittlePatience: true) {
        let words = try await eventually("the job says why it waits") { try await test.api.core.labelJob(job).words }
        #expect(words == "the printer does not answer")
        #expect(test.printer.printed.isEmpty)
      }
      try await test.printer.stop()
      try await test.printing(withLittlePatience: true) {
        _ = try await eventually("the job says that the printer is off") {
          try await test.api.core.labelJob(job).words?.contains("cannot be reached") == true ? true : nil
        }
        let waiting = try await test.api.core.labelJob(job)
        #expect(waiting.state == .queued && waiting.bytesSent == 0)
      }
      #expect(try await test.labelEvents(id).isEmpty)
    }
  }

  @Test("a connection that breaks in the label asks, lets nothing pass, and prints again only when somebody says so")
  func brokenInTheMiddle() async throws {
    try await PrintingUnderTest.run { test in
      let (one, two) = (try await test.api.register("DK-00001"), try await test.api.register("DK-00002"))
      test.printer.fault = .reset(after: 200)
      let (first, second) = (try await test.order(one), try await test.order(two))
      try await test.printing {
        _ = try await test.until(first, is: .unknown)
        test.printer.fault = nil
        #expect(try await test.api.core.printerState("desk").state == .asks)
        #expect(try await test.labelEvents(one).map(\.outcome) == [.unknown])
        #expect(try await test.api.core.labelJob(second).state == .queued)
        #expect(try await test.refused(one) == "label.asks")
        let again = try await test.api.post(
          "/api/v1/labels/\(first)/again", ["reason": "nothing came out"], as: test.api.kim)
        #expect(again.status == .ok, "\(again)")
        _ = try await test.until(second, is: .printed)
        #expect(try await test.api.core.labelJob(first).state == .printed)
      }
      #expect(test.printer.printed.count == 2)
      let events = try await test.labelEvents(one)
      #expect(events.map(\.outcome) == [.unknown, .printed])
      #expect(events.last?.purpose == .reprint)
      #expect(events.last?.reason == "nothing came out")
    }
  }

  @Test("one that somebody finds on the printer is confirmed, and then awaited at its desk")
  func confirmed() async throws {
    try await PrintingUnderTest.run { test in
      let id = try await test.api.register("DK-00001")
      test.printer.fault = .reset(after: 200)
      let desk = test.api.core.desk.name
      let job = try await test.order(id) { $0.desk = desk }
      try await test.printing { _ = try await test.until(job, is: .unknown) }
      #expect(try await test.api.core.store.read { try $0.awaitedLabels(at: desk) }.isEmpty)
      let answer = try await test.api.post("/api/v1/labels/\(job)/confirm", as: test.api.kim)
      #expect(try answer.text("state") == "printed")
      #expect(try answer.text("confirmation") == "person")
      #expect(try await test.api.core.store.read { try $0.awaitedLabels(at: desk) }.count == 1)
      try await test.api.post("/api/v1/labels/\(job)/confirm", as: test.api.kim).expectProblem(
        .conflict, "label.state")
    }
  }

  @Test("what was being sent when the station was killed asks, stands so in custody, and is not sent again by itself")
  func killed() async throws {
    try await PrintingUnderTest.run { test in
      let id = try await test.api.register("DK-00001")
      let job = try await test.order(id)
      // As `kill -9` leaves it: begun, and nothing after.
      #expect(try await test.api.core.store.write { try $0.beginSending(job) })
      try await test.printing {
        let lost = try await test.until(job, is: .unknown)
        #expect(lost.words == "The station stopped while it was being sent.")
      }
      #expect(test.printer.printed.isEmpty)
      #expect(try await test.labelEvents(id).map(\.outcome) == [.unknown])
    }
  }

  @Test("two stations on one printer take turns: every label comes out, once")
  func twoStations() async throws {
    try await PrintingUnderTest.run { one in
      try await APIUnderTest.run { api in
        let two = PrintingUnderTest(api: api, printer: one.printer, port: one.port)
        try await two.setUp("the-same")
        let (first, second) = (try await one.batch(12), try await two.batch(12))
        try await one.printing {
          try await two.printing {
            for job in first.jobs { _ = try await one.until(job, is: .printed) }
            for job in second.jobs { _ = try await two.until(job, is: .printed) }
          }
        }
        #expect(one.printer.printed.count == 24)
      }
    }
  }

  @Test("200 labels with a pause in the middle come out in their order, each once")
  func batch() async throws {
    try await PrintingUnderTest.run { test in
      let ordered = try await test.batch(200)
      #expect(ordered.jobs.count == 200)
      try await test.printing {
        let path = "/api/v1/label-batches/\(ordered.batch)"
        _ = try await eventually("some are printed") { test.printer.printed.count > 20 ? true : nil }
        let held = try await test.api.post(path + "/pause", as: test.api.kim)
        #expect(held.status == .ok)
        // Another label passes, while the batch waits.
        let other = try await test.order(try await test.api.register("DK-00001"))
        _ = try await test.until(other, is: .printed)
        let count = test.printer.printed.count
        #expect(count < 201)
        #expect(try await test.api.get(path)["held"] == .integer(Int64(201 - count)))
        #expect(try await test.api.get(path)["secondsLeft"] == nil)
        try await test.api.post(path + "/resume", as: test.api.kim)
        _ = try await eventually("all are printed", within: .seconds(600)) {
          try await test.api.get(path)["printed"] == .integer(200) ? true : nil
        }
        #expect(try await test.api.get(path)["secondsLeft"] == .integer(0))
      }
      let payloads = try await test.api.core.store.read { store in
        try ordered.jobs.map { Self.trimmed(try store.payload(of: $0) ?? []) }
      }
      let printed = test.printer.printed.map(Self.trimmed)
      #expect(printed.count == 201)
      #expect(printed.filter(Set(payloads).contains) == payloads)
    }
  }

  @Test("a label under way at shutdown is finished")
  func finishes() async throws {
    try await PrintingUnderTest.run { test in
      test.printer.change { $0.conditions = [] }
      let ordered = try await test.batch(5)
      try await test.printing { _ = try await test.until(ordered.jobs[0], is: .printed) }
      let states = try await test.api.core.labelJobs(batch: ordered.batch).map(\.state)
      #expect(!states.contains(.sending) && !states.contains(.unknown))
      #expect(states.filter { $0 == .printed }.count == test.printer.printed.count)
    }
  }

  @Test("what became of one sending is recorded once, however often it is kept")
  func keptOnce() async throws {
    try await PrintingUnderTest.run { test in
      let ids = [try await test.api.register("DK-00001"), try await test.api.register("DK-00002")]
      let outcomes = [
        PrintOutcome.printed(isConfirmed: true, tag: nil),
        .unknown(bytesSent: 7, PrinterStatus(conditions: [.noAnswer])),
      ]
      for (id, outcome) in zip(ids, outcomes) {
        let job = try await test.order(id)
        try await test.api.core.store.write { transaction in
          _ = try transaction.beginSending(job)
          let begun = try transaction.job(job)
          for _ in 0..<3 { #expect(try PrintService.keep(outcome, of: begun, in: transaction) == nil) }
        }
        #expect(try await test.labelEvents(id).count == 1)
      }
    }
  }
}
