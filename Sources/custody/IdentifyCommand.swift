import ArgumentParser
import AssetIdentifiers
import Foundation

struct IdentifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify",
    abstract: "Says what scans mean: one line of JSON for each line of standard input.",
    discussion: """
      A line is a scan as text: \\xNN stands for a byte, \\\\ for a backslash, and an AIM symbology identifier such as
      ]C1 may stand first. hex: begins an EPC or raw bytes. The answer has input, kind, and of fields, elementString,
      tagURI, epcURI, digitalLink, hex and reason those that apply; or an error with message, start and length, counted
      in the bytes of input. With --encoding or --filter, the tagURI and hex of the tag that is to be written come with
      it; of an element string or a Digital Link that takes the company prefix, which no barcode tells. A scan that cannot be taken is an answer: the run goes on, and the exit status is 0.

      Examples:
        echo ']C10109506000134352' | custody identify
        echo '(01)80614141123458(21)6789' | custody identify --company-prefix 0614141
        echo 'hex:3074257BF7194E4000001A85' | custody identify
        printf '^0109506000134352^21ABC\\n' | custody identify --caret
        echo '001B213C4D5E' | custody identify --as mac
        echo '(8004)06141415678' | custody identify --company-prefix 7 --encoding giai-96 --filter 0
        echo 'urn:epc:id:sgtin:0614141.812345.6789' | custody identify --encoding shortest --filter 1
      """)

  /// What the scans are known to be.
  enum Known: String, ExpressibleByArgument, CaseIterable { case mac, imei }

  @Flag(help: "Take ^ for FNC1.") var caret = false
  @Flag(help: "Other symbols stand beside these: an identifier may lack those that GS1 demands beside it.")
  var partial = false
  @Option(
    name: .customLong("company-prefix"),
    help: ArgumentHelp(
      "A GS1 company prefix, 6 to 12 digits: keys that begin with it get their EPC. May be given several times. "
        + "A number from 6 to 12 is how many digits the prefix of any other key has."))
  var companyPrefixes: [String] = []
  @Option(
    help: ArgumentHelp(
      "Write a tag of this encoding: shortest, or one of "
        + EPCEncoding.allCases.map(\.rawValue).joined(separator: ", ") + "."))
  var encoding: String?
  @Option(help: "Write a tag with this filter value, 0 to 7; 0 when only --encoding is given.") var filter: UInt8?
  @Option(name: .customLong("as"), help: "The scans are known to be of this kind.") var known: Known?
  @Option(help: "The scans are serial numbers of this manufacturer.") var manufacturer: String?
  @Option(
    name: .customLong("serial-rules"),
    help: "A file of rules for serial numbers (JSON), added to those that are shipped; see docs/identify.md.")
  var serialRules: String?

  /// A prefix is given by its digits, or by how many they are.
  private var prefixLengths: [Int] { companyPrefixes.filter { $0.utf8.count <= 2 }.compactMap { Int($0) } }

  private var tagForm: TagForm? {
    encoding == nil && filter == nil
      ? nil : TagForm(encoding: encoding.flatMap { EPCEncoding(rawValue: $0.lowercased()) }, filter: filter)
  }

  func validate() throws {
    for prefix in companyPrefixes {
      let isLength = prefix.utf8.count <= 2 && Int(prefix).map { (6...12).contains($0) } == true
      guard isLength || ((6...12).contains(prefix.utf8.count) && prefix.utf8.allSatisfy { (0x30...0x39).contains($0) })
      else {
        throw ValidationError(
          "A GS1 company prefix has 6 to 12 digits; \(prefix) has not. Give the prefix, or how many digits it has.")
      }
    }
    guard prefixLengths.count < 2 else {
      throw ValidationError("Give one number of digits; prefixes of other lengths by their digits.")
    }
    if let filter, filter > 7 { throw ValidationError("A filter value is 0 to 7; \(filter) is not.") }
    if let encoding, encoding.lowercased() != "shortest", EPCEncoding(rawValue: encoding.lowercased()) == nil {
      let known = EPCEncoding.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("There is no EPC encoding \(encoding) here; give shortest, or one of \(known).")
    }
    if known != nil, manufacturer != nil { throw ValidationError("Give --as or --manufacturer, not both.") }
  }

  func run() throws {
    let prefixes = CompanyPrefixes(companyPrefixes, lengthOfOthers: prefixLengths.first)
    let hint: RawScan.Hint? =
      switch known {
      case .mac: .mac
      case .imei: .imei
      case nil: manufacturer.map { .serial(manufacturer: $0) }
      }
    let rules = try serialRules.map { SerialRule.known(with: try SerialRuleFile.rules(at: $0)) } ?? SerialRule.known
    if let manufacturer, !rules.contains(where: { $0.manufacturer.lowercased() == manufacturer.lowercased() }) {
      let known = Set(rules.map(\.manufacturer)).sorted().joined(separator: ", ")
      throw Ending(
        2, "There is no rule for serial numbers of \(manufacturer).", remedy: "There are rules for \(known).")
    }
    var lines = BoundedLines(input: .standardInput)
    while let line = try lines.next() {
      var answer = answer(to: line, prefixes: prefixes, hint: hint, rules: rules)
      answer.append(0x0A)
      try FileHandle.standardOutput.write(contentsOf: Data(answer))
    }
  }

  private func answer(
    to line: BoundedLines.Line, prefixes: CompanyPrefixes, hint: RawScan.Hint?, rules: [SerialRule]
  ) -> [UInt8] {
    let notation = ScanNotation(line.bytes)
    guard !line.isCut else {
      let error = IdentifierError.lineTooLong(shown: notation.input.utf8.count, most: BoundedLines.longest)
      return IdentifierReport.jsonLine(input: notation.input, error: error)
    }
    do throws(IdentifierError) {
      let identifier = try notation.interpret(
        caretIsFNC1: caret, isWholeItem: !partial, hint: hint, serialRules: serialRules == nil ? nil : rules)
      var report = IdentifierReport(identifier, prefixes: prefixes, rules: rules)
      if let tagForm { try report.addTag(tagForm, prefixes: prefixes, input: notation.input) }
      return report.jsonLine(input: notation.input)
    } catch {
      return IdentifierReport.jsonLine(input: notation.input, error: error)
    }
  }
}

