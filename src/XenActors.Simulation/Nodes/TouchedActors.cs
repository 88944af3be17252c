namespace XenActors.Simulation;

/// <summary>What a partition's processes and actors have had to do since the other nodes were last told of them: nothing else can have changed.</summary>
internal sealed class TouchedActors(int processes)
{
    private readonly bool[] _processes = new bool[processes];
    private readonly bool[]?[] _marks = new bool[]?[processes];
    private readonly List<int>?[] _actors = new List<int>?[processes];

    public bool Any(int process) => _processes[process];

    /// <summary>The places that were marked, ascending.</summary>
    public IReadOnlyList<int> Of(int process)
    {
        _actors[process]?.Sort();
        return _actors[process] ?? [];
    }

    public void Mark(int process) => _processes[process] = true;

    public void Mark(int process, int local)
    {
        if (_marks[process] is not { } marks || local >= marks.Length || !marks[local])
        {
            Add(process, local);
        }
    }

    public void Clear()
    {
        for (var process = 0; process < _processes.Length; process++)
        {
            if (_processes[process])
            {
                _processes[process] = false;
                _actors[process]?.ForEach(local => _marks[process]![local] = false);
                _actors[process]?.Clear();
            }
        }
    }

    private void Add(int process, int local)
    {
        ref var marks = ref _marks[process];
        if (marks is null || local >= marks.Length)
        {
            Array.Resize(ref marks, Math.Max(local + 1, 2 * (marks?.Length ?? 8)));
        }

        marks[local] = true;
        _processes[process] = true;
        (_actors[process] ??= []).Add(local);
    }
}
