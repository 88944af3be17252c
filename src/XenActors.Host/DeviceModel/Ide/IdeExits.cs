using XenActors.Simulation;

namespace XenActors.DeviceModel.Ide;

/// <summary>How often the guest's vCPUs left for a channel's registers, by the command that they did it for.</summary>
/// <remarks>
/// A command has the accesses since the one before it was over: its own task file, the command, and what is asked and cleared afterwards.
/// The next command begins with the first write to the task file or the table's address, or with interrupts switched off, once a command is done.
/// </remarks>
[Codec]
public sealed partial class IdeExits
{
    /// <summary>Stands for SRST among the command codes.</summary>
    public const int SoftwareReset = 0x100;

    /// <summary>All accesses to the channel's ports; a string instruction is one.</summary>
    public long Total { get; private set; }

    /// <summary>By command code; a packet's is 0xa000 and its operation code, <see cref="SoftwareReset"/> a reset's.</summary>
    public SortedDictionary<int, IdeExitCount> ByCommand { get; private set; } = [];

    /// <summary>Accesses since the last command was over.</summary>
    public long Open { get; private set; }

    private int? Command { get; set; }

    /// <param name="opens">The access may begin a new command.</param>
    /// <param name="busy">A command is under way.</param>
    public void Access(bool opens, bool busy)
    {
        Total++;
        if (opens && !busy && Command is not null)
        {
            Close();
        }

        Open++;
    }

    public void Issue(int command) => Command = command;

    /// <summary>The counts, with the command that nothing has followed yet.</summary>
    public SortedDictionary<int, IdeExitCount> Report()
    {
        var report = new SortedDictionary<int, IdeExitCount>(ByCommand);
        if (Command is { } command)
        {
            Add(report, command, Open);
        }

        return report;
    }

    private static void Add(SortedDictionary<int, IdeExitCount> counts, int command, long exits)
    {
        counts.TryGetValue(command, out var count);
        counts[command] = new(count.Commands + 1, count.Exits + exits);
    }

    private void Close()
    {
        Add(ByCommand, Command!.Value, Open);
        (Command, Open) = (null, 0);
    }
}

/// <summary>So many commands took so many exits in all.</summary>
[Codec]
public readonly partial record struct IdeExitCount(long Commands, long Exits);
