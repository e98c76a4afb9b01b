import Testing

/// The frames of Tests/Vectors/ScannerProtocols/frames.txt.
enum FrameVectors {
  static func frames(_ name: String) throws -> [[UInt8]] {
    let text = String(decoding: try vector("frames.txt"), as: UTF8.self)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix(name + " ") }
    let frames = lines.map { hex(String($0.dropFirst(name.count))) }
    try #require(!frames.isEmpty)
    return frames
  }
}
