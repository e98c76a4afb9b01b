import Custody
import CustodyLedger
import Logging
import ScannerProtocols
import ServiceLifecycle
import StationStore

/// Sees which tags have gone, keeps what went through doors, and tells who listens what happens in the field. Nothing of it
/// is an event: RFID never moves custody by itself.
struct TagService: Service {
  let core: StationCore

  func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        group.addTask {
          do {
            while true {
              try await core.tags.time.wait(.milliseconds(250))
              core.tags.tick()
            }
          } catch {
            // Cancelled: the station stops.
          }
        }
        group.addTask {
          while !Task.isCancelled {
            await tell()
            // A crowd that comes at once is told of at once.
            do { try await core.tags.time.wait(.milliseconds(50)) } catch {}
          }
        }
        group.addTask {
          // What could not be kept is tried again; what is old goes once an hour.
          for round in 0... {
            if round % 720 == 0 { await core.prunePassages() }
            await core.keepPassages()
            do { try await core.tags.time.wait(.seconds(5)) } catch { return }
          }
        }
        await group.waitForAll()
      }
    }
    // What came last; the readers have stopped by now.
    await core.keepPassages()
    try await gracefulShutdown()
  }

  private func tell() async {
    let (news, dropped) = await core.tags.news()
    for case .passage(let doorway, let passage) in news {
      let side = passage.to?.rawValue ?? "unknown"
      core.logger.info(
        "tag went through a doorway",
        metadata: ["doorway": "\(doorway)", "to": "\(side)", "epc": "\(hexadecimal(passage.epc))"])
    }
    // Who listens is told of them by this, once they are kept: a page that hears of one asks at once.
    await core.keepPassages()
    guard core.tagsLive.listenerCount > 0, !news.isEmpty else { return }
    do {
      let events = try await core.store.read { snapshot in
        let presenter = TagPresenter(core: core, snapshot: snapshot)
        return try news.compactMap { try presenter.event($0) }
      }
      // Who lags behind asks for the whole field.
      if dropped > 0 { core.tagsLive.publish("reload", Array(#"{"dropped":\#(dropped)}"#.utf8)) }
      for event in events { core.tagsLive.publish(event.name, event.data) }
    } catch {
      core.logger.error("pages could not be told of tags", metadata: ["error": "\(error)"])
    }
  }
}
