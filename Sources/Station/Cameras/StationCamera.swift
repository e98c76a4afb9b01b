import BarcodeVision
import Custody
import CustodyLedger
import Synchronization

/// A camera of the desk, and what is seen through it.
final class StationCamera: Sendable {
  private struct State {
    var sight: Sight?
    var listeners: [UInt64: AsyncStream<Sight>.Continuation] = [:]
    var nextListener: UInt64 = 0
    var isOver = false
  }

  let camera: Camera
  private let state = Mutex(State())

  init(_ setting: CameraSetting) { camera = Camera(name: setting.name, source: setting.source) }

  var name: String { camera.name }
  /// As readings and events name it.
  var device: String { "camera:\(name)" }

  /// What the newest frame that was read showed; nil before the first.
  var sight: Sight? { state.withLock { $0.sight } }

  /// Tells who listens what is seen.
  func show(_ sight: Sight) {
    let listeners = state.withLock { state in
      state.sight = sight
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.yield(sight) }
  }

  /// What is seen from now on. Whoever is slow misses frames.
  func sights() -> AsyncStream<Sight> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let number = state.withLock { state -> UInt64? in
        if state.isOver { return nil }
        state.nextListener += 1
        state.listeners[state.nextListener] = continuation
        return state.nextListener
      }
      guard let number else { return continuation.finish() }
      continuation.onTermination = { [weak self] _ in
        _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
      }
    }
  }

  /// Ends every listener's stream, so that the station can stop.
  func finish() {
    let listeners = state.withLock { state in
      state.isOver = true
      return Array(state.listeners.values)
    }
    for listener in listeners { listener.finish() }
  }
}

/// A camera as machines are told of it.
struct CameraResource: Encodable {
  let id: String
  let source: String
  let state: String
  let reason: String?
  let remedy: String?
  let width: Int?
  let height: Int?
  let framesPerSecond: Int
  let frames: Int
  let dropped: Int
  let restarts: Int
  let sight: Sight?

  init(_ camera: StationCamera, withSight: Bool = false) {
    let status = camera.camera.status
    id = camera.name
    source = camera.camera.source.description
    state = status.phase.rawValue
    reason = status.reason
    remedy = status.remedy
    width = status.width
    height = status.height
    framesPerSecond = Int(status.framesPerSecond.rounded())
    frames = status.frames
    dropped = status.dropped
    restarts = status.restarts
    sight = withSight ? camera.sight : nil
  }
}

extension StationCore {
  /// Has every page look at the desk again, without a sound.
  func publishDesk() { live.publish("status", Array("{}".utf8)) }

  /// Tells every page how it stands with the cameras.
  func publishCameras() throws {
    struct Notice: Encodable {
      let cameras: [CameraResource]
    }
    live.publish(
      "status", try CanonicalEncoder().encode(Notice(cameras: cameras.map { CameraResource($0) }), limit: .max))
  }
}
