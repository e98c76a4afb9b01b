import AsyncAlgorithms
import BarcodeVision
import CustodyLedger
import Hummingbird
import ServiceLifecycle

extension API {
  func addCameras(to v1: RouterGroup<StationContext>) {
    v1.get("/cameras", use: cameras)
    v1.get("/cameras/{id}", use: camera)
    v1.get("/cameras/{id}/picture.jpg", use: cameraPicture)
    v1.get("/cameras/{id}/sights", use: cameraSights)
    v1.post("/sessions/{id}/frames", use: frame)
  }

  @Sendable func cameras(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .page(Page(items: core.cameras.map { CameraResource($0) }, next: nil), for: request)
  }

  @Sendable func camera(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    return try .json(CameraResource(try core.camera(in: context), withSight: true))
  }

  /// The newest frame; its `ETag` is the frame's number.
  @Sendable func cameraPicture(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let camera = try core.camera(in: context)
    guard let newest = camera.camera.newest else {
      throw Problem(
        .notFound, "camera.noPicture", "No picture yet", detail: "The camera \(camera.name) has given no picture yet.",
        remedy: camera.camera.status.remedy ?? "Wait a moment.")
    }
    let tag = "\"\(newest.number)\""
    if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: [.eTag: tag]) }
    let bytes = try await core.pictures.run { () throws(PictureError) in try newest.gray.shrunk(toWidth: 960).jpeg() }
    return Response(
      status: .ok, headers: [.contentType: "image/jpeg", .eTag: tag], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// Server-sent events: what each frame shows, as it is read; the newest only for whoever is slow.
  @Sendable func cameraSights(_ request: Request, _ context: StationContext) async throws -> Response {
    _ = try context.requireSignedIn()
    let camera = try core.camera(in: context)
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
        let beats = AsyncTimerSequence(interval: .seconds(15), clock: .continuous).map { _ in Sight?.none }
        for await sight in merge(camera.sights().map { Optional($0) }, beats).cancelOnGracefulShutdown() {
          guard let sight else {
            try await writer.write(ByteBuffer(string: ": still here\n\n"))
            continue
          }
          var buffer = ByteBuffer(string: "event: sight\ndata: ")
          buffer.writeBytes(try CanonicalEncoder().encode(sight, limit: .max))
          buffer.writeString("\n\n")
          try await writer.write(buffer)
        }
        try await writer.finish(nil)
      })
  }
}

extension StationCore {
  /// The camera that a path names; throws the problem that there is none.
  func camera(in context: StationContext) throws -> StationCamera {
    let name = context.parameters.get("id") ?? ""
    guard let camera = cameras.first(where: { $0.name == name }) else {
      throw Problem.notFound("camera '\(name)'", remedy: "GET /api/v1/cameras lists them.")
    }
    return camera
  }
}
