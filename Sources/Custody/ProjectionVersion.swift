/// Which rules made a projection. A store that was folded by other rules is folded anew when it is opened.
public enum ProjectionVersion {
  /// Counts up with every change by which the same events give another projection. 2: what disagrees is recorded, and the
  /// order of arrival does not matter.
  public static let current = 2
}
