import CentralStore
import TamperEvidence

/// Stations, which are rare enough to be asked and written at once.
extension PostgresAdmission {
  func key(ofStation name: String) throws -> VerifierKey? {
    try enrolledStation(named: name)?.key
  }

  func put(_ station: EnrolledStation, token: TokenDigest) throws {
    _ = try connection.rows(
      """
      INSERT INTO station(name, vkey, token, enrolled_at) VALUES ($1::bytea, $2::bytea, $3::bytea, $4::int8)
      ON CONFLICT (name) DO UPDATE SET token = excluded.token
      """,
      [
        .utf8(station.name), .utf8(station.key.description), .bytes(token.bytes),
        .int(station.enrolledAt.milliseconds),
      ])
  }

  func unstatedStations() throws -> [EnrolledStation] {
    try connection.rows("SELECT \(EnrolledStation.columns) FROM station WHERE stated_at IS NULL ORDER BY name").map(
      EnrolledStation.init)
  }

  func put(statedAt index: Int64, ofStation name: String) throws {
    _ = try connection.rows(
      "UPDATE station SET stated_at = $1::int8 WHERE name = $2::bytea", [.int(index), .utf8(name)])
  }
}
