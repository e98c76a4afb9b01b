/// A camera, live. Rendered by `camera.mustache`.
struct CameraPageView: Sendable {
  var shell: ShellView
  var camera: CameraView
}

/// One camera. Rendered by `camera-card.mustache`.
struct CameraView: Sendable {
  var id: String
  /// Where its pictures come from, without what is secret.
  var source: String
  var lamp: LampView
  /// Such as `1280 × 720, 30 a second`; nil before the first frame.
  var rate: String?
  /// Whether there is a picture to show.
  var hasPicture: Bool
  /// What was read last; nil when nothing was.
  var last: DeviceReading?
  var problem: ProblemView?
}

/// The screen of a phone. Rendered by `phone.mustache`.
struct PhoneView: Sendable {
  var shell: ShellView
  /// Id of the phone's session; frames go there.
  var session: String
  var workflows: [PhoneWorkflow]
  /// Open counts that its person may count in; empty hides them.
  var counts: [PhoneCount] = []
  /// Who is to sign in sessions of its person.
  var signs: [PhoneSign] = []
  /// Where what it shows goes, where that needs a word.
  var place: String?
  /// The carton that lies on the desk, when it goes there.
  var carton: PhoneCarton?
  /// The last five, newest first.
  var results: [PhoneResult]
  var undo: String?
  var fault: ProblemView?
}

/// One act to choose.
struct PhoneWorkflow: Sendable {
  var workflow: String
  var label: String
  var isCurrent: Bool
}

/// One open count to choose.
struct PhoneCount: Sendable {
  var id: String
  /// Such as `Storeroom (STORE)`.
  var title: String
  var isBlind: Bool
}

/// Somebody who takes or gives back things in an open session, and has not acknowledged yet.
struct PhoneSign: Sendable {
  var href: String
  var person: String
}

/// The carton on the desk, as the phone tells of it.
struct PhoneCarton: Sendable {
  /// What is to be done about it.
  var words: String
  /// Its serial number or asset tag.
  var name: String
  /// Manufacturer and model, where they are known.
  var title: String?
  /// Such as `5 codes`.
  var codes: String
}

/// One of the last results. Rendered by `phone-result.mustache`.
struct PhoneResult: Sendable {
  var kind: ResultView.Kind
  var icon: String
  var words: String
  var code: String
  var title: String?
  var at: MomentView
}
