import Custody

/// An act on an order that no event of its assets tells of: what the station signs into its chain for it.
public struct DisposalDeclaration: Hashable, Sendable {
  /// What was done.
  public enum Act: Hashable, Sendable, CaseIterable {
    case sealed, unsealed, listTaken, closed
  }

  public let act: Act
  public let order: DisposalNumber
  public let terms: DisposalTerms
  /// The number of the seal that was put on, was broken, or was on it when it left; nil where none was.
  public let seal: String?
  /// Who stood by as it was sealed.
  public let witness: Actor?
  /// The manager who had it closed with something open; that may be who closed it.
  public let approver: Actor?
  /// What goes, or went, with it, in the order of its lines.
  public let assets: [AssetID]
  /// What had left and nobody had confirmed when it was closed, in the order of its lines.
  public let open: [AssetID]
  /// The recycler's list as it stood then; nil before there was one.
  public let list: RecyclerList?
  /// Why, as it was given; nil where nobody had to say.
  public let reason: String?
}

extension DisposalOrder {
  /// What is to be signed of an act, on the order as it is now.
  ///
  /// - Parameter seal: the seal that was broken, which the order does not say any longer.
  func declaration(
    _ act: DisposalDeclaration.Act, seal broken: String? = nil, witness: Actor? = nil, approver: Actor? = nil,
    open: [AssetID] = [], reason: String? = nil
  ) -> DisposalDeclaration {
    DisposalDeclaration(
      act: act, order: number, terms: terms, seal: broken ?? seal, witness: witness, approver: approver,
      assets: going.map(\.asset), open: open, list: list, reason: reason)
  }

  /// Notes that its newest step is signed.
  ///
  /// - Parameter entry: the hash of the ledger entry, 64 lowercase hexadecimal digits.
  public mutating func signed(as entry: String) {
    guard let newest = steps.indices.last else { return }
    steps[newest].entry = entry
  }
}
