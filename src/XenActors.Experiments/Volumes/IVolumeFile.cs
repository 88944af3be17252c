namespace XenActors.Experiments.Volumes;

/// <summary>What a volume's bytes lie in. Whoever calls keeps within the sectors; false is a medium error, as the guest will see it.</summary>
internal interface IVolumeFile : IDisposable
{
    ulong Sectors { get; }

    /// <summary>It may only be read, whatever was asked for.</summary>
    bool ReadOnly { get; }

    bool Read(ulong offset, Span<byte> data);

    bool Write(ulong offset, ReadOnlySpan<byte> data);

    bool Flush();

    /// <summary>The bytes read as zeroes from now on, and take no room where that can be.</summary>
    bool Discard(ulong offset, ulong length);
}
