using System.Buffers.Binary;
using XenActors.DeviceModel.Ide;
using XenActors.Hypervisor.Memory;

namespace XenActors.Tests.DeviceModel.Ide;

/// <summary>The register machine by itself: a disk as primary master, a CD as secondary master, memory, and sectors that show their number.</summary>
internal sealed class IdeRig
{
    public const ulong DiskSectors = 131072;
    public const ulong CdSectors = 728;
    public const ushort BusMaster = 0xC160;

    public IdeRig(ulong sectors = DiskSectors, bool unmap = false, ulong cdSectors = CdSectors)
    {
        Ide.Plug(new() { Channel = 0, Drive = 0, Cdrom = false, Volume = new(1), Sectors = sectors, Revision = "2.5+", Unmap = unmap });
        Ide.Plug(new() { Channel = 1, Drive = 0, Cdrom = true, Volume = cdSectors == 0 ? default : new(2), Sectors = cdSectors, Revision = "2.5+" });
    }

    public IdeController Ide { get; } = new() { BusMaster = BusMaster };

    public GuestMemory Memory { get; } = new() { Size = 64 << 20 };

    /// <summary>Written sectors of the disk.</summary>
    public SortedDictionary<ulong, byte[]> Written { get; } = [];

    /// <summary>Everything that the machine asked for, in order.</summary>
    public List<IdeWork> Works { get; } = [];

    /// <summary>Edges of both lines since the last look.</summary>
    public List<(int Channel, bool Level)> Edges { get; } = [];

    /// <summary>Works end at once; otherwise by <see cref="Finish"/>.</summary>
    public bool AtOnce { get; set; } = true;

    public bool Fails { get; set; }

    public byte In(int port) => (byte)(In(port, 1) & 0xFF);

    public uint In(int port, byte size)
    {
        var value = Ide.Read((ushort)port, size);
        Pump();
        return value;
    }

    public void Out(int port, uint value, byte size = 1)
    {
        Ide.Write((ushort)port, size, value);
        Pump();
    }

    public byte[] InWords(int port, uint words)
    {
        var data = Ide.ReadString((ushort)port, 2, words);
        Pump();
        return data;
    }

    public void OutWords(int port, byte[] data)
    {
        Ide.WriteString((ushort)port, 2, data);
        Pump();
    }

    /// <summary>Feature, count, three bytes of address, device, command; a 48-bit address goes in twice.</summary>
    public void Command(byte command, ulong lba = 0, int count = 0, byte feature = 0, bool lba48 = false, int port = 0x1F0, byte device = 0xE0)
    {
        if (lba48)
        {
            Out(port + 1, 0);
            Out(port + 2, (uint)(count >> 8));
            Out(port + 3, (uint)(lba >> 24) & 0xFF);
            Out(port + 4, (uint)(lba >> 32) & 0xFF);
            Out(port + 5, (uint)(lba >> 40) & 0xFF);
        }

        Out(port + 1, feature);
        Out(port + 2, (uint)count & 0xFF);
        Out(port + 3, (uint)lba & 0xFF);
        Out(port + 4, (uint)(lba >> 8) & 0xFF);
        Out(port + 5, (uint)(lba >> 16) & 0xFF);
        Out(port + 6, device | (lba48 ? 0 : (uint)(lba >> 24) & 0x0F));
        Out(port + 7, command);
    }

    /// <summary>A table of regions at an address; the last entry carries its mark unless told otherwise.</summary>
    public void Table(uint address, bool ends, params (uint Address, uint Length)[] regions)
    {
        var table = new byte[8 * regions.Length];
        for (var i = 0; i < regions.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(8 * i), regions[i].Address);
            var last = ends && i == regions.Length - 1 ? 1u << 31 : 0;
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan((8 * i) + 4), (regions[i].Length & 0xFFFF) | last);
        }

        Memory.Write(address, table);
        Out(BusMaster + 4, address, 4);
    }

    public byte[] Peek(ulong address, int length)
    {
        var data = new byte[length];
        Memory.Read(address, data);
        return data;
    }

    /// <summary>The packet goes to the secondary master, its reply comes by PIO; null for an error.</summary>
    public byte[]? Packet(params byte[] packet)
    {
        Command(0xA0, lba: 0xFFFE00, port: 0x170, device: 0xA0);
        OutWords(0x170, [.. packet, .. new byte[12 - packet.Length]]);
        var reply = new List<byte>();
        byte status;
        while (((status = In(0x177)) & 0x08) != 0)
        {
            // An ioreq moves a page at most.
            for (var words = (uint)(In(0x174) | (In(0x175) << 8)) / 2; words > 0; words -= Math.Min(words, 2048))
            {
                reply.AddRange(InWords(0x170, Math.Min(words, 2048)));
            }
        }

        return (status & 1) != 0 ? null : [.. reply];
    }

    /// <summary>REQUEST SENSE: key and additional code.</summary>
    public (byte Key, byte Code) Sense()
    {
        var sense = Packet(0x03, 0, 0, 0, 18)!;
        return (sense[2], sense[12]);
    }

    /// <summary>What a channel waits for ends.</summary>
    public void Finish(int channel = 0)
    {
        var machine = Ide.Channel(channel);
        var work = machine.Work!;
        machine.Complete(machine.WorkSerial, !Fails, Fails ? [] : Do(work));
        Pump();
    }

    public static byte[] Sector(ulong number)
    {
        var sector = new byte[512];
        for (var i = 0; i < sector.Length; i += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(i), (number << 16) + (uint)i);
        }

        return sector;
    }

    public static byte[] Sectors(ulong first, int count)
    {
        var data = new byte[512 * count];
        for (var i = 0; i < count; i++)
        {
            Sector(first + (ulong)i).CopyTo(data, 512 * i);
        }

        return data;
    }

    private byte[] Do(IdeWork work)
    {
        switch (work.Kind)
        {
            case IdeWorkKind.ReadMemory:
                return Memory.Read(work.Extents);
            case IdeWorkKind.ReadDisk:
                var data = Sectors(work.Sector, (int)work.Count);
                for (var i = 0u; i < work.Count; i++)
                {
                    if (work.Volume.Number == 1 && Written.TryGetValue(work.Sector + i, out var written))
                    {
                        written.CopyTo(data, i * 512);
                    }
                }

                return data;
            case IdeWorkKind.WriteDisk:
                for (var i = 0; i < work.Data.Length / 512; i++)
                {
                    Written[work.Sector + (ulong)i] = work.Data[(512 * i)..(512 * (i + 1))];
                }

                return [];
            default:
                return [];
        }
    }

    private void Pump()
    {
        for (var again = true; again;)
        {
            again = false;
            for (var i = 0; i < 2; i++)
            {
                var channel = Ide.Channel(i);
                channel.Stores.ForEach(s => Memory.Write(s.Extents, s.Data));
                channel.Stores.Clear();
                channel.Line.ForEach(l => Edges.Add((i, l)));
                channel.Line.Clear();
                if (channel.Work is { } work && (Works.Count == 0 || !ReferenceEquals(Works[^1], work)))
                {
                    Works.Add(work);
                }

                if (AtOnce && channel.Work is { } now)
                {
                    channel.Complete(channel.WorkSerial, !Fails, Fails ? [] : Do(now));
                    again = true;
                }
            }
        }
    }
}
