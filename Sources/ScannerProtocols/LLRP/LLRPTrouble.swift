/// Something that is wrong with a reader on the network and that its operator can mend, while the conversation goes on.
public enum LLRPTrouble: Hashable, Sendable, CustomStringConvertible {
  /// Antennas are asked for that the reader has not.
  case noSuchAntennas([UInt16], has: Int, othersRemain: Bool)
  /// A Gen2 mode is asked for that the reader has not.
  case noSuchMode(UInt16, has: [UInt32])
  /// The reader does not take the inventory; its reason.
  case inventoryRefused(String)
  /// The reader does not take another request; its reason.
  case requestRefused(String, reason: String)
  /// The reader tells of an error that nobody asked for.
  case reported(String)
  /// A message of the reader's that cannot be read.
  case senseless(String, reason: String)
  /// What the settings ask for cannot be written down.
  case impossible(String)

  /// What is wrong: a sentence without its full stop.
  public var description: String {
    switch self {
    case .noSuchAntennas(let missing, let count, let othersRemain):
      "the reader has \(count) antennas: without antenna \(missing.map(String.init).joined(separator: ", ")), "
        + (othersRemain ? "the others are used" : "all of them are used")
    case .noSuchMode(let wanted, let known):
      "the reader has no mode \(wanted), it has \(known.map(String.init).joined(separator: ", ")): it chooses one itself"
    case .inventoryRefused(let reason): "the reader refuses the inventory: \(reason)"
    case .requestRefused(let name, let reason): "the reader refuses \(name): \(reason)"
    case .reported(let status): "the reader reports: \(status)"
    case .senseless(let name, let reason): "the reader's \(name) makes no sense: \(reason)"
    case .impossible(let reason): reason
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch self {
    case .noSuchAntennas(_, let count, _):
      "Name antennas from 1 to \(count) with antennas= in its address, or leave that out for all of them."
    case .noSuchMode: "Name one of these with mode= in its address, or leave that out."
    case .inventoryRefused:
      "Check antennas, power, mode, session and prefix in its address: one of them is not for this reader."
    case .requestRefused(let name, _):
      name == "SET_READER_CONFIG"
        ? "It reads all the same, but may be missed late when it is lost; update its firmware."
        : "It reads all the same; update its firmware if something is missing."
    case .reported: "Look at the reader's own pages; restart it if this goes on."
    case .senseless: "It is left out, and other messages count; update the reader's firmware if this goes on."
    case .impossible: "Check the options of its address."
    }
  }
}
