/// What one reader made of a set of pictures.
struct Score {
  private(set) var correct = 0
  private(set) var wrong = 0
  private(set) var missed = 0
  private var times: [Duration] = []

  mutating func add(_ verdict: LabelledPicture.Verdict, _ time: Duration) {
    switch verdict {
    case .correct: correct += 1
    case .wrong: wrong += 1
    case .missed: missed += 1
    }
    times.append(time)
  }

  var count: Int { times.count }

  /// The time that so many hundredths of the pictures do not exceed, in milliseconds.
  func milliseconds(percentile: Int) -> Double {
    let sorted = times.sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percentile / 100)] / .milliseconds(1)
  }

  /// All the time together.
  var sum: Duration { times.reduce(.zero, +) }
}
