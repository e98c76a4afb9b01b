import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import LabelDesign
import LabelRendering

/// How a phone comes to the station. Rendered by `phone-connect.mustache`.
struct PhoneConnectView: Sendable {
  struct Other: Sendable {
    var href: String
    var host: String
  }

  /// A QR code: its size in modules with the quiet zone, and its dark modules as an SVG path.
  struct Code: Sendable {
    var size: Int
    var path: String
  }

  var shell: ShellView
  /// Where the phone's page is.
  var address: String
  /// The address; nil for one that fits in no code.
  var code: Code?
  /// Whether the address leads back to the machine that asks, and no phone gets there.
  var isOnlyHere: Bool
  var isSecure: Bool
  /// Whether the certificate is of the station's own CA, which a phone does not know yet.
  var hasOwnCA: Bool
  /// Further names of the station.
  var others: [Other]
}

extension DeskPages {
  func addPhoneApp(to router: Router<StationContext>) {
    let script = "text/javascript; charset=utf-8"
    router.get("/static/phone.js") { _, _ in try Self.file(.phoneScript, script) }
    router.get("/static/phone-queue.js") { _, _ in try Self.file(.phoneQueueScript, script) }
    router.get("/static/phone-count.js") { _, _ in try Self.file(.phoneCountScript, script) }
    router.get("/phone/app.webmanifest") { _, _ in try Self.file(.phoneApp, "application/manifest+json") }
    router.get("/phone/worker.js") { _, _ in try Self.phoneWorker() }
    router.get("/phone/connect", use: phoneConnect)
  }

  /// What the phone's page is made of, beside the page itself. Kept on the phone under the version that they make together.
  private static let phoneAssets: [WebFile] = [
    .script, .cartonScript, .signatureScript, .phoneScript, .phoneQueueScript, .phoneCountScript, .phoneSignScript,
    .styleSheet, .icon, .phoneApp, .phoneWorker,
  ]

  /// The service worker, with the version of what it keeps: another version is another script, which a browser takes up by itself.
  private static func phoneWorker() throws -> Response {
    var hash = SHA256()
    for file in phoneAssets { hash.update(data: try file.bytes()) }
    let version = hexadecimal(Array(hash.finalize()).prefix(8))
    let script = String(decoding: try WebFile.phoneWorker.bytes(), as: UTF8.self)
      .replacing("VERSION-OF-THE-ASSETS", with: version)
    return Response(
      status: .ok,
      headers: [
        .contentType: "text/javascript; charset=utf-8", .cacheControl: "no-cache", .serviceWorkerAllowed: phonePath,
      ], body: .init(byteBuffer: ByteBuffer(string: script)))
  }

  /// The station's address as a QR code, and what a phone needs to trust it. Open to all: who has not signed in yet needs it.
  @Sendable func phoneConnect(_ request: Request, _ context: StationContext) async throws -> Response {
    let (host, port) = Self.parts(ofAuthority: request.head.authority ?? "")
    var hosts = Self.isOnlyHere(host) ? [] : [host]
    var hasOwnCA = false
    if case .own(_, let names)? = core.options.tls {
      hasOwnCA = true
      hosts += names.filter { name in !hosts.contains(name) }
    }
    let machine = ProcessInfo.processInfo.hostName.lowercased()
    if !Self.isOnlyHere(machine), !hosts.contains(machine), Self.isName(machine) { hosts.append(machine) }
    let known = hosts.isEmpty ? [host] : hosts
    let chosen = request.text("at").flatMap { known.contains($0) ? $0 : nil } ?? known[0]
    let address =
      (core.options.isSecure ? "https" : "http") + "://" + (chosen.contains(":") ? "[\(chosen)]" : chosen)
      + (port.map { ":" + $0 } ?? "") + Self.phonePath
    let (isSecure, isCA) = (core.options.isSecure, hasOwnCA)
    let code = Self.code(saying: address)
    let view = try await core.store.read { snapshot in
      PhoneConnectView(
        shell: try presenter(snapshot, context).shell(title: "Connect a phone", page: "gate"), address: address,
        code: code, isOnlyHere: Self.isOnlyHere(chosen),
        isSecure: isSecure, hasOwnCA: isCA,
        others: known.filter { $0 != chosen }.map { .init(href: "/phone/connect" + Self.query([("at", $0)]), host: $0) }
      )
    }
    return try renderer.page("phone-connect", view)
  }

  /// Host and port of what a browser says that it asks; an address of IPv6 without its brackets.
  static func parts(ofAuthority text: String) -> (host: String, port: String?) {
    var (host, port): (Substring, Substring?) = (text[...], nil)
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      if rest.hasPrefix(":") { port = rest.dropFirst() }
    } else if let colon = text.lastIndex(of: ":") {
      (host, port) = (text[..<colon], text[text.index(after: colon)...])
    }
    guard isName(String(host)) else { return ("localhost", nil) }
    return (host.lowercased(), port.flatMap { UInt16($0) }.map(String.init))
  }

  private static func isName(_ text: String) -> Bool {
    (1...253).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || [0x2D, 0x2E, 0x3A].contains(byte)
      }
  }

  private static func isOnlyHere(_ host: String) -> Bool {
    host == "localhost" || host.hasPrefix("127.") || host == "::1" || host.hasSuffix(".localhost")
  }

  /// A QR code with its quiet zone of four modules, each run of dark modules as one rectangle.
  private static func code(saying text: String) -> PhoneConnectView.Code? {
    guard case .made(let modules) = SymbolEncoding.encode(SymbolContent(.qr, text)) else { return nil }
    var path = ""
    for row in 0..<modules.rows {
      var column = 0
      while column < modules.columns {
        var end = column
        while end < modules.columns, modules.dark[row * modules.columns + end] { end += 1 }
        if end > column { path += "M\(column + 4) \(row + 4)h\(end - column)v1H\(column + 4)z" }
        column = end + 1
      }
    }
    return .init(size: modules.columns + 8, path: path)
  }
}

extension HTTPField.Name {
  /// How far up a service worker may reach.
  static let serviceWorkerAllowed = Self("Service-Worker-Allowed") ?? .origin
}
