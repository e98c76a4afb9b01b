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

/// One of the last results. Rendered by `phone-result.mustache`.
struct PhoneResult: Sendable {
  var kind: ResultView.Kind
  var icon: String
  var words: String
  var code: String
  var title: String?
  var at: MomentView
}
