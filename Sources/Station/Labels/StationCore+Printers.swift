import Custody
import CustodyLedger
import LabelDesign
import LabelPrinting
import StationStore

extension StationCore {
  /// Every printer with how it stands, ordered by name.
  func printerStates() async throws -> [PrinterState] {
    try await store.read { snapshot in try snapshot.printers().map { try self.state(of: $0, in: snapshot) } }
  }

  /// One printer with how it stands. Throws the problem when there is none of that name.
  func printerState(_ name: String) async throws -> PrinterState {
    try await store.read { snapshot in
      guard let printer = try snapshot.printer(name) else { throw Problem.noPrinter(name) }
      return try self.state(of: printer, in: snapshot)
    }
  }

  /// Sets a printer up, or changes it. Throws the problem that names what cannot be taken.
  func setPrinter(
    _ name: String, _ setting: PrinterSetting, by orderer: LabelOrderer,
    keep: (@Sendable (PrinterState, StoreTransaction) throws -> Void)? = nil
  ) async throws -> PrinterState {
    try orderer.requireSettingPrinters()
    guard name.isNameOfDevice else {
      throw Problem.malformed("A printer's name has 1 to 32 letters, digits, - and _.", pointer: "/name")
    }
    let setting = try checked(setting)
    let document = try CanonicalEncoder().encode(setting)
    let profile = printers.profile(setting.profile)
    let state = try await store.write { transaction in
      if let before = try transaction.printer(name), try transaction.openLabelJobs(of: name) > 0 {
        let old = try CanonicalDecoder().decode(PrinterSetting.self, from: before.document)
        let known = self.printers.profile(old.profile)
        // What waits was made for its language and its dots.
        guard known?.language == profile?.language, known?.dotsPerInch == profile?.dotsPerInch else {
          throw Problem(
            .conflict, "printer.inUse", "Labels wait for it",
            detail: "Labels wait for \(name) that were made for \(known?.name ?? old.profile).",
            remedy: "Let them be printed, or cancel them; then set it up anew.")
        }
      }
      try transaction.setPrinter(name, document, by: orderer.person)
      guard let printer = try transaction.printer(name) else { throw Problem.noPrinter(name) }
      let state = try self.state(of: printer, in: transaction)
      try keep?(state, transaction)
      return state
    }
    logger.notice(
      "printer set",
      metadata: ["printer": "\(name)", "address": "\(setting.address)", "profile": "\(setting.profile)"])
    printers.forget(name)
    printers.changed.signal()
    printers.signal(name)
    // What found no printer may find one now.
    try await retryOwedLabels()
    try publishPrinter(name)
    return state
  }

  /// Forgets a printer. Throws the problem when there is none, or labels wait for it.
  func removePrinter(_ name: String, by orderer: LabelOrderer) async throws {
    try orderer.requireSettingPrinters()
    try await store.write { transaction in
      guard try transaction.printer(name) != nil else { throw Problem.noPrinter(name) }
      guard try transaction.removePrinter(name) else {
        let open = try transaction.openLabelJobs(of: name)
        throw Problem(
          .conflict, "printer.inUse", "Labels wait for it",
          detail: open == 1 ? "A label waits for \(name)." : "\(open) labels wait for \(name).",
          remedy: "Let them be printed, or cancel them; then remove it.")
      }
    }
    printers.forget(name)
    printers.signal(name)
    logger.notice("printer removed", metadata: ["printer": "\(name)"])
    try publishPrinter(name)
  }

  /// Pauses a printer: what is being sent is finished, and nothing more begins.
  func pausePrinter(_ name: String, by orderer: LabelOrderer) async throws -> PrinterState {
    try orderer.requirePrinting()
    let state = try await store.write { transaction in
      try transaction.pausePrinter(name, by: orderer.person)
      guard let printer = try transaction.printer(name) else { throw Problem.noPrinter(name) }
      return try self.state(of: printer, in: transaction)
    }
    try publishPrinter(name)
    return state
  }

  /// Lets a printer print again, or try again at once what it could not.
  func resumePrinter(_ name: String, by orderer: LabelOrderer) async throws -> PrinterState {
    try orderer.requirePrinting()
    let state = try await store.write { transaction in
      try transaction.resumePrinter(name)
      guard let printer = try transaction.printer(name) else { throw Problem.noPrinter(name) }
      return try self.state(of: printer, in: transaction)
    }
    printers.signal(name)
    try publishPrinter(name)
    return state
  }

  /// Has a test page printed, behind what waits.
  func testPrinter(
    _ name: String, by orderer: LabelOrderer,
    keep: (@Sendable (LabelOrdered, StoreTransaction) throws -> Void)? = nil
  ) async throws -> LabelOrdered {
    try orderer.requirePrinting()
    let ordered = try await store.write { transaction in
      guard let kept = try transaction.printer(name) else { throw Problem.noPrinter(name) }
      let printer = try self.labelPrinter(kept)
      let labels = printer.setting.labels.lazy.compactMap(LoadedLabels.init).first
      let data: PrintData
      do {
        let media = try LabelMedia(
          width: labels?.width ?? 50, height: labels?.height ?? 25, gap: labels?.gap ?? 2)
        data = try LabelPrinter(printer.address, profile: printer.profile).testPage(media)
      } catch let fault as PrinterLanguageFault {
        throw Problem(
          .unprocessableContent, fault.code, "No test page", detail: fault.description, remedy: fault.remedy)
      }
      let document = try CanonicalEncoder().encode(
        LabelJobDocument(template: "test page", fields: [:]), limit: .max)
      let (batch, jobs) = try transaction.queueLabels(
        [LabelRequest(name: "test page", document: document, payload: data.bytes)], on: name, by: orderer.person)
      let ordered = LabelOrdered(batch: batch, jobs: jobs)
      try keep?(ordered, transaction)
      return ordered
    }
    printers.signal(name)
    try publishPrinter(name)
    return ordered
  }

