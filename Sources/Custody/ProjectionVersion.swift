/// Which rules made a projection. A store that was folded by other rules is folded anew when it is opened.
public enum ProjectionVersion {
  /// Counts up with every change by which the same events give another projection. 2: what disagrees is recorded, and the
  /// order of arrival does not matter. 3: it is known since when data may have been written to the media of an asset again.
  /// 4: a wipe's report that names another model than the list of drives does not pass before somebody confirms the drive.
  public static let current = 4
}
