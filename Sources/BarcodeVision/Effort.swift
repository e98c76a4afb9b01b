/// How much time a frame may cost.
public enum Effort: Sendable, Equatable {
  /// A picture that stays: the whole ladder, as far as it pays.
  case still
  /// One of many frames of a camera: the cheap look, and at most one dear one. `turn` picks which; count it up with
  /// every frame, so that a code that only a dear look can read is met after a few frames.
  case live(turn: Int)
}