  /// A kept printer with its address and profile; throws what is broken.
  func labelPrinter(
    _ kept: KeptPrinter
  ) throws -> (setting: PrinterSetting, address: PrinterAddress, profile: PrinterProfile) {
    let setting = try CanonicalDecoder().decode(PrinterSetting.self, from: kept.document)
    guard let profile = printers.profile(setting.profile) else {
      throw Problem(
        .conflict, "printer.profile", "Profile missing",
        detail: "\(kept.name) is set up with the profile \(setting.profile), which does not exist any more.",
        remedy: "Set it up anew with one of \(printers.profiles.map(\.id).joined(separator: ", ")).")
    }
    return (setting, try PrinterAddress(setting.address), profile)
  }

  func publishPrinter(_ name: String) throws {
    live.publish("printers", try CanonicalEncoder().encode(["printer": name], limit: .max))
  }

  private func checked(_ setting: PrinterSetting) throws -> PrinterSetting {
    var setting = setting
    let address: PrinterAddress
    do {
      address = try PrinterAddress(setting.address)
      setting.address = address.description
    } catch {
      throw Problem.malformed(error.description, pointer: "/address")
    }
    if setting.profile.isEmpty {
      // What a USB printer or IPP tells by itself.
      let known: PrinterProfile? =
        switch address {
        case .usb(let numbers, _): printers.profiles.first { $0.usb.contains(numbers) }
        case .ipp: printers.profiles.first { $0.language == .document }
        case .tcp, .file: nil
        }
      setting.profile = known?.id ?? ""
    }
    guard printers.profile(setting.profile) != nil else {
      throw Problem.malformed(
        setting.profile.isEmpty
          ? "It is not said which kind of printer it is." : "There is no printer profile \(setting.profile).",
        pointer: "/profile",
        remedy: "Name one of \(printers.profiles.map(\.id).joined(separator: ", ")).")
    }
    guard setting.labels.count <= 20, let wrong = setting.labels.first(where: { LoadedLabels($0) == nil }) else {
      guard setting.labels.count <= 20 else {
        throw Problem.malformed("A printer has at most 20 sizes of labels.", pointer: "/labels")
      }
      return setting
    }
    throw Problem.malformed(
      "'\(wrong)' is no size of labels.", pointer: "/labels",
      remedy: "Write width by height in millimetres, such as 50x25, or with the gap between two, 50x25+3.")
  }

  private func state(of printer: KeptPrinter, in store: some StoreReading) throws -> PrinterState {
    let setting = try CanonicalDecoder().decode(PrinterSetting.self, from: printer.document)
    let profile = printers.profile(setting.profile)
    let counts = try store.labelJobCounts(printer: printer.name)
    let live = printers.live(printer.name)
    let unknown = counts[.unknown] ?? 0
    var asks: LabelJobID?
    if unknown > 0 {
      asks = try store.labelJobs(printer: printer.name, states: [.unknown], limit: unknown).last?.id
    }
    let (state, words, remedy) = Self.condition(
      of: printer, profile: profile, setting.profile, unknown: unknown, status: live.status,
      isSending: live.sending != nil)
    return PrinterState(
      name: printer.name, address: setting.address, profile: setting.profile,
      profileName: profile?.name ?? setting.profile, labels: setting.labels, dotsPerInch: profile?.dotsPerInch ?? 0,
      encodesTags: profile?.encodesTags ?? false, state: state, words: words, remedy: remedy, asked: live.asked,
      paused: printer.paused.map { PrinterState.Pause(at: $0.at, by: $0.by) }, queued: counts[.queued] ?? 0,
      unknown: unknown, sending: live.sending, asks: asks)
  }

  private static func condition(
    of printer: KeptPrinter, profile: PrinterProfile?, _ profileID: String, unknown: Int, status: PrinterStatus?,
    isSending: Bool
  ) -> (PrinterState.Condition, String, String?) {
    guard profile != nil else {
      return (
        .blocked, "its profile \(profileID) does not exist any more", "Set it up anew with another profile."
      )
    }
    if unknown > 0 {
      return (
        .asks,
        unknown == 1
          ? "nobody knows whether a label was printed" : "nobody knows whether \(unknown) labels were printed",
        "Look at the printer; then say that the label is there, or have it printed again."
      )
    }
    if printer.paused != nil { return (.paused, "paused", "Resume it when it may print.") }
    if isSending { return (.printing, status?.words ?? "printing", status?.remedy) }
    guard let status else { return (.unasked, "not asked yet", nil) }
    return (status.isReady ? .ready : .blocked, status.words, status.remedy)
  }
}

extension LabelOrderer {
  private static let setters: [Role] = [.technician, .manager, .admin]

  /// Whether the one may say which printers there are.
  func requireSettingPrinters() throws(Problem) {
    guard let actor, !Self.setters.contains(where: actor.roles.contains) else { return }
    throw Problem.forbidden("Setting up a printer", needs: Self.setters.map(\.rawValue).joined(separator: ", "))
  }

  /// Whether the one may have labels printed.
  func requirePrinting() throws(Problem) {
    if let refusal = actor.flatMap({ Verb.label.refusal(forRoles: $0.roles) }) { throw Problem(refusal) }
  }
}

extension Problem {
  static func noPrinter(_ name: String) -> Problem {
    .notFound("printer \(name)", remedy: "GET /api/v1/printers lists those that are set up.")
  }
}
