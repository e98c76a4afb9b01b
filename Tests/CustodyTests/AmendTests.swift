import Custody
import Testing

@Suite struct AmendTests {
  @Test func oldAndNewStandSideBySideAndTheRestStays() throws {
    var set = AssetFacts()
    set.model = "EliteBook 850"
    set.owner = "Lessor"
    set.custom = ["colour": "grey"]
    var asset = try Fixture.asset()
    asset.facts.custom = ["colour": "black", "room": "7"]
    let intent = Intent(
      asset: asset.id, details: .amend(AmendDetails(set: set, reason: "misread")), actor: Fixture.technician)
    let draft = try #require(decide(intent, in: Circumstances(at: Fixture.now, asset: asset)).drafts.first)
    guard case .amend(let details) = draft.details else { return }
    var was = AssetFacts()
    was.model = "EliteBook 840"
    was.custom = ["colour": "black"]
    #expect(details.was == was)
    let amended = try #require(try apply(try Chain().seal(draft), to: asset) { [] })
    #expect(amended.facts.model == "EliteBook 850" && amended.facts.owner == "Lessor")
    #expect(amended.facts.manufacturer == "HP")
    #expect(amended.facts.custom == ["colour": "grey", "room": "7"])
  }

  @Test func aDriveThatLeftTheListComesBackUnsanitized() throws {
    var asset = try Fixture.asset(.quarantined)
    asset.sanitized = [Fixture.drive.serial: Fixture.passed]
    for media in [[], [Fixture.drive]] as [[Medium]] {
      var set = AssetFacts()
      set.media = media
      let intent = Intent(
        asset: asset.id, details: .amend(AmendDetails(set: set, reason: "opened it")), actor: Fixture.manager)
      let draft = try #require(decide(intent, in: Circumstances(at: Fixture.now, asset: asset)).drafts.first)
      asset = try #require(try apply(try Chain().seal(draft), to: asset) { [] })
    }
    #expect(asset.unsanitizedMedia == [Fixture.drive])
    // A run from before it left the list does not sanitize it, one from after does.
    #expect(asset.staleness(of: Fixture.drive.serial, endedAt: Instant(milliseconds: 999)) != nil)
    #expect(asset.staleness(of: Fixture.drive.serial, endedAt: Instant(milliseconds: 1000)) == nil)
    #expect(asset.exposure(of: "OTHER") == nil)
  }

  @Test func repairTakesDrivesOffTheListAndPutsNewOnesOnIt() throws {
    func repaired(_ media: [Medium]?) throws -> Asset {
      var asset = try Fixture.asset(.inRepair, media: media)
      asset.sanitized = [Fixture.drive.serial: Fixture.passed]
      let details = RepairInDetails(
        outcome: "new drive", mediaRemoved: [Fixture.drive.serial], mediaAdded: [Medium(serial: "NEW")])
      let intent = Intent(asset: asset.id, details: .repairIn(details), actor: Fixture.technician)
      let draft = try #require(decide(intent, in: Circumstances(at: Fixture.now, asset: asset)).drafts.first)
      return try #require(try apply(try Chain().seal(draft), to: asset) { [] })
    }
    let asset = try repaired([Fixture.drive])
    #expect(asset.mediaList?.map(\.serial) == ["NEW"] && asset.sanitized.isEmpty && asset.state == .quarantined)
    #expect(try repaired(nil).mediaList == nil)
  }

  @Test func aLooseDriveIsItsOwnMediumAndItsWipeEndsWhereItIsFitted() throws {
    var drive = try Fixture.asset(.inStock, media: nil)
    drive.facts.category = "drive"
    #expect(drive.mediaList?.map(\.serial) == [Fixture.serial.value])
    drive.sanitized = [Fixture.serial.value: Fixture.passed]
    #expect(drive.isFreeOfData)
    let intent = Intent(
      asset: drive.id, details: .attach(AttachDetails(parent: Fixture.other)), actor: Fixture.technician)
    // The laptop's drives are unknown, so one more does not make the list known.
    let drafts = decide(
      intent, in: Circumstances(at: Fixture.now, asset: drive, parent: try Fixture.asset(media: nil, id: Fixture.other))
    ).drafts
    #expect(drafts.map(\.details.verb) == [.attach])
    let fitted = try apply(try Chain().seal(try #require(drafts.first)), to: drive) { [] }
    #expect(fitted?.isFreeOfData == false)
  }
}
