using XenActors.Simulation;

namespace XenActors.Experiments.Faults;

/// <summary>What a fault does with one message, and in which words; words count only where the verdict is not to pass.</summary>
internal delegate Verdict FaultJudge(in Delivery delivery, ref RandomStream random, out string what);

/// <summary>A fault's rule: it remembers when it acted, and tells observers.</summary>
internal class ActingRule(Fault fault, string name, FaultJudge judge) : FaultRule(name)
{
    /// <summary>The first acts are kept in words, all are counted.</summary>
    public const int LogMax = 200;

    private readonly List<FaultAct> _log = [];

    public IReadOnlyList<FaultAct> Log => _log;

    protected override Verdict Judge(in Delivery delivery, ref RandomStream random)
    {
        var verdict = judge(in delivery, ref random, out var what);
        return verdict.Kind == VerdictKind.Pass ? verdict : Acted(in delivery, verdict, what);
    }

    protected Verdict Acted(in Delivery delivery, Verdict verdict, string what)
    {
        if (_log.Count < LogMax)
        {
            _log.Add(new(delivery.Time, what));
        }

        delivery.Note(new FaultActed(fault.Name, fault.Kind.Name, what));
        return verdict;
    }

    protected override void EncodeState(CodecBuffer buffer)
    {
        buffer.WriteUnsigned((ulong)_log.Count);
        foreach (var act in _log)
        {
            buffer.WriteSigned(act.Time.Nanoseconds);
            buffer.WriteText(act.What);
        }
    }

    protected override void DecodeState(ref CodecReader reader)
    {
        _log.Clear();
        for (var n = reader.Count(); n > 0; n--)
        {
            _log.Add(new(new VirtualTime(reader.Signed()), reader.TextNotNull()));
        }
    }
}
