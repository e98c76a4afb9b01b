import Glibc

/// Reads EAN-13 and UPC-A symbols whose narrow bars have run together: out of focus, moved, or far away.
///
/// Both engines first decide where a bar ends, and there a blurred symbol has nothing left to decide. Here every digit's
/// stretch of the line is compared with what each digit would look like when blurred, several lines vote, and the best
/// code with a right check digit counts only when it is clearly better than the next best one (ISO/IEC 15420).
enum BlurredEAN {
  /// Lines looked at, of rows and of columns each.
  private static let lines = 36

  /// The symbols in the frame: upright or upside down, lying or standing, leaning by less than their bars are long.
  static func symbols(in frame: GrayFrame) -> [Symbol] {
    read(frame, turned: false) + read(frame, turned: true)
  }

  /// The votes that the rows, or the columns, have cast.
  static func ballots(_ frame: GrayFrame, turned: Bool) -> [EANBallot] {
    let count = turned ? frame.width : frame.height
    let length = turned ? frame.height : frame.width
    guard length >= 90, count >= 12 else { return [] }
    let step = max(3, (count + lines - 1) / lines)
    let rows = Array(stride(from: step / 2, to: count, by: step))
    func fits(_ row: Int) -> [EANFit] {
      Line(of: frame, at: row, turned: turned, length: length, count: count).fits()
    }
    // Every third line first: a symbol crosses more than three of them, and most pictures have none.
    var known: [Int: [EANFit]] = [:]
    for row in stride(from: 1, to: rows.count, by: 3) { known[row] = fits(rows[row]) }
    guard known.values.contains(where: { !$0.isEmpty }) else { return [] }
    var ballots: [EANBallot] = []
    for (index, row) in rows.enumerated() {
      for fit in known[index] ?? fits(row) {
        if let known = ballots.firstIndex(where: { $0.overlaps(fit) }) {
          ballots[known].add(fit, line: row)
        } else {
          ballots.append(EANBallot(fit, line: row))
        }
      }
    }
    return ballots
  }

  private static func read(_ frame: GrayFrame, turned: Bool) -> [Symbol] {
    ballots(frame, turned: turned).compactMap { ballot in
      // What cannot be plausible is not counted out: most ballots have one vote.
      guard ballot.isWorthCounting, let outcome = ballot.outcome, outcome.isPlausible else { return nil }
      let isUPC = outcome.digits[0] == 0
      let raw = (isUPC ? outcome.digits.dropFirst() : outcome.digits[...]).map { UInt8($0 + 0x30) }
      let places = ballot.ends.map { end in
        let along = Int(end.along.rounded())
        return turned ? Corners.Point(x: end.across, y: along) : Corners.Point(x: along, y: end.across)
      }
      var symbol = Symbol(
        symbology: isUPC ? .upca : .ean13, text: String(decoding: raw, as: UTF8.self), raw: raw,
        symbologyIdentifier: "]E0", engine: .custody, quality: ballot.votes, corners: Corners(enclosing: places))
      symbol.isFaint = !outcome.isClear
      return symbol
    }
  }

  /// Gray values along one row or column, the mean of three neighbours.
  struct Line {
    let values: [Float]

    init(of frame: GrayFrame, at row: Int, turned: Bool, length: Int, count: Int) {
      let (alongStep, acrossStep) = turned ? (frame.width, 1) : (1, frame.width)
      let middle = max(1, min(count - 2, row)) * acrossStep
      values = frame.bytes.withUnsafeBufferPointer { bytes in
        [Float](unsafeUninitializedCapacity: length) { buffer, filled in
          for x in 0..<length {
            let at = middle + x * alongStep
            buffer[x] = Float(Int(bytes[at - acrossStep]) + Int(bytes[at]) + Int(bytes[at + acrossStep])) / 3
          }
          filled = length
        }
      }
    }

    /// Where light turns to dark or dark to light: positions between pixels, and whether it gets dark there.
    private func edges() -> [(position: Float, darkens: Bool)] {
      // Turning points of the line that differ by more than its noise.
      var low: Float = 255
      var high: Float = 0
      for value in values {
        low = min(low, value)
        high = max(high, value)
      }
      let least = max(5, (high - low) * 0.045)
      guard high - low > 24 else { return [] }
      var edges: [(position: Float, darkens: Bool)] = []
      var extreme = (value: values[0], at: 0)
      var opposite = extreme
      var rising = true
      func cross(_ from: Int, _ to: Int, _ level: Float) -> Float {
        for x in from..<to where (values[x] - level) * (values[x + 1] - level) <= 0 && values[x] != values[x + 1] {
          return Float(x) + (level - values[x]) / (values[x + 1] - values[x])
        }
        return Float(from + to) / 2
      }
      for x in 1..<values.count {
        let value = values[x]
        if rising ? value > extreme.value : value < extreme.value { extreme = (value, x) }
        if abs(value - extreme.value) > least, rising ? value < extreme.value : value > extreme.value {
          if opposite.at < extreme.at {
            edges.append((cross(opposite.at, extreme.at, (opposite.value + extreme.value) / 2), !rising))
          }
          opposite = extreme
          extreme = (value, x)
          rising.toggle()
        }
      }
      if opposite.at < extreme.at {
        edges.append((cross(opposite.at, extreme.at, (opposite.value + extreme.value) / 2), !rising))
      }
      return edges
    }

    /// The stretches of the line that look like an EAN-13 symbol.
    func fits() -> [EANFit] {
      let edges = edges()
      guard edges.count >= 30 else { return [] }
      var fits: [EANFit] = []
      for start in edges.indices where edges[start].darkens {
        let left = edges[start].position
        let quietLeft = left - (start > 0 ? edges[start - 1].position : -20)
        // Of a quiet zone at most eleven modules are needed; a symbol has 95 and at least 30 edges left.
        guard quietLeft >= 3.5 else { continue }
        var end = start + 29
        while end < edges.count, end - start < 66 {
          defer { end += 2 }
          let right = edges[end].position
          let quietRight = (end + 1 < edges.count ? edges[end + 1].position : Float(values.count) + 20) - right
          let module = (right - left) / 95
          guard module >= 0.85, quietLeft >= 3.5 * module, quietRight >= 3.5 * module else { continue }
          guard let fit = EANFit(values, left: left, right: right) else { continue }
          // Of stretches that overlap only the one most like a symbol votes.
          if let rival = fits.lastIndex(where: { $0.left < fit.right && fit.left < $0.right }) {
            if fits[rival].likeness < fit.likeness { fits[rival] = fit }
          } else {
            fits.append(fit)
          }
        }
      }
      return fits
    }
  }
}
