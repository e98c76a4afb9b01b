import Testing

@testable import TamperEvidence

@Suite("DSSE pre-authentication encoding")
struct PreAuthenticationEncodingTests {
  @Test("the example of DSSE's protocol.md")
  func publishedExample() {
    let bytes = PreAuthenticationEncoding.bytes(
      payloadType: "http://example.com/HelloWorld", payload: Array("hello world".utf8))
    #expect(String(decoding: bytes, as: UTF8.self) == "DSSEv1 29 http://example.com/HelloWorld 11 hello world")
  }

  @Test("lengths count bytes, not characters, and an empty payload has length 0")
  func lengthsAreBytes() {
    let bytes = PreAuthenticationEncoding.bytes(payloadType: "é", payload: Array("€".utf8))
    #expect(bytes == Array("DSSEv1 2 é 3 €".utf8))
    #expect(PreAuthenticationEncoding.bytes(payloadType: "", payload: []) == Array("DSSEv1 0  0 ".utf8))
  }
}
