extension SerialRule {
  /// A rule whose form is written down, as in files of rules.
  ///
  /// The grammar:
  /// ```
  /// form  = 1*(run / part / quote)          at most 64 characters of a serial number's label
  /// run   = 1*"9" / 1*"A" / 1*"X"           digits; capital letters; either
  /// part  = "{" name ":" 1*run "}"          a part with a name: "serial" is the serial number alone
  /// quote = "'" 1*CHAR "'"                  these characters
  /// name  = ALPHA *(ALPHA / DIGIT)
  /// ```
  /// `XXX{year:9}{week:99}XXXX` is HP's, `'1S'{machineType:XXXX}{model:XXXXXX}{serial:XXXXXXXX}` Lenovo's. A part named
  /// `week` is held to 1 to 53.
  /// - Throws: ``IdentifierError``; its span counts in the UTF-8 of `form`.
  public init(
    _ id: String, manufacturer: String, name: String, form: String, source: String, proves: String,
    isSelfEvident: Bool = false
  ) throws(IdentifierError) {
    self.init(
      id, manufacturer: manufacturer, name: name, form: try Self.pieces(of: Array(form.utf8)[...]), source: source,
      proves: proves, isSelfEvident: isSelfEvident)
  }

  /// The rules that are shipped and those of a site, which take the place of shipped ones with the same identifier.
  public static func known(with own: [SerialRule]) -> [SerialRule] {
    let replaced = Set(own.map(\.id))
    return known.filter { !replaced.contains($0.id) } + own
  }

  /// The form as it is written down: the inverse of what the initializer reads.
  public var writtenForm: String {
    var text = ""
    var open: String?
    for piece in form {
      let name: String? = if case .part(let name, _, _) = piece { name } else { nil }
      if let open, open != name { text += "}" }
      if let name, open != name { text += "{\(name):" }
      open = name
      switch piece {
      case .literal(let literal): text += "'\(literal)'"
      case .part(_, let characters, let count): text += String(repeating: characters.mark, count: count)
      }
    }
    return open == nil ? text : text + "}"
  }

  private static func pieces(of form: Bytes) throws(IdentifierError) -> [Piece] {
    func fault(_ sentence: String, _ start: Int, _ length: Int) -> IdentifierError {
      IdentifierError(
        "serialRule.form", sentence,
        remedy: "Write 9 for a digit, A for a letter, X for either, 'text' in quotes and {name:XXX} for a named part.",
        start: start, length: length)
    }
    var pieces: [Piece] = []
    var name: String?
    var nameStart = form.startIndex
    var length = 0
    var index = form.startIndex
    while index < form.endIndex {
      let byte = form[index]
      if let characters = Characters(mark: byte) {
        let run = form[index...].prefix { $0 == byte }
        pieces.append(.part(name, characters, run.count))
        (index, length) = (run.endIndex, length + run.count)
      } else if byte == UInt8(ascii: "'"), name == nil {
        guard let end = form[(index + 1)...].firstIndex(of: byte), end > index + 1 else {
          throw fault("Text in quotes ends with a quote, and is not empty.", index, form.endIndex - index)
        }
        pieces.append(.literal(form[(index + 1)..<end].text))
        (length, index) = (length + end - index - 1, end + 1)
      } else if byte == UInt8(ascii: "{"), name == nil {
        let rest = form[(index + 1)...]
        let letters = rest.prefix { isLetter($0) || isDigit($0) }
        guard letters.first.map(isLetter) == true, letters.endIndex < form.endIndex,
          form[letters.endIndex] == UInt8(ascii: ":"), letters.endIndex + 1 < form.endIndex,
          form[letters.endIndex + 1] != UInt8(ascii: "}")
        else { throw fault("A named part is written as {name:XXX}.", index, form.endIndex - index) }
        (name, nameStart, index) = (letters.text, index, letters.endIndex + 1)
      } else if byte == UInt8(ascii: "}"), name != nil {
        name = nil
        index += 1
      } else {
        throw fault("This character says nothing in a form.", index, 1)
      }
    }
    if name != nil { throw fault("The part's closing brace is missing.", nameStart, form.endIndex - nameStart) }
    guard pieces.contains(where: { if case .part = $0 { true } else { false } }), length <= 64 else {
      throw fault(
        "A form has a digit or a letter at least, and stands for at most 64 characters.", form.startIndex, form.count)
    }
    return pieces
  }
}

extension SerialRule.Characters {
  fileprivate var mark: Character {
    switch self {
    case .digits: "9"
    case .letters: "A"
    case .lettersOrDigits: "X"
    }
  }

  fileprivate init?(mark: UInt8) {
    switch mark {
    case UInt8(ascii: "9"): self = .digits
    case UInt8(ascii: "A"): self = .letters
    case UInt8(ascii: "X"): self = .lettersOrDigits
    default: return nil
    }
  }
}
