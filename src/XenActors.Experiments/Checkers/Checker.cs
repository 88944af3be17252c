using XenActors.Simulation;

namespace XenActors.Experiments.Checkers;

/// <summary>
/// An invariant, judged outside the model from what observers see and from states between slices of virtual time. It changes nothing.
/// </summary>
public abstract class Checker(string name)
{
    /// <summary>More than these of one checker say nothing new.</summary>
    private const int ViolationsMax = 16;

    private readonly List<Violation> _violations = [];

    /// <summary>As scenario files name it.</summary>
    public string Name { get; } = name;

    /// <summary>In the order in which they were found.</summary>
    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>How many things it has looked at.</summary>
    public long Seen { get; protected set; }

    /// <summary>The branches of its judgement and how often each was taken.</summary>
    public SortedDictionary<string, long> Branches { get; } = new(StringComparer.Ordinal);

    /// <summary>All branches that runs can take in which it has nothing to object to: what coverage is measured by. Empty: it has none.</summary>
    public virtual IReadOnlyList<string> AllBranches => [];

    /// <summary>Subscribes to what it wants to see, before virtual time begins.</summary>
    public abstract void Attach(CheckedRun run);

    /// <summary>Between slices of virtual time.</summary>
    public virtual void AtSlice(CheckedRun run)
    {
    }

    /// <summary>After the last event.</summary>
    public virtual void AtEnd(CheckedRun run)
    {
    }

    protected void Fail(VirtualTime at, string text)
    {
        if (_violations.Count < ViolationsMax)
        {
            _violations.Add(new(Name, at, text));
        }
    }

    protected void Reach(string branch) => Branches[branch] = Branches.GetValueOrDefault(branch) + 1;
}
