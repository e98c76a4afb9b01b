/// Why a test cannot go on.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Asks again and again until there is an answer. What other programs do cannot be awaited but by asking; the deadline
/// bounds it (well before a suite's own, which tells nothing of where it stood), and nothing is asked in vain for longer than a moment.
func eventually<Answer>(
  _ what: String, within limit: Duration = .seconds(300), _ ask: () async throws -> Answer?
) async throws -> Answer {
  let end = ContinuousClock.now + limit
  while true {
    if let answer = try await ask() { return answer }
    guard ContinuousClock.now < end else { throw Failure("In \(limit) it did not happen: \(what).") }
    try await Task.sleep(for: .milliseconds(25))
  }
}
