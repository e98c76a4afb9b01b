import Testing

@testable import BarcodeVision

@Suite("Camera: what becomes of its child") struct CameraWatchTests {
  private let start = ContinuousClock.now

  private func after(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

  private func watch(mayEnd: Bool = false) -> CameraWatch {
    CameraWatch(
      mayEnd: mayEnd, firstPatience: .seconds(15), patience: .seconds(5),
      backoff: Backoff(first: .seconds(1), ceiling: .seconds(4), proof: .seconds(10)))
  }

  @Test("each failure in a row waits twice as long, up to the ceiling; a moment's work proves nothing, ten seconds do")
  func backoff() {
    var backoff = Backoff(first: .seconds(1), ceiling: .seconds(4), proof: .seconds(10))
    #expect((0..<4).map { _ in backoff.failed(at: start) } == [after(1), after(2), after(4), after(4)])
    backoff.wentWell(at: after(10))
    backoff.wentWell(at: after(19.9))
    #expect(backoff.failed(at: after(20)) == after(24))
    backoff.wentWell(at: after(30))
    backoff.wentWell(at: after(40))
    #expect(backoff.failed(at: after(40)) == after(41))
    // A clock that went backwards proves nothing either, and does not trap.
    backoff.wentWell(at: after(100))
    backoff.wentWell(at: after(50))
    backoff.wentWell(at: after(55))
    #expect(backoff.failures == 1)
  }

  @Test("a thousand failures do not overflow")
  func manyFailures() {
    var backoff = Backoff()
    for _ in 0..<1000 { _ = backoff.failed(at: start) }
    #expect(backoff.failed(at: start) == start + .seconds(30))
  }

  @Test("a child that never gives a frame is given up, then started anew after the wait")
  func silentFromTheStart() {
    var watch = watch()
    #expect(watch.step(at: start) == .launch)
    watch.launched(at: start)
    #expect(watch.step(at: after(14.9)) == .listen(until: after(15)))
    #expect(watch.step(at: after(15)) == .giveUp(.silent(.seconds(15))))
    watch.failed(at: after(15))
    #expect(watch.step(at: after(15)) == .rest(until: after(16)))
    #expect(watch.step(at: after(16)) == .launch)
  }

  @Test("between frames patience is shorter, and every frame renews it")
  func silentLater() {
    var watch = watch()
    watch.launched(at: start)
    watch.sawFrame(at: after(3))
    #expect(watch.step(at: after(7)) == .listen(until: after(8)))
    watch.sawFrame(at: after(7))
    #expect(watch.step(at: after(12)) == .giveUp(.silent(.seconds(5))))
  }

  @Test("a file is over at its end; a camera, or a file without a single frame, is tried again")
  func ends() {
    for (mayEnd, frames, step) in [
      (true, 1, CameraWatch.Step.finish), (true, 0, .rest(until: after(2))), (false, 1, .rest(until: after(2))),
    ] {
      var watch = watch(mayEnd: mayEnd)
      watch.launched(at: start)
      for _ in 0..<frames { watch.sawFrame(at: after(1)) }
      watch.ended(at: after(1))
      #expect(watch.step(at: after(1)) == step)
    }
  }

  @Test("the rate is that of the last whole second, and a clock that goes back starts it anew")
  func rate() {
    var rate = FrameRate()
    for index in 0...30 { rate.count(at: after(Double(index) / 30)) }
    #expect(abs(rate.perSecond - 30) < 0.01)
    rate.count(at: after(-5))
    for index in 1...10 { rate.count(at: after(-5 + Double(index) / 10)) }
    #expect(abs(rate.perSecond - 10) < 0.01)
  }
}