/// Lines of a stream, read as they come and held to a length: of a longer one only the beginning is kept.
private struct BoundedLines {
  struct Line {
    let bytes: ArraySlice<UInt8>
    let isCut: Bool
  }

  /// Bytes of a line that is taken whole.
  static let longest = 262_144
  /// Bytes that are kept of a longer one.
  static let kept = 4096

  let input: FileHandle
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  init(input: FileHandle) { self.input = input }

  mutating func next() throws -> Line? {
    var head: [UInt8]?
    while true {
      if let end = buffer[position...].firstIndex(of: 0x0A) {
        let line = buffer[position..<end]
        position = end + 1
        return taken(line, after: head)
      }
      if isAtEnd {
        guard head != nil || position < buffer.count else { return nil }
        let line = buffer[position...]
        position = buffer.count
        return taken(line, after: head)
      }
      if head != nil || buffer.count - position > Self.longest {
        if head == nil { head = Array(buffer[position...].prefix(Self.kept)) }
        buffer.removeAll(keepingCapacity: true)
      } else {
        buffer.removeSubrange(..<position)
      }
      position = 0
      guard let more = try input.read(upToAvailable: 65_536) else {
        isAtEnd = true
        continue
      }
      buffer += more
    }
  }

  private func taken(_ line: ArraySlice<UInt8>, after head: [UInt8]?) -> Line {
    if let head { return Line(bytes: head[...], isCut: true) }
    return line.count > Self.longest
      ? Line(bytes: line.prefix(Self.kept), isCut: true) : Line(bytes: line, isCut: false)
  }
}

extension FileHandle {
  /// What is there, without waiting for more than the first byte; nil at the end.
  fileprivate func read(upToAvailable most: Int) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: most)
    while true {
      let count = bytes.withUnsafeMutableBytes { Foundation.read(fileDescriptor, $0.baseAddress, most) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Ending(4, "Standard input cannot be read: \(String(cString: strerror(errno))).") }
      return count == 0 ? nil : Array(bytes[..<count])
    }
  }
}
