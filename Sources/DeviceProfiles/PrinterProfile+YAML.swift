import LabelDesign
import Yams

extension PrinterProfile {
  /// Reads a `profile.yaml` of a printer. Its grammar stands at the head of `printers/README.md`.
  ///
  /// - Parameters:
  ///   - id: the name of the folder that it is in.
  ///   - file: how faults name it.
  /// - Throws: `DeviceProfileFault`, naming the line.
  public init(yaml: String, id: String, file: String) throws(DeviceProfileFault) {
    var section = try ProfileSection(yaml: yaml, file: file)
    let name = try section.requiredText("name")
    guard let language = try section.word("language", PrinterLanguage.self) else {
      throw section.fault("language", "is missing")
    }
    guard let dotsPerInch = try section.number("dpi", in: 100...1_200) else { throw section.fault("dpi", "is missing") }
    let widthInDots: Int
    if language == .brotherQL {
      guard let head = try section.number("head", in: 720...1_296), [720, 1_296].contains(head) else {
        throw section.fault("head", "must be 720 or 1296")
      }
      widthInDots = head
    } else {
      guard let width = try section.decimal("width", in: 10...350) else { throw section.fault("width", "is missing") }
      widthInDots = Int((width / 25.4 * Double(dotsPerInch)).rounded())
    }
    self.init(id: id, name: name, language: language, dotsPerInch: dotsPerInch, widthInDots: widthInDots)
    usb = try section.list("usb", want: "vendor and product such as 0a5f:0166") { USBNumbers($0) } ?? []
    switch language {
    case .zpl:
      speed = try section.number("speed", in: 1...14)
      darkness = try section.number("darkness", in: 0...30)
      encodesTags = try section.flag("rfid") ?? false
    case .tspl:
      speed = try section.number("speed", in: 1...14)
      darkness = try section.number("darkness", in: 0...15)
      tsplStatus = try section.word("status", TSPLStatusForm.self) ?? .short
    case .brotherQL: compresses = try section.flag("compression") ?? false
    case .document: break
    }
    answersOnNetwork = try section.flag("network-status") ?? true
    _ = try section.list("notes", want: "sentences") { $0 }
    _ = try section.list("sources", want: "places") { $0 }
    try section.end(of: "a printer's profile with language \(language.rawValue)")
  }
}
