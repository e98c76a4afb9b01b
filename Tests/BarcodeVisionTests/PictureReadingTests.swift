import Testing

@testable import BarcodeVision

@Suite("Readings as JSON lines")
struct PictureReadingTests {
  @Test("A symbol is written as documented")
  func symbol() {
    let symbol = Symbol(
      symbology: .code128, text: "A\"\\\u{1D}é", raw: [0x41, 0x22, 0x5C, 0x1D, 0xC3, 0xA9],
      symbologyIdentifier: "]C1", engine: .zbar, quality: 12,
      corners: Corners(named: [(1, 2), (30, 2), (30, 9), (1, 9)].map { Corners.Point(x: $0.0, y: $0.1) }),
      step: "doubled", elapsed: .microseconds(1_500))
    let reading = PictureReading(path: "a b.png", outcome: .success([symbol]), duration: .microseconds(12_034))
    #expect(
      reading.jsonLine == #"{"path":"a b.png","results":[{"symbology":"code128","text":"A\"\\\u001dé","#
        + #""raw":"41225c1dc3a9","symbologyIdentifier":"]C1","engine":"zbar","quality":12,"#
        + #""corners":[[1,2],[30,2],[30,9],[1,9]],"step":"doubled","milliseconds":1.500}],"milliseconds":12.034}"#)
  }

  @Test("No symbol is an empty list; a line end in a path does not break the line")
  func nothing() {
    let reading = PictureReading(path: "a\nb\u{7F}", outcome: .success([]), duration: .seconds(2))
    #expect(reading.jsonLine == #"{"path":"a\nb\u007f","results":[],"milliseconds":2000.000}"#)
  }

  @Test("A failure carries the error and its remedy")
  func failure() {
    let reading = PictureReading(path: "x", outcome: .failure(.missing), duration: .zero)
    #expect(
      reading.jsonLine == #"{"path":"x","results":[],"error":"There is no such file.","remedy":"Check the path."}"#)
  }
}
