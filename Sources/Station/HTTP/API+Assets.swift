import AssetIdentifiers
import BarcodeVision
import Custody
import CustodyLedger
import EPCIS
import Foundation
import Hummingbird
import StationStore

extension API {
  func addAssets(to v1: RouterGroup<StationContext>) {
    v1.get("/assets", use: assets)
    v1.get("/assets/{id}", use: asset)
    v1.get("/assets/{id}/events", use: assetEvents)
    v1.get("/assets/{id}/events/{event}/proof", use: proof)
    v1.get("/assets/{id}/epcis", use: epcis)
    v1.get("/assets/{id}/dossier", use: dossier)
    v1.get("/lookup", use: lookup)
    v1.get("/media/{digest}", use: medium)
  }

  @Sendable func assets(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let limit = try request.number("limit", default: 50, in: 1...500)
    let state = try request.text("state").map { text in
      guard let state = LifecycleState(rawValue: text) else {
        throw Problem.malformed("'\(text)' is no state.", pointer: "/state")
      }
      return state
    }
    let after = try request.text("after").map { text in
      guard let id = AssetID(text) else { throw Problem.malformed("after is no asset's id.", pointer: "/after") }
      return id
    }
    let location = try request.text("location").map { text in
      guard let code = LocationCode(text) else {
        throw Problem.malformed("'\(text)' is no location's code.", pointer: "/location")
      }
      return code
    }
    let found = try await core.store.assets(
      AssetSearch(text: request.text("q") ?? "", state: state, location: location, after: after, limit: limit + 1))
    let items = found.prefix(limit).map { AssetResource(asset: $0) }
    return try .page(
      Page(items: items, next: found.count > limit ? found[limit - 1].id.description : nil), for: request)
  }

  @Sendable func asset(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let id: AssetID = try UUIDPath.id("id", in: context)
    guard let asset = try await core.store.read({ try $0.asset(id) }) else { throw Problem.notFound("asset \(id)") }
    let tag = "\"\(asset.version)-\(asset.head)\""
    if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: [.eTag: tag]) }
    let resource = try CanonicalJSON(bytes: CanonicalEncoder().encode(AssetResource(asset: asset)))
    return try .json(resource.picking(request.text("fields")), headers: [.eTag: tag])
  }

  @Sendable func assetEvents(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let id: AssetID = try UUIDPath.id("id", in: context)
    guard try await core.completeHistory(of: id) else { throw StoreFault.historyAtCentre(id) }
    let rows = try await core.store.read { try $0.entries(of: id) }
    guard !rows.isEmpty else { throw Problem.notFound("asset \(id)") }
    return try .page(Page(items: rows.map { EventResource(row: $0) }, next: nil), for: request)
  }

  /// The proof that the centre's log holds an event, in the form that `custody-audit proof` reads.
  @Sendable func proof(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Answer: Encodable {
      let leafIdx: UInt64
      let treeSize: UInt64
      let root: String
      let leafHash: String
      let proof: [String]
      let checkpoint: String
      let logKey: String
    }
    let id: AssetID = try UUIDPath.id("id", in: context)
    let event: EventID = try UUIDPath.id("event", in: context)
    guard let proof = try await core.store.read({ try $0.proof(of: event, about: id) }) else {
      throw Problem.notFound("proof of event \(event) from the centre's log")
    }
    return try .json(
      Answer(
        leafIdx: proof.logIndex, treeSize: proof.treeSize, root: proof.root.base64, leafHash: proof.leaf.base64,
        proof: proof.path.map(\.base64), checkpoint: proof.checkpoint, logKey: proof.logKey.description))
  }

  /// Who may take a dossier away.
  static let dossierRoles: Set<Role> = [.auditor, .manager, .admin]

  /// An asset's dossier: a zip file that proves its custody.
  @Sendable func dossier(_ request: Request, _ context: StationContext) async throws -> Response {
    guard !Self.dossierRoles.isDisjoint(with: try context.requireSignedIn().actor.roles) else {
      throw Problem.forbidden("A dossier", needs: "auditor, manager, admin")
    }
    let id: AssetID = try UUIDPath.id("id", in: context)
    guard try await core.store.read({ try $0.asset(id) }) != nil else { throw Problem.notFound("asset \(id)") }
    do {
      let made = try await StationDossier(
        store: core.store, centre: core.options.centre, token: core.options.centreToken,
        trust: core.options.centreTrust
      ).make(try EvidenceQuery(asset: id.description))
      return Response(
        status: .ok,
        headers: [
          .contentType: "application/zip", .contentDisposition: "attachment; filename=\"dossier-\(id).zip\"",
        ], body: .init(byteBuffer: ByteBuffer(bytes: made.bytes)))
    } catch let refused as StationDossier.Refused {
      throw Problem(
        .conflict, refused.code, "No dossier can be made", detail: refused.description, remedy: refused.remedy)
    }
  }

  /// An asset's events as an EPCIS 2.0 document.
  @Sendable func epcis(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let id: AssetID = try UUIDPath.id("id", in: context)
    guard try await core.completeHistory(of: id) else { throw StoreFault.historyAtCentre(id) }
    guard try await !core.store.read({ try $0.entries(of: id) }).isEmpty else { throw Problem.notFound("asset \(id)") }
    var bytes: [UInt8] = []
    _ = try await CatalogueExport(from: core.store).epcis(of: id) { bytes += $0 }
    return Response(
      status: .ok, headers: [.contentType: EPCISDocument.mediaType], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// What a scanned or typed text means, without acting on it.
  @Sendable func lookup(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    struct Answer: Encodable {
      let kind: String
      let text: String
      let resolution: String
      let assets: [AssetResource]
    }
    let text = request.text("text") ?? ""
    let identifier: AssetIdentifier
    do {
      identifier = try AssetIdentifier.interpret(text)
    } catch {
      throw Problem(
        .unprocessableContent, error.code, "Unreadable scan", detail: error.sentence, remedy: error.remedy,
        pointer: "/text")
    }
    let (resolution, assets) = try await core.store.read { snapshot -> (String, [Asset]) in
      switch try snapshot.resolve(identifier, scanned: text) {
      case .unknown: ("unknown", [])
      case .asset(let id): ("asset", try [snapshot.asset(id)].compactMap { $0 })
      case .ambiguous(let ids): ("ambiguous", try ids.compactMap { try snapshot.asset($0) })
      }
    }
    let isBadge = if case .badge = identifier { true } else { false }
    return try .json(
      Answer(
        kind: identifier.kind, text: isBadge ? "" : identifier.mark, resolution: resolution,
        assets: assets.map { AssetResource(asset: $0) }))
  }

  /// A file kept as evidence, by its SHA-256; a picture, with `as=jpeg`, as a gray and upright JPEG.
  @Sendable func medium(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let digest = context.parameters.get("digest") ?? ""
    guard digest.utf8.count == 64, digest.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else { throw Problem.malformed("A file is named by 64 lowercase hexadecimal digits.", pointer: "/digest") }
    guard let blob = try await core.blob(digest) else { throw Problem.notFound("file \(digest)") }
    var (bytes, mediaType) = (Array(blob.bytes), blob.mediaType)
    // Few browsers show what phones and fax machines send.
    if request.uri.queryParameters["as"] == "jpeg" {
      let picture = bytes
      bytes = try await core.pictures.run { () throws(PictureError) in try GrayFrame(picture: picture).jpeg() }
      mediaType = "image/jpeg"
    }
    return Response(
      status: .ok,
      headers: [
        .contentType: mediaType, .contentDisposition: "inline", .cacheControl: "private, max-age=86400, immutable",
      ],
      body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
