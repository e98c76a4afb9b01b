import BarcodeVision
import CartonReading
import Custody
import CustodyLedger
import Foundation
import StationStore

/// The carton that lies on the desk: what a picture showed, or a burst of scans, until it is received or set aside. It is part of the session,
/// so that a reload or a power cut leaves it where it was; what its codes mean is worked out anew each time.
struct DeskCarton: Hashable, Sendable, Codable {
  /// One symbol of the picture.
  struct Mark: Hashable, Sendable, Codable {
    /// Base64 of the data bytes.
    let raw: String
    let symbologyIdentifier: String?
    let symbology: String
    /// `[x, y]` four times, clockwise, in the upright picture; empty without one.
    let corners: [[Int]]
    /// Its kept reading.
    var reading: Int64

    var symbol: CartonSymbol {
      // Base64 of our own making, out of our own store.
      CartonSymbol(Data(base64Encoded: raw).map { Array($0) } ?? [], symbologyIdentifier: symbologyIdentifier)
    }
  }

  /// What the operator said of one part of a mark.
  struct Choice: Hashable, Sendable, Codable {
    let mark: Int
    let part: Int
    let field: CartonField
    /// The reading that was chosen, where the part has several.
    let value: String?
    let by: PersonID
    let name: String
  }

  /// The picture, as it is kept; nil of a burst of scans.
  let picture: EvidenceReference?
  /// Size of the upright picture, pixels; 0 without one.
  let width: Int
  let height: Int
  var marks: [Mark]
  var choices: [Choice] = []
  /// What showed it, such as `phone` or `camera:door`; nil of a picture or a burst that somebody handed in.
  var source: String?

  /// Code of the readings of its marks.
  static let readingCode = "carton.mark"

  /// Data bytes of all marks together that are taken; a session's document is bounded.
  static let largest = 16 << 10
  /// Data bytes of one mark; a QR code holds 2,953 at most (ISO/IEC 18004 §7.1).
  static let largestMark = 4096
  /// Marks that are taken.
  static let mostMarks = 64

  /// What it is told apart by from others of its session: its first reading.
  var number: Int64 { marks.first?.reading ?? 0 }
  /// What its symbols were read with.
  var device: String { source ?? (picture == nil ? "burst" : "picture") }

  /// What the codes mean together.
  func reading(knowing knowledge: CartonKnowledge) -> Carton {
    let symbols = marks.map(\.symbol)
    let choices = choices.map { choice in
      CartonChoice(
        symbol: symbols[choice.mark], part: choice.part, field: choice.field, value: choice.value, by: choice.name)
    }
    return Carton(reading: symbols, knowing: knowledge, choices: choices)
  }

  /// The first mark that shows a symbol: the same data may stand on two faces.
  func mark(of symbol: CartonSymbol) -> Int? { marks.firstIndex { $0.symbol == symbol } }
}

extension StoreReading {
  /// What is known for cartons of a session: the lines of all orders, what was corrected, and what the session expects.
  func cartonKnowledge(for work: WorkSession) throws -> CartonKnowledge {
    let orders = try orders()
    let products = orders.flatMap { order in
      order.lines.map { line in
        KnownProduct(
          manufacturer: line.manufacturer, model: line.model, partNumber: line.partNumber, order: order.number,
          line: line.line)
      }
    }
    return CartonKnowledge(
      products: products, orders: orders.map(\.number), corrections: try corrections().map(\.correction),
      expected: expectedProduct(work, among: products))
  }

  private func expectedProduct(_ work: WorkSession, among products: [KnownProduct]) -> KnownProduct? {
    if let order = work.details[path: "facts.orderLine.order"]?.text,
      case .integer(let line)? = work.details[path: "facts.orderLine.line"],
      let product = products.first(where: { $0.order == order && $0.line == Int(line) })
    {
      return product
    }
    guard let model = work.details[path: "facts.model"]?.text else { return nil }
    return KnownProduct(manufacturer: work.details[path: "facts.manufacturer"]?.text, model: model)
  }
}
