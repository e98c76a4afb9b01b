import Custody
import CustodyLedger
import Foundation
import Hummingbird
import Testing

@testable import Station

@Suite("API: its description")
struct APIDescriptionTests {
  private static let methods: Set = ["get", "post", "put", "patch", "delete"]

  private static func described() throws -> CanonicalJSON {
    try JSONDecoder().decode(CanonicalJSON.self, from: Data(try WebFile.openAPI.bytes()))
  }

  private struct Operation {
    let path: String
    let method: String
    let body: CanonicalJSON
    var name: String { "\(method.uppercased()) \(path)" }
  }

  private static func operations(of document: CanonicalJSON) -> [Operation] {
    members(document[path: "paths"]).flatMap { path, item in
      members(item).filter { methods.contains($0.0) }.map { Operation(path: path, method: $0.0, body: $0.1) }
    }
  }

  private static func members(_ value: CanonicalJSON?) -> [(String, CanonicalJSON)] {
    if case .object(let object)? = value { object.members.map { ($0.name, $0.value) } } else { [] }
  }

  /// What a `$ref` leads to; the value itself when it is none.
  private static func resolved(_ value: CanonicalJSON, in document: CanonicalJSON) -> CanonicalJSON? {
    guard case .object(let object) = value, let reference = object["$ref"]?.text else { return value }
    guard reference.hasPrefix("#/") else { return nil }
    return document[path: String(reference.dropFirst(2)).replacing("/", with: ".")]
  }

  @Test("describes every route of the API, and no other")
  func routes() async throws {
    let document = try Self.described()
    let described = Set(Self.operations(of: document).map(\.name))
    try await APIUnderTest.run { api in
      let router = try await StationApplication.router(api.core)
      let served = router.routes.map { "\($0.method) \($0.path)" }.filter {
        let path = $0.split(separator: " ")[1]
        return path.hasPrefix("/api/v1/") || path == "/health" || path == "/openapi.json"
      }
      #expect(Set(served) == described)
      let answer = try await api.ask(.get, "/openapi.json", as: nil)
      #expect(answer.headers[.contentType] == "application/json")
      #expect(try answer.text("openapi") == "3.1.0")
    }
  }

  @Test("every reference leads somewhere; every operation has an id of its own, answers, and its path's parameters")
  func structure() throws {
    let document = try Self.described()
    func walk(_ value: CanonicalJSON) {
      switch value {
      case .object(let object):
        if object["$ref"] != nil { #expect(Self.resolved(value, in: document) != nil, "\(value)") }
        for member in object.members { walk(member.value) }
      case .array(let items): for item in items { walk(item) }
      default: break
      }
    }
    walk(document)
    let operations = Self.operations(of: document)
    let ids = operations.compactMap { $0.body[path: "operationId"]?.text }
    #expect(ids.count == operations.count)
    #expect(Set(ids).count == ids.count)
    for operation in operations {
      let answers = Self.members(operation.body[path: "responses"])
      #expect(answers.contains { $0.0.hasPrefix("2") }, "\(operation.name)")
      for (status, answer) in answers {
        let whole = Self.resolved(answer, in: document)
        #expect(whole?[path: "description"]?.text != nil, "\(operation.name) \(status)")
        guard status.hasPrefix("4") else { continue }
        #expect(Self.members(whole?[path: "content"]).map(\.0) == ["application/problem+json"], "\(operation.name)")
      }
      // A body may be no JSON, and too large: both are said of every operation that takes one.
      if Self.members(operation.body[path: "requestBody.content"]).contains(where: { $0.0 == "application/json" }) {
        #expect(Set(answers.map(\.0)).isSuperset(of: ["400", "413"]), "\(operation.name)")
      }
      var parameters: [CanonicalJSON] = []
      if case .array(let listed)? = operation.body[path: "parameters"] {
        parameters = listed.compactMap { Self.resolved($0, in: document) }
      }
      let inPath = Set(parameters.filter { $0[path: "in"]?.text == "path" }.compactMap { $0[path: "name"]?.text })
      let variables = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
        $0.dropFirst().dropLast()
      }
      #expect(inPath == Set(variables.map(String.init)), "\(operation.name)")
      // What needs no sign-in says so; everything else may answer 401.
      let isOpen = operation.body[path: "security"] == []
      #expect(isOpen || answers.contains { $0.0 == "401" }, "\(operation.name)")
    }
  }

