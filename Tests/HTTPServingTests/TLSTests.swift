import AsyncHTTPClient
import Certificates
import Foundation
import NIOCore
import StationSync
import SyncTestSupport
import Synchronization
import Testing
import X509

@testable import HTTPServing

/// Real TLS sockets: who is believed, who is not and why, and certificates that renew themselves.
@Suite(.timeLimit(.minutes(5))) struct TLSTests {
  private func ask(_ base: String, _ trust: CentreTrust) async throws -> String {
    let answer = try await HTTPTransport(to: base, trusting: trust).exchange(
      CentralRequest(.GET, "/hello", timeout: .seconds(60)))
    var text = ""
    for try await part in answer.body { text += String(buffer: part) }
    return text
  }

  private func distrust(_ base: String, _ trust: CentreTrust) async throws -> (reason: String, remedy: String) {
    var error: SyncError?
    // A busy machine may let a connection wait for longer than is waited for.
    for _ in 0..<5 {
      error = await #expect(throws: SyncError.self) { try await ask(base, trust) }
      if case .unreachable? = error { continue }
      break
    }
    guard case .untrusted(let reason, let remedy)? = error else {
      Issue.record("\(String(describing: error))")
      return ("", "")
    }
    #expect(error?.code == "sync.certificate" && error?.description == "The centre is not trusted: \(reason).")
    return (reason, remedy)
  }

  private func pem(_ authority: OwnAuthority, in folder: TemporaryFolder) throws -> String {
    let file = folder.path + "/\(UUID().uuidString).pem"
    try authority.pem.write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }

  @Test func whoKnowsTheAuthorityOrItsPinIsServedAndNobodyElse() async throws {
    let folder = try TemporaryFolder()
    let tls = try ServerTLS(.own(folder: folder.path, names: ["desk.example.com"]), host: "0.0.0.0", logger: silent)
    let authority = try #require(try tls.authority)
    let elsewhere = try TemporaryFolder()
    let other = try OwnAuthority(folder: elsewhere.path)
    for file in ["tls-ca.pem", "tls-server.pem"] {
      #expect(
        try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(file)")[.posixPermissions] as? Int == 0o600)
    }
    let trusted = try CentreTrust(try pem(authority, in: folder))
    let pinned = try CentreTrust(try authority.pin)
    let wrong = try CentreTrust(try pem(other, in: folder))
    let wrongPin = try CentreTrust(try other.pin)
    try await serving(HTTPServing(tls: tls)) { port in
      for base in ["https://localhost:\(port)", "https://127.0.0.1:\(port)"] {
        #expect(try await ask(base, trusted) == "hello")
        #expect(try await ask(base, pinned) == "hello")
      }
      let foreign = try await distrust("https://localhost:\(port)", wrong)
      #expect(foreign.reason.contains("was not signed by the authority that is set"))
      #expect(foreign.remedy.contains("custody central ca"))
      let unknown = try await distrust("https://localhost:\(port)", .system)
      #expect(unknown.reason.contains("the system's authorities do not know who signed it"))
      let pin = try await distrust("https://localhost:\(port)", wrongPin)
      #expect(pin.reason.contains("none of the 2 certificates that it shows has the pin sha256/"))
      // 127.0.0.2 is this machine too, and stands in no certificate.
      let name = try await distrust("https://127.0.0.2:\(port)", trusted)
      #expect(name.reason.contains("is not for '127.0.0.2' but for") && name.remedy.contains("--tls-name"))
      // A pin does not make a name right.
      let pinnedName = try await distrust("https://127.0.0.2:\(port)", pinned)
      #expect(pinnedName.reason.contains("is not for '127.0.0.2'"))
    }
  }

  @Test func anExpiredCertificateIsToldWithItsDay() async throws {
    let folder = try TemporaryFolder()
    let then = Date(timeIntervalSince1970: 1_700_000_000)  // 2023-11-14
    let tls = try ServerTLS(.own(folder: folder.path, names: []), host: "0.0.0.0", logger: silent, now: { then })
    let trust = try CentreTrust(try pem(try #require(try tls.authority), in: folder))
    try await serving(HTTPServing(tls: tls)) { port in
      let expired = try await distrust("https://localhost:\(port)", trust)
      #expect(expired.reason == "its certificate expired on 2024-02-12T22:13:20Z")
      #expect(expired.remedy.contains("clocks of both machines"))
      // Made anew by the same authority, it is believed.
      let renewed = try ServerTLS(.own(folder: folder.path, names: []), host: "0.0.0.0", logger: silent)
      try await serving(HTTPServing(tls: renewed)) { renewedPort in
        let answer = try await ask("https://localhost:\(renewedPort)", trust)
        #expect(answer == "hello")
      }
    }
    let later = try TemporaryFolder()
    let future = Date().addingTimeInterval(86_400 * 30)
    let early = try ServerTLS(.own(folder: later.path, names: []), host: "0.0.0.0", logger: silent, now: { future })
    let earlyTrust = try CentreTrust(try pem(try #require(try early.authority), in: later))
    try await serving(HTTPServing(tls: early)) { port in
      let told = try await distrust("https://localhost:\(port)", earlyTrust)
      #expect(told.reason.contains("is not valid before"))
    }
  }

  @Test func aCertificateIsRenewedWhileTheServerRuns() async throws {
    let folder = try TemporaryFolder()
    let moment = Mutex(Date(timeIntervalSince1970: 1_700_000_000))
    let tls = try ServerTLS(
      .own(folder: folder.path, names: []), host: "0.0.0.0", logger: silent, now: { moment.withLock { $0 } })
    let trust = try CentreTrust(try pem(try #require(try tls.authority), in: folder))
    try await serving(HTTPServing(tls: tls)) { port in
      _ = try await distrust("https://localhost:\(port)", trust)
      moment.withLock { $0 = Date() }
      tls.renew()
      #expect(try await ask("https://localhost:\(port)", trust) == "hello")
    }
  }

  @Test func aServerInTheClearIsToldApart() async throws {
    let pin = try CentreTrust("sha256/" + Data(repeating: 7, count: 32).base64EncodedString())
    try await serving(HTTPServing()) { port in
      for trust in [CentreTrust.system, pin] {
        let told = try await distrust("https://localhost:\(port)", trust)
        #expect(told.reason.contains("shows no certificate") && told.remedy.contains("--tls"))
      }
    }
    let error = await #expect(throws: SyncError.self) { try await ask("https://127.0.0.1:1", .system) }
    guard case .unreachable? = error else { Issue.record("\(String(describing: error))"); return }
  }

  @Test(arguments: [
    "sha256/", "sha256/AAAA", "sha256/" + String(repeating: "=", count: 44), "/no/such/file", "/etc/hostname",
  ])
  func whatIsNoPinAndNoCertificateIsRefused(text: String) {
    let error = #expect(throws: SyncError.self) { try CentreTrust(text) }
    #expect(error?.remedy.contains("custody central ca") == true)
  }

  @Test func aPinIsReadAsItIsWrittenAlsoAsCurlWritesIt() throws {
    // Base64 whose first character is a slash.
    let text = Data([0xFC] + [UInt8](repeating: 9, count: 31)).base64EncodedString()
    #expect(text.first == "/")
    for pin in ["sha256/" + text, "sha256//" + text] { #expect(CertificatePin(pin)?.description == "sha256/" + text) }
    #expect(CertificatePin(text) == nil)
  }

  @Test func theOwnCertificateIsRenewedBeforeItExpiresAndForNewNames() async throws {
    let folder = try TemporaryFolder()
    let moment = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
    let authority = try OwnAuthority(folder: folder.path, now: moment.withLock { $0 })
    let pin = try authority.pin
    func leaf(_ names: [String] = ["desk.example.com", "10.0.0.9"]) throws -> Certificate {
      let now = moment.withLock { $0 }
      let identity = try OwnAuthority(folder: folder.path, now: now).server(for: ServerNames(names), now: now)
      return try Certificate(pemEncoded: try #require(identity.chain.first))
    }
    let first = try leaf()
    moment.withLock { $0 += 59 * 86_400 }
    #expect(try leaf() == first)
    moment.withLock { $0 += 2 * 86_400 }
    let second = try leaf()
    #expect(second != first && second.issuer == first.issuer)
    #expect(second.notValidAfter == moment.withLock { $0 + 90 * 86_400 })
    // A name that it has already makes no new one; one that it has not does.
    #expect(try leaf(["10.0.0.9"]) == second)
    #expect(try leaf(["10.0.0.10"]) != second)
    #expect(try OwnAuthority(folder: folder.path).pin == pin)
  }

  /// OpenSSL's own opinion of the certificates, and of the pin.
  @Test func openSSLAgrees() async throws {
    let folder = try TemporaryFolder()
    let authority = try OwnAuthority(folder: folder.path)
    let identity = try authority.server(for: ServerNames(["desk.example.com", "10.0.0.9"]), now: Date())
    try identity.chain[0].write(toFile: folder.path + "/leaf.pem", atomically: true, encoding: .utf8)
    try authority.pem.write(toFile: folder.path + "/ca.pem", atomically: true, encoding: .utf8)
    func run(_ command: String) throws -> String {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/bash")
      process.arguments = ["-c", "cd \"$0\" && { \(command); } 2>&1", folder.path]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
    #expect(
      try run(
        "openssl verify -x509_strict -purpose sslserver -verify_hostname desk.example.com -CAfile ca.pem leaf.pem")
        == "leaf.pem: OK")
    #expect(try run("openssl verify -x509_strict -verify_ip 10.0.0.9 -CAfile ca.pem leaf.pem") == "leaf.pem: OK")
    #expect(try run("openssl verify -verify_ip 10.0.0.8 -CAfile ca.pem leaf.pem").contains("mismatch"))
    let digest = try run(
      "openssl x509 -in ca.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64"
    )
    #expect(try authority.pin == "sha256/\(digest)")
  }

  @Test func givenFilesThatDoNotGoTogetherAreNamed() async throws {
    let folder = try TemporaryFolder()
    let identity = try OwnAuthority(folder: folder.path).server(for: ServerNames(["localhost"]), now: Date())
    let elsewhere = try TemporaryFolder()
    let other = try OwnAuthority(folder: elsewhere.path).server(
      for: ServerNames(["localhost"]), now: Date())
    func write(_ name: String, _ text: String) throws -> String {
      try text.write(toFile: "\(folder.path)/\(name)", atomically: true, encoding: .utf8)
      return "\(folder.path)/\(name)"
    }
    let chain = try write("chain.pem", identity.chain.joined(separator: "\n"))
    let key = try write("key.pem", identity.key)
    let foreign = try write("foreign.pem", other.key)
    let junk = try write("junk.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    func open(_ certificate: String, _ key: String) throws -> ServerTLS {
      try ServerTLS(.given(certificate: certificate, key: key), host: "localhost", logger: silent)
    }
    #expect(try open(chain, key).isOwn == false)
    for (certificate, key, words) in [
      (chain, foreign, "do not go together"), (junk, key, "no certificate"), (key, key, "no certificate"),
      (chain, chain, "no key"), (folder.path + "/none", key, "cannot be used"),
      (chain, folder.path + "/none", "cannot be used"),
    ] {
      let fault = #expect(throws: TLSFault.self, "\(certificate) \(key)") { try open(certificate, key) }
      #expect(fault?.description.contains(words) == true, "\(String(describing: fault))")
    }
    let past = Date().addingTimeInterval(86_400 * 365)
    let fault = #expect(throws: TLSFault.self) {
      try ServerTLS(.given(certificate: chain, key: key), host: "localhost", logger: silent, now: { past })
    }
    #expect(fault?.description.contains("expired on") == true)
  }
}
