using XenActors.Simulation;

namespace XenActors.Experiments.Faults;

/// <summary>An installed fault: its rules, its agents, and what it does when it ends.</summary>
internal sealed class FaultWork(Fault fault, FaultSite site)
{
    private readonly List<ActingRule> _rules = [];
    private readonly List<ActorRef> _agents = [];
    private readonly List<Action> _ends = [];
    private readonly List<Func<long>> _counts = [];
    private readonly List<FaultAct> _log = [];
    private readonly List<FaultAct> _remarks = [];

    public FaultSite Site => site;

    public Simulator Simulator => site.Simulator;

    public FaultSettings Settings => fault.Settings;

    public List<string> Degrades { get; } = [];

    public long Acts => _log.Count + _rules.Sum(r => r.Verdicts) + _counts.Sum(c => c()) + _agents.Sum(a => Simulator.StateOf<AgentState>(a)?.Sent ?? 0);

    public ushort Domain(string parameter = "domain") => site.Domain(Settings.Text(parameter), Settings.PlaceOf(parameter));

    /// <summary>A domain that is not dom0.</summary>
    public ushort Guest(string parameter = "domain") => Domain(parameter) is not 0 and var guest
        ? guest
        : throw new UserErrorException($"{Settings.PlaceOf(parameter)}: {fault.Kind.Name} is for guests: dom0 is the host's own");

    public DevicePlace Device(string parameter = "device") => site.Device(Settings.Text(parameter), Settings.PlaceOf(parameter));

    /// <summary>This may rightly end by the fault.</summary>
    public void Degrade(string scope) => Degrades.Add(scope);

    public List<FaultAct> Log() => 
    [
        .. _log.Concat(_remarks).Concat(_rules.SelectMany(r => r.Log))
            .Concat(_agents.SelectMany(a => Simulator.StateOf<AgentState>(a)?.Log ?? [])).OrderBy(a => a.Time),
    ];

    /// <summary>A rule on all actors of a process whose paths fit.</summary>
    public void On(string pattern, FaultJudge judge) => Simulator.InstallOnPath(site.Prefix + pattern, Add(new ActingRule(fault, NameOf(), judge)
    {
        Probability = Has("probability") ? Settings.Number("probability") : 1,
        VerdictsMax = Has("count") ? Settings.Count("count") : long.MaxValue,
    }));

    /// <summary>The host's actors whose paths fit.</summary>
    public IReadOnlyList<ActorRef> Find(string pattern) => Simulator.FindAll(site.Prefix + pattern);

    /// <summary>A rule on one direction between two processes.</summary>
    public void OnLink(int from, int to, FaultJudge judge) => Simulator.InstallOnLink(from, to, Add(new ActingRule(fault, NameOf(), judge)
    {
        Probability = Has("probability") ? Settings.Number("probability") : 1,
    }));

    /// <summary>What fits is late, and in its order still.</summary>
    public void Late(string pattern, VirtualDuration delay, FaultJudge judge, bool oneByOne = false)
    {
        var rule = new LateRule(fault, NameOf(), judge, delay, oneByOne);
        _rules.Add(rule);
        _ends.Add(rule.End);
        Simulator.InstallOnPath(site.Prefix + pattern, rule);
    }

    /// <summary>What was late or lost stays so: the rule goes on after the fault's end.</summary>
    public void OnForEver(string pattern, FaultJudge judge)
    {
        var rule = new ActingRule(fault, NameOf(), judge);
        _rules.Add(rule);
        Simulator.InstallOnPath(site.Prefix + pattern, rule);
    }

    /// <summary>An actor in a process that does something again and again until the fault ends.</summary>
    public void Agent<TActor>(int process, AgentState state)
        where TActor : Actor<AgentState>, new()
    {
        state.Fault = fault.Name;
        state.Kind = fault.Kind.Name;
        var agent = Simulator.Spawn<TActor, AgentState>(process, $"fault-{fault.Name}-{_agents.Count + 1}", state);
        _agents.Add(agent);
        _ends.Add(() => Simulator.Tell(agent, new AgentEnds()));
    }

    /// <summary>A message from outside, now, which is an act by itself.</summary>
    public void Tell<T>(ActorRef to, in T message, string what)
        where T : ICodec<T>
    {
        Simulator.Tell(to, in message);
        Say(what);
    }

    /// <summary>A message from outside after a while, whether the fault is healed by then or not.</summary>
    public void Later<T>(VirtualDuration after, ActorRef to, in T message, string what)
        where T : ICodec<T>
    {
        Simulator.TellAt(Simulator.Now + after, to, in message);
        _log.Add(new(Simulator.Now + after, what));
    }

    /// <summary>An order to an injection point: the acts are counted there.</summary>
    public void Order<T>(ActorRef to, in T begin, in T end, Func<long> count)
        where T : ICodec<T>
    {
        Remark($"{begin}");
        var last = end;
        var before = count();
        Simulator.Tell(to, in begin);
        _counts.Add(() => count() - before);
        _ends.Add(() => Simulator.Tell(to, in last));
    }

    public void AtEnd(Action end) => _ends.Add(end);

    /// <summary>A line of the log that is no act.</summary>
    public void Remark(string what) => _remarks.Add(new(Simulator.Now, what));

    public void Say(string what) => _log.Add(new(Simulator.Now, what));

    public void End()
    {
        foreach (var end in _ends.ToArray())
        {
            end();
        }
    }

    private bool Has(string parameter) => fault.Kind.Find(parameter) is not null;

    private string NameOf() => $"{fault.Name}#{_rules.Count}";

    private ActingRule Add(ActingRule rule)
    {
        _rules.Add(rule);
        _ends.Add(() => Simulator.Heal(rule));
        return rule;
    }
}
