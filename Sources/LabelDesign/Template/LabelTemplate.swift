/// A label, sheet or certificate that waits for its fields: an SVG drawing in millimetres, read and checked.
///
/// A template that could be made holds no script, no link to anywhere, no element that a label does not need, nothing that
/// grows when it is drawn; every name in it is a field of its description, and every text that a field can lengthen has a
/// width that it must keep. What its grammar is stands at the head of `labels/README.md`.
public struct LabelTemplate: Hashable, Sendable {
  /// The most bytes that a drawing may have.
  public static let maximumLength = MarkupLimits.bytes

  /// The name of its folder.
  public let id: String
  public let description: LabelDescription
  /// The symbologies in it, in order of their first symbol.
  public let symbologies: [LabelSymbology]
  /// What a page's artwork begins with: the start tag of its SVG, and the definitions that shapes refer to.
  let opening: String
  let nodes: [DrawingNode]

  /// Reads a drawing.
  ///
  /// - Parameters:
  ///   - id: the name of the folder that it is in.
  ///   - svg: what stands in `template.svg`.
  ///   - file: how faults name that file.
  /// - Throws: `LabelFault`, naming the line and what is wrong there.
  public init(id: String, svg: String, description: LabelDescription, file: String) throws(LabelFault) {
    let root = try MarkupParser.parse(svg, file: file)
    var reading = TemplateReading(description: description, file: file)
    try reading.read(root)
    self.id = id
    self.description = description
    symbologies = reading.symbologies
    opening = reading.opening
    nodes = reading.nodes
  }
}
