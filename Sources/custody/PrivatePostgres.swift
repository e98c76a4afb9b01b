import Foundation

/// A PostgreSQL server for one cluster, of Debian's package `postgresql`: its data lie in the cluster's folder, the one way in is
/// a socket of its own, and it ends with this process, however that ends.
final class PrivatePostgres: Sendable {
  private static let database = "custody"

  /// Where the centre finds it.
  let address: String
  private let process: Process
  private let input: FileHandle

  private init(address: String, process: Process, input: FileHandle) {
    self.address = address
    self.process = process
    self.input = input
  }

  /// Starts it, and makes it first where there is none.
  static func start(in folder: String) async throws -> PrivatePostgres {
    guard let programs = try programs() else {
      throw Ending(
        3, "PostgreSQL's server is not installed.",
        remedy: "Install Debian's package postgresql: `make cluster-demo` does so.")
    }
    let data = folder + "/postgres"
    // initdb and postgres refuse to run as root.
    let asUser = getuid() == 0 ? ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] : []
    if !FileManager.default.fileExists(atPath: data) {
      try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: false)
      if !asUser.isEmpty {
        try FileManager.default.setAttributes(
          [.ownerAccountName: "postgres", .groupOwnerAccountName: "postgres"], ofItemAtPath: data)
      }
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: data)
    }
    let process = Process()
    let arguments = asUser + ["/bin/sh", "-c", script, "custody-cluster", programs, data, database]
    process.executableURL = URL(filePath: arguments[0])
    process.arguments = Array(arguments.dropFirst())
    process.currentDirectoryURL = URL(filePath: "/tmp")
    process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let line = try readLine(output.fileHandleForReading)
    guard line.hasPrefix("ready ") else {
      throw Ending(
        3, "PostgreSQL does not start in \(data): \(line)",
        remedy: asUser.isEmpty
          ? "See what it says; or choose another folder with --data."
          : "Started by root it runs as the user postgres, who must be let into the folder: choose another with --data, "
            + "such as /var/tmp/custody-cluster.")
    }
    let socket = line.dropFirst(6).replacing("/", with: "%2F")
    return PrivatePostgres(
      address: "postgresql://custody@\(socket)/\(database)", process: process, input: input.fileHandleForWriting)
  }

  /// Stops it, and waits until it has.
  func stop() async {
    // It may be gone by itself.
    try? input.close()
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { [process] in
        process.waitUntilExit()
        continuation.resume()
      }
    }
  }

  /// The newest of Debian's folders.
  private static func programs() throws -> String? {
    let place = "/usr/lib/postgresql"
    guard FileManager.default.fileExists(atPath: place) else { return nil }
    let versions = try FileManager.default.contentsOfDirectory(atPath: place).compactMap { Int($0) }
    return versions.max().map { "\(place)/\($0)/bin" }
  }

  private static func readLine(_ handle: FileHandle) throws -> String {
    var bytes = Data()
    while let byte = try handle.read(upToCount: 1), byte.first != UInt8(ascii: "\n") { bytes += byte }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Ends with standard input, which this process alone holds open. The socket lies where its path is short.
  private static let script = """
    bin=$1; data=$2; name=$3
    # What a terminal sends to all of a group is meant for the program, whose end is heard of.
    trap '' INT TERM HUP
    fail() { echo "$* $(tail -n 3 "$data/server.log" 2> /dev/null | tr '\\n' ' ')"; exit 1; }
    [ -w "$data" ] || fail "this folder cannot be entered"
    socket=$(mktemp -d /tmp/custody-cluster.XXXXXX) || exit 1
    if ! [ -f "$data/cluster/PG_VERSION" ]; then
      rm -rf "$data/cluster"
      "$bin/initdb" -D "$data/cluster" -U custody -A trust -E UTF8 --locale=C.UTF-8 > "$data/server.log" 2>&1 || fail initdb:
    fi
    # It is the only one that is started here: what is left of another is of one that was killed.
    "$bin/postgres" -D "$data/cluster" -c listen_addresses= -c unix_socket_directories="$socket" -c max_connections=60 \\
      >> "$data/server.log" 2>&1 < /dev/null &
    server=$!
    until "$bin/pg_isready" -q -h "$socket"; do
      kill -0 "$server" 2> /dev/null || fail "the server ended:"
      sleep 0.1
    done
    "$bin/psql" -h "$socket" -U custody -d postgres -tAc "SELECT 1 FROM pg_database WHERE datname = '$name'" | grep -q 1 \\
      || "$bin/createdb" -h "$socket" -U custody "$name" || fail createdb:
    echo "ready $socket"
    cat > /dev/null
    kill -INT "$server"; wait "$server" 2> /dev/null
    rm -rf "$socket"
    """
}
