import Custody
import Foundation
import Testing

/// One act that must be refused, with just one thing wrong.
struct RefusedAct: CustomTestStringConvertible {
  let code: String
  var details: EventDetails
  var asset: Asset?
  var actor: Actor? = Fixture.actor(Fixture.ann, [.technician, .disposalOperator])
  var witness: Actor? = Fixture.validator
  var approver: Actor? = Fixture.manager
  var parent: Asset?
  var parts: [Asset] = []
  var claims: [BoundIdentifier: AssetID] = [:]
  var history: [CustodyEvent] = []

  var testDescription: String { code }

  var decision: Decision {
    decide(
      Intent(asset: Fixture.laptop, details: details, actor: actor, witness: witness, approver: approver),
      in: Circumstances(at: Fixture.now, asset: asset, history: history, claims: claims, parent: parent, parts: parts))
  }
}

@Suite struct RefusalTests {
  @Test(arguments: try RefusedAct.all()) func isRefusedForThatReason(_ act: RefusedAct) throws {
    let refusal = try #require(act.decision.refusal)
    #expect(refusal.code == act.code)
    #expect(refusal.sentence.hasSuffix(".") && refusal.remedy.hasSuffix("."))
    #expect((refusal.kind == .duplicate) == act.code.hasSuffix(".already"))
  }

  /// `docs/refusals.md` lists just the codes that the acts above produce; `<verb>` there stands for any verb.
  @Test func theTableOfCodesIsTrue() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: "docs/refusals.md"), encoding: .utf8)
    let listed = text.split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("| `custody.") else { return nil }
      return String(line.dropFirst(3).prefix { $0 != "`" })
    }
    let general = ["role", "unknownAsset", "state", "already"]
    let produced = try RefusedAct.all().map { act -> String in
      let parts = act.code.split(separator: ".").map(String.init)
      return general.contains(parts[2]) ? "custody.<verb>.\(parts[2])" : act.code
    }
    #expect(Set(listed).count == listed.count)
    #expect(Set(listed).subtracting(produced) == [])
    #expect(Set(produced).subtracting(listed) == [])
  }

  /// A cable with a drive's serial on it, fitted in and taken out again, must not take that drive off the laptop's list.
  @Test func aPartThatBearsNoDataTakesNoDriveOffTheList() throws {
    var cable = try Fixture.asset(media: nil)
    cable.facts.category = "cable"
    cable.facts.dataBearing = nil
    cable.identifiers = [BoundIdentifier(.serial, Fixture.drive.serial)]
    cable.parent = Fixture.other
    let laptop = try Fixture.asset(media: [Fixture.drive], id: Fixture.other)
    let act = RefusedAct(
      code: "", details: .detach(AttachDetails(parent: Fixture.other)), asset: cable, parent: laptop)
    guard case .record(let drafts) = act.decision else {
      Issue.record("refused: \(act.decision)")
      return
    }
    #expect(drafts.map(\.details.verb) == [.detach])
  }

  @Test func aRefusedDisposalNamesEveryDriveThatIsNotSanitized() throws {
    var asset = try Fixture.asset(.retired, media: [Fixture.drive, Medium(serial: "WD-1"), Medium(serial: "WD-2")])
    asset.sanitized = ["WD-1": Fixture.passed]
    var child = try Fixture.asset(.retired, media: [Medium(serial: "CHILD-9")], id: Fixture.other)
    child.parent = asset.id
    let act = RefusedAct(
      code: "", details: .dispose(DisposeDetails(order: "DO-1", route: .destroy)), asset: asset, parts: [child])
    let sentence = try #require(act.decision.refusal).sentence
    #expect(sentence.contains("S4EWNX0R1") && sentence.contains("WD-2") && sentence.contains("CHILD-9"))
    #expect(!sentence.contains("WD-1"))
  }

  /// A drive that stands on the tray's list is judged there, not a second time by its own older records; a ring of parts
  /// ends.
  @Test func aDriveIsJudgedWhereItIsListedAtEveryLevel() throws {
    var server = try Fixture.asset(.retired, media: [])
    var tray = try Fixture.asset(.retired, media: [Medium(serial: "DEEP-1")], id: Fixture.id(78))
    tray.parent = server.id
    tray.sanitized = ["DEEP-1": Fixture.passed]
    var cage = try Fixture.asset(.retired, media: [], id: Fixture.id(79))
    cage.parent = tray.id
    var drive = try Fixture.asset(.retired, media: [Medium(serial: "DEEP-1")], id: Fixture.other)
    drive.parent = cage.id
    func act() -> RefusedAct {
      RefusedAct(
        code: "", details: .dispose(DisposeDetails(order: "DO-1", route: .destroy)), asset: server,
        parts: [drive, cage, tray])
    }
    #expect(act().decision.refusal == nil)
    server.parent = drive.id
    #expect(act().decision.refusal == nil)
    tray.sanitized = [:]
    let sentence = try #require(act().decision.refusal).sentence
    #expect(sentence.components(separatedBy: "DEEP-1").count == 2)
  }

  @Test func onlyTheRolesOfTheTableMayDoIt() throws {
    let technician: Set<Verb> = [
      .expect, .receive, .deploy, .transfer, .return, .triage, .repairOut, .repairIn, .ship, .arrive, .bind, .unbind,
      .attach, .detach, .amend, .declareMissing, .found, .register, .correct, .sanitize,
      .label, .proveLabel,
    ]
    let disposal: Set<Verb> = [
      .triage, .retire, .sanitize, .dispose, .ship, .arrive, .attach, .detach, .found, .declareMissing, .transfer,
      .correct, .label, .proveLabel,
    ]
    for details in try CodableTests.everyDetails() {
      for role in Role.allCases {
        let intent = Intent(asset: Fixture.laptop, details: details, actor: Fixture.actor(Fixture.ann, [role]))
        let refused =
          decide(intent, in: Circumstances(at: Fixture.now, asset: nil)).refusal?.code
          == "custody.\(details.verb.rawValue).role"
        let allowed =
          switch role {
          case .manager, .admin: true
          case .technician: technician.contains(details.verb)
          case .disposalOperator: disposal.contains(details.verb)
          case .viewer, .counter, .validator, .auditor: false
          }
        #expect(refused != allowed, "\(role) \(details.verb)")
      }
    }
  }
}
