using XenActors.Machine;
using XenActors.Simulation;

namespace XenActors.Guest;

/// <summary>A guest kernel as a set of features and message formats; <c>hocon/kernels/*.conf</c> describes each setting.</summary>
[Codec]
public sealed partial record KernelProfile
{
    /// <summary>As the command line's <c>--kernel</c> names it.</summary>
    public required string Name { get; init; }

    /// <summary>Release, as <c>uname -r</c>.</summary>
    public required string Release { get; init; }

    /// <summary>What is built in or true, by name: <c>xen-netfront-builtin</c>, <c>vector-callback</c>, ...</summary>
    public required SortedSet<string> Features { get; init; }

    /// <summary>Numbers, by name: <c>blkfront-max-queues</c>, ...</summary>
    public required SortedDictionary<string, long> Numbers { get; init; }

    /// <summary>Message formats with <c>{placeholders}</c>, by name; a message without a format is not printed.</summary>
    public required SortedDictionary<string, string> Messages { get; init; }

    /// <summary>Modules that the initramfs loads, in order.</summary>
    public required List<string> Modules { get; init; }

    /// <summary>Modules that the root file system's init loads, after it has been mounted.</summary>
    public List<string> RootModules { get; init; } = [];

    /// <summary>Of its drivers and of its boot.</summary>
    public Defects Defects { get; init; }

    public bool Has(string feature) => Features.Contains(feature);

    public long Number(string name, long otherwise) => Numbers.GetValueOrDefault(name, otherwise);

    /// <summary>The text of a message, or null when this kernel does not print it.</summary>
    public string? Format(string message, params ReadOnlySpan<(string Name, string Value)> values)
    {
        if (!Messages.TryGetValue(message, out var text))
        {
            return null;
        }

        foreach (var (name, value) in values)
        {
            text = text.Replace("{" + name + "}", value, StringComparison.Ordinal);
        }

        return text;
    }
}
