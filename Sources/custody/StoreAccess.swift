import AsyncHTTPClient
import Foundation
import NIOCore
import Station
import StationStore

/// A way to a station's data: its own folder while no station runs there, else the running station through its socket.
enum StoreAccess: Sendable {
  case folder(StationStore)
  case running(socket: String)

  init(_ settings: Settings, creating: Bool) throws {
    guard settings.text(.data) != nil else {
      throw Ending(2, "No data folder was given.", remedy: "Say whose data: --data FOLDER, the one of the station.")
    }
    var folder = settings.dataFolder(standard: "")
    var exists = FileManager.default.fileExists(atPath: folder + "/station.db")
    if !exists, FileManager.default.fileExists(atPath: folder + "/station/station.db") {
      // The folder of `custody demo`: its station lies beside its centre.
      folder += "/station"
      exists = true
    }
    guard exists || creating else {
      throw Ending(3, "\(folder) holds no station.", remedy: "Check --data; a station makes its folder when it starts.")
    }
    do {
      self = .folder(try StationStore.openOrCreate(folder, settings))
    } catch StoreFault.inUse(let owned, let owner) {
      let socket = folder + "/station.sock"
      guard FileManager.default.fileExists(atPath: socket) else { throw StoreFault.inUse(folder: owned, owner: owner) }
      self = .running(socket: socket)
    }
  }

  /// Unlike `HTTPClient.shared` it waits for an answer that is long in coming: of a thousand labels, say.
  static let http = HTTPClient(
    eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(timeout: .init(connect: .seconds(10))))

  /// Sends a request to the running station and hands its answer over as it comes.
  static func request(
    socket: String, path: String, body: [UInt8]? = nil, token: String? = nil,
    head: (_ field: (String) -> String?) -> Void = { _ in }, take: (ByteBuffer) async throws -> Void
  ) async throws {
    guard let url = URL(httpURLWithSocketPath: socket, uri: path) else {
      throw Ending(4, "The socket \(socket) cannot be addressed.")
    }
    var request = HTTPClientRequest(url: url.absoluteString)
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let body {
      request.method = .POST
      request.body = .bytes(body)
    }
    let response: HTTPClientResponse
    do {
      response = try await http.execute(request, timeout: .minutes(60))
    } catch {
      throw Ending(
        3, "The station that holds the folder does not answer: \(error).",
        remedy: "Is it starting or stopping? Try again.")
    }
    guard response.status == .ok else {
      let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
      // 409: it was understood, and refused.
      throw Ending(response.status.code >= 500 ? 4 : response.status == .conflict ? 1 : 2, text)
    }
    head { response.headers.first(name: $0) }
    for try await part in response.body { try await take(part) }
  }
}
