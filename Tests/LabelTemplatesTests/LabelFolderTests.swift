import Foundation
import LabelDesign
import LabelTemplates
import Testing

/// Reading `label.yaml` and the folder around it.
@Suite("Label folders")
struct LabelFolderTests {
  private func description(_ yaml: String) throws(LabelFault) -> LabelDescription {
    try LabelDescription(yaml: yaml, file: "label.yaml")
  }

  @Test func `everything that a description may hold is there`() throws {
    let label = try description(
      """
      name: Pallet
      width: 100
      height: 50.5
      gap: 2.5
      fields:
        order: {title: Order, example: DO-7, maximum-length: 12, characters: code}
        note: {title: Note, optional: true, lines: true}
      lists:
        items:
          title: Contents
          maximum-rows: 3
          fields:
            tag: {title: Tag, example: AT-1, characters: code}
            serial: {title: Serial, optional: true}
          examples: [{tag: AT-1}, {tag: AT-2, serial: x}]
      notes: [Fold it.]
      """)
    #expect(label.name == "Pallet")
    #expect(label.size == LabelSize(width: 100, height: 50.5))
    #expect(label.gap == 2.5)
    #expect(
      label.fields == [
        LabelField(name: "order", title: "Order", example: "DO-7", maximumLength: 12, characters: .code),
        LabelField(name: "note", title: "Note", example: "", isRequired: false, isMultiline: true),
      ])
    #expect(label.lists[0].maximumRows == 3)
    #expect(label.lists[0].fields.map(\.isRequired) == [true, false])
    #expect(label.examples.fields == ["order": "DO-7"])
    #expect(label.examples.lists == ["items": [["tag": "AT-1"], ["tag": "AT-2", "serial": "x"]]])
    #expect(label.notes == ["Fold it."])
  }

  @Test(arguments: [
    ("width: 10\nheight: 10\n", 1, "`name` is missing"),
    ("name: A\nheight: 10\n", 1, "`width` is missing"),
    ("name: A\nwidth: 2\nheight: 10\n", 2, "`width` must be a number from 4.0 to 450.0, not 2"),
    ("name: A\nwidth: 10\nheight: 10\ncolour: red\n", 4, "`colour` is no key of a label"),
    ("name: A\nwidth: 10\nheight: 10\nfields:\n  Tag: {title: T, example: x}\n", 5, "`Tag` is no name of a field"),
    ("name: A\nwidth: 10\nheight: 10\nfields:\n  tag: {title: T}\n", 5, "`example` is missing: `tag` is not optional"),
    (
      "name: A\nwidth: 10\nheight: 10\nfields:\n  tag:\n    title: T\n    example: abc\n    maximum-length: 2\n", 7,
      "has 3 characters; it takes at most 2"
    ),
    (
      "name: A\nwidth: 10\nheight: 10\nfields:\n  tag:\n    title: T\n    example: abc\n    characters: digits\n", 7,
      "holds “a”"
    ),
    (
      "name: A\nwidth: 10\nheight: 10\nfields:\n  tag:\n    title: T\n    exmple: a\n    optional: true\n", 7,
      "`exmple` is no key"
    ),
    (
      "name: A\nwidth: 10\nheight: 10\nfields:\n  page: {title: T, example: x}\n", 1,
      "`page` is the name of more than one"
    ),
    (
      "name: A\nwidth: 10\nheight: 10\nlists:\n  items:\n    title: T\n    fields: {a: {title: A, example: x}}\n", 6,
      "wants one row at least"
    ),
    (
      "name: A\nwidth: 10\nheight: 10\nlists:\n  items:\n    title: T\n    fields: {a: {title: A, example: x}}\n    examples:\n    - {b: 1}\n",
      9, "`b` is no key of a row"
    ),
    ("name: [A]\nwidth: 10\nheight: 10\n", 1, "`name` must be one text"),
    ("- A\n", 1, "want `key: value` lines here"), ("name: A\n\tb: c\n", 2, "is no YAML"),
  ])
  func `a fault is named with its line`(yaml: String, line: Int, message: String) throws {
    let fault = #expect(throws: LabelFault.self) { try description(yaml) }
    #expect(fault?.line == line, "\(fault?.description ?? "")")
    #expect(fault?.message.contains(message) == true, "\(fault?.description ?? "")")
    #expect(fault?.file == "label.yaml")
  }

  @Test func `a description that grows when it is read does no harm`() {
    // Each line names the one before nine times: 9^8 words if they were written out.
    var yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    for level in 1...8 {
      yaml += "a\(level): &a\(level) [" + repeatElement("*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
    }
    #expect(throws: LabelFault.self) { try description(yaml + "name: *a8\n") }
    #expect(throws: LabelFault.self) { try description(String(repeating: "#\n", count: 200_000)) }
    #expect(throws: LabelFault.self) { try description("") }
  }

  @Test func `a folder that is no label is told with its file`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("custody-label-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func fault() -> LabelFault? { #expect(throws: LabelFault.self) { try LabelFolder(path: folder.path) } }
    #expect(fault()?.description == "\(folder.path)/label.yaml: is missing")
    try Data("name: A\nwidth: 20\nheight: 10\n".utf8).write(to: folder.appendingPathComponent("label.yaml"))
    #expect(fault()?.description == "\(folder.path)/template.svg: is missing")
    try Data([0x3C, 0xFF]).write(to: folder.appendingPathComponent("template.svg"))
    #expect(fault()?.message == "is not in UTF-8")
    try Data(repeating: 0x20, count: 600_000).write(to: folder.appendingPathComponent("template.svg"))
    #expect(fault()?.message == "has more than 524288 bytes")
    try FileManager.default.removeItem(at: folder.appendingPathComponent("template.svg"))
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("template.svg"), withIntermediateDirectories: true)
    #expect(fault()?.message == "is no plain file")
    #expect(throws: LabelFault.self) { try LabelFolder.all(in: folder.path + "/nowhere") }
    #expect(try LabelFolder.shipped("no-such-label") == nil)
    #expect(try LabelFolder.shipped("../labels/badge-86x54") == nil)
  }
}
