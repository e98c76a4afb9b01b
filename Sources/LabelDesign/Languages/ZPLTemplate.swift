/// A label written in ZPL by hand, for those who have such: `{{field}}` in the data of a field (`^FD`, `^FV`) stands for a value.
///
/// A value can never be a command: it goes in as hexadecimal (`^FH`) wherever it is more than letters, digits and harmless signs, and
/// a template is refused where that could not be made certain: a field outside of `^FD` and `^FV`, or commands that give `^`, `~`
/// or the comma another meaning.
///
///     ^XA^CI28^FO40,30^A0N,40^FD{{model}}^FS^FO40,90^BY2^BCN,80^FD{{tag}}^FS^XZ
public struct ZPLTemplate: Hashable, Sendable {
  /// A piece of the template.
  private enum Piece: Hashable {
    case text(String)
    /// A field, with the sign of `^FH` that it stands under.
    case field(name: String, sign: UInt8, isCode128: Bool)
    /// Where `^PQ` can be put: before the last `^XZ`.
    case quantity
  }

  private let pieces: [Piece]
  private let hasUTF8: Bool
  private let hasQuantity: Bool

  /// The longest template, in bytes.
  public static let longest = 262_144

  /// The names of its fields, each once, in the order in which they come.
  public var fields: [String] {
    var names: [String] = []
    for case .field(let name, _, _) in pieces where !names.contains(name) { names.append(name) }
    return names
  }

  /// Reads a template.
  public init(_ text: String) throws(ZPLTemplateFault) {
    guard text.utf8.count <= Self.longest else {
      throw ZPLTemplateFault(line: 1, message: "The template is longer than \(Self.longest) bytes.")
    }
    var reader = Reader(text)
    pieces = try reader.read()
    hasUTF8 = reader.commands.contains("^CI28")
    hasQuantity = reader.commands.contains { $0.hasPrefix("^PQ") }
  }

  /// The label with values in its fields.
  ///
  /// - Throws: when a value is missing or cannot be carried; and for copies beside a template's own `^PQ`.
  public func filled(_ values: [String: String], copies: Int = 1) throws(ZPLTemplateFault) -> [UInt8] {
    guard PrintedLabel.copiesAtOnce.contains(copies) else {
      throw ZPLTemplateFault(line: nil, message: PrintedLabel.words(ofCopies: copies))
    }
    guard copies == 1 || !hasQuantity else {
      throw ZPLTemplateFault(line: nil, message: "The template says by ^PQ how many are printed; ask for one.")
    }
    if let name = values.keys.sorted().first(where: { !fields.contains($0) }) {
      throw ZPLTemplateFault(
        line: nil, message: "The template has no field \(name); it has \(fields.joined(separator: ", ")).")
    }
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .text(let text): bytes += text.utf8
      case .quantity: if copies > 1 { bytes += "^PQ\(copies)".utf8 }
      case .field(let name, let sign, let isCode128):
        guard let value = values[name] else {
          throw ZPLTemplateFault(line: nil, message: "The field \(name) has no value.")
        }
        bytes += try carried(value, of: name, sign: sign, isCode128: isCode128)
      }
    }
    return bytes
  }

  private func carried(
    _ value: String, of name: String, sign: UInt8, isCode128: Bool
  ) throws(ZPLTemplateFault) -> [UInt8] {
    let bytes = Array(value.utf8)
    // ^FD takes 3072 bytes (ZPL II Programming Guide).
    guard bytes.count <= 3_072 else {
      throw ZPLTemplateFault(line: nil, message: "The value of \(name) has \(bytes.count) bytes; a field takes 3072.")
    }
    if let control = value.unicodeScalars.first(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
      let code = String(control.value, radix: 16, uppercase: true)
      throw ZPLTemplateFault(
        line: nil, message: "The value of \(name) has the control character U+\(code.count < 2 ? "000" : "00")\(code).")
    }
    if !hasUTF8, bytes.contains(where: { $0 > 0x7E }) {
      throw ZPLTemplateFault(
        line: nil,
        message: "The value of \(name) has signs beyond ASCII; the template wants ^CI28 behind its ^XA for them.")
    }
    if isCode128, bytes.contains(UInt8(ascii: ">")) {
      throw ZPLTemplateFault(
        line: nil, message: "The value of \(name) has >, which ^BC takes for a change of its code set.")
    }
    let digits = Array("0123456789ABCDEF".utf8)
    return bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "/"), UInt8(ascii: ":"):
        byte == sign ? [sign, digits[Int(byte >> 4)], digits[Int(byte & 0xF)]] : [byte]
      default: [sign, digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
      }
    }
  }
}

