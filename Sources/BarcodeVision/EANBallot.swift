/// The votes of the lines that cross one symbol.
struct EANBallot {
  private var fits: [EANFit]
  /// Where the lines meet the symbol's ends.
  private(set) var ends: [(along: Double, across: Int)]

  /// A ballot with its first vote.
  init(_ fit: EANFit, line: Int) {
    fits = [fit]
    ends = [(Double(fit.left), line), (Double(fit.right), line)]
  }

  /// How many lines have voted.
  var votes: Int { fits.count }

  /// Whether the fit lies where the last one did.
  func overlaps(_ fit: EANFit) -> Bool {
    guard let last = fits.last else { return false }
    let common = min(last.right, fit.right) - max(last.left, fit.left)
    return common > 0.75 * max(last.right - last.left, fit.right - fit.left)
  }

  mutating func add(_ fit: EANFit, line: Int) {
    fits.append(fit)
    ends += [(Double(fit.left), line), (Double(fit.right), line)]
  }

  /// The mean likeness of the lines.
  var likeness: Float { fits.reduce(0) { $0 + $1.likeness } / Float(fits.count) }

  /// Mean costs over the lines, better ones counting more.
  private func mean(_ costs: (EANFit) -> [[Float]]) -> [[Float]] {
    var sum = costs(fits[0]).map { $0.map { _ in Float(0) } }
    for fit in fits {
      for (place, row) in costs(fit).enumerated() {
        for (digit, cost) in row.enumerated() { sum[place][digit] += cost / Float(fits.count) }
      }
    }
    return sum
  }

  /// Whether there are lines enough, and alike enough, for any outcome to be plausible.
  var isWorthCounting: Bool { votes >= 3 && likeness >= 0.88 }

  /// What the vote came to.
  struct Outcome {
    /// The best thirteen digits whose check digit is right.
    let digits: [Int]
    /// How much worse the next best are, in units of the costs.
    let margin: Float
    /// How much better digits are whose check digit is wrong; zero when the check digit confirms the best.
    let gap: Float
    /// The least margin of a single digit.
    let weakest: Float
    let votes: Int
    let likeness: Float

    /// Whether it is worth a second look: never seen wrong among 893 photographs, but near to some that were.
    var isPlausible: Bool { gap == 0 && margin >= 0.7 && weakest >= 0.15 }
    /// Whether it is proof by itself.
    var isClear: Bool { isPlausible && votes >= 4 && margin >= 1.4 && weakest >= 0.4 }
  }

  /// The outcome, if there is any code with a right check digit.
  var outcome: Outcome? {
    let left = mean(\.leftCosts)
    let right = mean(\.rightCosts)
    var best: (cost: Float, digits: [Int])?
    var next = Float.infinity
    var free = Float.infinity
    for first in 0..<10 {
      let even = EANPatterns.evenOfFirst[first]
      let rows = (0..<6).map { Array(even[$0] ? left[$0][10...] : left[$0][..<10]) } + right
      free = min(free, rows.reduce(0) { $0 + ($1.min() ?? 0) })
      // The two cheapest ways to each weighted sum modulo 10: EAN weighs the digits 1, 3, 1, 3, …
      typealias Way = (cost: Float, digits: [Int])
      var ways = [[Way]](repeating: [], count: 10)
      ways[first] = [(0, [first])]
      for (index, row) in rows.enumerated() {
        var longer = [[Way]](repeating: [], count: 10)
        let weight = index.isMultiple(of: 2) ? 3 : 1
        for sum in 0..<10 {
          for way in ways[sum] {
            for digit in 0..<10 {
              let target = (sum + digit * weight) % 10
              let cost = way.cost + row[digit]
              if longer[target].count == 2, cost >= longer[target][1].cost { continue }
              if longer[target].count < 2 {
                longer[target].append((cost, way.digits + [digit]))
              } else {
                longer[target][1] = (cost, way.digits + [digit])
              }
              if longer[target].count == 2, longer[target][1].cost < longer[target][0].cost {
                longer[target].swapAt(0, 1)
              }
            }
          }
        }
        ways = longer
      }
      for way in ways[0] {
        if best.map({ way.cost < $0.cost }) ?? true {
          next = min(next, best?.cost ?? .infinity)
          best = (way.cost, way.digits)
        } else {
          next = min(next, way.cost)
        }
      }
    }
    guard let best else { return nil }
    let margin = next - best.cost
    let gap = best.cost - free
    // The least margin of a single digit.
    let even = EANPatterns.evenOfFirst[best.digits[0]]
    var weakest = Float.infinity
    for place in 0..<12 {
      let row = place < 6 ? left[place] : right[place - 6]
      let chosen = place < 6 && even[place] ? 10 + best.digits[place + 1] : best.digits[place + 1]
      for (other, cost) in row.enumerated() where other != chosen { weakest = min(weakest, cost - row[chosen]) }
    }
    return Outcome(
      digits: best.digits, margin: margin, gap: gap, weakest: weakest, votes: votes, likeness: likeness)
  }
}