  @Test("real answers have only described members, and all that are required, at every depth")
  func answers() async throws {
    try await APIUnderTest.run { api in
      let id = try await api.register("LT-00007", "retired", category: "laptop", drives: ["D-ONE"])
      try await api.register("DK-00001")
      let session = try await api.open("deploy", as: api.kim)
      try await api.scan("CUSTODY:BADGE:" + APIUnderTest.robsBadge, as: api.kim, in: session)
      let scan = try await api.post(session + "/scans", ["text": "DK-00001"], as: api.kim)
      let refused = try await api.scan("LT-00007", "dispose", ["order": "DO-9", "route": "recycle"], as: api.dana)
      let unreadable = try await api.post(session + "/scans", ["text": ""], as: api.kim)
      let answers: [(String, APIAnswer)] = [
        ("Scan", scan), ("ScanProblem", refused), ("ScanProblem", unreadable), ("Session", try await api.get(session)),
        ("Asset", try await api.get("/api/v1/assets/\(id)")),
        ("AssetPage", try await api.get("/api/v1/assets?limit=1")),
        ("EventPage", try await api.get("/api/v1/events?limit=2")),
        ("EventPage", try await api.get("/api/v1/assets/\(id)/events")),
        ("ReadingPage", try await api.get("/api/v1/readings")), ("Health", try await api.get("/health")),
        ("Lookup", try await api.get("/api/v1/lookup?text=DK-00001")), ("Person", try await api.get("/api/v1/me")),
        ("PersonPage", try await api.get("/api/v1/people")), ("SitePage", try await api.get("/api/v1/sites")),
        ("LocationPage", try await api.get("/api/v1/locations")), ("OrderPage", try await api.get("/api/v1/orders")),
        ("DeviceList", try await api.get("/api/v1/devices")), ("Problem", try await api.get("/api/v1/assets/x")),
      ]
      try Self.check(answers)
      // One text of each kind that a lookup can be given.
      for text in [
        "CUSTODY:KIT:JOINER", "CUSTODY:ORDER:PO-2031", "CUSTODY:LOC:A-01", "CUSTODY:CMD:UNDO", "CUSTODY:BADGE:X-1",
        "]C101095060001343522112345", "urn:epc:id:giai:9506000.1343", "00:1A:2B:3C:4D:5E", "490154203237518",
      ] {
        let query = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        try Self.check([("Lookup", try await api.get("/api/v1/lookup?text=\(query)"))])
      }
    }
  }

  /// Checks answers against the schemas that describe them.
  static func check(_ answers: [(String, APIAnswer)]) throws {
    let document = try described()
    for (schema, answer) in answers {
      let described = try #require(document[path: "components.schemas.\(schema)"])
      expect(try answer.json, fits: described, in: document, at: schema)
    }
  }

  /// Checks an answer against the part of JSON Schema that the description uses.
  private static func expect(
    _ value: CanonicalJSON, fits schema: CanonicalJSON, in document: CanonicalJSON, at place: String
  ) {
    guard let schema = resolved(schema, in: document) else {
      Issue.record("\(place): a reference leads nowhere")
      return
    }
    if case .array(let choice)? = schema[path: "enum"] { #expect(choice.contains(value), "\(place)") }
    switch (schema[path: "type"]?.text, value) {
    case ("object", .object(let object)):
      let properties = Dictionary(uniqueKeysWithValues: Self.members(schema[path: "properties"]))
      if case .array(let required)? = schema[path: "required"] {
        for name in required.compactMap(\.text) { #expect(object[name] != nil, "\(place) lacks \(name)") }
      }
      for member in object.members {
        if let property = properties[member.name] {
          expect(member.value, fits: property, in: document, at: "\(place).\(member.name)")
        } else if case .object? = schema[path: "additionalProperties"] {
          expect(
            member.value, fits: schema[path: "additionalProperties"] ?? [:], in: document,
            at: "\(place).\(member.name)")
        } else {
          let isOpen = schema[path: "additionalProperties"] == true || properties.isEmpty
          #expect(isOpen, "\(place).\(member.name) is not described")
        }
      }
    case ("array", .array(let items)):
      for item in items { expect(item, fits: schema[path: "items"] ?? [:], in: document, at: place + "[]") }
    case ("string", .string), ("integer", .integer), ("boolean", .bool), (nil, _): break
    default: Issue.record("\(place) is \(value), not \(schema[path: "type"]?.text ?? "")")
    }
  }
}
