/// What a reader can do, from its GET_READER_CAPABILITIES_RESPONSE (LLRP 1.1, section 10.2).
public struct LLRPCapabilities: Hashable, Sendable {
  /// IANA's private enterprise number of the maker: 25882 is Impinj, 161 Motorola and Zebra.
  public let manufacturer: UInt32
  /// The maker's number of the model.
  public let model: UInt32
  /// Firmware version.
  public let firmware: String
  /// How many antennas there can be.
  public let antennas: Int
  /// Whether the reader knows the time of day; otherwise times count from its start.
  public let hasUTCClock: Bool
  /// Transmit powers: index, and hundredths of dBm.
  public let transmitPowers: [Step]
  /// Gen2 modes, by the reader's own numbers.
  public let modes: [UInt32]
  /// The channels' frequencies in kHz, the first one channel 1.
  public let frequencies: [UInt32]
  /// How many AccessSpecs there can be; 0 for no limit.
  public let maximumAccessSpecs: UInt32

  /// A step of transmit power.
  public struct Step: Hashable, Sendable {
    /// What the reader is told.
    public let index: UInt16
    /// Hundredths of dBm.
    public let centidBm: Int
  }

  /// The capabilities in a response.
  ///
  /// - Throws: `LLRPFault.unexpected` when the general ones are missing.
  public init(_ content: LLRPElement) throws(LLRPFault) {
    guard let general = content.first("GeneralDeviceCapabilities") else {
      throw .unexpected("capabilities without the general ones")
    }
    manufacturer = UInt32(truncatingIfNeeded: general.number("DeviceManufacturerName") ?? 0)
    model = UInt32(truncatingIfNeeded: general.number("ModelName") ?? 0)
    if case .text(let text) = general["ReaderFirmwareVersion"] { firmware = text } else { firmware = "" }
    antennas = general.number("MaxNumberOfAntennaSupported") ?? 0
    hasUTCClock = general.number("HasUTCClockCapability") == 1
    let band = content.first("RegulatoryCapabilities")?.first("UHFBandCapabilities")
    transmitPowers = (band?.all("TransmitPowerLevelTableEntry") ?? []).map { entry in
      Step(
        index: UInt16(truncatingIfNeeded: entry.number("Index") ?? 0), centidBm: entry.number("TransmitPowerValue") ?? 0
      )
    }
    modes = (band?.first("C1G2UHFRFModeTable")?.all("C1G2UHFRFModeTableEntry") ?? []).map {
      UInt32(truncatingIfNeeded: $0.number("ModeIdentifier") ?? 0)
    }
    let information = band?.first("FrequencyInformation")
    let table = information?.first("FrequencyHopTable") ?? information?.first("FixedFrequencyTable")
    if case .doubleWords(let list)? = table?["Frequency"] { frequencies = list } else { frequencies = [] }
    maximumAccessSpecs = UInt32(
      truncatingIfNeeded: content.first("LLRPCapabilities")?.number("MaxNumAccessSpecs") ?? 0)
  }

  /// The strongest power that does not exceed `dBm`, or nil when every step does.
  public func transmitPower(atMost dBm: Int) -> Step? {
    transmitPowers.filter { $0.centidBm <= dBm * 100 }.max { $0.centidBm < $1.centidBm }
  }
}
