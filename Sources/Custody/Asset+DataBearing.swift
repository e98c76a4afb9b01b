extension Asset {
  /// Whether it can hold data: what its facts say, else what its category usually does, see
  /// ``AssetFacts/bearsData``.
  public var isDataBearing: Bool { facts.bearsData }

  /// The media that must be sanitized before it leaves: the list among its facts. A loose drive with a serial number is
  /// its own medium when no list was given. Nil says that nobody knows them, empty that there are none.
  public var mediaList: [Medium]? { facts.media(ofSerial: serial) }

  /// The media whose newest sanitization did not pass, or that have none; empty also when the list is unknown, so ask
  /// ``mediaList`` too.
  public var unsanitizedMedia: [Medium] { (mediaList ?? []).filter { sanitized[$0.serial]?.passes != true } }

  /// Whether nothing readable can be left on it: every listed medium is sanitized, and an unknown list is fine only for
  /// what bears no data.
  public var isFreeOfData: Bool {
    guard mediaList != nil else { return !isDataBearing }
    return unsanitizedMedia.isEmpty
  }

  /// What people call it: its tag, else its serial number, else its id.
  public var name: String { tag ?? serial ?? id.description }
}

extension AssetFacts {
  /// Whether it can hold data: as stated, else by category. An unknown category counts as data-bearing, which is the
  /// safe side: a wipe too many is cheaper than a drive too few.
  var bearsData: Bool {
    if let dataBearing { return dataBearing }
    guard let category else { return true }
    return !Self.harmless.contains(category.lowercased())
  }

  /// Whether they say of a thing whose category usually holds data that it holds none, or that no drive is in it. Such
  /// facts open every wipe gate to come, so they are a manager's word.
  var disownsData: Bool {
    var unstated = self
    unstated.dataBearing = nil
    return unstated.bearsData && (dataBearing == false || media?.isEmpty == true)
  }

  func media(ofSerial serial: String?) -> [Medium]? {
    if let media { return media }
    guard isDrive, let serial else { return nil }
    return [Medium(serial: serial, manufacturer: manufacturer, model: model)]
  }

  var isDrive: Bool {
    guard let category = category?.lowercased() else { return false }
    return category == "drive" || category == "hdd" || category == "ssd" || category == "disk"
  }

  /// Categories that hold no data unless their facts say so. Laptops, phones, drives, but also printers and network
  /// equipment (they keep jobs, keys and configuration) are not among them.
  private static let harmless: Set<String> = [
    "adapter", "battery", "bag", "cable", "charger", "desk", "display", "dock", "docking station", "furniture",
    "headset", "keyboard", "lock", "monitor", "mouse", "pdu", "power supply", "rack", "screen", "stand", "ups",
    "webcam",
  ]
}
