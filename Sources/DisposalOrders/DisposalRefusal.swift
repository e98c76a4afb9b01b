import Custody

/// An expected "no" of an order: why as a whole, and for each asset that is in the way.
public struct DisposalRefusal: Hashable, Sendable, Error {
  public let refusal: Refusal
  /// What is in the way, asset by asset; empty when it is none of them.
  public let hindrances: [DisposalHindrance]

  /// A refusal as a whole.
  public init(_ refusal: Refusal, hindrances: [DisposalHindrance] = []) {
    self.refusal = refusal
    self.hindrances = hindrances
  }

  init(
    _ code: String, _ sentence: String, remedy: String, kind: Refusal.Kind = .refused,
    hindrances: [DisposalHindrance] = []
  ) {
    self.init(Refusal(code, sentence, remedy: remedy, kind: kind), hindrances: hindrances)
  }
}

/// Why one asset keeps its order from going on, and what to do about it.
public struct DisposalHindrance: Hashable, Sendable {
  /// The asset of the line.
  public let asset: AssetID
  /// What people call that asset.
  public let name: String
  /// The drive that it is about, if it is about one.
  public let drive: String?
  public let refusal: Refusal

  /// Something in the way.
  public init(asset: AssetID, name: String, drive: String? = nil, refusal: Refusal) {
    self.asset = asset
    self.name = name
    self.drive = drive
    self.refusal = refusal
  }
}

/// What an order answers to an act.
public enum DisposalAnswer: Hashable, Sendable {
  /// The order is as it should be now, and this is to be done in the same transaction.
  case act(DisposalAction)
  /// The order is as it was.
  case refuse(DisposalRefusal)

  init(_ body: () throws(DisposalRefusal) -> DisposalAction) {
    do { self = .act(try body()) } catch { self = .refuse(error) }
  }
}

/// What is to be recorded with the new state of an order: all of it or none.
public enum DisposalAction: Hashable, Sendable {
  /// Nothing besides the order itself.
  case keep
  /// Nothing besides the order itself, and that act is signed.
  case declare(DisposalDeclaration)
  /// One `ship` for each, in this order.
  case ship([AssetID])
  /// One `dispose` for each, in this order, with the number of the vendor's certificate.
  case dispose([Confirmed])
  /// The departure of each is taken back by `correct`.
  case correctDeparture([AssetID])
  /// The confirmation of each is taken back by `correct`.
  case correctConfirmation([AssetID])

  /// An asset of which the vendor says that it has come.
  public struct Confirmed: Hashable, Sendable {
    public let asset: AssetID
    public let certificate: String?

    /// An asset with the number of its certificate.
    public init(asset: AssetID, certificate: String?) {
      self.asset = asset
      self.certificate = certificate
    }
  }
}
