import AssetIdentifiers
import Custody
import CustodyLedger
import ScannerProtocols
import StationStore

extension StationCore {
  // MARK: What operators set

  /// Sets how a device is read and what it is for; nil takes back what was set. Throws the problem when the device is not
  /// there, the setting does not fit, or the person may not.
  func setDevice(_ id: String, _ setting: DeviceSetting?, by signedIn: SignedIn) async throws {
    try signedIn.requireSettingDevices()
    let device = devices.all().first { $0.id == id }
    guard device != nil || devices.setting(of: id) != nil else {
      throw Problem.notFound("device \(id)", remedy: "Plug it in; GET /api/v1/devices lists what is there.")
    }
    let person = signedIn.person.id
    if let setting {
      do throws(DeviceSettingFault) {
        if let profile = try devices.profiles.applying(setting) { try device?.require(profile) }
      } catch {
        throw Problem.malformed(error.description, pointer: "/\(error.member)")
      }
      let document = try CanonicalEncoder().encode(setting)
      try await store.write { try $0.setDevice(id, document, by: person) }
    } else {
      try await store.write { _ = try $0.forgetDevice(id) }
    }
    devices.follow(setting, of: id, by: person, at: clock.now())
    logger.notice(
      "device set",
      metadata: [
        "device": "\(id)", "profile": "\(setting.map { $0.profile ?? "left alone" } ?? "as shipped")",
        "purpose": "\(setting?.purpose.rawValue ?? "assets")", "by": "\(person)",
      ])
    publishDevices()
  }

  /// Has the next scan of a device shown instead of acted on.
  func testDevice(_ id: String, expecting expected: String?, by signedIn: SignedIn) throws -> ScanTest {
    guard devices.all().contains(where: { $0.id == id }) else {
      throw Problem.notFound("device \(id)", remedy: "Plug it in; GET /api/v1/devices lists what is there.")
    }
    let until = clock.now().advanced(byMilliseconds: ScanTest.validMilliseconds)
    let test = ScanTest(until: until, expected: expected)
    devices.begin(test, of: id)
    publishDevices()
    return test
  }

  // MARK: What devices read

  /// A scan of a device: shown if a test waits for it, else acted on as the device's purpose says.
  func take(_ scanned: ScannedText, from device: String) async throws {
    var scan = Scan(
      raw: Array(scanned.text.utf8), source: .symbol, symbologyIdentifier: scanned.symbologyIdentifier, device: device)
    scan.reports = scanned.raw
    let purpose = devices.purpose(of: device)
    if purpose == .badges, !scan.holdsBadge {
      // Whatever a badge's own text is: what follows treats it as one, and keeps it from being shown.
      scan.raw = Array(("CUSTODY:BADGE:" + badgeToken(scanned.text)).utf8)
      scan.symbologyIdentifier = nil
    }
    if try await wasTest(scanned, scan, of: device) { return }
    if scanned.followsFault {
      // Its beginning may be missing: half a tag is another asset's tag.
      return try await refuseDoubtful(scan)
    }
    switch purpose {
    case .assets, .badges:
      if scan.holdsBadge, try await !hasOperator { return try await offerSignIn(scan) }
      if try await !handToPage(scan) { try await deskScan(scan) }
    case .counting: try await observe(scan)
    }
  }

  /// Whether a test has waited for the scan. It is kept as a reading, and nothing comes of it.
  private func wasTest(_ scanned: ScannedText, _ scan: Scan, of device: String) async throws -> Bool {
    guard devices.test(of: device) != nil else { return false }
    let now = clock.now()
    let profile = try devices.readAs(device)
    let isTest = devices.finishTest(of: device, at: now) { test in
      test.result(of: scanned, as: scan, profile: profile, at: now)
    }
    guard isTest else { return false }
    let reading = KeptReading(
      at: now, raw: scan.shownBytes, symbologyIdentifier: scan.symbologyIdentifier, device: device, session: nil,
      person: nil, outcome: .context, words: "Test scan")
    _ = try await store.write { try $0.keep(reading) }
    publishDevices()
    return true
  }

  /// A scan that moves nothing: what it means is looked up and kept.
  private func observe(_ scan: Scan) async throws {
    let scan = scan.splittingAIMPrefix()
    let kept = try await store.write { transaction -> KeptReading in
      var reading = KeptReading(
        at: transaction.now, raw: scan.shownBytes, symbologyIdentifier: scan.symbologyIdentifier, device: scan.device,
        session: nil, person: nil, outcome: .unknown, words: "Counted: unknown code")
      do {
        switch try scan.interpret() {
        case .command, .location, .order, .kit, .badge:
          reading.outcome = .refused
          reading.words = "Not counted: this device takes labels of assets only"
          reading.code = "device.countsOnly"
        case let identifier:
          guard case .asset(let id) = try transaction.resolve(identifier, scanned: scan.text) else { break }
          reading.outcome = .lookup
          reading.asset = id
          reading.words = "Counted"
        }
      } catch let error as IdentifierError {
        reading.outcome = .refused
        reading.words = "Not counted: unreadable"
        reading.code = error.code
      }
      if !scan.holdsBadge { reading.reports = scan.reports }
      reading.id = try transaction.keep(reading, marks: scan.marks)
      return reading
    }
    let notice = ScanNotice(
      id: String(kept.id), result: kept.outcome.rawValue, desk: nil, words: kept.words, tag: nil, device: scan.device)
    live.publish("scan", try CanonicalEncoder().encode(notice, limit: .max))
  }
}

extension SignedIn {
  /// Who says which devices the station reads.
  private static let setters: [Role] = [.technician, .manager, .admin]

  /// Whether the person may say which devices the station reads.
  var maySetDevices: Bool { Self.setters.contains(where: actor.roles.contains) }

  fileprivate func requireSettingDevices() throws(Problem) { try requireSettingUp("Setting up a device") }

  /// Throws the problem that says who may do what only those may who set the station up.
  func requireSettingUp(_ what: String) throws(Problem) {
    guard !maySetDevices else { return }
    throw Problem.forbidden(what, needs: Self.setters.map(\.rawValue).joined(separator: ", "))
  }
}
