import ScannerProtocols

/// One USB device that is, or could be, a scanner: it matches a profile, or it has an interface of a kind that scanners and readers have.
public struct USBDevice: Hashable, Sendable, Codable {
  /// What the station can do with a device.
  public enum State: String, Hashable, Sendable, Codable {
    /// It has just arrived, and is being claimed.
    case claiming
    /// Its scans or tags are read.
    case claimed
    /// It could be read, and has no profile: left alone until someone adopts it by giving it one.
    case adoptable
    /// It could be read, and has no profile: what it says is heard and told, and acted upon by nobody until someone adopts it.
    /// Nothing is sent to it.
    case listening
    /// It is claimed, and does not answer; it is asked again every few seconds.
    case silent
    /// It has a profile, and its device node may not be opened.
    case noPermission
    /// It cannot be read. One that has a profile is tried again every few seconds; one that has none says itself, malformed, what it
    /// sends.
    case faulty

    /// For people.
    public var words: String {
      switch self {
      case .claiming: "being claimed"
      case .claimed: "read"
      case .adoptable: "left alone"
      case .listening: "listened to"
      case .silent: "does not answer"
      case .noPermission: "no permission"
      case .faulty: "faulty"
      }
    }
  }

  /// What is wrong with a device.
  public struct Fault: Hashable, Sendable, Codable {
    /// What, naming the device.
    public let message: String
    /// What to do about it.
    public let remedy: String
  }

  /// Vendor, product and port, such as `05e0:1200@1-1.4`: the same device in the same socket keeps its id.
  public let id: String
  /// The bus number.
  public let bus: UInt8
  /// The address on the bus; changes at every plugging in.
  public let address: UInt8
  /// The port path as the kernel writes it, such as `1-1.4`.
  public let port: String
  /// idVendor.
  public let vendorID: UInt16
  /// idProduct.
  public let productID: UInt16
  /// What people call it: the profile's name, else the product's, else vendor and product.
  public internal(set) var name: String
  /// The strings that the kernel read from the device; nil where it has none.
  public let manufacturer: String?
  /// See `manufacturer`.
  public let product: String?
  /// See `manufacturer`. Not unique: makers ship whole series with one number.
  public let serial: String?
  /// The profile by which it is read; nil while it is left alone.
  public internal(set) var profile: String?
  /// What the profile speaks, such as `keyboard`; nil without one.
  public internal(set) var `protocol`: String?
  /// What its interfaces could speak: keyboard, serial, ccid.
  public internal(set) var protocols: [String] = []
  /// Who a reader says it is.
  public internal(set) var identity: String?
  /// What the station can do with it.
  public internal(set) var state: State
  /// What keeps it from being read, or disturbs its reading; nil while all is well.
  public internal(set) var fault: Fault?
  /// What was heard of a device that nobody has adopted; nil of any other, and of one that is not listened to.
  public internal(set) var heard: HeardBytes?
  /// Why a device on a serial line that nobody has adopted is not listened to; nil of any other.
  public internal(set) var unheard: String?
  /// What was seen so far.
  public internal(set) var counters = USBDeviceCounters()
}

/// What the station has seen of one device since it was plugged in. Counters only grow.
public struct USBDeviceCounters: Hashable, Sendable, Codable {
  /// Stalls of the endpoint, each cleared.
  public internal(set) var stalls = 0
  /// Transfers that failed on the wire.
  public internal(set) var errors = 0
  /// Transfers that brought more than the endpoint may send.
  public internal(set) var overflows = 0
  /// Transfers that completed without a byte.
  public internal(set) var emptyTransfers = 0
  /// How often the device was read more slowly because it babbled.
  public internal(set) var throttlings = 0
  /// What its keyboard wedge has seen.
  public internal(set) var wedge = WedgeStatistics()
}
