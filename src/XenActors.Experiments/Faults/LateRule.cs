using XenActors.Simulation;

namespace XenActors.Experiments.Faults;

/// <summary>
/// A rule that makes messages late and keeps their order, to the end: what comes after it was healed waits for what was late before.
/// </summary>
/// <param name="delay">For a message that the judge does not let pass.</param>
/// <param name="oneByOne">Each message occupies the receiver for that long, and the next one waits: a slow server rather than a long way.</param>
internal sealed class LateRule(Fault fault, string name, FaultJudge judge, VirtualDuration delay, bool oneByOne) : ActingRule(fault, name, judge)
{
    private long _last;
    private bool _ended;

    /// <summary>No more messages are made late than order asks for.</summary>
    public void End() => _ended = true;

    protected override Verdict Judge(in Delivery delivery, ref RandomStream random)
    {
        var now = delivery.Time.Nanoseconds;
        var verdict = _ended && _last <= now ? Verdict.Pass : base.Judge(in delivery, ref random);
        if (verdict.Kind == VerdictKind.Pass)
        {
            return verdict;
        }

        var begin = oneByOne ? Math.Max(now, _last) : now;
        _last = Math.Max(_last, _ended ? now : begin + delay.Nanoseconds);
        return Verdict.Delay(new(_last - now));
    }

    protected override void EncodeState(CodecBuffer buffer)
    {
        base.EncodeState(buffer);
        buffer.WriteSigned(_last);
        buffer.WriteUnsigned(_ended ? 1u : 0u);
    }

    protected override void DecodeState(ref CodecReader reader)
    {
        base.DecodeState(ref reader);
        _last = reader.Signed();
        _ended = reader.Flag();
    }
}
