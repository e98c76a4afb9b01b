/// A keyboard whose reports are not boot reports: it numbers them, has more keys, or a bit for every key. Most scanners can be
/// told to send boot reports; this is for those that cannot.
public struct HIDKeyboard: Hashable, Sendable {
  private let fields: [HIDReportDescriptor.Field]
  private let descriptor: HIDReportDescriptor

  /// A keyboard, from its report descriptor; nil when no input report has keys.
  public init?(_ descriptor: HIDReportDescriptor) {
    self.descriptor = descriptor
    // No keyboard has more; a descriptor made up to keep us busy might.
    fields = descriptor.fields.filter { field in
      field.kind == .input && field.size <= 32 && field.count <= 512 && field.usages.count <= 256
        && field.usages.contains { $0.lowerBound.page == 0x07 }
    }
    guard fields.contains(where: { $0.usages.contains { $0.lowerBound.id < 0xE0 } }) else { return nil }
  }

  /// The length of the report that begins with a byte; nil when the device has none such.
  func length(ofReportWith first: UInt8) -> Int? {
    descriptor.length(.input, reportID: descriptor.numbersReports ? first : nil)
  }

  /// The boot report (HID 1.11, appendix B.1) that says the same; nil for a report of another kind, or one that is too short.
  ///
  /// Of more than six keys, the first six count, as in a boot report; a keyboard that says it has lost count is passed on so.
  public func bootReport(from report: [UInt8]) -> [UInt8]? {
    var modifiers: UInt8 = 0
    var keys: [UInt8] = []
    var isOurs = false
    for field in fields where field.reportID == nil || field.reportID == report.first {
      isOurs = true
      for index in 0..<field.count {
        guard let value = field.value(index, in: report) else { return nil }
        guard value != 0 || !field.isVariable else { continue }
        let number = field.isVariable ? index : Int(value) - Int(field.logicalMinimum)
        guard let usage = field.usage(number), usage.page == 0x07, let id = UInt8(exactly: usage.id), id > 0 else {
          continue
        }
        if (0xE0...0xE7).contains(id) {
          modifiers |= 1 << (id - 0xE0)
        } else if keys.count < 6 {
          keys.append(id)
        }
      }
    }
    guard isOurs else { return nil }
    return [modifiers, 0] + keys + [UInt8](repeating: 0, count: 6 - keys.count)
  }
}
