// Scans over HTTP against a running station, as fast as it answers: every counted scan is a transfer that adds one
// signed ledger entry. Prints the percentiles of one client and the throughput of several.
//
//   scan-http PORT BADGE PIN LOCATION-A LOCATION-B FIRST-TAG-NUMBER COUNT CLIENTS
//
// The assets AT-<number> must be in stock. The client is a bare blocking socket, so that it costs the station's cores as
// little as can be.

import Foundation

func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data((text + "\n").utf8))
  exit(1)
}

/// One kept-alive connection that asks and waits.
final class Connection {
  private let descriptor: Int32
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard connected == 0 else { fail("no station on port \(port)") }
    var one: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  /// Posts a body; gives the status and the whole answer's bytes.
  func post(_ path: String, _ body: String, token: String?) -> (status: Int, body: [UInt8]) {
    let bearer = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
    let request = Array(
      "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(bearer)Content-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    guard send(descriptor, request, request.count, 0) == request.count else { fail("the station hung up") }
    var have = 0
    while true {
      let count = recv(descriptor, &buffer[have], buffer.count - have, 0)
      guard count > 0 else { fail("the station hung up") }
      have += count
      guard let end = find("\r\n\r\n", in: buffer, upTo: have) else { continue }
      guard let field = find("\nContent-Length: ", in: buffer, upTo: end) else { fail("an answer without a length") }
      var length = 0
      var at = field + 17
      while (0x30...0x39).contains(buffer[at]) {
        length = length * 10 + Int(buffer[at] - 0x30)
        at += 1
      }
      let start = end + 4
      if have >= start + length {
        let status = Int(buffer[9] - 0x30) * 100 + Int(buffer[10] - 0x30) * 10 + Int(buffer[11] - 0x30)
        return (status, Array(buffer[start..<(start + length)]))
      }
    }
  }
}

/// Where a text begins in bytes; the client must cost the cores as little as can be, so no strings are made.
func find(_ text: StaticString, in bytes: [UInt8], upTo end: Int) -> Int? {
  bytes.withUnsafeBufferPointer { bytes in
    let count = text.utf8CodeUnitCount
    var at = 0
    while at + count <= end {
      var same = 0
      while same < count, bytes[at + same] == text.utf8Start[same] { same += 1 }
      if same == count { return at }
      at += 1
    }
    return nil
  }
}

func member(_ name: String, of bytes: [UInt8]) -> String {
  let json = String(decoding: bytes, as: UTF8.self)
  guard let range = json.range(of: "\"\(name)\":\"") else { fail("no \(name) in \(json)") }
  return String(json[range.upperBound...].prefix { $0 != "\"" })
}

let arguments = CommandLine.arguments
guard arguments.count == 9, let port = UInt16(arguments[1]), let first = Int(arguments[6]),
  let count = Int(arguments[7]), let clients = Int(arguments[8])
else { fail("usage: scan-http PORT BADGE PIN LOCATION-A LOCATION-B FIRST-TAG-NUMBER COUNT CLIENTS") }

let setup = Connection(port: port)
let signIn = setup.post(
  "/api/v1/sign-in", #"{"badge":"\#(arguments[2])","pin":"\#(arguments[3])"}"#, token: nil)
guard signIn.status == 200 else { fail("sign-in: \(String(decoding: signIn.body, as: UTF8.self))") }
let token = member("token", of: signIn.body)

@Sendable func session(_ location: String) -> String {
  let connection = Connection(port: port)
  let opened = connection.post(
    "/api/v1/sessions", #"{"workflow":"transfer","details":{"location":"\#(location)"}}"#, token: token)
  guard opened.status == 201 else { fail("session: \(String(decoding: opened.body, as: UTF8.self))") }
  return member("id", of: opened.body)
}

/// Scans `count` tags from `first` on in one session; gives the nanoseconds of each.
@Sendable func run(_ location: String, _ first: Int, _ count: Int) -> [UInt64] {
  let connection = Connection(port: port)
  let session = session(location)
  var times: [UInt64] = []
  times.reserveCapacity(count)
  for number in first..<(first + count) {
    let start = DispatchTime.now().uptimeNanoseconds
    let answer = connection.post("/api/v1/sessions/\(session)/scans", #"{"text":"AT-\#(number)"}"#, token: token)
    times.append(DispatchTime.now().uptimeNanoseconds - start)
    guard answer.status == 200, find("\"result\":\"accepted\"", in: answer.body, upTo: answer.body.count) != nil else {
      fail("scan of AT-\(number): \(String(decoding: answer.body, as: UTF8.self))")
    }
  }
  return times
}

func milliseconds(_ nanoseconds: UInt64) -> String { String(format: "%.3f", Double(nanoseconds) / 1e6) }

// A warm-up of one tenth, away and back.
_ = run(arguments[4], first, count / 10)
_ = run(arguments[5], first, count / 10)

let single = run(arguments[4], first, count).sorted()
print(
  "1 client: p50 \(milliseconds(single[count / 2])) ms, p99 \(milliseconds(single[count * 99 / 100])) ms, "
    + "max \(milliseconds(single[count - 1])) ms over \(count) scans")

let share = count / clients
let start = DispatchTime.now().uptimeNanoseconds
// A thread for each client: concurrentPerform would run no more of them at a time than there are cores.
let done = DispatchGroup()
for client in 0..<clients {
  done.enter()
  Thread.detachNewThread {
    _ = run(arguments[5], first + client * share, share)
    done.leave()
  }
}
done.wait()
let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
print(
  String(format: "%d clients: %.0f scans/s over %d scans", clients, Double(share * clients) / seconds, share * clients))
