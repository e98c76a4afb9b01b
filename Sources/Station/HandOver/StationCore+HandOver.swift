import BarcodeVision
import Custody
import CustodyLedger
import Foundation
import StationStore

extension StationCore {
  /// Largest picture of a signature, bytes, and its largest sides, pixels.
  static let largestSignature = 128 << 10
  static let largestSignatureSide = 2000

  /// Takes the drawn signature of who takes or gives back things in a session. Throws the problem when nobody is named yet,
  /// nothing was drawn, or `drawn` names another person than the session does by now: a signature may come late.
  func sign(
    _ picture: [UInt8], drawnBy drawn: PersonID? = nil, in id: SessionID, by signedIn: SignedIn
  ) async throws -> (StoredSession, WorkSession) {
    guard picture.count <= Self.largestSignature else { throw Problem.signatureTooLarge }
    let frame = try await pictures.frame(of: picture)
    guard frame.width <= Self.largestSignatureSide, frame.height <= Self.largestSignatureSide else {
      throw Problem.signatureTooLarge
    }
    guard !SignatureInk(frame).isEmpty(of: frame) else {
      throw Problem(
        .unprocessableContent, "acknowledgement.empty", "Nothing signed",
        detail: "The field of the signature is empty.",
        remedy: "Let them draw their name in the field; then confirm.", pointer: "/picture")
    }
    let person = try await store.read { snapshot -> PersonID? in
      let session = try snapshot.openSession(id, of: signedIn)
      return try HandOver(CanonicalDecoder().decode(WorkSession.self, from: session.document))?.person
    }
    guard let person else { throw Problem.nobodyToAcknowledge }
    if let drawn, drawn != person { throw Problem.signatureOfAnother }
    // It names a person: the ledger commits to it, and it can be erased with them.
    let mediaType = Self.mediaType(of: picture)
    let signature = EvidenceReference(
      digest: try await store.keepPersonalBlob(picture, mediaType: mediaType, of: person), length: picture.count,
      mediaType: mediaType, role: "signature")
    return try await changeSession(id, by: signedIn) { work in
      guard let handOver = HandOver(work), handOver.person == person else { throw Problem.nobodyToAcknowledge }
      handOver.give(.signature, signature: signature, in: &work)
    }
  }

  /// Takes the word of who takes or gives back things, by their badge and PIN. Another person's is refused.
  func acknowledge(badge: String, pin: String, in id: SessionID, by signedIn: SignedIn) async throws
    -> (StoredSession, WorkSession)
  {
    switch try await store.signIn(badge: badgeToken(badge), pin: pin) {
    case .refused(let refusal): throw Problem(refusal, clock: clock)
    case .recognised(let person, _):
      return try await changeSession(id, by: signedIn) { work in
        guard let handOver = HandOver(work) else { throw Problem.nobodyToAcknowledge }
        guard handOver.person == person.id else {
          throw Problem(
            .conflict, "acknowledgement.other", "Another person",
            detail: "\(person.name) gave badge and PIN, but somebody else is named.",
            remedy: "Let the one who takes or gives it acknowledge, or name the right person.")
        }
        handOver.give(.pin, in: &work)
      }
    }
  }
}

extension Problem {
  static let nobodyToAcknowledge = Problem(
    .conflict, "acknowledgement.nobody", "Nobody named",
    detail: "Nobody is named yet who takes or gives back anything.",
    remedy: "Scan their badge or choose the person first.")

  static let signatureOfAnother = Problem(
    .conflict, "acknowledgement.other", "Another person",
    detail: "The session names somebody else by now than who drew this signature.",
    remedy: "Let the one who takes or gives it sign, or name the right person.")

  static let signatureTooLarge = Problem(
    .contentTooLarge, "acknowledgement.tooLarge", "Signature too large",
    detail: "A signature is a picture of at most 128 kB and 2,000 pixels a side.", remedy: "Send a smaller picture.")
}
