/// Walks the items of a report descriptor (HID 1.11, sections 5 and 6.2.2).
struct ReportDescriptorParser {
  private(set) var applications: [HIDUsage] = []
  private(set) var lengths: [HIDReportDescriptor.ReportKey: Int] = [:]
  private(set) var numbersReports = false
  /// The usage pages that items have named so far.
  private(set) var usagePages: Set<UInt16> = []
  private var fields: [HIDReportDescriptor.Field] = []
  private var globals = Globals()
  private var pushed: [Globals] = []
  private var locals = Locals()
  private var collections: [HIDUsage?] = []
  private var offset = 0

  private struct Globals {
    var usagePage: UInt16 = 0
    var logicalMinimum: Int32 = 0
    /// As written, and as many bytes as it was written with: its sign depends on the minimum.
    var logicalMaximum: (bits: UInt32, signed: Int32) = (0, 0)
    var reportSize: UInt32 = 0
    var reportID: UInt8 = 0
    var reportCount: UInt32 = 0
  }

  /// Usages since the last main item; the page of a short one is the page in effect at the main item.
  private struct Locals {
    var usages: [(minimum: UInt32, maximum: UInt32, isExtended: Bool)] = []
    var minimum: (value: UInt32, isExtended: Bool)?
    var count: UInt64 = 0
    var isAlternative = false
    var delimiterUsages = 0
  }

  private static let maximumUsages: UInt64 = 12_288
  private static let maximumReportBits = 16_384 * 8

  /// The fields, each behind the ID byte when reports are numbered at all.
  var numberedFields: [HIDReportDescriptor.Field] {
    guard numbersReports else { return fields }
    return fields.map { field in
      HIDReportDescriptor.Field(
        kind: field.kind, reportID: field.reportID ?? 0, bitOffset: field.bitOffset + 8, size: field.size,
        count: field.count, isVariable: field.isVariable, logicalMinimum: field.logicalMinimum,
        logicalMaximum: field.logicalMaximum, usages: field.usages, application: field.application)
    }
  }

  mutating func parse(_ bytes: [UInt8]) throws(MalformedReportDescriptor) {
    guard bytes.count <= HIDReportDescriptor.maximumLength else { throw fault(.tooLong(bytes.count)) }
    while offset < bytes.count {
      let prefix = bytes[offset]
      if prefix == 0xFE {
        // A long item: none is defined, so it is skipped (section 6.2.2.3).
        guard offset + 1 < bytes.count, offset + 3 + Int(bytes[offset + 1]) <= bytes.count else {
          throw fault(.truncatedItem)
        }
        offset += 3 + Int(bytes[offset + 1])
        continue
      }
      let length = [0, 1, 2, 4][Int(prefix & 3)]
      guard offset + 1 + length <= bytes.count else { throw fault(.truncatedItem) }
      var value: UInt32 = 0
      for index in (0..<length).reversed() { value = value << 8 | UInt32(bytes[offset + 1 + index]) }
      switch prefix >> 2 & 3 {
      case 0: try main(prefix >> 4, value)
      case 1: try global(prefix >> 4, value, length)
      case 2: try local(prefix >> 4, value, length)
      default: throw fault(.reservedItem)
      }
      offset += 1 + length
    }
    guard collections.isEmpty else { throw fault(.unclosedCollection) }
  }

  private func fault(_ reason: MalformedReportDescriptor.Reason) -> MalformedReportDescriptor {
    MalformedReportDescriptor(reason: reason, offset: offset)
  }

  private mutating func main(_ tag: UInt8, _ value: UInt32) throws(MalformedReportDescriptor) {
    defer { locals = Locals() }
    switch tag {
    case 0x8: try field(.input, flags: value)
    case 0x9: try field(.output, flags: value)
    case 0xB: try field(.feature, flags: value)
    case 0xA:
      guard collections.count < 32 else { throw fault(.nestedTooDeep) }
      let usage = usageRanges.first?.lowerBound
      collections.append(usage)
      if value == 1, let usage, applications.count < 256 { applications.append(usage) }
    case 0xC:
      guard collections.popLast() != nil else { throw fault(.endWithoutCollection) }
    default: break
    }
  }