/// Why a ZPL template cannot be used, or filled.
public struct ZPLTemplateFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line of the template, from 1; nil when a value is at fault.
  public let line: Int?
  /// What is wrong, a sentence.
  public let message: String

  /// `line N: message`.
  public var description: String { line.map { "line \($0): \(message)" } ?? message }
}

extension ZPLTemplate {
  /// Takes a template apart command by command.
  private struct Reader {
    /// One command: `^` or `~`, two letters (`^A` has one), and what follows up to the next.
    private struct Command {
      let text: Substring
      let name: String
      let line: Int
    }

    private let text: String
    /// Every command so far, with its parameters, in capital letters.
    private(set) var commands: [String] = []

    init(_ text: String) { self.text = text }

    mutating func read() throws(ZPLTemplateFault) -> [Piece] {
      let all = split()
      commands = all.map { $0.text.filter { !$0.isWhitespace }.uppercased() }
      guard let first = all.first(where: { $0.name == "^XA" }), let last = all.lastIndex(where: { $0.name == "^XZ" }),
        first.line <= all[last].line
      else { throw ZPLTemplateFault(line: 1, message: "A label begins with ^XA and ends with ^XZ.") }
      var pieces: [Piece] = []
      var plain = ""
      // Of the field that is being described: the sign of ^FH, and whether it is a Code 128.
      var sign: UInt8?
      var isCode128 = false
      for (index, command) in all.enumerated() {
        if ["^CC", "~CC", "^CT", "~CT", "^CD", "~CD"].contains(command.name) {
          throw ZPLTemplateFault(
            line: command.line, message: "\(command.name) gives the signs of commands another meaning; leave it out.")
        }
        if index == last {
          pieces += [.text(plain), .quantity]
          plain = ""
        }
        switch command.name {
        case "^FS", "^XA": (sign, isCode128) = (nil, false)
        case "^BC": isCode128 = true
        case "^FH": sign = try Self.sign(command)
        default: break
        }
        guard command.text.contains("{{") else {
          plain += command.text
          continue
        }
        guard command.name == "^FD" || command.name == "^FV" else {
          throw ZPLTemplateFault(
            line: command.line, message: "A field stands in the data of ^FD or ^FV, not in \(command.name).")
        }
        let used = sign ?? UInt8(ascii: "_")
        let data = try Self.data(command)
        if sign == nil { plain += "^FH_" }
        plain += command.text.prefix(3)
        for part in data {
          switch part {
          // Without a ^FH of its own the template's text means itself.
          case .text(let text): plain += sign == nil ? text.replacing("_", with: "_5F") : text
          case .field(let name):
            pieces += [.text(plain), .field(name: name, sign: used, isCode128: isCode128)]
            plain = ""
          }
        }
      }
      return pieces + [.text(plain)]
    }

    private func split() -> [Command] {
      var commands: [Command] = []
      var line = 1
      var start = text.startIndex
      var startLine = 1
      func end(at index: String.Index) {
        guard start < index else { return }
        let piece = text[start..<index]
        let letters = piece.prefix(3).uppercased()
        commands.append(
          Command(text: piece, name: letters.hasPrefix("^A") && letters != "^XA" ? "^A" : letters, line: startLine))
      }
      for index in text.indices {
        let character = text[index]
        if character == "^" || character == "~" {
          end(at: index)
          (start, startLine) = (index, line)
        }
        if character.isNewline { line += 1 }
      }
      end(at: text.endIndex)
      return commands
    }

    private static func sign(_ command: Command) throws(ZPLTemplateFault) -> UInt8 {
      guard let byte = command.text.dropFirst(3).utf8.first, byte > 0x20 else { return UInt8(ascii: "_") }
      guard byte < 0x7F else {
        throw ZPLTemplateFault(line: command.line, message: "The sign of ^FH must be an ASCII sign.")
      }
      return byte
    }

    private enum Part {
      case text(String)
      case field(String)
    }

    private static func data(_ command: Command) throws(ZPLTemplateFault) -> [Part] {
      var parts: [Part] = []
      var rest = command.text.dropFirst(3)
      while let opening = rest.firstRange(of: "{{") {
        parts.append(.text(String(rest[..<opening.lowerBound])))
        let behind = rest[opening.upperBound...]
        guard let closing = behind.firstRange(of: "}}") else {
          throw ZPLTemplateFault(line: command.line, message: "{{ is not closed by }}.")
        }
        let name = behind[..<closing.lowerBound].filter { $0 != " " }
        guard (1...64).contains(name.utf8.count),
          name.utf8.allSatisfy({ byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
              || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & ~0x20)
          })
        else {
          throw ZPLTemplateFault(
            line: command.line, message: "A field's name has 1 to 64 letters, digits and _, unlike '\(name)'.")
        }
        parts.append(.field(name))
        rest = behind[closing.upperBound...]
      }
      return parts + [.text(String(rest))]
    }
  }
}
