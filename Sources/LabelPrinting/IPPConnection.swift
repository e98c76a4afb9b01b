import CCups
import Dispatch
import Glibc
import LabelDesign

/// libcups, opened when it is first needed.
struct IPPLibrary: @unchecked Sendable {
  // Sendable: addresses of functions, constant once they are found.
  let cups: custody_cups

  private static let opened: Result<IPPLibrary, LinkFault> = {
    var cups = custody_cups()
    if let missing = custody_cups_open(&cups) {
      return .failure(LinkFault(.fault, "\(String(cString: missing)) is not there; the package libcups2 has it"))
    }
    return .success(IPPLibrary(cups: cups))
  }()

  static func shared() throws(LinkFault) -> IPPLibrary { try opened.get() }
}

/// An answer of an IPP printer, taken apart: what is asked for is copied out, and nothing of libcups' stays.
struct IPPAnswer: Hashable, Sendable {
  var integers: [String: Int] = [:]
  var flags: [String: Bool] = [:]
  var words: [String: [String]] = [:]
}

/// One request to an IPP printer, carried out by libcups on a connection of its own. Blocks, in bounded time.
struct IPPRequest {
  let operation: Int32
  var strings: [(group: Int32, tag: Int32, name: String, value: String)] = []
  var jobID: Int32?
  var asksFor: [String] = []
}

struct IPPConnection: Sendable {
  let host: String
  let port: Int
  let path: String
  let isSecure: Bool
  let patience: PrintPatience

  private var uri: String { "\(isSecure ? "ipps" : "ipp")://\(host.contains(":") ? "[\(host)]" : host):\(port)\(path)" }

  /// What came of a request: an answer, or at most so many bytes of the document gone and no answer.
  enum Reply: Hashable, Sendable {
    case answer(IPPAnswer)
    case refused(String)
    case lost(bytesSent: Int, LinkFault)
  }

  /// Sends a request, and a document behind it.
  func send(_ request: IPPRequest, document: [UInt8] = [], stall: Duration? = nil) async -> Reply {
    let library: IPPLibrary
    do {
      library = try IPPLibrary.shared()
    } catch {
      return .lost(bytesSent: 0, error)
    }
    let wait = stall ?? patience.answer
    return await withCheckedContinuation { continuation in
      // Each on a thread that may block; no more of them than printers.
      DispatchQueue.global(qos: .utility).async {
        continuation.resume(returning: exchange(request, document, library.cups, wait))
      }
    }
  }

  private func exchange(
    _ request: IPPRequest, _ document: [UInt8], _ library: custody_cups, _ wait: Duration
  ) -> Reply {
    var cups = library
    let encryption = isSecure ? CUSTODY_HTTP_ENCRYPTION_ALWAYS : CUSTODY_HTTP_ENCRYPTION_IF_REQUESTED
    guard
      let http = custody_cups_connect(
        &cups, host, Int32(port), Int32(encryption), Int32(patience.connection.milliseconds), wait.seconds)
    else { return .lost(bytesSent: 0, LinkFault(.unreachable, Self.lastWords(&cups))) }
    defer { custody_cups_close(&cups, http) }
    guard let message = message(request, &cups) else { return .lost(bytesSent: 0, LinkFault(.fault, "no memory")) }
    defer { custody_cups_delete(&cups, message) }
    guard custody_cups_send(&cups, http, message, path, document.count) != 0 else {
      return .lost(bytesSent: 0, LinkFault(.unreachable, Self.lastWords(&cups)))
    }
    var sent = 0
    while sent < document.count {
      let count = min(16_384, document.count - sent)
      let isOut = document[sent..<(sent + count)].withUnsafeBytes {
        custody_cups_write(&cups, http, $0.baseAddress, count)
      }
      // Some of it may be out.
      sent += count
      guard isOut != 0 else {
        // A printer that refuses may have said why.
        if let answer = custody_cups_answer(&cups, http, path) {
          defer { custody_cups_delete(&cups, answer) }
          if custody_cups_status(&cups, answer) >= 0x0400 { return .refused(Self.errorWords(answer, &cups)) }
        }
        return .lost(bytesSent: sent, LinkFault(.unreachable, Self.lastWords(&cups)))
      }
    }
    guard let answer = custody_cups_answer(&cups, http, path) else {
      return .lost(bytesSent: sent, LinkFault(.noAnswer, Self.lastWords(&cups)))
    }
    defer { custody_cups_delete(&cups, answer) }
    guard custody_cups_status(&cups, answer) < 0x0400 else { return .refused(Self.errorWords(answer, &cups)) }
    return .answer(taken(answer, request.asksFor, &cups))
  }

  private func message(_ request: IPPRequest, _ cups: inout custody_cups) -> UnsafeMutableRawPointer? {
    guard let message = custody_cups_request(&cups, request.operation) else { return nil }
    let group = Int32(CUSTODY_IPP_TAG_OPERATION)
    custody_cups_add_string(&cups, message, group, Int32(CUSTODY_IPP_TAG_URI), "printer-uri", uri)
    if let jobID = request.jobID {
      custody_cups_add_integer(&cups, message, group, Int32(CUSTODY_IPP_TAG_INTEGER), "job-id", jobID)
    }
    custody_cups_add_string(
      &cups, message, group, Int32(CUSTODY_IPP_TAG_NAME), "requesting-user-name", "custody")
    for string in request.strings {
      custody_cups_add_string(&cups, message, string.group, string.tag, string.name, string.value)
    }
    // Print-Job answers with its job's attributes unasked.
    if request.operation != Int32(CUSTODY_IPP_OP_PRINT_JOB), !request.asksFor.isEmpty {
      Self.withCStrings(request.asksFor) { names in
        custody_cups_add_strings(
          &cups, message, group, Int32(CUSTODY_IPP_TAG_KEYWORD), "requested-attributes", Int32(names.count),
          names.baseAddress)
      }
    }
    return message
  }

  private static func withCStrings(_ texts: [String], _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> Void) {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    copies.map { copy in copy.map { UnsafePointer($0) } }.withUnsafeBufferPointer(body)
  }

  private func taken(_ answer: UnsafeMutableRawPointer, _ names: [String], _ cups: inout custody_cups) -> IPPAnswer {
    var taken = IPPAnswer()
    for name in names {
      guard let attribute = custody_cups_find(&cups, answer, name) else { continue }
      let texts = (0..<custody_cups_count(&cups, attribute)).compactMap { index in
        custody_cups_string(&cups, attribute, index).map { String(cString: $0) }
      }
      if texts.isEmpty {
        taken.integers[name] = Int(custody_cups_integer(&cups, attribute))
        taken.flags[name] = custody_cups_boolean(&cups, attribute) != 0
      } else {
        taken.words[name] = texts
      }
    }
    return taken
  }

  private static func lastWords(_ cups: inout custody_cups) -> String {
    let words = custody_cups_last_words(&cups).map { String(cString: $0) } ?? ""
    return words.isEmpty ? "it does not answer" : words
  }

  private static func errorWords(_ answer: UnsafeMutableRawPointer, _ cups: inout custody_cups) -> String {
    let status = custody_cups_status(&cups, answer)
    if let attribute = custody_cups_find(&cups, answer, "status-message"),
      let text = custody_cups_string(&cups, attribute, 0), text.pointee != 0
    {
      return String(cString: text)
    }
    return custody_cups_error_string(&cups, status).map { String(cString: $0) } ?? "error \(status)"
  }
}

extension Duration {
  fileprivate var milliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
  fileprivate var seconds: Double { Double(milliseconds) / 1_000 }
}
