import ArgumentParser
import Foundation
import NIOCore

/// A running station, asked through the socket in its data folder.
struct StationSocket: ParsableArguments {
  @Option(help: "Data folder of the running station.") var data: String?

  /// The socket; throws when no station runs there.
  func path() throws -> String {
    guard let folder = data ?? ProcessInfo.processInfo.environment["CUSTODY_DATA"] else {
      throw Ending(2, "No data folder was given.", remedy: "Say which station: --data FOLDER.")
    }
    // The folder of `custody demo` has its station beside its centre.
    for path in [folder + "/station.sock", folder + "/station/station.sock"]
    where FileManager.default.fileExists(atPath: path) {
      return path
    }
    throw Ending(3, "No station runs on \(folder).", remedy: "Start it: custody station --data \(folder).")
  }

  /// Asks, and hands over the answer line by line as it comes.
  ///
  /// - Parameter token: of a sign-in, for what somebody is to answer for.
  func ask(
    _ path: String, body: [UInt8]? = nil, token: String? = nil, line take: (String) async throws -> Void
  ) async throws {
    var rest = ByteBuffer()
    try await StoreAccess.request(socket: try self.path(), path: path, body: body, token: token) { part in
      var part = part
      rest.writeBuffer(&part)
      while let end = rest.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
        try await take(rest.readString(length: end - rest.readerIndex) ?? "")
        rest.moveReaderIndex(forwardBy: 1)
      }
    }
    if rest.readableBytes > 0 { try await take(String(buffer: rest)) }
  }
}
