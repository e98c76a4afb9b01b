/// How much a transform of SVG (1.1, 7.6) lengthens what it is applied to, at most.
struct TransformGrowth {
  private(set) var scale = 1.0
  /// Whether what was upright stays so.
  private(set) var isUpright = true

  init(svg text: String) {
    for step in text.split(separator: ")") {
      let parts = step.split(separator: "(", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let name = parts[0].filter { $0.isLetter }
      let numbers = parts[1].split { $0 == " " || $0 == "," || $0.isNewline }.compactMap { Double($0) }
      switch (name, numbers.count) {
      case ("translate", _): break
      case ("scale", 1...): scale *= numbers.prefix(2).map(\.magnitude).max() ?? 1
      case ("rotate", 1...): isUpright = isUpright && numbers[0].truncatingRemainder(dividingBy: 90) == 0
      case ("matrix", 6):
        // The greater singular value of the four.
        let squares = numbers.prefix(4).reduce(0) { $0 + $1 * $1 }
        let determinant = numbers[0] * numbers[3] - numbers[1] * numbers[2]
        let rest = max(0, squares * squares - 4 * determinant * determinant)
        scale *= ((squares + rest.squareRoot()) / 2).squareRoot()
        isUpright = isUpright && numbers[1] == 0 && numbers[2] == 0
      case ("skewX", 1), ("skewY", 1):
        // 1 + |tan|, rounded up: 84° is the steepest that has a number here.
        let angle = numbers[0].magnitude
        scale *= angle <= 45 ? 2 : angle <= 84 ? 11 : 10_000
        isUpright = false
      default:
        // Not understood, so that anything may come of it.
        (scale, isUpright) = (10_000, false)
      }
    }
  }
}
