/// DSSE's pre-authentication encoding (secure-systems-lab/dsse, protocol.md, v1.0.2): the bytes that are signed, so
/// that a signature covers what the payload claims to be as well as the payload.
///
///     PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body
///
/// `LEN` is the number of bytes in ASCII decimal without leading zeros; `SP` is one space.
public enum PreAuthenticationEncoding {
  /// The encoding of `payload` under `payloadType`.
  public static func bytes(payloadType: String, payload: some Collection<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(payload.count + payloadType.utf8.count + 32)
    append(payloadType: payloadType, payload: payload, to: &bytes)
    return bytes
  }

  /// Appends the encoding to `bytes`, so that a verifier of many payloads can keep one buffer.
  public static func append(payloadType: String, payload: some Collection<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "DSSEv1 ".utf8)
    bytes.append(contentsOf: String(payloadType.utf8.count).utf8)
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: payloadType.utf8)
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: String(payload.count).utf8)
    bytes.append(UInt8(ascii: " "))
    bytes.append(contentsOf: payload)
  }
}
