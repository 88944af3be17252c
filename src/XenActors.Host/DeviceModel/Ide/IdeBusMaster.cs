using System.Buffers.Binary;
using System.Collections.Immutable;
using XenActors.Hypervisor.Memory;
using XenActors.Simulation;

namespace XenActors.DeviceModel.Ide;

/// <summary>The transfer that a channel's bus master has been given, whether or not the guest has started it.</summary>
public enum IdeDmaKind : byte
{
    None,
    Read,
    Write,
    Trim,
    Packet,
}

/// <summary>
/// One channel's half of BAR 4: command, status and the address of the table of physical region descriptors (PRDs), and the engine's place
/// in that table. Sources: Intel 82371SB (PIIX3) 2.7; QEMU hw/ide/pci.c.
/// </summary>
[Codec]
public sealed partial class IdeBusMaster
{
    public const byte Start = 0x01;

    /// <summary>Command, bit 3: from the drive to memory.</summary>
    public const byte ToMemory = 0x08;

    /// <summary>Status: active, error, interrupt.</summary>
    public const byte Active = 0x01;
    public const byte Error = 0x02;
    public const byte Interrupt = 0x04;

    /// <summary>The engine gives up in a table that goes beyond so many bytes.</summary>
    private const uint TableMax = 4096;

    private const int EntrySize = 8;

    public byte Command { get; set; }

    public byte Status { get; set; }

    public uint Address { get; set; }

    public IdeDmaKind Kind { get; set; }

    /// <summary>The drive that the transfer is for.</summary>
    public int Unit { get; set; }

    /// <summary>The next entry's address.</summary>
    public uint TableAt { get; set; }

    /// <summary>The table as it was read when the transfer started; null before.</summary>
    public byte[]? Table { get; set; }

    private uint TableStart { get; set; }

    // The rest of the entry that a transfer of several parts has come to.
    private uint RegionAt { get; set; }

    private uint RegionLength { get; set; }

    private bool LastSeen { get; set; }

    /// <summary>Of a disk transfer: its sectors as they were checked when it started. The registers may change under way.</summary>
    public long FirstSector { get; set; }

    public int Sectors { get; set; }

    /// <summary>Where its bytes lie, and how many sectors have been moved.</summary>
    public ImmutableArray<MemoryExtent> Extents { get; set; } = [];

    public long SectorsDone { get; set; }

    /// <summary>The table describes more than the command moves.</summary>
    public bool Longer { get; set; }

    /// <summary>Of a TRIM: its ranges, and how many of them were looked at.</summary>
    public byte[] Ranges { get; set; } = [];

    public int RangesDone { get; set; }

    /// <summary>A drive asks for a transfer.</summary>
    public void Prepare(IdeDmaKind kind, int unit)
    {
        (Kind, Unit, Table) = (kind, unit, null);
        (RegionAt, RegionLength, LastSeen) = (0, 0, false);
        (Extents, FirstSector, Sectors, SectorsDone, Longer) = ([], 0, 0, 0, false);
        (Ranges, RangesDone) = ([], 0);
    }

    /// <summary>The bytes of the table that are still to be looked at; none when the engine has gone through its page.</summary>
    public MemoryExtent TableExtent
    {
        get
        {
            var gone = unchecked(TableAt - Address); // Both are the guest's.
            return new(TableAt, gone >= TableMax ? 0 : (TableMax - gone + EntrySize - 1) / EntrySize * EntrySize);
        }
    }

    public void TakeTable(byte[] table) => (Table, TableStart) = (table, TableAt);

    /// <summary>The next so many bytes of memory, or fewer where the table ends.</summary>
    public ImmutableArray<MemoryExtent> Next(long length)
    {
        var extents = ImmutableArray.CreateBuilder<MemoryExtent>();
        while (length > 0 && (RegionLength > 0 || NextEntry()))
        {
            var part = (uint)Math.Min(length, RegionLength);
            extents.Add(new(RegionAt, part));
            RegionAt = unchecked(RegionAt + part); // The guest's, too.
            (RegionLength, length) = (RegionLength - part, length - part);
        }

        return extents.DrainToImmutable();
    }

    /// <summary>Goes through the rest of the table; true when there was any.</summary>
    public bool Skip()
    {
        var any = RegionLength > 0;
        RegionLength = 0;
        while (NextEntry())
        {
            (any, RegionLength) = (true, 0);
        }

        return any;
    }

    /// <summary>The transfer has ended. A table that was longer leaves the engine active.</summary>
    public void End(bool stayActive)
    {
        (Kind, Table) = (IdeDmaKind.None, null);
        (Extents, Ranges) = ([], []);
        Status = (byte)(stayActive ? Status | Active : Status & ~Active);
    }

    public void Reset()
    {
        Prepare(IdeDmaKind.None, 0);
        (Command, Status, Address, TableAt) = (0, 0, 0, 0);
    }

    private bool NextEntry()
    {
        var offset = (int)Math.Min(unchecked(TableAt - TableStart), 2 * TableMax); // Both are the guest's.
        if (LastSeen || Table is null || offset + EntrySize > Table.Length)
        {
            return false;
        }

        RegionAt = BinaryPrimitives.ReadUInt32LittleEndian(Table.AsSpan(offset));
        var size = BinaryPrimitives.ReadUInt32LittleEndian(Table.AsSpan(offset + 4));
        var length = size & 0xFFFE;
        RegionLength = length == 0 ? 0x10000 : length;
        LastSeen = size >> 31 != 0;
        TableAt = unchecked(TableAt + EntrySize); // The guest's.
        return true;
    }
}
