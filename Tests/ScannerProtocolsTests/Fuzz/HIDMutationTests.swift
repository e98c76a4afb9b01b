import Testing

@testable import ScannerProtocols

/// Garbled report descriptors: an error that names a place within, or fields within their reports.
struct HIDMutationTests {
  @Test func `whatever a descriptor says, it is refused with its place, or its fields can be read`() throws {
    var mutation = try Mutation("hid")
    for bytes in mutation.kept { judge(bytes, &mutation) }
    for _ in 0..<Mutation.rounds { judge(mutation.next(), &mutation) }
  }

  private func judge(_ bytes: [UInt8], _ mutation: inout Mutation) {
    do throws(MalformedReportDescriptor) {
      let descriptor = try HIDReportDescriptor(bytes)
      #expect(descriptor.fields.count <= 1_024)
      let report = (0..<mutation.roll(80)).map { _ in UInt8(mutation.roll(256)) }
      for field in descriptor.fields.prefix(20) {
        let length = descriptor.length(field.kind, reportID: field.reportID) ?? 0
        #expect(field.bitOffset + field.size * field.count <= length * 8, "\(bytes)")
        #expect(!field.usages.isEmpty)
        for index in [0, field.count - 1, field.count] {
          if let value = field.value(index, in: report) {
            #expect(field.bitOffset + field.size * (index + 1) <= report.count * 8)
            #expect(value.magnitude < 1 << 32)
          }
          _ = field.usage(index)
        }
        _ = field.bytes(in: report)
      }
      _ = HIDKeyboard(descriptor)?.bootReport(from: report)
      guard let layout = HIDPOSLayout(descriptor) else { return }
      var scanner = HIDPOSScanner(deviceID: "fuzz", layout: layout)
      for _ in 0..<3 { _ = scanner.receive(report: report, at: .zero) }
      _ = scanner.tick(at: .seconds(1))
      #expect(scanner.deadline == nil)
    } catch {
      #expect((0...bytes.count).contains(error.offset), "\(error): \(bytes)")
    }
  }
}
