using XenActors.Cluster;
using XenActors.Experiments;
using XenActors.Experiments.Volumes;
using XenActors.Simulation;

namespace XenActors.Cli;

/// <summary>A run's checkpoints: node 0 reads and writes them, and all nodes continue from what it has read.</summary>
/// <param name="simulator">The run.</param>
/// <param name="volumes">What it has written to its disks; on the node that runs them.</param>
/// <param name="joined">Null when there is one process.</param>
/// <param name="about">What is run: only the same can be continued.</param>
/// <param name="types">Where actors and messages are looked up.</param>
internal sealed class Checkpoints(Simulator simulator, OverlayVolumes volumes, MpiNodes? joined, string about, TypeCatalog types)
{
    private const string VolumesPart = "/volumes";

    private VirtualTime _last;

    /// <summary>All nodes call it, after a run: what is due is written.</summary>
    public void Write(CheckpointDirectory directory, VirtualDuration every)
    {
        if (simulator.Now - _last < every)
        {
            return;
        }

        _last = simulator.Now;
        simulator.Mirror();
        var disks = Share(volumes.IsEmpty ? [] : volumes.Save());
        if (!NodesChoice.Tells(joined))
        {
            return;
        }

        try
        {
            directory.Write(new(simulator.Now, about, [.. simulator.SnapshotParts(), new(VolumesPart, disks)]));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The run is as good as before, and so are the checkpoints that there are.
            Errors.Tell($"xenactors: the checkpoint at {simulator.Now} is not written: {cause.Message}");
        }
    }

    /// <summary>All nodes call it, before the first run.</summary>
    /// <exception cref="UserErrorException">There is none, or it is of another run.</exception>
    public void Continue(CheckpointDirectory from)
    {
        // Node 0's disk is the only one that has it for sure.
        var parts = Unpack(Share(NodesChoice.Tells(joined) ? Pack(Read(from)) : []));
        try
        {
            simulator.Restore([.. parts.SkipLast(1)], types);
            if (parts[^1].Bytes.Length > 0)
            {
                volumes.Load(parts[^1].Bytes);
            }
        }
        catch (Exception cause) when (cause is CodecException or InvalidDataException)
        {
            throw new UserErrorException($"--resume {from.Path}: {cause.Message}", cause);
        }

        _last = simulator.Now;
    }

    private IReadOnlyList<SnapshotPart> Read(CheckpointDirectory from)
    {
        var found = from.Latest(static line => Errors.Tell($"xenactors: {line}")) ?? throw new UserErrorException($"--resume {from.Path}: there is no whole checkpoint");
        return found.About == about ? found.Parts : throw new UserErrorException($"--resume {from.Path}: the checkpoint is of another run: {found.About}, not {about}");
    }

    // One node's bytes on all; the others have none.
    private byte[] Share(byte[] bytes) => joined is null ? bytes : joined.Gather(bytes).FirstOrDefault(b => b.Length > 0) ?? [];

    private static byte[] Pack(IReadOnlyList<SnapshotPart> parts)
    {
        var buffer = new CodecBuffer();
        foreach (var part in parts)
        {
            buffer.WriteText(part.Name);
            buffer.WriteBytes(part.Bytes);
        }

        return buffer.ToArray();
    }

    private static List<SnapshotPart> Unpack(byte[] packed)
    {
        var reader = new CodecReader(packed);
        var parts = new List<SnapshotPart>();
        while (!reader.AtEnd)
        {
            parts.Add(new(reader.TextNotNull(), reader.Bytes()));
        }

        return parts;
    }
}
