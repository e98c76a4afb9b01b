extension LLRPEmulation {
  /// A TagReportData of what is known of a read.
  static func element(_ read: TagRead) throws(LLRPFault) -> LLRPElement {
    var parts =
      read.epc.count == 12
      ? [try LLRPElement("EPC_96", ["EPC": .bytes(read.epc)])]
      : [try LLRPElement("EPCData", ["EPC": .bits(count: read.epc.count * 8, read.epc)])]
    if let antenna = read.antenna {
      parts.append(try LLRPElement("AntennaID", ["AntennaID": .number(Int64(antenna))]))
    }
    if let strength = read.strength {
      parts.append(try LLRPElement("PeakRSSI", ["PeakRSSI": .number(Int64(strength.value))]))
    }
    if case .utc(let time)? = read.firstSeen {
      parts.append(try LLRPElement("FirstSeenTimestampUTC", ["Microseconds": .unsigned(time)]))
    }
    if case .utc(let time)? = read.lastSeen {
      parts.append(try LLRPElement("LastSeenTimestampUTC", ["Microseconds": .unsigned(time)]))
    }
    parts.append(try LLRPElement("TagSeenCount", ["TagCount": .number(Int64(read.count))]))
    if let control = read.control {
      parts.append(try LLRPElement("C1G2_PC", ["PC_Bits": .number(Int64(control.rawValue))]))
    }
    return try LLRPElement("TagReportData", [:], parts)
  }

  /// What the emulated reader says of itself: four antennas, 10 to 30 dBm, modes 0 to 3, UTC.
  static func standardCapabilities() throws(LLRPFault) -> LLRPElement {
    var band: [LLRPElement] = []
    for step in 1...21 {
      band.append(
        try LLRPElement(
          "TransmitPowerLevelTableEntry",
          ["Index": .number(Int64(step)), "TransmitPowerValue": .number(Int64(900 + 100 * step))]))
    }
    var modes: [LLRPElement] = []
    for mode in 0...3 {
      modes.append(try LLRPElement("C1G2UHFRFModeTableEntry", ["ModeIdentifier": .number(Int64(mode))]))
    }
    band.append(try LLRPElement("C1G2UHFRFModeTable", [:], modes))
    return try LLRPElement(
      "GET_READER_CAPABILITIES_RESPONSE", [:],
      [
        try LLRPElement("LLRPStatus"),
        try LLRPElement(
          "GeneralDeviceCapabilities",
          [
            "MaxNumberOfAntennaSupported": 4, "HasUTCClockCapability": 1,
            "ReaderFirmwareVersion": .text("emulated"),
          ]),
        try LLRPElement("LLRPCapabilities", ["MaxNumROSpecs": 1, "MaxNumAccessSpecs": 8]),
        try LLRPElement("RegulatoryCapabilities", [:], [try LLRPElement("UHFBandCapabilities", [:], band)]),
      ])
  }
}
