/// How a reader is to look for tags: what becomes a ROSpec.
public struct LLRPInventory: Hashable, Sendable {
  /// The ROSpec's number, above 0.
  public var roSpecID: UInt32
  /// The antennas, from 1; empty for all.
  public var antennas: [UInt16]
  /// Index in the reader's table of transmit powers, or nil for the reader's own choice.
  public var transmitPower: UInt16?
  /// Index in the reader's table of modes, or nil for the reader's own choice.
  public var mode: UInt16?
  /// Gen2 session, 0 to 3.
  public var session: UInt8
  /// About how many tags are in the field.
  public var population: UInt16
  /// A report after so many tags; 0 for one at the end of each round.
  public var tagsPerReport: UInt16
  /// How long a round takes at most; nil for no end, with reports by `tagsPerReport` alone.
  public var roundMilliseconds: UInt32?
  /// Only tags whose EPC begins with these bytes, as the reader's own filter; empty for all.
  public var epcPrefix: [UInt8]

  /// An inventory of all antennas that reports every tag.
  public init(
    roSpecID: UInt32 = 1, antennas: [UInt16] = [], transmitPower: UInt16? = nil, mode: UInt16? = nil,
    session: UInt8 = 1, population: UInt16 = 32, tagsPerReport: UInt16 = 1, roundMilliseconds: UInt32? = nil,
    epcPrefix: [UInt8] = []
  ) {
    self.roSpecID = roSpecID
    self.antennas = antennas
    self.transmitPower = transmitPower
    self.mode = mode
    self.session = session
    self.population = population
    self.tagsPerReport = tagsPerReport
    self.roundMilliseconds = roundMilliseconds
    self.epcPrefix = epcPrefix
  }

  /// The ROSpec: starts and stops by message, or starts at once when enabled.
  ///
  /// - Throws: `LLRPFault` for values that the protocol cannot hold.
  public func roSpec(startsAtOnce: Bool = true) throws(LLRPFault) -> LLRPElement {
    guard roSpecID > 0 else { throw .value("ROSpecID") }
    guard session <= 3 else { throw .value("Session") }
    let round = roundMilliseconds ?? 0
    return try LLRPElement(
      "ROSpec", ["ROSpecID": .number(Int64(roSpecID))],
      [
        try LLRPElement(
          "ROBoundarySpec", [:],
          [
            try LLRPElement("ROSpecStartTrigger", ["ROSpecStartTriggerType": startsAtOnce ? 1 : 0]),
            try LLRPElement("ROSpecStopTrigger"),
          ]),
        try LLRPElement(
          "AISpec", ["AntennaIDs": .words(antennas.isEmpty ? [0] : antennas)],
          [
            try LLRPElement(
              "AISpecStopTrigger",
              ["AISpecStopTriggerType": round > 0 ? 1 : 0, "DurationTrigger": .number(Int64(round))]),
            try LLRPElement(
              "InventoryParameterSpec", ["InventoryParameterSpecID": 1, "ProtocolID": 1],
              [try antennaConfiguration()]),
          ]),
        try LLRPElement(
          // 1: every N tags or at the end of an AISpec.
          "ROReportSpec", ["ROReportTrigger": 1, "N": .number(Int64(tagsPerReport))],
          [
            try LLRPElement(
              "TagReportContentSelector",
              [
                "EnableROSpecID": 1, "EnableAntennaID": 1, "EnableChannelIndex": 1, "EnablePeakRSSI": 1,
                "EnableFirstSeenTimestamp": 1, "EnableLastSeenTimestamp": 1, "EnableTagSeenCount": 1,
                "EnableAccessSpecID": 1,
              ],
              [try LLRPElement("C1G2EPCMemorySelector", ["EnableCRC": 1, "EnablePCBits": 1])])
          ]),
      ])
  }

  private func antennaConfiguration() throws(LLRPFault) -> LLRPElement {
    var inventory: [LLRPElement] = []
    if !epcPrefix.isEmpty {
      // The EPC begins at bit 32 of its bank, behind CRC and PC.
      let mask = LLRPValue.bits(count: epcPrefix.count * 8, epcPrefix)
      inventory.append(
        try LLRPElement(
          "C1G2Filter", ["T": 0],
          [
            try LLRPElement("C1G2TagInventoryMask", ["MB": 1, "Pointer": 0x20, "TagMask": mask]),
            try LLRPElement("C1G2TagInventoryStateUnawareFilterAction", ["Action": 0]),
          ]))
    }
    if let mode {
      inventory.append(try LLRPElement("C1G2RFControl", ["ModeIndex": .number(Int64(mode))]))
    }
    inventory.append(
      try LLRPElement(
        "C1G2SingulationControl",
        ["Session": .number(Int64(session)), "TagPopulation": .number(Int64(population))]))
    var parameters: [LLRPElement] = []
    if let transmitPower {
      parameters.append(
        try LLRPElement(
          "RFTransmitter", ["HopTableID": 1, "ChannelIndex": 1, "TransmitPower": .number(Int64(transmitPower))]))
    }
    parameters.append(try LLRPElement("C1G2InventoryCommand", [:], inventory))
    return try LLRPElement("AntennaConfiguration", ["AntennaID": 0], parameters)
  }
}
