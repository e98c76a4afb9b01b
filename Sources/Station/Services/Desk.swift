import Custody
import StationStore
import Synchronization

/// The desk that this station's scanners belong to: at most one operator, at most one open session.
final class Desk: Sendable {
  private struct State {
    var operatorToken: String?
    var lastOutcome: ScanOutcome?
    var asset: AssetID?
    var notes: [String: LensNote] = [:]
    var offer: SignInOffer?
  }

  /// Name of the desk; sessions in the store carry it.
  let name: String
  private let state = Mutex(State())

  init(name: String = "desk-1") { self.name = name }

  /// Token of the person who signed in last on the desk's page: scanners act for them while it is valid.
  var operatorToken: String? {
    get { state.withLock { $0.operatorToken } }
    set {
      state.withLock { state in
        state.operatorToken = newValue
        if newValue != nil { state.offer = nil }
        // What was refused for want of somebody is no word to who is here now.
        if newValue != nil, state.lastOutcome?.code == Problem.notSignedIn.code { state.lastOutcome = nil }
      }
    }
  }

  /// What the last scan at the desk came to.
  var lastOutcome: ScanOutcome? {
    get { state.withLock { $0.lastOutcome } }
    set {
      state.withLock { state in
        state.lastOutcome = newValue
        switch newValue?.result {
        // A label that only changes what the next scan means leaves the asset where it is: before the operator. What was put
        // into a kit lies there now.
        case nil: break
        case .context?: state.asset = newValue?.asset?.id ?? state.asset
        default: state.asset = newValue?.asset?.id
        }
      }
    }
  }

  /// The badge that a badge reader of the desk has read while nobody was signed in, for the sign-in page to ask its PIN; nil when
  /// there is none, or it is over.
  func offer(at now: Instant) -> SignInOffer? { state.withLock { $0.offer.flatMap { now < $0.until ? $0 : nil } } }

  /// Offers a sign-in in the place of the one before; nil takes it back.
  func setOffer(_ offer: SignInOffer?) { state.withLock { $0.offer = offer } }

  /// The asset that lies on the desk: the one that was scanned last.
  var asset: AssetID? { state.withLock { $0.asset } }

  /// What there is to say of the desk's lenses, in the order of their names.
  var notes: [LensNote] { state.withLock { state in state.notes.sorted { $0.key < $1.key }.map(\.value) } }

  /// Notes what there is to say of a lens, nil when there is nothing any longer; gives back whether that is news.
  func note(_ note: LensNote?, for lens: String) -> Bool {
    state.withLock { state in
      guard state.notes[lens] != note else { return false }
      state.notes[lens] = note
      return true
    }
  }

  /// Clears the desk for the next session.
  func clear() {
    state.withLock { state in
      state.lastOutcome = nil
      state.asset = nil
    }
  }
}

/// What every page says of a camera or the watched folder, as long as it is so.
struct LensNote: Sendable, Equatable {
  /// What is said.
  enum Kind: Sendable { case waits, fault }

  let kind: Kind
  let words: String
  let remedy: String

  /// A carton that waits for the one on the desk.
  static func waits(_ words: String) -> LensNote {
    LensNote(
      kind: .waits, words: "Next: " + words,
      remedy: "It comes to the desk when that receives and no other carton lies there.")
  }
}
