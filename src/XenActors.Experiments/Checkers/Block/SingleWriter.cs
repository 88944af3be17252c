using XenActors.Abi;
using XenActors.DeviceModel;
using XenActors.Machine;
using XenActors.Machine.Disks;
using XenActors.Simulation;
using XenActors.SplitDrivers.Block.Back;
using XenActors.Xenbus;

namespace XenActors.Experiments.Checkers.Block;

/// <summary>
/// G5: one way leads to each image. Once a guest has written it through its paravirtual disk, the emulated disk below the same image must not write it any
/// more, nor may the two take turns; and no two living domains write one image.
/// </summary>
public sealed class SingleWriter() : Checker("g5-single-writer"), IObserve<DiskWrite>
{
    // Slices are far apart where nothing happens: looks are counted in time.
    private static readonly VirtualDuration BetweenLooks = VirtualDuration.FromMilliseconds(200);

    private readonly Dictionary<ActorRef, Writer> _writers = [];
    private readonly SortedDictionary<int, (Writer Last, VirtualTime At)> _volumes = [];

    // The way that wrote a sector last.
    private readonly Dictionary<(int Volume, ulong Sector), bool> _epochs = [];

    // Volumes that a guest wrote past QEMU in this slice, and those that QEMU did not serve any more when it did so once.
    private readonly SortedDictionary<int, Writer> _written = [];
    private readonly SortedDictionary<int, Writer> _unplugged = [];
    private VirtualTime _nextLook;
    private CheckedRun? _run;

    /// <remarks>
    /// Without "somebody else": disks are written by blkback, QEMU's qdisk, which is the same driver, and QEMU's IDE only. Without "over to paravirtual": a
    /// kernel unplugs before anybody writes, or has no paravirtual disk; who gets there has both ways open, and the way back is a violation.
    /// </remarks>
    public override IReadOnlyList<string> AllBranches { get; } = ["emulated", "paravirtual", "another domain"];

    public override void Attach(CheckedRun run)
    {
        _run = run;
        run.Observe<DiskWrite>(this);
    }

    public void On(in Observed at, in DiskWrite what)
    {
        Seen++;
        var writer = WriterOf(at.Sender);
        if (writer.Domain is not { } domain)
        {
            Reach("somebody else");
            return;
        }

        Reach(writer.Emulated ? "emulated" : "paravirtual");
        if (!writer.Emulated)
        {
            _written[what.Volume.Number] = writer;
        }

        if (_volumes.TryGetValue(what.Volume.Number, out var known))
        {
            Judge(at.Time, what, known.Last, known.At, writer, domain);
        }

        for (var i = 0UL; i < (ulong)what.Data.Length / SectorHash.Size; i++)
        {
            _epochs[(what.Volume.Number, what.Sector + i)] = writer.Emulated;
        }

        _volumes[what.Volume.Number] = (writer, at.Time);
    }

    public override void AtSlice(CheckedRun run)
    {
        foreach (var (volume, writer) in _written)
        {
            if (!IsPluggedIn(run.Machine, writer.Domain!.Value, volume))
            {
                _unplugged[volume] = writer;
            }
        }

        _written.Clear();
        if (run.Simulator.Now >= _nextLook)
        {
            _nextLook = run.Simulator.Now + BetweenLooks;
            LookForBothWays(run);
        }
    }

    public override void AtEnd(CheckedRun run) => LookForBothWays(run);

    private void LookForBothWays(CheckedRun run)
    {
        foreach (var (volume, writer) in _unplugged)
        {
            if (IsPluggedIn(run.Machine, writer.Domain!.Value, volume) && IsConnected(run.Machine, volume))
            {
                Reach("plugged in again");
                Fail(run.Simulator.Now, $"volume {volume}, which {writer} wrote, is an emulated disk of dom{writer.Domain} again, and the paravirtual one is connected: both ways are open");
            }
        }
    }

    private static bool IsConnected(XenMachine machine, int volume) =>
        machine.Simulator.StateOf<BackendXenbusState>(machine.Places.Xenbus(0)) is { } bus
        && bus.Devices.Exists(d => machine.Simulator.StateOf<BlkbackState>(d.Driver) is { Device.State: XenbusState.Connected } back && back.VolumeId.Number == volume);

    private static bool IsPluggedIn(XenMachine machine, ushort domain, int volume)
    {
        if (GuestLives.StateOf(machine, domain) is not { DeviceModel.IsNone: false } state || machine.Simulator.StateOf<DeviceModelState>(state.DeviceModel) is not { } qemu)
        {
            return false;
        }

        for (var place = 0; place < 4; place++)
        {
            if (qemu.Ide.DeviceAt(place / 2, place % 2).Drive is { Cdrom: false } drive && drive.Volume.Number == volume)
            {
                return true;
            }
        }

        return false;
    }

    private void Judge(VirtualTime at, in DiskWrite what, Writer last, VirtualTime since, Writer writer, ushort domain)
    {
        if (last.Domain != domain)
        {
            Reach("another domain");
            if (GuestLives.IsAlive(_run!.Machine, last.Domain!.Value))
            {
                Fail(at, $"{what.Volume} is written by {writer} at sector {what.Sector} while {last}, which wrote it at {since}, is alive");
            }
        }
        else if (last.Emulated != writer.Emulated)
        {
            Reach(writer.Emulated ? "back to emulated" : "over to paravirtual");
            var again = _epochs.TryGetValue((what.Volume.Number, what.Sector), out var emulated) && emulated != writer.Emulated;
            if (writer.Emulated)
            {
                Fail(at, $"{what.Volume} is written by {writer} at sector {what.Sector}, {(again ? "which" : "after")} {last} wrote{(again ? "" : " it")} at {since}: both ways are open");
            }
        }
    }

    private Writer WriterOf(ActorRef sender)
    {
        if (!_writers.TryGetValue(sender, out var writer))
        {
            writer = Identify(_run!.Machine, sender);
            _writers.Add(sender, writer);
        }

        return writer;
    }

    private static Writer Identify(XenMachine machine, ActorRef sender)
    {
        if (machine.Simulator.StateOf<BlkbackState>(sender) is { } back)
        {
            return new(GuestLives.FrontendOf(back.Device.Node), false, back.Device.Node);
        }

        return machine.Simulator.StateOf<DeviceModelState>(sender) is { Plan: { } plan } ? new(plan.Domain, true, $"dom{plan.Domain}'s emulated disks") : new(null, false, "");
    }

    private sealed record Writer(ushort? Domain, bool Emulated, string Name)
    {
        public override string ToString() => Name;
    }
}
