/// Reads any `Decodable` value from canonical JSON; the inverse of `CanonicalEncoder`.
///
/// Bytes that are not canonical are refused before anything is decoded. Names that a type does not know are passed
/// over. A `CanonicalJSON` field takes whatever value stands there.
public struct CanonicalDecoder: Sendable {
  /// A decoder; it has no settings, since the form has no choices.
  public init() {}

  /// Reads a `type` from `bytes`, at most `limit` of them. The error names the path of the field that does not fit,
  /// or the byte that is not canonical.
  public func decode<T: Decodable>(
    _ type: T.Type, from bytes: [UInt8], limit: Int = CanonicalJSON.maximumLength
  ) throws(CanonicalCodingError) -> T {
    let nodes: [CanonicalNode]
    do {
      nodes = try CanonicalScanner.scan(bytes, limit: limit)
    } catch {
      throw CanonicalCodingError(error)
    }
    let state = DecodingState(CanonicalDocument(bytes: bytes, nodes: nodes))
    do {
      let value = try ValueDecoder(state, 0, nil).decode(type, nil)
      if let fault = state.fault { throw fault }
      return value
    } catch {
      throw CanonicalCodingError(error)
    }
  }

  /// Reads a `type` from `bytes`.
  public func decode<T: Decodable>(
    _ type: T.Type, from bytes: ArraySlice<UInt8>, limit: Int = CanonicalJSON.maximumLength
  ) throws(CanonicalCodingError) -> T {
    try decode(type, from: Array(bytes), limit: limit)
  }

  /// Reads a `type` from a value, such as the unknown details of an event whose type is known by now.
  public func decode<T: Decodable>(_ type: T.Type, from value: CanonicalJSON) throws(CanonicalCodingError) -> T {
    let bytes: [UInt8]
    do {
      bytes = try value.bytes()
    } catch {
      throw CanonicalCodingError(error)
    }
    return try decode(type, from: bytes)
  }
}

/// A document being decoded.
final class DecodingState {
  let document: CanonicalDocument
  /// What went wrong where the `Decoder` protocol lets nothing be thrown; the first one counts.
  var fault: CanonicalCodingError?

  init(_ document: CanonicalDocument) {
    self.document = document
  }

  func report(_ error: CanonicalCodingError) {
    if fault == nil { fault = error }
  }
}
