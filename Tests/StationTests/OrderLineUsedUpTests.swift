import Custody
import CustodyLedger
import Foundation
import Hummingbird
import StationStore
import Testing

@testable import BarcodeVision
@testable import Station

/// Cartons of an order's line of which everything has come in.
@Suite("A used-up order line") struct OrderLineUsedUpTests {
  private func symbols(_ texts: [String]) -> [Symbol] {
    let corner = Corners.Point(x: 0, y: 0)
    return texts.map { text in
      Symbol(
        symbology: .code128, text: text, raw: Array(text.utf8), symbologyIdentifier: "]C0", engine: .zbar, quality: 9,
        corners: Corners(named: [corner, corner, corner, corner]))
    }
  }

  @Test("it is filled in for as many as were ordered, not for one more, until somebody chooses it")
  func once() async throws {
    try await APIUnderTest.run { api in
      try await api.core.store.write { transaction in
        try transaction.save(
          PurchaseOrder(
            number: "PO-1", supplier: nil, orderedOn: nil,
            lines: [
              .init(line: 7, manufacturer: "Acme", model: "M1", category: "switch", partNumber: "AB-1234", quantity: 1)
            ]))
      }
      let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
      try await api.ask(.post, "/desk/session", as: api.kim, bytes: Array("workflow=receive".utf8), headers: form)
      let session = try #require(try await api.core.deskSession()?.0.id)
      _ = try await api.core.changeSession(session, by: api.kim) { $0.details = ["location": "HQ-A"] }
      /// Lays a carton; gives back the desk's page.
      func lay(_ serial: String) async throws -> String {
        _ = try await api.core.lay(
          symbols(["1PAB-1234", "S" + serial]), of: nil, width: 0, height: 0, in: session, by: api.kim)
        return String(decoding: try await api.get("/desk").bytes, as: UTF8.self)
      }
      func confirm(_ details: CanonicalJSON = [:]) async throws -> ScanOutcome {
        let shown = try #require(try await api.core.carton(in: session))
        return try await api.core.scan(.confirmation(of: shown, details: details), in: session, by: api.kim)
      }
      let chosen = #"<option value="PO-1/7" selected>"#
      let note = "Everything of PO-1/7 has come in"
      let first = try await lay("F0001")
      #expect(first.contains(chosen) && !first.contains(note))
      #expect(try await confirm().result == .accepted)

      let second = try await lay("F0002")
      #expect(!second.contains(chosen) && second.contains(note))
      let refused = try await confirm()
      #expect(refused.result == .refused && refused.code == "custody.receive.orderMissing")
      // The session goes on with the line that was received under: that fills nothing in either.
      let line: CanonicalJSON = ["facts": ["orderLine": ["order": "PO-1", "line": 7]]]
      _ = try await api.core.changeSession(session, by: api.kim) { $0.details = $0.details.overlaid(with: line) }
      #expect(try await confirm().result == .refused)
      // More came than was ordered: that is for a person to say.
      #expect(try await confirm(line).result == .accepted)
    }
  }
}
