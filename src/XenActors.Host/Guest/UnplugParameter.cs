namespace XenActors.Guest;

/// <summary>
/// <c>xen_emul_unplug=</c>, as <c>arch/x86/xen/platform-pci-unplug.c</c> reads it. It compares only as many letters as the user
/// wrote, so any beginning of a word, even none, stands for the first word that begins so.
/// </summary>
public static class UnplugParameter
{
    private static readonly (string Word, uint Bits)[] Words =
    [
        ("all", UnplugState.All),
        ("ide-disks", UnplugState.IdeDisks),
        ("aux-ide-disks", UnplugState.AuxIdeDisks),
        ("nics", UnplugState.Nics),
        ("unnecessary", UnplugState.Unnecessary),
        ("never", UnplugState.Never),
    ];

    // Jeremy Fitzhardinge's 2.6.32 has one word for what became two.
    private static readonly (string Word, uint Bits)[] OldWords =
    [
        ("all", UnplugState.All),
        ("ide-disks", UnplugState.IdeDisks),
        ("aux-ide-disks", UnplugState.AuxIdeDisks),
        ("nics", UnplugState.Nics),
        ("ignore", UnplugState.Unnecessary),
    ];

    /// <summary>The bits that all mentions give together, and the rest of the text from each word that is none.</summary>
    public static (uint Bits, List<string> Unrecognised) Read(string commandLine, string parameter, bool oldWords)
    {
        var (bits, unrecognised) = (0u, new List<string>());
        foreach (var value in CommandLine.Values(commandLine, parameter))
        {
            for (var rest = value; rest is not null;)
            {
                var comma = rest.IndexOf(',', StringComparison.Ordinal);
                var word = comma < 0 ? rest : rest[..comma];
                if (Find(oldWords ? OldWords : Words, word) is { } found)
                {
                    bits |= found;
                }
                else
                {
                    unrecognised.Add(rest);
                }

                rest = comma < 0 ? null : rest[(comma + 1)..];
            }
        }

        return (bits, unrecognised);
    }

    private static uint? Find((string Word, uint Bits)[] words, string start)
    {
        foreach (var (word, bits) in words)
        {
            if (word.StartsWith(start, StringComparison.Ordinal))
            {
                return bits;
            }
        }

        return null;
    }
}
