import AsyncHTTPClient
import CentralStore
import Custody
import Foundation
import Hummingbird
import SyncProtocol

/// What a command asks about those who sign in at the centre.
public enum PeopleOrder: Codable, Sendable {
  case list
  case add(name: String, role: String, password: String)
  /// A new password and a new secret for one-time codes; ends every lock.
  case reset(name: String, password: String)
  case disable(name: String)
  /// The newest records of reading.
  case records(before: Int64?, limit: Int)
}

/// What it is answered.
public struct PeopleAnswer: Codable, Sendable {
  /// Somebody who signs in, without what is secret.
  public struct Person: Codable, Sendable {
    public let name: String
    public let role: String
    public let state: String
  }
  public var people: [Person] = []
  /// What an authenticator is told: shown once.
  public var authenticator: String?
  public var records: [ReadRecord] = []
  /// Why it was not done.
  public var refusal: String?
  public var remedy: String?
}

extension CentralServer {
  func carryOut(_ order: PeopleOrder) async throws -> PeopleAnswer {
    var answer = PeopleAnswer()
    func refuse(_ sentence: String, _ remedy: String) { (answer.refusal, answer.remedy) = (sentence, remedy) }
    switch order {
    case .list:
      answer.people = try await store.centralPeople().map { person in
        let state =
          person.disabledAt.map { "disabled since \($0)" }
          ?? (person.lockedUntil > now() ? "locked until \(person.lockedUntil)" : "may sign in")
        return PeopleAnswer.Person(name: person.name, role: person.role.rawValue, state: state)
      }
    case .records(let before, let limit):
      answer.records = try await store.readRecords(before: before ?? .max, limit: min(max(limit, 1), 10_000))
    case .add(let name, let role, let password):
      guard let role = CentralPerson.Role(rawValue: role) else {
        refuse(
          "'\(role)' is no role.", "Give one of \(CentralPerson.Role.allCases.map(\.rawValue).joined(separator: ", "))."
        )
        break
      }
      try await renew(name, password, role, &answer)
    case .reset(let name, let password): try await renew(name, password, nil, &answer)
    case .disable(let name):
      let moment = now()
      let changed = try await store.change(name) { person in
        guard var person else { return nil }
        person.disabledAt = moment
        return person
      }
      if changed == nil { refuse("Nobody is called '\(name)' here.", "See custody central people list.") }
    }
    return answer
  }

  /// Gives somebody new a password and a secret, or somebody known others.
  private func renew(
    _ name: String, _ password: String, _ role: CentralPerson.Role?, _ answer: inout PeopleAnswer
  ) async throws {
    if let fault = Password.fault(of: password, name: name) {
      answer.refusal = "This password cannot be taken. \(fault)"
      answer.remedy = "Choose another of \(Password.shortest) characters or more; several words make a good one."
      return
    }
    var random = SystemRandomNumberGenerator()
    let secret = Data((0..<TOTP.secretLength).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    let (salt, moment) = (Password.salt(), now())
    let hash = try await Password.hash(password, salt: salt)
    guard CentralPerson.isName(name) else {
      answer.refusal = "'\(name)' is no name."
      answer.remedy = "Take another of 1 to 64 small letters, digits and ._-@."
      return
    }
    let changed = try await store.change(name) { known in
      if role != nil { guard known == nil else { return nil } } else { guard known != nil else { return nil } }
      // A moment later: what was signed in before it ends.
      return CentralPerson(
        name: name, role: role ?? known?.role ?? .viewer, salt: salt, hash: hash, totpSecret: secret,
        addedAt: moment.advanced(byMilliseconds: known == nil ? 0 : 1))
    }
    if changed == nil {
      if role != nil {
        answer.refusal = "'\(name)' is there already."
        answer.remedy =
          "Take another of 1 to 64 small letters, digits and ._-@; custody central people reset gives a new password."
      } else {
        answer.refusal = "Nobody is called '\(name)' here."
        answer.remedy = "See custody central people list."
      }
      return
    }
    answer.authenticator = TOTP.address(secret, name: name, issuer: configuration.name)
  }
}

extension CentralControl {
  /// Carries out an order about people: through the running centre if there is one, else in its folder or database.
  /// Throws ``CentralFault``.
  public static func people(
    _ order: PeopleOrder, dataFolder: String, database: CentralDatabase? = nil
  ) async throws -> PeopleAnswer {
    _ = try logKey(dataFolder: dataFolder)
    return try await withCentre(dataFolder, database) { server in
      try await server.carryOut(order)
    } running: { socket, folder, owner in
      guard let url = URL(httpURLWithSocketPath: socket, uri: "/people") else {
        throw CentralFault.unreachable(path: socket, reason: "this is no path of a socket")
      }
      do {
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.body = .bytes(try JSONEncoder().encode(order))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 16 << 20)
        return try JSONDecoder().decode(PeopleAnswer.self, from: Data(body.readableBytesView))
      } catch {
        throw CentralFault.unreachable(path: socket, reason: "\(owner) holds \(folder), but did not answer: \(error)")
      }
    }
  }
}
