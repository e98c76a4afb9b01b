import ScannerProtocols
import USBScanning

/// A device as commands list it: id, state, what it is read as, name; under it what there is to say of it.
struct DeviceLine {
  let id: String
  let name: String
  let state: USBDevice.State
  let profile: String?
  let spoken: String?
  let protocols: [String]
  let identity: String?
  let heard: HeardBytes?
  let unheard: String?
  var fault: USBDevice.Fault?
  /// The profiles that a device could have of which something was heard.
  var profiles: [DeviceProfile] = []

  /// What it is read as, or could speak.
  private var way: String {
    if let profile { return profile + (spoken.map { " (\($0))" } ?? "") }
    return protocols.isEmpty ? "-" : protocols.joined(separator: "/") + "?"
  }

  /// The state for people. A reader is asked first who it is.
  var words: String {
    let isReader = spoken.flatMap(UHFReaderModel.init) != nil
    return state == .claimed && isReader && identity == nil ? "waiting for its first answer" : state.words
  }

  var lines: [String] { ["\(id)  \(words)  \(way)  \(name)"] + remarks.map { "  " + $0 } }

  var remarks: [String] {
    var remarks = fault.map { ["\($0.message). \($0.remedy)"] } ?? []
    if state == .listening {
      let fitting = heard?.profiles(among: profiles).map(\.id) ?? []
      remarks.append(
        "Listening: \((heard ?? HeardBytes()).words)"
          + (fitting.isEmpty ? "" : "; adopt it as \(fitting.joined(separator: " or "))"))
    }
    if let unheard { remarks.append("Not listened to: \(unheard).") }
    return remarks
  }
}

extension DeviceLine {
  init(_ device: USBDevice, profiles: [DeviceProfile]) {
    self.init(
      id: device.id, name: device.name, state: device.state, profile: device.profile, spoken: device.protocol,
      protocols: device.protocols, identity: device.identity, heard: device.heard, unheard: device.unheard,
      fault: device.fault,
      profiles: profiles)
  }
}
