import Foundation

/// The command `zbarimg`, one process a picture, as it is used from scripts. Its time includes its start and loading.
enum ZBarImg {
  static let program = URL(filePath: "/usr/bin/zbarimg")

  static func texts(_ picture: URL) throws -> [String] {
    let process = Process()
    let output = Pipe()
    process.executableURL = program
    process.arguments = ["--quiet", "--xml", "--nodbus", "-Supca.enable", "-Supce.enable", picture.path]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let xml = String(decoding: bytes, as: UTF8.self)
    return xml.matches(of: /(?s)<data(?: format='(?<format>[a-z0-9]+)')?[^>]*><!\[CDATA\[(?<text>.*?)\]\]><\/data>/)
      .compactMap { match in
        guard match.format == "base64" else { return String(match.text) }
        return Data(base64Encoded: String(match.text), options: .ignoreUnknownCharacters)
          .map { String(decoding: $0, as: UTF8.self) }
      }.filter { !$0.isEmpty }
  }
}
