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
  /// The key that a scanner in keyboard mode sends for GS beside Ctrl+]: `F1` to `F12`, empty for none; nil as the profile says.
  public var groupSeparator: String?
  /// Whether a scanner in keyboard mode takes Caps Lock to be on when it is plugged in; nil as the profile says.
  public var capsLock: Bool?
  /// What it is there for.
  public var purpose: Purpose

  /// A setting; all is as the profile says unless given.
  public init(
    profile: String?, layout: String? = nil, prefix: String? = nil, suffixes: [String]? = nil,
    groupSeparator: String? = nil, capsLock: Bool? = nil, purpose: Purpose = .assets
  ) {
    self.profile = profile
    self.layout = layout
    self.prefix = prefix
    self.suffixes = suffixes
    self.groupSeparator = groupSeparator
    self.capsLock = capsLock
    self.purpose = purpose
  }
}

/// Why a setting does not fit its profile.
public enum DeviceSettingFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// No profile has this id.
  case unknownProfile(String)
  /// The profile reads another kind of interface than the device has; both in words.
  case misfit(profile: String, reads: String, has: String)
  /// No layout has this name.
  case unknownLayout(String)
  /// Longer than `limit` bytes, or with a control character.
  case badPrefix(limit: Int)
  /// No function key has this name.
  case unknownKey(String)
  /// The protocol knows no such end of a scan.
  case unknownSuffix(String, known: [String])
  /// Devices of this protocol have no such thing.
  case notOfProtocol(String, protocolName: String)

  /// The member of the setting that is wrong.
  public var member: String {
    switch self {
    case .unknownProfile, .misfit: "profile"
    case .unknownLayout: "layout"
    case .badPrefix: "prefix"
    case .unknownKey: "groupSeparator"
    case .unknownSuffix: "suffixes"
    case .notOfProtocol(let member, _): member
    }
  }

  /// What is wrong, and what is wanted.
  public var description: String {
    switch self {
    case .unknownProfile(let id): "There is no profile '\(id)'; `custody devices profiles` lists them."
    case .misfit(let profile, let reads, let has):
      "'\(profile)' reads \(reads), and this device is \(has): choose a profile that reads \(has), or set the device to another "
        + "mode with its manual's set-up barcode."
    case .unknownLayout(let name):
      "There is no layout '\(name)'; there are \(KeyboardLayout.all.map(\.name).joined(separator: ", "))."
    case .badPrefix(let limit): "A prefix has at most \(limit) characters, and no control characters."
    case .unknownKey(let name): "No key '\(name)' is sent for GS; there are F1 to F12."
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
      if let name = setting.groupSeparator {
        let key = KeyChord(functionKey: name)
        guard key != nil || name.isEmpty else { throw .unknownKey(name) }
        configuration.groupSeparatorKeys = Set([key].compactMap(\.self))
      }
      if let capsLock = setting.capsLock { configuration.startsWithCapsLock = capsLock }
      changed = .keyboard(configuration)
    case .serial(var configuration, let line):
      if let member = setting.keyboardMember { throw .notOfProtocol(member, protocolName: deviceProtocol.name) }
      if let prefix = setting.prefix { configuration.prefix = Array(prefix.utf8) }
      if let suffixes = setting.suffixes {
        let known = SerialScanner.Configuration.terminatorNames
        configuration.terminators = Set(known.filter { suffixes.contains($0.name) }.map(\.byte))
      }
      changed = .serial(configuration, line)
    case .hidPOS, .reader, .cardReader, .llrp:
      let member =
        setting.keyboardMember ?? (setting.prefix != nil ? "prefix" : setting.suffixes != nil ? "suffixes" : nil)
      if let member {
        throw .notOfProtocol(member, protocolName: deviceProtocol.name)
      }
      changed = deviceProtocol
    }
    return DeviceProfile(
      id: id, name: name, usb: usb, interface: interface, claim: claim, protocol: changed, sources: sources)
  }
}

extension DeviceSetting {
  /// What is set that only a keyboard has.
  fileprivate var keyboardMember: String? {
    layout != nil ? "layout" : groupSeparator != nil ? "groupSeparator" : capsLock != nil ? "capsLock" : nil
  }
}

extension SerialScanner.Configuration {
  /// The bytes that can end a scan, by their names in profiles and settings.
  public static let terminatorNames: [(name: String, byte: UInt8)] = [
    ("CR", 0x0D), ("LF", 0x0A), ("TAB", 0x09), ("STX", 0x02), ("ETX", 0x03), ("EOT", 0x04), ("NUL", 0x00),
  ]
}
