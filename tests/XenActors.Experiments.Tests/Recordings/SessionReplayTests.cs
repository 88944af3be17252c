using System.Text;
using XenActors.Abi;
using XenActors.Experiments;
using XenActors.Experiments.Boot;
using XenActors.Experiments.Recordings;
using XenActors.Simulation;

namespace XenActors.Tests.Experiments.Recordings;

public sealed class SessionReplayTests : IDisposable
{
    private readonly RecordedRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_session_is_replayed_to_the_same_fingerprint_on_every_engine(int threads)
    {
        var recorded = _rig.Record(_rig.Boots.Page(), TwoClients);
        var outcome = _rig.Replay(threads == 0 ? EngineOptions.Sequential : EngineOptions.Threads(threads));
        Assert.Equal((RecordingEnd.Ended, recorded, recorded), (outcome.End, outcome.Fingerprint, outcome.Recorded!.Value));
        Assert.True(outcome.Same);
        Assert.Equal((RecordedRig.At(30), 8, 5), (outcome.Time, (int)outcome.Inputs, (int)outcome.Requests));
    }

    [Fact]
    public void How_time_was_cut_into_slices_changes_nothing()
    {
        var whole = _rig.Record(_rig.Boots.Page(), TwoClients);
        var slices = _rig.Record(_rig.Boots.Page(), session =>
        {
            TwoClients(session, time =>
            {
                var step = 1;
                while (session.Now < time)
                {
                    var next = new VirtualTime(Math.Min(session.Now.Nanoseconds + step, time.Nanoseconds));
                    session.RunUntil(next);
                    step = step * 7 % 30_011_003;
                }
            });
        });
        Assert.Equal(whole, slices);
    }

    [Fact]
    public void A_replay_needs_neither_images_nor_configuration_files()
    {
        var image = _rig.Boots.Disk("root.img", 4096, 2048);
        var config = _rig.Boots.Write("guest.cfg", File.ReadAllText(Boot.BootRig.Example("f16pvhvm.cfg")));
        var boot = _rig.Boots.Prepare(new BootOptions { Configs = [config], Kernel = "fedora16-3.1", Volumes = [("/dev/vg01/f16pvhvm-disk0", image)] });
        var recorded = _rig.Record(boot, session => session.RunUntil(RecordedRig.At(40)));
        File.WriteAllBytes(image, new byte[1 << 20]);
        File.WriteAllText(config, "name = ");
        using var replay = SessionReplay.Open(_rig.File);
        Assert.Equal(recorded, replay.Run(VirtualTime.Never, null, CancellationToken.None).Fingerprint);
        Assert.Equal("xvda1", replay.Machine.Kernel(replay.Machine.Guests[0])!.RootDevice);
        Assert.Equal("f16pvhvm", Assert.Single(GuestResult.Of(replay.Machine, replay.Session)).Name);
    }

    [Fact]
    public void A_replay_can_stop_on_the_way_and_go_on()
    {
        var recorded = _rig.Record(_rig.Boots.Page(), TwoClients);
        using var replay = SessionReplay.Open(_rig.File);
        Assert.Equal(RecordingEnd.NotReached, replay.Run(RecordedRig.At(0.5), null, CancellationToken.None).End);
        Assert.Equal(RecordedRig.At(0.5), replay.Machine.Simulator.Now);
        Assert.DoesNotContain(replay.Machine.Store.Dump(), n => n.Path == "/tool/mine");
        Assert.Equal(2, replay.Run(RecordedRig.At(1.5), null, CancellationToken.None).Requests);
        Assert.Contains(replay.Machine.Store.Dump(), n => n.Path == "/tool/mine");
        Assert.Equal(recorded, replay.Run(VirtualTime.Never, null, CancellationToken.None).Fingerprint);
    }

    [Fact]
    public void Another_seed_is_another_history()
    {
        var one = _rig.Record(_rig.Boots.Page(), TwoClients);
        _rig.Edit(5, l => l.Replace("seed 1", "seed 2", StringComparison.Ordinal));
        var outcome = _rig.Replay();
        Assert.False(outcome.Same);
        Assert.NotEqual(one, outcome.Fingerprint);
        Assert.Equal((VirtualTime.Zero, RecordedRig.At(30)), (outcome.Difference!.From, outcome.Difference.To));
    }

