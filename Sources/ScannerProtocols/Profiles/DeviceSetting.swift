/// What an operator has set for one device: by which profile it is read, and what its scans are for.
public struct DeviceSetting: Hashable, Sendable, Codable {
  /// What a device is there for.
  public enum Purpose: String, Hashable, Sendable, Codable, CaseIterable {
    /// Its scans are acted on by the desk's session.
    case assets
    /// What it reads are badges of people, whatever the text is.
    case badges
    /// What it reads is looked up and kept, and moves nothing.
    case counting
  }

  /// The profile's id; nil leaves the device alone, also where a profile claims its kind.
  public var profile: String?
  /// The layout that a scanner in keyboard mode types for; nil as the profile says.
  public var layout: String?
  /// Text that is taken off the begin of a scan; nil as the profile says, empty for none.
  public var prefix: String?
  /// What ends a scan, by the names of `suffixNames`; nil as the profile says.
  public var suffixes: [String]?
  /// What it is there for.
  public var purpose: Purpose

  /// A setting; all is as the profile says unless given.
  public init(
    profile: String?, layout: String? = nil, prefix: String? = nil, suffixes: [String]? = nil,
    purpose: Purpose = .assets
  ) {
    self.profile = profile
    self.layout = layout
    self.prefix = prefix
    self.suffixes = suffixes
    self.purpose = purpose
  }
}

/// Why a setting does not fit its profile.
public enum DeviceSettingFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// No profile has this id.
  case unknownProfile(String)
  /// No layout has this name.
  case unknownLayout(String)
  /// Longer than `limit` bytes, or with a control character.
  case badPrefix(limit: Int)
  /// The protocol knows no such end of a scan.
  case unknownSuffix(String, known: [String])
  /// Devices of this protocol have no such thing.
  case notOfProtocol(String, protocolName: String)

  /// The member of the setting that is wrong.
  public var member: String {
    switch self {
    case .unknownProfile: "profile"
    case .unknownLayout: "layout"
    case .badPrefix: "prefix"
    case .unknownSuffix: "suffixes"
    case .notOfProtocol(let member, _): member
    }
  }

  /// What is wrong, and what is wanted.
  public var description: String {
    switch self {
    case .unknownProfile(let id): "There is no profile '\(id)'; `custody devices profiles` lists them."
    case .unknownLayout(let name):
      "There is no layout '\(name)'; there are \(KeyboardLayout.all.map(\.name).joined(separator: ", "))."
    case .badPrefix(let limit): "A prefix has at most \(limit) characters, and no control characters."
    case .unknownSuffix(let name, let known):
      "No scan ends with '\(name)' here; there are \(known.joined(separator: ", "))."
    case .notOfProtocol(let member, let name): "A device that speaks \(name) has no \(member) to set."
    }
  }
}

extension DeviceProfile {
  /// The longest prefix that can be set.
  public static let maximumPrefixLength = 64

  /// The names of what can end a scan of this profile's devices; empty where nothing can be set.
  public var suffixNames: [String] {
    switch deviceProtocol {
    case .keyboard: KeyboardWedge.Suffix.allCases.map(\.rawValue)
    case .serial: SerialScanner.Configuration.terminatorNames.map(\.name)
    case .hidPOS, .reader, .cardReader, .llrp: []
    }
  }

  /// This profile with what an operator has set.
  ///
  /// - Throws: `DeviceSettingFault` for what is not known, or what its protocol has not.
  public func applying(_ setting: DeviceSetting) throws(DeviceSettingFault) -> DeviceProfile {
    if let prefix = setting.prefix {
      let isPlain = prefix.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      guard prefix.count <= Self.maximumPrefixLength, isPlain else { throw .badPrefix(limit: Self.maximumPrefixLength) }
    }
    if let suffix = setting.suffixes?.first(where: { !suffixNames.contains($0) }), !suffixNames.isEmpty {
      throw .unknownSuffix(suffix, known: suffixNames)
    }
    let changed: DeviceProtocol
    switch deviceProtocol {
    case .keyboard(var configuration):
      if let name = setting.layout {
        guard let layout = KeyboardLayout.named(name) else { throw .unknownLayout(name) }
        configuration.layout = layout
      }
      if let prefix = setting.prefix { configuration.prefix = prefix }
      if let suffixes = setting.suffixes {
        configuration.suffixes = Set(suffixes.compactMap(KeyboardWedge.Suffix.init(rawValue:)))
      }
      changed = .keyboard(configuration)
    case .serial(var configuration, let line):
      if setting.layout != nil { throw .notOfProtocol("layout", protocolName: deviceProtocol.name) }
      if let prefix = setting.prefix { configuration.prefix = Array(prefix.utf8) }
      if let suffixes = setting.suffixes {
        let known = SerialScanner.Configuration.terminatorNames
        configuration.terminators = Set(known.filter { suffixes.contains($0.name) }.map(\.byte))
      }
      changed = .serial(configuration, line)
    case .hidPOS, .reader, .cardReader, .llrp:
      let members = [("layout", setting.layout != nil), ("prefix", setting.prefix != nil)]
      let given = members + [("suffixes", setting.suffixes != nil)]
      if let (member, _) = given.first(where: \.1) {
        throw .notOfProtocol(member, protocolName: deviceProtocol.name)
      }
      changed = deviceProtocol
    }
    return DeviceProfile(
      id: id, name: name, usb: usb, interface: interface, claim: claim, protocol: changed, sources: sources)
  }
}

extension SerialScanner.Configuration {
  /// The bytes that can end a scan, by their names in profiles and settings.
  public static let terminatorNames: [(name: String, byte: UInt8)] = [
    ("CR", 0x0D), ("LF", 0x0A), ("TAB", 0x09), ("STX", 0x02), ("ETX", 0x03), ("EOT", 0x04), ("NUL", 0x00),
  ]
}
