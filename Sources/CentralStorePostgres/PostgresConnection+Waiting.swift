import CLibPQ
import Glibc

extension PostgresConnection {
  func send(_ name: String, _ parameters: [PostgresValue]) throws {
    // One buffer for all, then pointers into it; a byte before the first, so that an empty value has an address too.
    var bytes: [UInt8] = [0]
    var places: [Range<Int>?] = []
    for parameter in parameters {
      let start = bytes.count
      places.append(parameter.append(to: &bytes) ? start..<bytes.count : nil)
    }
    let sent = bytes.withUnsafeBytes { buffer in
      let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
      let values = places.map { place in place.flatMap { base?.advanced(by: $0.lowerBound) } }
      let lengths = places.map { Int32($0?.count ?? 0) }
      let formats = [Int32](repeating: 1, count: places.count)
      return pq.PQsendQueryPrepared(handle, name, Int32(places.count), values, lengths, formats, 1)
    }
    guard sent == 1 else { throw lost() }
    // What does not fit the socket's buffer goes out in time with what the server answers, or both would wait for ever.
    if bytes.count > 1 << 15 { try flush() }
  }

  /// Reads results to their end, or to one of a status that is waited for.
  func finish(until status: Int32?) throws {
    var fault: PostgresFault?
    while let result = try nextResult() {
      switch pq.PQresultStatus(result) {
      case status:
        pq.PQclear(result)
        return
      case Int32(CUSTODY_PQ_COMMAND_OK), Int32(CUSTODY_PQ_TUPLES_OK): pq.PQclear(result)
      default: fault = fault ?? refusal(in: result)
      }
      if let fault, fault.endsConnection { throw fault }
    }
    if let fault { throw fault }
    if status != nil { throw lost() }
  }

  func nextResult() throws -> UnsafeMutableRawPointer? {
    while pq.PQisBusy(handle) == 1 {
      _ = try wait(for: Int16(POLLIN))
      guard pq.PQconsumeInput(handle) == 1 else { throw lost() }
    }
    return pq.PQgetResult(handle)
  }

  func flush() throws {
    while true {
      switch pq.PQflush(handle) {
      case 0: return
      case 1: try drain()
      default: throw lost()
      }
    }
  }

  /// Waits until more can be written, and takes meanwhile what comes.
  func drain() throws {
    if try wait(for: Int16(POLLIN | POLLOUT)) & Int16(POLLIN) != 0 {
      guard pq.PQconsumeInput(handle) == 1 else { throw lost() }
    }
    guard pq.PQflush(handle) >= 0 else { throw lost() }
  }

  func wait(for events: Int16) throws -> Int16 {
    while true {
      var polled = [
        pollfd(fd: pq.PQsocket(handle), events: events, revents: 0),
        pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let rest = ContinuousClock.now.duration(to: deadline)
      guard rest > .zero else { throw PostgresFault.timedOut }
      let milliseconds = Int64((rest / .milliseconds(1)).rounded(.up))
      let ready = poll(&polled, 2, Int32(clamping: milliseconds))
      if ready < 0, errno != EINTR {
        throw PostgresFault.lost(reason: "waiting failed: \(String(cString: strerror(errno)))")
      }
      if polled[1].revents != 0 { throw PostgresFault.interrupted }
      if ready > 0, polled[0].revents != 0 { return polled[0].revents }
    }
  }

  func lost() -> PostgresFault {
    .lost(reason: Self.sentence(pq.PQerrorMessage(handle), otherwise: "the connection is gone"))
  }

  /// Takes an error apart, and frees it.
  func refusal(in result: UnsafeMutableRawPointer) -> PostgresFault {
    defer { pq.PQclear(result) }
    guard let state = pq.PQresultErrorField(result, Int32(CUSTODY_PQ_SQLSTATE)) else { return lost() }
    // The primary message alone: the detail may repeat a row's values.
    return .refused(
      sqlState: String(cString: state),
      message: Self.sentence(
        pq.PQresultErrorField(result, Int32(CUSTODY_PQ_MESSAGE_PRIMARY)), otherwise: "the server refused"))
  }

  /// The first line of what libpq says.
  private static func sentence(_ text: UnsafeMutablePointer<CChar>?, otherwise: String) -> String {
    let lines = text.map { String(cString: $0).split(whereSeparator: \.isNewline) } ?? []
    return lines.first.map { String($0.prefix(300)) } ?? otherwise
  }
}