    [Fact]
    public void Where_histories_part_is_told_between_two_looks_and_by_process()
    {
        _rig.Record(_rig.Empty(), session =>
        {
            session.Connect(1);
            for (var i = 1; i <= 5; i++)
            {
                RecordedRig.Ask(session, 1, XsWireType.Write, $"/a|{i}");
                session.RunUntil(RecordedRig.At(i));
                session.Check();
            }
        });
        var changed = Array.FindIndex(_rig.Lines(), l => l.EndsWith(@"/a\03", StringComparison.Ordinal)) + 1;
        _rig.Edit(changed, l => l[..^1] + "4");
        var difference = _rig.Replay().Difference!;
        Assert.Equal("the histories part between 2.000000000 s and 3.000000000 s, in dom0, tools", difference.ToString());
    }

    [Fact]
    public void A_killed_session_is_replayed_as_far_as_it_was_written()
    {
        _rig.Record(_rig.Boots.Page(), TwoClients);
        var lines = _rig.Lines();
        File.WriteAllText(_rig.File, string.Join('\n', lines[..^1]) + "\n", Encoding.Latin1);
        Assert.Equal((RecordingEnd.Cut, null, true), Outcome());
        File.WriteAllText(_rig.File, string.Join('\n', lines)[..^70], Encoding.Latin1);
        Assert.Equal((RecordingEnd.Torn, null, true), Outcome());

        (RecordingEnd, Fingerprint?, bool) Outcome()
        {
            var outcome = _rig.Replay();
            Assert.Equal((RecordedRig.At(3), 5), (outcome.Time, (int)outcome.Requests));
            return (outcome.End, outcome.Recorded, outcome.Same);
        }
    }

    [Fact]
    public void Wherever_a_recording_is_cut_it_is_replayed_or_refused_in_one_line()
    {
        _rig.Record(_rig.Empty(), session =>
        {
            TwoClients(session);
            session.Check();
        });
        var whole = File.ReadAllBytes(_rig.File);
        var begin = File.ReadAllText(_rig.File, Encoding.Latin1).IndexOf("\nbegin\n", StringComparison.Ordinal) + 7;
        for (var length = 0; length < whole.Length; length += length < begin - 20 ? 97 : 1)
        {
            File.WriteAllBytes(_rig.File, whole[..length]);
            if (length >= begin)
            {
                var outcome = _rig.Replay();
                Assert.True(outcome.Same);
                Assert.Equal(whole[length - 1] == '\n' ? RecordingEnd.Cut : RecordingEnd.Torn, outcome.End);
            }
            else
            {
                Assert.StartsWith(_rig.File, Assert.Throws<UserErrorException>(() => _rig.Replay()).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_failure_is_recorded_with_its_words()
    {
        using (var session = _rig.Begin(_rig.Empty()))
        {
            session.RunUntil(RecordedRig.At(1));
            session.Machine.Simulator.Tell(session.Machine.Xenstored, new XenActors.Xenstore.XsRequest(XsWireType.Read, 1, 0, null!));
            session.Connect(1);
            var failure = Assert.Throws<SimulationException>(() => session.RunUntil(RecordedRig.At(2)));
            session.End();
            Assert.EndsWith($"2000000000 failed {failure.Message}\n", File.ReadAllText(_rig.File, Encoding.Latin1), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_cancelled_replay_ends()
    {
        _rig.Record(_rig.Empty(), TwoClients);
        using var replay = SessionReplay.Open(_rig.File);
        Assert.Throws<OperationCanceledException>(() => replay.Run(VirtualTime.Never, null, new CancellationToken(canceled: true)));
    }

    private static void TwoClients(LiveSession session) => TwoClients(session, session.RunUntil);

    // Two clients that write, watch, leave a transaction open, and come again.
    private static void TwoClients(LiveSession session, Action<VirtualTime> run)
    {
        run(RecordedRig.At(1));
        session.Connect(1);
        RecordedRig.Ask(session, 1, XsWireType.Write, "/tool/mine|1");
        RecordedRig.Ask(session, 1, XsWireType.Watch, "/local|t|");
        run(RecordedRig.At(2));
        session.Connect(2);
        RecordedRig.Ask(session, 2, XsWireType.TransactionStart, "|");
        RecordedRig.Ask(session, 2, XsWireType.Write, "/tool/mine|2", 1);
        run(RecordedRig.At(3));
        session.Disconnect(2);
        RecordedRig.Ask(session, 1, XsWireType.Read, "/tool/mine|");
        run(RecordedRig.At(30));
    }
}
