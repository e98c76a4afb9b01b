extension LLRPInventory {
  /// Leaves out what the reader cannot do, and tells what that was.
  mutating func fit(to capabilities: LLRPCapabilities) -> [LLRPTrouble] {
    var troubles: [LLRPTrouble] = []
    let missing = antennas.filter { $0 == 0 || (capabilities.antennas > 0 && Int($0) > capabilities.antennas) }
    if !missing.isEmpty {
      antennas.removeAll { missing.contains($0) }
      troubles.append(.noSuchAntennas(missing, has: capabilities.antennas, othersRemain: !antennas.isEmpty))
    }
    if let wanted = mode, !capabilities.modes.isEmpty, !capabilities.modes.contains(UInt32(wanted)) {
      mode = nil
      troubles.append(.noSuchMode(wanted, has: capabilities.modes))
    }
    return troubles
  }
}