  private mutating func global(_ tag: UInt8, _ value: UInt32, _ length: Int) throws(MalformedReportDescriptor) {
    let shift = UInt32(8 * (4 - length))
    let signed = length == 0 ? 0 : Int32(bitPattern: value << shift) >> Int32(shift)
    switch tag {
    case 0x0:
      globals.usagePage = UInt16(truncatingIfNeeded: value)
      usagePages.insert(globals.usagePage)
    case 0x1: globals.logicalMinimum = signed
    case 0x2: globals.logicalMaximum = (value, signed)
    case 0x7:
      guard value <= 256 else { throw fault(.reportSize(value)) }
      globals.reportSize = value
    case 0x8:
      guard (1...255).contains(value) else { throw fault(.reportID(value)) }
      globals.reportID = UInt8(value)
      numbersReports = true
    case 0x9:
      guard UInt64(value) <= Self.maximumUsages else { throw fault(.reportCount(value)) }
      globals.reportCount = value
    case 0xA:
      guard pushed.count < 8 else { throw fault(.pushedTooDeep) }
      pushed.append(globals)
    case 0xB:
      guard let last = pushed.popLast() else { throw fault(.popWithoutPush) }
      globals = last
    // Physical extents and units say nothing that is used here; the rest is reserved.
    default: break
    }
  }

  private mutating func local(_ tag: UInt8, _ value: UInt32, _ length: Int) throws(MalformedReportDescriptor) {
    let isExtended = length == 4
    switch tag {
    case 0x0: try add(value, value, isExtended)
    case 0x1: locals.minimum = (value, isExtended)
    case 0x2:
      let minimum = locals.minimum ?? (value & 0xFFFF_0000, isExtended)
      locals.minimum = nil
      // A page in one of the two goes for both.
      let page = isExtended ? value & 0xFFFF_0000 : minimum.isExtended ? minimum.value & 0xFFFF_0000 : 0
      let first = page | minimum.value & 0xFFFF
      guard !isExtended || !minimum.isExtended || minimum.value & 0xFFFF_0000 == page else { throw fault(.usages) }
      try add(first, page | value & 0xFFFF, isExtended || minimum.isExtended)
    case 0xA:
      // Of alternative usages the first counts.
      locals.isAlternative = value == 1
      locals.delimiterUsages = 0
    default: break
    }
  }

  private mutating func add(
    _ minimum: UInt32, _ maximum: UInt32, _ isExtended: Bool
  ) throws(MalformedReportDescriptor) {
    guard minimum <= maximum else { throw fault(.usages) }
    if locals.isAlternative {
      locals.delimiterUsages += 1
      guard locals.delimiterUsages == 1 else { return }
    }
    locals.count += UInt64(maximum - minimum) + 1
    guard locals.count <= Self.maximumUsages else { throw fault(.usages) }
    locals.usages.append((minimum, maximum, isExtended))
  }

  private var usageRanges: [ClosedRange<HIDUsage>] {
    let page = UInt32(globals.usagePage) << 16
    return locals.usages.map { minimum, maximum, isExtended in
      let base = isExtended ? 0 : page
      return HIDUsage(rawValue: base | minimum)...HIDUsage(rawValue: base | maximum)
    }
  }

  private mutating func field(
    _ kind: HIDReportDescriptor.Kind, flags: UInt32
  ) throws(MalformedReportDescriptor) {
    let key = HIDReportDescriptor.ReportKey(kind: kind, reportID: globals.reportID)
    let first = lengths[key] ?? 0
    // At most 256 * 12288: no overflow.
    let end = first + Int(globals.reportSize) * Int(globals.reportCount)
    guard end <= Self.maximumReportBits else { throw fault(.reportTooLong) }
    lengths[key] = end
    let isConstant = flags & 1 != 0
    guard !isConstant, globals.reportCount > 0, !locals.usages.isEmpty else { return }
    guard globals.reportSize > 0 else { throw fault(.reportSize(0)) }
    guard fields.count < 1_024 else { throw fault(.tooManyFields) }
    let maximum = globals.logicalMaximum
    fields.append(
      HIDReportDescriptor.Field(
        kind: kind, reportID: globals.reportID == 0 ? nil : globals.reportID, bitOffset: first,
        size: Int(globals.reportSize), count: Int(globals.reportCount), isVariable: flags & 2 != 0,
        logicalMinimum: globals.logicalMinimum,
        logicalMaximum: globals.logicalMinimum < 0 ? Int64(maximum.signed) : Int64(maximum.bits), usages: usageRanges,
        application: collections.first ?? nil))
  }
}
