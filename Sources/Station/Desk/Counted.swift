/// `1 asset`, `2 assets`, `no asset`: a number with its word.
///
/// - Parameter many: the word for several, where it is not the one with an s.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  switch count {
  case 0: "no \(one)"
  case 1: "1 \(one)"
  default: "\(count) \(many ?? one + "s")"
  }
}
