import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Requests as a program makes them.
enum HTTP {
  struct Answer: Sendable {
    let status: Int
    let body: Data
    let headers: HTTPHeaders

    var json: JSON { get throws { try JSONDecoder().decode(JSON.self, from: body) } }
    var text: String { String(decoding: body, as: UTF8.self) }
  }

  static func request(
    _ method: HTTPMethod, _ url: String, token: String? = nil, body: Data? = nil, headers: [(String, String)] = []
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: url)
    request.method = method
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
    let data = try await response.body.collect(upTo: 64 << 20)
    return Answer(
      status: Int(response.status.code), body: Data(data.readableBytesView), headers: response.headers)
  }

  static func json(_ method: HTTPMethod, _ url: String, token: String? = nil, _ body: JSON? = nil) async throws
    -> (status: Int, body: JSON)
  {
    let answer = try await request(
      method, url, token: token, body: try body.map { try JSONEncoder().encode($0) },
      headers: body == nil ? [] : [("Content-Type", "application/json")])
    return (answer.status, answer.body.isEmpty ? .null : try answer.json)
  }
}
