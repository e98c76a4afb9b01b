/// `details` of `deploy`: an asset is handed out. Who hands over is the event's operator.
public struct DeployDetails: Hashable, Sendable, Codable {
  public var recipient: Custodian
  /// Where it will be used, if known.
  public var location: LocationCode?
  /// Required when the recipient is a person.
  public var acknowledgement: Acknowledgement?
  /// Set for a loan.
  public var expectedReturn: CalendarDate?
  /// The kit that it went out with, by its code.
  public var kit: String?

  /// Handed out to a recipient.
  public init(
    recipient: Custodian, location: LocationCode? = nil, acknowledgement: Acknowledgement? = nil,
    expectedReturn: CalendarDate? = nil, kit: String? = nil
  ) {
    self.recipient = recipient
    self.location = location
    self.acknowledgement = acknowledgement
    self.expectedReturn = expectedReturn
    self.kit = kit
  }
}

/// A person's word that they took or gave an asset.
public struct Acknowledgement: Hashable, Sendable, Codable {
  /// How the word was given.
  public enum Method: String, Hashable, Sendable, Codable, CaseIterable { case signature, pin, badge }

  public var method: Method
  public var person: PersonID
  /// The text that was shown, as it was shown.
  public var text: String
  /// SHA-256 name of the signature picture among the event's evidence, for method signature.
  public var signature: String?

  /// A word given.
  public init(method: Method, person: PersonID, text: String, signature: String? = nil) {
    self.method = method
    self.person = person
    self.text = text
    self.signature = signature
  }
}
