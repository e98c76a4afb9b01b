/// What a device on a serial line has said that nobody has adopted, and what it looks like: told, and acted upon by nobody.
///
/// Keeps the beginning of the last line alone; of the rest it counts.
public struct HeardBytes: Hashable, Sendable, Codable {
  /// What bytes can look like.
  public enum Likeness: String, Hashable, Sendable, Codable {
    /// Text, as scanners send it.
    case text
    /// Frames of a Chafon reader, their check right.
    case chafon
    /// Frames of a ThingMagic reader, their check right.
    case mercury
    /// Frames of an M100 or R200 reader, their check right.
    case m100
    /// None of these: perhaps it speaks at another rate.
    case unknown
  }

  /// How many bytes came.
  public internal(set) var count = 0
  /// What they look like.
  public internal(set) var likeness = Likeness.unknown
  /// The last line, where they look like text: at most `longestText` characters.
  public internal(set) var text: String?

  /// What is shown of a line, in characters.
  public static let longestText = 64

  /// Nothing heard.
  public init() {}

  /// The profiles, of those that there are, that could fit, first to last; those of a reader need to be asked which of them it is.
  public func profiles(among all: [DeviceProfile]) -> [DeviceProfile] {
    all.filter { profile in
      switch (likeness, profile.deviceProtocol) {
      case (.text, .serial): profile.usb.isEmpty
      case (.chafon, .reader(.chafon18, _, _)), (.chafon, .reader(.chafon288, _, _)),
        (.mercury, .reader(.mercury, _, _)), (.m100, .reader(.m100, _, _)):
        true
      default: false
      }
    }
  }

  /// In words, such as "14 bytes heard; they look like text: AT-00042".
  public var words: String {
    guard count > 0 else { return "nothing heard yet" }
    let heard = count == 1 ? "1 byte heard; it looks" : "\(count) bytes heard; they look"
    return switch likeness {
    case .text:
      (count == 1 ? "1 byte heard; it looks like text" : "\(count) bytes heard; they look like text")
        + (text.map { ": \($0)" } ?? "")
    case .chafon: "\(heard) like frames of a Chafon reader"
    case .mercury: "\(heard) like frames of a ThingMagic reader"
    case .m100: "\(heard) like frames of an M100 or R200 reader"
    case .unknown:
      "\(heard) like neither text nor frames of a known reader; perhaps it speaks at another rate than 9600 baud"
    }
  }
}
