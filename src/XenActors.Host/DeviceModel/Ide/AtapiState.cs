using XenActors.Simulation;

namespace XenActors.DeviceModel.Ide;

/// <summary>What a CD drive remembers between packets, and of the packet command under way.</summary>
[Codec]
public sealed partial class AtapiState
{
    public byte SenseKey { get; set; }

    public byte Asc { get; set; }

    /// <summary>1 after a change of the medium, 2 when its removal was reported and its arrival was not yet.</summary>
    public int Changed { get; set; }

    public bool TrayOpen { get; set; }

    public bool TrayLocked { get; set; }

    /// <summary>For GET EVENT STATUS NOTIFICATION.</summary>
    public bool NewMedia { get; set; }

    public bool EjectRequested { get; set; }

    /// <summary>The command's data goes by bus-master DMA.</summary>
    public bool Dma { get; set; }

    /// <summary>Bytes that the command brings in all, and has brought.</summary>
    public long Total { get; set; }

    public long Done { get; set; }

    /// <summary>Of a READ: the first block; -1 when the reply lies in the buffer.</summary>
    public long Lba { get; set; } = -1;

    /// <summary>2048, or 2352 with READ CD's raw sectors.</summary>
    public int BlockSize { get; set; }

    public void Reset()
    {
        (SenseKey, Asc, Changed) = (0, 0, 0);
        (TrayOpen, TrayLocked) = (false, false);
        (Dma, Total, Done, Lba, BlockSize) = (false, 0, 0, -1, 0);
    }
}
