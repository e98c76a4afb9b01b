/// The scanners and readers of the desk. Rendered by `devices.mustache`.
struct DeviceListView: Sendable {
  var shell: ShellView
  var cameras: [CameraView]
  var readers: [NetworkReaderView]
  var devices: [DeviceView]
}

/// One device. Rendered by `device.mustache`.
struct DeviceView: Sendable {
  var name: String
  /// Such as `USB 05e0:1200, bus 1 port 2`.
  var address: String
  var lamp: LampView
  /// How it is read, such as `HID keyboard, US layout, suffix Enter`.
  var profile: String
  /// What was read last; nil when nothing was.
  var last: DeviceReading?
  /// What is wrong and what to do; nil while all is well.
  var problem: ProblemView?
  /// Lines to copy, such as a udev rule.
  var remedy: CopyBlock?
}

/// What a device read last.
struct DeviceReading: Sendable {
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
