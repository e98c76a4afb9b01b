import ScannerProtocols
import Yams

extension DeviceProfile {
  /// The most bytes that a profile may have.
  public static let maximumYAMLLength = ProfileSection.longestFile

  /// Reads a `profile.yaml`. Its grammar stands at the head of `devices/README.md`.
  ///
  /// - Parameters:
  ///   - id: the name of the folder that it is in.
  ///   - file: how faults name it.
  /// - Throws: `DeviceProfileFault`, naming the line.
  public init(yaml: String, id: String, file: String) throws(DeviceProfileFault) {
    var section = try ProfileSection(yaml: yaml, file: file)
    let given = ["usb", "claim"].filter(section.has)
    let name = try section.requiredText("name")
    let usb = try section.list("usb", want: "vendor and product such as 05e0:1200") { USBIdentifier($0) } ?? []
    let interface = try section.number("interface", in: 0...UInt8(31))
    let claim = try section.word("claim", Claim.self) ?? .always
    let deviceProtocol = try DeviceProtocol(&section)
    _ = try section.list("notes", want: "sentences") { $0 }
    let sources = try section.list("sources", want: "places") { $0 } ?? []
    try section.end(of: "a profile with protocol \(deviceProtocol.name)")
    if case .llrp = deviceProtocol {
      for key in ["usb", "claim"] where given.contains(key) {
        throw section.fault(key, "is not for readers on the network: a station names them by address")
      }
    } else if usb.isEmpty, claim == .always {
      throw section.fault("claim", "must be adopted where `usb` names no device")
    }
    if claim == .always, let chip = usb.first(where: { SerialChip($0) != nil }) {
      throw section.fault("claim", "must be adopted: \(chip) is a serial chip, and anything may stand behind it")
    }
    self.init(
      id: id, name: name, usb: usb, interface: interface, claim: claim, protocol: deviceProtocol, sources: sources)
  }
}

extension DeviceProfileFault {
  init(_ error: any Error, file: String) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
      .composer(_, let problem, let mark, _)?:
      self.init(file: file, line: mark.line, message: "is no YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context)?:
      let names = duplicates.sorted().map { "`\($0)`" }.joined(separator: ", ")
      self.init(file: file, line: context.mark.line, message: "\(names) stands twice in this mapping")
    default: self.init(file: file, line: nil, message: "is no YAML: \(error)")
    }
  }
}
