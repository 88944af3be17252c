using XenActors.Simulation;

namespace XenActors.Tests.Simulation.Workload;

/// <summary>Draws from its own stream and counts: both must survive a snapshot.</summary>
public sealed class RandomFault(string name) : FaultRule(name)
{
    public long Asked { get; private set; }

    protected override Verdict Judge(in Delivery delivery, ref RandomStream random)
    {
        if (delivery.Type.Type == typeof(Start) || ++Asked % 2 == 0)
        {
            return Verdict.Pass;
        }

        return random.Next(10) switch
        {
            0 => Verdict.Drop,
            1 => Verdict.Delay(VirtualDuration.FromMicroseconds(random.Next(40))),
            2 => Verdict.Duplicate(VirtualDuration.FromMicroseconds(random.Next(40))),
            3 => Verdict.Deliver,
            _ => Verdict.Pass,
        };
    }

    protected override void EncodeState(CodecBuffer buffer) => buffer.WriteSigned(Asked);

    protected override void DecodeState(ref CodecReader reader) => Asked = reader.Signed();
}
