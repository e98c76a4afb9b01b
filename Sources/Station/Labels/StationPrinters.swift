import Custody
import LabelDesign
import StationStore
import Synchronization

/// What the station knows of its printers beyond what it keeps: how each is at the moment, and who waits for it.
final class StationPrinters: Sendable {
  /// The kinds of printers that are known.
  let profiles: [PrinterProfile]

  private struct Live {
    var status: PrinterStatus?
    var asked: Instant?
    var sending: LabelJobID?
    /// Whether somebody looks at it, and it is to be asked how it is.
    var isToBeAsked = false
    let wake = Wake()
  }

  private struct State {
    var live: [String: Live] = [:]
    var isStopping = false
  }

  private let state = Mutex(State())
  /// Told when a printer is set up, or the station stops.
  let changed = Wake()

  init(profiles: [PrinterProfile]) { self.profiles = profiles }

  func profile(_ id: String) -> PrinterProfile? { profiles.first { $0.id == id } }

  // MARK: For who prints

  /// Wakes who prints on a printer: something waits, or it may go on.
  func signal(_ name: String) { wake(of: name).signal() }

  /// What who prints on a printer waits for.
  func wake(of name: String) -> Wake { state.withLock { $0.live[name, default: Live()].wake } }

  /// Whether no further label is begun.
  var isStopping: Bool { state.withLock { $0.isStopping } }

  /// Labels are begun from here on.
  func start() { state.withLock { $0.isStopping = false } }

  /// From here on no further label is begun.
  func stop() {
    let wakes = state.withLock { state in
      state.isStopping = true
      return state.live.values.map(\.wake)
    }
    for wake in wakes { wake.signal() }
    changed.signal()
  }

  // MARK: How they are

  /// Keeps what a printer said; gives back whether it is something new.
  @discardableResult
  func note(_ status: PrinterStatus, of name: String, at moment: Instant) -> Bool {
    state.withLock { state in
      let isNew = state.live[name]?.status != status
      state.live[name, default: Live()].status = status
      state.live[name, default: Live()].asked = moment
      state.live[name, default: Live()].isToBeAsked = false
      return isNew
    }
  }

  /// How old a printer's own word may be while somebody looks at its page, in milliseconds.
  static let freshFor: Int64 = 10_000

  /// Somebody looks at a printer: it is asked how it is, unless it said so just now or is being sent something.
  func look(at name: String, at moment: Instant) {
    let wake = state.withLock { state -> Wake? in
      let live = state.live[name, default: Live()]
      guard live.sending == nil, !live.isToBeAsked,
        live.asked.map({ moment.milliseconds - $0.milliseconds >= Self.freshFor }) ?? true
      else { return nil }
      state.live[name, default: live].isToBeAsked = true
      return live.wake
    }
    wake?.signal()
  }

  /// Whether a printer is to be asked how it is; it is not any longer.
  func takeLook(at name: String) -> Bool {
    state.withLock { state in
      defer { state.live[name]?.isToBeAsked = false }
      return state.live[name]?.isToBeAsked ?? false
    }
  }

  /// Keeps which label is on its way to a printer; nil for none.
  func sends(_ job: LabelJobID?, to name: String) {
    state.withLock { $0.live[name, default: Live()].sending = job }
  }

  /// Forgets what was known of a printer that was taken away, or is another now.
  func forget(_ name: String) {
    state.withLock { state in
      state.live[name]?.status = nil
      state.live[name]?.asked = nil
    }
  }

  func live(_ name: String) -> (status: PrinterStatus?, asked: Instant?, sending: LabelJobID?) {
    state.withLock { state in (state.live[name]?.status, state.live[name]?.asked, state.live[name]?.sending) }
  }
}
