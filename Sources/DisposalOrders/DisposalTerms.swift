import Custody

/// What an order says of itself before anything is on it: where it all goes, with whom, and when.
public struct DisposalTerms: Hashable, Sendable, Codable {
  /// Most bytes of one of its texts.
  public static let longestText = 200

  public var route: DisposeDetails.Route
  /// Recycler, buyer, lessor: who takes it.
  public var vendor: String
  /// The day on which it is to be collected.
  public var plannedOn: CalendarDate?
  /// Who drives; known at the latest when it departs.
  public var carrier: String?
  /// The registration of the vehicle.
  public var vehicle: String?

  /// The terms of an order.
  public init(
    route: DisposeDetails.Route, vendor: String, plannedOn: CalendarDate? = nil, carrier: String? = nil,
    vehicle: String? = nil
  ) {
    self.route = route
    self.vendor = vendor
    self.plannedOn = plannedOn
    self.carrier = carrier
    self.vehicle = vehicle
  }

  /// The same without blanks around its texts; what says nothing is left away.
  func checked() throws(DisposalRefusal) -> DisposalTerms {
    guard let vendor = try DisposalText.checked(vendor, "vendor") else {
      throw DisposalRefusal(
        "disposal.vendor", "It is not said who takes what is on the order.",
        remedy: "Enter the recycler, buyer or lessor.")
    }
    return DisposalTerms(
      route: route, vendor: vendor, plannedOn: plannedOn, carrier: try DisposalText.checked(carrier, "carrier"),
      vehicle: try DisposalText.checked(vehicle, "vehicle"))
  }
}

/// What people type into an order.
enum DisposalText {
  /// The text without blanks around it; nil when it says nothing.
  static func checked(_ text: String?, _ field: String) throws(DisposalRefusal) -> String? {
    guard let text else { return nil }
    let trimmed = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    guard trimmed.utf8.count <= DisposalTerms.longestText, trimmed.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw DisposalRefusal(
        "disposal.text",
        "The field \(field) is longer than \(DisposalTerms.longestText) bytes, or holds a control character.",
        remedy: "Type it anew, and shorter.")
    }
    return trimmed.isEmpty ? nil : trimmed
  }
}
