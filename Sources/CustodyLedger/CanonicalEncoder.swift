/// Writes any `Encodable` value as canonical JSON (see `CanonicalJSON`).
///
/// Names are sorted whatever order the type writes them in; nil optionals are left out by synthesised conformances;
/// integers of every Swift type are written if their magnitude is below 2^53; `Float` and `Double` are refused. A
/// `CanonicalJSON` field stands in the document as the value it is.
///
/// `CanonicalDecoder().decode(T.self, from: CanonicalEncoder().encode(value))` gives `value` back for every type
/// whose own conformances are inverse.
public struct CanonicalEncoder: Sendable {
  /// An encoder; it has no settings, since the form has no choices.
  public init() {}

  /// The canonical bytes of `value`, at most `limit` of them. The error names the path of the field that cannot be
  /// written.
  public func encode(
    _ value: some Encodable, limit: Int = CanonicalJSON.maximumLength
  ) throws(CanonicalCodingError) -> [UInt8] {
    do {
      let document = EncodedDocument()
      // They hold the document in their turn.
      defer { document.spare = [] }
      let slot = try ValueEncoder.slot(of: value, in: document, path: nil, key: nil)
      if let fault = document.fault { throw fault }
      let bytes = try document.assemble(slot)
      guard bytes.count <= limit else {
        throw CanonicalJSONError(offset: limit, reason: .tooLong(limit: limit))
      }
      return bytes
    } catch {
      throw CanonicalCodingError(error)
    }
  }
}

/// Where one value of a document under construction stands.
enum EncodedSlot {
  /// Bytes of the document's store, final as they stand.
  case bytes(Int, Int)
  /// A field that is any value, written in place once its depth is known.
  case json(CanonicalJSON, CodingPath?)
  case object(EncodedObject)
  case array(EncodedArray)
  /// Written through `superEncoder`, after this slot was taken.
  case later(ValueEncoder)
}

final class EncodedObject {
  struct Member {
    /// The name's UTF-8 in the document's store, not quoted.
    let nameStart: Int
    let nameEnd: Int
    let slot: EncodedSlot
  }

  var members: [Member] = []

  init() { members.reserveCapacity(16) }
}

final class EncodedArray {
  var elements: [EncodedSlot] = []
}

/// A document under construction: scalars and names are written once into one store, in the order they come, and
/// objects remember where; sorting waits until everything is known.
final class EncodedDocument {
  var store = CanonicalWriter(capacity: 2_048)
  /// What went wrong where the `Encoder` protocol lets nothing be thrown; the first one counts.
  var fault: CanonicalCodingError?
  /// Encoders that have done their value.
  var spare: [ValueEncoder] = []

  func report(_ error: CanonicalCodingError) {
    if fault == nil { fault = error }
  }

  @inline(__always)
  private func written(_ write: () -> Void) -> EncodedSlot {
    let start = store.bytes.count
    write()
    return .bytes(start, store.bytes.count)
  }

  func null() -> EncodedSlot { written { store.append(null: ()) } }
  func bool(_ value: Bool) -> EncodedSlot { written { store.append(value) } }
  func string(_ value: String) -> EncodedSlot { written { store.append(value) } }

  func integer(
    _ value: some BinaryInteger, path: CodingPath?, key: (any CodingKey)?
  ) throws(CanonicalCodingError) -> EncodedSlot {
    guard let value = Int64(exactly: value), value.magnitude <= CanonicalJSON.maximumInteger.magnitude else {
      throw CanonicalCodingError(
        path: CodingPath.text(path, key), kind: .outOfRange,
        reason: "\(value) has a magnitude of 2^53 or more; write it as a string")
    }
    return written { store.append(value) }
  }

  func member(_ name: String, _ slot: EncodedSlot) -> EncodedObject.Member {
    let start = store.bytes.count
    store.bytes.append(contentsOf: name.utf8)
    return EncodedObject.Member(nameStart: start, nameEnd: store.bytes.count, slot: slot)
  }
}
