import Custody
import StationStore

extension StationCore {
  /// Longest words of a settlement, bytes.
  static let longestSettlement = 1000

  /// Settles a follow-up in words. Throws the problem when there is none, it is settled, or nothing is said.
  func settleFollowUp(_ id: Int64, _ words: String, by signedIn: SignedIn) async throws -> FollowUp {
    guard !Verb.receive.roles.union([.manager]).isDisjoint(with: signedIn.actor.roles) else {
      throw Problem.forbidden(
        "Settling a follow-up",
        needs: Verb.receive.roles.union([.manager]).map(\.words).sorted().joined(separator: ", "))
    }
    let words = words.drop(while: \.isWhitespace)
    guard !words.isEmpty, words.utf8.count <= Self.longestSettlement else {
      throw Problem.malformed(
        words.isEmpty ? "Nothing says what came of it." : "It is longer than \(Self.longestSettlement) bytes.",
        pointer: "/words", remedy: "Say in a sentence what came of it, such as: sent back, RMA 4711.")
    }
    return try await store.write { transaction in
      guard try transaction.settleFollowUp(id, by: signedIn.person.id, String(words)) else {
        guard let one = try transaction.followUp(id) else { throw Problem.notFound("follow-up \(id)") }
        throw Problem(
          .conflict, "followUp.settled", "Settled already",
          detail: "It was settled: \(one.settlement ?? "without words").", remedy: "Look at the list again.")
      }
      guard let settled = try transaction.followUp(id) else { throw Problem.notFound("follow-up \(id)") }
      return settled
    }
  }
}
