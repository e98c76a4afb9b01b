import ReaderNetwork
import ScannerProtocols

/// One RFID reader on the network, as the settings have it.
public struct ReaderSetting: Sendable, Equatable {
  /// Its name: 1 to 32 letters, digits, `-` and `_`. Antennas are told apart by it.
  public let name: String
  public let address: ReaderAddress

  /// Reads `NAME=ADDRESS`; throws a sentence that says what is wrong.
  public init(_ text: String) throws(TagSettingError) {
    let (name, rest) = try TagSettingError.named(
      text, "A reader is written NAME=ADDRESS, such as dock=llrp://10.0.0.5.")
    guard name.isNameOfDevice else {
      throw TagSettingError("A reader's name has 1 to 32 letters, digits, - and _.")
    }
    self.name = name
    do { address = try ReaderAddress(rest) } catch { throw TagSettingError(error.description) }
  }
}

extension TagField.Configuration {
  /// Which tags count and where antennas stand, as the settings have it:
  ///
  ///     zones      NAME=ANTENNA[+ANTENNA…]                  ANTENNA is READER:NUMBER
  ///     doors      NAME=ANTENNA[+ANTENNA…]/ANTENNA[+…]      inside, then outside
  ///     only       EPC[/BITS] or EPC&MASK                   tags whose EPC begins so, in hexadecimal; none for all. Of EPC&MASK
  ///                                                         count the bits that are 1 in MASK
  ///     never      EPC[/BITS]                               tags that do not count, whatever `only` says
  ///
  /// Throws a sentence that says what is wrong.
  public init(
    zones: [String] = [], doors: [String] = [], only: [String] = [], never: [String] = [],
    goneAfter: Duration = .seconds(2)
  ) throws(TagSettingError) {
    var smoothing = TagSmoother.Configuration(departure: goneAfter, reminder: nil)
    for text in zones {
      let (name, rest) = try TagSettingError.named(
        text, "A zone is written NAME=READER:ANTENNA, such as shelf=dock:1+dock:2.")
      for antenna in try Self.antennas(rest[...]) {
        guard smoothing.zones.updateValue(name, forKey: antenna) == nil else {
          throw TagSettingError("The antenna \(antenna.reader):\(antenna.number) stands in two zones.")
        }
      }
    }
    for text in only { smoothing.filter.only.append(try Self.mask(text)) }
    for text in never { smoothing.filter.never.append(try Self.mask(text)) }
    var doorways: [String: Doorway.Configuration] = [:]
    for text in doors {
      let form = "A door is written NAME=INSIDE/OUTSIDE, such as gate=dock:1/dock:2."
      let (name, rest) = try TagSettingError.named(text, form)
      let sides = rest.split(separator: "/", omittingEmptySubsequences: false)
      guard sides.count == 2 else { throw TagSettingError(form) }
      let inside = Set(try Self.antennas(sides[0]))
      let outside = Set(try Self.antennas(sides[1]))
      guard inside.isDisjoint(with: outside) else {
        throw TagSettingError("An antenna of the door \(name) stands on both sides of it.")
      }
      guard doorways.updateValue(.init(inside: inside, outside: outside), forKey: name) == nil else {
        throw TagSettingError("Two doors are named \(name).")
      }
    }
    self.init(smoothing: smoothing, doorways: doorways)
  }

  private static func antennas(_ text: Substring) throws(TagSettingError) -> [TagAntenna] {
    var antennas: [TagAntenna] = []
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      guard let colon = part.lastIndex(of: ":"), colon > part.startIndex,
        let number = Int(part[part.index(after: colon)...]),
        (0...65_535).contains(number)
      else { throw TagSettingError("'\(part)' is no antenna; one is written READER:NUMBER, such as dock:1.") }
      antennas.append(TagAntenna(reader: String(part[..<colon]), number: number))
    }
    return antennas
  }

  private static func mask(_ text: String) throws(TagSettingError) -> EPCMask {
    let masked = text.split(separator: "&", omittingEmptySubsequences: false).map(String.init)
    guard masked.count == 1 else {
      guard masked.count == 2, masked[0].count == masked[1].count, !text.contains("/") else {
        throw TagSettingError(
          "'\(text)': on both sides of the & stand as many hexadecimal digits, such as 3034000F&FF00000F.")
      }
      let (value, mask) = (try Self.mask(masked[0]).value, try bytes(masked[1]))
      guard mask.contains(where: { $0 != 0 }) else {
        throw TagSettingError("'\(text)': behind the & no bit is 1, so that every tag would be meant.")
      }
      return EPCMask(value: value, mask: mask)
    }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let bytes = try bytes(String(parts[0]))
    var bits = parts[0].count * 4
    if parts.count == 2 {
      guard let number = Int(parts[1]), (1...bits).contains(number) else {
        throw TagSettingError("'\(text)': behind the / stands how many bits count, 1 to \(bits).")
      }
      bits = number
    }
    return EPCMask(prefix: bytes, bits: bits)
  }
}

extension TagField.Configuration {
  /// An odd digit is half a byte.
  private static func bytes(_ text: String) throws(TagSettingError) -> [UInt8] {
    let digits = text.map(\.hexDigitValue)
    guard (1...62).contains(digits.count), !digits.contains(nil) else {
      throw TagSettingError("'\(text)' is no beginning of an EPC; give 1 to 62 hexadecimal digits, such as 3034.")
    }
    let values = digits.compactMap(\.self) + (digits.count.isMultiple(of: 2) ? [] : [0])
    return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
  }
}

/// Why a setting names no reader, zone, door or filter: a sentence.
public struct TagSettingError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }

  /// What stands on either side of the first equals sign.
  static func named(_ text: String, _ form: String) throws(TagSettingError) -> (name: String, rest: String) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { throw TagSettingError(form) }
    return (String(text[..<sign]), String(text[text.index(after: sign)...]))
  }
}

extension String {
  /// Whether it can name a camera or a reader: 1 to 32 letters, digits, `-` and `_`.
  var isNameOfDevice: Bool {
    (1...32).contains(utf8.count)
      && utf8.allSatisfy {
        ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || (0x30...0x39) ~= $0 || $0 == 0x2D || $0 == 0x5F
      }
  }
}
