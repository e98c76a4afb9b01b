// What labels cost, from their fields to the dots and bytes that a printer is sent, and whether each can be read again.
//
//   taskset -c 0 label-speed                        a label to dots at 203, 300 and 600 dpi; batches of 1,000 to ZPL, all read
//   label-speed --batch TEMPLATE COUNT zpl|pdf FILE   for scripts/bench-blabel: labels a second, the batch as a file
//
// The best of several rounds counts, for other work disturbs a measurement only upwards; the mean stands beside it.

import BarcodeVision
import Foundation
import LabelDesign
import LabelRendering
import LabelTemplates

struct Missing: Error { let what: String }

let renderer = try LabelRenderer()
let templates = ["code128", "qr", "datamatrix"].map { "asset-tag-50x25-\($0)" }

func template(_ id: String) throws -> LabelTemplate {
  guard let folder = try LabelFolder.shipped(id) else { throw Missing(what: id) }
  return folder.template
}

/// What stands on the label of this number: no two say the same.
func values(_ number: Int) -> LabelValues {
  let digits = String(number)
  let tag = "AT-" + String(repeating: "0", count: 5 - digits.count) + digits
  return LabelValues([
    "tag": tag, "owner": "Property of Northwind Ltd", "model": "Dell Latitude 5440", "serial": "CNK8181G\(digits)",
  ])
}

func seconds(_ body: () throws -> Void) rethrows -> Double { try ContinuousClock().measure(body) / .seconds(1) }

func rounds(_ count: Int, _ body: () throws -> Void) rethrows -> (best: Double, mean: Double) {
  var times: [Double] = []
  for _ in 0..<count { times.append(try seconds(body)) }
  return (times.min() ?? 0, times.reduce(0, +) / Double(count))
}

func text(_ value: Double) -> String { String((value * 100).rounded() / 100) }

func page(_ template: LabelTemplate, _ number: Int) throws -> LabelPage {
  try renderer.fill(template, with: values(number)).get().pages[0]
}

let zebra = PrinterProfile(id: "zebra", name: "Zebra, 203 dpi", language: .zpl, dotsPerInch: 203, widthInDots: 832)

func zpl(_ bitmap: Bitmap, _ template: LabelTemplate) throws -> [UInt8] {
  let size = template.description.size
  let media = try LabelMedia(width: size.width, height: size.height)
  return try PrintedLabel(picture: bitmap, media: media).bytes(for: zebra)
}

func batch(_ template: LabelTemplate, _ count: Int, each: (Int, Bitmap) throws -> Void = { _, _ in }) throws -> [UInt8]
{
  var bytes: [UInt8] = []
  for number in 0..<count {
    let bitmap = try renderer.bitmap(of: page(template, number), at: .dpi203).get()
    bytes += try zpl(bitmap, template)
    try each(number, bitmap)
  }
  return bytes
}

func pdf(_ template: LabelTemplate, _ count: Int) throws -> [UInt8] {
  try renderer.pdf(of: (0..<count).map { try renderer.fill(template, with: values($0)).get() }).get()
}

// The libraries and typefaces are loaded at the first label.
for id in templates { _ = try batch(template(id), 3) }

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "--batch" {
  let words = Array(arguments.dropFirst())
  guard words.count == 4, let count = Int(words[1]), (1...99_999).contains(count) else {
    throw Missing(what: "TEMPLATE COUNT zpl|pdf FILE")
  }
  let template = try template(words[0])
  var made: [UInt8] = []
  let time = try seconds { made = words[2] == "pdf" ? try pdf(template, count) : try batch(template, count) }
  try Data(made).write(to: URL(fileURLWithPath: words[3]))
  print(text(Double(count) / time))
  exit(0)
}

for id in templates + ["asset-tag-100x50-qr"] {
  let template = try template(id)
  for resolution in [PrintResolution.dpi203, .dpi300, .dpi600] {
    let each = 100
    let time = try rounds(5) {
      for number in 0..<each { _ = try renderer.bitmap(of: page(template, number), at: resolution).get() }
    }
    print(
      "\(id), fields to dots at \(Int(resolution.dotsPerInch)) dpi: \(text(time.best / Double(each) * 1e3)) ms best,",
      "\(text(time.mean / Double(each) * 1e3)) mean")
  }
}

let count = 1_000
for id in templates {
  let template = try template(id)
  var bytes = 0
  let time = try rounds(3) { bytes = try batch(template, count).count }
  var unread: [Int] = []
  let reader = SymbolReader()
  _ = try batch(template, count) { number, bitmap in
    // As a camera would have it: a white margin, dark dots.
    let margin = 16
    let (width, height) = (bitmap.width + 2 * margin, bitmap.height + 2 * margin)
    var gray = [UInt8](repeating: 255, count: width * height)
    for row in 0..<bitmap.height {
      for column in 0..<bitmap.width where bitmap[column, row] { gray[(row + margin) * width + column + margin] = 0 }
    }
    guard let frame = GrayFrame(width: width, height: height, bytes: gray) else { throw Missing(what: "a frame") }
    if try reader.read(frame).map(\.text) != [values(number).fields["tag"] ?? ""] { unread.append(number) }
  }
  print(
    "\(id), \(count) labels to ZPL: \(Int(Double(count) / time.best)) a second at best,",
    "\(Int(Double(count) / time.mean)) mean; \(bytes / count) bytes each; \(count - unread.count) of \(count) read again"
  )
  if !unread.isEmpty { print("not read: \(unread.prefix(20).map { values($0).fields["tag"] ?? "" })") }
}
