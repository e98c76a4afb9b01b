import Custody
import Foundation
import Hummingbird
import ScannerProtocols
import StationStore

extension DeskPages {
  func addDevices(to router: Router<StationContext>) {
    router.get("/devices", use: devices)
    router.post("/devices/{id}/setting", use: setDevice)
    router.post("/devices/{id}/tests", use: testDevice)
    router.get("/static/devices.js") { _, _ in try Self.file(.devicesScript, "text/javascript; charset=utf-8") }
  }

  @Sendable func devices(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try await devicesPage(context)
  }

  @Sendable func setDevice(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id = API.device(in: context)
    let form = try await request.form()
    do {
      try await core.setDevice(id, form["act"] == "forget" ? nil : DeviceSetting(form: form), by: signedIn)
    } catch let problem as Problem where problem.status == .unprocessableContent {
      return try await devicesPage(context, faulty: (id, form, problem))
    }
    return .redirect(to: "/devices#\(DeviceView.anchor(id))", type: .normal)
  }

  @Sendable func testDevice(_ request: Request, _ context: StationContext) async throws -> Response {
    let signedIn = try context.requireSignedIn()
    let id = API.device(in: context)
    let expected = try await request.form()["expected"].flatMap { $0.isEmpty ? nil : $0 }
    _ = try core.testDevice(id, expecting: expected, by: signedIn)
    return .redirect(to: "/devices#\(DeviceView.anchor(id))", type: .normal)
  }

  /// The page; with a form that could not be taken as it was sent.
  private func devicesPage(
    _ context: StationContext, faulty: (id: String, form: [String: String], problem: Problem)? = nil
  ) async throws -> Response {
    let maySet = context.signedIn?.maySetDevices ?? false
    let devices = core.devices.all()
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      var shell = try presenter.shell(title: "Devices", page: "list")
      if case .unavailable(let reason)? = core.devices.scanners?.status {
        shell.notices.append(
          NoticeView(kind: .plain, icon: "usb", words: "USB is not available: \(reason)", remedy: nil))
      }
      return DeviceListView(
        shell: shell,
        cameras: try core.cameras.map { camera in
          try CameraView(camera, last: snapshot.lastReading(device: camera.device), moments: presenter.moments)
        },
        readers: core.readers.map { NetworkReaderView($0) },
        devices: try devices.map { device in
          var view = try DeviceView(
            device, last: snapshot.lastReading(device: device.id), profiles: core.devices.profiles,
            moments: presenter.moments)
          if maySet {
            let kept = core.devices.setting(of: device.id)
            let name = try kept.flatMap { try snapshot.person($0.person)?.name }
            let by = kept.map { "Set by \(name ?? "somebody") \(presenter.moments.dated($0.at))" }
            let wrong = faulty.flatMap { $0.id == device.id ? ($0.form, $0.problem) : nil }
            view.form = DeviceForm(device, kept: kept, by: by, profiles: core.devices.profiles, faulty: wrong)
          }
          return view
        })
    }
    return try renderer.page("devices", view, status: faulty?.problem.status ?? .ok)
  }
}

extension DeviceSetting {
  /// A setting as the page's form sends it: an empty field is as the profile says.
  init(form: [String: String]) {
    func given(_ name: String) -> String? { form[name].flatMap { $0.isEmpty ? nil : $0 } }
    self.init(
      profile: given("profile"), layout: given("layout"), prefix: given("prefix"),
      suffixes: given("suffixes").map { $0 == "none" ? [] : $0.split(separator: ",").map(String.init) },
      groupSeparator: given("groupSeparator").map { $0 == "none" ? "" : $0 },
      capsLock: given("capsLock").map { $0 == "on" },
      purpose: form["purpose"].flatMap(Purpose.init(rawValue:)) ?? .assets)
  }
}
