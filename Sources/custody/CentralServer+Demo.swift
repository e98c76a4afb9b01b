import Central
import CentralStore
import Custody
import Station
import StationStore

extension CentralServer {
  /// Enrols a station of this very process by a code, before either of them listens.
  func enrol(_ store: StationStore) async throws {
    let key = try store.enrolmentKey(new: false)
    let requestKey = try store.nextRequestKey()
    let result = try await enrol(key.verifierKey, requestKey: requestKey.verifierKey)
    try await store.enrolled(
      CentreEnrolment(centre: "http://127.0.0.1:\(configuration.port)", epoch: result), log: self.store.logKey,
      key: key.verifierKey)
  }
}
