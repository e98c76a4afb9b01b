/// The scanners and readers of the desk. Rendered by `devices.mustache`.
struct DeviceListView: Sendable {
  var shell: ShellView
  var cameras: [CameraView]
  var readers: [NetworkReaderView]
  var devices: [DeviceView]
}

/// One device. Rendered by `device.mustache`.
struct DeviceView: Sendable {
  /// Unique on the page, without characters that mean something in a selector.
  var id: String
  /// Where its forms are posted to, such as `/devices/05e0:1200@1-1`.
  var path: String
  var name: String
  /// Such as `USB 05e0:1200, port 1-2`.
  var address: String
  var lamp: LampView
  var isSimulated: Bool
  /// How it is read, what it is for, what it has sent.
  var facts: [DeviceFact]
  /// What was read last; nil when nothing was.
  var last: DeviceReading?
  /// What is wrong and what to do; nil while all is well.
  var problem: ProblemView?
  /// Lines to copy, such as a udev rule.
  var remedy: CopyBlock?
  /// How it is read and what it is for; nil for who may not change it.
  var form: DeviceForm?
  /// A test of a scan; nil of what reads no text.
  var test: DeviceTestView?
}

/// One line of what is known of a device.
struct DeviceFact: Sendable {
  var name: String
  var value: String
}

/// The form by which a device is adopted and set.
struct DeviceForm: Sendable {
  var title: String
  var open: Bool
  var fields: [FormField]
  var submit: String
  /// Whether something was set that can be taken back.
  var canForget: Bool
  /// Who set it and when.
  var by: String?
  /// What is wrong with it as a whole.
  var error: String?
}

/// A test of a scan.
struct DeviceTestView: Sendable {
  var field: FormField
  /// Such as `Scan now: waiting until 10:43.`
  var waiting: String?
  var result: DeviceTestResult?
}

/// What a test has shown.
struct DeviceTestResult: Sendable {
  /// `good`, `note` or `bad`: colour and icon.
  var kind: String
  var icon: String
  var words: String
  var text: [TextPiece]
  /// Symbology, end, meaning.
  var details: String
  var remedy: String?
  var at: MomentView
}

/// What a device read last.
struct DeviceReading: Sendable {
  /// In the text's place, where that is not kept.
  var words: String?
  var text: [TextPiece]
  var at: MomentView
}

/// Text to copy, with what to do with it. Rendered by `copy-block.mustache`.
struct CopyBlock: Sendable {
  var id: String
  /// Such as `Save as /etc/udev/rules.d/60-custody.rules, then unplug and plug the scanner`.
  var words: String
  var text: String
}
