extension Asset {
  /// Since when data may have been written to a medium of it again, as far as is recorded: a run that ended earlier says
  /// nothing of what is on it now. Nil when nothing of the kind is recorded.
  public func exposure(of serial: String) -> Instant? {
    [exposedAt, mediaExposedAt?[serial]].compactMap(\.self).max()
  }

  /// Why a run that passed and ended then is no sanitization of the medium any more; nil when it still is one.
  public func staleness(of serial: String, endedAt: Instant) -> Refusal? {
    guard let since = exposure(of: serial), endedAt < since else { return nil }
    return Refusal(
      "custody.sanitize.stale",
      "The run of drive \(serial) ended at \(endedAt), and data may have been written to it from \(since) on.",
      remedy: "Wipe it again, and import that report.")
  }

  /// Forgets what was done to all its media: data may be written to them from now on.
  mutating func expose(at moment: Instant) {
    sanitized = [:]
    exposedAt = moment
    mediaExposedAt = nil
  }

  /// The same of one medium.
  mutating func expose(_ serial: String, at moment: Instant) {
    sanitized[serial] = nil
    var media = mediaExposedAt ?? [:]
    media[serial] = moment
    mediaExposedAt = media
  }
}
