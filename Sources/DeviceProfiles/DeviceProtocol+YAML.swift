import ScannerProtocols

extension DeviceProtocol {
  /// The protocol of a profile, with its settings.
  init(_ profile: inout ProfileSection) throws(DeviceProfileFault) {
    switch try profile.requiredText("protocol") {
    case "keyboard": self = .keyboard(try KeyboardWedge.Configuration(profile.section("keyboard")))
    case "hid-pos": self = .hidPOS(try HIDPOSForm(profile.section("hid-pos")))
    case "serial":
      self = .serial(
        try SerialScanner.Configuration(profile.section("serial")), try SerialLine(profile.section("line")))
    case "ccid": self = .cardReader
    case "llrp":
      var network = try profile.section("network")
      let port = try network?.number("port", in: 1...UInt16.max) ?? 5084
      try network?.end(of: "`network`")
      self = .llrp(port: port)
    case let word:
      guard let model = UHFReaderModel(rawValue: word) else {
        let known = ["keyboard", "hid-pos", "serial", "ccid", "llrp"] + UHFReaderModel.allCases.map(\.rawValue)
        throw profile.fault("protocol", "must be one of \(known.joined(separator: ", ")), not \(word)")
      }
      self = .reader(
        model, try SerialLine(profile.section("line"), baudRate: model.usualBaudRate),
        try ReaderSettings(profile.section("reader")))
    }
  }
}

extension UHFReaderModel {
  /// The rate at which its makers ship it.
  fileprivate var usualBaudRate: UInt32 {
    switch self {
    case .chafon18, .chafon288: 57_600
    case .mercury, .m100: 115_200
    }
  }
}

extension KeyboardWedge.Configuration {
  fileprivate init(_ section: ProfileSection?) throws(DeviceProfileFault) {
    self.init()
    guard var section else { return }
    if let name = try section.text("layout") {
      guard let layout = KeyboardLayout.named(name) else {
        let known = KeyboardLayout.all.map(\.name).joined(separator: ", ")
        throw section.fault("layout", "must be one of \(known), not \(name)")
      }
      self.layout = layout
    }
    if let prefix = try section.text("prefix") { self.prefix = prefix }
    if let suffixes = try section.list("suffixes", want: "enter or tab", { KeyboardWedge.Suffix(rawValue: $0) }) {
      self.suffixes = Set(suffixes)
    }
    if let milliseconds = try section.number("timeout", in: 10...10_000) {
      interKeyTimeout = .milliseconds(milliseconds)
    }
    if let length = try section.number("maximum-length", in: 1...10_000) { maximumLength = length }
    if let keys = try section.list("group-separator", want: "F1 to F12", KeyChord.init(functionKey:)) {
      groupSeparatorKeys = Set(keys)
    }
    if let flag = try section.flag("caps-lock") { startsWithCapsLock = flag }
    if let flag = try section.flag("inverted-shift") { invertsShift = flag }
    try section.end(of: "`keyboard`")
  }
}

extension HIDPOSForm {
  fileprivate init(_ section: ProfileSection?) throws(DeviceProfileFault) {
    self = .descriptor
    guard var section else { return }
    if let form = try section.word("reports", HIDPOSForm.self) { self = form }
    try section.end(of: "`hid-pos`")
  }
}

extension SerialScanner.Configuration {
  fileprivate init(_ section: ProfileSection?) throws(DeviceProfileFault) {
    self.init()
    guard var section else { return }
    if let prefix = try section.text("prefix") { self.prefix = Array(prefix.utf8) }
    let known = Self.terminatorNames
    let want = "any of \(known.map(\.name).joined(separator: ", "))"
    let bytes = try section.list("terminators", want: want) { name in known.first { $0.name == name }?.byte }
    if let bytes { terminators = Set(bytes) }
    if let milliseconds = try section.number("timeout", in: 10...10_000) { timeout = .milliseconds(milliseconds) }
    if let length = try section.number("maximum-length", in: 1...10_000) { maximumLength = length }
    if let flag = try section.flag("symbology-identifier") { sendsSymbologyIdentifier = flag }
    try section.end(of: "`serial`")
  }
}

extension SerialLine {
  fileprivate init(_ section: ProfileSection?, baudRate: UInt32 = 9_600) throws(DeviceProfileFault) {
    self.init(baudRate: baudRate)
    guard var section else { return }
    if let rate = try section.number("baud", in: 300...UInt32(4_000_000)) { self.baudRate = rate }
    if let bits = try section.number("data-bits", in: 5...UInt8(8)) { dataBits = bits }
    if let parity = try section.word("parity", Parity.self) { self.parity = parity }
    if let bits = try section.word("stop-bits", StopBits.self) { stopBits = bits }
    if let flag = try section.flag("dtr") { dtr = flag }
    if let flag = try section.flag("rts") { rts = flag }
    try section.end(of: "`line`")
  }
}

extension ReaderSettings {
  fileprivate init(_ section: ProfileSection?) throws(DeviceProfileFault) {
    self.init()
    guard var section else { return }
    region = try section.word("region", ReaderRegion.self)
    power = try section.number("power", in: 0...33)
    try section.end(of: "`reader`")
  }
}
