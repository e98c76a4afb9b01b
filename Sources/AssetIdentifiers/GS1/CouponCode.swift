/// North American coupon codes (AI 8110, 8112), field by field. Lengths stand in the data before what they measure.
struct CouponCode {
  private typealias Fault = ValueCheck.Fault

  private let value: Bytes
  private var rest: Bytes

  init(_ value: Bytes) {
    self.value = value
    rest = value
  }

  /// What is wrong with a coupon code (AI 8110).
  func fault() -> ValueCheck.Fault? {
    if let fault = ValueCheck.notADigit(value) { return fault }
    var walk = self
    do throws(Stop) {
      try walk.coupon()
      return nil
    } catch {
      return error.fault
    }
  }

  /// What is wrong with a positive offer file code (AI 8112).
  func positiveOfferFault() -> ValueCheck.Fault? {
    if let fault = ValueCheck.notADigit(value) { return fault }
    var walk = self
    do throws(Stop) {
      try walk.digit("format", in: 0...1)
      try walk.measured("funder", 0...6, plus: 6)
      try walk.take(6, "offer code")
      try walk.measured("serial number", 0...9, plus: 6)
      try walk.end()
      return nil
    } catch {
      return error.fault
    }
  }

  private struct Stop: Error { let fault: ValueCheck.Fault }

  private mutating func coupon() throws(Stop) {
    try companyPrefix("company prefix", 0...6)
    try take(6, "offer code")
    try measured("save value", 1...5)
    try purchase("first purchase")
    if isNext(1) {
      try digit("purchase rules", in: 0...3)
      try purchase("second purchase")
      try companyPrefix("second purchase company prefix", 0...6, none: 9)
    }
    if isNext(2) {
      try purchase("third purchase")
      try companyPrefix("third purchase company prefix", 0...6, none: 9)
    }
    var expiry: Bytes?
    if isNext(3) { expiry = try date("expiration date") }
    if isNext(4) {
      let start = try date("start date")
      if let expiry, expiry.lexicographicallyPrecedes(start) {
        throw Stop(fault: Fault("The coupon expires before it starts.", expiry.startIndex - 1, 14))
      }
    }
    if isNext(5) { try measured("serial number", 0...9, plus: 6) }
    if isNext(6) { try companyPrefix("retailer", 1...7) }
    if isNext(9) {
      try digit("save value code", in: 0...6, but: [3, 4])
      try digit("save value applies to", in: 0...2)
      try digit("store coupon flag", in: 0...9)
      try digit("multiplying flag", in: 0...1)
    }
    try end()
  }

  private mutating func purchase(_ name: String) throws(Stop) {
    try measured("\(name) requirement", 1...5)
    try digit("\(name) requirement code", in: 0...9, but: [5, 6, 7, 8])
    try take(3, "\(name) family code")
  }

  @discardableResult
  private mutating func digit(_ name: String, in range: ClosedRange<UInt8>, but others: [UInt8] = []) throws(Stop)
    -> UInt8
  {
    guard let byte = rest.first else { throw Stop(fault: Fault("The coupon's \(name) is missing.", value)) }
    guard range.contains(byte - 0x30), !others.contains(byte - 0x30) else {
      throw Stop(fault: Fault("The coupon's \(name) cannot be \(byte - 0x30).", rest.startIndex, 1))
    }
    rest = rest.dropFirst()
    return byte - 0x30
  }

  @discardableResult
  private mutating func take(_ count: Int, _ name: String) throws(Stop) -> Bytes {
    guard rest.count >= count else {
      throw Stop(fault: Fault("The coupon's \(name) is cut off.", rest.isEmpty ? value : rest))
    }
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return taken
  }

  @discardableResult
  private mutating func measured(_ name: String, _ range: ClosedRange<UInt8>, plus: Int = 0) throws(Stop) -> Bytes {
    let length = try digit("\(name) length", in: range)
    return try take(Int(length) + plus, name)
  }

  private mutating func companyPrefix(_ name: String, _ range: ClosedRange<UInt8>, none: UInt8? = nil) throws(Stop) {
    if let none, rest.first == 0x30 + none {
      rest = rest.dropFirst()
      return
    }
    try measured(name, range, plus: 6)
  }

  private mutating func date(_ name: String) throws(Stop) -> Bytes {
    let date = try take(6, name)
    if ValueCheck.date(date, yearDigits: 2, mayLackDay: false) != nil {
      throw Stop(fault: Fault("The coupon's \(name) is no date.", date))
    }
    return date
  }

  private mutating func isNext(_ field: UInt8) -> Bool {
    guard rest.first == 0x30 + field else { return false }
    rest = rest.dropFirst()
    return true
  }

  private func end() throws(Stop) {
    if !rest.isEmpty { throw Stop(fault: Fault("The coupon code goes on after its end.", rest)) }
  }
}
