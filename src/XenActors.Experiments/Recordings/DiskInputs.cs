using System.Globalization;
using System.Text;
using XenActors.Guest.Block;
using XenActors.Guest.Block.Outside;
using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Experiments.Recordings;

/// <summary>What programs outside do to guests' disks, as lines of a recording (channel <c>disk</c>) and as messages.</summary>
internal static class DiskInputs
{
    private const int SectorSize = 512;

    // By operation.
    private static readonly byte[][] Names = [.. new[] { "read", "write", "sync", "discard", "write-zeroes", "secure-discard" }.Select(Encoding.ASCII.GetBytes)];
    private static readonly byte[][] DurableNames = [.. Names.Select(n => (byte[])[.. n, .. "+dsync"u8])];

    public static ReadOnlySpan<byte> Channel => "disk"u8;

    public static void Open(XenMachine machine, VirtualTime time, int user, SessionDisk disk) =>
        machine.Simulator.TellAt(time, machine.DiskUsers[user - 1], new OutsideDiskOpen(machine.BlockLayer(machine.Guests[disk.Guest]), disk.Device));

    public static void Tell(XenMachine machine, VirtualTime time, int user, in BlockIo io) => machine.Simulator.TellAt(time, machine.DiskUsers[user - 1], in io);

    public static void WriteOpen(RecordingWriter to, VirtualTime time, int user) => to.Line(time, Channel).Number(user).Word("open"u8).End();

    public static void Write(RecordingWriter to, VirtualTime time, int user, in BlockIo io)
    {
        to.Line(time, Channel).Number(user).Word((io.Flags.HasFlag(BlockIoFlags.Dsync) ? DurableNames : Names)[(int)io.Operation]);
        if (io.Operation != BlockIoOperation.Sync)
        {
            to.Number((long)io.Sector).Number(io.Count);
        }

        if (io.Operation == BlockIoOperation.Write)
        {
            to.Bulk(io.Data);
        }

        to.End();
    }

    /// <summary>Takes what <see cref="Write"/> wrote, after the user. Null when it is an open.</summary>
    public static BlockIo? Read(ref RecordingLine line, long cookie)
    {
        var word = line.Word("open or an operation");
        if (word.SequenceEqual("open"u8))
        {
            return null;
        }

        var flags = BlockIoFlags.None;
        var operation = Operation(word, Names);
        if (operation < 0)
        {
            operation = Operation(word, DurableNames);
            flags = BlockIoFlags.Dsync;
        }

        if (operation < 0)
        {
            throw line.Wrong("open or an operation");
        }

        if ((BlockIoOperation)operation == BlockIoOperation.Sync)
        {
            return new BlockIo(0, BlockIoOperation.Sync, flags, 0, 0, [], cookie);
        }

        var sector = line.Unsigned("a sector", long.MaxValue / SectorSize);
        var count = (uint)line.Number("a count of sectors", 0, uint.MaxValue);
        byte[] data = [];
        if ((BlockIoOperation)operation == BlockIoOperation.Write)
        {
            if (count > int.MaxValue / SectorSize)
            {
                throw line.Mistake(string.Create(CultureInfo.InvariantCulture, $"{count} sectors are too many for a write"));
            }

            data = line.Bulk((int)count * SectorSize);
        }

        return new BlockIo(0, (BlockIoOperation)operation, flags, sector, count, data, cookie);
    }

    private static int Operation(ReadOnlySpan<byte> word, byte[][] names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (word.SequenceEqual(names[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
