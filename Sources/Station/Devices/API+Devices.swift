import CustodyLedger
import Hummingbird
import ScannerProtocols

extension API {
  func addDevices(to v1: RouterGroup<StationContext>) {
    v1.get("/devices", use: devices)
    v1.get("/device-profiles", use: deviceProfiles)
    v1.put("/devices/{id}/setting", use: setDevice)
    v1.delete("/devices/{id}/setting", use: forgetDevice)
    v1.post("/devices/{id}/tests", use: testDevice)
  }

  @Sendable func devices(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .json(core.deviceList)
  }

  @Sendable func deviceProfiles(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Item: Encodable {
      let id: String
      let name: String
      let `protocol`: String
      let claim: String
      let usb: [String]
      let suffixes: [String]
    }
    let items = core.devices.profiles.map { profile in
      Item(
        id: profile.id, name: profile.name, protocol: profile.deviceProtocol.name, claim: profile.claim.rawValue,
        usb: profile.usb.map(\.description), suffixes: profile.suffixNames)
    }
    return try .page(Page(items: items, next: nil), for: request)
  }

  @Sendable func setDevice(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id = Self.device(in: context)
    try await core.setDevice(id, try Self.setting(from: try await request.json()), by: signedIn)
    return try .json(core.deviceList)
  }

  @Sendable func forgetDevice(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    try await core.setDevice(Self.device(in: context), nil, by: signedIn)
    return Response(status: .noContent)
  }

  @Sendable func testDevice(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let expected = try await request.json()[path: "expected"]?.text
    let test = try core.testDevice(Self.device(in: context), expecting: expected, by: signedIn)
    return try .json(test, status: .created)
  }

  /// The id in the path; a browser may have written `@` and `:` as `%40` and `%3A`.
  static func device(in context: StationContext) -> String {
    let text = context.parameters.get("id") ?? ""
    return text.removingPercentEncoding ?? text
  }

  /// A setting as clients write it. Throws the problem that names what cannot be taken.
  static func setting(from body: CanonicalJSON) throws -> DeviceSetting {
    func text(_ member: String) throws -> String? {
      guard let value = body[path: member], value != .null else { return nil }
      guard let text = value.text else { throw Problem.malformed("\(member) is no text.", pointer: "/\(member)") }
      return text
    }
    var setting = DeviceSetting(
      profile: try text("profile"), layout: try text("layout"), prefix: try text("prefix"),
      groupSeparator: try text("groupSeparator"))
    if let value = body[path: "capsLock"], value != .null {
      guard case .bool(let isOn) = value else {
        throw Problem.malformed("capsLock is neither true nor false.", pointer: "/capsLock")
      }
      setting.capsLock = isOn
    }
    if let value = body[path: "suffixes"], value != .null {
      guard case .array(let names) = value, names.allSatisfy({ $0.text != nil }) else {
        throw Problem.malformed("suffixes is a list of names.", pointer: "/suffixes")
      }
      setting.suffixes = names.compactMap(\.text)
    }
    if let word = try text("purpose") {
      guard let purpose = DeviceSetting.Purpose(rawValue: word) else {
        let known = DeviceSetting.Purpose.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem.malformed("purpose is one of \(known).", pointer: "/purpose")
      }
      setting.purpose = purpose
    }
    return setting
  }
}

/// The devices as machines are told of them.
struct DeviceListResource: Encodable {
  let status: String
  let items: [StationDevice]
  /// The readers on the network.
  let readers: [ReaderResource]
}

extension StationCore {
  var deviceList: DeviceListResource {
    DeviceListResource(
      status: devices.scanners?.status.description ?? "switched off", items: devices.all(),
      readers: readers.map(ReaderResource.init))
  }
}
