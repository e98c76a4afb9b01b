/// A tag in the field, and what was told of it.
struct TrackedTag: Sendable {
  var sighting: TagSighting
  var hasArrived = false
  var toldAt: Duration

  /// The most antennas that are told apart for one tag.
  private static let mostAntennas = 64

  init(sighting: TagSighting, toldAt: Duration) {
    self.sighting = sighting
    self.toldAt = toldAt
  }

  /// Takes a read of this tag; what is to be told of it.
  mutating func take(
    _ read: TagRead, _ antenna: TagAntenna, _ now: Duration, _ configuration: TagSmoother.Configuration
  ) -> TagEvent? {
    hear(read, antenna, now)
    settle(antenna, now, configuration)
    if !hasArrived {
      guard sighting.count >= configuration.arrivalReads else { return nil }
      hasArrived = true
      toldAt = now
      sighting.zone = configuration.zones[sighting.antenna]
      return .arrived(sighting)
    }
    let zone = configuration.zones[sighting.antenna]
    if zone != sighting.zone {
      let from = sighting.zone
      sighting.zone = zone
      toldAt = now
      return .moved(sighting, from: from)
    }
    guard let reminder = configuration.reminder, now - toldAt >= reminder else { return nil }
    toldAt = now
    return .present(sighting)
  }

  private mutating func hear(_ read: TagRead, _ antenna: TagAntenna, _ now: Duration) {
    sighting.count += read.count
    // A reader that was cut off tells late of what it heard long ago.
    sighting.lastSeen = max(sighting.lastSeen, now)
    sighting.control = read.control ?? sighting.control
    // No reader has so many antennas: one that names ever new ones must not cost ever more.
    guard sighting.heard[antenna] != nil || sighting.heard.count < Self.mostAntennas else { return }
    var heard = sighting.heard[antenna] ?? TagSighting.Heard(count: 0, lastSeen: now)
    heard.count += read.count
    heard.strength = read.strength ?? heard.strength
    heard.lastSeen = max(heard.lastSeen, now)
    if let strength = heard.strength, strength.value > heard.strongest?.value ?? .min { heard.strongest = strength }
    sighting.heard[antenna] = heard
  }

  /// The antenna that has just heard it takes it over from one that is silent, or that hears it worse by the hysteresis.
  private mutating func settle(_ antenna: TagAntenna, _ now: Duration, _ configuration: TagSmoother.Configuration) {
    guard antenna != sighting.antenna else { return }
    guard let current = sighting.heard[sighting.antenna] else {
      sighting.antenna = antenna
      return
    }
    let isSilent = now - current.lastSeen >= configuration.departure / 4
    let isBetter =
      if let new = sighting.heard[antenna]?.strength, let old = current.strength {
        new.value >= old.value + configuration.hysteresis
      } else {
        false
      }
    if isSilent || isBetter { sighting.antenna = antenna }
  }
}
