import BarcodeVision
import Custody
import Logging
import ServiceLifecycle

/// Runs one camera and hands what counts in its frames to the desk, as a scanner's scans are. A camera that fails costs a
/// log line and a red lamp, never the station or another camera.
struct CameraService: Service {
  let core: StationCore
  let camera: StationCamera

  func run() async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await cancelWhenGracefulShutdown { await camera.camera.run { status in tell(status) } }
      }
      // Ends when the camera has stopped.
      group.addTask { await watch() }
      await group.waitForAll()
    }
    // A file that is over is no reason for the station to stop.
    try await gracefulShutdown()
  }

  private func tell(_ status: CameraStatus) {
    let metadata: Logger.Metadata = ["camera": "\(camera.name)", "source": "\(camera.camera.source)"]
    if let reason = status.reason, status.phase == .failed {
      core.logger.warning(
        "camera fault", metadata: metadata.merging(["message": "\(reason)", "remedy": "\(status.remedy ?? "")"]) { $1 })
    } else {
      core.logger.notice("camera \(status.phase.rawValue)", metadata: metadata)
    }
    do {
      try core.publishCameras()
    } catch {
      core.logger.error("pages could not be told of a camera", metadata: ["error": "\(error)"])
    }
  }

  private func watch() async {
    var watch = FrameWatch(device: camera.device, repeatAfter: core.options.repeatAfter)
    for await frame in camera.camera.frames {
      do {
        let answer = try await watch.take(
          frame.gray, at: .now, core: core, receiving: { try await core.receiving() },
          scan: { try await core.deskOutcome(of: $0) })
        let note = watch.isWaiting ? LensNote.waits("Another carton is before the camera \(camera.name).") : nil
        if core.desk.note(note, for: camera.device) { core.publishDesk() }
        camera.show(
          Sight(
            frame: frame.number, at: core.clock.now(), width: frame.gray.width, height: frame.gray.height,
            symbols: answer.symbols))
      } catch {
        core.logger.error(
          "a scan could not be recorded", metadata: ["camera": "\(camera.name)", "error": "\(error)"])
        core.desk.fail(error, at: core.clock.now())
        core.live.publish("scan", Array(#"{"id":"fault","result":"refused","desk":"\#(core.desk.name)"}"#.utf8))
      }
    }
  }
}
