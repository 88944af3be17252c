using XenActors.Simulation;

namespace XenActors.Guest.Block;

/// <summary>What a port works on: a command or a reset, for somebody.</summary>
[Codec]
public sealed partial record AtaJob(ActorRef Asker, long Cookie, AtaSubmit? Submit)
{
    public bool Reset => Submit is null;
}

/// <summary>One of libata's ports: a channel with two drives, and one command at a time.</summary>
[Codec]
public sealed partial class AtaPortState
{
    // Pages that the kernel keeps for transfers, below 16 MiB: a table, and 128 KiB of data that begin with a 64 KiB region.
    private const uint PoolAddress = 0x0080_0000;
    private const uint PoolSize = 0x0004_0000;
    private const uint DataOffset = 0x0001_0000;

    /// <summary>Bytes of one transfer.</summary>
    public const int DataMax = 128 * 1024;

    public required ActorRef Domain { get; init; }

    /// <summary>0 or 1: <c>ata1</c> or <c>ata2</c>.</summary>
    public required byte Channel { get; init; }

    /// <summary>This channel's half of BAR 4.</summary>
    public required ushort BusMaster { get; init; }

    public int Command => Channel == 0 ? 0x1F0 : 0x170;

    public int Control => Channel == 0 ? 0x3F6 : 0x376;

    public byte Irq => Channel == 0 ? (byte)14 : (byte)15;

    public uint TableAddress => PoolAddress + (Channel * PoolSize);

    public uint DataAddress => TableAddress + DataOffset;

    public AtaJob? Active { get; set; }

    public Queue<AtaJob> Waiting { get; private set; } = new();

    /// <summary>What the script of the active job has been answered.</summary>
    public List<AtaAnswer> Answers { get; private set; } = [];

    /// <summary>The step that is waited for; null when none is.</summary>
    public byte? Awaiting { get; set; }

    /// <summary>An interrupt came while the vCPU was still within an access.</summary>
    public bool InterruptSeen { get; set; }

    /// <summary>Who hears of interrupts that belong to no command.</summary>
    public List<ActorRef> Listeners { get; private set; } = [];

    /// <summary>Who had the port frozen; nobody while it works.</summary>
    public ActorRef Freezer { get; set; }

    /// <summary>The freezer has been told that the port is at rest.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Commands that ended, and interrupts that nobody waited for.</summary>
    public long Commands { get; set; }

    public long SpuriousInterrupts { get; set; }
}
