import Custody
import CustodyLedger
import Foundation
import LabelDesign
import LabelPrinting
import ServiceLifecycle
import StationStore
import Testing

@testable import Station

/// A station with an emulated printer on a port of this machine, and the service that prints.
struct PrintingUnderTest: Sendable {
  let api: APIUnderTest
  let printer: EmulatedPrinter
  let port: Int
  static let template = "asset-tag-50x25-code128"

  /// As long as the busiest machine may take; short only where a test is about a printer that says nothing.
  private static func patience(short: Bool) -> PrintPatience {
    var patience = PrintPatience()
    for wait in [\PrintPatience.connection, \.answer, \.stall, \.hold, \.silence] {
      patience[keyPath: wait] = short ? .seconds(2) : .seconds(600)
    }
    patience.poll = .milliseconds(10)
    return patience
  }

  static func run(
    options: StationOptions = StationOptions(usb: false),
    _ body: @escaping @Sendable (PrintingUnderTest) async throws -> Void
  ) async throws {
    try await APIUnderTest.run(options: options) { api in
      let printer = EmulatedPrinter(PrinterEmulation(.zpl))
      let port = try await printer.start()
      let test = PrintingUnderTest(api: api, printer: printer, port: port)
      try await test.setUp("desk")
      try await body(test)
      try await printer.stop()
    }
  }

  func setUp(_ name: String, labels: [String] = ["50x25+3"], port: Int? = nil) async throws {
    let setting = PrinterSetting(
      address: "tcp://127.0.0.1:\(port ?? self.port)", profile: "zpl-generic-203", labels: labels)
    _ = try await api.core.setPrinter(name, setting, by: LabelOrderer(api.kim))
  }

  /// Prints while `body` runs, then stops as the program does.
  ///
  /// - Parameter answer: how long an answer of the printer is waited for, where that is not as long as it may take.
  func printing(
    withLittlePatience: Bool = false, answersWithin answer: Duration? = nil, _ body: () async throws -> Void
  ) async throws {
    var patience = Self.patience(short: withLittlePatience)
    if let answer { patience.answer = answer }
    let service = PrintService(core: api.core, patience: patience)
    let group = ServiceGroup(services: [service], logger: api.core.logger)
    let running = Task { try await group.run() }
    do {
      try await body()
    } catch {
      await group.triggerGracefulShutdown()
      try await running.value
      throw error
    }
    await group.triggerGracefulShutdown()
    try await running.value
  }

  /// Orders the label of an asset.
  @discardableResult
  func order(_ id: String, _ change: (inout LabelOrder) -> Void = { _ in }) async throws -> LabelJobID {
    var order = LabelOrder(Self.template, .asset(try #require(AssetID(id))))
    change(&order)
    let ordered = try await api.core.order([order], by: LabelOrderer(api.kim)).get()
    return try #require(ordered.jobs.first)
  }

  /// What is refused, by its code.
  func refused(_ id: String, _ change: (inout LabelOrder) -> Void = { _ in }) async throws -> String? {
    do {
      try await order(id, change)
      return nil
    } catch let refusal as Refusal {
      return refusal.code
    }
  }

  /// Labels of numbers, not of assets.
  func batch(_ count: Int) async throws -> LabelOrdered {
    let orders = (1...count).map { number in
      LabelOrder(Self.template, .values(LabelValues(["tag": "XX-\(10_000 + number)"])))
    }
    return try await api.core.order(orders, by: LabelOrderer(api.kim)).get()
  }

  /// Waits until a job is in a state.
  func until(_ id: LabelJobID, is state: LabelJob.State) async throws -> LabelJobResource {
    try await eventually("a label is \(state), not \(try await api.core.labelJob(id))") {
      let job = try await api.core.labelJob(id)
      return job.state == state ? job : nil
    }
  }

  func asset(_ id: String) async throws -> Asset {
    let id = try #require(AssetID(id))
    return try #require(try await api.core.store.read { try $0.asset(id) })
  }

  /// How many `label` events stand in an asset's custody, with what came of each.
  func labelEvents(_ id: String) async throws -> [LabelDetails] {
    let id = try #require(AssetID(id))
    return try await api.core.store.read { try $0.entries(of: id) }.compactMap { row in
      if case .label(let details) = row.event.details { details } else { nil }
    }
  }
}

/// Asks until there is an answer: a printer's own thread does what is waited for.
func eventually<Answer>(
  _ what: @autoclosure () async throws -> String, within limit: Duration = .seconds(300),
  _ ask: () async throws -> Answer?
) async throws -> Answer {
  let end = ContinuousClock.now + limit
  while true {
    if let answer = try await ask() { return answer }
    if ContinuousClock.now > end { throw PrintingTestFault(description: "It did not happen: \(try await what()).") }
    try await Task.sleep(for: .milliseconds(10))
  }
}

struct PrintingTestFault: Error, CustomStringConvertible {
  let description: String
}
