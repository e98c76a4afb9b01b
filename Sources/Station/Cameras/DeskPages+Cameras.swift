import BarcodeVision
import Custody
import Hummingbird
import StationStore

extension DeskPages {
  func addCameras(to router: Router<StationContext>) {
    router.get("/cameras/{id}", use: cameraPage)
    router.get("/static/camera.js") { _, _ in try Self.file(.cameraScript, "text/javascript; charset=utf-8") }
  }

  @Sendable func cameraPage(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let camera = try core.camera(in: context)
    let view = try await core.store.read { snapshot in
      let presenter = presenter(snapshot, context)
      return CameraPageView(
        shell: try presenter.shell(title: "Camera \(camera.name)", page: "list"),
        camera: try CameraView(
          camera, last: snapshot.lastReading(device: camera.device), moments: presenter.moments))
    }
    return try renderer.page("camera", view)
  }
}

extension CameraView {
  init(_ camera: StationCamera, last: KeptReading?, moments: Moments) throws {
    let status = camera.camera.status
    let lamp =
      switch status.phase {
      case .off: LampView(state: .off, words: "Off")
      case .starting: LampView(state: .busy, words: "Starting")
      case .running: LampView(state: .good, words: "Running")
      case .failed: LampView(state: .bad, words: "No picture")
      case .ended: LampView(state: .off, words: "At its end")
      }
    self.init(
      id: camera.name, source: camera.camera.source.description, lamp: lamp,
      hasPicture: camera.camera.newest != nil)
    if let width = status.width, let height = status.height {
      rate = "\(width) × \(height), \(Int(status.framesPerSecond.rounded())) a second"
    }
    self.last = last.map { DeviceReading(text: TextPiece.pieces(of: $0.raw), at: moments.view($0.at)) }
    if let reason = status.reason {
      problem = ProblemView(title: "The camera gives no picture", detail: reason, remedy: status.remedy)
    }
  }
}
