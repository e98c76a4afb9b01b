import AssetIdentifiers
import Custody
import StationStore
import Testing

@testable import Station

@Suite("Which number the next asset tag gets")
struct TagNumberingTests {
  private func next(_ api: APIUnderTest, _ series: TagSeries = .standard, hasCentre: Bool = false) async throws
    -> Result<String, Refusal>
  { try await api.core.store.write { try $0.nextTag(in: series, hasCentre: hasCentre) } }

  @Test("a station that works alone goes on after the highest number that it knows")
  func alone() async throws {
    try await APIUnderTest.run { api in
      _ = try await api.register("AT-00041", "inStock")
      #expect(try await next(api) == .success("AT-00042"))
      #expect(try await next(api) == .success("AT-00043"))
    }
  }

  @Test("a station of a centre gives out what the centre gave it, and nothing else")
  func centre() async throws {
    try await APIUnderTest.run { api in
      guard case .failure(let none) = try await next(api, hasCentre: true) else {
        Issue.record("a number out of nowhere")
        return
      }
      #expect(none.code == "label.number.none")
      try await api.core.store.write { try $0.own(TagBlock(letters: "AT", first: 500, last: 500)) }
      #expect(try await next(api, hasCentre: true) == .success("AT-00500"))
      guard case .failure = try await next(api, hasCentre: true) else {
        Issue.record("a number beyond the block")
        return
      }
    }
  }

  @Test("a series that is used up says so")
  func full() async throws {
    try await APIUnderTest.run { api in
      _ = try await api.register("AT-99999", "inStock")
      guard case .failure(let refusal) = try await next(api) else {
        Issue.record("a number beyond the series")
        return
      }
      #expect(refusal.code == "label.number.exhausted")
    }
  }
}
