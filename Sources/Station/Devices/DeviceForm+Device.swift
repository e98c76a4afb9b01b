import ScannerProtocols

extension DeviceForm {
  /// The form of a device, with what is set or what was sent and could not be taken.
  init(
    _ device: StationDevice, kept: StationDevices.Kept?, by: String?, profiles: [DeviceProfile],
    faulty: (form: [String: String], problem: Problem)?
  ) {
    let setting = faulty.map { DeviceSetting(form: $0.form) } ?? kept?.setting
    let profile = profiles.first { $0.id == device.profile }
    func field(
      _ name: String, _ label: String, _ value: String, _ options: [(String, String)], hint: String? = nil
    ) -> FormField {
      var field = FormField(
        options.isEmpty ? .input : .select, name, label, value: value, prefix: DeviceView.anchor(device.id))
      field.options = options.map { FieldOption(value: $0.0, label: $0.1, selected: $0.0 == value) }
      field.hint = hint
      if let faulty, faulty.problem.pointer == "/\(name)" { field.error = faulty.problem.detail }
      return field
    }
    let adopted = setting.map { $0.profile ?? "" } ?? device.profile ?? ""
    fields = [
      field(
        "profile", "Read as", adopted,
        [("", "Nothing: leave it alone")] + Self.profiles(profiles, for: device, and: adopted)),
      field(
        "purpose", "Its scans are", (setting?.purpose ?? .assets).rawValue,
        DeviceSetting.Purpose.allCases.map { ($0.rawValue, $0.label) },
        hint:
          "Assets: the desk acts on them. Badges sign people in, too. Counting: looked up and kept, moves nothing; it has no sessions yet."
      ),
    ]
    if let profile, !profile.suffixNames.isEmpty {
      let asProfile = ("", "As the profile says")
      if case .keyboard(let configuration) = profile.deviceProtocol {
        fields.append(
          field(
            "layout", "Keyboard layout", setting?.layout ?? "",
            [("", "As the profile says: \(configuration.layout.name)")] + KeyboardLayout.all.map { ($0.name, $0.name) },
            hint: "The one that the scanner is set to."))
        let keys = configuration.groupSeparatorKeys.compactMap(\.functionKeyName).sorted().joined(separator: ", ")
        fields.append(
          field(
            "groupSeparator", "Key for GS (FNC1)", setting?.groupSeparator.map { $0.isEmpty ? "none" : $0 } ?? "",
            [("", "As the profile says: \(keys.isEmpty ? "Ctrl+] alone" : keys)")]
              + (1...12).map { ("F\($0)", "F\($0)") }
              + [("none", "Ctrl+] alone")],
            hint: "What it types between the parts of a GS1 code. Ctrl+] counts always."))
        fields.append(
          field(
            "capsLock", "Caps Lock when plugged in", setting?.capsLock.map { $0 ? "on" : "off" } ?? "",
            [
              ("", "As the profile says: \(configuration.startsWithCapsLock ? "on" : "off")"), ("off", "Off"),
              ("on", "On"),
            ], hint: "On, if small and capital letters come the wrong way round."))
      }
      var prefix = field("prefix", "Prefix to take off", setting?.prefix ?? "", [])
      prefix.code = true
      fields.append(prefix)
      let ends = profile.suffixNames.map { ($0, $0 == $0.uppercased() ? $0 : $0.capitalized) }
      let both = ends.count == 2 ? ("enter,tab", "Enter or Tab") : ("CR,LF", "CR or LF")
      fields.append(
        field(
          "suffixes", "A scan ends with",
          setting?.suffixes.map { $0.isEmpty ? "none" : $0.joined(separator: ",") } ?? "",
          [asProfile, both] + ends + [("none", "Nothing: a pause")]))
    }
    title = device.profile == nil ? "Read this device" : "Settings"
    open = faulty != nil
    submit = device.profile == nil && kept?.setting.profile == nil ? "Read it so" : "Save"
    canForget = kept != nil
    self.by = by
    let named = ["profile", "purpose", "layout", "groupSeparator", "capsLock", "prefix", "suffixes"].map { "/\($0)" }
    error = faulty.flatMap { faulty in
      faulty.problem.pointer.map(named.contains) == true ? nil : faulty.problem.detail
    }
    if let fault = kept?.fault, faulty == nil {
      error = "What was set cannot be followed: \(fault.description)"
      open = true
    }
  }

  /// The profiles that could fit, those for this very device first, and the one that is set or was sent.
  private static func profiles(
    _ profiles: [DeviceProfile], for device: StationDevice, and chosen: String
  ) -> [(String, String)] {
    func rank(_ profile: DeviceProfile) -> Int {
      if let usb = device.usb.flatMap(USBIdentifier.init), profile.usb.contains(usb) { return 0 }
      return profile.usb.isEmpty ? 1 : 2
    }
    let fitting = profiles.filter { profile in
      if profile.id == chosen { return true }
      guard !device.isSimulated, !device.protocols.isEmpty else { return profile.id == device.profile }
      return device.protocols.contains(profile.deviceProtocol.interfaceKind) || profile.id == device.profile
    }
    return fitting.enumerated().sorted { (rank($0.1), $0.0) < (rank($1.1), $1.0) }.map { ($0.1.id, $0.1.name) }
  }
}

extension DeviceSetting.Purpose {
  /// As the form offers it.
  var label: String {
    switch self {
    case .assets: "Assets"
    case .badges: "Badges of people"
    case .counting: "Counting"
    }
  }

  /// What more there is to know of it.
  var remark: String? {
    switch self {
    case .assets, .badges: nil
    case .counting: "There are no counting sessions yet: what it reads is looked up and kept, and moves nothing."
    }
  }

  /// As the page tells it.
  var words: String {
    switch self {
    case .assets: "Assets: the desk acts on them"
    case .badges: "Badges of people; they sign in, too"
    case .counting: "Counting: looked up and kept, nothing more"
    }
  }
}

extension DeviceProtocol {
  /// The kind of interface that it needs, by the names of `USBDevice.protocols`.
  var interfaceKind: String {
    switch self {
    case .keyboard: "keyboard"
    case .hidPOS: "hid-pos"
    case .serial, .reader: "serial"
    case .cardReader: "ccid"
    case .llrp: "network"
    }
  }

  /// What such an interface shows itself as, in words.
  static func words(ofInterface kind: String) -> String {
    switch kind {
    case "keyboard": "a keyboard"
    case "hid-pos": "a HID POS scanner"
    case "serial": "a serial line"
    case "ccid": "a card reader (CCID)"
    default: "a reader on the network"
    }
  }

  /// Whether it reads text, which a scan can test.
  var readsText: Bool {
    switch self {
    case .keyboard, .hidPOS, .serial, .cardReader: true
    case .reader, .llrp: false
    }
  }
}
