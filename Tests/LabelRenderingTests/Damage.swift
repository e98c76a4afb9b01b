import Foundation
import LabelDesign

@testable import BarcodeVision

/// What happens to labels, done to a picture of one symbol: a tenth of it is rubbed off, it lies 2° aslant, it is blurred by two
/// thirds of a module.
///
/// Rows of bars have no error correction: they lose a stripe across all bars. Matrix symbols correct errors in their data, not in
/// what they are found by (the eyes of a QR code, the bars at two edges of a Data Matrix, the middle of an Aztec code): QR and Data
/// Matrix lose a spot in the middle, Micro QR its corner away from the eye, Aztec a stripe along an edge. A tenth is more than the
/// smallest rectangle of Data Matrix can lose: it corrects 3 of its 12 codewords, and loses a twentieth.
enum Damage: String, CaseIterable, Sendable {
  case rubbed, turned, blurred

  /// A rectangle of a picture, in pixels.
  struct Area {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
  }

  func done(to picture: PictureOfSymbol) -> GrayFrame {
    let (frame, symbol) = (picture.frame, picture.modules)
    switch self {
    case .rubbed where picture.isLinear:
      let height = max(1, symbol.height / 10)
      return erased(
        frame, Area(x: symbol.x, y: symbol.y + symbol.height * 6 / 10, width: symbol.width, height: height))
    case .rubbed:
      let hundredths = picture.content.symbology.isDataMatrix && symbol.height * 18 == symbol.width * 8 ? 5 : 10
      let area = symbol.width * symbol.height * hundredths / 100
      switch picture.content.symbology {
      case .aztec:
        let height = area / symbol.width
        return erased(
          frame, Area(x: symbol.x, y: symbol.y + symbol.height - height, width: symbol.width, height: height))
      case .microqr:
        let side = Int(Double(area).squareRoot().rounded(.up))
        return erased(
          frame,
          Area(x: symbol.x + symbol.width - side, y: symbol.y + symbol.height - side, width: side, height: side))
      default:
        let width = min(symbol.width, Int(Double(area).squareRoot()))
        let height = area / width
        return erased(
          frame,
          Area(
            x: symbol.x + (symbol.width - width) / 2, y: symbol.y + (symbol.height - height) / 2, width: width,
            height: height))
      }
    case .turned: return turned(frame, degrees: 2)
    case .blurred: return blurred(frame, reach: max(1, picture.moduleDots / 3))
    }
  }

  private func erased(_ frame: GrayFrame, _ area: Area) -> GrayFrame {
    var bytes = frame.bytes
    for row in area.y..<area.y + area.height {
      for column in area.x..<area.x + area.width { bytes[row * frame.width + column] = 255 }
    }
    return GrayFrame(frame.width, frame.height, bytes)
  }

  /// Every pixel the mean of those around it, `reach` on each side.
  private func blurred(_ frame: GrayFrame, reach: Int) -> GrayFrame {
    func pass(_ bytes: [UInt8], step: Int, count: Int, across: Int, lines: Int) -> [UInt8] {
      var out = bytes
      out.withUnsafeMutableBufferPointer { out in
        bytes.withUnsafeBufferPointer { bytes in
          for line in 0..<lines {
            for index in 0..<count {
              var sum = 0
              for offset in -reach...reach {
                sum += Int(bytes[line * across + min(count - 1, max(0, index + offset)) * step])
              }
              out[line * across + index * step] = UInt8(sum / (2 * reach + 1))
            }
          }
        }
      }
      return out
    }
    let (width, height) = (frame.width, frame.height)
    let across = pass(frame.bytes, step: 1, count: width, across: width, lines: height)
    return GrayFrame(width, height, pass(across, step: width, count: height, across: 1, lines: width))
  }

  /// Turned around its middle, between four pixels each.
  private func turned(_ frame: GrayFrame, degrees: Double) -> GrayFrame {
    let (s, c) = (sin(degrees * .pi / 180), cos(degrees * .pi / 180))
    let (width, height) = (frame.width, frame.height)
    let (middleX, middleY) = (Double(width) / 2, Double(height) / 2)
    var bytes = [UInt8](repeating: 255, count: width * height)
    bytes.withUnsafeMutableBufferPointer { out in
      frame.bytes.withUnsafeBufferPointer { source in
        for row in 0..<height {
          for column in 0..<width {
            let (dx, dy) = (Double(column) - middleX, Double(row) - middleY)
            let (x, y) = (c * dx + s * dy + middleX, -s * dx + c * dy + middleY)
            let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
            guard left >= 0, top >= 0, left + 1 < width, top + 1 < height else { continue }
            let (right, below) = (x - Double(left), y - Double(top))
            let at = top * width + left
            let upper = Double(source[at]) * (1 - right) + Double(source[at + 1]) * right
            let lower = Double(source[at + width]) * (1 - right) + Double(source[at + width + 1]) * right
            out[row * width + column] = UInt8(upper * (1 - below) + lower * below)
          }
        }
      }
    }
    return GrayFrame(width, height, bytes)
  }
}

extension LabelSymbology {
  fileprivate var isDataMatrix: Bool { self == .datamatrix || self == .gs1DataMatrix }
}
