extension LLRPInventory {
  /// Leaves out what the reader cannot do, and tells what that was: one sentence each.
  mutating func fit(to capabilities: LLRPCapabilities) -> [String] {
    var sentences: [String] = []
    let missing = antennas.filter { $0 == 0 || (capabilities.antennas > 0 && Int($0) > capabilities.antennas) }
    if !missing.isEmpty {
      antennas.removeAll { missing.contains($0) }
      let numbers = missing.map(String.init).joined(separator: ", ")
      sentences.append(
        "the reader has \(capabilities.antennas) antennas: without antenna \(numbers), "
          + (antennas.isEmpty ? "all of them are used" : "the others are used"))
    }
    if let wanted = mode, !capabilities.modes.isEmpty, !capabilities.modes.contains(UInt32(wanted)) {
      mode = nil
      let known = capabilities.modes.map(String.init).joined(separator: ", ")
      sentences.append("the reader has no mode \(wanted), it has \(known): it chooses one itself")
    }
    return sentences
  }
}
