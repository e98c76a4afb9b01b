import Custody
import Testing

@testable import EPCIS

/// The EPCIS Event Hash ID against the published examples of its authors: see Tests/Vectors/EPCIS.
@Suite struct EventHashTests {
  private func event(_ moment: String, _ epc: [String], _ step: String, at readPoint: String) throws -> EPCISEvent {
    var event = EPCISEvent(
      .objects(epc), at: try #require(Instant(moment)), offsetMinutes: 60, .observe, .step(step))
    event.readPoint = readPoint
    return event
  }

  @Test func `the reference example with nested fields has its published pre-hash`() throws {
    var event = try event(
      "2020-03-04T10:00:30.000Z",
      [
        "https://id.gs1.org/00/040123450000003338", "https://id.gs1.org/00/040123450000001112",
        "https://id.gs1.org/00/040123450000002225",
      ], "departing", at: "https://id.gs1.org/414/4012345000115/254/987")
    event.fields = [
      .init("myField1", .fields([.init("mySubField1", .text("2")), .init("mySubField2", .text("5"))])),
      .init("myField2", .text("0")),
      .init("myField3", .fields([.init("mySubField3", .texts(["3", "1"]))])),
    ]
    let preHash = event.preHash(namespace: "https://ns.example.com/epcis/")
    #expect(
      preHash
        == "eventType=ObjectEventeventTime=2020-03-04T10:00:30.000ZeventTimeZoneOffset=+01:00epcListepc=https://id.gs1.org/00/040123450000001112epc=https://id.gs1.org/00/040123450000002225epc=https://id.gs1.org/00/040123450000003338action=OBSERVEbizStep=https://ref.gs1.org/cbv/BizStep-departingreadPointid=https://id.gs1.org/414/4012345000115/254/987{https://ns.example.com/epcis/}myField1{https://ns.example.com/epcis/}mySubField1=2{https://ns.example.com/epcis/}mySubField2=5{https://ns.example.com/epcis/}myField2=0{https://ns.example.com/epcis/}myField3{https://ns.example.com/epcis/}mySubField3=1{https://ns.example.com/epcis/}mySubField3=3"
    )
    #expect(
      EPCISEvent.eventID(ofPreHash: preHash)
        == "ni:///sha-256;6ae96341e0acc6d7a261364751f60e68278a81cdf51da0abb6b4e617014e39d7?ver=CBV2.0")
  }

  @Test func `shipping with transaction, source and destination has its published hash`() throws {
    var departing = try event(
      "2022-02-16T11:50:00.000Z", ["https://id.gs1.org/00/140123451122233341"], "departing",
      at: "https://id.gs1.org/414/4012345000221")
    departing.transactions = [
      .init(.standard(.transaction, "desadv"), "urn:epcglobal:cbv:bt:4012345000009:ASN1099")
    ]
    departing.sources = [.init(.standard(.party, "possessing_party"), "https://id.gs1.org/417/4012345000009")]
    departing.destinations = [.init(.standard(.party, "possessing_party"), "https://id.gs1.org/417/4023333000000")]
    #expect(
      departing.eventID == "ni:///sha-256;7a82a68b0f9c78bebb1c729d950edbf1fd40c56f3351906020d2d67d5dffbc72?ver=CBV2.0")
    let transporting = try event(
      "2022-02-16T15:50:00.000Z", ["https://id.gs1.org/00/140123451122233341"], "transporting",
      at: "geo:47.506694,11.104301")
    #expect(
      transporting.eventID
        == "ni:///sha-256;1d2ec4174d8f0b5988a44795b31a636e8bc7f88ebc4bdc0d35c14f215a842e80?ver=CBV2.0")
  }

  @Test func `receiving with a disposition has its published hash`() throws {
    var receiving = try event(
      "2023-01-11T11:00:00.000Z", ["https://id.gs1.org/01/04012345999990/21/XYZ-1234"], "receiving",
      at: "https://id.gs1.org/414/4012345000115")
    receiving.disposition = .disposition("in_progress")
    receiving.transactions = [
      .init(.standard(.transaction, "desadv"), "urn:epcglobal:cbv:bt:4012345000009:ASN1099")
    ]
    #expect(
      receiving.eventID == "ni:///sha-256;65f196f1b17e2525de2b6f45f5d31d74fa3fdf1e689863484f8e9660cc36f69f?ver=CBV2.0")
  }

  @Test func `an error declaration is no part of the hash; anything else is`() throws {
    let plain = try event("2023-01-11T11:00:00.000Z", ["urn:uuid:a"], "receiving", at: "urn:x")
    var declared = plain
    declared.error = .init(
      declaredAt: plain.eventTime, reason: .standard(.error, "did_not_occur"), event: "urn:x", entry: "urn:y")
    #expect(declared.eventID == plain.eventID)
    let changes: [(inout EPCISEvent) -> Void] = [
      { $0.what = .objects(["urn:uuid:b"]) }, { $0.offsetMinutes = -60 }, { $0.action = .add },
      { $0.eventTime = $0.eventTime.advanced(byMilliseconds: 1) }, { $0.step = nil },
      { $0.disposition = .disposition("active") }, { $0.readPoint = nil }, { $0.location = "urn:z" },
      { $0.fields = [.init("a", .text("b"))] },
      { $0.what = .association(parent: "urn:uuid:p", children: ["urn:uuid:a"]) },
    ]
    for change in changes {
      var changed = plain
      change(&changed)
      #expect(changed.eventID != plain.eventID)
    }
  }

  @Test func `an offset that EPCIS has no form for is written as UTC`() throws {
    for (minutes, wanted) in [
      (0, "+00:00"), (345, "+05:45"), (-210, "-03:30"), (840, "+14:00"), (841, "+00:00"), (Int.min + 1, "+00:00"),
    ] {
      let event = EPCISEvent(.objects([]), at: Instant(milliseconds: 0), offsetMinutes: minutes, .observe, nil)
      #expect(event.offset == wanted)
    }
  }
}
